"""`ansinh serve`: the gateway and the screens, each under its own server, and a worker, until told to stop."""

from __future__ import annotations

import signal
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from typing import Annotated
from urllib.parse import urlsplit

import typer
from django.db import DatabaseError, connections

from ansinh import desk, portal, screens, workbench
from ansinh.audit.operations import ensure_months
from ansinh.cli.acting import actor
from ansinh.cli.audit import sign_grown_chains
from ansinh.cli.eid_phone import phone_command
from ansinh.cli.nation import register_store
from ansinh.cli.processes import beside, running
from ansinh.cli.screen import err, out
from ansinh.config.queries import agency_clock, nation_day
from ansinh.database.folder import data_folder
from ansinh.database.urls import database_urls, secrets_folder
from ansinh.foundation.settings import settings

# How much of the newest audit may be unsigned.
SIGN_SECONDS = 60
# Requests of people answered at once; a clerk's waits for the gateway meanwhile.
SCREEN_THREADS = 8


def serve(
    partners: Annotated[bool, typer.Option(help="Also run the sandbox partners of an invented nation.")] = True,
) -> None:
    """Run the screens (port 8000), the gateway (port 8001) and the workers until Ctrl-C. Example: ansinh serve --no-partners"""
    ensure_months(actor=actor(), reason="khởi động dịch vụ", clock=agency_clock())
    over = told_to_stop()
    with ExitStack() as programs:
        if partners and nation_day() is not None:
            start_partners(programs)
        start_gateway(programs)
        start_screens(programs)
        for command in ("work", "healthbook work"):
            log = data_folder(settings()) / "log" / f"{command.replace(' ', '-')}.log"
            programs.enter_context(beside(command, log))
        here = settings()
        out.print(f"Trang · Screens  http://{here.screens_host}:{here.screens_port}")
        out.print(f"Cổng  · Gateway  http://{here.gateway_host}:{here.gateway_port}/v1/standing")
        if partners and nation_day() is not None:
            out.print(f"Ứng dụng · App   {here.eid_phone_url}")
        err.print("Ctrl-C để dừng · Ctrl-C to stop")
        wait_for_the_end(over)


def start_gateway(programs: ExitStack) -> int:
    """Start the gateway, living on the agency's day; returns its pid."""
    here, day = settings(), nation_day()
    return programs.enter_context(
        running(
            "The gateway",
            ["-m", "ansinh.gateway"],
            f"http://{here.gateway_host}:{here.gateway_port}/readyz",
            data_folder(here) / "log" / "gateway.log",
            {
                "ANSINH_DATABASE_GATEWAY_URL": database_urls(here).gateway,
                "ANSINH_SECRETS": str(secrets_folder(here)),
                "ANSINH_NATION_DAY": day.isoformat() if day else "",
            },
        )
    )


def start_screens(programs: ExitStack) -> int:
    """Start the people's screens under Granian; returns its pid."""
    here = settings()
    address = ["--host", here.screens_host, "--port", str(here.screens_port)]
    return programs.enter_context(
        running(
            "The screens",
            [
                *("-m", "granian", "--interface", "wsgi", "--no-ws", "--blocking-threads", str(SCREEN_THREADS)),
                *(*address, *static_files(), "ansinh.config.wsgi:application"),
            ],
            f"http://{here.screens_host}:{here.screens_port}/livez",
            data_folder(here) / "log" / "screens.log",
        )
    )


def static_files() -> list[str]:
    """Return the server's options for the files that pages need, from each face's own folder and the shared one."""
    below = {"screens": screens, "portal": portal, "desk": desk, "workbench": workbench}
    mounts = [(f"/static/{name}", Path(room.__path__[0]) / "static" / name) for name, room in below.items()]
    return [
        option
        for route, folder in mounts
        for option in ("--static-path-route", route, "--static-path-mount", str(folder))
    ]


def start_partners(programs: ExitStack) -> None:
    """Start the sandbox partners on the addresses the settings name."""
    log = data_folder(settings()) / "log"
    for name, command, url in sandbox_partners():
        port = str(urlsplit(url).port)
        file = f"{name.lower().removeprefix('the ').replace(' ', '-')}.log"
        programs.enter_context(running(name, [*command, "--port", port], f"{url}/livez", log / file))


def sandbox_partners() -> list[tuple[str, list[str], str]]:
    """Return each partner's name, how it is started, and where it is reached; what one needs before it starts is made."""
    here = settings()
    secrets = secrets_folder(here)
    register = ["-m", "ansinh_sandbox.register", "--store", str(register_store()), "--secrets", str(secrets)]
    messages = ["-m", "ansinh_sandbox.messages", "--store", str(data_folder(here) / "sandbox" / "messages.sqlite")]
    partners = [
        ("The population register", register, here.register_url),
        ("The message provider", messages, here.messages_url),
    ]
    if here.banks_url:
        store = data_folder(here) / "sandbox" / "banks"
        banks = ["-m", "ansinh_sandbox.banks", "--store", str(store), "--secrets", str(secrets)]
        partners.append(("The banks", banks, here.banks_url))
    offices = {
        "civil-status": ("Civil status", here.civil_status_url),
        "police": ("The residence police", here.police_url),
        "social-assistance": ("Social assistance", here.social_assistance_url),
    }
    for office, (name, url) in offices.items():
        store = data_folder(here) / "sandbox" / "offices"
        command = ["-m", "ansinh_sandbox.offices", office, "--store", str(store), "--secrets", str(secrets)]
        register_too = ["--register", str(register_store())] if office == "civil-status" else []
        partners.append((name, [*command, *register_too], url))
    # The e-ID is the police ministry's, as the register is: one house keeps both.
    eid = ["-m", "ansinh_sandbox.eid", "--store", str(data_folder(here) / "sandbox" / "eid"), "--secrets", str(secrets)]
    eid += ["--register", str(register_store()), "--agency", here.public_url]
    partners.append(("The national e-ID", eid, here.eid_url))
    partners.append(("The app on a telephone", phone_command(), here.eid_phone_url))
    return partners


def told_to_stop() -> Event:
    """Return an event that Ctrl-C or a supervisor's SIGTERM sets from now on, so that whoever waits for it ends what it started."""
    over = Event()
    for told in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told, lambda *_: over.set())
    return over


def wait_for_the_end(over: Event) -> None:
    """Return when told to stop; meanwhile sign the heads of the audit's chains."""
    while not over.wait(SIGN_SECONDS):
        try:
            sign_grown_chains("ký định kỳ đầu chuỗi nhật ký")
        except DatabaseError:
            connections.close_all()  # the database is away for the moment; the next minute opens a new connection

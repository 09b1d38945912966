"""`ansinh db`: the database, ours or one named by DATABASE_URL.

Exit codes: 0 done, 2 refused (the sentence says why), 3 `status` of a server that is not up.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from ansinh.cli.screen import out, print_json
from ansinh.config.row_security import lay_on
from ansinh.database.backup import BackupNote, back_up, restore, verify
from ansinh.database.binaries import binaries
from ansinh.database.dump import dump, restore_dump
from ansinh.database.elsewhere import look_elsewhere, owner_url, prepare_elsewhere
from ansinh.database.folder import data_folder
from ansinh.database.orphans import clear_orphans
from ansinh.database.programs import client_environment, client_program
from ansinh.database.progress import say_on_stderr
from ansinh.database.refusals import DatabaseRefusal
from ansinh.database.server import EmbeddedServer, Outcome
from ansinh.database.urls import database_urls, role_passwords
from ansinh.foundation.clock import RealClock
from ansinh.foundation.settings import Settings, settings

EXIT_REFUSED = 2
EXIT_NOT_UP = 3

app = typer.Typer(no_args_is_help=True, help="The database: start, stop, migrate, back up, restore.")

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]


class Role(StrEnum):
    """As whom to come to the database."""

    OWNER = "owner"
    APP = "app"
    GATEWAY = "gateway"


_OUTCOMES = {
    "started": "Cơ sở dữ liệu đã chạy · The database is up.",
    "already_up": "Cơ sở dữ liệu vốn đang chạy · The database was already up.",
    "stopped": "Cơ sở dữ liệu đã dừng · The database is stopped.",
    "already_down": "Cơ sở dữ liệu vốn đã dừng · The database was already stopped.",
    "managed_elsewhere": "Máy chủ do nơi khác quản lý (DATABASE_URL) · The server is managed elsewhere (DATABASE_URL).",
}


@app.command()
def up(as_json: AsJson = False) -> None:
    """Start the database and wait until it answers, however long crash recovery takes. Example: ansinh db up"""
    with refusals_told(as_json=as_json):
        began = time.monotonic()
        outcome = ensure_up(settings())
        _tell(outcome, as_json=as_json, seconds=round(time.monotonic() - began, 2))


@app.command()
def down(as_json: AsJson = False) -> None:
    """Stop the database; everything committed is kept. Example: ansinh db down"""
    with refusals_told(as_json=as_json):
        outcome = "managed_elsewhere" if settings().database_url else str(_server(settings()).down())
        _tell(outcome, as_json=as_json)


@app.command()
def status(as_json: AsJson = False) -> None:
    """Say whether the database is up; exit code 3 if it is not. Example: ansinh db status --json"""
    with refusals_told(as_json=as_json):
        found = asdict(look_elsewhere(settings()) if settings().database_url else _server(settings()).status())
    if as_json:
        print_json(found)
    else:
        for name, value in found.items():
            out.print(f"{name:14} {'–' if value is None else value}", soft_wrap=True)
    if found["state"] != "up":
        raise typer.Exit(EXIT_NOT_UP)


@app.command()
def url(role: Annotated[Role, typer.Option(help="As whom.")] = Role.APP, as_json: AsJson = False) -> None:
    """Print the address for libpq, psycopg or asyncpg. Example: psql "$(ansinh db url --role owner)" """
    with refusals_told(as_json=as_json):
        urls = database_urls(settings())
    addresses = {Role.OWNER: urls.owner, Role.APP: urls.app, Role.GATEWAY: urls.gateway}
    if as_json:
        print_json({"role": role, "url": addresses[role]})
    else:
        sys.stdout.write(addresses[role] + "\n")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def psql(context: typer.Context, role: Annotated[Role, typer.Option(help="As whom.")] = Role.APP) -> None:
    """Open psql on the database, with its own arguments after ours. Example: ansinh db psql --role owner -c '\\dt'"""
    with refusals_told(as_json=False):
        ensure_up(settings())
        urls = database_urls(settings())
        address = {Role.OWNER: urls.owner, Role.APP: urls.app, Role.GATEWAY: urls.gateway}[role]
        programs = binaries()
        program = client_program("psql", programs.major) if settings().database_url else programs.path("psql")
    sys.stdout.flush()
    os.execve(program, [program, address, *context.args], client_environment() | {"LC_ALL": "C.UTF-8"})  # noqa: S606


@app.command()
def migrate(as_json: AsJson = False) -> None:
    """Bring the tables up to date, as the owning role; safe to run twice. Example: ansinh db migrate"""
    with refusals_told(as_json=as_json):
        ensure_up(settings())
        applied = run_migrations()
    if as_json:
        print_json({"applied": applied})
    elif applied:
        out.print(f"Đã áp dụng {len(applied)} bước · {len(applied)} migrations applied: {', '.join(applied)}")
    else:
        out.print("Không có gì cần thay đổi · The tables were already up to date.")


@app.command()
def backup(
    place: Annotated[Path, typer.Argument(metavar="DIR", help="A new, an empty, or a former backup's folder.")],
    as_json: AsJson = False,
) -> None:
    """Copy the whole database while it runs, and verify the copy. Example: ansinh db backup /srv/backup/monday"""
    place = place.absolute()
    with refusals_told(as_json=as_json):
        note = back_up_what_is_there(settings(), place)
    if as_json:
        print_json({"folder": str(place), **asdict(note)})
    else:
        out.print(f"Đã sao lưu và kiểm tra · Backed up and verified: {place} ({note.size_bytes >> 20} MiB)")


@app.command("restore")
def restore_command(
    place: Annotated[Path, typer.Argument(metavar="DIR", help="A folder made by `ansinh db backup`.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only verify the backup; change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Put a backup in place of the database; what is there now goes once the backup runs. Example: ansinh db restore DIR"""
    place = place.absolute()
    with refusals_told(as_json=as_json):
        if dry_run:
            note = verify(place, say_on_stderr)
        elif settings().database_url:
            note = restore_dump(owner_url(settings()), place, role_passwords(settings()), say_on_stderr)
        else:
            note = restore(_server(settings()), place, say_on_stderr)
    if as_json:
        print_json({"folder": str(place), "restored": not dry_run, **asdict(note)})
    elif dry_run:
        out.print(f"Bản sao lưu nguyên vẹn · The backup is whole: {place}, {note.made_at}")
    else:
        out.print(f"Đã khôi phục · Restored: {place}, {note.made_at}")


def ensure_up(chosen: Settings) -> str:
    """Make the database of these settings ready to use; returns what was found or done. Raises DatabaseRefusal."""
    if chosen.database_url:
        prepare_elsewhere(chosen)
        return "managed_elsewhere"
    outcome: Outcome = _server(chosen).up()
    clear_orphans(say_on_stderr)
    return str(outcome)


def back_up_what_is_there(chosen: Settings, place: Path) -> BackupNote:
    """Copy our own server's pages, or dump a server that is managed elsewhere. Raises DatabaseRefusal."""
    now = RealClock().now()
    if chosen.database_url:
        return dump(owner_url(chosen), place, now, say_on_stderr)
    return back_up(_server(chosen), place, now, say_on_stderr)


def run_migrations() -> list[str]:
    """Run all migrations as the owning role and return their names; the database must be up."""
    executor = MigrationExecutor(connections["owner"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        lay_on("owner")
    connections["owner"].close()
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


@contextmanager
def refusals_told(*, as_json: bool) -> Iterator[None]:
    """Tell machines of a refusal by its code; people get the sentences from the command line's own handler."""
    try:
        yield
    except DatabaseRefusal as refusal:
        if not as_json:
            raise
        print_json({"refused": refusal.code, "en": refusal.en, "vi": refusal.vi})
        raise typer.Exit(EXIT_REFUSED) from refusal


def _server(chosen: Settings) -> EmbeddedServer:
    return EmbeddedServer(data_folder(chosen))


def _tell(outcome: str, *, as_json: bool, **more: Any) -> None:
    if as_json:
        print_json({"outcome": outcome, **more})
    else:
        out.print(_OUTCOMES[outcome])

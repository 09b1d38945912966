"""`ansinh eid`: telling the citizens' app of changes: where, what waits, what was given up."""

from __future__ import annotations

from typing import Annotated

import typer

from ansinh.access.keys import signing_keys
from ansinh.access.queries import operator
from ansinh.cli.acting import actor
from ansinh.cli.screen import counted, out, print_json, titled_table
from ansinh.database.urls import secrets_folder
from ansinh.eid import operations, queries
from ansinh.eid.procedures import PUSH_KEYS, deliver_changes
from ansinh.foundation.clock import RealClock
from ansinh.foundation.settings import settings

app = typer.Typer(no_args_is_help=True, help="Tell the citizens' app of changes.")

Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the audit.")]


@app.command()
def receiver(
    client: Annotated[int, typer.Argument(help="Number of the app's client.", min=1)],
    url: Annotated[str, typer.Argument(help="Where it wants to be told: https, without parameters.")],
    reason: Reason = "nơi nhận tin của ứng dụng",
) -> None:
    """Say where an app wants to be told of changes. Example: ansinh --as hanoi.lan eid receiver 12 https://app.example/changes"""
    operations.set_receiver(actor=actor(), reason=reason, clock=RealClock(), client_no=client, url=url)
    out.print("Đã ghi nơi nhận tin. · Recorded.")


@app.command()
def push(reason: Reason = "báo thay đổi cho ứng dụng", as_json: Json = False) -> None:
    """Tell every change whose time has come; a worker does so by itself. Example: ansinh eid push"""
    key = signing_keys(secrets_folder(settings()), PUSH_KEYS).signing
    done = deliver_changes(actor=operator(), reason=reason, clock=RealClock(), key=key)
    if as_json:
        print_json(done)
    else:
        out.print(
            f"Đã báo {counted(done['heard'])}, trục trặc {counted(done['trouble'])}. · Told {done['heard']}, trouble {done['trouble']}."
        )


@app.command()
def waiting(as_json: Json = False) -> None:
    """Show what waits to be told, and what was given up with its trouble. Example: ansinh eid waiting"""
    told, given_up = queries.waiting(), queries.dead()
    if as_json:
        print_json(
            {
                "waiting": told.waiting,
                "dead": told.dead,
                "oldest": told.oldest,
                "given_up": [one.change_no for one in given_up],
            }
        )
        return
    out.print(
        f"Chờ báo: {counted(told.waiting)}; đã thôi: {counted(told.dead)}. · Waiting {told.waiting}, given up {told.dead}."
    )
    if given_up:
        table = titled_table("Đã thôi · Given up", "số", "ứng dụng", "thay đổi", "từ", "trục trặc")
        for one in given_up:
            table.add_row(
                str(one.change_no), str(one.client_no), one.what, f"{one.noted_at:%d/%m/%Y %H:%M}", one.trouble or ""
            )
        out.print(table)


@app.command()
def revive(reason: Reason = "ứng dụng đã sửa xong", as_json: Json = False) -> None:
    """Let everything that was given up be told again. Example: ansinh eid revive"""
    done = operations.revive_dead(actor=operator(), reason=reason, clock=RealClock())
    if as_json:
        print_json({"revived": done})
    else:
        out.print(f"Sẽ báo lại {counted(done)}. · {done} will be told again.")

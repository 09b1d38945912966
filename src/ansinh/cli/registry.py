"""`ansinh registry`: keep the mirror of the population register, and settle with it what differs."""

from __future__ import annotations

from typing import Annotated

import typer

from ansinh.cli.acting import actor
from ansinh.cli.screen import counted, out, print_json, progress_bar
from ansinh.config.partners import register_exchange
from ansinh.config.queries import agency_clock
from ansinh.foundation.settings import settings
from ansinh.registry import procedures, queries

app = typer.Typer(no_args_is_help=True, help="Keep the mirror of the population register, and settle what differs.")

Reason = Annotated[str, typer.Option(help="Why; kept in the audit.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]
_ROUTINE = "đồng bộ định kỳ với CSDL quốc gia về dân cư"


@app.command()
def snapshot(
    anew: Annotated[bool, typer.Option("--anew", help="Ask for a new copy even if one is unfinished.")] = False,
    reason: Reason = _ROUTINE,
    as_json: Json = False,
) -> None:
    """Take in the whole register; cut off at any moment, it goes on where it ended. Example: ansinh registry snapshot"""
    changed = snapshot_all(reason, anew=anew)
    if as_json:
        print_json({"changed": changed, "people": queries.count_people()})
    else:
        out.print(f"Đã ghi nhận {counted(changed)} người · {counted(changed)} records new or changed")


def snapshot_all(reason: str, *, anew: bool = False) -> int:
    """Take in the whole register, with a bar; returns how many records are new or changed."""
    with register_exchange(settings()) as source, progress_bar("Sao CSDL dân cư", None) as advance:
        return procedures.take_snapshot(
            actor=actor(), reason=reason, clock=agency_clock(), source=source, anew=anew, progress=advance
        )

"""`ansinh people`: authenticate insured records against the population register."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from ansinh.cli.acting import actor
from ansinh.cli.screen import counted, out, print_json, progress_bar
from ansinh.config.partners import population_register
from ansinh.config.queries import agency_clock
from ansinh.foundation.settings import settings
from ansinh.people import queries
from ansinh.people.procedures import verify_by_number
from ansinh.people.states import VERDICTS

app = typer.Typer(no_args_is_help=True, help="Authenticate insured records against the population register.")


@app.command()
def verify(
    everyone: Annotated[
        bool, typer.Option("--all", help="Ask again about everyone, not only records without a verdict.")
    ] = False,
    reason: Annotated[
        str, typer.Option(help="Why; kept in the audit.")
    ] = "đối chiếu định kỳ với CSDL quốc gia về dân cư",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for machines.")] = False,
) -> None:
    """Ask the register about insured records and record a verdict for each, by exact rules.

    Cut off at any moment, it goes on where it ended. Example: ansinh people verify
    """
    show_verdicts(as_json=as_json, new=verify_all(reason, everyone=everyone))


@app.command()
def verdicts(as_json: Annotated[bool, typer.Option("--json", help="One JSON object for machines.")] = False) -> None:
    """Show how many records have which verdict, by which rule, with the number of one of them. Example: ansinh people verdicts"""
    show_verdicts(as_json=as_json, new=None)


def verify_all(reason: str, *, everyone: bool = False) -> int:
    """Verify those without a verdict, or everyone, with a bar; returns how many verdicts are new."""
    waiting = queries.count_persons() if everyone else queries.count_unverified()
    with population_register(settings()) as register, progress_bar("Đối chiếu với CSDL dân cư", waiting) as advance:
        return verify_by_number(
            actor=actor(), reason=reason, clock=agency_clock(), register=register, everyone=everyone, progress=advance
        )


def show_verdicts(*, as_json: bool, new: int | None) -> None:
    """Print the verdict table as known now."""
    counts = queries.verdict_counts(agency_clock().now())
    total = sum(persons for _, _, persons in counts)
    if as_json:
        found = [{"verdict": verdict, "rule": rule, "persons": persons} for verdict, rule, persons in counts]
        print_json({"new": new, "persons": total, "verdicts": found})
        return
    table = Table(title="Kết quả đối chiếu · Verdicts", title_justify="left")
    for column in ("Kết quả", "Verdict", "Quy tắc · Rule"):
        table.add_column(column)
    for column in ("Số hồ sơ · Records", "%", "Ví dụ · Example"):
        table.add_column(column, justify="right")
    for verdict, rule, persons in counts:
        example = queries.example_of(verdict, rule)
        share = counted(100 * persons / total) if total else ""
        table.add_row(VERDICTS[verdict][0], verdict, rule, counted(persons), share, f"#{example}")
    out.print(table)

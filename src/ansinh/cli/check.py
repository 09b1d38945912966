"""`ansinh check`: prove what must never be false."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from ansinh.audit.check import CheckResult
from ansinh.cli.screen import counted, out, print_json, progress_bar
from ansinh.config.checks import all_checks
from ansinh.config.queries import agency_clock


def check(as_json: Annotated[bool, typer.Option("--json", help="One JSON object for machines.")] = False) -> None:
    """Prove what must never be false; exit code 1 and the offending record numbers otherwise. Example: ansinh check --json"""
    with progress_bar("Kiểm tra", None) as advance:
        results = []
        for result in all_checks(agency_clock()):
            results.append(result)
            advance(1)
    whole = all(result.ok for result in results)
    if as_json:
        checks = [{"name": r.name, "ok": r.ok, "counted": r.counted, "offending": list(r.offending)} for r in results]
        print_json({"ok": whole, "checks": checks})
    else:
        out.print(check_table(results))
    if not whole:
        raise typer.Exit(1)


def check_table(results: list[CheckResult]) -> Table:
    """Return the results as a table for people."""
    table = Table(title="Kiểm tra toàn vẹn · What must never be false", title_justify="left")
    table.add_column("Điều kiện · Check")
    table.add_column("Đã xem · Counted", justify="right")
    table.add_column("Kết quả · Result")
    for result in results:
        words = (
            "[green]✔ đúng · holds[/green]"
            if result.ok
            else f"[red]✘ sai · broken: {', '.join(result.offending)}[/red]"
        )
        table.add_row(result.name, counted(result.counted), words)
    return table

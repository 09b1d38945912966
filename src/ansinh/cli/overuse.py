"""`ansinh healthbook overuse`: visits that cannot be, or should be asked about; officers look and decide."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from typing import Annotated

import typer

from ansinh.cli.acting import actor
from ansinh.cli.screen import counted, out, print_json, titled_table
from ansinh.config.queries import agency_clock
from ansinh.foundation.clock import legal_day
from ansinh.overuse.operations import decide_finding, find_overuse, show_finding
from ansinh.overuse.queries import Finding, findings
from ansinh.overuse.states import WORDS, FindingKind, FindingState

app = typer.Typer(no_args_is_help=True, help="Visits that cannot be, or should be asked about: a list for officers.")

MONTH_DAYS = 31
Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the audit.")]


@app.command()
def find(
    days: Annotated[int, typer.Option(min=1, max=400, help="How many days back, today included.")] = MONTH_DAYS,
    reason: Reason = "rà soát lượt khám bất thường",
    as_json: Json = False,
) -> None:
    """Search the visits of the last days; what was found before is not found again. Example: ansinh healthbook overuse find --days 31"""
    until = legal_day(agency_clock().now()) + timedelta(days=1)
    found = find_overuse(
        actor=actor(), reason=reason, clock=agency_clock(), since=until - timedelta(days=days), until=until
    )
    if as_json:
        print_json(found)
        return
    words = ", ".join(f"{WORDS[kind][0]} {counted(count)}" for kind, count in found.items())
    out.print(f"Mới phát hiện · newly found: {words}")


@app.command(name="list")
def show_list(
    kind: Annotated[FindingKind | None, typer.Option(help="Only of this kind.")] = None,
    state: Annotated[FindingState, typer.Option(help="Only in this state.")] = FindingState.OPEN,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="At most so many.")] = 50,
    as_json: Json = False,
) -> None:
    """List findings with their reasons, the newest first. Example: ansinh healthbook overuse list --kind copied"""
    listed = findings(kind=kind, state=state, limit=limit)
    if as_json:
        print_json([_plain(one) for one in listed])
        return
    show_findings(listed)


@app.command()
def show(
    finding: Annotated[int, typer.Argument(help="Number of the finding.")],
    reason: Reason = "giám định bảo hiểm y tế",
    as_json: Json = False,
) -> None:
    """Show one finding; the persons see it among who looked. Example: ansinh --as gd-01 healthbook overuse show 12"""
    one = show_finding(actor=actor(), reason=reason, finding_no=finding)
    if as_json:
        print_json(_plain(one))
        return
    show_findings([one])


@app.command()
def decide(
    finding: Annotated[int, typer.Argument(help="Number of the finding.")],
    decision: Annotated[FindingState, typer.Argument(help="legitimate, asked, mistaken or suspicious.")],
    words: Annotated[str, typer.Argument(help="Why.")],
    reason: Reason = "giám định bảo hiểm y tế",
) -> None:
    """Record what an officer decided. Example: ansinh --as gd-01 healthbook overuse decide 12 legitimate "chuyển viện trong ngày" """
    decide_finding(
        actor=actor(), reason=reason, clock=agency_clock(), finding_no=finding, decision=decision, words=words
    )
    out.print(f"Đã ghi: {WORDS[decision][0]} · recorded: {WORDS[decision][1]}")


def show_findings(listed: list[Finding]) -> None:
    """Print findings as a table."""
    table = titled_table(
        "Lượt khám cần xem xét · visits to look into", "Số", "Ngày", "Vì sao · why", "Hồ sơ", "Cơ sở", ""
    )
    for one in listed:
        vi, en = one.why
        persons = (
            f"{one.person_id}" if one.person_id == one.other_person_id else f"{one.person_id}, {one.other_person_id}"
        )
        table.add_row(
            str(one.finding_no),
            f"{one.first_on:%d/%m/%Y}",
            f"{vi}\n[dim]{en}[/dim]",
            persons,
            one.facility if one.facility == one.other_facility else f"{one.facility}, {one.other_facility}",
            WORDS[one.state][0],
        )
    out.print(table)


def _plain(one: Finding) -> dict[str, str | int | date | None]:
    vi, en = one.why
    return {**asdict(one), "why_vi": vi, "why_en": en}

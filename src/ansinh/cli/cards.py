"""`ansinh cards`: issue cards from participation, keep the standing table, and change one person's cards."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from ansinh.cards import operations
from ansinh.cards.queries import count_cards, count_standings, ranges
from ansinh.cli import card_changes, card_codes
from ansinh.cli.acting import actor
from ansinh.cli.screen import counted, out, print_json, progress_bar
from ansinh.config.queries import agency_clock
from ansinh.people.queries import person_id_bounds

app = typer.Typer(no_args_is_help=True, help="Issue and change cards, and keep the standing table.")
app.add_typer(card_changes.app)
app.add_typer(card_codes.app)

Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]


@app.command()
def issue(
    reason: Annotated[str, typer.Option(help="Why; kept in the audit.")] = "cấp thẻ theo dữ liệu tham gia",
    as_json: Json = False,
) -> None:
    """Issue a card for every stretch of participation that has none yet. Safe to run twice. Example: ansinh cards issue"""
    issued = issue_all(reason)
    if as_json:
        print_json({"issued": issued, "cards": count_cards()})
    else:
        out.print(f"Đã cấp {counted(issued)} thẻ; hiện có {counted(count_cards())} thẻ. · Issued {issued}.")


@app.command()
def project(
    reason: Annotated[str, typer.Option(help="Why; kept in the audit.")] = "cập nhật bảng tra cứu",
    as_json: Json = False,
) -> None:
    """Bring the standing table, from which hospitals are answered, in line with cards and participation. Example: ansinh cards project"""
    changed = project_all(reason)
    if as_json:
        print_json({"changed": changed, "standings": count_standings()})
    else:
        out.print(
            f"Đã cập nhật {counted(changed)} dòng; bảng có {counted(count_standings())} người. · Changed {changed}."
        )


@app.command()
def rebuild(
    reason: Annotated[str, typer.Option(help="Why; kept in the audit.")] = "dựng lại bảng tra cứu",
    as_json: Json = False,
) -> None:
    """Compare everybody's standing with cards and participation and put right what differs, while the gateway answers. Example: ansinh cards rebuild"""
    began = time.perf_counter()
    changed = project_all(reason)
    seconds = time.perf_counter() - began
    standings = count_standings()
    told = {
        "standings": standings,
        "changed": changed,
        "seconds": round(seconds, 2),
        "rate": round(standings / seconds),
    }
    if as_json:
        print_json(told)
    else:
        out.print(
            f"{counted(standings)} người trong {seconds:.1f} giây ({counted(told['rate'])}/giây); {counted(changed)} dòng khác đã thay. "
            f"· {changed} rows differed."
        )


@app.command()
def due(
    reason: Annotated[str, typer.Option(help="Why; kept in the audit.")] = "thay đổi có hiệu lực hôm nay",
    as_json: Json = False,
) -> None:
    """Let what takes effect today take effect: planned changes, cards of a new year. Run daily. Example: ansinh cards due"""
    clock, persons = agency_clock(), 0
    while looked := operations.project_due(actor=actor(), reason=reason, clock=clock):
        persons += looked
    if as_json:
        print_json({"persons": persons})
    else:
        out.print(f"Đã cập nhật {counted(persons)} người. · {persons} persons brought up.")


def issue_all(reason: str) -> int:
    """Issue what is missing, range by range, with a bar; returns how many."""
    first, after_last = person_id_bounds()
    clock, issued = agency_clock(), 0
    with progress_bar("Cấp thẻ", after_last - first) as advance:
        for start, end in ranges(first, after_last):
            issued += operations.issue_cards(
                actor=actor(), reason=reason, clock=clock, from_person=start, until_person=end
            )
            advance(end - start)
    return issued


def project_all(reason: str) -> int:
    """Project everyone, range by range, with a bar; returns how many rows changed."""
    first, after_last = person_id_bounds()
    clock, changed = agency_clock(), 0
    with progress_bar("Cập nhật bảng tra cứu", after_last - first) as advance:
        for start, end in ranges(first, after_last):
            changed += operations.project_standing(
                actor=actor(), reason=reason, clock=clock, from_person=start, until_person=end
            )
            advance(end - start)
    return changed

"""`ansinh healthbook show` and `ansinh healthbook access`: one book on one screen, and who may see it. Each reading is seen by the person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Group
from rich.panel import Panel
from rich.text import Text

from ansinh.access.queries import actor_of_person
from ansinh.audit.queries import looks_at
from ansinh.cli.acting import actor
from ansinh.cli.book_words import Json, Person, PurposeOption, Reason, purpose_of, record_of
from ansinh.cli.screen import out, print_json, titled_table
from ansinh.config.queries import agency_clock
from ansinh.disclosure import operations, queries
from ansinh.disclosure.queries import ReadBook
from ansinh.disclosure.states import WORDS, What, cells
from ansinh.foundation.clock import VIET_NAM
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.purpose import Purpose

LINES_MAX = 8
LOOKS_MAX = 5

app = typer.Typer(no_args_is_help=True, help="Who may see what of health books, and emergencies to judge.")


def show(
    person: Person,
    reason: Reason,
    purpose: PurposeOption = Purpose.CLAIM.code,
    as_json: Json = False,
) -> None:
    """Show what you may see of a person's health book on one screen. Example: ansinh --as hanoi.gd healthbook show 42 --reason "giám định" """
    found = operations.read_book(
        actor=actor(),
        reason=reason,
        clock=agency_clock(),
        person_id=record_of(person),
        purpose=purpose_of(purpose),
    )
    if as_json:
        print_json({name: getattr(found, name) for name in ReadBook.__slots__})
    else:
        out.print(one_screen(found))


def show_own_book(person_id: int, reason: str) -> ReadBook:
    """Read a book as the person it is about, show it on one screen with who looked, and return it: what the citizens' app tells."""
    she = actor_of_person(person_id)
    found = operations.read_book(
        actor=she, reason=reason, clock=agency_clock(), person_id=person_id, purpose=Purpose.OWN_RECORD
    )
    out.print(one_screen(found))
    return found


def one_screen(found: ReadBook) -> Panel:
    """Return a book as one panel: visits, medicines, papers, and the newest looks at the person."""
    book = found.book or {}
    parts = [
        _part("Các lần khám · Visits", (_visit(one) for one in book.get("visits", [])), book.get("visits_left_out", 0)),
        _part("Thuốc · Medicines", (_medicine(one) for one in book.get("medicines", []))),
        _part("Giấy chuyển · Referrals", (_referral(one) for one in found.referrals or [])),
        _part("Lịch hẹn · Appointments", (_appointment(one) for one in found.appointments or [])),
        _part(
            "Giấy tờ · Papers",
            (f"{one['issued_on']} {one['kind']} {one['number'] or ''}" for one in found.papers or []),
        ),
        _part("Ai đã xem · Who looked", _looks(found.person_id)),
    ]
    title = f"Sổ sức khỏe · Health book {found.person_id}"
    withheld = book.get("withheld", 0)
    note = f"{withheld} lần khám không hiển thị · visits withheld" if withheld else None
    return Panel(Group(*parts), title=title, title_align="left", subtitle=note, subtitle_align="left")


@app.command()
def rules(as_json: Json = False) -> None:
    """Show the table of access: who, in which circumstance, what. Example: ansinh healthbook access rules"""
    table = cells()
    if as_json:
        print_json(
            [
                {"who": who, "circumstance": where, "what": what, "answer": said}
                for (who, where, what), said in table.items()
            ]
        )
        return
    shown = titled_table("Ai được xem gì · Who may see what", "", "", *(WORDS[what][0] for what in What))
    marks = {"yes": "✓", "unless_hidden": "✓ trừ ẩn", "if_consented": "khi đồng ý", "no": "–"}
    for who, where in dict.fromkeys((who, where) for who, where, _ in table):
        shown.add_row(who.value, where, *(marks[table[who, where, what].value] for what in What))
    out.print(shown)


@app.command()
def emergencies(as_json: Json = False) -> None:
    """List the emergencies that wait to be judged. Example: ansinh --as hanoi.dldl healthbook access emergencies"""
    waiting = queries.glasses_to_judge()
    if as_json:
        print_json([{name: getattr(one, name) for name in one.__slots__} for one in waiting])
        return
    shown = titled_table("Mở khẩn cấp chờ xem xét · Emergencies to judge", "Hồ sơ", "Cơ sở", "Cán bộ", "Lúc", "Lý do")
    for one in waiting:
        shown.add_row(str(one.person_id), one.facility_name, one.officer, one.opened_at.isoformat(), one.reason)
    out.print(shown)


@app.command()
def judge(
    person: Person,
    opened_at: Annotated[str, typer.Argument(help="When it was opened, as the list says.")],
    finding: Annotated[str, typer.Argument(help="justified or unjustified")],
    reason: Reason,
) -> None:
    """Judge an emergency. Example: ansinh --as hanoi.dldl healthbook access judge 42 2025-06-03T01:30:00+00:00 justified --reason "có bệnh án" """
    try:
        moment = datetime.fromisoformat(opened_at)
    except ValueError as error:
        raise InvalidInput("Thời điểm không đúng dạng.", "That is no moment.", field="opened_at") from error
    operations.judge_glass(
        actor=actor(),
        reason=reason,
        clock=agency_clock(),
        person_id=record_of(person),
        opened_at=moment,
        finding=finding,
    )
    out.print("Đã ghi. · Recorded.")


def _part(title: str, lines: Iterable[str], more: int = 0) -> Group:
    listed = list(lines)
    left = len(listed) - LINES_MAX + more
    shown = [Text(f"  {line}", overflow="ellipsis", no_wrap=True) for line in listed[:LINES_MAX] or ["—"]]
    if left > 0:
        shown.append(Text(f"  … +{left}", style="dim"))
    return Group(Text(title, style="bold"), *shown)


def _visit(one: dict[str, Any]) -> str:
    labels = f" [{', '.join(one['sensitive'])}]" if one["sensitive"] else ""
    what = " ".join(filter(None, (one["diagnosis"], one["diagnosis_text"])))
    return f"{_day(one['admitted_at'])}  {one['facility_name'] or one['facility']}: {what}{labels} ({one['doctor'] or '—'})"


def _medicine(one: dict[str, Any]) -> str:
    how = " · ".join(filter(None, (one["strength"], one["dose"], one["usage"])))
    return f"{_day(one['ordered_at'])}  {one['name']} {how}"


def _referral(one: dict[str, Any]) -> str:
    used = "".join(f", {_day(use['used_at'])} {use['facility_name'] or use['facility']}" for use in one["uses"][:1])
    to = one["to_name"] or one["to"] or "—"
    return f"{one['number']}: {one['issuer_name'] or one['issuer']} → {to}, → {_day(one['valid_until'])}, {one['standing']}{used}"


def _appointment(one: dict[str, Any]) -> str:
    return f"{_day(one['due_on'])}  {one['facility_name'] or one['facility']}, → {_day(one['valid_until'])}, {one['standing']}"


def _looks(person_id: int) -> Iterable[str]:
    for look in looks_at(person_id, LOOKS_MAX):
        by = " ".join(filter(None, (look.facility, look.officer)))
        yield f"{look.asked_at.astimezone(VIET_NAM):%d/%m/%Y %H:%M}  {by}: {look.call}, {look.purpose}, {look.result}"


def _day(text: str | None) -> str:
    return f"{text[8:10]}/{text[5:7]}/{text[:4]}" if text else "—"

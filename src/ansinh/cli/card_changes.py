"""`ansinh cards …`: what officers do to one person's cards. Persons are named by record number and cards by their place, so that no number is typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any

import typer

from ansinh.cards import operations
from ansinh.cards.operations import Changed, NewCard, OnCard
from ansinh.cards.queries import cards_of, history_of, standing_of
from ansinh.cards.states import REDUCTIONS, CardState
from ansinh.cli.acting import actor
from ansinh.cli.screen import out, print_json
from ansinh.config.queries import agency_clock
from ansinh.foundation.clock import legal_day
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.participation.operations import NewStretch

app = typer.Typer(no_args_is_help=True)

KINDS = {
    "unspecified": CardState.REDUCED,
    **{kind.removeprefix("reduced_"): kind for kind in REDUCTIONS if kind != CardState.REDUCED},
}

Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept in the history and in the audit.")]
Person = Annotated[int, typer.Argument(help="Record number.", metavar="PERSON", min=1)]
Card = Annotated[
    int,
    typer.Option(
        "--card", help="Which of the person's cards, as `show` counts them; else the one in the standing.", min=0
    ),
]
On = Annotated[
    datetime | None, typer.Option("--on", help="Day of effect, YYYY-MM-DD; else today.", formats=["%Y-%m-%d"])
]
Key = Annotated[
    str,
    typer.Option(
        "--key", help="Key of the request; without it the same act with the same day and reason is the same request."
    ),
]

Paid = Annotated[
    datetime | None, typer.Option("--paid-on", help="Day of payment, of who pays themselves.", formats=["%Y-%m-%d"])
]


@app.command()
def show(person: Person, as_json: Json = False) -> None:
    """Show a person's standing, cards and their history; numbers are shown in part. Example: ansinh cards show 42"""
    standing, cards = standing_of(person), cards_of(person)
    if standing is None and not cards:
        raise NotFound(f"Hồ sơ #{person} không có thẻ nào.", f"Record #{person} has no card.", person=person)
    hidden = {name: _part(value) if str(name).endswith("number") else value for name, value in (standing or {}).items()}
    history = [
        {"card": _part(line.card_number), "event": line.event, "state": line.state, "effect_on": line.effect_on}
        | {"to": _part(line.other_number), "facility": line.facility, "reason": line.reason, "by": line.actor}
        for line in history_of(person)
    ]
    if as_json:
        listed = [{"card": place, "number": _part(one), "state": state} for place, (one, state) in enumerate(cards, 1)]
        print_json({"person": person, "standing": hidden or None, "cards": listed, "history": history})
        return
    for name, value in hidden.items():
        out.print(f"{name:20} {'–' if value is None else value}")
    for place, (one, state) in enumerate(cards, 1):
        out.print(f"thẻ {place} · card {place}   {_part(one)}   {state}")
    for line in history:
        told = " · ".join(str(value) for value in line.values() if value is not None)
        out.print(f"  {told}", markup=False)


@app.command()
def suspend(
    person: Person, reason: Reason, on: On = None, card: Card = 0, key: Key = "", as_json: Json = False
) -> None:
    """Make a card unusable for a time. Example: ansinh --as hanoi.thu cards suspend 42 --reason "nghi mượn thẻ" --on 2025-08-01"""
    _do(operations.suspend_card, _on(person, card, on, key, reason), reason, as_json=as_json)


@app.command()
def restore(
    person: Person, reason: Reason, on: On = None, card: Card = 0, key: Key = "", as_json: Json = False
) -> None:
    """Make a suspended or reduced card usable again. Example: ansinh --as hanoi.thu cards restore 42 --reason "đã xác minh" """
    _do(operations.restore_card, _on(person, card, on, key, reason), reason, as_json=as_json)


@app.command()
def withdraw(
    person: Person, reason: Reason, on: On = None, card: Card = 0, key: Key = "", as_json: Json = False
) -> None:
    """End a card for good. Example: ansinh --as hanoi.thu cards withdraw 42 --reason "cấp trùng" """
    _do(operations.withdraw_card, _on(person, card, on, key, reason), reason, as_json=as_json)


@app.command()
def reduce(
    person: Person,
    kind: Annotated[str, typer.Option(help=f"One of {', '.join(KINDS)}.")],
    reason: Reason,
    on: On = None,
    card: Card = 0,
    key: Key = "",
    as_json: Json = False,
) -> None:
    """Report a card's holder as reduced. Example: ansinh --as hanoi.thu cards reduce 42 --kind moved_out --reason "chuyển tỉnh" """
    if kind not in KINDS:
        raise InvalidInput(
            f"Loại báo giảm: {', '.join(KINDS)}.", f"The kind is one of {', '.join(KINDS)}.", field="kind"
        )
    _do(operations.reduce_card, _on(person, card, on, key, reason), reason, as_json=as_json, kind=KINDS[kind])


@app.command()
def replace(
    person: Person,
    to: Annotated[str, typer.Option(help="Group of the new card, or group/province: HN, HN/79.")],
    reason: Reason,
    on: On = None,
    card: Card = 0,
    key: Key = "",
    as_json: Json = False,
) -> None:
    """End a card and issue another under another group or province. Example: ansinh --as hanoi.thu cards replace 42 --to HN --reason "hộ nghèo" """
    group, _, province = to.partition("/")
    asked = _on(person, card, on, key, reason)
    more = {"new_object_code": group or None, "new_province": province or None}
    _do(operations.replace_card, asked, reason, as_json=as_json, **more)


@app.command("change-facility")
def change_facility(
    person: Person,
    facility: Annotated[str, typer.Option(help="Code of the new facility, 5 characters.")],
    reason: Reason,
    on: On = None,
    card: Card = 0,
    key: Key = "",
    as_json: Json = False,
) -> None:
    """Register with another first-contact facility. Example: ansinh --as hanoi.thu cards change-facility 42 --facility 01002 --reason "chuyển nơi ở" """
    _do(operations.change_facility, _on(person, card, on, key, reason), reason, as_json=as_json, facility=facility)


@app.command("issue-to")
def issue_to(
    person: Person,
    group: Annotated[str, typer.Option(help="Group and province of the card: GD/01.")],
    facility: Annotated[str, typer.Option(help="First-contact facility, 5 characters.")],
    days: Annotated[str, typer.Option(help="First day..first day no longer covered: 2025-08-01..2026-08-01.")],
    reason: Reason,
    paid_on: Paid = None,
    as_json: Json = False,
) -> None:
    """Cover one person and issue the card. Example: ansinh --as hanoi.thu cards issue-to 42 --group GD/01 --facility 01002 --days 2025-08-01..2026-08-01 …"""
    code, _, province = group.partition("/")
    since, until = _period(days)
    stretch = NewStretch(code, None, facility, province, since, until)
    asked = NewCard(person, stretch, f"issue:{days}:{reason}"[:100], paid_on.date() if paid_on else None)
    _tell(
        person, operations.issue_card(actor=actor(), reason=reason, clock=agency_clock(), card=asked), as_json=as_json
    )


def _period(days: str) -> tuple[date, date]:
    first, _, last = days.partition("..")
    try:
        since, until = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        since = until = date.min
    if until <= since:
        raise InvalidInput(
            "Thời hạn viết là 2025-08-01..2026-08-01, ngày sau lớn hơn ngày trước.",
            "The days are written 2025-08-01..2026-08-01, the second after the first.",
            field="days",
        )
    return since, until


@app.command("temporary-number")
def temporary_number(
    person: Person,
    province: Annotated[str, typer.Option(help="Province, 2 digits.")],
    reason: Reason,
    as_json: Json = False,
) -> None:
    """Give a child without a card its temporary number. Example: ansinh --as hanoi.thu cards temporary-number 42 --province 01 --reason "mới sinh" """
    number = operations.give_temporary_number(
        actor=actor(), reason=reason, clock=agency_clock(), person_id=person, province=province
    )
    if as_json:
        print_json({"person": person, "number": number})
    else:
        out.print(f"Mã tạm của hồ sơ #{person}: {number}. · Temporary number of record #{person}.")


def _on(person: int, card: int, on: datetime | None, key: str, reason: str) -> OnCard:
    """Name the card: the one in the standing, or one of those `show` counts."""
    cards = [number for number, _ in cards_of(person)]
    standing = standing_of(person)
    number = cards[card - 1] if 0 < card <= len(cards) else None
    if card == 0 and standing and standing["card_number"]:
        number = str(standing["card_number"])
    if number is None:
        raise NotFound(
            f"Hồ sơ #{person} không có thẻ này. Xem `ansinh cards show {person}`.",
            f"Record #{person} has no such card. See `ansinh cards show {person}`.",
            person=person,
        )
    day: date = on.date() if on else legal_day(agency_clock().now())
    return OnCard(person, number, day, key or f"cli:{card}:{day}:{reason}"[:100])


def _do(operation: Callable[..., Changed], on: OnCard, reason: str, *, as_json: bool, **more: Any) -> None:
    key = on.request_key if not on.request_key.startswith("cli:") else f"{operation.__name__}:{on.request_key}"[:100]
    asked = OnCard(on.person_id, on.card_number, on.effect_on, key)
    _tell(
        on.person_id, operation(actor=actor(), reason=reason, clock=agency_clock(), on=asked, **more), as_json=as_json
    )


def _tell(person: int, changed: Changed, *, as_json: bool) -> None:
    if as_json:
        print_json({"person": person, "event": changed.event_id, "state": changed.state, "already": changed.already})
        return
    done = "Đã ghi từ trước" if changed.already else "Đã ghi"
    out.print(
        f"{done}: hồ sơ #{person}, biến động số {changed.event_id}. · {'Done before' if changed.already else 'Done'}."
    )


def _part(number: object) -> str | None:
    """Show a card number in part: group, level, province and the last three digits."""
    text = str(number) if number else ""
    return f"{text[:5]}…{text[-3:]}" if text else None

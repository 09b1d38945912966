"""`ansinh benefits …`: one person's entitlements: show them, stop, move and end them, prepare and approve what lets money flow."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from ansinh.benefits import operations
from ansinh.benefits.operations import Changed, Content, On, Place
from ansinh.benefits.queries import changes_waiting
from ansinh.benefits.states import ChangeKind, EndedBecause, SuspendedBecause
from ansinh.cli.acting import actor
from ansinh.cli.benefit_views import plain, tell, tell_due
from ansinh.cli.screen import counted, out, print_json
from ansinh.config.queries import agency_clock
from ansinh.foundation.clock import VIET_NAM, legal_day
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.foundation.period import Month
from ansinh.places.queries import is_urban

app = typer.Typer(no_args_is_help=True)

Person = Annotated[int, typer.Argument(help="Record number of the person.", min=1)]
Whose = Annotated[
    str, typer.Argument(help="Record number of the person; with /number for one of several entitlements: 42, 42/17.")
]
Reason = Annotated[str, typer.Option(help="Why; kept in the audit and the history.")]
Act = Annotated[str, typer.Option(help="Number of the decision or paper it rests on.")]
From = Annotated[str, typer.Option("--from", help="Month of effect, such as 2025-08; next month unless told.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]


@app.command()
def show(
    person: Person,
    reason: Reason = "xem quyền hưởng",
    known_on: Annotated[
        datetime | None, typer.Option(help="As known at the end of this day.", formats=["%Y-%m-%d"])
    ] = None,
    as_json: Json = False,
) -> None:
    """Show a person's entitlements with versions, derivations, changes and corrections; leaves an audit line. Example: ansinh benefits show 42"""
    moment = known_on.replace(hour=23, minute=59, second=59, tzinfo=VIET_NAM) if known_on else None
    found = operations.show_entitlements(actor=actor(), reason=reason, person_id=person, known_on=moment)
    if as_json:
        print_json({"person": person, "entitlements": [plain(one) for one in found]})
        return
    if not found:
        out.print(f"Hồ sơ #{person} không có quyền hưởng nào. · Record #{person} has no entitlement.")
    for one in found:
        tell(one)


@app.command()
def suspend(
    whose: Whose,
    because: Annotated[SuspendedBecause, typer.Option(help="Why, in the words of the law.")],
    reason: Reason,
    act: Act,
    since: From = "",
    as_json: Json = False,
) -> None:
    """Suspend payment from a month on. Example: ansinh --as hanoi.thu benefits suspend 42 --because missing --from 2025-08 …"""
    on = _on(whose, since, act, "suspend")
    _said(on.person_id, operations.change_entitlement(
        actor=actor(), reason=reason, clock=agency_clock(), on=on, content=Content(ChangeKind.SUSPEND, because.value)
    ), as_json=as_json)  # fmt: skip


@app.command()
def end(
    whose: Whose,
    because: Annotated[EndedBecause, typer.Option(help="Why, in the words of the law.")],
    reason: Reason,
    act: Act,
    since: From = "",
    died_on: Annotated[
        datetime | None, typer.Option(help="Day of death: the right ends with that month.", formats=["%Y-%m-%d"])
    ] = None,
    as_json: Json = False,
) -> None:
    """End a right: --from is the first month not paid. Example: ansinh --as hanoi.thu benefits end 42 --because death --died-on 2025-07-09 …"""
    first = str(Month.containing(died_on.date()).plus(1).number()) if died_on else since
    on = _on(whose, first, act, "end")
    done = operations.change_entitlement(
        actor=actor(), reason=reason, clock=agency_clock(), on=on, content=Content(ChangeKind.END, because.value)
    )
    _said(on.person_id, done, as_json=as_json)
    if died_on and not as_json:
        tell_due(on.person_id, died_on.date())


@app.command()
def transfer(
    whose: Whose,
    to: Annotated[str, typer.Option(help="Province, or province/commune: 79, 79/26734.")],
    reason: Reason,
    act: Act,
    since: From = "",
    as_json: Json = False,
) -> None:
    """Pay somebody in another province or commune from a month on. Example: ansinh --as hanoi.thu benefits transfer 42 --to 79/26734 …"""
    province, _, commune = to.partition("/")
    place = Place(province, commune or None, bool(commune and is_urban(commune)))
    on = _on(whose, since, act, f"transfer {to}")
    _said(on.person_id, operations.change_entitlement(
        actor=actor(), reason=reason, clock=agency_clock(), on=on, content=Content(ChangeKind.TRANSFER, place=place)
    ), as_json=as_json)  # fmt: skip


@app.command()
def resume(
    whose: Whose,
    reason: Reason,
    act: Act,
    since: From = "",
    requested_on: Annotated[
        datetime | None, typer.Option(help="Day of the request; ten working days are left.", formats=["%Y-%m-%d"])
    ] = None,
    as_json: Json = False,
) -> None:
    """Prepare to resume payment; another officer approves. Example: ansinh --as hanoi.thu benefits resume 42 --from 2025-10 …"""
    on = _on(whose, since, act, "resume")
    _said(on.person_id, operations.prepare_change(
        actor=actor(), reason=reason, clock=agency_clock(), on=on, content=Content(ChangeKind.RESUME),
        requested_on=requested_on.date() if requested_on else None,
    ), as_json=as_json)  # fmt: skip


@app.command()
def reinstate(whose: Whose, reason: Reason, act: Act, since: From = "", as_json: Json = False) -> None:
    """Prepare to take back an end that was wrong. Example: ansinh --as hanoi.thu benefits reinstate 42 --reason "báo tử nhầm" --act "CV 9" """
    on = _on(whose, since, act, "reinstate")
    _said(on.person_id, operations.prepare_change(
        actor=actor(), reason=reason, clock=agency_clock(), on=on, content=Content(ChangeKind.REINSTATE)
    ), as_json=as_json)  # fmt: skip


@app.command()
def recalculate(
    whose: Whose,
    amount: Annotated[
        int,
        typer.Option(help="The amount from the month on, before a general adjustment of that month, in đồng.", min=0),
    ],
    reason: Reason,
    act: Act,
    since: From = "",
    as_json: Json = False,
) -> None:
    """Prepare another amount from a month on; frozen months are corrected. Example: ansinh --as hanoi.thu benefits recalculate 42 --amount 5400000 …"""
    on = _on(whose, since, act, f"recalculate {amount}")
    _said(on.person_id, operations.prepare_change(
        actor=actor(), reason=reason, clock=agency_clock(), on=on, content=Content(ChangeKind.RECALCULATE, amount=amount)
    ), as_json=as_json)  # fmt: skip


@app.command()
def approve(
    person: Person,
    change: Annotated[int, typer.Argument(help="Number of the prepared change.")],
    reason: Reason,
    refuse: Annotated[bool, typer.Option("--refuse", help="Refuse it instead.")] = False,
    as_json: Json = False,
) -> None:
    """Approve, or refuse, what another officer prepared. Example: ansinh --as hanoi.minh benefits approve 42 17 --reason "đủ căn cứ" """
    decides = operations.refuse_change if refuse else operations.approve_change
    _said(
        person,
        decides(actor=actor(), reason=reason, clock=agency_clock(), person_id=person, change_id=change),
        as_json=as_json,
    )


@app.command()
def waiting(as_json: Json = False) -> None:
    """List changes that wait for a second officer, those with a legal day first. Example: ansinh benefits waiting"""
    found = changes_waiting()
    if as_json:
        print_json(
            [
                {
                    "person": one.person_id,
                    "change": one.change_id,
                    "kind": one.kind,
                    "from": one.effect_month,
                    "due_on": one.due_on,
                }
                for one in found
            ]
        )
        return
    for one in found:
        due = f", hạn · due {one.due_on:%d/%m/%Y}" if one.due_on else ""
        out.print(
            f"#{one.person_id} · {one.kind} từ {one.effect_month} · biến động {one.change_id}{due} · lập: {one.prepared_by}",
            markup=False,
        )
    if not found:
        out.print("Không có biến động nào chờ duyệt. · Nothing waits.")


def month_of(text: str) -> int:
    """Return the month of `2026-07` or `202607`; raises InvalidInput."""
    try:
        return Month.of(int(text.replace("-", ""))).number()
    except ValueError as error:
        raise InvalidInput(
            f"“{text}” không phải tháng; viết 2026-07.", f"“{text}” is no month; write 2026-07.", field="month"
        ) from error


def _on(whose: str, since: str, act: str, verb: str) -> On:
    """Name the entitlement: the one told, or the only running one; from next month unless told."""
    person, _, told = whose.partition("/")
    if not (person.isascii() and person.isdigit() and (not told or (told.isascii() and told.isdigit()))):
        raise InvalidInput(
            f"“{whose}” không phải số hồ sơ; viết 42 hoặc 42/17.",
            f"“{whose}” is no record number; write 42 or 42/17.",
            field="whose",
        )
    month = month_of(since) if since else Month.containing(legal_day(agency_clock().now())).plus(1).number()
    entitlement = int(told) if told else _only(int(person))
    return On(int(person), entitlement, month, act, f"cli:{verb}:{entitlement}:{month}:{act}"[:100])


def _only(person: int) -> int:
    found = operations.show_entitlements(actor=actor(), reason="tìm quyền hưởng để ghi biến động", person_id=person)
    running = [one.entitlement_id for one in found if one.versions and one.versions[-1].state != "ended"] or [
        one.entitlement_id for one in found
    ]
    if len(running) != 1:
        raise NotFound(
            f"Hồ sơ #{person} có {len(running)} quyền hưởng; viết {person}/SỐ theo `ansinh benefits show {person}`.",
            f"Record #{person} has {len(running)} entitlements; write {person}/NUMBER as `ansinh benefits show {person}` numbers them.",
            person=person,
        )
    return running[0]


def _said(person: int, changed: Changed, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "person": person,
                "change": changed.change_id,
                "done": changed.done,
                "already": changed.already,
                "versions": changed.versions,
                "corrections": changed.corrections,
                "corrections_amount": changed.corrections_amount,
            }
        )
        return
    if not changed.done:
        out.print(
            f"Biến động {changed.change_id} đã lập hoặc đã bị từ chối; chờ: ansinh benefits waiting. · Change {changed.change_id} is not in effect."
        )
        return
    before = "Đã ghi từ trước" if changed.already else "Đã ghi"
    out.print(
        f"{before}: hồ sơ #{person}, biến động {changed.change_id}; {changed.corrections} khoản truy lĩnh hoặc thu hồi, "
        f"{counted(changed.corrections_amount)} ₫. · Done."
    )

"""What happens to three families of the demo in the first days of August 2025: a baby gets a card, a death pays for a funeral, a mistaken one is undone.

Two files nobody asked for, which the daily rounds of June and July opened, are shown with them: a retirement age reached, and a move whose payments went along.

By a clock of its own. Hospitals' papers begin them; civil status, police and social assistance are programs on the far side of the wire, and the register hears
from civil status. Safe to run twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import httpx

from ansinh.access.queries import actor_of_officer
from ansinh.benefits.file_states import FileState as ApplicationState
from ansinh.benefits.operations import approve_change, decide_application, freeze_open, prepare_decision
from ansinh.benefits.queries import changes_waiting, files_of
from ansinh.cli.acting import actor
from ansinh.cli.demo_benefits import APPROVES, PREPARES
from ansinh.cli.demo_evening import card_at_the_app
from ansinh.cli.demo_payments import MAKER, carry_out, sign_run
from ansinh.cli.events import show_file
from ansinh.cli.people import verify_all
from ansinh.cli.screen import out
from ansinh.config.partners import life_events_desk, register_exchange
from ansinh.config.payments import owed_in, payment_desk
from ansinh.config.subscriptions import deliver_announcements
from ansinh.database.sql import row
from ansinh.foundation.clock import VIET_NAM, FixedClock
from ansinh.foundation.money import Dong, shown
from ansinh.foundation.settings import settings
from ansinh.lifeevents import operations, queries
from ansinh.lifeevents.states import IN_HOUSE, FileState, Kind, Step
from ansinh.payments import operations as payments
from ansinh.payments import queries as payment_queries
from ansinh.payments.operations import RunOrder
from ansinh.payments.procedures import build_all
from ansinh.payments.states import RunState
from ansinh.registry.procedures import pull_events

REASON = "trình diễn: sinh, tử qua các cơ quan"
FILED_ON, SETTLED_ON, PAID_ON = date(2025, 8, 1), date(2025, 8, 4), date(2025, 8, 5)
# An allowance belongs to the month of the death.
MONTHS_OF_DEATHS = (202506, 202507)
MORNING, RECEIPTS, EVENING = time(8, 20), time(9, 0), time(16, 40)
DIED_AT = "2025-06-29T21:40:00+07:00"
BORN_AT = "2025-07-31T04:15:00+07:00"
CERTIFICATE = "00021.GCS.{facility}.25"


@dataclass(frozen=True, slots=True)
class Someone:
    """Somebody of the nation, as a hospital or a relative knows them."""

    person_id: int
    pin: str
    name: str
    born: str
    home: str


def live_life_events() -> str:
    """Live the three stories to their end and return them in words; what was done already is found done."""
    known = {one.kind for one in queries.files(limit=200) if one.received_at.astimezone(VIET_NAM).date() == FILED_ON}
    if Kind.BIRTH in known:
        return "đã giải quyết"
    mother, dead, mistaken, relative = _woman(), _pensioner(0), _pensioner(1), _relative()
    _days(FILED_ON)
    _mistake(mistaken)
    facility = _facility(mother)
    birth = _birth(mother, facility)
    death = _death(dead, relative, facility, notice=True)
    wrong = _death(mistaken, relative, facility, notice=False)
    _morning()
    _work(FILED_ON, newborns=True)
    _work(SETTLED_ON)
    _decide(SETTLED_ON)
    _work(SETTLED_ON)
    paid = _pay_funeral()
    _work(PAID_ON)
    told = [queries.file_shown(one).line.state for one in (birth, death, wrong)]
    assert told == [FileState.DONE, FileState.DONE, FileState.UNDONE], told
    with life_events_desk(settings(), _at(PAID_ON), REASON) as desk:
        agreed = [day for day in (FILED_ON, SETTLED_ON) if all(desk.compare(day).values())]
    return f"thẻ cho bé #{queries.file_shown(birth).line.person_id}; {paid}; 1 báo tử nhầm đã khôi phục; sổ khớp {len(agreed)}/2 ngày"


def show_life_events() -> None:
    """Print the three stories as timelines with clock and offices, and the baby's card as the app pulls it for the mother."""
    lived = [one for one in queries.files(limit=200) if one.received_at.astimezone(VIET_NAM).date() == FILED_ON]
    for one in (*(queries.file_shown(one.file_id) for one in reversed(lived)), *_found_by_itself()):
        show_file(one)
        if one.line.kind is Kind.BIRTH:
            number = next(str(step.result["pin"]) for step in one.steps if step.step is Step.BIRTH)
            told = row("SELECT mother_pin FROM registry_person WHERE pin = %s", [number])
            assert told, number
            shown_there = card_at_the_app(number, str(told[0]))
            out.print(f"Trên ứng dụng của người mẹ · In the mother's e-ID app: {shown_there}", markup=False)
        out.print()


def _birth(mother: Someone, facility: str) -> int:
    certificate = CERTIFICATE.format(facility=facility)
    paper = {
        "certificate": certificate,
        "facility": facility,
        "mother_pin": mother.pin,
        "mother_name": mother.name,
        "born_at": BORN_AT,
        "sex": "F",
        "weight_g": 3_150,
    }
    operations.hear_hospital(**_said(FILED_ON), kind=Kind.BIRTH, paper=certificate, content=paper)
    form = {
        "certificate": certificate,
        "applicant_pin": mother.pin,
        "full_name": f"{mother.name.split()[0]} An Nhiên",
        "first_contact_facility": facility,
        "home": mother.home,
    }
    return operations.file_birth(**_said(FILED_ON, PREPARES), content=form)


def _death(dead: Someone, relative: Someone, facility: str, *, notice: bool) -> int:
    if notice:
        number = f"00007.GBT.{facility}.25"
        paper = {
            "certificate": number,
            "facility": facility,
            "pin": dead.pin,
            "full_name": dead.name,
            "birth_date": dead.born,
            "died_at": DIED_AT,
        }
        operations.hear_hospital(**_said(FILED_ON), kind=Kind.DEATH, paper=number, content=paper)
    form = {"applicant_pin": relative.pin, "pin": dead.pin, "died_at": DIED_AT, "picks": ["funeral"]}
    return operations.file_death(**_said(FILED_ON, PREPARES), content=form)


def _morning() -> None:
    """Let everybody who filed have their receipt within the hour."""
    with life_events_desk(settings(), _at(FILED_ON, RECEIPTS), REASON) as desk:
        desk.carry_on()


def _found_by_itself() -> list[queries.FileShown]:
    """Return a retirement age that was reached, and a move by which a payment went to another province."""
    told = [queries.file_shown(one.file_id) for one in queries.files(FileState.DONE, limit=200) if one.kind in IN_HOUSE]
    retired = [one for one in told if one.line.kind is Kind.RETIREMENT]
    moved = [one for one in told if any(effect.kind == "payment_moved" for effect in one.effects)]
    return [*retired[:1], *moved[:1]]


def _mistake(person: Someone) -> None:
    """Let civil status find out, three days later, that it registered the wrong person."""
    told = {"subject": f"person:{person.person_id}", "scenario": "withdraw"}
    httpx.post(f"{settings().civil_status_url}/scenarios", json=told, trust_env=False, timeout=60).raise_for_status()


def _work(day: date, *, newborns: bool = False) -> None:
    """Let offices and the register work until an evening, the agency hear all of it, and the night's comparison verify who was born."""
    clock = _at(day, EVENING)
    with life_events_desk(settings(), clock, REASON) as desk:
        desk.round()
        _days(day)
        desk.round()
        _days(day)
        with register_exchange(settings()) as register:
            pull_events(actor=actor(), reason=REASON, clock=clock, source=register)
        deliver_announcements(reason=REASON, clock=clock)
        if newborns:
            verify_all(REASON, clock)
        desk.round()


def _decide(day: date) -> None:
    """Let two officers decide what was filed, and approve what takes the second of them."""
    clock = _at(day)
    for one in queries.files(limit=200):
        shown_ = queries.file_shown(one.file_id)
        for done in (line for line in shown_.effects if line.kind == "application_filed" and line.undo is None):
            said: dict[str, Any] = {"reason": REASON, "clock": clock, "application": int(done.reference)}
            filed = {file.application_id: file for file in files_of(one.person_id or 0)}[int(done.reference)]
            if filed.state is ApplicationState.GATHERING:
                prepare_decision(actor=actor_of_officer(PREPARES), **said)
                decide_application(actor=actor_of_officer(APPROVES), **said)
    for waiting in changes_waiting():
        if waiting.prepared_by == "system:life_events":
            approve_change(
                actor=actor_of_officer(APPROVES),
                reason=REASON,
                clock=clock,
                person_id=waiting.person_id,
                change_id=waiting.change_id,
            )


def _pay_funeral() -> str:
    """Pay the allowances granted, between two months, by the machinery that pays pensions."""
    clock, month = _at(PAID_ON), PAID_ON.year * 100 + PAID_ON.month
    freeze_open(actor=actor(), reason=REASON, clock=clock, month=month)
    act = "Trợ cấp mai táng đầu tháng 08/2025"
    order = RunOrder(PAID_ON, (*MONTHS_OF_DEATHS, month), act, "one_off", None, ("funeral",))
    maker = actor_of_officer(MAKER)
    run_id = payments.create_run(actor=maker, reason=REASON, clock=clock, order=order)
    if payment_queries.run_of(run_id).state == RunState.CLOSED:
        return f"đợt {run_id} đã khóa sổ"
    with payment_desk(settings(), clock, REASON, maker) as desk:
        orders, amount = build_all(desk, run_id, owed_in((month,)))
    sign_run(run_id, clock)
    carry_out(run_id, clock, PAID_ON)
    payments.close_run(actor=maker, reason=REASON, clock=clock, run_id=run_id)
    return f"chi {orders} khoản mai táng {shown(Dong(amount))}"


def _days(day: date) -> None:
    """Let each office work until the end of a day."""
    here = settings()
    for address in (here.civil_status_url, here.police_url, here.social_assistance_url):
        told = {"day": day.isoformat()}
        httpx.post(f"{address}/day", json=told, trust_env=False, timeout=60).raise_for_status()


def _said(day: date, officer: str | None = None) -> dict[str, Any]:
    return {"actor": actor_of_officer(officer) if officer else actor(), "reason": REASON, "clock": _at(day)}


def _at(day: date, hour: time = MORNING) -> FixedClock:
    return FixedClock(datetime.combine(day, hour, VIET_NAM))


def _someone(which: str, number: int = 0) -> Someone:
    found = row(
        f"""
        SELECT p.person_id, i.value, p.full_name, to_char(make_date(p.birth_year, p.birth_month, p.birth_day), 'YYYY-MM-DD'), p.province || '/' || p.commune
        FROM people_person p JOIN people_identifier i ON i.person_id = p.person_id AND i.scheme = 'pin' AND i.valid_until IS NULL
        JOIN people_verdict v ON v.person_id = p.person_id AND v.superseded_at IS NULL AND v.verdict = 'verified'
        WHERE p.died_on IS NULL AND p.excluded IS NULL AND p.birth_day IS NOT NULL AND p.commune IS NOT NULL
          AND NOT EXISTS (SELECT FROM people_alias a WHERE p.person_id IN (a.alias_person_id, a.person_id)) AND {which}
        ORDER BY p.person_id OFFSET %s LIMIT 1
        """,
        [number],
    )
    assert found is not None
    return Someone(*found)


def _woman() -> Someone:
    return _someone("p.sex = 'F' AND p.birth_year BETWEEN 1992 AND 1999")


def _pensioner(number: int) -> Someone:
    """Somebody old who draws a pension, paid for July as for every month, and who died in June."""
    return _someone(
        "p.birth_year < 1955 AND EXISTS (SELECT FROM benefits_entitlement e WHERE e.person_id = p.person_id AND e.kind = 'pension')",
        number,
    )


def _relative() -> Someone:
    """Somebody who is paid into an account: the allowance goes the way their other money does."""
    return _someone("p.birth_year BETWEEN 1975 AND 1985")


def _facility(mother: Someone) -> str:
    found = row(
        "SELECT code FROM places_facility WHERE level IN ('primary', 'basic') AND valid_until IS NULL ORDER BY province = %s DESC, code LIMIT 1",
        [mother.home[:2]],
    )
    assert found is not None
    return str(found[0])

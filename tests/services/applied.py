"""People who apply, and the officers who receive and decide, on the people of `tests.benefits.filed`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ansinh.access.queries import actor_of_person
from ansinh.access.roles import BenefitOfficer, OneStopOfficer
from ansinh.database.sql import execute
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import VIET_NAM, FixedClock
from ansinh.services import operations
from ansinh.services.operations import Form, Receipt
from tests.benefits.filed import HUSBAND, WIDOW, die, settle
from tests.support.cast import ANYBODY_WITH_RIGHTS

LAN = Actor(ActorKind.OFFICER, "hanoi.lan", OneStopOfficer.permissions)
HOA = Actor(ActorKind.OFFICER, "hanoi.hoa", BenefitOfficer.permissions)
REASON = "thử"
NUMBERS = {HUSBAND: "001075000102", WIDOW: "001180000103"}
DIED = date(2025, 7, 3)
FUNERAL = {"deceased_number": NUMBERS[HUSBAND], "deceased_name": "Người Thử"}


def at(day: int, month: int = 7, hour: int = 9, minute: int = 0) -> FixedClock:
    """A clock at an hour of a day of 2025."""
    return FixedClock(datetime(2025, month, day, hour, minute, tzinfo=VIET_NAM))


TODAY = at(15)


def settle_people() -> None:
    """Let them live, the husband dead, with the numbers they carry."""
    settle()
    die(HUSBAND, DIED)
    for person, pin in NUMBERS.items():
        execute(
            "INSERT INTO people_identifier (person_id, scheme, value, valid_from, resolves) VALUES (%s, 'pin', %s, '2020-01-01', true)",
            [person, pin],
        )


def form(service: str = "funeral", person: int = WIDOW, key: str = "form-0001", **more: Any) -> Form:
    """Return a form as filled in."""
    answers = more.pop("answers", FUNERAL if service == "funeral" else {})
    return Form(person, service, key, answers, more.pop("why", None))


def submit(one: Form | None = None, clock: FixedClock = TODAY, actor: Actor | None = None) -> Receipt:
    """Submit a form, by the person themselves unless told otherwise."""
    one = one or form()
    return operations.submit_application(
        actor=actor or actor_of_person(one.person_id), reason=REASON, clock=clock, form=one
    )


def receive(reference: str, clock: FixedClock = TODAY, actor: Actor = LAN) -> None:
    """Lan takes an application in hand."""
    operations.receive_application(actor=actor, reason=REASON, clock=clock, reference=reference)


def forward(reference: str, clock: FixedClock = TODAY, actor: Actor = HOA) -> Any:
    """Hoa hands it to who decides."""
    return operations.forward_application(actor=actor, reason=REASON, clock=clock, reference=reference)


def carry_on(clock: FixedClock = TODAY) -> None:
    """Let what goes on by itself go on."""
    after: int | None = 0
    while after is not None:
        after = operations.carry_on(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=clock, after=after)

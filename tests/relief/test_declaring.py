"""An emergency is declared by one officer and approved by another; only then, and on its days, does it change anything."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction

from ansinh.database.sql import execute, number
from ansinh.foundation.clock import VIET_NAM, FixedClock
from ansinh.foundation.errors import InvalidInput, NotFound, NotPermitted, Refusal
from ansinh.relief import operations as relief
from ansinh.relief.operations import AlreadyInForce, NotInForce, SamePerson
from ansinh.relief.queries import emergencies
from ansinh.relief.states import EMERGENCY_TRANSITIONS, EmergencyState
from tests.payments.world import MAKER, REASON, TREASURER, officer
from tests.relief.world import (
    CHECKER,
    CLOCK,
    OTHER,
    VILLAGE,
    WARD,
    add_person,
    apply,
    in_force,
    normal_run,
    owed,
    storm,
)

pytestmark = pytest.mark.django_db
BOTH = officer("hanoi.lan", "payment_officer", "payment_approver")


def declare(**changes: object) -> int:
    return relief.declare_emergency(actor=MAKER, reason=REASON, clock=CLOCK, new=storm(**changes))


def test_the_same_declaration_again_is_the_same_emergency() -> None:
    first = declare()
    assert declare() == first
    assert declare(name="Bão khác") != first
    (line,) = [one for one in emergencies() if one.emergency_id == first]
    assert (line.state, list(line.provinces), line.communes) == ("declared", ["01"], 2)


def test_whoever_declares_does_not_approve() -> None:
    emergency = relief.declare_emergency(actor=BOTH, reason=REASON, clock=CLOCK, new=storm())
    with pytest.raises(SamePerson):
        relief.approve_emergency(actor=BOTH, reason=REASON, clock=CLOCK, emergency_id=emergency)
    with pytest.raises(NotPermitted):
        relief.approve_emergency(actor=TREASURER, reason=REASON, clock=CLOCK, emergency_id=emergency)
    with pytest.raises(IntegrityError, match="relief_emergency_two_people"), transaction.atomic():
        execute(
            "UPDATE relief_emergency SET state = 'approved', approved_by = declared_by, approved_at = now() WHERE emergency_id = %s",
            [emergency],
        )
    relief.approve_emergency(actor=CHECKER, reason=REASON, clock=CLOCK, emergency_id=emergency)
    relief.approve_emergency(actor=CHECKER, reason=REASON, clock=CLOCK, emergency_id=emergency)
    with pytest.raises(IntegrityError), transaction.atomic():
        execute("UPDATE relief_emergency SET approved_by = 'officer:hanoi.ba' WHERE emergency_id = %s", [emergency])


def test_two_emergencies_in_force_never_cover_one_place() -> None:
    first = in_force()
    second = declare(name="Dịch", provinces=(), communes=(VILLAGE,))
    with pytest.raises(AlreadyInForce):
        relief.approve_emergency(actor=CHECKER, reason=REASON, clock=CLOCK, emergency_id=second)
    with pytest.raises(IntegrityError, match="relief_area_one_in_force"), transaction.atomic():
        execute("UPDATE relief_area SET in_force = true WHERE emergency_id = %s", [second])
    elsewhere = declare(name="Dịch", provinces=(), communes=(OTHER,))
    relief.approve_emergency(actor=CHECKER, reason=REASON, clock=CLOCK, emergency_id=elsewhere)
    relief.end_emergency(actor=MAKER, reason=REASON, clock=CLOCK, emergency_id=first)
    relief.approve_emergency(actor=CHECKER, reason=REASON, clock=CLOCK, emergency_id=second)


@pytest.mark.parametrize(
    "changes",
    [
        {"provinces": ()},
        {"provinces": ("99",)},
        {"provinces": ("0'",)},
        {"communes": ("00004'; DROP TABLE relief_area; --",)},
        {"communes": ("99999",)},
        {"months": (202513,)},
        {"months": tuple(range(202501, 202514))},
        {"until_on": date(2025, 7, 1)},
        {"until_on": date(2027, 1, 1)},
        {"act": " "},
        {"name": "Bão\nhai dòng"},
        {"name": "x" * 301},
        {"otherwise": "drone"},
        {"otherwise": "cash", "to_account": False},
    ],
)
def test_what_is_not_a_declaration_is_refused_and_leaves_nothing(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        declare(**changes)
    assert number("SELECT count(*) FROM relief_emergency") == 0


def test_nothing_is_done_before_approval_or_outside_its_days() -> None:
    add_person(1)
    run_id = normal_run(owed(1))
    emergency = declare()
    with pytest.raises(NotInForce):
        apply(emergency, run_id)
    relief.approve_emergency(actor=CHECKER, reason=REASON, clock=CLOCK, emergency_id=emergency)
    for day in (datetime(2025, 6, 30, 23, tzinfo=VIET_NAM), datetime(2025, 8, 1, 0, 5, tzinfo=VIET_NAM)):
        with pytest.raises(NotInForce):
            relief.divert_run(actor=MAKER, reason=REASON, clock=FixedClock(day), emergency_id=emergency, run_id=run_id)
    assert apply(emergency, run_id).diverted.to_home == 1
    relief.end_emergency(actor=MAKER, reason=REASON, clock=CLOCK, emergency_id=emergency)
    with pytest.raises(NotInForce):
        apply(emergency, run_id)
    with pytest.raises(NotFound):
        apply(999, run_id)


@pytest.mark.parametrize("state", list(EmergencyState))
def test_the_database_lets_an_emergency_go_forward_only(state: EmergencyState) -> None:
    for after in EmergencyState:
        emergency = declare(name=f"{state} {after}")
        _bring(emergency, state)
        permitted = after in EMERGENCY_TRANSITIONS[state] or after is state
        try:
            with transaction.atomic():
                execute(
                    "UPDATE relief_emergency SET state = %(after)s,"
                    " approved_by = CASE WHEN %(after)s IN ('approved', 'ended') THEN coalesce(approved_by, 'officer:hanoi.ba') ELSE approved_by END,"
                    " approved_at = CASE WHEN %(after)s IN ('approved', 'ended') THEN coalesce(approved_at, now()) ELSE approved_at END,"
                    " ended_by = CASE WHEN %(after)s IN ('withdrawn', 'ended') THEN 'x' END,"
                    " ended_at = CASE WHEN %(after)s IN ('withdrawn', 'ended') THEN now() END WHERE emergency_id = %(emergency)s",
                    {"after": after.value, "emergency": emergency},
                )
        except IntegrityError:
            assert not permitted, (state, after)
        else:
            assert permitted, (state, after)


def _bring(emergency: int, state: EmergencyState) -> None:
    if state in {EmergencyState.APPROVED, EmergencyState.ENDED}:
        relief.approve_emergency(actor=CHECKER, reason=REASON, clock=CLOCK, emergency_id=emergency)
    if state is EmergencyState.ENDED:
        relief.end_emergency(actor=MAKER, reason=REASON, clock=CLOCK, emergency_id=emergency)
    if state is EmergencyState.WITHDRAWN:
        relief.withdraw_emergency(actor=MAKER, reason=REASON, clock=CLOCK, emergency_id=emergency)
    # The next of the same place may be approved.
    execute("UPDATE relief_area SET in_force = false WHERE emergency_id = %s", [emergency])


def test_what_was_withdrawn_is_not_approved() -> None:
    emergency = declare()
    assert relief.withdraw_emergency(actor=MAKER, reason=REASON, clock=CLOCK, emergency_id=emergency) == []
    for step in (relief.approve_emergency, relief.end_emergency):
        with pytest.raises(Refusal):
            step(
                actor=officer("hanoi.minh", "payment_approver", "payment_officer"),
                reason=REASON,
                clock=CLOCK,
                emergency_id=emergency,
            )
    assert WARD

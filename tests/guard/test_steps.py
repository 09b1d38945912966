"""Slow, challenge, suspend: what each is taken for, who hears of it, and who ends it."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from ansinh.access.roles import FacilityClerk, SecurityOfficer
from ansinh.ceilings.models import Restraint
from ansinh.ceilings.operations import (
    CeilingValues,
    SamePerson,
    WrongState,
    acknowledge_alert,
    approve_ceiling,
    confirm_challenge,
    lift_restraint,
    prepare_ceiling,
)
from ansinh.ceilings.queries import alerts, ceilings, officer_subject, restraints, steps_of
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import FixedClock
from ansinh.foundation.errors import InvalidInput, NotFound
from tests.guard.ceilings import raise_ceilings, set_ceiling
from tests.guard.workers import Clockwork, Counted
from tests.support.database import OwnDatabase

LAN, MINH = (Actor(ActorKind.OFFICER, name, SecurityOfficer.permissions) for name in ("hanoi.lan", "hanoi.minh"))
CLERK = Actor(ActorKind.OFFICER, "01001:BS-17", FacilityClerk.permissions)
SUBJECT = officer_subject("01001", "BS-17")


@pytest.fixture
def worker(fresh_database: OwnDatabase, gateway_role: psycopg.Connection, clock: Clockwork) -> Counted:
    """One worker under ceilings of an officer that are soon reached."""
    raise_ceilings(fresh_database)
    set_ceiling(
        fresh_database, "officer", persons_an_hour=100, persons_a_day=100, misses_an_hour=10, neighbours_an_hour=10
    )
    return Counted(gateway_role, clock)


def ask_on(worker: Counted, count: int, *, first: int = 1, **said: int | str) -> dict[str, int]:
    """Ask about persons one after the other, a few each second; return how often what was told."""
    told: dict[str, int] = {}
    for person in range(first, first + count):
        refusal = worker.look(person, **said)  # type: ignore[arg-type]
        code = refusal.code if refusal else "answered"
        told[code] = told.get(code, 0) + 1
        if person % 3 == 0:
            worker.second(0.2)
    worker.second()
    return told


def test_the_day_used_up_is_a_challenge_and_going_on_a_suspension(worker: Counted, clock: Clockwork) -> None:
    told = ask_on(worker, 400)
    assert told["answered"] == 100
    assert told["challenge_required"] >= 100
    assert told["suspended"] > 0
    assert [step for step, *_ in steps_of(SUBJECT)] == ["challenge", "suspend"]
    assert worker.guard.steps["suspend"] == told["suspended"]


def test_word_of_a_step_comes_within_a_minute_and_names_nobody(worker: Counted, clock: Clockwork) -> None:
    began = clock.moment
    while worker.look(int(clock.seconds * 10)) is None:
        worker.second(0.3)
    over_at = clock.moment
    worker.second()
    (agency,), (facility,) = alerts(), alerts("01001")
    assert (agency.step, agency.cause, agency.facility) == ("challenge", "persons_a_day", "01001")
    assert timedelta() <= agency.raised_at - over_at <= timedelta(seconds=60)
    assert agency.raised_at > began
    assert "BS-17" not in repr((agency, facility))
    assert alerts("01002") == []


def test_sequential_numbers_are_slowed_and_then_challenged(worker: Counted) -> None:
    told: dict[str, int] = {}
    for n in range(60):
        refusal = worker.look(0, result=0, number=f"0010900{n:05}")
        told[refusal.code if refusal else "answered"] = told.get(refusal.code if refusal else "answered", 0) + 1
        worker.second(0.5)
    assert told["answered"] <= 25
    assert {cause for _, cause, *_ in steps_of(SUBJECT)} <= {"misses", "sequential"}
    assert told.get("slow_down", 0) > 0


def test_misses_are_challenged_at_twice_their_ceiling(worker: Counted, clock: Clockwork) -> None:
    ask_on(worker, 12, result=0)
    assert [row.step for row in restraints(clock.moment)] == ["slow"]
    clock.seconds += 61
    worker.second()
    assert worker.look(99) is None, "slow ends by itself"
    ask_on(worker, 12, result=4)
    assert [(row.step, row.cause) for row in restraints(clock.moment)] == [("challenge", "misses")]


def test_other_officers_and_facilities_are_unharmed(worker: Counted) -> None:
    ask_on(worker, 400)
    assert worker.look(1, officer="BS-18") is None
    assert worker.look(1, facility="01002") is None


def test_many_officers_of_one_facility_share_its_ceiling(
    fresh_database: OwnDatabase, gateway_role: psycopg.Connection, clock: Clockwork
) -> None:
    raise_ceilings(fresh_database)
    set_ceiling(fresh_database, "facility", persons_an_hour=200, persons_a_day=200)
    workers = [Counted(gateway_role, clock) for _ in range(2)]
    read = 0
    for person in range(1_000):
        one = workers[person % 2]
        read += one.look(person, officer=f"BS-{person % 40}") is None
        if person % 3 == 0:
            one.second(0.2)
    assert 150 <= read <= 200
    assert workers[0].look(1, facility="01002") is None


def test_names_on_no_list_fill_nothing_and_count_as_misses_of_the_facility(
    fresh_database: OwnDatabase, gateway_role: psycopg.Connection, clock: Clockwork
) -> None:
    raise_ceilings(fresh_database)
    set_ceiling(fresh_database, "facility", misses_an_hour=30)
    worker = Counted(gateway_role, clock)
    told = [worker.look(n, officer=f"made-up-{n}", result=3) for n in range(20)]
    assert set(told) == {None}
    assert not [name for name in worker.guard._subjects if "made-up" in name]
    ask_on(worker, 50, result=3, officer="another")
    assert {row.subject for row in restraints(clock.moment)} == {"facility 01001"}


def test_an_officer_of_the_agency_lifts_and_counts_begin_anew(worker: Counted, clock: Clockwork) -> None:
    ask_on(worker, 400)
    (held,) = restraints(clock.moment)
    now = FixedClock(clock.moment)
    with pytest.raises(SamePerson):
        lift_restraint(
            actor=Actor(ActorKind.SYSTEM, "x", LAN.permissions), reason="x", clock=now, restraint=held.restraint
        )
    lift_restraint(actor=LAN, reason="đã xác minh với bệnh viện", clock=now, restraint=held.restraint)
    with pytest.raises(WrongState):
        lift_restraint(actor=LAN, reason="x", clock=now, restraint=_newest(SUBJECT))
    worker.second()
    worker.second()
    assert ask_on(worker, 300, first=5_000)["answered"] == 100


def test_a_clerk_confirms_once_a_day_and_only_for_themselves(worker: Counted, clock: Clockwork) -> None:
    worker_told = ask_on(worker, 130)
    assert worker_told["challenge_required"] > 0
    told = {"reason": "đúng là tôi", "clock": FixedClock(clock.moment), "facility": "01001", "officer": "BS-17"}
    with pytest.raises(NotFound):
        confirm_challenge(actor=Actor(ActorKind.OFFICER, "01001:BS-18", CLERK.permissions), **told)  # type: ignore[arg-type]
    confirm_challenge(actor=CLERK, **told)  # type: ignore[arg-type]
    worker.second()
    worker.second()
    assert ask_on(worker, 130, first=7_000)["answered"] == 100
    with pytest.raises(WrongState):
        confirm_challenge(actor=CLERK, **told | {"clock": FixedClock(clock.moment)})  # type: ignore[arg-type]


def test_suspended_stays_suspended_for_workers_that_start_later(
    worker: Counted, gateway_role: psycopg.Connection, clock: Clockwork
) -> None:
    ask_on(worker, 400)
    clock.seconds += 3 * 86_400
    later = Counted(gateway_role, clock)
    refusal = later.look(1)
    assert refusal is not None
    assert (refusal.status, refusal.code) == (403, "suspended")


def test_the_first_refusals_are_recorded_and_the_rest_counted(worker: Counted, clock: Clockwork) -> None:
    ask_on(worker, 100)
    refusals = [worker.look(n) for n in range(1_000, 1_100)]
    assert sum(one is not None and one.recorded for one in refusals) <= 20
    worker.second()
    worker.second()
    (held,) = restraints(clock.moment)
    assert held.figures["refused"] >= 80


def test_steps_cannot_be_changed_or_taken_away(worker: Counted, fresh_database: OwnDatabase) -> None:
    ask_on(worker, 400)
    with psycopg.connect(fresh_database.urls.owner, autocommit=True) as owner:
        for change in (
            "UPDATE ceilings_restraint SET step = 'lifted'",
            "DELETE FROM ceilings_restraint",
            "TRUNCATE ceilings_restraint CASCADE",
        ):
            with pytest.raises(psycopg.Error, match="append-only"):
                owner.execute(change)


def test_a_ceiling_takes_two_people(fresh_database: OwnDatabase, clock: Clockwork) -> None:
    values, now = CeilingValues(10, 300, 900, 30, 30), FixedClock(clock.moment)
    made = prepare_ceiling(actor=LAN, reason="thử", clock=now, kind="facility", values=values, subject="facility 01004")
    with pytest.raises(SamePerson):
        approve_ceiling(actor=LAN, reason="thử", clock=now, ceiling=made)
    assert not [one for one in ceilings() if one.subject == "facility 01004"]
    approve_ceiling(actor=MINH, reason="thử", clock=now, ceiling=made)
    assert [one.persons_a_day for one in ceilings() if one.subject == "facility 01004"] == [900]
    with pytest.raises(InvalidInput):
        prepare_ceiling(actor=LAN, reason="thử", clock=now, kind="facility", values=values, subject="officer 1")


def test_an_alert_is_acknowledged_once(worker: Counted, clock: Clockwork) -> None:
    ask_on(worker, 110)
    (alert,) = alerts()
    acknowledge_alert(actor=LAN, reason="đang xem", clock=FixedClock(clock.moment), alert=alert.alert)
    assert alerts() == []


def _newest(subject: str) -> int:
    return int(Restraint.objects.filter(subject=subject).order_by("-pk").values_list("pk", flat=True)[0])

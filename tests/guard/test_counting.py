"""Leases: whatever workers do, and however late they hear of each other, nobody reads more persons than the ceiling and fifty."""

from __future__ import annotations

import random
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.guard.ceilings import raise_ceilings, set_ceiling
from tests.guard.workers import ADDRESS, Clockwork, Counted, grant_of
from tests.support.database import OwnDatabase

BEYOND_MAX = 50
HOUR, DAY = 60, 150


@pytest.fixture
def strict(fresh_database: OwnDatabase) -> OwnDatabase:
    raise_ceilings(fresh_database)
    set_ceiling(fresh_database, "officer", persons_an_hour=HOUR, persons_a_day=DAY)
    return fresh_database


def patient_reader(workers: list[Counted], persons: list[int], rounds: int = 20) -> set[int]:
    """Ask again and again through every worker, each until it says to wait; return who was read."""
    read: set[int] = set()
    for _ in range(rounds):
        asking = iter([one for one in persons if one not in read])
        for worker in workers:
            for person in asking:
                if worker.look(person) is not None:
                    break
                read.add(person)
        for worker in workers:
            worker.second(0.5)
    return read


def test_one_officer_reads_their_ceiling_and_no_more(
    strict: OwnDatabase, gateway_role: psycopg.Connection, clock: Clockwork
) -> None:
    workers = [Counted(gateway_role, clock) for _ in range(4)]
    read = patient_reader(workers, list(range(1, 500)))
    assert HOUR * 0.8 <= len(read) <= HOUR


def test_reading_the_same_person_again_costs_nothing(
    strict: OwnDatabase, gateway_role: psycopg.Connection, clock: Clockwork
) -> None:
    worker = Counted(gateway_role, clock)
    worker.look(1)
    worker.exchange()
    assert all(worker.look(1) is None for _ in range(10 * DAY))


def test_a_new_hour_brings_new_persons_but_the_day_holds(
    strict: OwnDatabase, gateway_role: psycopg.Connection, clock: Clockwork
) -> None:
    workers = [Counted(gateway_role, clock) for _ in range(2)]
    read: set[int] = set()
    for hour in range(5):
        read |= patient_reader(workers, list(range(1000 * hour, 1000 * hour + 200)))
        assert len(read) <= min(DAY, (hour + 1) * HOUR)
        clock.seconds = (clock.seconds // 3600 + 1) * 3600
        for worker in workers:
            worker.second(1)
    assert len(read) >= DAY * 0.8


def test_a_worker_that_starts_again_remembers_the_day(
    strict: OwnDatabase, gateway_role: psycopg.Connection, clock: Clockwork
) -> None:
    read = patient_reader([Counted(gateway_role, clock)], list(range(1, 200)))
    for _ in range(5):
        read |= patient_reader([Counted(gateway_role, clock)], list(range(1, 200)), rounds=3)
    assert len(read) <= HOUR + BEYOND_MAX


def test_a_lease_that_is_given_back_serves_another(
    strict: OwnDatabase, gateway_role: psycopg.Connection, clock: Clockwork
) -> None:
    first = Counted(gateway_role, clock)
    first.look(1)
    first.exchange()
    first.guard.end()
    first.exchange()
    read = patient_reader([Counted(gateway_role, clock)], list(range(2, 200)))
    assert len(read) >= HOUR - 1 - 3


def test_a_batch_gets_its_lease_and_draws_on_the_same_ceiling(
    strict: OwnDatabase, gateway_role: psycopg.Connection, clock: Clockwork
) -> None:
    worker = Counted(gateway_role, clock)
    grant = grant_of()
    assert worker.guard.check(grant, "BS-17", ADDRESS, HOUR // 2) is not None
    worker.second()
    assert worker.guard.check(grant, "BS-17", ADDRESS, HOUR // 2) is None
    for person in range(HOUR // 2):
        worker.guard.note(grant, "BS-17", ADDRESS, person, 1)
    worker.second()
    assert worker.guard.check(grant, "BS-17", ADDRESS, HOUR) is not None
    worker.second()
    assert worker.guard.check(grant, "BS-17", ADDRESS, HOUR) is not None


def test_questions_never_answered_cost_nothing(
    strict: OwnDatabase, gateway_role: psycopg.Connection, clock: Clockwork
) -> None:
    worker = Counted(gateway_role, clock)
    grant = grant_of()
    for _ in range(20 * HOUR):
        assert worker.guard.check(grant, "BS-17", ADDRESS) is None
        worker.guard.release(grant, "BS-17", ADDRESS)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("read"), st.integers(0, 3), st.integers(1, 40)),
        st.tuples(st.just("say"), st.integers(0, 3), st.just(0)),
        st.tuples(st.just("hear"), st.integers(0, 3), st.just(0)),
        st.tuples(st.just("lose"), st.integers(0, 3), st.just(0)),
        st.tuples(st.just("pass"), st.integers(0, 3), st.integers(1, 1_500)),
        st.tuples(st.just("end"), st.integers(0, 3), st.just(0)),
    ),
    max_size=60,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, seed=st.integers(0, 1 << 30))
def test_no_interleaving_reads_more_than_the_ceiling(
    strict: OwnDatabase, gateway_role: psycopg.Connection, steps: list[tuple[str, int, int]], seed: int
) -> None:
    """Answers are late, lost after they were recorded, workers end: the persons read in an hour and a day stay within the ceiling and fifty."""
    chance, clock = random.Random(seed), Clockwork(1_750_000_000.0 + seed)
    officer = f"BS-{seed}-{len(steps)}-{chance.random()}"
    workers = [Counted(gateway_role, clock) for _ in range(4)]
    late: dict[int, list[tuple[Any, ...]]] = {}
    by_hour: dict[int, set[int]] = {}
    by_day: dict[int, set[int]] = {}
    for step, place, count in steps:
        worker = workers[place]
        if step == "read":
            for _ in range(count):
                person = chance.randrange(1, 2_000)
                worker.guard.tick()
                if worker.look(person, officer=officer) is None:
                    day = int(clock.seconds + 7 * 3600) // 86_400
                    if person not in by_day.setdefault(day, set()):
                        by_hour.setdefault(int(clock.seconds) // 3600, set()).add(person)
                    by_day[day].add(person)
        elif step == "say" and place not in late:
            late[place] = worker.ask()
        elif step == "hear" and place in late:
            worker.answer(late.pop(place))
        elif step == "lose" and late.pop(place, None) is not None:
            worker.guard.unheard()
        elif step == "pass":
            clock.seconds += count
            for place_of, one in enumerate(workers):
                one.guard.tick()
                if place_of not in late:
                    one.exchange()
        elif step == "end" and place not in late:
            worker.guard.end()
            worker.exchange()
            workers[place] = Counted(gateway_role, clock)
        assert all(len(read) <= DAY + BEYOND_MAX for read in by_day.values())
        assert all(len(read) <= HOUR + BEYOND_MAX for read in by_hour.values())

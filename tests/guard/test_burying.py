"""Workers that die give back what they had leased and not used; however many die, and whenever, nobody reads more persons than the ceiling and fifty."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.audit.standing import add_people, pin_of
from tests.gateway.running import running_gateway
from tests.guard.ceilings import raise_ceilings, set_ceiling
from tests.guard.test_at_the_gateway import harvest, persons_read
from tests.guard.workers import ADDRESS, MONDAY, Clockwork, Counted, grant_of
from tests.support.campaign import CAMPAIGN
from tests.support.database import OwnDatabase

PEOPLE, HOUR, DAY = 2_000, 60, 150
BEYOND_MAX = 50
OFFICER, FACILITY = "BS-17", "01001"
GRANT = grant_of(FACILITY)
# The nation lives another day than the machine, at the same time of day.
NATION_IS_LATER = timedelta(days=400)


class Mortal(Counted):
    """A worker whose answers are recorded in a chain of its own, and that can die at any moment."""

    def __init__(self, database: psycopg.Connection, clock: Clockwork, number: int) -> None:
        super().__init__(database, clock)
        self.signed = f"test/{number}"
        row = database.execute("SELECT published.open_chain_v1(%s, %s)", [self.moment, self.signed]).fetchone()
        assert row is not None
        self._chain = row[0]

    @property
    def moment(self) -> object:
        """Return the nation's moment."""
        return self._clock.moment + NATION_IS_LATER

    def ask_about(self, person: int) -> bool:
        """Have a question let through and recorded; what is missing is that the answer leaves and is counted."""
        if self.guard.check(GRANT, OFFICER, ADDRESS) is not None:
            return False
        self._database.execute(
            "SELECT * FROM published.standing_v1(%s, %s, '{1}', '{0}', '{1}', %s, %s, %s, %s, '{1}')",
            [self._chain, self.moment, [pin_of(person)], [GRANT.client_no], [FACILITY], [OFFICER]],
        )
        return True

    def read(self, person: int) -> bool:
        """Answer a question if it may be; tells whether the answer left."""
        self.guard.tick()
        if not self.ask_about(person):
            return False
        self.guard.note(GRANT, OFFICER, ADDRESS, person, 1, pin_of(person))
        return True

    def buried(self) -> int | None:
        """Be dead, and have a successor say so."""
        row = self._database.execute(
            "SELECT published.bury_worker_v1(%s, %s, %s)", [self._worker, self._clock.moment, self.signed]
        ).fetchone()
        assert row is not None
        changed: int | None = row[0]
        return changed


@pytest.fixture
def strict(fresh_database: OwnDatabase) -> OwnDatabase:
    add_people(fresh_database, PEOPLE)
    raise_ceilings(fresh_database)
    set_ceiling(fresh_database, "officer", persons_an_hour=HOUR, persons_a_day=DAY)
    return fresh_database


@pytest.fixture
def numbers() -> Iterator[int]:
    return iter(range(1, 1_000_000))


@pytest.fixture
def days() -> Iterator[int]:
    """Days that stories can have for themselves; the audit has no months beyond."""
    return iter(range(1, 1_200))


def tallies(database: psycopg.Connection, worker: Counted) -> dict[str, tuple[int, int]]:
    """Return what counts as answered today and in this hour, as the owner of the database sees it."""
    rows = database.execute(
        "SELECT subject, held_day, held_hour FROM ceilings_tally WHERE worker_no = %s", [worker._worker]
    ).fetchall()
    return {subject: (day, hour) for subject, day, hour in rows}


def test_the_dead_keep_what_they_answered_and_nothing_else(
    strict: OwnDatabase, gateway_role: psycopg.Connection, clock: Clockwork, numbers: Iterator[int]
) -> None:
    dead = Mortal(gateway_role, clock, next(numbers))
    assert dead.read(1)
    dead.exchange()
    assert dead.read(1), "known today, costs nothing"
    assert dead.ask_about(2), "recorded, but its answer never leaves"
    with psycopg.connect(strict.urls.owner) as owner:
        held = tallies(owner, dead)[f"officer {FACILITY} {OFFICER}"]
        assert held > (2, 2)
        assert dead.buried() is not None
        owner.commit()
        after = tallies(owner, dead)
    assert after[f"officer {FACILITY} {OFFICER}"] == (2, 2)
    assert after[f"facility {FACILITY}"] == after[f"client {GRANT.client_no}"] == (2, 2)
    assert after[f"address {ADDRESS}"] == (2, 2), "no address was used more than all together"
    assert dead.buried() is None, "nobody is buried twice"


def test_what_the_dead_never_spoke_of_is_counted(
    strict: OwnDatabase, gateway_role: psycopg.Connection, clock: Clockwork, numbers: Iterator[int]
) -> None:
    dead = Mortal(gateway_role, clock, next(numbers))
    assert dead.read(1)
    with psycopg.connect(strict.urls.owner) as owner:
        assert tallies(owner, dead) == {}
        dead.buried()
        owner.commit()
        assert tallies(owner, dead)[f"officer {FACILITY} {OFFICER}"] == (1, 1)


def test_a_worker_whose_chain_is_unknown_gives_nothing_back(
    strict: OwnDatabase, gateway_role: psycopg.Connection, clock: Clockwork, numbers: Iterator[int]
) -> None:
    dead = Mortal(gateway_role, clock, next(numbers))
    dead.read(1)
    dead.exchange()
    dead.signed = "another/1"
    with psycopg.connect(strict.urls.owner) as owner:
        before = tallies(owner, dead)
        assert dead.buried() is None
        owner.commit()
        assert tallies(owner, dead) == before


def test_the_hour_is_given_back_by_the_hour(
    strict: OwnDatabase, gateway_role: psycopg.Connection, clock: Clockwork, numbers: Iterator[int]
) -> None:
    dead = Mortal(gateway_role, clock, next(numbers))
    assert dead.read(1)
    dead.exchange()
    clock.seconds = (clock.seconds // 3600 + 1) * 3600 + 5
    dead.second()
    assert dead.read(2)
    dead.exchange()
    with psycopg.connect(strict.urls.owner) as owner:
        dead.buried()
        owner.commit()
        assert tallies(owner, dead)[f"officer {FACILITY} {OFFICER}"] == (2, 1)


def test_many_deaths_leave_the_ceiling_to_those_who_live(
    strict: OwnDatabase, gateway_role: psycopg.Connection, clock: Clockwork, numbers: Iterator[int]
) -> None:
    read: set[int] = set()
    persons = iter(range(1, PEOPLE))
    for _ in range(40):
        worker = Mortal(gateway_role, clock, next(numbers))
        worker.exchange()
        person = next(persons)
        if worker.read(person):
            read.add(person)
        worker.exchange()
        worker.buried()
    living = Mortal(gateway_role, clock, next(numbers))
    for _ in range(HOUR):
        if living.read(person := next(persons)):
            read.add(person)
        living.second(0.5)
    assert HOUR - 3 <= len(read) <= HOUR


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("read"), st.integers(0, 3), st.integers(1, 30)),
        st.tuples(st.just("say"), st.integers(0, 3), st.just(0)),
        st.tuples(st.just("hear"), st.integers(0, 3), st.just(0)),
        st.tuples(st.just("half"), st.integers(0, 3), st.just(0)),
        st.tuples(st.just("die"), st.integers(0, 3), st.just(0)),
        st.tuples(st.just("pass"), st.integers(0, 3), st.integers(1, 1_500)),
    ),
    max_size=60,
)


@settings(
    max_examples=200 if CAMPAIGN else 25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_whenever_workers_die_nobody_reads_more_than_the_ceiling(
    strict: OwnDatabase,
    gateway_role: psycopg.Connection,
    numbers: Iterator[int],
    days: Iterator[int],
    steps: list[tuple[str, int, int]],
) -> None:
    """Workers die between asking and answering, between saying and hearing, in another hour; each is buried and followed at once."""
    # A day of their own for each story: tallies of others are nothing to it.
    clock = Clockwork(MONDAY + 86_400 * next(days))
    workers = [Mortal(gateway_role, clock, next(numbers)) for _ in range(4)]
    late: dict[int, object] = {}
    persons = iter(range(1, PEOPLE))
    began, left = int(clock.seconds) // 3600, dict[int, int]()
    for step, place, count in steps:
        worker = workers[place]
        if step == "read":
            for _ in range(count):
                if worker.read(next(persons)):
                    hour = int(clock.seconds) // 3600
                    left[hour] = left.get(hour, 0) + 1
        elif step == "say" and place not in late:
            late[place] = worker.ask()
        elif step == "hear" and place in late:
            worker.answer(late.pop(place))  # type: ignore[arg-type]  # a report asked of a worker before
        elif step == "half":
            worker.ask_about(next(persons))
        elif step == "die":
            late.pop(place, None)
            worker.buried()
            workers[place] = Mortal(gateway_role, clock, next(numbers))
        elif step == "pass" and int(clock.seconds + count) // 3600 < began + 12:
            clock.seconds += count
            for place_of, one in enumerate(workers):
                one.guard.tick()
                if place_of not in late:
                    one.exchange()
        assert sum(left.values()) <= DAY + BEYOND_MAX
        assert all(read <= HOUR + BEYOND_MAX for read in left.values())


def test_killed_workers_of_a_gateway_leave_the_ceiling_to_their_successors(
    fresh_database: OwnDatabase, tmp_path: Path
) -> None:
    """Real workers die again and again with an officer's leases, and nearly all of the officer's ceiling can still be read."""
    add_people(fresh_database, PEOPLE)
    raise_ceilings(fresh_database)
    set_ceiling(fresh_database, "officer", persons_an_hour=300, persons_a_day=300)
    with running_gateway(fresh_database, tmp_path, workers=2, ample=False) as gateway:
        first, deaths = 1, 0
        while deaths < 12:
            harvest(gateway, list(range(first, first + 4)), hands=2)
            first += 4
            victim, before = min(gateway.worker_pids()), set(gateway.worker_pids())
            os.kill(victim, signal.SIGKILL)
            deaths += 1
            while len(set(gateway.worker_pids()) - before) < 1:
                time.sleep(0.01)
        while first < PEOPLE - 100 and persons_read(fresh_database) < 300:
            told = harvest(gateway, list(range(first, first + 8)), hands=2)
            first += 8
            if told["challenge_required"] or told["suspended"]:
                break
        assert 270 <= persons_read(fresh_database) <= 300 + BEYOND_MAX

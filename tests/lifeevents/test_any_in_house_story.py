"""Whatever people, employers and the register do in whatever order, in-house events leave cover without a gap and every month paid by one province."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import hypothesis.strategies as st
import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from ansinh.benefits.operations import freeze_month
from ansinh.config.daily import find_life_events
from ansinh.database.sql import execute, number, rows
from ansinh.lifeevents import operations
from ansinh.lifeevents.checks import checks
from ansinh.lifeevents.operations import Move
from ansinh.lifeevents.queries import cases
from ansinh.lifeevents.states import FileState, Kind
from ansinh.places.operations import load_reference
from tests.lifeevents.in_house import (
    CHILD,
    HOME,
    THERE,
    WOMAN,
    WORKER,
    covered,
    days_without_cover,
    file_of,
    leaves,
    settle_workers,
)
from tests.lifeevents.test_any_story import with_refusal
from tests.lifeevents.world import DEAD, DEAD_PIN, World, pension, settle_people
from tests.support.campaign import CAMPAIGN
from tests.support.cast import ANYBODY_WITH_RIGHTS, JULY

YEAR = (date(2025, 1, 1), date(2026, 1, 1))


class Stories(RuleBasedStateMachine):
    """A woman nears retirement, a man may lose his job, a child starts school, a pensioner moves to and fro."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.world = World(Path(self.folder.name))
        settle_workers()
        pension()
        self.month, self.event, self.told_so, self.taken_back, self.lives = 202507, 0, False, False, HOME

    def teardown(self) -> None:
        """Forget everything."""
        self.world.close()
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)
        self.folder.cleanup()

    @rule()
    def found(self) -> None:
        """The day's round."""
        find_life_events(**self.world.said)

    @rule(days=st.sampled_from([1, 9, 25]))
    def days(self, days: int) -> None:
        """Days pass, each round of a day is made; the months that begin are frozen."""
        self.world.later(days)
        self.world.desk.chase()
        self.found()
        now = self.world.now.year * 100 + self.world.now.month
        while self.month <= now and self.month < 202512:
            freeze_month(**self.world.said, month=self.month)
            self.month += 1

    @rule(kind=st.sampled_from([Kind.RETIREMENT, Kind.JOB_LOST]))
    def asks(self, kind: Kind) -> None:
        """Somebody asks for what they were told of."""
        content: dict[str, Any] = {"work_ended": "2025-07-31"} if kind is Kind.RETIREMENT else {"broke_contract": False}
        shown = file_of(kind, WOMAN if kind is Kind.RETIREMENT else WORKER)
        if shown:
            with_refusal(
                lambda: operations.supplement_file(**self.world.said, file_id=shown.line.file_id, content=content)
            )

    @rule()
    def withdraws(self) -> None:
        """Everybody wants everything no more."""
        for (file,) in rows("SELECT file_id FROM lifeevents_file"):
            with_refusal(lambda file=file: operations.withdraw_file(**self.world.said, file_id=file))

    @precondition(lambda self: not self.told_so)
    @rule()
    def reported(self) -> None:
        """The employer reports an end of work."""
        self.told_so = True
        leaves(self.world)

    @precondition(lambda self: self.told_so and not self.taken_back)
    @rule()
    def report_taken_back(self) -> None:
        """The employer takes it back."""
        self.taken_back = True
        leaves(self.world, start="2025-07", act="withdrawal", withdraws="202507/1:2")

    @rule(person=st.sampled_from([WOMAN, CHILD]), years=st.sampled_from([-1, 1]))
    def birth_date(self, person: int, years: int) -> None:
        """A birth date is corrected, or corrected back."""
        execute("UPDATE people_person SET birth_year = birth_year + %s WHERE person_id = %s", [years, person])

    @rule(withdrawn=st.booleans())
    def moves(self, withdrawn: bool) -> None:
        """The pensioner moves, or a move is taken back."""
        self.event += 1
        self.lives = THERE if self.lives == HOME else HOME
        commune = "26734" if self.lives == THERE else "00004"
        move = Move(DEAD_PIN, self.lives, commune, f"move-{self.event}", withdrawn)
        operations.hear_moves(**self.world.said, moves=[move])

    @invariant()
    def every_month_is_paid_once(self) -> None:
        """A month frozen is frozen once, by one province, and the amount is as it was."""
        told = rows("SELECT month, count(*), sum(amount) FROM benefits_frozen WHERE person_id = %s GROUP BY 1", [DEAD])
        assert {tuple(one[1:]) for one in told} <= {(1, 5_000_000)}
        assert number("SELECT count(*) FROM benefits_correction WHERE person_id = %s", [DEAD]) == 0

    @invariant()
    def the_payment_is_where_the_person_is(self) -> None:
        """The province that pays in the end is the one they live in."""
        [(province,)] = rows(
            "SELECT province FROM benefits_version_v1 WHERE person_id = %s AND valid_until IS NULL", [DEAD]
        )
        assert province == self.lives

    @invariant()
    def children_are_always_covered(self) -> None:
        """A child has no day without cover, and no day twice; once its card was followed up, so for the whole year."""
        until = YEAR[1] if file_of(Kind.CHILD_GROWN, CHILD) else date(2025, 10, 1)
        assert days_without_cover(CHILD, YEAR[0], until) == 0
        assert all(before[2] <= after[1] for before, after in pairwise(covered(CHILD)))

    @invariant()
    def a_report_taken_back_leaves_no_trace_in_cover(self) -> None:
        """Who works has cover all year, once the day's round has looked."""
        shown = file_of(Kind.JOB_LOST, WORKER)
        if shown is None or shown.line.state is FileState.UNDONE:
            assert days_without_cover(WORKER, *YEAR) == 0

    @invariant()
    def nothing_twice(self) -> None:
        """No event has two files, and the checks find nothing."""
        twice = "SELECT kind FROM lifeevents_file WHERE kind <> 'move' AND state NOT IN ('withdrawn', 'undone') GROUP BY kind, person_id HAVING count(*) > 1"
        assert rows(twice) == []
        assert [one.name for one in checks(self.world.now.date()) if not one.ok and "past_its" not in one.name] == []
        assert cases() == []


@pytest.fixture
def people(db: None) -> None:
    """The people of the story."""
    load_reference(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=JULY)
    settle_people()


def test_any_in_house_story_ends_well(people: None) -> None:
    chosen = settings(
        max_examples=300 if CAMPAIGN else 5,
        stateful_step_count=12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Stories, settings=chosen)

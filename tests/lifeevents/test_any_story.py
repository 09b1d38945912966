"""Whatever happens in whatever order, money and cards agree with who is alive, nothing is done twice, and every file ends or says what it waits for."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis.strategies as st
import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ansinh.benefits import operations as benefits
from ansinh.benefits.queries import changes_waiting
from ansinh.database.sql import number, rows
from ansinh.foundation.errors import Refusal
from ansinh.lifeevents import operations
from ansinh.lifeevents.checks import checks
from ansinh.lifeevents.states import CLOSED, FileState, Office
from ansinh.places.operations import load_reference
from ansinh_sandbox.offices.scenarios import Scenario
from tests.lifeevents.world import APPROVES, DEAD, DEAD_PIN, REASON, World, pension, settle_people
from tests.support.campaign import CAMPAIGN
from tests.support.cast import ANYBODY_WITH_RIGHTS, JULY

DIED = date(2025, 7, 13)
SUBJECT = f"person:{DEAD}"


class Stories(RuleBasedStateMachine):
    """A man draws a pension; hospitals, relatives, civil status and the register say what they say."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.world = World(Path(self.folder.name))
        pension()
        for month in (202507, 202508):
            benefits.freeze_month(**self.world.said, month=month)
        self.events = 0
        self.registered_at_counter = False

    def teardown(self) -> None:
        """Forget everything."""
        self.world.close()
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)
        self.folder.cleanup()

    @initialize(scenario=st.sampled_from(list(Scenario)))
    def civil_status(self, scenario: Scenario) -> None:
        """Civil status has a way of its own with this man."""
        self.world.scenario(Office.CIVIL_STATUS, SUBJECT, scenario)

    @rule(paper=st.sampled_from(["BT-1", "BT-2"]))
    def hospital(self, paper: str) -> None:
        """A hospital sends a notice, perhaps again."""
        self.world.died(paper=paper)

    @rule(picks=st.sets(st.sampled_from(["funeral", "survivors", "funeral_support"])))
    def widow(self, picks: set[str]) -> None:
        """The widow files, perhaps again."""
        with_refusal(lambda: self.world.file_death(*sorted(picks)))

    @rule()
    def register(self) -> None:
        """The register learns of the death."""
        self.events += 1
        operations.hear_register(**self.world.said, deaths=[(DEAD_PIN, DIED, f"event-{self.events}")])

    @rule()
    def register_takes_it_back(self) -> None:
        """The register takes it back."""
        self.events += 1
        operations.hear_register(**self.world.said, deaths=[(DEAD_PIN, None, f"event-{self.events}")])

    @precondition(lambda self: not self.registered_at_counter)
    @rule()
    def counter(self) -> None:
        """Somebody goes to the commune in person."""
        self.registered_at_counter = True
        office = self.world.lines[Office.CIVIL_STATUS].office
        office.tell_of_itself("death", DEAD_PIN, {"pin": DEAD_PIN, "died_at": "2025-07-13T22:10:00+07:00"})

    @rule()
    def withdraw(self) -> None:
        """The widow wants it no more."""
        for (file,) in rows("SELECT file_id FROM lifeevents_file"):
            with_refusal(lambda file=file: operations.withdraw_file(**self.world.said, file_id=file))

    @rule()
    def supplement(self) -> None:
        """The widow hands in what was wanted."""
        for (file,) in rows("SELECT file_id FROM lifeevents_file"):
            with_refusal(lambda file=file: operations.supplement_file(**self.world.said, file_id=file, content={}))

    @rule()
    def approve(self) -> None:
        """A second officer approves what was prepared."""
        for one in changes_waiting():
            benefits.approve_change(
                actor=APPROVES,
                reason=REASON,
                clock=self.world.clock,
                person_id=one.person_id,
                change_id=one.change_id,
            )

    @rule(days=st.integers(1, 4))
    def days(self, days: int) -> None:
        """Days pass, and everybody works."""
        self.world.later(days)
        self.world.desk.chase()

    @invariant()
    def one_effect(self) -> None:
        """At most one file lives, and the checks find nothing."""
        assert [one for one in checks(self.world.now.date()) if not one.ok and "past_its_day" not in one.name] == []

    @invariant()
    def money_follows_life(self) -> None:
        """Who is dead by our record and whose payments were stopped is owed July alone; who lives, and for whom nothing waits, is owed both months."""
        [(day,)] = rows("SELECT died_on FROM people_person WHERE person_id = %s", [DEAD])
        owed = number(
            "SELECT coalesce(sum(amount), 0) FROM (SELECT amount FROM benefits_frozen WHERE person_id = %(p)s AND correction = 0"
            " UNION ALL SELECT amount FROM benefits_correction WHERE person_id = %(p)s) AS told",
            {"p": DEAD},
        )
        states = {FileState(one) for (one,) in rows("SELECT state FROM lifeevents_file")}
        if states <= CLOSED:
            assert owed == (5_000_000 if day is not None else 10_000_000), (day, states)
        assert owed in {5_000_000, 10_000_000}

    @invariant()
    def every_open_file_says_what_it_waits_for(self) -> None:
        """An open file has a step in hand, a case, something to approve, or waits for somebody to file."""
        for file, state in rows("SELECT file_id, state FROM lifeevents_file WHERE closed_on IS NULL"):
            if FileState(state) in {FileState.FILED, FileState.REGISTERED}:
                assert {"asked", "correction"} & set(self.world.states(file).values())


def with_refusal(act: object) -> None:
    """Do something that may be refused."""
    try:
        with transaction.atomic():
            act()  # type: ignore[operator]
    except Refusal:
        pass


@pytest.fixture
def people(db: None) -> None:
    """The people of the story."""
    load_reference(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=JULY)
    settle_people()


def test_any_story_ends_well(people: None) -> None:
    chosen = settings(
        max_examples=500 if CAMPAIGN else 8,
        stateful_step_count=12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Stories, settings=chosen)

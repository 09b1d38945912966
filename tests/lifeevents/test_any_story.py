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
from ansinh.lifeevents.states import CLOSED, FileState, Kind, Office
from ansinh.places.operations import load_reference
from ansinh_sandbox.offices.scenarios import Scenario
from tests.lifeevents.world import (
    APPROVES,
    CERTIFICATE,
    DEAD,
    DEAD_PIN,
    FACILITY,
    MOTHER_PIN,
    REASON,
    World,
    pension,
    settle_people,
    verify,
)
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

    @rule()
    def messages_leave(self) -> None:
        """What is kept goes out and what was told comes in, while offices sleep: words cross on the way."""
        self.world.desk.round()

    @rule()
    def offices_work(self) -> None:
        """Offices work on what they have, and nobody asks them for it yet."""
        self.world.live()

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


class Births(RuleBasedStateMachine):
    """A child is born; hospital, mother, civil status and police say what they say, in any order, and take it back at any moment."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.world = World(Path(self.folder.name))

    def teardown(self) -> None:
        """Forget everything."""
        self.world.close()
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)
        self.folder.cleanup()

    @initialize(civil_status=st.sampled_from(list(Scenario)), police=st.sampled_from(list(Scenario)))
    def offices(self, civil_status: Scenario, police: Scenario) -> None:
        """Both offices have ways of their own with this child."""
        self.world.scenario(Office.CIVIL_STATUS, CERTIFICATE, civil_status)
        self.world.scenario(Office.POLICE, CERTIFICATE, police)

    @rule(paper=st.sampled_from(["a", "b"]))
    def hospital(self, paper: str) -> None:
        """The hospital sends the certificate, perhaps anew under the same number."""
        content = certified()
        operations.hear_hospital(**self.world.said, kind=Kind.BIRTH, paper=f"{paper}/0", content=content)

    @rule(paper=st.sampled_from(["a", "b"]))
    def hospital_takes_it_back(self, paper: str) -> None:
        """It takes a paper back."""
        operations.hear_withdrawal(**self.world.said, papers=paper)

    @rule()
    def mother(self) -> None:
        """The mother files, perhaps again."""
        with_refusal(self.world.file_birth)

    @rule()
    def withdraw(self) -> None:
        """She wants it no more."""
        for (file,) in rows("SELECT file_id FROM lifeevents_file"):
            with_refusal(lambda file=file: operations.withdraw_file(**self.world.said, file_id=file))

    @rule()
    def supplement(self) -> None:
        """She hands in what was wanted."""
        for (file,) in rows("SELECT file_id FROM lifeevents_file"):
            with_refusal(lambda file=file: operations.supplement_file(**self.world.said, file_id=file, content={}))

    @rule()
    def night(self) -> None:
        """The engine finds the newborn to be whom the number says."""
        for person, pin in rows(_UNVERIFIED):
            verify(person, pin, self.world.now.date())

    @rule()
    def messages_leave(self) -> None:
        """What is kept goes out and what was told comes in, while offices sleep: words cross on the way."""
        self.world.desk.round()

    @rule()
    def offices_work(self) -> None:
        """Offices work on what they have, and nobody asks them for it yet."""
        self.world.live()

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
    def the_card_follows_the_act(self) -> None:
        """Of one certificate at most one card is in use; one whose step is done is, and one whose birth was undone is not."""
        found = rows(_CARDS)
        in_use = sum(cards for _, _, cards in found)
        assert in_use <= 1
        for state, card, cards in found:
            if card == "done" and state in {"registered", "done"}:
                assert cards == 1
            if state in {"undone", "refused", "withdrawn"}:
                assert cards in {0, in_use}

    @invariant()
    def every_open_file_says_what_it_waits_for(self) -> None:
        """An open file has a step in hand, or waits for somebody, and says so."""
        for file, state in rows("SELECT file_id, state FROM lifeevents_file WHERE closed_on IS NULL"):
            if FileState(state) in {FileState.FILED, FileState.REGISTERED}:
                shown = self.world.shown(file)
                assert any(one.state in {"asked", "correction"} or one.waits_vi for one in shown.steps), shown


_UNVERIFIED = """
SELECT person_id, stated_number FROM people_person p WHERE stated_number IS NOT NULL
AND NOT EXISTS (SELECT FROM people_identifier i WHERE i.person_id = p.person_id AND i.scheme = 'pin')
"""
_CARDS = """
SELECT f.state, (SELECT state FROM lifeevents_step s WHERE s.file_id = f.file_id AND s.step = 'card'),
    (SELECT count(*) FROM cards_card c WHERE c.person_id = f.person_id AND c.state = 'issued')
FROM lifeevents_file f
"""


def certified() -> dict[str, object]:
    """Return what the hospital certifies."""
    return {
        "certificate": CERTIFICATE,
        "facility": FACILITY,
        "mother_pin": MOTHER_PIN,
        "mother_name": "Phạm Thị Lan",
        "born_at": "2025-07-14T03:20:00+07:00",
        "sex": "F",
        "weight_g": 3200,
    }


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


@pytest.mark.parametrize("stories", [Stories, Births])
def test_any_story_ends_well(people: None, stories: type[RuleBasedStateMachine]) -> None:
    chosen = settings(
        max_examples=500 if CAMPAIGN else 6,
        stateful_step_count=12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(stories, settings=chosen)

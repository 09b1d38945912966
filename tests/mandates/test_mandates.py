"""Mandates: given by one and taken by the other at level 2, ended at once by either, over by themselves; deeds name both."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from ansinh.access.queries import actor_of_person
from ansinh.audit.queries import done_for
from ansinh.database.sql import execute, number, rows
from ansinh.foundation.clock import VIET_NAM, FixedClock
from ansinh.foundation.errors import InvalidInput, NotFound, NotPermitted
from ansinh.mandates.checks import checks
from ansinh.mandates.operations import (
    MANDATE_DAYS_MAX,
    Decision,
    SamePerson,
    answer_mandate,
    decide_guardian,
    end_guardian,
    offer_mandate,
    prepare_guardian,
    revoke_mandate,
)
from ansinh.mandates.queries import (
    MayNotAct,
    acted_for,
    actor_for,
    mandates_given,
    mandates_taken,
    may_act,
    parents_of,
)
from ansinh.mandates.states import TRANSITIONS, MandateEvent, MandateState, What, Who, WrongState, after
from ansinh.notices.queries import messages_of
from ansinh.participation.operations import file_request
from ansinh.signin.states import LevelTooLow
from tests.mandates.family import (
    COUSIN,
    FATHER,
    GRANDMOTHER,
    GROWN,
    LAN,
    MINH,
    MORNING,
    MOTHER,
    NEIGHBOUR,
    REASON,
    TEENAGER,
    TODAY,
    TODDLER,
    die,
    given,
    grant,
    guarded,
    name_of,
    settle_family,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def family(db: None) -> None:
    settle_family()


def offer(giver: int = GRANDMOTHER, level: int = 2, **changed: Any) -> int:
    wanted = replace(grant(MOTHER, What.READ, What.APPLY), **changed)
    return offer_mandate(
        actor=actor_of_person(giver), reason=REASON, clock=MORNING, person_id=giver, level=level, grant=wanted
    )


def answer(mandate: int, person: int = MOTHER, level: int = 2, agreed: bool = True) -> None:
    answer_mandate(
        actor=actor_of_person(person),
        reason=REASON,
        clock=MORNING,
        person_id=person,
        level=level,
        mandate_id=mandate,
        agreed=agreed,
    )


def revoke(mandate: int, person: int) -> None:
    revoke_mandate(actor=actor_of_person(person), reason=REASON, clock=MORNING, person_id=person, mandate_id=mandate)


def test_acted_for_lists_children_first_then_elders() -> None:
    given(GRANDMOTHER, FATHER)
    found = [(one.person_id, one.who) for one in acted_for(FATHER, MORNING.at)]
    assert found == [(TODDLER, Who.PARENT), (TEENAGER, Who.PARENT), (GRANDMOTHER, Who.DELEGATE)]
    assert [one[0] for one in parents_of(TODDLER)] == [MOTHER, FATHER]
    assert acted_for(NEIGHBOUR, MORNING.at) == []


def test_a_parents_right_ends_on_the_day_the_child_comes_of_age() -> None:
    day_before = MORNING.at - timedelta(days=1)
    assert may_act(MOTHER, GROWN, What.READ, day_before) is Who.PARENT
    assert may_act(MOTHER, GROWN, What.READ, MORNING.at) is None
    assert may_act(GROWN, GROWN, What.DECIDE, MORNING.at) is Who.SELF


def test_a_right_ends_when_either_dies() -> None:
    mandate = given(GRANDMOTHER, MOTHER)
    die(MOTHER, TODAY)
    assert may_act(MOTHER, TODDLER, What.READ, MORNING.at) is None
    assert may_act(MOTHER, GRANDMOTHER, What.READ, MORNING.at) is None
    assert may_act(FATHER, TODDLER, What.READ, MORNING.at) is Who.PARENT
    (shown,) = mandates_given(GRANDMOTHER, TODAY)
    assert (shown.mandate_id, shown.state) == (mandate, "in_force")


def test_a_mandate_is_in_force_only_once_both_agreed() -> None:
    mandate = offer()
    assert may_act(MOTHER, GRANDMOTHER, What.READ, MORNING.at) is None
    assert [one.template for one in messages_of(MOTHER)] == ["mandate_offered"]
    answer(mandate)
    answer(mandate)
    assert may_act(MOTHER, GRANDMOTHER, What.READ, MORNING.at) is Who.DELEGATE
    assert may_act(MOTHER, GRANDMOTHER, What.HEALTH, MORNING.at) is None
    assert may_act(GRANDMOTHER, MOTHER, What.READ, MORNING.at) is None
    assert [one.template for one in messages_of(GRANDMOTHER)] == ["mandate_in_force"]
    assert all(one.ok for one in checks())


def test_a_mandate_ends_at_once_by_either_and_by_its_last_day() -> None:
    for person in (GRANDMOTHER, MOTHER):
        mandate = given(GRANDMOTHER, MOTHER)
        revoke(mandate, person)
        revoke(mandate, person)
        assert may_act(MOTHER, GRANDMOTHER, What.READ, MORNING.at) is None
    given(GRANDMOTHER, MOTHER, until=date(2025, 8, 1))
    last = datetime(2025, 7, 31, 23, 59, tzinfo=VIET_NAM)
    assert may_act(MOTHER, GRANDMOTHER, What.READ, last) is Who.DELEGATE
    assert may_act(MOTHER, GRANDMOTHER, What.READ, last + timedelta(minutes=1)) is None
    assert [one.over for one in mandates_taken(MOTHER, date(2025, 8, 1))] == [True, False, False]


def test_giving_and_taking_need_level_2() -> None:
    with pytest.raises(LevelTooLow):
        offer(level=1)
    mandate = offer()
    with pytest.raises(LevelTooLow):
        answer(mandate, level=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        execute(
            "UPDATE mandates_mandate SET state = 'in_force', agreed_by = 'x', agreed_at = now() WHERE mandate_id = %s",
            [mandate],
        )


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"scopes": ()}, "scopes"),
        ({"scopes": (What.DECIDE,)}, "scopes"),
        ({"valid_until": TODAY}, "valid_until"),
        ({"valid_until": TODAY + timedelta(days=MANDATE_DAYS_MAX + 1)}, "valid_until"),
        ({"valid_from": date(2099, 1, 1), "valid_until": date(2099, 2, 1)}, "valid_until"),
        ({"pin": "001143000003", "full_name": "Lê Thị Ứng"}, "pin"),
        ({"pin": "001210000005", "full_name": "Đặng Thị Út"}, "person"),
    ],
)
def test_offer_of_what_may_not_be_granted_is_refused(changed: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        offer(**changed)
    assert refused.value.facts["field"] == field
    assert number("SELECT count(*) FROM mandates_mandate") == 0


@pytest.mark.parametrize(
    ("pin", "name"), [("001185000001", "Ai Khác"), ("001185999999", "Phạm Thị Hiền"), ("", ""), ("'; --", "\x00")]
)
def test_offer_answers_alike_for_a_wrong_name_and_for_nobody(pin: str, name: str) -> None:
    with pytest.raises(NotFound) as refused:
        offer(pin=pin, full_name=name)
    assert refused.value.en.startswith("Nobody has this number and this name")


def test_offer_forgives_spaces_and_letters_of_another_form() -> None:
    assert offer(pin="001 185 000 001", full_name="phạm thị HIỀN")


def test_a_minor_and_another_in_ones_place_give_no_mandate() -> None:
    with pytest.raises(InvalidInput):
        offer(giver=COUSIN)
    for actor in (actor_of_person(MOTHER), actor_of_person(GRANDMOTHER, by=MOTHER), LAN):
        with pytest.raises(NotFound):
            offer_mandate(
                actor=actor, reason=REASON, clock=MORNING, person_id=GRANDMOTHER, level=2, grant=grant(NEIGHBOUR)
            )


def test_the_same_offer_twice_is_one_and_another_takes_its_place() -> None:
    mandate = offer()
    assert offer() == mandate
    wider = offer(scopes=(What.READ, What.HEALTH))
    assert wider != mandate
    assert rows("SELECT mandate_id, state FROM mandates_mandate ORDER BY 1") == [
        (mandate, "revoked"),
        (wider, "offered"),
    ]


def test_only_whom_it_was_offered_answers_a_mandate() -> None:
    mandate = offer()
    for person in (NEIGHBOUR, GRANDMOTHER):
        with pytest.raises(NotFound):
            answer(mandate, person)
    with pytest.raises(NotFound):
        revoke(mandate, NEIGHBOUR)
    answer(mandate, agreed=False)
    with pytest.raises(WrongState):
        answer(mandate)


def test_a_guardian_takes_two_officers_and_ends_by_one() -> None:
    decision = Decision(NEIGHBOUR, GRANDMOTHER, "Quyết định 7/2025/QĐST-DS", TODAY)
    mandate = prepare_guardian(actor=LAN, reason=REASON, clock=MORNING, decision=decision)
    assert may_act(NEIGHBOUR, GRANDMOTHER, What.DECIDE, MORNING.at) is None
    with pytest.raises(SamePerson):
        decide_guardian(actor=LAN, reason=REASON, clock=MORNING, mandate_id=mandate, approved=True)
    decide_guardian(actor=MINH, reason=REASON, clock=MORNING, mandate_id=mandate, approved=True)
    assert may_act(NEIGHBOUR, GRANDMOTHER, What.DECIDE, MORNING.at) is Who.GUARDIAN
    with pytest.raises(NotFound):
        revoke(mandate, NEIGHBOUR)
    end_guardian(actor=LAN, reason=REASON, clock=MORNING, mandate_id=mandate)
    assert may_act(NEIGHBOUR, GRANDMOTHER, What.READ, MORNING.at) is None


def test_a_person_records_no_guardian() -> None:
    with pytest.raises(NotPermitted):
        prepare_guardian(
            actor=actor_of_person(NEIGHBOUR),
            reason=REASON,
            clock=MORNING,
            decision=Decision(NEIGHBOUR, GRANDMOTHER, "giấy tự viết", TODAY),
        )


def test_what_is_done_for_another_is_recorded_as_done_by_the_one_for_the_other() -> None:
    actor = actor_for(MOTHER, TODDLER, What.APPLY, MORNING.at)
    file_request(
        actor=actor, reason="mẹ đề nghị", clock=MORNING, person_id=TODDLER, wrong="sai tên", evidence="giấy khai sinh"
    )
    (deed,) = done_for(TODDLER)
    assert (deed.by_person, deed.act, deed.outcome) == (MOTHER, "participation.file_request", "done")
    assert done_for(MOTHER) == []
    assert rows("SELECT filed_by FROM participation_correction") == [(f"person:{MOTHER} for person:{TODDLER}",)]
    assert all(one.ok for one in checks())


def test_actor_for_somebody_one_may_not_act_for_is_refused_as_for_nobody() -> None:
    for other in (TODDLER, 99_999_999):
        with pytest.raises(MayNotAct):
            actor_for(NEIGHBOUR, other, What.READ, MORNING.at)
    own = actor_for(NEIGHBOUR, NEIGHBOUR, What.READ, MORNING.at)
    assert (own.reference, own.by) == (str(NEIGHBOUR), "")


def test_checks_notice_an_act_without_ground() -> None:
    file_request(
        actor=actor_of_person(TODDLER, by=NEIGHBOUR),
        reason="giả mạo",
        clock=MORNING,
        person_id=TODDLER,
        wrong="sai tên",
        evidence="giấy",
    )
    assert [one.name for one in checks() if not one.ok] == ["mandates.nobody_acts_without_ground"]


def test_states_end_in_an_end() -> None:
    ends = {MandateState.DECLINED, MandateState.REFUSED, MandateState.REVOKED}
    assert not {state for moves in TRANSITIONS.values() for state in moves} & ends
    for event in MandateEvent:
        for state in ends:
            with pytest.raises(WrongState):
                after(state, event)


class Mandates(RuleBasedStateMachine):
    """Offers, answers and ends in any order: exactly what both agreed to and neither ended is in force."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.state: dict[int, str] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @rule(until=st.integers(1, 300))
    def offers(self, until: int) -> None:
        mandate = offer(valid_until=TODAY + timedelta(days=until))
        if mandate not in self.state:
            self.state = dict.fromkeys(self.state, "over")
            self.state[mandate] = "offered"

    @rule(agreed=st.booleans(), back=st.integers(0, 3))
    def answers(self, agreed: bool, back: int) -> None:
        mandate = self._some(back)
        try:
            answer(mandate, agreed=agreed)
        except (WrongState, NotFound):
            assert self.state.get(mandate) != "offered"
        else:
            if self.state[mandate] == "offered":
                self.state[mandate] = "in_force" if agreed else "over"

    @rule(person=st.sampled_from([GRANDMOTHER, MOTHER]), back=st.integers(0, 3))
    def ends(self, person: int, back: int) -> None:
        mandate = self._some(back)
        try:
            revoke(mandate, person)
        except NotFound:
            assert mandate not in self.state
        else:
            self.state[mandate] = "over"

    @invariant()
    def only_what_both_want_is_in_force(self) -> None:
        wanted = "in_force" in self.state.values()
        assert (may_act(MOTHER, GRANDMOTHER, What.READ, MORNING.at) is Who.DELEGATE) is wanted

    def _some(self, back: int) -> int:
        known = sorted(self.state)
        return known[-1 - back] if back < len(known) else 0


def test_mandates_in_any_order() -> None:
    run_state_machine_as_test(Mandates, settings=settings(max_examples=15, stateful_step_count=12))


def test_names_come_from_the_record() -> None:
    mandate = given(GRANDMOTHER, MOTHER, What.READ, What.HEALTH)
    guarded(TODDLER, NEIGHBOUR)
    (shown,) = mandates_given(GRANDMOTHER, TODAY)
    assert (shown.mandate_id, shown.name, shown.for_name) == (mandate, name_of(MOTHER), name_of(GRANDMOTHER))
    assert shown.scopes == (What.READ, What.HEALTH)
    later = FixedClock(datetime(2025, 7, 22, 9, tzinfo=VIET_NAM))
    assert may_act(NEIGHBOUR, TODDLER, What.HEALTH, later.at) is Who.GUARDIAN

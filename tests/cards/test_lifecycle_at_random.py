"""Whatever officers do to cards, planned or at once, on whatever day: the room does what a plain reading of the transition table says, and nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import hypothesis.strategies as st
import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from ansinh.cards import checks
from ansinh.cards.operations import (
    Changed,
    change_facility,
    reduce_card,
    replace_card,
    restore_card,
    suspend_card,
    withdraw_card,
)
from ansinh.cards.states import REDUCTIONS, CardState
from ansinh.database.sql import row
from ansinh.foundation.errors import Refusal
from tests.cards.card_world import LAST_DAY, TODAY, act, days, number_of, project_due, standing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("two_insured"), pytest.mark.xdist_group("cards at random")]

LEVELS = {"DN": 4, "HN": 2, "CN": 3}
USED = (CardState.ISSUED, CardState.SUSPENDED)
PEOPLE, GROUPS, FACILITIES = (
    st.sampled_from([1, 2]),
    st.sampled_from(sorted(LEVELS)),
    st.sampled_from(["01001", "01002"]),
)
AHEAD = st.sampled_from([0, 0, 0, 1, 5, 80, 90])


@dataclass(frozen=True)
class Cover:
    """Days under a group and a facility, in the model."""

    since: date
    until: date
    group: str
    facility: str


@dataclass
class Holder:
    """A person in the model: cards with their changes in the order they were recorded, and coverage."""

    cover: list[Cover] = field(default_factory=lambda: [Cover(date(2025, 1, 1), LAST_DAY, "DN", "01001")])
    cards: dict[str, list[tuple[date, CardState]]] = field(
        default_factory=lambda: {"DN": [(date(2025, 1, 1), CardState.ISSUED)]}
    )

    def last(self, group: str) -> tuple[date, CardState]:
        return self.cards[group][-1]

    def state(self, group: str, day: date) -> CardState:
        return [state for since, state in self.cards[group] if since <= day][-1]

    def shown(self, day: date) -> Cover:
        return max((one for one in self.cover if one.since <= day), key=lambda one: one.since)

    def change(self, under: str, day: date, **more: Any) -> None:
        changed = []
        for one in self.cover:
            if one.group != under or one.until <= day:
                changed.append(one)
                continue
            if one.since < day:
                changed.append(replace(one, until=day))
            changed.append(replace(one, since=max(one.since, day), **more))
        self.cover = changed

    def reaches(self, group: str, day: date) -> bool:
        return any(one.group == group and one.until > day for one in self.cover)


class Counter(RuleBasedStateMachine):
    """An office that does things to two people's cards."""

    @initialize()
    def open(self) -> None:
        self.savepoint = transaction.savepoint()
        self.today = TODAY
        self.people = {1: Holder(), 2: Holder()}

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.savepoint_rollback(self.savepoint)

    def does(
        self, operation: Callable[..., Changed], person: int, group: str, ahead: int, expected: str | None, **more: Any
    ) -> bool:
        """Run an operation and compare with what the model says will be refused; a repeated request changes nothing."""
        number, day = number_of(person, group, LEVELS[group]), self.today + days(ahead)
        key = f"{operation.__name__} {ahead} {len(more)} {row('SELECT count(*) FROM cards_event')}"
        refused = None
        try:
            with transaction.atomic():
                act(operation, person, day, number=number, key=key, today=self.today, **more)
                assert act(operation, person, day, number=number, key=key, today=self.today, **more).already
        except Refusal as refusal:
            refused = refusal.code
        assert refused == expected, (operation.__name__, person, group, day)
        return refused is None

    def trouble(self, person: int, group: str, ahead: int, into: CardState, *befores: CardState) -> str | None:
        holder = self.people[person]
        if group not in holder.cards:
            return "not_found"
        day, state = holder.last(group)
        if self.today + days(ahead) < day:
            return "effect_out_of_order"
        return None if state in befores else "card_not_in_state"

    def follows(
        self,
        operation: Callable[..., Changed],
        who: tuple[int, str, int],
        into: CardState,
        *befores: CardState,
        **more: Any,
    ) -> None:
        person, group, ahead = who
        if self.does(operation, person, group, ahead, self.trouble(person, group, ahead, into, *befores), **more):
            self.people[person].cards[group].append((self.today + days(ahead), into))

    WHO = st.tuples(PEOPLE, GROUPS, AHEAD)

    @rule(who=WHO)
    def suspend(self, who: tuple[int, str, int]) -> None:
        self.follows(suspend_card, who, CardState.SUSPENDED, CardState.ISSUED)

    @rule(who=WHO)
    def restore(self, who: tuple[int, str, int]) -> None:
        self.follows(restore_card, who, CardState.ISSUED, CardState.SUSPENDED, *REDUCTIONS)

    @rule(who=WHO)
    def withdraw(self, who: tuple[int, str, int]) -> None:
        self.follows(withdraw_card, who, CardState.WITHDRAWN, *USED, *REDUCTIONS)

    @rule(who=WHO, kind=st.sampled_from(REDUCTIONS))
    def reduce(self, who: tuple[int, str, int], kind: CardState) -> None:
        self.follows(reduce_card, who, kind, *USED, kind=kind)

    @rule(who=WHO, to=GROUPS)
    def replace_by(self, who: tuple[int, str, int], to: str) -> None:
        person, group, ahead = who
        holder, day = self.people[person], self.today + days(ahead)
        expected = self.trouble(person, group, ahead, CardState.REPLACED, *USED)
        if to == group:
            expected = "same_card_number"
        elif expected is None and not holder.reaches(group, day):
            expected = "not_covered"
        elif expected is None and to in holder.cards:
            expected = self.trouble(
                person, to, ahead, CardState.ISSUED, CardState.ISSUED, CardState.REPLACED, *REDUCTIONS
            )
        if self.does(replace_card, person, group, ahead, expected, new_object_code=to):
            holder.change(group, day, group=to)
            holder.cards[group].append((day, CardState.REPLACED))
            holder.cards.setdefault(to, []).append((day, CardState.ISSUED))

    @rule(who=WHO, facility=FACILITIES)
    def move(self, who: tuple[int, str, int], facility: str) -> None:
        person, group, ahead = who
        holder, day = self.people[person], self.today + days(ahead)
        expected = self.trouble(person, group, ahead, CardState.ISSUED, CardState.ISSUED)
        if not (day.month % 3 == 1 and day.day <= 15):
            expected = "outside_change_window"
        elif expected is None and not holder.reaches(group, day):
            expected = "not_covered"
        if self.does(change_facility, person, group, ahead, expected, facility=facility):
            holder.change(group, day, facility=facility)
            holder.cards[group].append((day, CardState.ISSUED))

    @rule(later=st.sampled_from([1, 4, 60]))
    def a_day_comes(self, later: int) -> None:
        self.today += days(later)
        project_due(self.today)

    @invariant()
    def standings_are_what_a_plain_reader_expects(self) -> None:
        if not hasattr(self, "people"):
            return
        for person, holder in self.people.items():
            cover = holder.shown(self.today)
            state = holder.state(cover.group, self.today)
            status = {CardState.ISSUED: "active", CardState.REPLACED: "withdrawn"}.get(state, state.value)
            assert standing(person, "card_number", "status", "facility", "valid_from", "valid_until") == (
                number_of(person, cover.group, LEVELS[cover.group]),
                status,
                cover.facility,
                cover.since,
                cover.until,
            )

    @invariant()
    def everything_holds(self) -> None:
        if hasattr(self, "people"):
            assert [result for result in checks.checks(self.today) if not result.ok] == []


@pytest.mark.parametrize("examples", [12, pytest.param(500, marks=pytest.mark.campaign)])
def test_cards_at_random(examples: int) -> None:
    if examples > 12 and not os.environ.get("CAMPAIGN"):
        pytest.skip("runs under make campaign")
    run_state_machine_as_test(
        Counter,
        settings=settings(
            max_examples=examples,
            stateful_step_count=15,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink],
        ),
    )

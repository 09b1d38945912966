"""Whatever is done to an entitlement, in whatever order, each month was given what a plain reader of the law says it owes, and what was known stays known.

The reader keeps a table of months: what was set as the amount, and how the entitlement stood. Nothing of the room's own arithmetic is used.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

import hypothesis.strategies as st
import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ansinh.benefits.entitlement_checks import entitlement_checks
from ansinh.benefits.queries.entitlements import entitlements_of
from ansinh.benefits.states import EndedBecause, Kind, SuspendedBecause
from ansinh.database.sql import execute
from ansinh.foundation.errors import Refusal
from ansinh.foundation.period import Month
from tests.benefits.entitled import Office, count, given, versions

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("entitlements at random")]

DECREE = 202607
HORIZON = [Month.of(202603).plus(n).number() for n in range(26)]
MONTHS = st.sampled_from(HORIZON[:10])
AMOUNTS = st.sampled_from([0, 1_000_001, 2_500_000, 3_333_333, 7_000_000])
PEOPLE = st.sampled_from([1, 2])
SUSPENSIONS, ENDS = st.sampled_from(list(SuspendedBecause)), st.sampled_from(list(EndedBecause))


@dataclass
class Reader:
    """One entitlement in a table of months."""

    number: int
    first: int
    amounts: dict[int, int]
    states: dict[int, str]
    suspended_because: str = ""
    ends: list[tuple[str, int, dict[int, str]]] = field(default_factory=list)

    def owed(self, month: int, *, decreed: bool) -> int:
        """Return what a month owes: the amount set last, raised by the decree where it was set before, rounded to the nearest đồng."""
        if self.states.get(month) != "paid":
            return 0
        return self.amount(month, decreed=decreed)

    def amount(self, month: int, *, decreed: bool) -> int:
        if decreed and self.first < DECREE <= month:
            since = max(self.since(month), self.first)
            if since <= DECREE:
                return (self.amounts[month] * 108 + 50) // 100
        return self.amounts[month]

    def since(self, month: int) -> int:
        """Return the month from which the amount of a month was set; amounts set anew, equal or not, are not told apart from equal ones."""
        found = month
        for earlier in reversed([one for one in HORIZON if self.first <= one < month]):
            if self.set_at[earlier] != self.set_at[month]:
                break
            found = earlier
        return found

    set_at: dict[int, int] = field(default_factory=dict)

    def last_change(self) -> int:
        """Return the month of the last change of state that is no end."""
        here = [month for month in HORIZON if month >= self.first]
        changes = [
            month
            for before, month in zip([None, *here], here, strict=False)
            if self.states[month] != "ended" and (before is None or self.states[before] != self.states[month])
        ]
        return max(changes, default=self.first)

    def from_on(self, month: int) -> list[int]:
        return [one for one in HORIZON if one >= month]


class Entitlements(RuleBasedStateMachine):
    """An office, two pensioners, one decree, and months frozen one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()

    @initialize(before=st.booleans())
    def begin(self, before: bool) -> None:
        for day in ("2026-01-01", "2027-12-31"):
            execute(
                "INSERT INTO places_holiday (day, kind, vi, en, basis, certainty) VALUES (%s, 'holiday', 'Nghỉ', 'Off', 'thử', 'law')"
                " ON CONFLICT DO NOTHING",
                [day],
            )
        self.office = Office(date(2026, 12, 10))
        self.decreed = False
        self.frozen: list[int] = []
        self.people: dict[int, Reader] = {}
        self.known: list[tuple[datetime, int, list[tuple[int, int, str]]]] = []
        if before:
            self.open(1, 202603, 2_500_000)

    @rule(person=PEOPLE, month=MONTHS, amount=AMOUNTS)
    def open(self, person: int, month: int, amount: int) -> None:
        if person in self.people:
            return
        number = self.office.opened(person, amount, month, Kind.PENSION)
        months = [one for one in HORIZON if one >= month]
        reader = Reader(number, month, dict.fromkeys(months, amount), dict.fromkeys(months, "paid"))
        reader.set_at = dict.fromkeys(months, month)
        self.people[person] = reader
        self.note_what_is_known()

    @rule(person=PEOPLE, month=MONTHS, because=SUSPENSIONS)
    def suspend(self, person: int, month: int, because: SuspendedBecause) -> None:
        reader = self.people.get(person)
        if reader is None:
            return
        expected = month >= reader.last_change() and reader.states.get(month) == "paid"
        if self.does(expected, lambda: self.office.suspend(person, reader.number, month, because)):
            reader.suspended_because = because.value
            for one in reader.from_on(month):
                if reader.states[one] != "ended":
                    reader.states[one] = "suspended"

    @rule(person=PEOPLE, month=MONTHS)
    def resume(self, person: int, month: int) -> None:
        reader = self.people.get(person)
        if reader is None:
            return
        state, expected = reader.states.get(month), False
        before: dict[int, str] = {}
        if month >= reader.last_change() and state == "suspended":
            expected = True
        elif month >= reader.last_change() and state == "ended" and reader.ends:
            because, end, before = reader.ends[-1]
            expected = because == "renunciation" and end <= month and before.get(month) == "paid"
        if not self.does(expected, lambda: self.office.resume(person, reader.number, month)):
            return
        if state == "ended":
            reader.states.update({one: before[one] for one in reader.from_on(month)})
            return
        begin = month
        while begin > reader.first and reader.states[Month.of(begin).plus(-1).number()] == "suspended":
            begin = Month.of(begin).plus(-1).number()
        for one in reader.from_on(begin):
            if reader.states[one] == "ended":
                break
            reader.states[one] = "paid"

    @rule(person=PEOPLE, month=MONTHS, because=ENDS)
    def end(self, person: int, month: int, because: EndedBecause) -> None:
        reader = self.people.get(person)
        if reader is None:
            return
        first = max(month, reader.first)
        if not self.does(
            reader.states[first] != "ended", lambda: self.office.end(person, reader.number, month, because)
        ):
            return
        reader.ends.append((because.value, month, dict(reader.states)))
        before = Month.of(first).plus(-1).number()
        if because is EndedBecause.DEATH and reader.suspended_because not in {"", "missing"}:
            while before >= reader.first and reader.states[before] == "suspended":
                reader.states[before] = "paid"
                before = Month.of(before).plus(-1).number()
        for one in reader.from_on(first):
            reader.states[one] = "ended"

    @rule(person=PEOPLE, month=MONTHS)
    def reinstate(self, person: int, month: int) -> None:
        reader = self.people.get(person)
        if reader is None:
            return
        because, end, before = reader.ends[-1] if reader.ends else ("renunciation", 0, {})
        expected = (
            month >= reader.first and reader.states.get(month) == "ended" and because != "renunciation" and end <= month
        )
        if self.does(expected, lambda: self.office.reinstate(person, reader.number, month)):
            reader.states = dict(before)

    @rule(person=PEOPLE, month=MONTHS, amount=AMOUNTS)
    def recalculate_and_again(self, person: int, month: int, amount: int) -> None:
        reader = self.people.get(person)
        if reader is None:
            return
        expected = month >= reader.first and reader.states.get(month) in {"paid", "suspended"}
        if not self.does(expected, lambda: self.office.recalculate(person, reader.number, month, amount)):
            return
        before = Month.of(month).plus(-1).number()
        # An amount that goes on as it was is no setting of its own.
        goes_on = not self.decreed and month > reader.first and reader.amounts[before] == amount
        set_at = reader.set_at[before] if goes_on else month
        for one in reader.from_on(month):
            reader.amounts[one], reader.set_at[one] = amount, set_at
        rows_before = count("benefits_version"), count("benefits_correction")
        self.office.later(hours=1)
        again = self.office.recalculate(person, reader.number, month, amount)
        assert (again.versions, again.corrections) == (0, 0)
        assert (count("benefits_version"), count("benefits_correction")) == rows_before

    @rule(person=PEOPLE, month=MONTHS, amount=AMOUNTS)
    def correct_and_uncorrect(self, person: int, month: int, amount: int) -> None:
        """A correction taken back, month by month as it was, leaves money where it was."""
        reader = self.people.get(person)
        if reader is None or month < reader.first or "ended" in {reader.states[one] for one in reader.from_on(month)}:
            return
        money, known = given(person), versions(person, reader.number)
        was = {one: reader.amount(one, decreed=self.decreed and one > DECREE) for one in reader.from_on(month)}
        self.office.later(hours=1)
        self.office.recalculate(person, reader.number, month, amount)
        for before, one in zip([0, *was], was, strict=False):
            if was.get(before) != was[one]:
                self.office.later(hours=1)
                self.office.recalculate(person, reader.number, one, was[one])
        assert versions(person, reader.number) == known
        assert given(person) == money

    @precondition(lambda self: not self.decreed)
    @rule()
    def decree(self) -> None:
        self.office.decree(DECREE)
        self.decreed = True
        self.adjust()

    @precondition(lambda self: self.decreed)
    @rule()
    def adjust(self) -> None:
        self.office.later(hours=1)
        self.office.adjust(DECREE)
        assert self.office.adjust(DECREE) == 0
        self.note_what_is_known()

    @rule()
    def freeze(self) -> None:
        month = Month.of(self.frozen[-1]).plus(1).number() if self.frozen else 202605
        if month <= HORIZON[9]:
            self.office.freeze(month)
            assert self.office.freeze(month).already
            self.frozen.append(month)

    @invariant()
    def each_month_was_given_what_it_owes(self) -> None:
        if not getattr(self, "frozen", None):
            return
        for person, reader in self.people.items():
            owed = {
                month: reader.owed(month, decreed=self.decreed)
                for month in HORIZON
                if reader.first <= month <= self.frozen[-1] and reader.owed(month, decreed=self.decreed)
            }
            assert given(person) == owed, (person, reader)

    @invariant()
    def versions_say_what_the_reader_says(self) -> None:
        for person, reader in getattr(self, "people", {}).items():
            told = {}
            for month in reader.from_on(reader.first):
                _, amount, state = [one for one in versions(person, reader.number) if one[0] <= month][-1]
                told[month] = (state, amount if state != "ended" else 0)
            expected = {
                month: (state, reader.amount(month, decreed=self.decreed) if state != "ended" else 0)
                for month, state in reader.states.items()
            }
            assert told == expected, person

    def does(self, expected: bool, act: Callable[[], object]) -> bool:
        """Do something an hour later; it is refused exactly when the reader says so, and then nothing changed."""
        self.office.later(hours=1)
        before = [count(table) for table in ("benefits_version", "benefits_change", "benefits_correction")]
        refused = ""
        try:
            with transaction.atomic():
                act()
        except Refusal as refusal:
            refused = refusal.en
        if refused:
            assert not expected, refused
            assert [count(table) for table in ("benefits_version", "benefits_change", "benefits_correction")] == before
            return False
        assert expected, "it should have been refused"
        self.note_what_is_known()
        return True

    def note_what_is_known(self) -> None:
        for person, reader in self.people.items():
            self.known.append((self.office.now, person, versions(person, reader.number)))
        # Later changes of the same hour come after a moment that was noted.
        self.office.later(minutes=1)

    def teardown(self) -> None:
        try:
            for moment, person, told in getattr(self, "known", []):
                (one,) = entitlements_of(person, moment.replace(microsecond=999_999))
                assert [(v.valid_from, v.amount, v.state) for v in one.versions] == told
            broken = {one.name: one.offending for one in entitlement_checks(date(2027, 12, 31)) if not one.ok}
            assert not broken
        finally:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)


def test_entitlements_at_random(db: None) -> None:
    examples, steps = (1_000, 40) if os.environ.get("CAMPAIGN") else (8, 12)
    run_state_machine_as_test(
        Entitlements,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
        ),
    )

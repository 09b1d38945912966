"""Whatever is merged, unmerged and added in between: nothing is lost, every alias is one step, and every row is back with its owner in the end.

Rooms that keep rows of persons are listed in `ROOMS`; a new one adds its table and how a row is made.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import hypothesis.strategies as st
import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from ansinh.cards import checks as card_checks
from ansinh.cards.operations import project_standing
from ansinh.database.sql import execute, number, row, rows
from ansinh.foundation.errors import Refusal
from ansinh.people import checks as people_checks
from ansinh.people.operations import open_record
from ansinh.people.operations.records import Newcomer
from ansinh.people.queries import person_of_number, records_of, resolve
from ansinh.places.operations import load_reference
from tests.people.identity_cast import REASON, approve, correct, later, merge, unmerge
from tests.support.cast import ANYBODY_WITH_RIGHTS, JULY

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("merging at random")]
PEOPLE = 4
TODAY = JULY.at.date()
_numbers = itertools.count(1)


def _span(person: int, no: int) -> None:
    execute(
        "INSERT INTO participation_span (person_id, span_id, scheme, unemployment, from_month, wage) VALUES (%s, %s, 'voluntary', false, 202401, 1)",
        [person, no],
    )


def _coverage(person: int, no: int) -> None:
    execute(
        """
        INSERT INTO participation_coverage (person_id, coverage_id, object_code, facility, card_province, valid_from, valid_until)
        VALUES (%(person)s, %(no)s, 'DN', '01001', '01', date '2000-01-01' + %(no)s::int, date '2000-01-01' + %(no)s::int + 1)
        """,
        {"person": person, "no": no},
    )


def _card(person: int, no: int) -> None:
    execute(
        "INSERT INTO cards_card (person_id, card_number, object_code, level, issued_on) VALUES (%s, %s, 'DN', 4, '2025-01-01')",
        [person, f"DN4019{no:09}"],
    )
    execute("INSERT INTO people_identifier VALUES (%s, 'card', %s, '2025-01-01')", [f"DN4019{no:09}", person])


ROOMS: dict[str, tuple[str, Callable[[int, int], None]]] = {
    "participation_span": ("span_id", _span),
    "participation_coverage": ("coverage_id", _coverage),
    "cards_card": ("right(card_number, 9)::bigint", _card),
}


class Undone(Exception):
    """Takes back what one example did."""


@contextmanager
def taken_back() -> Iterator[None]:
    """Undo the block's work in the database, so that examples do not meet."""
    with suppress(Undone), transaction.atomic():
        yield
        raise Undone


class Merging(RuleBasedStateMachine):
    """The model: whose record each was merged into, which numbers and rows each record owns."""

    def __init__(self) -> None:
        super().__init__()
        self.block = taken_back()
        self.block.__enter__()
        self.day = 0
        self.into: dict[int, int] = {}
        self.pins: dict[int, str] = {}
        self.owned: list[tuple[str, int, int]] = []
        self.people = [self._open(n) for n in range(PEOPLE)]

    def _open(self, n: int) -> int:
        newcomer = Newcomer("Nguyễn Văn An", "1980-05-04", "M", "01/00004", si_code=f"01999{n:05}")
        return open_record(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=JULY, newcomer=newcomer)

    def root(self, person: int) -> int:
        while person in self.into:
            person = self.into[person]
        return person

    @rule(one=st.integers(0, PEOPLE - 1), other=st.integers(0, PEOPLE - 1))
    def merge(self, one: int, other: int) -> None:
        alias, survivor = self.people[one], self.people[other]
        self.day += 1
        if alias in self.into or self.root(survivor) == alias or alias in self.pins:
            with pytest.raises(Refusal):
                merge(alias, survivor, later(self.day))
            return
        merge(alias, survivor, later(self.day))
        self.into[alias] = self.root(survivor)

    @precondition(lambda self: self.into)
    @rule(choice=st.randoms(use_true_random=False))
    def unmerge(self, choice: object) -> None:
        alias = sorted(self.into)[choice.randrange(len(self.into))]  # type: ignore[attr-defined]
        self.day += 1
        unmerge(alias, later(self.day))
        del self.into[alias]

    @rule(table=st.sampled_from(sorted(ROOMS)), one=st.integers(0, PEOPLE - 1))
    def add_row(self, table: str, one: int) -> None:
        no = next(_numbers)
        ROOMS[table][1](self.people[one], no)
        self.owned.append((table, self.people[one], no))

    @rule(one=st.integers(0, PEOPLE - 1))
    def give_number(self, one: int) -> None:
        person = self.people[one]
        if person in self.into or person in self.pins:
            return
        self.day += 1
        self.pins[person] = f"{next(_numbers):012}"
        approve(correct(person, "pin", None, self.pins[person], later(self.day)).request, later(self.day))

    @invariant()
    def every_alias_is_one_step(self) -> None:
        stored = dict(rows("SELECT alias_person_id, person_id FROM people_alias"))
        assert stored == {alias: self.root(alias) for alias in self.into}
        for n, person in enumerate(self.people):
            assert resolve(person) == self.root(person)
            assert person_of_number("si_code", f"01999{n:05}") == self.root(person)
        for person, pin in self.pins.items():
            assert person_of_number("pin", pin) == person

    @invariant()
    def every_card_leads_to_whom_its_record_stands_for(self) -> None:
        for table, person, no in self.owned:
            if table == "cards_card":
                assert person_of_number("card", f"DN4019{no:09}") == self.root(person)

    @invariant()
    def every_row_is_with_its_owner(self) -> None:
        for table, (name, _) in ROOMS.items():
            kept = rows(f"SELECT person_id, {name} FROM {table} WHERE person_id = ANY(%s) ORDER BY 2", [self.people])
            assert kept == [(person, no) for where, person, no in self.owned if where == table]

    @invariant()
    def standings_show_the_coverage_of_all_records_of_a_human(self) -> None:
        project_standing(
            actor=ANYBODY_WITH_RIGHTS,
            reason=REASON,
            clock=JULY,
            from_person=min(self.people),
            until_person=max(self.people) + 1,
        )
        covered = {person for table, person, _ in self.owned if table == "participation_coverage"}
        shown = {int(one[0]) for one in rows("SELECT person_id FROM cards_standing")}
        assert shown == {self.root(person) for person in covered}
        for person in shown:
            newest = max(
                no
                for table, owner, no in self.owned
                if table == "participation_coverage" and owner in records_of(person)
            )
            found = row("SELECT valid_from - date '2000-01-01' FROM cards_standing WHERE person_id = %s", [person])
            assert found == (newest,)
        assert card_checks.checks(TODAY)[0].ok

    def teardown(self) -> None:
        try:
            assert all(result.ok for result in people_checks.checks())
            for alias in sorted(self.into, reverse=True):
                self.day += 1
                unmerge(alias, later(self.day))
                del self.into[alias]
            self.every_alias_is_one_step()
            self.every_row_is_with_its_owner()
            self.standings_show_the_coverage_of_all_records_of_a_human()
            assert number("SELECT count(*) FROM people_alias") == 0
            assert all(result.ok for result in people_checks.checks())
        finally:
            self.block.__exit__(None, None, None)


@pytest.mark.parametrize("examples", [12, pytest.param(500, marks=pytest.mark.campaign)])
def test_merges_and_unmerges_lose_nothing(examples: int) -> None:
    if examples > 12 and not os.environ.get("CAMPAIGN"):
        pytest.skip("runs under make campaign")
    load_reference(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=JULY)
    run_state_machine_as_test(
        Merging,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )

"""The register's news changes people once, however often it is told, and merges nobody."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ansinh.database.sql import execute, number, row, rows
from ansinh.people import checks
from ansinh.people.operations import (
    mark_for_verification,
    record_death,
    replace_pin,
)
from ansinh.people.queries import count_unverified, person_of_number, statements_about
from tests.people.identity_cast import AN, BINH, CHI, REASON, decide, holder_of, later, load, verdict_of, verified
from tests.support.cast import ANYBODY_WITH_RIGHTS, JULY

pytestmark = pytest.mark.django_db
ON = date(2025, 7, 30)


@pytest.fixture
def first(tmp_path: Path) -> int:
    """The first of three records, verified as AN; the second as BINH."""
    person = load(tmp_path, {}, {}, {})
    verified({person: AN, person + 1: BINH})
    decide({"person_id": person + 2, "verdict": "not_found"})
    return person


def replace(old: str, new: str | None) -> int | None:
    return replace_pin(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=later(), old=old, new=new, on=later().at.date())


def whole() -> bool:
    return all(result.ok for result in checks.checks())


def test_mark_for_verification_finds_people_by_every_number_that_concerns_them(first: int) -> None:
    def mark() -> int:
        return mark_for_verification(
            actor=ANYBODY_WITH_RIGHTS,
            reason=REASON,
            clock=JULY,
            because="moved",
            person_ids=[first + 2],
            pins=[AN, CHI],
        )

    assert mark() == 2
    assert mark() == 2
    assert rows("SELECT person_id, because FROM people_due ORDER BY 1") == [(first, "moved"), (first + 2, "moved")]
    assert count_unverified(JULY.at.date()) == 2


def test_replace_pin_follows_the_register_once_and_the_old_number_keeps_resolving(first: int) -> None:
    assert replace(AN, CHI) == first
    assert replace(AN, CHI) is None
    assert (holder_of(AN), holder_of(CHI), verdict_of(first)) == (None, first, ("verified", CHI))
    assert person_of_number("pin", AN) == first
    assert whole()


def test_replace_pin_by_one_another_record_carries_makes_a_duplicate_and_merges_nobody(first: int) -> None:
    assert replace(AN, BINH) == first
    assert (verdict_of(first), holder_of(BINH)) == (("duplicate", BINH), first + 1)
    assert rows("SELECT person_id FROM people_due ORDER BY 1") == [(first,), (first + 1,)]
    assert number("SELECT count(*) FROM people_alias") == 0
    assert whole()


def test_replace_pin_by_nothing_ends_the_number(first: int) -> None:
    assert replace(AN, None) == first
    assert (holder_of(AN), verdict_of(first)) == (None, ("not_found", None))
    assert whole()


def test_a_cancellation_taken_back_lets_the_person_be_verified_again(first: int) -> None:
    replace(AN, None)
    mark_for_verification(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=later(2), because="withdrawn", pins=[AN])
    assert number("SELECT count(*) FROM people_due WHERE person_id = %s", [first]) == 1
    verified({first: AN}, later(3))
    assert (holder_of(AN), verdict_of(first)) == (first, ("verified", AN))
    assert whole()


def test_replace_pin_keeps_the_officers_decision_theirs(first: int) -> None:
    execute("UPDATE people_verdict SET officer = 'hanoi.lan' WHERE person_id = %s", [first])
    replace(AN, CHI)
    assert row("SELECT officer FROM people_verdict WHERE person_id = %s AND superseded_at IS NULL", [first]) == (
        "hanoi.lan",
    )


def test_record_death_has_one_effect_and_can_be_taken_back(first: int) -> None:
    def tell(on: date | None) -> int | None:
        return record_death(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=JULY, pin=AN, on=on)

    assert tell(ON) == first
    assert tell(ON) is None
    assert row("SELECT died_on FROM people_insured_v1 WHERE person_id = %s", [first]) == (ON,)
    assert tell(None) == first
    assert row("SELECT died_on FROM people_insured_v1 WHERE person_id = %s", [first]) == (None,)
    said = [(one.value, one.source, one.state) for one in statements_about(first) if one.field == "died_on"]
    assert said[:2] == [(None, "population register", "in use"), ("2025-07-30", "population register", "former")]
    assert record_death(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=JULY, pin=CHI, on=ON) is None
    assert whole()

"""“My pension at 62”: over the real book, every assumption said, nothing stored."""

from __future__ import annotations

from datetime import date

import pytest

from ansinh.benefits.queries import Wish, simulate_pension
from ansinh.database.sql import execute, rows
from ansinh.foundation.errors import InvalidInput, NotFound
from tests.benefits.filed import TODAY, WIDOW, WOMAN, WORKER, at, settle

pytestmark = pytest.mark.django_db
_STORED = "SELECT person_id FROM benefits_application UNION ALL SELECT person_id FROM benefits_decision UNION ALL SELECT person_id FROM benefits_entitlement"


@pytest.fixture(autouse=True)
def _settled(db: None) -> None:
    settle()


def test_at_62_a_worker_has_what_was_paid_and_what_is_assumed() -> None:
    found = simulate_pension(WORKER, TODAY.at, Wish(age=62))
    # Born in February 1990: 62 in February 2052, paid from March; 65 months in the book and 320 to go.
    assert (found.from_month, found.months_until, found.months_paid) == (205203, 320, 385)
    # 32 years and a month count 32.5: 45 % + 2 × 12.5.
    assert found.results["pension_rate"] == 70
    lines = found.explanation["average_salary"]["lines"]
    assert sum(line["months"] for line in lines) == 385
    assert {line["coefficient_hundredths"] for line in lines if line["year"] >= 2024} == {100}
    assert found.explanation["steps"][0]["value"] == found.explanation["average_salary"]["amount"]
    assert {one.key for one in found.assumptions} == {"wage", "law", "money"}
    assert found.unknown_parameters[0] == "price_coefficient.year_2026"
    assert found.unknown_parameters[-1] == "price_coefficient.year_2052"
    assert rows(_STORED) == []


def test_more_wage_more_growth_or_more_years_never_give_less() -> None:
    def pension(**wish: object) -> int:
        return simulate_pension(WORKER, TODAY.at, Wish(**{"age": 62, **wish})).pension  # type: ignore[arg-type]  # wishes by name, of several types

    assert pension() < pension(growth_percent=2.0) < pension(growth_percent=4.0)
    assert pension() < pension(wage=20_000_000)
    assert pension(pays_on=False) == 0 < pension()


def test_the_legal_age_is_taken_when_none_is_told() -> None:
    found = simulate_pension(WOMAN, TODAY.at, Wish())
    assert (found.from_month, found.months_until) == (202508, 1)
    assert found.unknown_parameters == ()


def test_one_who_never_paid_is_told_why_there_is_nothing() -> None:
    found = simulate_pension(WIDOW, TODAY.at, Wish(age=60))
    assert (found.pension, found.months_paid) == (0, 0)
    assert any(step["key"] == "pension_basis" for step in found.explanation["steps"])


def test_what_cannot_be_simulated_is_refused() -> None:
    for wish in (Wish(age=120), Wish(wage=-1), Wish(growth_percent=99.0)):
        with pytest.raises(InvalidInput):
            simulate_pension(WORKER, TODAY.at, wish)
    with pytest.raises(NotFound):
        simulate_pension(999, TODAY.at, Wish())
    execute("UPDATE people_person SET birth_year = NULL WHERE person_id = %s", [WORKER])
    with pytest.raises(InvalidInput, match="birth date"):
        simulate_pension(WORKER, TODAY.at, Wish())


def test_a_year_whose_coefficients_are_not_published_takes_the_last_known_and_says_so() -> None:
    next_year = at(15).at.replace(year=2026)
    found = simulate_pension(WORKER, next_year, Wish(age=62))
    assert found.pension > 0
    assert found.unknown_parameters[0] == "price_coefficient.year_2026"
    assert any("2025" in one.vi for one in found.assumptions if one.key == "money")
    assert date(2026, 7, 15) == next_year.date()

"""Figures about people: doubtful records and their age, numbers that replace codes, and provinces that add up."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from ansinh.database.sql import execute
from ansinh.foundation.clock import FixedClock
from ansinh.foundation.errors import NotFound
from ansinh.people.operations import give_verified_numbers, load_insured
from ansinh.reporting import checks
from ansinh.reporting.operations import count_days
from ansinh.reporting.queries import figures, figures_by_province
from tests.people.identity_cast import decide as decide_as_engine
from tests.support.agency_files import write_insured
from tests.support.cast import ANYBODY_WITH_RIGHTS, DECEMBER, JULY

pytestmark = pytest.mark.django_db
YEAR_END, TODAY = date(2024, 12, 31), date(2025, 7, 31)


@pytest.fixture
def first(tmp_path: Path) -> int:
    """Four records in two provinces, the last of the armed forces."""
    records = [{}, {"province": "79"}, {"province": "79"}, {"excluded": "army"}]
    file = write_insured(tmp_path, records)
    return load_insured(actor=ANYBODY_WITH_RIGHTS, reason="thử", source="one", file=file) + 1


def decide(clock: FixedClock, *verdicts: tuple[int, str]) -> None:
    decided = [
        {"person_id": person, "verdict": verdict, "register_pin": f"{person:012}"} for person, verdict in verdicts
    ]
    decide_as_engine(*decided, clock=clock)
    give_verified_numbers(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=clock)


def value(key: str) -> tuple[float | int | None, float | int | None]:
    figure = next(one for one in figures(TODAY, YEAR_END) if one.indicator.key == key)
    return figure.value, figure.compare_value


def count() -> None:
    count_days(actor=ANYBODY_WITH_RIGHTS, reason="thử")


def test_doubtful_records_are_counted_with_their_mean_age(first: int) -> None:
    decide(DECEMBER, (first, "candidate"), (first + 1, "candidate"))
    decide(FixedClock(JULY.at - timedelta(days=10)), (first, "verified"), (first + 2, "candidate"))
    count()
    assert value("people.candidates_open") == (2, 2)
    assert value("people.candidates_age") == ((10 + 223) / 2, 11.0)


def test_pin_share_counts_holders_of_codes_outside_the_armed_forces(first: int) -> None:
    decide(DECEMBER, (first, "verified"), (first + 3, "excluded"))
    decide(JULY, (first + 1, "verified"))
    count()
    assert value("people.pin_share") == (66.67, 33.33)


def test_provinces_have_their_own_figures_and_add_up(first: int) -> None:
    decide(DECEMBER, (first, "verified"), (first + 1, "candidate"))
    decide(JULY, (first + 2, "verified"))
    count()
    assert figures_by_province("people.authenticated", YEAR_END) == [("01", 1)]
    assert figures_by_province("people.authenticated", TODAY) == [("01", 1), ("79", 1)]
    assert figures_by_province("people.pin_share", TODAY) == [("01", 100.0), ("79", 50.0)]
    assert figures_by_province("people.candidates_age", TODAY) == [("79", 223.0)]
    assert all(result.ok for result in checks.checks())
    execute(
        "UPDATE reporting_provincecount SET count = count + 1 WHERE series = 'people.authenticated' AND province = '79'"
    )
    assert [list(result.offending) for result in checks.checks()] == [
        [], ["people.authenticated"], [], [], [],
    ]  # fmt: skip


@pytest.mark.parametrize("key", ["events.received", "people.nothing"])
def test_other_figures_have_no_provinces(first: int, key: str) -> None:
    decide(DECEMBER, (first, "verified"))
    count()
    with pytest.raises(NotFound):
        figures_by_province(key, TODAY)

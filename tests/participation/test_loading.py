"""Participation is taken in once, in the agency's own numbers, and never overlaps."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from ansinh.database.sql import execute, rows
from ansinh.participation import checks
from ansinh.participation.operations import Loaded, load_participation
from ansinh.participation.queries import count_participants
from tests.support.agency_files import write_participation
from tests.support.cast import ANYBODY_WITH_RIGHTS

pytestmark = pytest.mark.django_db


def load(folder: Path, source: str, persons_before: int) -> Loaded:
    return load_participation(
        actor=ANYBODY_WITH_RIGHTS, reason="thử", source=source, folder=folder, persons_before=persons_before
    )


def test_load_participation_finds_owners_and_employers_and_loads_once(tmp_path: Path) -> None:
    folder = write_participation(tmp_path, [{"record_no": 2}], [{"record_no": 2, "from_month": 202401}])
    assert load(folder, "one", 100) == load(folder, "one", 100) == Loaded(1, 1, 1)
    assert rows("SELECT person_id, employer_id, from_month, until_month, wage FROM participation_span") == [
        (102, 1, 202401, None, 8_000_000)
    ]
    assert rows("SELECT person_id, object_code FROM participation_coverage") == [(102, "DN")]


def test_load_participation_of_a_second_file_numbers_on(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
        write_participation(folder, [{"record_no": 1}], [{"record_no": 1, "from_month": 202401}])
    load(one, "one", 100)
    load(two, "two", 200)
    assert rows("SELECT person_id, span_id, employer_id FROM participation_span ORDER BY 1") == [
        (101, 1, 1),
        (201, 2, 2),
    ]


@pytest.mark.parametrize(
    "span",
    [
        {"from_month": 202401, "until_month": 202401},
        {"from_month": 202401, "scheme": "none"},
        {"from_month": 202401, "wage": -1},
    ],
)
def test_load_participation_of_an_impossible_span_is_refused_whole(tmp_path: Path, span: dict[str, object]) -> None:
    folder = write_participation(tmp_path, [{"record_no": 1}], [{"record_no": 1, **span}])
    with pytest.raises(Exception, match="participation_span"), transaction.atomic():
        load(folder, "one", 100)
    assert rows("SELECT FROM participation_employer") == []


def test_count_participants_counts_people_on_the_day(tmp_path: Path) -> None:
    past = {"valid_from": date(2024, 1, 1), "valid_until": date(2025, 1, 1)}
    load(
        write_participation(tmp_path, [{"record_no": 1}, {"record_no": 1, **past}, {"record_no": 2, **past}]),
        "one",
        100,
    )
    assert [count_participants(day) for day in (date(2024, 12, 31), date(2025, 1, 1), date(2026, 1, 1))] == [2, 1, 0]


def test_coverage_that_overlaps_is_found_and_one_that_starts_twice_is_impossible(tmp_path: Path) -> None:
    late = {"valid_from": date(2025, 12, 1), "valid_until": date(2026, 6, 1)}
    load(write_participation(tmp_path, [{"record_no": 1}, {"record_no": 1, **late}]), "one", 100)
    assert [list(result.offending) for result in checks.checks()] == [["101"], [], []]
    with pytest.raises(IntegrityError), transaction.atomic():
        execute("UPDATE participation_coverage SET valid_from = '2025-01-01'")

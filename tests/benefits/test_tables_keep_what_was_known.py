"""The database itself refuses to rewrite what people are owed."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from ansinh.database.sql import execute, number

pytestmark = pytest.mark.django_db

VERSION = """
INSERT INTO benefits_version (person_id, entitlement_id, version, valid_from, amount, state, cause, act, province, urban, recorded_at)
VALUES (1, 1, %s, %s, %s, %s, 'grant', 'thử', '01', true, '2025-07-01')
"""


def test_versions_of_a_month_overlap_is_refused() -> None:
    execute(VERSION, [1, 202507, 100, "paid"])
    with pytest.raises(IntegrityError, match="one_from_a_month"), transaction.atomic():
        execute(VERSION, [2, 202507, 200, "paid"])
    execute("UPDATE benefits_version SET superseded_at = '2025-07-02' WHERE person_id = 1 AND version = 1")
    execute(VERSION, [2, 202507, 200, "paid"])
    assert number("SELECT count(*) FROM benefits_version") == 2


@pytest.mark.parametrize("values", [(202513, 100, "paid"), (202507, -1, "paid"), (202507, 1, "x")])
def test_versions_that_make_no_sense_are_refused(values: tuple[int, int, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        execute(VERSION, [1, *values])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE benefits_version SET amount = 5",
        "UPDATE benefits_version SET superseded_at = NULL",
        "DELETE FROM benefits_version",
    ],
)
def test_versions_are_never_edited(statement: str) -> None:
    execute(VERSION, [1, 202507, 100, "paid"])
    with pytest.raises(DatabaseError), transaction.atomic():
        execute(statement)
    execute("UPDATE benefits_version SET superseded_at = '2025-07-02'")
    with pytest.raises(DatabaseError, match="only superseded"), transaction.atomic():
        execute("UPDATE benefits_version SET superseded_at = '2025-07-03'")


def test_money_flows_by_two_people_and_a_change_is_decided_once() -> None:
    insert = """
    INSERT INTO benefits_change (person_id, change_id, entitlement_id, kind, effect_month, act, reason, request_key, prepared_by, prepared_at, approved_by,
        done_at)
    VALUES (1, %s, 1, %s, 202507, 'thử', 'thử', %s, 'officer:a', now(), %s, %s)
    """
    for number_, approved, done in ((1, None, "2025-07-02"), (2, "officer:a", "2025-07-02")):
        with pytest.raises(IntegrityError), transaction.atomic():
            execute(insert, [number_, "resume", f"k{number_}", approved, done])
    execute(insert, [3, "suspend", "k3", None, "2025-07-02"])
    with pytest.raises(DatabaseError, match="once"), transaction.atomic():
        execute("UPDATE benefits_change SET done_at = '2025-07-03' WHERE change_id = 3")


def test_frozen_months_have_partitions_of_their_own() -> None:
    assert number("SELECT benefits_ensure_month(202712)::int") == 1
    assert number("SELECT benefits_ensure_month(202712)::int") == 0
    execute("INSERT INTO benefits_frozen VALUES (202712, 1, 1, 'base', 0, 100, 'pension', '01', NULL, true, 202712)")
    assert number("SELECT count(*) FROM benefits_owed_v1 WHERE frozen_in = 202712") == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        execute("UPDATE benefits_frozen SET amount = 5")

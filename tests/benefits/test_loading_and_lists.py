"""Running pensions are taken in once; lists of who reaches an age; deaths end what is paid; checks see what is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ansinh.benefits import operations
from ansinh.benefits.effects import effects_on_benefits
from ansinh.benefits.entitlement_checks import entitlement_checks
from ansinh.benefits.queries.entitlements import due_at_death, sums_of
from ansinh.benefits.queries.reaching import (
    Page,
    births_retiring,
    losing_survivors_benefit,
    reaching_retirement,
    reaching_social_pension,
)
from ansinh.benefits.states import Kind
from ansinh.database.sql import execute, rows
from ansinh.foundation.errors import InvalidInput
from tests.benefits.entitled import PREPARES, REASON, Office, add_person, corrections, count, versions

pytestmark = pytest.mark.django_db

PAYEES: list[dict[str, Any]] = [
    {"record_no": 1, "kind": "pension", "amount": 5_000_000, "from_month": 199403, "until_month": None, "urban": True},
    {
        "record_no": 2,
        "kind": "survivor",
        "amount": 1_170_000,
        "from_month": 202301,
        "until_month": None,
        "urban": False,
    },
    {
        "record_no": 2,
        "kind": "commune_cadre",
        "amount": 2_300_000,
        "from_month": 202507,
        "until_month": None,
        "urban": False,
    },
    {
        "record_no": 3,
        "kind": "unemployment",
        "amount": 4_000_000,
        "from_month": 202503,
        "until_month": 202506,
        "urban": True,
    },
]


@pytest.fixture
def office() -> Office:
    return Office(date(2025, 7, 10))


def payee_file(folder: Path, payees: list[dict[str, Any]]) -> Path:
    names = ["record_no", "kind", "amount", "from_month", "until_month", "urban"]
    types = [pa.int64(), pa.string(), pa.int64(), pa.int32(), pa.int32(), pa.bool_()]
    arrays = [pa.array([one[name] for one in payees], kind) for name, kind in zip(names, types, strict=True)]
    pq.write_table(pa.table(arrays, names=names), folder / "payee.parquet")
    return folder / "payee.parquet"


def load(office: Office, folder: Path, payees: list[dict[str, Any]], source: str = "sha256:1") -> int:
    return operations.load_entitlements(
        actor=PREPARES,
        reason=REASON,
        clock=office.clock,
        source=source,
        file=payee_file(folder, payees),
        persons_before=100,
        owed_from=202506,
    )


def all_whole(today: date = date(2026, 12, 31)) -> dict[str, list[str]]:
    return {one.name: list(one.offending) for one in entitlement_checks(today) if not one.ok}


def test_load_takes_in_payees_once_and_owes_from_its_month(office: Office, tmp_path: Path) -> None:
    for person in (101, 102, 103):
        add_person(person)
    assert load(office, tmp_path, PAYEES) == 4
    assert load(office, tmp_path, PAYEES) == 4
    assert count("benefits_entitlement") == 4
    found = rows(
        "SELECT e.person_id, e.kind, v.valid_from, v.amount, v.state, v.cause, v.province, v.commune, v.urban, e.opened_on, e.owed_from"
        " FROM benefits_entitlement e JOIN benefits_version v USING (person_id, entitlement_id) ORDER BY 1, 2, 3"
    )
    assert found == [
        (101, "pension", 199403, 5_000_000, "paid", "load", "01", "00004", True, date(1994, 3, 1), 202506),
        (102, "cadre", 202507, 2_300_000, "paid", "load", "01", "00004", False, date(2025, 7, 1), 202507),
        (102, "survivor", 202301, 1_170_000, "paid", "load", "01", "00004", False, date(2023, 1, 1), 202506),
        (103, "unemployment", 202503, 4_000_000, "paid", "load", "01", "00004", True, date(2025, 3, 1), 202506),
        (103, "unemployment", 202506, 0, "ended", "term", "01", "00004", True, date(2025, 3, 1), 202506),
    ]
    june = office.freeze(202506)
    assert (june.obligations, june.amount, june.corrections) == (2, 6_170_000, 0)
    july = office.freeze(202507)
    assert (july.obligations, july.corrections) == (3, 0)
    assert not all_whole()
    assert [(one.kind, one.entitlements, one.owed) for one in sums_of(202507)] == [
        ("cadre", 1, 2_300_000), ("pension", 1, 5_000_000), ("survivor", 1, 1_170_000)
    ]  # fmt: skip
    assert sums_of(202507, "79") == []


def test_loading_two_files_numbers_entitlements_apart(office: Office, tmp_path: Path) -> None:
    for person in (101, 102, 103):
        add_person(person)
    load(office, tmp_path, PAYEES[:2])
    load(office, tmp_path, PAYEES[2:], source="sha256:2")
    later = office.opened(101, 1, 202507, Kind.BRIDGE)
    numbers = [int(one[0]) for one in rows("SELECT entitlement_id FROM benefits_entitlement")]
    assert len(set(numbers)) == 5
    assert later == max(numbers)


def test_a_kind_nobody_knows_is_refused_whole(office: Office, tmp_path: Path) -> None:
    add_person(101)
    with pytest.raises(InvalidInput, match="strange"):
        load(office, tmp_path, [PAYEES[0], {**PAYEES[0], "kind": "strange"}])
    assert count("benefits_entitlement") == 0


def test_retirement_list_is_by_the_law_of_the_birth_month(office: Office) -> None:
    """Labour Code art. 169, Decree 135/2020 annex I: men born in May 1964 retire at 61 years 3 months, in August 2025; women born in December 1968 at 56y8m."""
    assert births_retiring(202508, "M") == (196405,)
    assert births_retiring(202508, "F") == (196812,)
    add_person(1, birth_year=1964, birth_month=5)
    add_person(2, birth_year=1964, birth_month=5, province="79")
    add_person(3, birth_year=1964, birth_month=5, sex="F")
    add_person(4, birth_year=1968, birth_month=12, sex="F", birth_day=None)
    add_person(5, birth_year=1964, birth_month=5, died_on=date(2025, 1, 1))
    add_person(6, birth_year=1964, birth_month=5)
    office.opened(6, 5_000_000, 202001)
    assert [one.person_id for one in reaching_retirement(202508)] == [1, 2, 4]
    assert [one.person_id for one in reaching_retirement(202508, Page("01"))] == [1, 4]
    assert [one.person_id for one in reaching_retirement(202508, Page(after=1, limit=1))] == [2]
    assert reaching_retirement(202508)[0].from_month == 202509


def test_unknown_month_of_birth_counts_as_january(office: Office) -> None:
    add_person(1, birth_year=1964, birth_month=None, birth_day=None)
    january = next(month for month in range(202501, 202513) if 196401 in births_retiring(month, "M"))
    assert [one.born for one in reaching_retirement(january)] == ["1964"]


def test_children_lose_survivors_allowance_at_eighteen(office: Office) -> None:
    add_person(1, birth_year=2007, birth_month=8)
    add_person(2, birth_year=2007, birth_month=8)
    add_person(3, birth_year=1960, birth_month=8)
    child = office.opened(1, 1_170_000, 202301, Kind.SURVIVOR)
    gone = office.opened(2, 1_170_000, 202301, Kind.SURVIVOR)
    office.opened(3, 1_170_000, 202301, Kind.SURVIVOR)
    office.end(2, gone, 202507)
    (found,) = losing_survivors_benefit(202508)
    assert (found.person_id, found.entitlement_id, found.from_month) == (1, child, 202509)


def test_social_pension_list_leaves_out_whoever_is_paid(office: Office) -> None:
    add_person(1, birth_year=1950, birth_month=8)
    add_person(2, birth_year=1950, birth_month=8)
    office.opened(2, 2_000_000, 202001)
    assert [(one.person_id, one.from_month) for one in reaching_social_pension(202508)] == [(1, 202508)]


def test_deaths_end_what_is_paid_and_recover_what_was_paid_after(office: Office) -> None:
    add_person(1)
    pension = office.opened(1, 5_000_000, 202505)
    for month in (202505, 202506, 202507):
        office.freeze(month)
    execute("UPDATE people_person SET died_on = '2025-06-20' WHERE person_id = 1")
    assert "benefits.nobody_dead_is_owed" in all_whole()
    done = operations.end_for_deaths(actor=PREPARES, reason=REASON, clock=office.clock)
    assert (done.entitlements, done.overpaid) == (1, 5_000_000)
    assert versions(1, pension) == [(202505, 5_000_000, "paid"), (202507, 0, "ended")]
    assert corrections(1) == [(202507, -5_000_000)]
    assert operations.end_for_deaths(actor=PREPARES, reason=REASON, clock=office.clock).entitlements == 0
    assert not all_whole()
    assert [(one.month, one.amount, one.frozen) for one in due_at_death(1, date(2025, 6, 20))] == [
        (202506, 5_000_000, True), (202505, 5_000_000, True)
    ]  # fmt: skip


def test_deaths_known_by_a_merged_record_end_its_entitlements_too(office: Office) -> None:
    add_person(1, died_on=date(2025, 6, 20))
    add_person(2)
    execute("INSERT INTO people_alias (alias_person_id, person_id) VALUES (2, 1)")
    pension = office.opened(2, 5_000_000, 202505)
    assert operations.end_for_deaths(actor=PREPARES, reason=REASON, clock=office.clock).entitlements == 1
    assert versions(2, pension)[-1] == (202507, 0, "ended")


def test_checks_see_a_month_that_owes_other_than_was_frozen(office: Office) -> None:
    pension = office.opened(1, 5_000_000, 202505)
    office.freeze(202505)
    assert not all_whole()
    execute(
        "INSERT INTO benefits_correction VALUES (1, %s, 202505, 'base', 1, 7, 'recalculation', NULL, now())", [pension]
    )
    assert all_whole() == {"benefits.frozen_and_corrections_equal_versions": ["1"]}


def test_checks_see_whom_an_adjustment_missed_and_who_was_raised_without_one(office: Office) -> None:
    office = Office(date(2026, 6, 25))
    office.opened(1, 5_000_000, 202505)
    office.decree()
    assert all_whole() == {"benefits.adjustments_cover_everybody_once": ["1"]}
    assert not all_whole(date(2026, 6, 30))
    office.adjust()
    assert not all_whole()
    execute(
        "INSERT INTO benefits_version (person_id, entitlement_id, version, valid_from, amount, state, cause, adjusted, act, province, urban, recorded_at)"
        " SELECT 1, entitlement_id, 9, 202608, 1, 'paid', 'adjustment', true, 'x', '01', true, now() FROM benefits_entitlement"
    )
    assert all_whole() == {"benefits.adjustments_cover_everybody_once": ["1"]}


def test_checks_see_versions_known_at_one_moment_for_one_month(office: Office) -> None:
    pension = office.opened(1, 5_000_000, 202505)
    execute(
        "INSERT INTO benefits_version (person_id, entitlement_id, version, valid_from, amount, state, cause, act, province, urban, recorded_at, superseded_at)"
        " SELECT 1, %s, 9, 202505, 1, 'paid', 'grant', 'x', '01', true, recorded_at + interval '1 hour', recorded_at + interval '2 hours'"
        " FROM benefits_version",
        [pension],
    )
    assert "benefits.versions_do_not_overlap" in all_whole()


def test_a_decision_about_a_payee_touches_money(office: Office) -> None:
    office.opened(1, 5_000_000, 202505)
    (effect,) = effects_on_benefits([1, 2])
    assert (effect.person_id, effect.money) == (1, True)

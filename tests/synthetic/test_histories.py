"""Work, coverage, payments and look-ups: the country's totals, and lives that make sense."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from ansinh_synthetic.coverage_days import child_card_end
from ansinh_synthetic.days import day
from ansinh_synthetic.facilities import invent_facilities
from ansinh_synthetic.objects import CODES
from ansinh_synthetic.payees import bank_codes
from ansinh_synthetic.plan import rates
from tests.synthetic.conftest import PEOPLE, Nation

LAST = datetime.date(2025, 7, 31)
YEAR_END = datetime.date(2024, 12, 31)
MINIMUM = {1: 4_960_000, 2: 4_410_000, 3: 3_860_000, 4: 3_450_000}


def _rows(table: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


@pytest.fixture(scope="module")
def truth(nation: Nation) -> dict[int, dict[str, Any]]:
    """The true person of each record."""
    person = {row["pin"]: row for row in _rows(nation("register/person"))}
    return {row["record_no"]: person[row["pin"]] for row in _rows(nation("truth/link")) if row["pin"]}


def test_participants_are_91_of_100(nation: Nation) -> None:
    coverage = _rows(nation("agency/coverage"))
    valid = {row["record_no"] for row in coverage if row["valid_from"] <= LAST < row["valid_until"]}
    assert 0.905 < len(valid) / PEOPLE < 0.915
    earlier = {row["record_no"] for row in coverage if row["valid_from"] <= YEAR_END < row["valid_until"]}
    assert 0.89 < len(earlier) / PEOPLE < 0.94


def test_coverage_never_overlaps_and_touches_the_months(nation: Nation) -> None:
    by_record = defaultdict(list)
    facilities = set(nation("agency/facility").column("code").to_pylist())
    for row in _rows(nation("agency/coverage")):
        assert row["valid_from"] < row["valid_until"]
        assert row["valid_until"] > datetime.date(2024, 12, 1)
        assert row["valid_from"] <= LAST
        assert row["object_code"] in CODES
        assert row["facility"] in facilities
        by_record[row["record_no"]].append((row["valid_from"], row["valid_until"]))
    for stretches in by_record.values():
        ordered = sorted(stretches)
        assert all(one[1] <= following[0] for one, following in pairwise(ordered))
        assert len(ordered) <= 3
    assert 1.5 < sum(map(len, by_record.values())) / len(by_record) < 2


def test_object_codes_fit_the_person(nation: Nation, truth: dict[int, dict[str, Any]]) -> None:
    seen: Counter[str] = Counter()
    for row in _rows(nation("agency/coverage")):
        person = truth.get(row["record_no"])
        if person is None or not row["valid_from"] <= LAST < row["valid_until"]:
            continue
        age, code = 2025 - person["birth_year"], row["object_code"]
        seen[code] += 1
        assert code not in {"TE"} or age <= 7
        assert code not in {"HS"} or 6 <= age <= 18
        assert code not in {"HT"} or age >= 49
        assert code not in {"DN", "NN", "HC", "CH", "QN", "CA"} or 17 <= age <= 64
        assert code not in {"DT", "DK"} or person["ethnicity"] != "Kinh"
    for code in ("GD", "TE", "HS", "SV", "DN", "HC", "HT", "HN", "CN", "BT", "DT", "DK", "QN", "CA"):
        assert seen[code], code


def test_child_card_ends_as_the_decree_says() -> None:
    end = child_card_end(np.array([day(2022, 3, 12), day(2022, 11, 5), day(2022, 9, 30)]))
    assert end.tolist() == [day(2028, 10, 1), day(2028, 12, 1), day(2028, 10, 1)]


def test_areas_stand_in_the_highlands_and_on_islands(nation: Nation) -> None:
    areas = Counter(row["area"] for row in _rows(nation("agency/coverage")))
    assert areas["K1"] > areas["K2"] > areas["K3"]
    assert areas[None] > 0.8 * sum(areas.values())


def test_contributors_have_their_shares_and_lawful_wages(nation: Nation) -> None:
    employers = {row["employer_no"]: row for row in _rows(nation("agency/employer"))}
    spans = _rows(nation("agency/span"))
    now = [row for row in spans if row["until_month"] is None]
    compulsory = [row for row in now if row["scheme"] == "compulsory"]
    assert 0.170 < len({row["record_no"] for row in compulsory}) / PEOPLE < 0.185
    voluntary = {row["record_no"] for row in now if row["scheme"] == "voluntary"}
    assert 0.018 < len(voluntary) / PEOPLE < 0.022
    for row in now:
        assert (row["employer_no"] is None) == (row["scheme"] == "voluntary")
        assert row["wage"] <= 46_800_000
        employer = employers.get(row["employer_no"])
        if employer and employer["kind"] in {"enterprise", "foreign", "cooperative"}:
            assert row["wage"] >= MINIMUM[employer["region"]]
    mean = sum(row["wage"] for row in compulsory) / len(compulsory)
    assert 6_000_000 < mean < 9_000_000
    per_worker = len([row for row in spans if row["scheme"] == "compulsory"]) / len(
        {row["record_no"] for row in spans if row["scheme"] == "compulsory"}
    )
    assert 4.5 < per_worker < 8


def test_spans_of_a_record_never_overlap_and_wages_grow(nation: Nation) -> None:
    by_record = defaultdict(list)
    for row in _rows(nation("agency/span")):
        assert 1 <= row["from_month"] % 100 <= 12
        assert row["until_month"] is None or row["from_month"] < row["until_month"] <= 202505
        by_record[row["record_no"]].append((row["from_month"], row["until_month"] or 999_999, row["wage"]))
    grown = shrunk = 0
    for spans in by_record.values():
        ordered = sorted(spans)
        assert all(one[1] <= following[0] for one, following in pairwise(ordered))
        grown += ordered[-1][2] > ordered[0][2]
        shrunk += ordered[-1][2] < ordered[0][2]
    assert grown > 20 * shrunk


def _active(rows: list[dict[str, Any]], month: int) -> list[dict[str, Any]]:
    return [r for r in rows if r["from_month"] <= month and (r["until_month"] is None or r["until_month"] > month)]


def test_payees_are_3_4_of_100_and_of_the_right_ages(nation: Nation, truth: dict[int, dict[str, Any]]) -> None:
    july = _active(_rows(nation("agency/payee")), 202507)
    kinds = Counter(row["kind"] for row in july)
    lost = kinds.pop("unemployment")
    assert 0.032 < sum(kinds.values()) / PEOPLE < 0.036
    assert 0.007 < lost / PEOPLE < 0.011
    assert set(kinds) == {"pension", "lost_capacity", "work_injury", "commune_cadre", "survivor"}
    amounts = defaultdict(list)
    for row in july:
        person = truth.get(row["record_no"])
        if person and row["kind"] == "pension":
            amounts[person["sex"]].append(row["amount"])
            age = row["from_month"] // 100 - person["birth_year"]
            assert 49 <= age <= 58 if person["sex"] == "F" else 54 <= age <= 63
        assert 500_000 <= row["amount"] <= 25_000_000
    men, women = (sum(amounts[sex]) / len(amounts[sex]) for sex in "MF")
    assert 4_500_000 < women < men < 7_500_000


def _account_share(rows: list[dict[str, Any]], month: int) -> float:
    return sum(bool(row["account_since"] and row["account_since"] <= month) for row in rows) / len(rows)


@pytest.mark.parametrize(("month", "national", "urban"), [(202507, 0.8155, 0.867), (202412, 0.75, 0.802)])
def test_accounts_have_the_reported_shares(nation: Nation, month: int, national: float, urban: float) -> None:
    active = _active(_rows(nation("agency/payee")), month)
    monthly = [row for row in active if row["kind"] != "unemployment"]
    assert abs(_account_share(monthly, month) - national) < 0.002
    assert abs(_account_share([row for row in active if row["urban"]], month) - urban) < 0.003


def test_accounts_are_at_real_banks(nation: Nation) -> None:
    payees = _rows(nation("agency/payee"))
    banks = Counter(row["bank"] for row in payees if row["bank"])
    assert set(banks) <= set(bank_codes())
    state_owned = sum(banks[code] for code in ("AGRIBANK", "VCB", "CTG", "BID"))
    assert state_owned > 0.7 * sum(banks.values())
    for row in payees:
        assert (row["bank"] is None) == (row["account"] is None) == (row["account_since"] is None)
        if row["account"]:
            assert row["account"].isdigit()
            assert row["from_month"] <= row["account_since"] <= 202507


def test_facilities_are_13000_whatever_the_people(nation: Nation) -> None:
    facilities = _rows(nation("agency/facility"))
    assert len(facilities) == 13_000
    assert len({row["code"] for row in facilities}) == 13_000
    assert {row["level"] for row in facilities} == {"primary", "basic", "specialised"}
    again = invent_facilities(7)
    assert again.codes == [row["code"] for row in facilities]
    assert again.names == [row["name"] for row in facilities]


def test_lookups_are_the_reported_ones_scaled(nation: Nation) -> None:
    log, rate = nation("agency/lookup").to_pydict(), rates()["lookups"]
    rows = list(zip(log["asked_at"], log["key_kind"], log["found"], log["record_no"], strict=True))
    moments = log["asked_at"]
    by_card = [moment for moment, kind, found, _ in rows if found and kind == "pin"]
    new_year = datetime.datetime(2024, 12, 31, 17, tzinfo=datetime.UTC)
    december = sum(moment < new_year for moment in by_card)
    assert december == rate["pin_to_december"] * PEOPLE // 10**8
    assert len(by_card) - december == rate["pin_january_to_may"] * PEOPLE // 10**8
    assert 0.03 < sum(not found for found in log["found"]) / len(rows) < 0.05
    assert all((record is None) == (not found) for _, _, found, record in rows)
    assert all(o[:6] == f"{f}-" for o, f in zip(log["officer"], log["facility"], strict=True))
    assert moments == sorted(moments)
    assert moments[0] >= datetime.datetime(2024, 11, 30, 17, tzinfo=datetime.UTC)
    assert moments[-1] < datetime.datetime(2025, 5, 31, 17, tzinfo=datetime.UTC)


def test_only_records_with_a_personal_number_are_found_by_it(nation: Nation) -> None:
    log = nation("agency/lookup").select(["record_no", "found", "key_kind"]).to_pydict()
    numbers = nation("agency/insured").column("id_number").to_pylist()
    columns = zip(log["record_no"], log["found"], log["key_kind"], strict=True)
    found = {record for record, hit, kind in columns if hit and kind == "pin"}
    assert found
    assert all(len(numbers[record - 1] or "") >= 10 for record in found)


def test_every_facility_looks_somebody_up_by_citizen_card(nation: Nation) -> None:
    log = nation("agency/lookup").select(["facility", "found", "key_kind"]).to_pydict()
    columns = zip(log["facility"], log["found"], log["key_kind"], strict=True)
    asked = {facility for facility, found, kind in columns if found and kind == "pin"}
    assert asked == set(nation("agency/facility").column("code").to_pylist())


def test_books_are_read_by_those_who_have_one_as_often_as_reported(nation: Nation) -> None:
    log, rate = nation("agency/book_reading").to_pydict(), rates()["readings"]
    rows = list(zip(log["asked_at"], log["found"], log["record_no"], strict=True))
    new_year = datetime.datetime(2024, 12, 31, 17, tzinfo=datetime.UTC)
    read = [moment for moment, found, _ in rows if found]
    december = sum(moment < new_year for moment in read)
    assert december == (rate["to_december"] * PEOPLE + 50_000_000) // 10**8
    assert len(read) - december == (rate["january_to_may"] * PEOPLE + 50_000_000) // 10**8
    assert all((record is None) == (not found) for _, found, record in rows)
    assert {record for _, _, record in rows} - {None} <= set(nation("agency/span").column("record_no").to_pylist())
    assert log["asked_at"] == sorted(log["asked_at"])
    assert log["asked_at"][-1] < datetime.datetime(2025, 5, 31, 17, tzinfo=datetime.UTC)


def test_only_first_stretches_look_back_and_most_do(nation: Nation) -> None:
    rows = _rows(nation("agency/coverage"))
    firsts: dict[int, datetime.date] = {}
    for row in rows:
        firsts[row["record_no"]] = min(firsts.get(row["record_no"], row["valid_from"]), row["valid_from"])
    told = [row for row in rows if row["continuous_since"]]
    assert all(row["valid_from"] == firsts[row["record_no"]] for row in told)
    assert all(datetime.date(2009, 7, 1) <= row["continuous_since"] < row["valid_from"] for row in told)
    assert 0.7 < len(told) / len(firsts) < 0.9


def test_submissions_and_readings_of_the_health_book_add_up_to_the_published_figures(nation: Nation) -> None:
    sent = nation("agency/submission").to_pydict()
    assert len(sent["kind"]) == round((241_000_000 + 103_000_000) * PEOPLE / 100_000_000)
    assert 0.01 < sent["accepted"].count(False) / len(sent["kind"]) < 0.04
    assert set(sent["kind"]) == {"check_in", "encounter", "paper"}
    assert all(
        (delay is None) == (kind == "check_in") for delay, kind in zip(sent["delay_hours"], sent["kind"], strict=True)
    )
    assert set(sent["facility"]) == set(nation("agency/facility")["code"].to_pylist())
    looked = sum(
        nation(f"agency/{kind}_reading")["found"].to_pylist().count(True)
        for kind in ("visit", "referral", "appointment")
    )
    assert abs(looked - (49_192_167 + 108_070_983) * PEOPLE / 100_000_000) < 10


def test_services_settled_follow_the_report_and_the_clock(nation: Nation) -> None:
    log, rate = nation("agency/service").to_pydict(), rates()["services"]
    for kind in ("child_card", "funeral", "death"):
        wanted = (rate[f"{kind}_to_december"] + rate[f"{kind}_january_to_may"]) * PEOPLE / 100_000_000
        assert abs(log["kind"].count(kind) - wanted) <= 1
    assert (
        sum(
            rate[f"{kind}_{part}"]
            for kind in ("child_card", "funeral", "death")
            for part in ("to_december", "january_to_may")
        )
        == 1_901_033
    )
    assert all(received <= settled for received, settled in zip(log["received_at"], log["settled_at"], strict=True))
    assert sorted(log["settled_at"]) == log["settled_at"]
    assert set(log["province"]) <= {f"{n:02}" for n in range(1, 97)}

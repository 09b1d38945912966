"""What one field says of another: amounts, time, keys, facilities, conditions. One cause is told once, where it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansinh.healthbook import formats
from ansinh.healthbook.formats.package import Known
from ansinh.healthbook.states import SubmissionKind
from tests.healthbook_formats.bad_values import described
from tests.healthbook_formats.good_files import (
    FACILITIES,
    FACILITY,
    GOOD,
    OTHER_FACILITY,
    PAPERS,
    ROOTS,
    Tables,
    alone,
    encoded,
    encounter,
    envelope,
    file_part,
    good_tables,
    paper,
    table_xml,
)
from tests.healthbook_formats.judged import NOBODY, errors_of, told, told_of

AMOUNTS: dict[str, Any] = json.loads((Path(formats.__path__[0]) / "amounts.json").read_text("utf-8"))
ALL_TABLES = ("XML6", "XML7", "XML8", "XML9", "XML10", "XML11", "XML13", "XML14", "XML15")


def _changed(table: str, field: str, value: str, *codes: str, row: int = 1) -> Tables:
    tables = good_tables(table, *codes)
    tables[table][row - 1][field] = value
    return tables


def _plus(value: str, more: float) -> str:
    return f"{float(value) + more:.2f}"


@pytest.mark.parametrize("table", ["XML2", "XML3"])
@pytest.mark.parametrize("more", [1000, -1, 1])
def test_wrong_amount_of_a_line_is_told_once(table: str, more: int) -> None:
    for formula in AMOUNTS["lines"][table]:
        name = formula["field"]
        if float(GOOD[table][name]) + more < 0:
            continue
        tables = _changed(table, name, _plus(GOOD[table][name], more))
        assert told_of(tables) == [(table, 1, name, "wrong_amount")], name


@pytest.mark.parametrize("more", [1000, -1, 1])
def test_wrong_total_is_told_once(more: int) -> None:
    for total in AMOUNTS["totals"]:
        name = total["field"]
        if float(GOOD["XML1"][name]) + more < 0:
            continue
        tables = _changed("XML1", name, _plus(GOOD["XML1"][name], more))
        assert told_of(tables) == [("XML1", 1, name, "wrong_total")]


@pytest.mark.parametrize(
    ("table", "field", "value", "told_at"),
    [
        ("XML2", "SO_LUONG", "20", "THANH_TIEN_BV"),
        ("XML2", "DON_GIA", "9000", "THANH_TIEN_BV"),
        ("XML2", "TYLE_TT_BH", "50", "THANH_TIEN_BH"),
        ("XML2", "MUC_HUONG", "95", "T_BHTT"),
        ("XML2", "T_NGUONKHAC_CL", "500", "T_NGUONKHAC"),
        ("XML3", "SO_LUONG", "2", "THANH_TIEN_BV"),
        ("XML3", "TYLE_TT_DV", "50", "THANH_TIEN_BV"),
        ("XML3", "DON_GIA_BV", "250000", "THANH_TIEN_BV"),
        ("XML3", "DON_GIA_BH", "250000", "THANH_TIEN_BH"),
    ],
)
def test_cause_of_several_wrong_amounts_is_told_once(table: str, field: str, value: str, told_at: str) -> None:
    assert told_of(_changed(table, field, value)) == [(table, 1, told_at, "wrong_amount")]


def test_two_amounts_wrong_for_two_reasons_are_both_told() -> None:
    tables = good_tables()
    tables["XML3"][0] |= {"THANH_TIEN_BV": "230000", "THANH_TIEN_BH": "201000"}
    assert told_of(tables) == [
        ("XML3", 1, "THANH_TIEN_BV", "wrong_amount"),
        ("XML3", 1, "THANH_TIEN_BH", "wrong_amount"),
    ]


def test_rounding_passes_and_whole_dong_are_only_told() -> None:
    assert not told_of(_changed("XML2", "THANH_TIEN_BV", "100000.01"))
    errors = errors_of(encounter(_changed("XML2", "THANH_TIEN_BV", "100000.4")))
    assert [(error.field, error.rejects) for error in errors] == [("THANH_TIEN_BV", False)]


def test_unreadable_amount_is_not_also_a_wrong_sum() -> None:
    assert told_of(_changed("XML2", "THANH_TIEN_BV", "100.000")) == [("XML2", 1, "THANH_TIEN_BV", "too_many_decimals")]
    assert told_of(_changed("XML1", "T_THUOC", "100.000,00")) == [("XML1", 1, "T_THUOC", "not_number")]


def test_row_of_an_unreadable_supply_code_is_in_no_sum() -> None:
    assert told_of(_changed("XML3", "MA_VAT_TU", "x" * 300)) == [("XML3", 1, "MA_VAT_TU", "too_long")]


def test_capped_package_and_other_sources_pass() -> None:
    tables = good_tables()
    supply = tables["XML3"][1]
    supply |= {"T_TRANTT": "40000", "THANH_TIEN_BH": "40000", "T_BNTT": "10000", "T_BHTT": "32000", "T_BNCCT": "8000"}
    drug = tables["XML2"][0]
    drug |= {"T_NGUONKHAC_CL": "5000", "T_NGUONKHAC": "5000", "T_BHTT": "76000", "T_BNCCT": "19000"}
    tables["XML1"][0] |= {
        "T_TONGCHI_BH": "340000",
        "T_BNTT": "20000",
        "T_BHTT": "268000",
        "T_BHTT_GDV": "268000",
        "T_BNCCT": "67000",
        "T_NGUONKHAC": "5000",
    }
    assert not told_of(tables)


def test_only_fee_for_service_counts_in_the_total_for_it() -> None:
    tables = _changed("XML2", "MA_PTTT", "2")
    assert told_of(tables) == [("XML1", 1, "T_BHTT_GDV", "wrong_total")]
    tables["XML1"][0]["T_BHTT_GDV"] = "200000"
    assert not told_of(tables)


def test_totals_without_lines_are_only_told() -> None:
    tables = {"XML1": good_tables()["XML1"]}
    errors = errors_of(encounter(tables))
    assert [(error.code, error.rejects) for error in errors] == [("total_without_lines", False)]


ORDERS = [
    ("XML0", "NGAY_VAO_NOI_TRU", "202506020729"),
    ("XML0", "NGAY_YL", "202506020729"),
    ("XML0", "GT_THE_DEN", "20241231"),
    ("XML1", "NGAY_VAO_NOI_TRU", "202506020729"),
    ("XML1", "NGAY_VAO_NOI_TRU", "202506061601"),
    ("XML1", "NGAY_RA", "202506020729"),
    ("XML1", "NGAY_TTOAN", "202506051600"),
    ("XML1", "NGAY_SINH", "202506070000"),
    ("XML2", "NGAY_YL", "202506020729"),
    ("XML2", "NGAY_YL", "202506061601"),
    ("XML2", "NGAY_TH_YL", "202506020959"),
    ("XML2", "NGAY_TH_YL", "202506061601"),
    ("XML3", "NGAY_YL", "202506020729"),
    ("XML3", "NGAY_YL", "202506061601"),
    ("XML3", "NGAY_TH_YL", "202506020959"),
    ("XML3", "NGAY_TH_YL", "202506061601"),
    ("XML3", "NGAY_KQ", "202506020959"),
    ("XML4", "NGAY_KQ", "202506020729"),
    ("XML5", "THOI_DIEM_DBLS", "202506020729"),
    ("XML5", "THOI_DIEM_DBLS", "202506061601"),
    ("XML6", "NGAYKT_DTRI_LAO", "20240229"),
    ("XML6", "NGAY_KQ_XN_PCR", "20250430"),
    ("XML6", "NGAY_KET_THUC_XU_TRI", "20250601"),
    ("XML7", "NGAY_RA", "202506020729"),
    ("XML7", "NGOAITRU_DENNGAY", "20250606"),
    ("XML8", "NGAY_RA", "202506020729"),
    ("XML10", "DEN_NGAY", "20250606"),
    ("XML11", "DEN_NGAY", "20250606"),
    ("XML14", "NGAY_HEN_KL", "202506061559"),
    ("XML14", "NGAY_CT", "20250601"),
    ("XML15", "NGAYKT_DTRI_LAO", "20250228"),
]


@pytest.mark.parametrize(("table", "field", "value"), ORDERS)
def test_moment_out_of_order_is_told_once(table: str, field: str, value: str) -> None:
    check_in = alone("XML0", [GOOD["XML0"] | {field: value}])
    found = told(check_in, SubmissionKind.CHECK_IN) if table == "XML0" else told_of(_changed(table, field, value))
    assert [(where, row, name) for where, row, name, _ in found] == [(table, 1, field)]
    assert found[0][3] in {"too_early", "too_late"}


def test_every_order_of_the_descriptions_has_a_case() -> None:
    tried = {(table, field) for table, field, _ in ORDERS} | {("XML6", "NGAY_KQ_XN_TLVR")}
    for table in {table for table, _ in tried}:
        as_in_summary = {field["name"] for field in described(table)["fields"] if field.get("equals_xml1")}
        for order in described(table).get("orders", ()):
            names = {order["field"], order["not_before"]}
            assert names <= as_in_summary or any((table, name) in tried for name in names), (table, order)


def test_papers_keep_order_in_every_form_of_days() -> None:
    row = PAPERS["CT03"] | {"NGAY_VAO": "02/06/2025", "NGAY_RA": "20250602"}
    assert not told(paper("CT03", row), None)
    assert told(paper("CT03", row | {"NGAY_RA": "01/06/2025"}), None) == [("CT03", 1, "NGAY_RA", "too_early")]


@pytest.mark.parametrize(
    ("form", "days", "good"),
    [
        ("01", "0", True),
        ("01", "5", False),
        ("03", "4", False),
        ("03", "6", False),
        ("05", "30", True),
        ("09", "1", False),
    ],
)
def test_treatment_days_follow_from_the_form_of_care(form: str, days: str, good: bool) -> None:
    tables = good_tables()
    tables["XML1"][0] |= {"MA_LOAI_KCB": form, "SO_NGAY_DTRI": days}
    assert told_of(tables) == ([] if good else [("XML1", 1, "SO_NGAY_DTRI", "wrong_days")])


def test_days_of_medicine_fit_the_period() -> None:
    assert told_of(_changed("XML6", "SO_NGAY_CAP_THUOC_ARV", "31")) == [
        ("XML6", 1, "SO_NGAY_CAP_THUOC_ARV", "wrong_days")
    ]


@pytest.mark.parametrize("table", ["XML6", "XML13", "XML14", "XML15"])
def test_field_unlike_the_summary_is_told_once(table: str) -> None:
    other = {
        "text": "Khác",
        "moment": "202506040800",
        "date": "20251230",
        "integer": "1",
    }
    special = {
        "MA_CSKCB": OTHER_FACILITY,
        "MA_NOI_DI": FACILITY,
        "MA_NOI_DEN": FACILITY,
        "MA_BENH_CHINH": "J15.8",
        "MA_BENH_KT": "I10",
        "MA_THE_BHYT": "DN4010123456780",
        "MA_LOAI_RV": "5",
        "NGAY_SINH": "199003160000",
        "SO_CCCD": "001190012346",
        "MA_DOITUONG_KCB": "1.1",
        "MATINH_CU_TRU": "02",
        "MAHUYEN_CU_TRU": "002",
        "MA_QUOCTICH": "001",
        "MA_DANTOC": "02",
    }
    for field in described(table)["fields"]:
        name = field["name"]
        if field.get("equals_xml1"):
            value = special.get(name, other[field["type"]])
            assert told_of(_changed(table, name, value)) == [(table, 1, name, "differs_from_xml1")], name


def test_treatment_of_a_referral_is_held_against_the_summary_that_spells_it_otherwise() -> None:
    (error,) = errors_of(encounter(_changed("XML13", "PP_DIEUTRI", "Phẫu thuật")))
    assert (error.field, error.code, error.values) == ("PP_DIEUTRI", "differs_from_xml1", {"than": "PP_DIEU_TRI"})
    assert "PP_DIEU_TRI của XML1" in error.vi


def test_summary_wrong_itself_is_told_once() -> None:
    tables = _changed("XML1", "GIOI_TINH", "7", *ALL_TABLES)
    assert told_of(tables) == [("XML1", 1, "GIOI_TINH", "not_in_list")]
    tables = good_tables(*ALL_TABLES)
    del tables["XML1"][0]["HO_TEN"]
    assert told_of(tables) == [("XML1", 1, "HO_TEN", "required")]


def test_key_is_the_same_in_all_tables() -> None:
    assert told_of(_changed("XML4", "MA_LK", "khác")) == [("XML4", 1, "MA_LK", "episode_differs")]
    assert told_of(_changed("XML1", "MA_LK", "khác", *ALL_TABLES)) == [("XML1", 1, "MA_LK", "episode_differs")]


def test_rows_are_counted() -> None:
    tables = good_tables()
    tables["XML3"][1]["STT"] = "1"
    errors = errors_of(encounter(tables))
    assert [(error.row, error.code, error.rejects) for error in errors] == [(2, "out_of_sequence", False)]


@pytest.mark.parametrize(
    ("known", "facility", "code"),
    [
        (Known(OTHER_FACILITY, FACILITIES), FACILITY, "sender_differs"),
        (Known(None, FACILITIES), "99999", "unknown_facility"),
        (Known("99999", FACILITIES), "99999", "unknown_facility"),
    ],
)
def test_sender_may_send_only_its_own(known: Known, facility: str, code: str) -> None:
    tables = good_tables(*ALL_TABLES)
    for rows in tables.values():
        for row in rows:
            if "MA_CSKCB" in row:
                row["MA_CSKCB"] = facility
    raw = encounter(tables).replace(f"<MACSKCB>{FACILITY}".encode(), f"<MACSKCB>{facility}".encode())
    assert told(raw, known=known) == [("GIAMDINHHS", 0, "MACSKCB", code)]


def test_facility_of_the_summary_is_the_sender() -> None:
    assert told_of(_changed("XML1", "MA_CSKCB", OTHER_FACILITY, *ALL_TABLES)) == [
        ("XML1", 1, "MA_CSKCB", "facility_differs")
    ]
    assert told_of(_changed("XML1", "MA_CSKCB", "99999")) == [("XML1", 1, "MA_CSKCB", "unknown_facility")]
    row = GOOD["XML0"] | {"MA_CSKCB": OTHER_FACILITY}
    assert told(alone("XML0", [row]), SubmissionKind.CHECK_IN) == [("XML0", 1, "MA_CSKCB", "sender_differs")]
    assert not told(alone("XML0", [row]), SubmissionKind.CHECK_IN, NOBODY)


def test_tables_that_do_not_belong_are_told() -> None:
    tables = good_tables("XML8")
    tables["XML1"][0] |= {"MA_LOAI_KCB": "01", "SO_NGAY_DTRI": "0"}
    assert told_of(tables) == [("XML8", 0, "", "table_not_expected")]
    tables = good_tables()
    del tables["XML1"]
    assert told_of(tables) == [("XML1", 0, "", "table_missing")]
    tables = good_tables()
    tables["XML1"].append(dict(tables["XML1"][0]))
    parts = "".join(file_part("XML1", encoded(table_xml("XML1", [row]))) for row in tables.pop("XML1"))
    rest = "".join(file_part(code, encoded(table_xml(code, rows))) for code, rows in tables.items())
    assert told(envelope(parts + rest)) == [("XML1", 2, "", "table_twice")]


def test_declared_count_and_day_of_the_envelope() -> None:
    raw = encounter(good_tables())
    assert told(raw.replace(b"<SOLUONGHOSO>1<", b"<SOLUONGHOSO>2<")) == [
        ("GIAMDINHHS", 0, "SOLUONGHOSO", "counts_differ")
    ]
    assert told(raw.replace(b"<NGAYLAP>20250607<", b"<NGAYLAP>20250631<")) == [("GIAMDINHHS", 0, "NGAYLAP", "bad_date")]


FIRST_COSTS = [("MA_DICH_VU", "TEN_DICH_VU"), ("MA_THUOC", "TEN_THUOC"), ("MA_VAT_TU", "TEN_VAT_TU")]


@pytest.mark.parametrize(("code", "name"), FIRST_COSTS)
def test_first_cost_is_a_service_a_drug_or_a_supply(code: str, name: str) -> None:
    row = {field: value for field, value in GOOD["XML0"].items() if field not in {"MA_DICH_VU", "TEN_DICH_VU"}}

    def found(more: dict[str, str]) -> list[tuple[str, int, str, str]]:
        return told(alone("XML0", [row | more]), SubmissionKind.CHECK_IN)

    assert not found({code: "A1", name: "Tên"})
    assert found({name: "Tên"}) == [("XML0", 1, code, "required")]
    assert found({code: "A1"}) == [("XML0", 1, name, "required_when")]
    assert found({}) == [("XML0", 1, "MA_DICH_VU", "required")]


def test_conditions_hold_only_where_they_hold() -> None:
    tables = good_tables("XML6", "XML7")
    tables["XML6"][0] |= {"LOAI_DTRI_LAO": "0", "MA_TINH_TRANG_DK": "2", "MA_XU_TRI": "2", "MA_PHAC_DO_DIEU_TRI": "TLD"}
    for name in (
        *("PHACDO_DTRI_LAO", "NGAYBD_DTRI_LAO", "NGAYKT_DTRI_LAO", "LAN_XN_PCR", "NGAY_XN_PCR", "NGAY_KQ_XN_PCR"),
        *("MA_KQ_XN_PCR", "NGAY_BAT_DAU_XU_TRI", "NGAY_KET_THUC_XU_TRI", "SO_NGAY_CAP_THUOC_ARV", "MA_BAC_PHAC_DO"),
    ):
        del tables["XML6"][0][name]
    tables["XML7"][0]["MA_DINH_CHI_THAI"] = "0"
    for name in (
        "NGUYENNHAN_DINHCHI",
        "THOIGIAN_DINHCHI",
        "TUOI_THAI",
        "SO_NGAY_NGHI",
        "NGOAITRU_TUNGAY",
        "NGOAITRU_DENNGAY",
    ):
        del tables["XML7"][0][name]
    tables["XML2"][0] |= {"MA_NHOM": "7"}
    del tables["XML2"][0]["TT_THAU"]
    assert not told_of(tables)


def test_transport_needs_a_fuel_code() -> None:
    tables = _changed("XML3", "MA_NHOM", "12")
    assert told_of(tables) == [("XML3", 1, "MA_XANG_DAU", "required_when")]
    tables["XML3"][0]["MA_XANG_DAU"] = "X1"
    assert not told_of(tables)


def test_wrong_group_asks_for_nothing_more() -> None:
    tables = _changed("XML3", "MA_NHOM", "99")
    del tables["XML3"][0]["NGUOI_THUC_HIEN"]
    assert told_of(tables) == [("XML3", 1, "MA_NHOM", "not_in_list")]


def test_district_may_be_empty_since_there_is_none() -> None:
    tables = good_tables()
    tables["XML1"][0] |= {"MAHUYEN_CU_TRU": "", "NGAY_RA": "202507011600", "SO_NGAY_DTRI": "30", "NGAY_TTOAN": ""}
    assert not told_of(tables)


def test_decision_3176_renames_and_lengthens() -> None:
    tables = good_tables("XML13", "XML14")
    paper_row = tables["XML13"][0]
    for name in ("TEN_DICH_VU", "TEN_THUOC", "PP_DIEU_TRI"):
        del paper_row[name]
    paper_row |= {
        "MA_CSKCB_DI": paper_row.pop("MA_NOI_DI"),
        "MA_CSKCB_DEN": paper_row.pop("MA_NOI_DEN"),
        "TINH_TRANG_CT": "Ổn định",
        "MA_TTDV": "000123/HNO-CCHN",
    }
    tables["XML1"][0]["MA_TTDV"] = "000123/HNO-CCHN"
    tables["XML14"][0] |= {"MA_TTDV": "000123/HNO-CCHN", "NGAY_HEN_KL": "20250620"}
    assert not told_of(tables, SubmissionKind.ENCOUNTER_3176)
    found = told_of(tables, SubmissionKind.ENCOUNTER_4750)
    assert found == [
        ("XML1", 1, "MA_TTDV", "too_long"),
        ("XML13", 1, "TEN_DICH_VU", "required"),
        ("XML13", 1, "MA_TTDV", "too_long"),
        ("XML14", 1, "NGAY_HEN_KL", "other_date_form"),
        ("XML14", 1, "MA_TTDV", "too_long"),
    ]
    assert not told_of(good_tables("XML14"), SubmissionKind.ENCOUNTER_3176)
    unsaid = errors_of(encounter(tables), None)
    assert not any(error.rejects for error in unsaid)


def test_referral_in_the_former_names_is_judged_by_them_under_3176() -> None:
    tables = good_tables("XML13")
    assert not told_of(tables, SubmissionKind.ENCOUNTER_3176)
    del tables["XML13"][0]["TEN_DICH_VU"]
    assert told_of(tables, SubmissionKind.ENCOUNTER_3176) == [("XML13", 1, "TEN_DICH_VU", "required")]
    tables["XML13"][0] |= {"TEN_DICH_VU": "Khám", "MA_NOI_DI": "48003"}
    assert told_of(tables, SubmissionKind.ENCOUNTER_3176) == [("XML13", 1, "MA_NOI_DI", "differs_from_xml1")]


def test_diagnoses_of_both_editions_pass() -> None:
    for code in ("J15.9", "J159", "j15.9", "I10", "E11.2†", "N08.3*", "S52.10", "M10.07", "W01.3", "B18.10", "U07.1"):
        assert not told_of(_changed("XML1", "MA_BENH_CHINH", code)), code
    many = ";".join(f"A0{number % 7}.0" for number in range(13))
    assert told_of(_changed("XML1", "MA_BENH_KT", many)) == [("XML1", 1, "MA_BENH_KT", "too_many_values")]


@pytest.mark.parametrize("table", [code for code in ROOTS if code not in {"XML0", "XML12", "XML13"}])
def test_sizes_are_those_of_the_decision(table: str) -> None:
    for field in described(table)["fields"]:
        later = field.get("decision_3176", {})
        if "max" not in later or field["type"] != "text" or field.get("shape") == "identity_number":
            continue
        name, former, now = field["name"], field["max"], later["max"]
        shorter = min(limit for limit in (former, now) if limit is not None)
        between = _changed(table, name, "1" * (shorter + 1))
        refused = [(table, 1, name, "too_long")]
        assert told_of(between, SubmissionKind.ENCOUNTER_3176) == (refused if now == shorter else []), name
        assert errors_of(encounter(between), None)[0].rejects is False, name
        if now is not None:
            assert told_of(_changed(table, name, "1" * (now + 1)), SubmissionKind.ENCOUNTER_3176) == refused, name

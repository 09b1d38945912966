"""An encounter file as an entry: the visit's line, and the rows of its tables in the order of the book's columns.

Field names: Decisions 130, 4750 and 3176/QĐ-BYT; where Decision 4210/QĐ-BYT (2017) has another, it stands second.
"""

from __future__ import annotations

from datetime import datetime

from ansinh.healthbook.formats.package import Episode, Row
from ansinh.healthbook.intake.entries import Entry, Said, fields, first, numbers_of
from ansinh.healthbook.intake.moments import at, day, moment
from ansinh.healthbook.intake.papers import papers_of_encounter
from ansinh.healthbook.intake.sensitive import label_of
from ansinh.healthbook.states import Sensitive

VISIT_COLUMNS = (
    "care_kind",
    "patient_category",
    "admitted_at",
    "inpatient_at",
    "discharged_at",
    "days",
    "result",
    "discharge_kind",
    "department",
    "doctor",
    "reason",
    "admission_diagnosis",
    "diagnosis_text",
    "main_diagnosis",
    "procedures",
    "treatment",
    "weight",
    "from_facility",
    "to_facility",
    "referral_number",
    "next_visit_on",
    "card_number",
    "notes",
    "total",
    "insured_total",
    "fund_paid",
    "patient_copaid",
    "patient_paid",
    "other_paid",
    "sensitive",
)
ROW_COLUMNS = {
    "diagnosis": ("icd10", "main", "traditional", "sensitive"),
    "medicine": (
        "code",
        "name",
        "strength",
        "form",
        "route",
        "dose",
        "usage",
        "quantity",
        "unit",
        "ordered_at",
        "prescriber",
        "amount",
        "fund_paid",
    ),
    "service": (
        "code",
        "material",
        "name",
        "group_code",
        "quantity",
        "unit",
        "ordered_at",
        "done_at",
        "resulted_at",
        "practitioner",
        "amount",
        "fund_paid",
    ),
    "result": (
        "service_code",
        "index_code",
        "index_name",
        "value",
        "unit",
        "description",
        "conclusion",
        "resulted_at",
        "reader",
    ),
    "progress": ("noted_at", "text", "stage", "consultation", "surgery", "practitioner"),
}
_MEDICINE = (
    "MA_THUOC",
    "TEN_THUOC",
    "HAM_LUONG",
    "DANG_BAO_CHE",
    "DUONG_DUNG",
    "LIEU_DUNG",
    "CACH_DUNG",
    "SO_LUONG",
    "DON_VI_TINH",
)
_RESULT = ("MA_DICH_VU", "MA_CHI_SO", "TEN_CHI_SO", "GIA_TRI", "DON_VI_DO", "MO_TA", "KET_LUAN")
_DIAGNOSES_MAX = 60


def encounter(episode: Episode) -> Entry | None:
    """Return an encounter as an entry; None without a summary that says when it began, which validation has told then."""
    summary = episode.row("XML1")
    if summary is None:
        return None
    admitted = at(summary.get("NGAY_VAO"))
    if admitted is None:
        return None
    diagnoses = _diagnoses(summary)
    labels = {line[3] for line in diagnoses if line[3]}
    if episode.rows("XML6"):
        labels.add(Sensitive.HIV.value)
    entry = Entry(episode.key, said_of(summary), admitted, admitted.year)
    entry.visit = _visit(summary, sorted(labels))
    entry.category = summary.get("MA_DOITUONG_KCB")
    entry.discharged = at(summary.get("NGAY_RA"))
    entry.rows = {
        "diagnosis": diagnoses,
        "medicine": [_medicine(row) for row in episode.rows("XML2")],
        "service": [_service(row) for row in episode.rows("XML3")],
        "result": [_result(row) for row in episode.rows("XML4")],
        "progress": [_progress(row) for row in episode.rows("XML5")],
    }
    entry.papers = papers_of_encounter(episode, next(iter(sorted(labels)), None))
    return entry


def checkin(episode: Episode) -> Entry | None:
    """Return a check-in message as an entry: who is where, since when. Its last row is the newest."""
    rows = episode.rows("XML0")
    if not rows:
        return None
    row = rows[-1]
    arrived = at(row.get("NGAY_VAO"))
    if arrived is None:
        return None
    entry = Entry(row.get("MA_LK", ""), said_of(row), arrived, arrived.year)
    entry.checkin = [
        moment(row.get("NGAY_VAO")),
        moment(row.get("NGAY_VAO_NOI_TRU")) or None,
        row.get("MA_LOAI_KCB"),
        row.get("MA_DOITUONG_KCB"),
        row.get("LY_DO_VNT"),
    ]
    return entry


def said_of(row: Row) -> Said:
    """Return what a row says of the person."""
    numbers = numbers_of(
        pin=row.get("SO_CCCD"), cards=first(row, ("MA_THE_BHYT", "MA_THE")), si_code=row.get("MA_BHXH")
    )
    return Said(numbers, row.get("HO_TEN", ""), row.get("NGAY_SINH", ""), row.get("GIOI_TINH", ""))


def _visit(row: Row, labels: list[str]) -> list[str]:
    get = row.get
    next_on = day(get("NGAY_TAI_KHAM", "").partition(";")[0])
    return [
        get("MA_LOAI_KCB", ""),
        get("MA_DOITUONG_KCB", ""),
        moment(get("NGAY_VAO")),
        moment(get("NGAY_VAO_NOI_TRU")),
        moment(get("NGAY_RA")),
        get("SO_NGAY_DTRI", ""),
        get("KET_QUA_DTRI", ""),
        first(row, ("MA_LOAI_RV", "TINH_TRANG_RV")),
        get("MA_KHOA", ""),
        get("MA_TTDV", ""),
        first(row, ("LY_DO_VV", "MA_LYDO_VVIEN")),
        get("CHAN_DOAN_VAO", ""),
        first(row, ("CHAN_DOAN_RV", "TEN_BENH")),
        first(row, ("MA_BENH_CHINH", "MA_BENH")),
        get("MA_PTTT_QT", ""),
        get("PP_DIEU_TRI", ""),
        get("CAN_NANG", ""),
        first(row, ("MA_NOI_DI", "MA_CSKCB_DI", "MA_NOI_CHUYEN")),
        first(row, ("MA_NOI_DEN", "MA_CSKCB_DEN")),
        get("GIAY_CHUYEN_TUYEN", ""),
        next_on.isoformat() if next_on else "",
        first(row, ("MA_THE_BHYT", "MA_THE")),
        get("GHI_CHU", ""),
        first(row, ("T_TONGCHI_BV", "T_TONGCHI")),
        get("T_TONGCHI_BH", ""),
        get("T_BHTT", ""),
        get("T_BNCCT", ""),
        get("T_BNTT", ""),
        get("T_NGUONKHAC", ""),
        "{" + ",".join(labels) + "}",
    ]


def _diagnoses(row: Row) -> list[list[str]]:
    main = first(row, ("MA_BENH_CHINH", "MA_BENH")).strip().upper()
    found = [[main, "t", "f", label_of(main) or ""]] if main else []
    for names, traditional in ((("MA_BENH_KT", "MA_BENHKHAC"), "f"), (("MA_BENH_YHCT",), "t")):
        for code in first(row, names).split(";"):
            plain = code.strip().upper()
            if plain and len(found) < _DIAGNOSES_MAX:
                found.append([plain, "f", traditional, label_of(plain) or ""])
    return found


def _medicine(row: Row) -> list[str]:
    get = row.get
    return [
        *fields(row, _MEDICINE),
        moment(get("NGAY_YL")),
        get("MA_BAC_SI", ""),
        first(row, ("THANH_TIEN_BV", "THANH_TIEN")),
        get("T_BHTT", ""),
    ]


def _service(row: Row) -> list[str]:
    get = row.get
    material = "MA_VAT_TU" in row
    return [
        get("MA_VAT_TU", "") if material else get("MA_DICH_VU", ""),
        "t" if material else "f",
        first(row, ("TEN_VAT_TU", "TEN_DICH_VU") if material else ("TEN_DICH_VU",)),
        get("MA_NHOM", ""),
        get("SO_LUONG", ""),
        get("DON_VI_TINH", ""),
        moment(get("NGAY_YL")),
        moment(get("NGAY_TH_YL")),
        moment(get("NGAY_KQ")),
        first(row, ("NGUOI_THUC_HIEN", "MA_BAC_SI")),
        first(row, ("THANH_TIEN_BV", "THANH_TIEN")),
        get("T_BHTT", ""),
    ]


def _result(row: Row) -> list[str]:
    return [*fields(row, _RESULT), moment(row.get("NGAY_KQ")), row.get("MA_BS_DOC_KQ", "")]


def _progress(row: Row) -> list[str]:
    return [
        moment(first(row, ("THOI_DIEM_DBLS", "NGAY_YL")) or None),
        first(row, ("DIEN_BIEN_LS", "DIEN_BIEN")),
        *fields(row, ("GIAI_DOAN_BENH", "HOI_CHAN", "PHAU_THUAT", "NGUOI_THUC_HIEN")),
    ]


def hours_between(earlier: datetime | None, later: datetime) -> int | None:
    """Return the whole hours from a discharge to its receipt; None without a discharge, 0 when the file came before it."""
    return None if earlier is None else max(0, int((later - earlier).total_seconds() // 3600))

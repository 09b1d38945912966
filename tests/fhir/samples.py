# ruff: noqa: E501 - a row a line, as tables are read
"""Books of invented patients, as the database would tell them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from ansinh.gateway.fhir.identities import Identities
from ansinh.gateway.fhir.resources.telling import Teller
from ansinh.gateway.fhir.rows import (
    Allergy,
    Appointment,
    Book,
    Cover,
    Diagnosis,
    Medicine,
    Paper,
    Person,
    Referral,
    Result,
    Service,
    Visit,
)
from ansinh.gateway.fhir.shelf import Shelf

NOW = datetime(2025, 7, 31, 2, tzinfo=UTC)
BASE = "https://ansinh.example/fhir/R4"
IDENTITIES = Identities("a secret of the tests")
FACILITY = {"facility": "01001", "facility_name": "Bệnh viện Mẫu"}
DOCTOR = "0012345/HNO-CCHN"


def shelf(book: Book) -> Shelf:
    """Return the resources of a book, told by the tests' own secret."""
    return Shelf(book, Teller(book.person, IDENTITIES.name, BASE, NOW))


def person(person_id: int = 1, **given: object) -> Person:
    """Return an invented person."""
    said: dict[str, object] = {
        "person_id": person_id,
        "full_name": "Nguyễn Thị Bưởi",
        "recorded_at": datetime(2024, 12, 1, tzinfo=UTC),
        "sex": "F",
        "born": "1961-03-08",
        "address": "Số 5, Phường Mẫu, Hà Nội",
        "pin": f"00116100{person_id:04d}",
        "si_code": f"01{person_id:08d}",
    }
    return Person(**{**said, **given})  # type: ignore[arg-type]


def cover() -> Cover:
    """Return a card in force."""
    return Cover(
        object_code="HT",
        level=2,
        valid_from=date(2025, 1, 1),
        valid_until=date(2026, 1, 1),
        status="active",
        recorded_at=datetime(2025, 1, 1, tzinfo=UTC),
        card_number="HT2010100000001",
        **FACILITY,
    )


def visit(visit_id: int, days_ago: int, **given: object) -> Visit:
    """Return a visit that ended on the day it began unless said otherwise."""
    at = NOW - timedelta(days=days_ago)
    said: dict[str, object] = {
        "visit_id": visit_id,
        "version": 1,
        "episode": f"01001.{visit_id}",
        "admitted_at": at,
        "discharged_at": at + timedelta(hours=2),
        "recorded_at": at + timedelta(hours=3),
        "care_kind": "01",
        "result": "2",
        "discharge_kind": "1",
        "doctor": DOCTOR,
        "reason": "Đau đầu, chóng mặt",
        **FACILITY,
    }
    return Visit(**{**said, **given})  # type: ignore[arg-type]


def full_book(person_id: int = 1) -> Book:
    """Return a book with something of everything."""
    return Book(
        person=person(person_id),
        cover=cover(),
        visits=[
            visit(11, 20, weight=Decimal("52.5"), main_diagnosis="I10"),
            visit(12, 400, care_kind="03", result="1", sensitive=("mental",), discharge_kind="2"),
            visit(13, 0, discharged_at=None, care_kind="09", result=None, discharge_kind=None),
        ],
        diagnoses=[
            Diagnosis(11, 1, "I10", True, False, "Essential (primary) hypertension"),
            Diagnosis(11, 2, "E119", False, False, "Type 2 diabetes mellitus without complications"),
            Diagnosis(11, 3, "Z880", False, False, "Personal history of allergy to penicillin"),
            Diagnosis(12, 1, "K35.8", True, False, "Acute appendicitis, other and unspecified"),
            Diagnosis(12, 2, "F32.0", False, False, "Mild depressive episode", "mental"),
            Diagnosis(13, 1, "U55.111", True, True),
        ],
        medicines=[
            Medicine(11, 1, "40.30", "Amlodipin", "5mg", "Viên", "1.01", "1 viên/lần x 1 lần/ngày", "Uống buổi sáng", Decimal("30.000"), "Viên", NOW - timedelta(days=20), DOCTOR),
            Medicine(11, 2, None, "Thuốc <thang> & chế phẩm", None, None, None, None, None, None, None, None, None),
        ],
        services=[
            Service(11, 1, "23.0075.1494", "Định lượng Glucose [Máu]", "1", NOW - timedelta(days=20), None, None, DOCTOR),
            Service(11, 2, "18.0119.0028", "Chụp X-quang ngực thẳng", "2", NOW - timedelta(days=20)),
            Service(12, 3, "10.0506.0459", "Phẫu thuật cắt ruột thừa", "8", None, NOW - timedelta(days=399), None, DOCTOR),
            Service(12, 4, "K02.1906", "Giường nội khoa", "15"),
        ],
        results=[
            Result(11, 1, "23.0075.1494", "23.0075", "Glucose", "7,20", "mmol/L", None, "Tăng", NOW - timedelta(days=20), DOCTOR),
            Result(11, 2, "23.0075.1494", None, "Cặn", "<0.5", "g/L"),
            Result(11, 3, "18.0119.0028", None, None, None, None, "Bóng tim bình thường", "Không thấy bất thường", None, None),
            Result(11, 4, "99.9999", None, "HBsAg", "Âm tính", None),
            Result(11, 5, "99.9999", None, "Chưa có kết quả", None, None),
        ],
        papers=[
            Paper(31, "discharge", "01001", 12, True, NOW - timedelta(days=390), "Bệnh viện Mẫu", "RV-1", date(2024, 7, 5), {"CHAN_DOAN_RV": "Viêm ruột thừa cấp", "PP_DIEUTRI": "Mổ nội soi\nKháng sinh <7 ngày>", "GHI_CHU": "Tái khám sau 7 ngày"}),
            Paper(32, "summary", "01001", 0, False, NOW - timedelta(days=390), "Bệnh viện Mẫu", None, None, {"QT_BENHLY": "Ổn định"}),
            Paper(33, "leave", "01001", 11, True, NOW - timedelta(days=20), "Bệnh viện Mẫu", "NO-7", date(2025, 7, 11), {}),
        ],
        referrals=[
            Referral(41, "01001", "CT-41", date(2025, 7, 20), date(2025, 8, 3), "once", "issued", NOW - timedelta(days=11), "Bệnh viện Mẫu", "01002", "Bệnh viện Tuyến Trên", "I10", "Tăng huyết áp", DOCTOR, 11),
            Referral(42, "01001", "CT-42", date(2025, 1, 20), date(2026, 1, 19), "year", "used", NOW - timedelta(days=190)),
            Referral(43, "01001", "CT-43", date(2025, 1, 20), date(2025, 2, 3), "once", "withdrawn", NOW - timedelta(days=190)),
        ],
        appointments=[
            Appointment(51, "01001", "HK-51", date(2025, 7, 11), date(2025, 8, 11), date(2025, 8, 21), "booked", NOW - timedelta(days=20), "Bệnh viện Mẫu", "I10", "Tăng huyết áp", DOCTOR),
            Appointment(52, "01001", "HK-52", date(2025, 1, 11), date(2025, 2, 11), date(2025, 2, 21), "booked", NOW - timedelta(days=200)),
            Appointment(53, "01001", "HK-53", date(2025, 1, 11), date(2025, 2, 11), date(2025, 2, 21), "withdrawn", NOW - timedelta(days=200)),
        ],
        allergies=[Allergy(61, "allergy", NOW - timedelta(days=20), "01001", "Bệnh viện Mẫu", "Penicillin")],
    )  # fmt: skip


def empty_book(person_id: int = 2) -> Book:
    """Return the book of somebody of whom nothing is known but a name."""
    return Book(person=person(person_id, full_name="Lê", sex=None, born=None, address=None, si_code=None))


def ten_patients() -> list[Book]:
    """Return books of ten invented patients: old and young, much and little, an allergy, none known, nobody asked, the dead, the newborn."""
    whole = full_book(1)
    none_known = Allergy(1, "none_known", NOW - timedelta(days=40), "01001", "Bệnh viện Mẫu")
    return [
        whole,
        empty_book(2),
        Book(person(3, full_name="Trần Văn Mít", sex="M", born="2019-11-02"), visits=[visit(1, 12)], diagnoses=[Diagnosis(1, 1, "J20.9", True, False, "Acute bronchitis, unspecified")], medicines=[Medicine(1, 1, "40.155", "Amoxicilin", "250mg", "Gói", dose="1 gói/lần x 2 lần/ngày", quantity=Decimal(14), unit="Gói")], allergies=[none_known]),
        Book(person(4, full_name="Lê Thị Sim", born="1938"), cover(), visits=[visit(n, n * 31, weight=Decimal("41.0")) for n in range(1, 9)], diagnoses=[Diagnosis(n, 1, code, True, False, title) for n, (code, title) in enumerate([("I50.0", "Congestive heart failure"), ("N18.3", "Chronic kidney disease, stage 3"), ("M17.1", "Other primary gonarthrosis"), ("I10", "Essential (primary) hypertension"), ("J44.1", "Chronic obstructive pulmonary disease with acute exacerbation"), ("K21.0", "Gastro-oesophageal reflux disease with oesophagitis"), ("H25.1", "Senile nuclear cataract"), ("I10", "Essential (primary) hypertension")], 1)], medicines=[Medicine(n, 1, None, name, strength, "Viên", dose="1 viên/ngày") for n, (name, strength) in enumerate([("Furosemid", "40mg"), ("Perindopril", "5mg"), ("Paracetamol", "500mg")], 1)]),
        Book(person(5, full_name="H'Bia Niê", born="1990-05"), visits=[visit(1, 100, sensitive=("reproductive",), care_kind="03")], diagnoses=[Diagnosis(1, 1, "O80.0", True, False, "Spontaneous vertex delivery", "reproductive")], services=[Service(1, 1, "13.0033", "Đỡ đẻ thường ngôi chỏm", "18", done_at=NOW - timedelta(days=100))]),
        Book(person(6, full_name="Hoàng Đức Ổi", sex="M", born="1955-01-01", died_on=date(2025, 6, 1)), visits=[visit(1, 62, result="5", care_kind="03")], diagnoses=[Diagnosis(1, 1, "C34.1", True, False, "Malignant neoplasm: Upper lobe, bronchus or lung")]),
        Book(person(7, full_name="<b>Tên & \"lạ\"</b>", address="Ngõ 1 <script>alert(1)</script>"), visits=[visit(1, 3)], diagnoses=[Diagnosis(1, 1, "R51", True, False, "Headache")]),
        Book(person(8, full_name="Phạm Thị Na", born="1972-02-29"), visits=[visit(1, 30)], diagnoses=[Diagnosis(1, 1, "E11.9", True, False, "Type 2 diabetes mellitus without complications")], services=whole.services, results=[Result(1, n, "23.0075", None, name, value, unit, resulted_at=NOW - timedelta(days=30)) for n, (name, value, unit) in enumerate([("Glucose", "11.30", "mmol/L"), ("HbA1c", "8,4", "%"), ("Creatinin", "92", "µmol/L"), ("Albumin niệu", "<20", "mg/L"), ("HBsAg", "Âm tính", None)], 1)], appointments=[Appointment(1, "01001", "HK-9", date(2025, 7, 1), date(2025, 8, 1), date(2025, 8, 11), "booked", NOW)]),
        Book(person(9, full_name="Bùi Văn Khế", sex="M"), referrals=[Referral(1, "01001", "CT-90", date(2025, 7, 29), date(2025, 8, 12), "once", "issued", NOW, "Bệnh viện Mẫu", "01002", "Bệnh viện Tuyến Trên", "S72.0", "Gãy cổ xương đùi")]),
        Book(person(10, full_name="Ngô Thị " + "Dài " * 20, born="2025-07-30"), visits=[visit(1, 0, discharged_at=None)], diagnoses=[Diagnosis(1, 1, "Z38.0", True, False, "Singleton, born in hospital")], allergies=[none_known]),
    ]  # fmt: skip

"""What a patient summary says to a reader: sentences where nothing is, words beside codes, units, days, what was left out; the same as its entries say."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # carries no types
from lxml import html
from playwright.sync_api import sync_playwright

from ansinh.gateway.fhir.page import page
from ansinh.gateway.fhir.rows import Allergy, Appointment, Book, Diagnosis, Medicine, Referral, Result
from ansinh.gateway.fhir.summary import ENTRIES_MAX, summary
from tests.desk.browsing import AXE, NARROW, browser_of
from tests.fhir.samples import NOW, empty_book, full_book, person, shelf, ten_patients, visit
from tests.fhir.validating import require_ips

PROBLEMS, ALLERGIES, MEDICINES, RESULTS, PAST, PLAN = "11450-4", "48765-2", "10160-0", "30954-2", "11348-0", "18776-5"


def told(book: Book) -> dict[str, list[str]]:
    """Return what each section says, by its code: the headings, the rows cell by cell, the notes."""
    document = summary(shelf(book), identifier="77")
    require_ips(document)
    sections: list[dict[str, Any]] = document["entry"][0]["resource"]["section"]
    return {one["code"]["coding"][0]["code"]: _lines(one["text"]["div"]) for one in sections}


def _lines(div: str) -> list[str]:
    rows = html.fromstring(div).xpath("//tr | //p")
    return [" | ".join(cell.text_content() for cell in row) if row.tag == "tr" else row.text_content() for row in rows]


def test_a_section_without_entries_says_what_is_not_there() -> None:
    said = told(empty_book())
    assert said[PROBLEMS] == ["Sổ sức khỏe không ghi bệnh nào đang mắc. / The book records no current problem."]
    assert said[MEDICINES][0].endswith("The book records no medicine ordered in the last 12 months.")
    hidden = told(msgspec.structs.replace(empty_book(), restricted=True))
    assert hidden[PROBLEMS][0].endswith("The part of the book that is open records no current problem.")


def test_old_medicines_and_past_illness_are_not_told_as_a_book_that_holds_nothing() -> None:
    book = Book(
        person(),
        visits=[visit(1, 700)],
        diagnoses=[Diagnosis(1, 1, "J20.9", True, False, "Acute bronchitis, unspecified")],
        medicines=[Medicine(1, 1, None, "Amoxicilin", "500mg")],
    )
    said = told(book)
    assert "no current problem" in said[PROBLEMS][0]
    assert "in the last 12 months" in said[MEDICINES][0]
    assert said[PAST][1] == "Acute bronchitis, unspecified | J20.9 | 31/08/2023 | đã khỏi / resolved"


def test_allergies_are_told_in_both_languages() -> None:
    assert told(empty_book())[ALLERGIES][1] == "Chưa có thông tin về dị ứng / No information about allergies | — | —"
    none_known = Allergy(1, "none_known", NOW, "01001")
    said = told(msgspec.structs.replace(empty_book(), allergies=[none_known]))
    assert said[ALLERGIES] == [
        "Tên / Name | Mã / Code | Ngày ghi / Recorded",
        "Không có dị ứng đã biết / No known allergies | — | 31/07/2025",
    ]


def test_a_diagnosis_is_called_as_its_facility_called_it_and_never_by_a_bare_code() -> None:
    text = "I10 - Tăng huyết áp vô căn; E11.9 - Đái tháo đường týp 2, F32 - trầm cảm"
    book = Book(
        person(),
        visits=[visit(1, 5, diagnosis_text=text), visit(2, 9)],
        diagnoses=[
            Diagnosis(1, 1, "I10", True, False, "Essential (primary) hypertension"),
            Diagnosis(1, 2, "E119", False, False, "Type 2 diabetes mellitus"),
            Diagnosis(2, 1, "E11.9", True, False, "Type 2 diabetes mellitus"),
            Diagnosis(2, 2, "N99.9", False, False),
            Diagnosis(2, 3, "U55.111", False, True),
        ],
    )
    assert [row.split(" | ")[0] for row in told(book)[PROBLEMS][1:]] == [
        "Tăng huyết áp vô căn / Essential (primary) hypertension",
        "Type 2 diabetes mellitus",  # once, however its code is written; words that name another diagnosis are not taken
        "Chẩn đoán mã / Diagnosis of code N99.9",
        "Chẩn đoán y học cổ truyền / Traditional-medicine diagnosis U55.111",
    ]


def test_a_strength_is_said_once_and_what_was_dispensed_is_no_dose() -> None:
    book = Book(
        person(),
        visits=[visit(1, 5)],
        medicines=[
            Medicine(1, 1, None, "Amlodipin 5mg", "5mg", dose="1 viên/ngày", quantity=Decimal("30.000"), unit="Viên"),
            Medicine(1, 2, None, "Salbutamol 2mg/5ml", "2mg/5ml; 60ml"),
            Medicine(1, 3, None, "Mixtard 30", "100IU/ml; 10ml"),
        ],
    )
    assert told(book)[MEDICINES] == [
        "Thuốc / Medicine | Cách dùng / Use | Ngày kê / Ordered",
        "Amlodipin 5mg | 1 viên/ngày; đã cấp / dispensed: 30 Viên | 26/07/2025",
        "Salbutamol 2mg/5ml 60ml | — | 26/07/2025",
        "Mixtard 30 100IU/ml; 10ml | — | 26/07/2025",
        "Thuốc được kê trong 12 tháng qua; không rõ người bệnh có dùng hay không. / Ordered in the last 12 months; whether taken is not known.",
    ]


def test_results_say_units_conclusions_and_that_there_is_none() -> None:
    at = NOW - timedelta(days=2)
    book = Book(
        person(),
        visits=[visit(1, 2)],
        results=[
            Result(1, 1, None, "GLU-B", "Glucose", "7,20", "mmol/L", None, "Tăng", at),
            Result(1, 2, None, "GLU-U", "Glucose", "Âm tính", None, None, None, at),
            Result(1, 3, None, "CRP", "CRP", "<5", "mg/L", None, None, at),
            Result(1, 4, None, "PH", "pH máu", "7.44", None, None, None, at),
            Result(1, 5, None, "HBS", "HBsAg", None, None, None, None, at),
        ],
    )
    assert told(book)[RESULTS][1:-1] == [
        "Glucose | 7.20 mmol/L; Tăng | 29/07/2025",
        "Glucose | Âm tính | 29/07/2025",
        "CRP | <5 mg/L | 29/07/2025",
        "pH máu | 7.44 | 29/07/2025",
        "HBsAg | không rõ / unknown | 29/07/2025",
    ]
    (crp,) = [one for one in shelf(book).of("Observation") if one["code"]["text"] == "CRP"]
    assert crp["valueQuantity"]["code"] == "mg/L"


def test_plans_say_where_why_and_until_when_and_leave_out_what_has_expired() -> None:
    expired = Referral(1, "01001", "CT-1", date(2025, 7, 1), date(2025, 7, 14), "once", "issued", NOW, "Bệnh viện Mẫu")
    good = Referral(2, "01001", "CT-2", date(2025, 7, 29), date(2025, 8, 12), "once", "issued", NOW, "Bệnh viện Mẫu", "01002", "Bệnh viện Tuyến Trên", "S72.0", "Gãy cổ xương đùi")  # noqa: E501  # fmt: skip
    book = Book(
        person(),
        referrals=[expired, good],
        appointments=[
            Appointment(1, "01001", "HK-2", date(2025, 7, 1), date(2025, 9, 1), date(2025, 9, 1), "booked", NOW),
            Appointment(2, "01001", "HK-1", date(2025, 7, 1), date(2025, 8, 1), date(2025, 8, 11), "booked", NOW, "BV"),
        ],
    )
    follow_up = "Khám lại / A follow up visit from a previous appointment"
    assert told(book)[PLAN] == [
        "Việc / What | Nơi / Where | Khi nào / When | Số giấy / Paper",
        "Chuyển cơ sở khám bệnh, chữa bệnh / Patient referral: Gãy cổ xương đùi | Bệnh viện Tuyến Trên | đến hết / until 12/08/2025 | CT-2",
        f"{follow_up} | BV | 01/08/2025 (đến hết / until 11/08/2025) | HK-1",
        f"{follow_up} | 01001 | 01/09/2025 | HK-2",
    ]


def test_what_is_left_out_for_length_is_said() -> None:
    many = ENTRIES_MAX + 7
    results = [Result(1, n, None, f"X{n}", f"Chỉ số {n}", str(n), "g/L") for n in range(1, many + 1)]
    said = told(Book(person(), visits=[visit(1, 2)], results=results))
    assert said[RESULTS][-1] == f"Chỉ nêu {ENTRIES_MAX} trong {many} mục. / Only {ENTRIES_MAX} of {many} are told here."
    long = summary(shelf(msgspec.structs.replace(full_book(), whole=False)), identifier="77")
    assert "its older part is not in here" in page(long)
    assert "its older part is not in here" not in page(summary(shelf(full_book()), identifier="77"))


def test_pages_are_no_wider_than_a_telephone_and_accessible() -> None:
    with sync_playwright() as playwright, browser_of(playwright) as browser:
        screen = browser.new_page(viewport=NARROW)
        for book in ten_patients():
            screen.set_content(page(summary(shelf(book), identifier="77")))
            spare = screen.evaluate("document.documentElement.clientWidth - document.documentElement.scrollWidth")
            assert spare >= 0, book.person.full_name
        screen.set_viewport_size({"width": 1280, "height": 900})
        screen.set_content(page(summary(shelf(full_book()), identifier="77")))
        found = Axe().run(screen, options=AXE)
        assert not found.response["violations"], found.generate_report()

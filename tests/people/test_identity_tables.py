"""Requests and progress are read whole in 100 columns: no figure, number or name is broken."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console
from rich.table import Table

from ansinh.cli.identity_tables import progress_table, requests_table
from ansinh.people.queries import RequestLine

SHOWN = {
    "people.authenticated": 100_200_000,
    "people.participants_authenticated": 91_000_000,
    "people.participants_share": 99.23,
    "people.pin_share": 100.0,
    "people.candidates_open": 1_234_567,
    "people.candidates_age": 1_234,
}


def lines_of(table: Table, width: int) -> list[str]:
    screen = io.StringIO()
    Console(file=screen, width=width).print(table)
    return screen.getvalue().splitlines()


def request(**changes: Any) -> RequestLine:
    fields: dict[str, Any] = dict.fromkeys(RequestLine.__dataclass_fields__)
    fields |= {
        "request": 12,
        "kind": "merge",
        "state": "prepared",
        "person_id": 1_234_567,
        "other_person_id": 7_654_321,
        "prepared_by": "hanoi.hoa",
        "effects": [],
    }
    return RequestLine(**(fields | changes))


@pytest.mark.parametrize("width", [100, 120])
def test_progress_shows_each_province_in_one_line(width: int) -> None:
    lines = lines_of(
        progress_table(
            "Xác thực theo tỉnh",
            [("79 Thành phố Hồ Chí Minh", SHOWN, 123_456), ("Cả nước · Nation", SHOWN, 1_234_567)],
        ),
        width,
    )
    figures = ["100.200.000", "91.000.000", "99,23 %", "100,00 %", "1.234.567", "1.234"]
    for name, apart in (("79 TP Hồ Chí Minh", "123.456"), ("Cả nước · Nation", "1.234.567")):
        (line,) = (one for one in lines if name in one)
        assert line.split(name)[1].replace(" %", "%").split() == [one.replace(" %", "%") for one in (*figures, apart)]
    headings = " ".join(lines)
    assert all(word in headings for word in ("Xác thực", "Verified", "% PIN", "Riêng", "Apart"))
    assert "…" not in headings
    assert max(map(len, lines)) <= width


@pytest.mark.parametrize("width", [100, 120])
def test_requests_say_each_thing_they_touch_in_a_line_of_its_own(width: int) -> None:
    touched = [
        {
            "person_id": 1_234_567,
            "vi": "thẻ DN4010123456789 (issued)",
            "en": "card DN4010123456789 (issued)",
        },
        {
            "person_id": 7_654_321,
            "vi": "tra cứu: 01004, hết hạn 01/01/2026",
            "en": "standing at 01004 until 2026-01-01",
        },
    ]
    corrected = request(
        request=13,
        kind="correct",
        other_person_id=None,
        field="birth_date",
        old_value="1980-02-01",
        new_value="1980-01-02",
        source="birth_certificate",
        evidence="giấy khai sinh 123/2025",
    )
    lines = lines_of(requests_table([request(effects=touched), corrected]), width)
    text = [line.strip("│┃ ").split("│")[-1].strip() for line in lines]
    assert "gộp · merge  #1234567 → #7654321" in text
    assert "Người lập · By: hanoi.hoa" in text
    assert "#1234567 thẻ DN4010123456789 (issued) · card DN4010123456789 (issued)" in text
    assert "#7654321 tra cứu: 01004, hết hạn 01/01/2026 · standing at 01004 until 2026-01-01" in text
    assert "Đổi · Change: 1980-02-01 → 1980-01-02" in text
    assert any(one.startswith("Giấy tờ · Paper:") and one.endswith("giấy khai sinh 123/2025") for one in text)
    assert max(map(len, lines)) <= width


def test_requests_that_touch_much_say_how_much_more() -> None:
    touched = [{"person_id": 0, "vi": f"dòng {place}", "en": f"row {place}"} for place in range(11)]
    lines = lines_of(requests_table([request(effects=touched)]), 100)
    assert any("dòng 7 · row 7" in line for line in lines)
    assert not any("dòng 8" in line for line in lines)
    assert any("… 3 nữa · more" in line for line in lines)

"""What has not happened yet, or happened before there was a book, is told in its field; clocks may differ by a day."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from ansinh.healthbook.formats.package import Known
from ansinh.healthbook.states import SubmissionKind
from tests.healthbook_formats.good_files import FACILITIES, FACILITY, GOOD, PAPERS, alone, encounter, good_tables, paper
from tests.healthbook_formats.judged import told


def on(day: str) -> Known:
    return Known(FACILITY, FACILITIES, day)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("20250607", []),
        ("20250606", []),
        ("20250605", []),
        ("20250604", [("XML1", 1, "NGAY_RA", "in_future")]),
    ],
)
def test_discharge_after_the_day_of_receipt_is_told(day: str, expected: list[tuple[str, int, str, str]]) -> None:
    assert told(encounter(good_tables()), known=on(day)) == expected


def test_years_before_the_book_are_told_once_each() -> None:
    sent = good_tables()
    for rows in sent.values():
        for row in rows:
            row |= {
                name: f"1925{value[4:]}" for name, value in row.items() if value.startswith("2025") and value.isdigit()
            }
    sent["XML1"][0]["NGAY_SINH"] = "190003150000"
    found = told(encounter(sent), known=on("20250607"))
    assert {one for one in found if one[3] == "before_records"} == {
        ("XML1", 1, name, "before_records")
        for name in ("NGAY_VAO", "NGAY_VAO_NOI_TRU", "NGAY_RA")
        if name in sent["XML1"][0]
    }


def test_check_in_of_tomorrow_passes_and_of_next_week_does_not() -> None:
    arrival = dict(GOOD["XML0"])
    raw = alone("XML0", [arrival])
    arrived = datetime.strptime(arrival["NGAY_VAO"][:8], "%Y%m%d")  # noqa: DTZ007 - a day of the calendar
    before = [f"{arrived - timedelta(days=days):%Y%m%d}" for days in (1, 7)]
    assert told(raw, SubmissionKind.CHECK_IN, on(before[0])) == []
    assert {one[3] for one in told(raw, SubmissionKind.CHECK_IN, on(before[1]))} == {"in_future"}


def test_paper_of_a_year_to_come_is_told_at_its_day_of_issue() -> None:
    row = dict(PAPERS["GIAYBAOTU"]) | {"NGAY_CAPGIAYBT": "29990101"}
    found = told(paper("GIAYBAOTU", row), SubmissionKind.DEATH_NOTICE, on("20250607"))
    assert ("GIAYBAOTU", 1, "NGAY_CAPGIAYBT", "in_future") in found

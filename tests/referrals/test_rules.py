"""How long a paper is valid, whom it takes where, and what a hospital's row says: pure rules, with cases and properties."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansinh.foundation.period import DaySpan
from ansinh.places.queries import WorkingCalendar
from ansinh.referrals.queries import paper_of_row
from ansinh.referrals.rules import (
    appointment_until,
    path_of,
    reach_of,
    tier_of,
    valid_until,
    year_long_diseases,
)
from ansinh.referrals.states import (
    APPOINTMENT_TRANSITIONS,
    REFERRAL_TRANSITIONS,
    AppointmentEvent,
    AppointmentState,
    Path,
    Reach,
    ReferralEvent,
    ReferralState,
)

# 30 April and 1 May are holidays.
CALENDAR = WorkingCalendar(
    frozenset({date(2025, 4, 30), date(2025, 5, 1)}), frozenset(), DaySpan(date(2025, 1, 1), date(2026, 1, 1))
)


@pytest.mark.parametrize(
    ("signed", "reach", "last"),
    [
        (date(2025, 6, 2), Reach.ONCE, date(2025, 6, 16)),  # ten working days, two weekends
        (date(2025, 6, 7), Reach.ONCE, date(2025, 6, 20)),  # signed on a Saturday
        (date(2025, 4, 25), Reach.ONCE, date(2025, 5, 13)),  # two holidays in between
        (date(2027, 3, 1), Reach.ONCE, date(2027, 3, 15)),  # holidays not known: weekdays count
        (date(2025, 6, 2), Reach.YEAR, date(2026, 6, 1)),
        (date(2024, 2, 29), Reach.YEAR, date(2025, 2, 28)),
    ],
)
def test_a_paper_is_valid_for_ten_working_days_or_a_year(signed: date, reach: Reach, last: date) -> None:
    assert valid_until(signed, reach, CALENDAR) == last


def test_an_appointment_can_be_kept_for_ten_working_days() -> None:
    assert appointment_until(date(2025, 7, 1), CALENDAR) == date(2025, 7, 15)


@given(st.dates(date(2024, 1, 1), date(2026, 12, 31)))
def test_ten_working_days_are_between_two_weeks_and_a_month(signed: date) -> None:
    last = valid_until(signed, Reach.ONCE, CALENDAR)
    assert timedelta(days=12) <= last - signed <= timedelta(days=31)
    assert valid_until(signed + timedelta(days=1), Reach.ONCE, CALENDAR) >= last
    assert valid_until(signed, Reach.YEAR, CALENDAR) > last


@pytest.mark.parametrize(
    ("codes", "reach"),
    [
        (["E11.9"], Reach.YEAR),
        (["K35", "C34.1"], Reach.YEAR),
        ([" i50 "], Reach.YEAR),
        (["K35"], Reach.ONCE),
        (["I51"], Reach.ONCE),
        ([], Reach.ONCE),
        (["", "???", "E1", "11E"], Reach.ONCE),
    ],
)
def test_the_reach_follows_from_the_listed_diseases(codes: list[str], reach: Reach) -> None:
    assert reach_of(codes) is reach


def test_the_list_of_diseases_is_in_order_and_has_words() -> None:
    listed = year_long_diseases()
    assert [one.first for one in listed] == sorted(one.first for one in listed)
    assert all(one.first <= one.last and one.vi and one.en for one in listed)
    assert all(one.last < after.first for one, after in itertools.pairwise(listed))


def test_own_wish_is_not_the_path_of_the_law() -> None:
    assert [path_of(reason) for reason in (1, 2, 3, None)] == [Path.RIGHT, Path.RIGHT, Path.OWN_WISH, Path.RIGHT]


def test_tiers_tell_up_from_down() -> None:
    assert tier_of("primary", "specialised") == "up"
    assert tier_of("specialised", "primary") == "down"
    assert tier_of("basic", "basic") == "across"
    assert tier_of("basic", "") == "unknown"


ROW_13 = {
    "GIAY_CHUYEN_TUYEN": "GCT-1",
    "MA_CSKCB": "01097",
    "MA_NOI_DEN": "01004",
    "NGAY_RA": "202506021030",
    "MA_BENH_CHINH": "e11.9",
    "MA_BENH_KT": "I10; ;n18",
    "MA_LYDO_CT": "2",
    "MA_BAC_SI": "BS-001",
    "CHAN_DOAN_RV": " Đái tháo đường ",
}
ROW_14 = {"SO_GIAYHEN_KL": "H-1", "NGAY_CT": "20250602", "NGAY_HEN_KL": "202507010000", "MA_BENH_CHINH": "I10"}


def test_rows_of_both_decisions_are_read() -> None:
    paper = paper_of_row("referral", ROW_13)
    assert paper is not None
    assert (paper.number, paper.to_facility, paper.issued_on, paper.reason) == ("GCT-1", "01004", date(2025, 6, 2), 2)
    assert paper.diagnoses == ("E11.9", "I10", "N18")
    later = {name: value for name, value in ROW_13.items() if name != "MA_NOI_DEN"} | {"MA_CSKCB_DEN": "01004"}
    assert paper_of_row("referral", later) == paper
    slip = paper_of_row("appointment", ROW_14)
    assert slip is not None
    assert (slip.number, slip.issued_on, slip.due_on) == ("H-1", date(2025, 6, 2), date(2025, 7, 1))


@pytest.mark.parametrize(
    ("kind", "row", "change"),
    [
        ("referral", ROW_13, {"GIAY_CHUYEN_TUYEN": " "}),
        ("referral", ROW_13, {"NGAY_RA": None}),
        ("referral", ROW_13, {"NGAY_RA": "20250230"}),
        ("referral", ROW_13, {"NGAY_RA": "２０２５０６０２"}),
        ("appointment", ROW_14, {"NGAY_HEN_KL": None}),
        ("appointment", ROW_14, {"NGAY_HEN_KL": "202505010000"}),
        ("appointment", ROW_14, {"NGAY_CT": "not a day"}),
    ],
)
def test_a_row_without_number_or_day_is_no_paper(kind: str, row: dict[str, str], change: dict[str, str | None]) -> None:
    assert paper_of_row(kind, row | change) is None


def test_every_state_is_reached_and_every_event_leads_somewhere() -> None:
    assert {after for steps in REFERRAL_TRANSITIONS.values() for after in steps.values()} == set(ReferralState)
    assert set(REFERRAL_TRANSITIONS) == set(ReferralEvent)
    assert {after for steps in APPOINTMENT_TRANSITIONS.values() for after in steps.values()} == set(AppointmentState)
    assert set(APPOINTMENT_TRANSITIONS) == set(AppointmentEvent)

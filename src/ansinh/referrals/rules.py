"""The rules of referral papers and appointments: pure functions over days, codes and levels.

Circular 01/2025/TT-BYT (papers valid ten working days from signing, one year for the diseases of appendix III); Decree 188/2025/ND-CP (path of care);
Decree 146/2018/ND-CP art. 15(5), carried on: an appointment slip is good for one visit within ten working days from its day.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path as FilePath

from ansinh.foundation.period import DaySpan
from ansinh.places.queries import CalendarUnknown, WorkingCalendar
from ansinh.referrals.states import Path, Reach

VALID_WORKING_DAYS = 10
APPOINTMENT_WORKING_DAYS = 10
# Reasons of XML13's MA_LYDO_CT: 1 the conditions are met, 2 the facility cannot treat, 3 the patient's own wish.
OWN_WISH_REASON = 3
LEVELS = ("primary", "basic", "specialised")

_ALWAYS = DaySpan(date(1900, 1, 1), date(2200, 1, 1))
_LIST = FilePath(__file__).with_name("year_long.csv")
_GROUP = re.compile(r"[A-Z][0-9]{2}")


@dataclass(frozen=True, slots=True)
class YearLong:
    """A group of diseases, from the first three-character ICD-10 code to the last."""

    first: str
    last: str
    vi: str
    en: str


@cache
def year_long_diseases() -> tuple[YearLong, ...]:
    """Return the diseases whose papers are valid for a year (Circular 01/2025/TT-BYT, appendix III), in the order of their codes."""
    lines = [line for line in _LIST.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return tuple(YearLong(**one) for one in csv.DictReader(lines))


def reach_of(diagnoses: list[str]) -> Reach:
    """Tell how far a paper with these ICD-10 codes reaches: a year when one of them is listed (Circular 01/2025/TT-BYT, appendix III)."""
    groups = {code.strip().upper()[:3] for code in diagnoses}
    listed = any(
        one.first <= group <= one.last for group in groups if _GROUP.fullmatch(group) for one in year_long_diseases()
    )
    return Reach.YEAR if listed else Reach.ONCE


def valid_until(issued_on: date, reach: Reach, calendar: WorkingCalendar) -> date:
    """Return the last day a paper is valid, counted from the day it was signed; where holidays are not known, weekdays count.

    A year is the same day of the next year, exclusive; of 29 February, up to the last of February.
    """
    if reach is Reach.ONCE:
        return _worked_after(issued_on, VALID_WORKING_DAYS, calendar)
    return date.fromordinal(_year_later(issued_on).toordinal() - 1)


def appointment_until(due_on: date, calendar: WorkingCalendar) -> date:
    """Return the last day an appointment can be kept (Decree 146/2018/ND-CP art. 15(5)); where holidays are not known, weekdays count."""
    return _worked_after(due_on, APPOINTMENT_WORKING_DAYS, calendar)


def no_holidays() -> WorkingCalendar:
    """Return the calendar of somebody who knows of no holidays: every weekday is worked."""
    return WorkingCalendar(frozenset(), frozenset(), _ALWAYS)


def path_of(reason: int | None) -> Path:
    """Tell whether a paper keeps its bearer on the right path: not when they go at their own wish (MA_LYDO_CT 3)."""
    return Path.OWN_WISH if reason == OWN_WISH_REASON else Path.RIGHT


def tier_of(level_from: str, level_to: str) -> str:
    """Tell where a paper leads: `up`, `down`, `across`, or `unknown` where a level is (Law on health insurance, as amended by 51/2024/QH15, art. 26)."""
    if level_from not in LEVELS or level_to not in LEVELS:
        return "unknown"
    step = LEVELS.index(level_to) - LEVELS.index(level_from)
    return "across" if step == 0 else "up" if step > 0 else "down"


def _worked_after(day: date, days: int, calendar: WorkingCalendar) -> date:
    """A paper of a year whose holidays are not announced is no reason to refuse a visit's file; it may end some days early, never late."""
    try:
        return calendar.add_working_days(day, days)
    except CalendarUnknown:
        return no_holidays().add_working_days(day, days)


def _year_later(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return date(day.year + 1, 3, 1)

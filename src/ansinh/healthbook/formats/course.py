"""What comes after what in an episode, and how many days it takes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from ansinh.healthbook.formats import tables
from ansinh.healthbook.formats.line_errors import Severity
from ansinh.healthbook.formats.package import Row
from ansinh.healthbook.formats.verdicts import Finding

_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_SUMMARY = "XML1."
# Days of leave beyond which a paper is told to look at: tuberculosis has the longest single one (180 days).
LEAVE_DAYS_MAX = 180
# The book has no years before.
FIRST_YEAR = "1990"
# What has happened when a file is sent: arrivals, discharges, births and deaths, and days of issue.
_HAPPENED = {
    "XML0": ("NGAY_VAO", "NGAY_VAO_NOI_TRU"),
    "XML1": ("NGAY_VAO", "NGAY_VAO_NOI_TRU", "NGAY_RA"),
    "XML12": ("NGAY_HOP",),
    "CT03": ("NGAY_CHUNG_TU", "NGAY_RA"),
    "CT04": ("NGAY_CT", "NGAY_RA"),
    "CT06": ("NGAY_CT",),
    "CT07": ("NGAY_CHUNG_TU",),
    "GIAYDIEUTRINOITRU": ("NGAY_CT", "NGAY_RA"),
    "GIAYDIEUTRIVOSINH": ("NGAY_CT",),
    "GIAYSUCKHOEME": ("NGAY_CT",),
    "GIAYBAOTU": ("NGAY_CAPGIAYBT", "NGAY_TV"),
    "GIAYCHUNGSINH": ("NGAY_CT", "NGAY_SINH_CON"),
}
_NO_DAYS = {"01", "07", "09"}
_DAYS_OF_STAY = {"02", "03", "04", "06"}


@dataclass(frozen=True, slots=True)
class Order:
    """`later` is not before `earlier`; names with `XML1.` are of the summary. `blamed` is the one of them told when it is."""

    later: str
    earlier: str
    by_days: bool
    blamed: str
    finding: Finding
    loose: bool
    """Dates are written in several forms, so that plain comparing does not do."""


@cache
def orders(code: str) -> tuple[Order, ...]:
    """Return the orders in time that a table's description states."""
    told = tables.told(code.lower())
    loose = any(field["type"] == "loose_date" for field in told["fields"])
    return tuple(_order(one, loose) for one in told.get("orders", ()))


@cache
def _quick(code: str) -> tuple[tuple[Order, str, str, bool], ...]:
    """Return orders with the plain names of their two moments."""
    return tuple((one, _name(one.later), _name(one.earlier), one.loose) for one in orders(code))


def _name(name: str) -> str:
    return name.removeprefix(_SUMMARY)


def _order(one: dict[str, Any], loose: bool) -> Order:
    later, earlier = one["field"], one["not_before"]
    if later.startswith(_SUMMARY) or one.get("blame") == earlier:
        finding = Finding("too_late", (("than", later),))
        return Order(later, earlier, bool(one.get("days")), earlier, finding, loose)
    return Order(later, earlier, bool(one.get("days")), later, Finding("too_early", (("than", earlier),)), loose)


def judge_orders(code: str, row: Row, wrong: set[str] | frozenset[str], summary: Row) -> list[tuple[str, Finding]]:
    """Return what is out of order in a row. Digits of dates compare as texts, also a day with a moment of it.

    `summary` holds the moments of XML1 that can be relied on. One wrong moment is told once."""
    found: list[tuple[str, Finding]] = []
    doubtful: set[str] = set()
    for order, after_name, before_name, loose in _quick(code):
        later, earlier = order.later, order.earlier
        if not loose:
            plain_after = row.get(after_name) if later == after_name else summary.get(after_name)
            plain_before = row.get(before_name) if earlier == before_name else summary.get(before_name)
            if plain_after is not None and plain_before is not None and plain_after >= plain_before:
                continue
        if later in doubtful or earlier in doubtful or later in wrong or earlier in wrong:
            continue
        after, before = _moment(later, row, summary), _moment(earlier, row, summary)
        if not after or not before or not _is_before(after, before, order.by_days):
            continue
        doubtful |= {later, earlier}
        found.append((order.blamed, order.finding))
    return found


def _moment(name: str, row: Row, summary: Row) -> str:
    if name.startswith(_SUMMARY):
        return summary.get(name[5:], "")
    value = row.get(name) or summary.get(name, "")
    slashed = _SLASHED.match(value)
    return f"{slashed[3]}{slashed[2]:0>2}{slashed[1]:0>2}" if slashed else value


def _is_before(after: str, before: str, by_days: bool) -> bool:
    if by_days or len(after) != len(before):
        shorter = 8 if by_days else min(len(after), len(before), 8)
        return after[:shorter] < before[:shorter]
    return after < before


def judge_present(code: str, row: Row, wrong: set[str] | frozenset[str], received_on: str) -> list[tuple[str, Finding]]:
    """Return which moments lie after the day of receipt, a day's difference of clocks allowed, or before anything the book takes in."""
    found: list[tuple[str, Finding]] = []
    for name in _HAPPENED.get(code, ()):
        value = _moment(name, row, {})
        if not value or name in wrong:
            continue
        if value[:4] < FIRST_YEAR:
            found.append((name, Finding("before_records", (("found", value[:8]), ("least", FIRST_YEAR)))))
        elif received_on and value[:8] > _day_after(received_on)[: len(value)]:
            found.append((name, Finding("in_future", (("found", value[:8]),))))
    return found


@cache
def _day_after(day: str) -> str:
    return f"{_at(day) + timedelta(days=1):%Y%m%d}"


def judge_days(code: str, row: Row, wrong: set[str] | frozenset[str]) -> list[tuple[str, Finding]]:
    """Return what is wrong with numbers of days."""
    look = _DAYS.get(code)
    return look(row, wrong) if look else []


def _treatment_days(row: Row, wrong: set[str] | frozenset[str]) -> list[tuple[str, Finding]]:
    """Judge SO_NGAY_DTRI by the form of care (QĐ 4750, XML1); a day begins at midnight or with the hour of arrival."""
    needed = ("SO_NGAY_DTRI", "MA_LOAI_KCB", "NGAY_VAO", "NGAY_RA")
    if any(name in wrong or name not in row for name in needed):
        return []
    days, form = int(row["SO_NGAY_DTRI"]), row["MA_LOAI_KCB"]
    if form in _NO_DAYS:
        allowed = {0}
    elif form in _DAYS_OF_STAY:
        arrived, left = _at(row["NGAY_VAO"]), _at(row["NGAY_RA"])
        if left < arrived:
            return []
        allowed = {(left.date() - arrived.date()).days + 1, (left - arrived).days + 1}
    else:
        return []
    if days in allowed:
        return []
    rule = "MA_LOAI_KCB 01, 07, 09 → 0; 02, 03, 04, 06 → NGAY_RA − NGAY_VAO + 1"
    return [("SO_NGAY_DTRI", Finding("wrong_days", (("rule", rule), ("expected", str(max(allowed))))))]


def _supply_days(row: Row, wrong: set[str] | frozenset[str]) -> list[tuple[str, Finding]]:
    """Judge days of ARV against the action's period (portal sheet, XML6)."""
    days = _between(row, wrong, "SO_NGAY_CAP_THUOC_ARV", "NGAY_BAT_DAU_XU_TRI", "NGAY_KET_THUC_XU_TRI")
    if days is None or int(row["SO_NGAY_CAP_THUOC_ARV"]) <= days:
        return []
    rule = "≤ NGAY_KET_THUC_XU_TRI − NGAY_BAT_DAU_XU_TRI"
    return [("SO_NGAY_CAP_THUOC_ARV", Finding("wrong_days", (("rule", rule), ("expected", str(days)))))]


def _pregnancy_days(row: Row, wrong: set[str] | frozenset[str]) -> list[tuple[str, Finding]]:
    """Judge days of pregnancy rest (portal sheet, XML10), with or without the last day, since papers count both ways: told, not refused."""
    days = _between(row, wrong, "SO_NGAY", "TU_NGAY", "DEN_NGAY")
    if days is None or int(row["SO_NGAY"]) in (days, days + 1):
        return []
    values = (("rule", "DEN_NGAY − TU_NGAY (+ 1)"), ("expected", str(days + 1)))
    return [("SO_NGAY", Finding("wrong_days", values, Severity.WARN))]


def _leave_days(row: Row, wrong: set[str] | frozenset[str]) -> list[tuple[str, Finding]]:
    """Judge days of sick leave against the longest single paper (tuberculosis): told, not refused."""
    if "SO_NGAY_NGHI" in wrong or int(row.get("SO_NGAY_NGHI", "0")) <= LEAVE_DAYS_MAX:
        return []
    return [("SO_NGAY_NGHI", Finding("too_many_days", (("limit", str(LEAVE_DAYS_MAX)),), Severity.WARN))]


def _between(row: Row, wrong: set[str] | frozenset[str], *names: str) -> int | None:
    if any(name in wrong or name not in row for name in names):
        return None
    days = (_at(row[names[2]]).date() - _at(row[names[1]]).date()).days
    return days if days >= 0 else None


def _at(value: str) -> datetime:
    day = date(int(value[:4]), int(value[4:6]), int(value[6:8]))
    return datetime(day.year, day.month, day.day, int(value[8:10] or 0), int(value[10:12] or 0))  # noqa: DTZ001 - local legal time on both sides


_DAYS = {
    "XML1": _treatment_days,
    "XML6": _supply_days,
    "XML10": _pregnancy_days,
    "XML11": _leave_days,
}

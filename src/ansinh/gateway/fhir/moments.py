"""Dates as searches compare them: a day, a month or a year is a span, and so is what a resource says (FHIR 4.0.1, section 3.1.1.5.8)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

VIET_NAM = timezone(timedelta(hours=7))
PREFIXES = frozenset({"eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"})
# `ap`: as far beside as a tenth of the time that lies between then and now.
_NEAR = 10
_FORM = re.compile(
    r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?)?)?", re.ASCII
)
FIRST = datetime(1, 1, 2, tzinfo=UTC)
LAST = datetime(9999, 12, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Span:
    """From the first moment on, up to the last and without it."""

    low: datetime
    high: datetime


class BadMoment(Exception):
    """This is no date."""


def span_of(text: str) -> Span:
    """Return the span a FHIR date, dateTime or instant names; one without a zone is of Viet Nam. Raises BadMoment."""
    form = _FORM.fullmatch(text)
    if form is None:
        raise BadMoment(text)
    year, month, day, hour, minute, second, fraction, zone = form.groups()
    try:
        where = UTC if zone == "Z" else _zone(zone) if zone else VIET_NAM
        low = datetime(
            int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=where
        )
        if fraction:
            low += timedelta(microseconds=int(fraction[1:7].ljust(6, "0")))
        return Span(low, _after(low, form.groups()))
    except (ValueError, OverflowError) as error:
        raise BadMoment(text) from error


def _after(low: datetime, parts: tuple[str | None, ...]) -> datetime:
    """Return the first moment that is not in the span any more."""
    _, month, day, hour, _, second, fraction, _ = parts
    if fraction:
        return low + timedelta(microseconds=10 ** max(0, 6 - (len(fraction) - 1)))
    if second:
        return low + timedelta(seconds=1)
    if hour:
        return low + timedelta(minutes=1)
    if day:
        return low + timedelta(days=1)
    if month:
        return low.replace(year=low.year + low.month // 12, month=low.month % 12 + 1)
    return low.replace(year=low.year + 1)


def _zone(text: str) -> timezone:
    hours, minutes = int(text[1:3]), int(text[4:6])
    if hours > 14 or minutes > 59:
        raise ValueError(text)
    return timezone(timedelta(hours=hours, minutes=minutes) * (-1 if text[0] == "-" else 1))


def span_said(value: Any) -> Span | None:
    """Return the span of a date in a resource, or of a Period; None when it says none."""
    try:
        if isinstance(value, dict):
            low = span_of(value["start"]).low if "start" in value else FIRST
            return Span(low, span_of(value["end"]).high if "end" in value else LAST)
        return span_of(value) if isinstance(value, str) else None
    except BadMoment:
        return None


def holds(prefix: str, asked: Span, said: Span, now: datetime) -> bool:
    """Tell whether what a resource says is as asked."""
    contained = asked.low <= said.low and said.high <= asked.high
    if prefix == "ap":
        near = abs(now - asked.low) / _NEAR
        return said.high > _clipped(asked.low, -near) and said.low < _clipped(asked.high, near)
    return {
        "eq": contained,
        "ne": not contained,
        "gt": said.high > asked.high,
        "ge": said.high > asked.high or contained,
        "lt": said.low < asked.low,
        "le": said.low < asked.low or contained,
        "sa": said.low >= asked.high,
        "eb": said.high <= asked.low,
    }[prefix]


def _clipped(moment: datetime, by: timedelta) -> datetime:
    try:
        return moment + by
    except OverflowError:
        return FIRST if by < timedelta(0) else LAST

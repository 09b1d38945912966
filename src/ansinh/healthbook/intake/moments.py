"""Days and moments as hospitals write them (`yyyyMMdd`, `yyyyMMddHHmm`, `yyyyMMddHHmmss`), as COPY takes them. Legal time of Viet Nam."""

from __future__ import annotations

from datetime import date, datetime

from ansinh.foundation.clock import VIET_NAM

ZONE = "+07"


def moment(text: str | None) -> str:
    """Return a moment for COPY; empty for what is none. An unknown time of day is midnight."""
    if text is None or len(text) < 8 or not text.isdigit():
        return ""
    if len(text) >= 12:
        return f"{text[:4]}-{text[4:6]}-{text[6:8]} {text[8:10]}:{text[10:12]}{ZONE}"
    return f"{text[:4]}-{text[4:6]}-{text[6:8]} 00:00{ZONE}"


def at(text: str | None) -> datetime | None:
    """Return a moment as a value; None for what is none."""
    if text is None or len(text) < 8 or not text.isdigit():
        return None
    try:
        if len(text) >= 12:
            return datetime(
                int(text[:4]), int(text[4:6]), int(text[6:8]), int(text[8:10]), int(text[10:12]), tzinfo=VIET_NAM
            )
        return datetime(int(text[:4]), int(text[4:6]), int(text[6:8]), tzinfo=VIET_NAM)
    except ValueError:
        return None


def day(text: str | None) -> date | None:
    """Return the day something begins with; None for what is no day, and where month or day are not known."""
    if text is None or len(text) < 8 or not text[:8].isdigit():
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None

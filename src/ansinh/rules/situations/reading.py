"""Days, months and ages as people write them."""

from __future__ import annotations

import re
from datetime import date

from ansinh.foundation.errors import InvalidInput
from ansinh.rules.careers.months import Month

_MONTH = re.compile(r"(\d{4})-(\d{2})(?:-\d{2})?|(?:\d{1,2}/)?(\d{1,2})/(\d{4})")
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_DAY_WRITTEN = re.compile(r"(?:(\d{1,2})/)?(\d{1,2})/(\d{4})")
_AGE = re.compile(r"(\d{1,3})(?:\s*(?:y|years?|tuổi)(?:\s*(\d{1,2})\s*(?:m|months?|tháng))?)?")


def month_of(text: str | int, where: str) -> Month:
    """Return the month a text names: 2026-03, 03/2026, or a day in it. Raises InvalidInput."""
    found = _MONTH.fullmatch(str(text).strip())
    if found:
        year, month = int(found[1] or found[4]), int(found[2] or found[3])
        if 1 <= month <= 12 and 1900 <= year <= 2200:
            if str(text).count("-") == 2 or str(text).count("/") == 2:
                day_of(text, where)
            return Month(year, month)
    raise InvalidInput(
        f"{where}: “{text}” không phải là tháng. Ghi như 2026-03 hoặc 03/2026.",
        f"{where}: “{text}” is no month. Write it like 2026-03 or 03/2026.",
        field=where,
    )


def day_of(text: str | int, where: str) -> date:
    """Return the day a text names: 1968-02-12 or 12/02/1968; an unknown day is the 1st, an unknown month January. Raises InvalidInput."""
    stated = str(text).strip()
    found, written = _DAY.fullmatch(stated), _DAY_WRITTEN.fullmatch(stated)
    try:
        if found:
            day = date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
        elif written:
            day = date(int(written[3]), int(written[2]), int(written[1] or 1))
        else:
            raise ValueError
        if 1900 <= day.year <= 2200:
            return day
    except ValueError:
        pass
    raise InvalidInput(
        f"{where}: “{text}” không phải là ngày. Ghi như 1968-02-12 hoặc 12/02/1968; không rõ ngày thì 1968-02 hoặc 1968.",
        f"{where}: “{text}” is no day. Write it like 1968-02-12 or 12/02/1968; if the day is unknown 1968-02 or 1968.",
        field=where,
    )


def age_of(text: str | int, where: str) -> int:
    """Return an age in months: 55, 55y4m, 55 tuổi 4 tháng. Raises InvalidInput."""
    found = _AGE.fullmatch(str(text).strip())
    if found and int(found[2] or 0) < 12:
        return int(found[1]) * 12 + int(found[2] or 0)
    raise InvalidInput(
        f"{where}: “{text}” không phải là tuổi. Ghi như 55, 55y4m hoặc 55 tuổi 4 tháng.",
        f"{where}: “{text}” is no age. Write it like 55 or 55y4m.",
        field=where,
    )

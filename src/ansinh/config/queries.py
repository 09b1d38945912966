"""What the wiring knows: the clock to hand to everything below."""

from __future__ import annotations

from datetime import date

from ansinh.database.sql import row
from ansinh.foundation.clock import Clock, NationClock, RealClock


def nation_day() -> date | None:
    """Return the day the invented nation has reached, or None where real people live."""
    found = row("SELECT today FROM config_nation")
    return found[0] if found else None


def nation_source() -> str | None:
    """Return the digest that names the invented nation's files, or None where real people live."""
    found = row("SELECT source FROM config_nation")
    return str(found[0]) if found else None


def agency_clock() -> Clock:
    """Return the clock the agency lives by: the nation's where one is loaded, else the machine's."""
    day = nation_day()
    return NationClock(day) if day else RealClock()

"""From which month an account is paid to: filed before the 20th, from the next month; from the 20th on, from the month after that.

Cut-off of the monthly run (Decision 166/QD-BHXH of 2019, after Decision 828/QD-BHXH of 2016).
"""

from __future__ import annotations

from datetime import datetime

from ansinh.foundation.clock import legal_day
from ansinh.foundation.period import Month

CUT_OFF_DAY = 20


def effective_month(filed_at: datetime) -> int:
    """Return the first month of payment (YYYYMM) to an account filed at that moment; the day is Viet Nam's."""
    day = legal_day(filed_at)
    return Month.containing(day).plus(1 if day.day < CUT_OFF_DAY else 2).number()

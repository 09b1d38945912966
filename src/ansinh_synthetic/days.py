"""Days as days since 1970-01-01 and months as YYYYMM or months since year 0, for whole columns at once."""

from __future__ import annotations

import numpy as np

from ansinh_synthetic.chance import Ints


def day(year: int, month: int, day_of_month: int) -> int:
    """Return a date as days since 1970-01-01."""
    return int(np.datetime64(f"{year:04d}-{month:02d}-{day_of_month:02d}", "D").astype(np.int64))


FIRST_DAY = day(2024, 12, 1)
LAST_DAY = day(2025, 7, 31)
# From this day on new births and deaths reach the agency through its partners while the nation is lived.
LIVED_FROM = day(2025, 6, 1)


def new_year(years: Ints) -> Ints:
    """Return 1 January of each year as days since 1970-01-01."""
    return (np.asarray(years, dtype=np.int64) - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)


def month_start(months: Ints) -> Ints:
    """Return the first day of each month (months since year 0) as days since 1970-01-01."""
    since_1970 = np.asarray(months, dtype=np.int64) - 1970 * 12
    return since_1970.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def months_of(days: Ints) -> Ints:
    """Return the month of each day as months since year 0."""
    as_months = np.asarray(days, dtype=np.int64).astype("datetime64[D]").astype("datetime64[M]")
    return as_months.astype(np.int64) + 1970 * 12


def years_of(days: Ints) -> Ints:
    """Return the year of each day."""
    return months_of(days) // 12


def parts_of(days: Ints) -> tuple[Ints, Ints, Ints]:
    """Return year, month and day of month of each day."""
    months = months_of(days)
    return months // 12, months % 12 + 1, np.asarray(days) - month_start(months) + 1


def yyyymm(months: Ints) -> Ints:
    """Return months since year 0 as integers YYYYMM."""
    return months // 12 * 100 + months % 12 + 1


def month(year: int, month_of_year: int) -> int:
    """Return a month as months since year 0."""
    return year * 12 + month_of_year - 1

"""Months as whole numbers (year × 12 + month − 1), so that ages and gaps are plain differences."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

_EPOCH = 1970 * 12

# What OpenFisca puts where a day was not stated.
UNSTATED = np.datetime64("1970-01-01")


def month_of_days(days: NDArray[np.datetime64]) -> Ints:
    """Return the months that days lie in."""
    return days.astype("datetime64[M]").astype(np.int64) + _EPOCH


def month_index(year: int, month: int) -> int:
    """Return the number of a month."""
    return year * 12 + month - 1


def first_days(months: Ints) -> NDArray[np.datetime64]:
    """Return the first day of each month."""
    return (months - _EPOCH).astype("datetime64[M]").astype("datetime64[D]")


def months_later(days: NDArray[np.datetime64], months: int) -> NDArray[np.datetime64]:
    """Return the same day so many months later, or the last day of that month."""
    month = days.astype("datetime64[M]")
    later = month + np.timedelta64(months, "M")
    last = (later + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    capped: NDArray[np.datetime64] = np.minimum(
        later.astype("datetime64[D]") + (days - month.astype("datetime64[D]")), last
    )
    return capped


def level_half_years(months: Ints) -> Ints:
    """Return the years a career counts for the level of a benefit, in halves of a year: 1 to 6 odd months are a half, 7 to 11 a whole year.

    Source: Law 41/2024/QH15 art. 5(6); the same under Law 58/2014/QH13 (Decree 115/2015/ND-CP art. 17).
    """
    whole, odd = np.divmod(months, 12)
    return 2 * whole + (odd > 0) + (odd > 6)

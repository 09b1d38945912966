"""What people earn: base salary of the state, minimum wages of four regions, and how pay has grown.

Amounts are in thousands of đồng until they leave this file; years before 2020 are general knowledge, rounded.
"""

from __future__ import annotations

import numpy as np

from ansinh_synthetic.chance import Ints
from ansinh_synthetic.days import month

# Base salary of the state sector from (year, month): decrees, thousands of đồng.
_BASE = (
    (1975, 1, 120), (1997, 1, 144), (2000, 1, 180), (2001, 1, 210), (2003, 1, 290), (2005, 10, 350), (2006, 10, 450),
    (2008, 1, 540), (2009, 5, 650), (2010, 5, 730), (2011, 5, 830), (2012, 5, 1050), (2013, 7, 1150), (2016, 5, 1210),
    (2017, 7, 1300), (2018, 7, 1390), (2019, 7, 1490), (2023, 7, 1800), (2024, 7, 2340),
)  # fmt: skip
BASE_FROM = np.array([month(y, m) for y, m, _ in _BASE])
BASE = np.array([amount for _, _, amount in _BASE], dtype=np.int64)
# Regional minimum wages from (year, month), regions 1 to 4: decrees, thousands of đồng.
_MINIMUM = (
    (1975, 1, 120, 120, 120, 120), (2000, 1, 210, 210, 210, 210), (2005, 10, 350, 350, 350, 350),
    (2008, 1, 620, 580, 540, 540), (2009, 1, 800, 740, 690, 650), (2010, 1, 980, 880, 810, 730),
    (2011, 1, 1350, 1200, 1050, 830), (2011, 10, 2000, 1780, 1550, 1400), (2013, 1, 2350, 2100, 1800, 1650),
    (2014, 1, 2700, 2400, 2100, 1900), (2015, 1, 3100, 2750, 2400, 2150), (2016, 1, 3500, 3100, 2700, 2400),
    (2017, 1, 3750, 3320, 2900, 2580), (2018, 1, 3980, 3530, 3090, 2760), (2019, 1, 4180, 3710, 3250, 2920),
    (2020, 1, 4420, 3920, 3430, 3070), (2022, 7, 4680, 4160, 3640, 3250), (2024, 7, 4960, 4410, 3860, 3450),
)  # fmt: skip
_MINIMUM_FROM = np.array([month(row[0], row[1]) for row in _MINIMUM])
_MINIMUM_WAGE = np.array([row[2:] for row in _MINIMUM], dtype=np.int64)
# Mean contribution wage in enterprises by year, thousands of đồng (assumed between published means).
_MEAN_YEARS = (1975, 1995, 2000, 2005, 2008, 2010, 2012, 2014, 2016, 2018, 2020, 2022, 2024, 2026)
_MEANS = (120, 380, 620, 1150, 1800, 2350, 3250, 4000, 4700, 5300, 5800, 6200, 6900, 7500)
_MEAN_BY_YEAR = np.array(
    [
        next(
            m0 + (m1 - m0) * (year - y0) // (y1 - y0)
            for y0, y1, m0, m1 in zip(_MEAN_YEARS, _MEAN_YEARS[1:], _MEANS, _MEANS[1:], strict=False)
            if y0 <= year <= y1
        )
        for year in range(1975, 2027)
    ],
    dtype=np.int64,
)
_REGION_PER_MILLE = np.array((0, 1120, 960, 860, 800))
# Grades of the state's pay scale, in hundredths.
_GRADES = np.array((186, 206, 226, 234, 267, 300, 333, 366, 399, 432, 465, 498, 532, 565, 610, 644, 678))


def base_salary(months: Ints) -> Ints:
    """Base salary in force in each month, thousands of đồng."""
    return BASE[np.searchsorted(BASE_FROM, months, side="right") - 1]


def minimum_wage(months: Ints, region: Ints) -> Ints:
    """Regional minimum wage in force in each month, thousands of đồng."""
    return _MINIMUM_WAGE[np.searchsorted(_MINIMUM_FROM, months, side="right") - 1, region - 1]


def state_wage(months: Ints, served: Ints, grade: Ints) -> Ints:
    """Monthly wage in đồng of a state servant after some months of service: grade × base salary."""
    step = np.minimum(grade + served // 36, _GRADES.size - 1)
    wage = _GRADES[step] * base_salary(months) * 10
    return np.minimum(wage, 20_000 * base_salary(months))


def enterprise_wage(months: Ints, until: Ints, region: Ints, skill: Ints) -> Ints:
    """Monthly wage in đồng in an enterprise: skill (per mille of the mean), never under the minimum wage of its span.

    Many units pay contributions on no more than the minimum wage with the 7 % for trained workers.
    """
    mean = _MEAN_BY_YEAR[np.clip(months // 12 - 1975, 0, _MEAN_BY_YEAR.size - 1)]
    earned = mean * skill // 1000 * _REGION_PER_MILLE[region] // 1000
    last = np.minimum(until - 1, month(2025, 7))
    floor = minimum_wage(last, region)
    trained = floor * 107 // 100
    wage = np.where(earned < trained, np.where(skill % 3 == 0, floor, trained), earned)
    return np.minimum(wage, 20 * base_salary(months)) * 1000

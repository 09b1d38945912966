"""When somebody may retire.

The age rises a little each calendar year, so year and age are solved together: a person reaches it in the first year Y in which birth + age(Y) lies.
Source: Labour Code 45/2019/QH14 art. 169; Decree 135/2020/ND-CP arts 4, 5 and its tables.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
from openfisca_core.periods import DateUnit

from ansinh.rules.entities import Person
from ansinh.rules.months import first_days, month_of_days
from ansinh.rules.variable import Bools, Ints, LawVariable
from ansinh.rules.variables.facts import Sex

# Nobody retires before this age in years, whatever the work, nor after the other.
_AGE_YEARS_MIN, _AGE_YEARS_MAX = 45, 62


def age_in_year(parameters: Callable[[str], Any], year: int, male: Bools) -> Ints:
    """Return the retirement ages of a calendar year, in months."""
    age = parameters(f"{year}-01-01").retirement.age
    return np.where(male, age.men, age.women).astype(np.int64)


def month_reached(parameters: Callable[[str], Any], birth: Ints, male: Bools, lower: Ints) -> Ints:
    """Return the month in which each person reaches the retirement age, lowered by so many months."""
    reached = np.full(birth.shape, -1, dtype=np.int64)
    if not birth.size:
        return reached
    for year in range(int(birth.min()) // 12 + _AGE_YEARS_MIN, int(birth.max()) // 12 + _AGE_YEARS_MAX + 2):
        then = birth + age_in_year(parameters, year, male) - lower
        reached = np.where((reached < 0) & (then // 12 == year), then, reached)
    return reached


class lowered_age_months(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Months by which the retirement age is lowered for the kind of work"
    reference = "Law 41/2024/QH15 art. 64(1)(b), (c); Law 58/2014/QH13 art. 54(1)(b), (c)"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Ints:
        lower = parameters(period).retirement.lower
        coal = person("coal_months", period) >= lower.special_months_min
        heavy = person("heavy_months", period) + person("coal_months", period) >= lower.special_months_min
        return np.where(coal, lower.coal, np.where(heavy, lower.heavy, 0))


class retirement_date(LawVariable):
    value_type = date
    entity = Person
    definition_period = DateUnit.MONTH
    label = "First day of the month after the retirement age for the person's kind of work is reached"
    reference = "Labour Code 45/2019/QH14 art. 169; Decree 135/2020/ND-CP arts 3, 4, 5"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Any:
        birth = month_of_days(person("birth_date", period))
        male = person("sex", period) == Sex.male
        return first_days(month_reached(parameters, birth, male, person("lowered_age_months", period)) + 1)

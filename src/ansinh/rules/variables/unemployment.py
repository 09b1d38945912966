"""The unemployment benefit. The month of the calculation is the month the benefit begins; caps are those of the end of the contract.

Law 38/2013/QH13 applies until 31 December 2025, Law 74/2025/QH15 from then on.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from openfisca_core.periods import DateUnit

from ansinh.rules.entities import Person
from ansinh.rules.variable import Bools, Ints, LawVariable, percent_of

_UNKNOWN = np.datetime64("1970-01-01")


class unemployment_months(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Months of unemployment insurance not yet used up by a benefit"


class unemployment_months_in_window(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Of these, months within the time before the contract ended that the law looks at"


class mean_salary(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Mean of the last six salaries unemployment insurance was paid on"


class state_pay(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "The salary was set by the State"


class region(LawVariable):
    value_type = int
    default_value = 1
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Region of the minimum wage, 1 to 4"


class contract_end(LawVariable):
    value_type = date
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Day the contract ended"


class barred_from_unemployment_benefit(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Broke the contract unlawfully, draws a pension, or (from 2026) is eligible for one"
    reference = "Law 74/2025/QH15 art. 38; Law 38/2013/QH13 art. 49(1)"


class unemployment_entitled(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Entitled to the unemployment benefit"
    reference = "Law 74/2025/QH15 art. 38; Law 38/2013/QH13 art. 49"

    def formula_2015_01(person: Any, period: Any, parameters: Any) -> Bools:
        enough = person("unemployment_months_in_window", period) >= parameters(period).unemployment.min_months
        return enough & ~person("barred_from_unemployment_benefit", period)


class unemployment_cap(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Highest monthly benefit"
    reference = "Law 74/2025/QH15 art. 39(1); Law 38/2013/QH13 art. 50(1)"

    def formula_2015_01(person: Any, period: Any, parameters: Any) -> Ints:
        return _cap(person, period, parameters, of_state=True)

    def formula_2026_01(person: Any, period: Any, parameters: Any) -> Ints:
        return _cap(person, period, parameters, of_state=False)


def _cap(person: Any, period: Any, parameters: Any, *, of_state: bool) -> Ints:
    ended, where = person("contract_end", period), person("region", period)
    ended = np.where(ended == _UNKNOWN, np.datetime64(str(period.start)), ended)
    base = np.zeros(where.shape, dtype=np.int64)
    for day in np.unique(ended):
        pay = parameters(str(day)).pay
        minimum = pay.regional_minimum
        of_region = np.select(
            [where == 1, where == 2, where == 3],
            [minimum.region_1, minimum.region_2, minimum.region_3],
            minimum.region_4,
        )
        level = np.where(person("state_pay", period), pay.base_salary, of_region) if of_state else of_region
        base = np.where(ended == day, level, base)
    return base * int(parameters(period).unemployment.cap_multiple)


class unemployment_benefit(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Monthly unemployment benefit"
    reference = "Law 74/2025/QH15 art. 39(1); Law 38/2013/QH13 art. 50(1)"

    def formula_2015_01(person: Any, period: Any, parameters: Any) -> Ints:
        of_salary = percent_of(person("mean_salary", period), parameters(period).unemployment.rate)
        amount = np.minimum(of_salary, person("unemployment_cap", period))
        return np.where(person("unemployment_entitled", period), amount, 0)


class unemployment_benefit_months(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Months of benefit"
    reference = "Law 74/2025/QH15 art. 39(2); Law 38/2013/QH13 art. 50(2)"

    def formula_2015_01(person: Any, period: Any, parameters: Any) -> Ints:
        law = parameters(period).unemployment
        beyond = np.maximum((person("unemployment_months", period) - law.first_months_for) // law.months_each, 0)
        return np.where(person("unemployment_entitled", period), np.minimum(law.first_months + beyond, law.months_max), 0)


class unemployment_months_reserved(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Months of contributions that stay reserved for a later benefit"
    reference = "Law 74/2025/QH15 art. 41; Law 38/2013/QH13 art. 53(5)"

    def formula_2015_01(person: Any, period: Any, parameters: Any) -> Ints:
        used = parameters(period).unemployment.months_each * person("unemployment_benefit_months", period)
        return np.maximum(person("unemployment_months", period) - used, 0)

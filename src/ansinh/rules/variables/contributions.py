"""The salaries that contributions are paid on, held between their limits. The month of the calculation is the month contributed for."""

from __future__ import annotations

from typing import Any

import numpy as np
from openfisca_core.periods import DateUnit

from ansinh.rules.entities import Person
from ansinh.rules.variable import Ints, LawVariable


class salary(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Salary of the month, as agreed"


class contribution_salary(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Salary that compulsory social insurance is paid on"
    reference = "Law 41/2024/QH15 art. 31(1)(d); Law 58/2014/QH13 art. 89(3)"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Ints:
        law = parameters(period)
        return np.minimum(person("salary", period), int(law.contributions.salary_max) * int(law.pay.reference_level))

    def formula_2025_07(person: Any, period: Any, parameters: Any) -> Ints:
        law, level = parameters(period).contributions, int(parameters(period).pay.reference_level)
        return np.clip(person("salary", period), int(law.salary_min) * level, int(law.salary_max) * level)


class unemployment_contribution_salary(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Salary that unemployment insurance is paid on"
    reference = "Law 74/2025/QH15 art. 34; Law 38/2013/QH13 art. 58"

    def formula_2015_01(person: Any, period: Any, parameters: Any) -> Ints:
        minimum = parameters(period).pay.regional_minimum
        where = person("region", period)
        regions = [minimum.region_1, minimum.region_2, minimum.region_3]
        of_region = np.select([where == number for number in (1, 2, 3)], regions, minimum.region_4)
        return np.minimum(person("salary", period), of_region * int(parameters(period).unemployment.contribution_cap))

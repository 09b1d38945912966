"""The social pension of the old without a pension, and the allowance that bridges the years until it."""

from __future__ import annotations

from typing import Any

import numpy as np
from openfisca_core.periods import DateUnit

from ansinh.rules.entities import Person
from ansinh.rules.months import level_half_years, month_index, month_of_days
from ansinh.rules.variable import Bools, Ints, LawVariable, divided
from ansinh.rules.variables.facts import Sex
from ansinh.rules.variables.retirement import month_reached


class poor(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Lives in a poor or near-poor household"


class social_pension_age(LawVariable):
    value_type = int
    unit = "years"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Age of the social pension for this person"
    reference = "Law 41/2024/QH15 art. 21"

    def formula_2025_07(person: Any, period: Any, parameters: Any) -> Ints:
        law = parameters(period).social_pension
        return np.where(person("poor", period), law.age_poor, law.age)


class social_pension(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Monthly social pension, for who asked for it in writing"
    reference = "Law 41/2024/QH15 arts 21, 22; Decree 176/2025/NĐ-CP"

    def formula_2025_07(person: Any, period: Any, parameters: Any) -> Ints:
        amount = parameters(period).social_pension.amount
        now = month_index(period.start.year, period.start.month)
        of_age = now - month_of_days(person("birth_date", period)) >= 12 * person("social_pension_age", period)
        without = ~person("pensioner", period) & (person("monthly_benefit", period) < amount)
        return np.where(of_age & without, amount, 0)


class bridge_entitled(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Of retirement age, not entitled to a pension, not yet of the age of the social pension"
    reference = "Law 41/2024/QH15 art. 23"

    def formula_2025_07(person: Any, period: Any, parameters: Any) -> Bools:
        birth = month_of_days(person("birth_date", period))
        male = person("sex", period) == Sex.male
        now = month_index(period.start.year, period.start.month)
        of_age = month_reached(parameters, birth, male, np.zeros_like(birth)) < now
        short = person("contribution_months", period) < 12 * parameters(period).pension.min_years
        some = person("contribution_months", period) > 0
        return of_age & short & some & (person("months_to_social_pension", period) > 0)


class months_to_social_pension(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Months until the age of the social pension"

    def formula_2025_07(person: Any, period: Any, parameters: Any) -> Ints:
        now = month_index(period.start.year, period.start.month)
        reached = month_of_days(person("birth_date", period)) + 12 * parameters(period).social_pension.age
        return np.maximum(reached - now, 0)


class bridge_months_earned(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Months of social pension that the contributions are worth"
    reference = "Law 41/2024/QH15 art. 23; Decree 158/2025/NĐ-CP arts 22 to 25"

    def formula_2025_07(person: Any, period: Any, parameters: Any) -> Ints:
        halves = level_half_years(person("contribution_months", period))
        worth = person("average_salary", period) * halves * round(2 * parameters(period).bridge.multiple)
        each = 4 * int(parameters(period).social_pension.amount)
        return -(-worth // each)


class bridge_months(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Months of the bridge allowance"
    reference = "Law 41/2024/QH15 art. 23"

    def formula_2025_07(person: Any, period: Any) -> Ints:
        months = np.minimum(person("bridge_months_earned", period), person("months_to_social_pension", period))
        return np.where(person("bridge_entitled", period), months, 0)


class bridge_allowance(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Monthly bridge allowance"
    reference = "Law 41/2024/QH15 art. 23; Decree 158/2025/NĐ-CP arts 22 to 25"

    def formula_2025_07(person: Any, period: Any, parameters: Any) -> Ints:
        level = int(parameters(period).social_pension.amount)
        left, earned = person("months_to_social_pension", period), person("bridge_months_earned", period)
        more = divided(np.maximum(earned - left, 0) * level, np.maximum(left, 1))
        return np.where(person("bridge_entitled", period), level + more, 0)


class bridge_may_pay_in(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "What the person may pay in to be covered until the social pension"
    reference = "Decree 158/2025/NĐ-CP art. 24"

    def formula_2025_07(person: Any, period: Any, parameters: Any) -> Ints:
        level = int(parameters(period).social_pension.amount)
        missing = person("months_to_social_pension", period) - person("bridge_months_earned", period)
        return np.where(person("bridge_entitled", period), np.maximum(missing, 0) * level, 0)

"""The social pension of the old without a pension, and the allowance that bridges the years until it."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from openfisca_core.periods import DateUnit

from ansinh.rules.entities import Person
from ansinh.rules.months import UNSTATED, level_half_years, month_index, month_of_days
from ansinh.rules.variable import Bools, Ints, LawVariable, divided
from ansinh.rules.variables.eligibility import PensionBasis
from ansinh.rules.variables.facts import Sex
from ansinh.rules.variables.retirement import month_reached


class poor(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Lives in a poor or near-poor household"


class social_allowance(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Monthly social allowance the person is entitled to besides"


class vietnamese_citizen(LawVariable):
    value_type = bool
    default_value = True
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Is a citizen of Viet Nam"
    reference = "Law 41/2024/QH15 art. 21(1)"


class died_on(LawVariable):
    value_type = date
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Day of the death"


class bridge_months_received(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Months of the bridge allowance received already"


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
        drawn = person("monthly_benefit", period)
        # A pension of an unstated amount is taken to be as high; a stated lower one does not stand in the way.
        without = (drawn < amount) & ~(person("pensioner", period) & (drawn == 0))
        died = person("died_on", period)
        alive = (died == UNSTATED) | (month_of_days(died) >= now)
        # Who is entitled to a social allowance too gets the higher of the two.
        higher = person("social_allowance", period) <= amount
        return np.where(of_age & without & alive & higher & person("vietnamese_citizen", period), amount, 0)


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
        without = (person("pension_basis", period) == PensionBasis.none) & ~person("pensioner", period)
        some = person("contribution_months", period) > 0
        short = person("contribution_months", period) < 12 * parameters(period).pension.min_years
        return of_age & without & some & short & (person("months_to_social_pension", period) > 0)


class months_to_social_pension(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Months until the age of the social pension"

    def formula_2025_07(person: Any, period: Any) -> Ints:
        now = month_index(period.start.year, period.start.month)
        reached = month_of_days(person("birth_date", period)) + 12 * person("social_pension_age", period)
        # Whoever begins in the month after the retirement age has 75 years less that age to go: months count from the end of the month before.
        return np.maximum(reached - now + 1, 0)


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


class bridge_unpaid_to_relatives(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "What the relatives receive at once for the months not yet paid, if the person dies"
    reference = "Law 41/2024/QH15 art. 23"

    def formula_2025_07(person: Any, period: Any) -> Ints:
        unpaid = np.maximum(person("bridge_months", period) - person("bridge_months_received", period), 0)
        return unpaid * person("bridge_allowance", period)

"""The old-age pension: at which rate, and how much. The month of the calculation is the month the pension begins.

Law 58/2014/QH13 applies to pensions that begin before 1 July 2025, Law 41/2024/QH15 to those that begin from then on.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from openfisca_core.periods import DateUnit

from ansinh.rules.entities import Person
from ansinh.rules.months import UNSTATED, level_half_years
from ansinh.rules.variable import Bools, Floats, Ints, LawVariable, divided, percent_of
from ansinh.rules.variables.eligibility import PensionBasis
from ansinh.rules.variables.facts import Sex


class early_reduction(LawVariable):
    value_type = float
    unit = "percentage points"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Points taken off for retiring before the age"
    reference = "Law 41/2024/QH15 art. 66(3); Law 58/2014/QH13 art. 56(3), Decree 115/2015/ND-CP art. 16"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Floats:
        # The law of 2014 counts the age: each year begun is a whole one, up to six odd months of it give a point back. Against a retirement age
        # in whole years that is the law of 2024's count of the gap (a property test shows it); since 2021 the age has odd months of its own, and
        # only the count of the gap gives five years early the five years' reduction.
        return _by_gap(person, period, parameters)

    def formula_2025_07(person: Any, period: Any, parameters: Any) -> Floats:
        return _by_gap(person, period, parameters)


def _by_gap(person: Any, period: Any, parameters: Any) -> Floats:
    """Return so many points for each whole year of the gap, and a point for six odd months or more."""
    early = parameters(period).pension.early
    gap = person("early_months", period)
    return early.step * (gap // 12) + np.where(gap % 12 >= 6, early.half_step, 0)


class early_months(LawVariable):
    value_type = int
    unit = "age"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Months by which a pension for reduced working capacity comes before the retirement age"
    reference = "Law 41/2024/QH15 art. 66(3); Law 58/2014/QH13 art. 56(3)"

    def formula_2016_01(person: Any, period: Any) -> Ints:
        gap = person("reference_age_months", period) - person("pension_age_months", period)
        return np.where(person("pension_basis", period) == PensionBasis.reduced_capacity, np.maximum(gap, 0), 0)


class level_years(LawVariable):
    value_type = float
    unit = "years"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Years the career counts for the level: 1 to 6 odd months are half a year, 7 to 11 a whole one"
    reference = "Law 41/2024/QH15 art. 5(6)"

    def formula_2015_01(person: Any, period: Any) -> Floats:
        return level_half_years(person("contribution_months", period)) / 2


class treaty_rate(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.MONTH
    label = "The rate is that of a career in Viet Nam too short without a treaty"
    reference = "Law 41/2024/QH15 art. 66(2)"

    def formula_2025_07(person: Any, period: Any, parameters: Any) -> Bools:
        short = person("level_years", period) < parameters(period).pension.min_years
        return (person("treaty_months", period) > 0) & short


class short_career(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.MONTH
    label = "A man's career shorter than the years of the 45 % rate"
    reference = "Law 41/2024/QH15 art. 66(1)(b)"

    def formula_2025_07(person: Any, period: Any, parameters: Any) -> Bools:
        short = person("level_years", period) < parameters(period).pension.rate.men_years
        return (person("sex", period) == Sex.male) & short


class full_rate(LawVariable):
    value_type = float
    unit = "percent"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Rate of the pension before the cap and before early retirement takes points off"
    reference = "Law 41/2024/QH15 art. 66(1), (2); Law 58/2014/QH13 art. 56(1), (2)"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Floats:
        rate = parameters(period).pension.rate
        years = person("level_years", period)
        male = person("sex", period) == Sex.male
        men = rate.at_threshold + rate.step_men * (years - rate.men_years)
        women = rate.at_threshold + rate.step_women * (years - rate.women_years)
        return np.where(male, men, women)

    def formula_2025_07(person: Any, period: Any, parameters: Any) -> Floats:
        rate = parameters(period).pension.rate
        years = person("level_years", period)
        male = person("sex", period) == Sex.male
        short = rate.short_at_min + rate.short_step * (years - parameters(period).pension.min_years)
        long = rate.at_threshold + rate.step_men * (years - rate.men_years)
        men = np.where(person("short_career", period), short, long)
        women = rate.at_threshold + rate.step_women * (years - rate.women_years)
        return np.where(person("treaty_rate", period), rate.treaty_step * years, np.where(male, men, women))


class pension_rate(LawVariable):
    value_type = float
    unit = "percent"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Rate of the pension"
    reference = "Law 41/2024/QH15 art. 66; Law 58/2014/QH13 art. 56"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Floats:
        entitled = person("pension_basis", period) != PensionBasis.none
        capped = np.minimum(person("full_rate", period), parameters(period).pension.rate.cap)
        return np.where(entitled, np.maximum(capped - person("early_reduction", period), 0), 0)


class pension(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Monthly pension in its first month"
    reference = "Law 41/2024/QH15 art. 66; Law 58/2014/QH13 art. 56"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Ints:
        amount = percent_of(person("average_salary", period), person("pension_rate", period))
        level = parameters(period).pay.reference_level
        entitled = person("pension_basis", period) != PensionBasis.none
        guaranteed = np.where(person("floor_guaranteed", period), np.maximum(amount, level), amount)
        return np.where(entitled, guaranteed, 0)


class raised_to_floor(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.MONTH
    label = "The pension was raised to the lowest amount"

    def formula_2016_01(person: Any, period: Any) -> Bools:
        amount = percent_of(person("average_salary", period), person("pension_rate", period))
        return person("pension", period) > amount


class floor_guaranteed(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.MONTH
    label = "The pension is never below the reference level (before 1 July 2025 the base salary)"
    reference = "Law 41/2024/QH15 art. 66(4); Law 58/2014/QH13 art. 56(5)"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Any:
        years = person("compulsory_months_counted", period) // 12
        return person("floor_group", period) & (years >= parameters(period).pension.floor.min_years)

    def formula_2025_07(person: Any, period: Any, parameters: Any) -> Any:
        law = parameters(period).pension.floor
        joined = person("first_contribution_month", period)
        before = (joined < np.datetime64(law.joined_before)) | (joined == UNSTATED)
        years = person("compulsory_months_counted", period) // 12
        return person("floor_group", period) & before & (years >= law.min_years)


class extra_years_halves(LawVariable):
    value_type = int
    unit = "half years"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Years above those that give the highest rate, in halves"
    reference = "Law 41/2024/QH15 art. 68(1); Law 58/2014/QH13 art. 58(1)"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Ints:
        extra = parameters(period).pension.extra
        male = person("sex", period) == Sex.male
        threshold = np.where(male, extra.threshold_men, extra.threshold_women)
        return np.maximum(level_half_years(person("contribution_months", period)) - 2 * threshold, 0)


class extra_years_after_age_halves(LawVariable):
    value_type = int
    unit = "half years"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Of these, years paid after the retirement age was reached, in halves"
    reference = "Law 41/2024/QH15 art. 68(3)"

    def formula_2016_01(person: Any, period: Any) -> Ints:
        after = level_half_years(person("months_after_retirement_age", period))
        return np.minimum(after, person("extra_years_halves", period))


class retirement_extra(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "One-off allowance at retirement for years above those that give the highest rate"
    reference = "Law 41/2024/QH15 art. 68; Law 58/2014/QH13 art. 58"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Ints:
        extra = parameters(period).pension.extra
        halves, after = person("extra_years_halves", period), person("extra_years_after_age_halves", period)
        entitled = person("pension_basis", period) != PensionBasis.none
        # Multiples are halves of a salary for a year, so quarters for half a year.
        quarters = (halves - after) * round(2 * extra.multiple) + after * round(2 * extra.multiple_after_age)
        return np.where(entitled, divided(person("average_salary", period) * quarters, 4), 0)

"""The old-age pension: who is entitled, at which rate, and how much. The month of the calculation is the month the pension begins.

Law 58/2014/QH13 applies to pensions that begin before 1 July 2025, Law 41/2024/QH15 to those that begin from then on.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit

from ansinh.rules.entities import Person
from ansinh.rules.months import level_half_years, month_index, month_of_days
from ansinh.rules.variable import Bools, Floats, Ints, LawVariable, divided, percent_of
from ansinh.rules.variables.facts import Sex
from ansinh.rules.variables.retirement import age_in_year, month_reached

_VOLUNTARY_BEFORE = np.datetime64("2021-01-01")


class PensionBasis(Enum):
    """The rule a pension rests on."""

    none = "chưa đủ điều kiện"
    full_age = "đủ tuổi nghỉ hưu"
    lowered_age = "đủ tuổi nghỉ hưu theo nghề, công việc"
    occupational_hiv = "nhiễm HIV do tai nạn nghề nghiệp"
    commune_woman = "nữ cán bộ cấp xã"
    voluntary_before_2021 = "tham gia tự nguyện trước 2021, đủ 20 năm"
    reduced_capacity = "suy giảm khả năng lao động"


class contribution_months(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.MONTH
    label = "All months of contributions, missing months paid at once included"
    reference = "Law 41/2024/QH15 arts 5(5), 33(7), 111"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Ints:
        most = parameters(period).pension.missing_months.max
        paid = np.minimum(person("missing_months_paid", period), most)
        return person("compulsory_months", period) + person("voluntary_months", period) + paid


class pension_age_months(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Age in the month before the pension begins, in months"

    def formula_2016_01(person: Any, period: Any) -> Ints:
        before = month_index(period.start.year, period.start.month) - 1
        return before - month_of_days(person("birth_date", period))


class reference_age_months(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Retirement age of that year for the person's kind of work, in months"
    reference = "Decree 135/2020/ND-CP arts 4, 5"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Ints:
        year = (month_index(period.start.year, period.start.month) - 1) // 12
        male = person("sex", period) == Sex.male
        return age_in_year(parameters, year, male) - person("lowered_age_months", period)


def _has_reached(person: Any, period: Any, parameters: Any, lower: Ints) -> Bools:
    """Tell who has reached the retirement age, lowered by so many months, before the month of the calculation."""
    birth = month_of_days(person("birth_date", period))
    male = person("sex", period) == Sex.male
    now = month_index(period.start.year, period.start.month)
    return month_reached(parameters, birth, male, lower) + 1 <= now


def _basis(person: Any, period: Any, parameters: Any, *, commune: bool) -> Any:
    law = parameters(period).pension
    years = person("contribution_months", period) // 12
    lower = person("lowered_age_months", period)
    compulsory = person("compulsory_months", period) + person("missing_months_paid", period)
    enough = compulsory // 12 >= law.min_years
    full = (years >= law.min_years) & _has_reached(person, period, parameters, np.zeros_like(lower))
    lowered = enough & (lower > 0) & _has_reached(person, period, parameters, lower)
    hiv = enough & person("occupational_hiv", period)
    bases = [full, lowered, hiv]
    names = [PensionBasis.full_age, PensionBasis.lowered_age, PensionBasis.occupational_hiv]
    if commune:
        age = person("pension_age_months", period)
        bases.append(person("commune_woman", period) & (years >= law.min_years_commune_women) & (age >= 55 * 12))
        names.append(PensionBasis.commune_woman)
    bases += [_old_voluntary(person, period, law), _reduced(person, period, parameters)]
    names += [PensionBasis.voluntary_before_2021, PensionBasis.reduced_capacity]
    return np.select(bases, names, PensionBasis.none)


def _old_voluntary(person: Any, period: Any, law: Any) -> Bools:
    """Voluntary insured of before 2021 with 20 voluntary years retire at 60 and 55 (Law 41/2024/QH15 art. 98(2))."""
    age = person("pension_age_months", period)
    joined = person("first_contribution_month", period)
    male = person("sex", period) == Sex.male
    voluntary = person("voluntary_months", period) >= 20 * 12
    known = joined > np.datetime64("1970-01-01")
    return voluntary & known & (joined < _VOLUNTARY_BEFORE) & (age >= np.where(male, 60 * 12, 55 * 12))


def _reduced(person: Any, period: Any, parameters: Any) -> Bools:
    law = parameters(period).pension
    special_min = parameters(period).retirement.lower.special_months_min
    loss = person("capacity_loss", period)
    compulsory = person("compulsory_months", period) + person("missing_months_paid", period)
    enough = compulsory // 12 >= law.min_years_reduced_capacity
    some, grave = law.reduced_capacity.capacity_loss_min, law.reduced_capacity.capacity_loss_grave
    none_lower = np.zeros_like(loss)
    by_age = (loss >= some) & _has_reached(person, period, parameters, none_lower + law.reduced_capacity.lower)
    by_loss = (loss >= grave) & _has_reached(person, period, parameters, none_lower + law.reduced_capacity.lower_grave)
    by_work = (loss >= some) & (person("specially_heavy_months", period) >= special_min)
    return enough & (by_age | by_loss | by_work)


class pension_basis(LawVariable):
    value_type = Enum
    possible_values = PensionBasis
    default_value = PensionBasis.none
    entity = Person
    definition_period = DateUnit.MONTH
    label = "The rule the pension rests on"
    reference = "Law 41/2024/QH15 arts 64, 65, 98; Law 58/2014/QH13 arts 54, 55, 73"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Any:
        return _basis(person, period, parameters, commune=True)

    def formula_2025_07(person: Any, period: Any, parameters: Any) -> Any:
        return _basis(person, period, parameters, commune=False)


class early_reduction(LawVariable):
    value_type = float
    unit = "percentage points"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Points taken off for retiring before the age"
    reference = "Law 41/2024/QH15 art. 66(3); Law 58/2014/QH13 art. 56(3), Decree 115/2015/ND-CP art. 16"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Floats:
        early = parameters(period).pension.early
        reference, age = person("reference_age_months", period), person("pension_age_months", period)
        # The age counts as the year begun; up to six odd months of it give back one point.
        begun = -(-age // 12)
        odd = age % 12
        points = early.step * (reference - begun * 12) / 12 + np.where((odd > 0) & (odd <= 6), early.half_step, 0)
        return _for_reduced(person, period, points)

    def formula_2025_07(person: Any, period: Any, parameters: Any) -> Floats:
        early = parameters(period).pension.early
        gap = person("reference_age_months", period) - person("pension_age_months", period)
        return _for_reduced(person, period, early.step * (gap // 12) + np.where(gap % 12 >= 6, early.half_step, 0))


def _for_reduced(person: Any, period: Any, points: Floats) -> Floats:
    reduced = person("pension_basis", period) == PensionBasis.reduced_capacity
    return np.where(reduced, np.maximum(points, 0), 0)


class full_rate(LawVariable):
    value_type = float
    unit = "percent"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Rate of the pension before the cap and before early retirement takes points off"
    reference = "Law 41/2024/QH15 art. 66(1), (2); Law 58/2014/QH13 art. 56(1), (2)"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Floats:
        rate = parameters(period).pension.rate
        years = level_half_years(person("contribution_months", period)) / 2
        male = person("sex", period) == Sex.male
        men = rate.at_threshold + rate.step_men * (years - rate.men_years)
        women = rate.at_threshold + rate.step_women * (years - rate.women_years)
        return np.where(male, men, women)

    def formula_2025_07(person: Any, period: Any, parameters: Any) -> Floats:
        rate = parameters(period).pension.rate
        years = level_half_years(person("contribution_months", period)) / 2
        male = person("sex", period) == Sex.male
        short = rate.short_at_min + rate.short_step * (years - parameters(period).pension.min_years)
        men = np.where(
            years >= rate.men_years, rate.at_threshold + rate.step_men * (years - rate.men_years), short
        )
        women = rate.at_threshold + rate.step_women * (years - rate.women_years)
        treaty = person("treaty_career", period) & (years < parameters(period).pension.min_years)
        return np.where(treaty, rate.treaty_step * years, np.where(male, men, women))


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
        return _not_below_floor(person, period, parameters, amount)


def _not_below_floor(person: Any, period: Any, parameters: Any, amount: Ints) -> Ints:
    law = parameters(period)
    joined = person("first_contribution_month", period)
    before = (joined < np.datetime64("2025-07-01")) | (joined == np.datetime64("1970-01-01"))
    years = person("compulsory_months", period) // 12
    guaranteed = person("floor_group", period) & before & (years >= law.pension.floor.min_years)
    entitled = person("pension_basis", period) != PensionBasis.none
    level = law.pay.reference_level
    return np.where(entitled, np.where(guaranteed, np.maximum(amount, level), amount), 0)


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


class retirement_extra(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "One-off allowance at retirement for years above those that give the highest rate"
    reference = "Law 41/2024/QH15 art. 68; Law 58/2014/QH13 art. 58"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Ints:
        extra = parameters(period).pension.extra
        halves = person("extra_years_halves", period)
        after = np.minimum(halves, level_half_years(person("months_after_retirement_age", period)))
        entitled = person("pension_basis", period) != PensionBasis.none
        # Multiples are halves of a salary for a year, so quarters for half a year.
        quarters = (halves - after) * int(2 * extra.multiple) + after * int(2 * extra.multiple_after_age)
        return np.where(entitled, divided(person("average_salary", period) * quarters, 4), 0)

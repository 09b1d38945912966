"""Who is entitled to an old-age pension, by which rule, and from when. The month of the calculation is the month the pension begins.

Law 58/2014/QH13 applies to pensions that begin before 1 July 2025, Law 41/2024/QH15 to those that begin from then on.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit

from ansinh.rules.entities import Person
from ansinh.rules.months import UNSTATED, first_days, month_index, month_of_days
from ansinh.rules.variable import Ints, LawVariable, percent_of
from ansinh.rules.variables.facts import Sex
from ansinh.rules.variables.retirement import age_in_year, month_reached

_NEVER = month_index(2999, 1)


class PensionBasis(Enum):
    """The rule a pension rests on."""

    none = "chưa đủ điều kiện"
    full_age = "đủ tuổi nghỉ hưu"
    lowered_age = "đủ tuổi nghỉ hưu theo nghề, công việc hoặc nơi làm việc"
    occupational_hiv = "nhiễm HIV do tai nạn rủi ro nghề nghiệp"
    commune_woman = "nữ cán bộ, công chức cấp xã đủ tuổi nghỉ hưu"
    voluntary_before_2021 = "tham gia bảo hiểm xã hội tự nguyện trước năm 2021"
    reduced_capacity = "suy giảm khả năng lao động"


class missing_months_counted(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Missing months paid at once, as far as the law counts them"
    reference = "Law 41/2024/QH15 art. 33(7); Law 58/2014/QH13 art. 85"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Ints:
        return np.minimum(person("missing_months_paid", period), parameters(period).pension.missing_months.max)


class contribution_months(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.MONTH
    label = "All months of contributions, missing months paid at once included"
    reference = "Law 41/2024/QH15 arts 5(5), 33(7), 111"

    def formula_2016_01(person: Any, period: Any) -> Ints:
        both = person("compulsory_months", period) + person("voluntary_months", period)
        return both + person("missing_months_counted", period)


class compulsory_months_counted(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Compulsory months, missing months paid at once included"
    reference = "Law 41/2024/QH15 art. 33(7)"

    def formula_2016_01(person: Any, period: Any) -> Ints:
        return person("compulsory_months", period) + person("missing_months_counted", period)


class pension_age_months(LawVariable):
    value_type = int
    unit = "age"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Age in the month before the pension begins, in months"

    def formula_2016_01(person: Any, period: Any) -> Ints:
        return _now(period) - 1 - month_of_days(person("birth_date", period))


class reference_age_months(LawVariable):
    value_type = int
    unit = "age"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Retirement age of that calendar year for the person's kind of work, in months"
    reference = "Decree 135/2020/NĐ-CP arts 4, 5"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Ints:
        year = (_now(period) - 1) // 12
        male = person("sex", period) == Sex.male
        return age_in_year(parameters, year, male) - person("lowered_age_months", period)


class pension_basis(LawVariable):
    value_type = Enum
    possible_values = PensionBasis
    default_value = PensionBasis.none
    entity = Person
    definition_period = DateUnit.MONTH
    label = "The rule the pension rests on"
    reference = "Law 41/2024/QH15 arts 64, 65, 98; Law 58/2014/QH13 arts 54, 55, 73"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Any:
        return _basis(person, period, _starts_2014(person, period, parameters))

    def formula_2025_07(person: Any, period: Any, parameters: Any) -> Any:
        return _basis(person, period, _starts_2024(person, period, parameters))


class pension_start(LawVariable):
    value_type = date
    entity = Person
    definition_period = DateUnit.MONTH
    label = "First day from which the pension is due, by the law and the facts of the month of the calculation"
    reference = "Law 41/2024/QH15 art. 69; Law 58/2014/QH13 art. 59"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Any:
        return _earliest(_starts_2014(person, period, parameters))

    def formula_2025_07(person: Any, period: Any, parameters: Any) -> Any:
        starts = _starts_2024(person, period, parameters)
        # Whoever had too few years for the law before can be paid from the first day of this one only.
        before = parameters(period).pension.short_careers_from
        years_before = parameters(str(np.datetime64(before) - 1)).pension.min_years
        short = person("contribution_months", period) + person("treaty_months", period) < 12 * years_before
        opened = month_of_days(np.array([before], dtype="datetime64[D]"))[0]
        return _earliest({name: np.where(short, np.maximum(start, opened), start) for name, start in starts.items()})


class missing_months_payable(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Months that are missing for a pension and may be paid at once, at the retirement age"
    reference = "Law 41/2024/QH15 art. 33(7); Law 58/2014/QH13 art. 85"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Ints:
        law = parameters(period).pension
        missing = 12 * law.min_years - person("contribution_months", period)
        reached = _start_at_age(person, period, parameters, person("lowered_age_months", period)) <= _now(period)
        some = (missing > 0) & (missing <= law.missing_months.max) & (person("compulsory_months", period) > 0)
        return np.where(some & reached, missing, 0)


class missing_months_amount(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "What paying the missing months costs"
    reference = "Law 41/2024/QH15 art. 33(7); Law 58/2014/QH13 art. 86"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Ints:
        each = percent_of(person("last_salary", period), parameters(period).pension.missing_months.rate)
        return each * person("missing_months_payable", period)


def _now(period: Any) -> int:
    return month_index(period.start.year, period.start.month)


def _start_at_age(person: Any, period: Any, parameters: Any, lower: Ints) -> Ints:
    """Return the month after each person reaches the retirement age, lowered by so many months."""
    birth = month_of_days(person("birth_date", period))
    male = person("sex", period) == Sex.male
    return month_reached(parameters, birth, male, lower) + 1


def _month_after(person: Any, period: Any, fact: str) -> Ints:
    """Return the month after a day that was stated, and a month long ago where none was."""
    day = person(fact, period)
    return np.where(day == UNSTATED, 0, month_of_days(day) + 1)


def _starts_2014(person: Any, period: Any, parameters: Any) -> dict[Any, Ints]:
    """Return the first month of a pension by each rule of the law of 2014."""
    law = parameters(period).pension
    years = person("contribution_months", period) // 12
    starts = _starts(person, period, parameters, years)
    commune = person("commune_woman", period) & (years >= law.min_years_commune_women)
    starts[PensionBasis.commune_woman] = np.where(commune, _start_at_age(person, period, parameters, 0 * years), _NEVER)
    return _after_all(person, period, starts)


def _starts_2024(person: Any, period: Any, parameters: Any) -> dict[Any, Ints]:
    """Return the first month of a pension by each rule of the law of 2024; periods abroad under a treaty count for the condition of years."""
    years = (person("contribution_months", period) + person("treaty_months", period)) // 12
    return _after_all(person, period, _starts(person, period, parameters, years))


def _starts(person: Any, period: Any, parameters: Any, years: Ints) -> dict[Any, Ints]:
    law = parameters(period).pension
    lower = person("lowered_age_months", period)
    enough = person("compulsory_months_counted", period) // 12 >= law.min_years
    at_age = _start_at_age(person, period, parameters, 0 * lower)
    at_lowered = _start_at_age(person, period, parameters, lower)
    return {
        PensionBasis.full_age: np.where(years >= law.min_years, at_age, _NEVER),
        PensionBasis.lowered_age: np.where(enough & (lower > 0), at_lowered, _NEVER),
        PensionBasis.occupational_hiv: np.where(enough & person("occupational_hiv", period), 0, _NEVER),
        PensionBasis.voluntary_before_2021: _old_voluntary(person, period, law),
        PensionBasis.reduced_capacity: _reduced(person, period, parameters),
    }


def _old_voluntary(person: Any, period: Any, law: Any) -> Ints:
    """Return when voluntary insured of before 2021 may retire; before that year the general rule gave the same ages."""
    never = np.full(person.count, _NEVER)
    if period.start.year < 2021:
        return never
    rule = law.voluntary_before_2021
    joined = person("first_voluntary_month", period)
    old = (joined > UNSTATED) & (joined < np.datetime64(rule.joined_before))
    old &= person("voluntary_months", period) >= 12 * rule.min_years
    age = np.where(person("sex", period) == Sex.male, rule.age_men, rule.age_women)
    return np.where(old, month_of_days(person("birth_date", period)) + age + 1, never)


def _reduced(person: Any, period: Any, parameters: Any) -> Ints:
    """Return when reduced working capacity opens the pension: not before the age, nor before the month after the medical conclusion."""
    law, rule = parameters(period).pension, parameters(period).pension.reduced_capacity
    special_min = parameters(period).retirement.lower.special_months_min
    loss = person("capacity_loss", period)
    enough = person("compulsory_months_counted", period) // 12 >= law.min_years_reduced_capacity
    some, grave = enough & (loss >= rule.capacity_loss_min), enough & (loss >= rule.capacity_loss_grave)
    by_age = np.where(some, _start_at_age(person, period, parameters, 0 * loss + rule.lower), _NEVER)
    by_loss = np.where(grave, _start_at_age(person, period, parameters, 0 * loss + rule.lower_grave), _NEVER)
    by_work = np.where(some & (person("specially_heavy_months", period) >= special_min), 0, _NEVER)
    concluded = _month_after(person, period, "medical_conclusion_on")
    return np.maximum(np.minimum(np.minimum(by_age, by_loss), by_work), concluded)


def _after_all(person: Any, period: Any, starts: dict[Any, Ints]) -> dict[Any, Ints]:
    """Hold every start back until the month after the work ended and the missing months were paid."""
    held = np.maximum(
        _month_after(person, period, "work_ended_on"), _month_after(person, period, "missing_months_paid_on")
    )
    return {name: np.maximum(start, held) for name, start in starts.items()}


def _basis(person: Any, period: Any, starts: dict[Any, Ints]) -> Any:
    """Return the first rule whose start has come."""
    now = _now(period)
    return np.select([start <= now for start in starts.values()], list(starts), PensionBasis.none)


def _earliest(starts: dict[Any, Ints]) -> Any:
    earliest = np.minimum.reduce(list(starts.values()))
    # Without an age (HIV, specially heavy work) and without a later day, nothing fixes the start but the request.
    return np.where((earliest >= _NEVER) | (earliest == 0), UNSTATED, first_days(np.minimum(earliest, _NEVER)))

"""Allowances of relatives when somebody died, monthly and one-off. The month of the calculation is the month they are paid for, after the death."""

from __future__ import annotations

from typing import Any

import numpy as np
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit

from ansinh.rules.entities import Family, Person
from ansinh.rules.months import level_half_years, month_index, month_of_days
from ansinh.rules.variable import Bools, Ints, LawVariable, divided, percent_of
from ansinh.rules.variables.facts import Sex
from ansinh.rules.variables.one_off import by_years
from ansinh.rules.variables.retirement import month_reached


class Kinship(Enum):
    """What a relative was to the deceased."""

    none = "không phải thân nhân"
    child = "con"
    spouse = "vợ hoặc chồng"
    parent = "cha, mẹ đẻ"
    parent_in_law = "cha, mẹ vợ hoặc chồng"
    other_dependant = "người khác mà người chết có nghĩa vụ nuôi dưỡng"


class kinship(LawVariable):
    value_type = Enum
    possible_values = Kinship
    default_value = Kinship.none
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "What the relative was to the deceased"
    reference = "Law 41/2024/QH15 art. 86(2)"


class salaried(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Works with a salary on which compulsory social insurance is paid"


class monthly_benefit(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Pension or allowance the relative draws already, allowances for merit not counted"


class without_carer(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Nobody is left who cares for the relative"


class injury_loss(LawVariable):
    value_type = int
    unit = "percent"
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Loss of capacity for which the deceased drew a monthly work-injury allowance"


class opens_monthly_right(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.MONTH
    label = "The death opens a right to monthly survivors allowances"
    reference = "Law 41/2024/QH15 art. 86(1); Law 58/2014/QH13 art. 67(1)"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Bools:
        law = parameters(period).survivors
        missing = np.minimum(person("missing_months_paid", period), law.missing_months_max)
        compulsory = person("compulsory_months", period) + missing
        return (
            (compulsory >= 12 * law.min_years)
            | person("pensioner", period)
            | person("work_death", period)
            | (person("injury_loss", period) >= law.injury_loss_min)
        )


class survivor_entitled(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.MONTH
    label = "The relative fulfils the conditions of a monthly allowance"
    reference = "Law 41/2024/QH15 art. 86(2), (3); Law 58/2014/QH13 art. 67(2)"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Bools:
        law = parameters(period).survivors
        kin = person("kinship", period)
        birth = month_of_days(person("birth_date", period))
        now = month_index(period.start.year, period.start.month)
        unfit = person("capacity_loss", period) >= law.capacity_loss
        born = birth <= now
        child = (kin == Kinship.child) & born & ((now - birth < 12 * law.child_age) | unfit)
        male = person("sex", period) == Sex.male
        of_age = month_reached(parameters, birth, male, np.zeros_like(birth)) < now
        poor = person("monthly_benefit", period) < parameters(period).pay.reference_level
        adult = (kin != Kinship.none) & (kin != Kinship.child) & (of_age | unfit) & ~person("salaried", period) & poor
        return child | adult


class survivor_allowance(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Monthly survivors allowance of the relative"
    reference = "Law 41/2024/QH15 art. 87; Law 58/2014/QH13 art. 68"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Ints:
        law = parameters(period).survivors
        entitled = person("survivor_entitled", period)
        alone = person("without_carer", period)
        # No more than so many relatives of one death; those without a carer, who get more, come first.
        rank = person.get_rank(person.family, np.where(alone, 0, 1), condition=entitled)
        share = np.where(alone, law.share_without_carer, law.share)
        each = percent_of(np.full(share.shape, parameters(period).pay.reference_level, dtype=np.int64), share)
        deaths = person.family("deaths_opening_right", period)
        return np.where(entitled & (rank < law.relatives_max), each * deaths, 0)


class deaths_opening_right(LawVariable):
    value_type = int
    entity = Family
    definition_period = DateUnit.MONTH
    label = "Deaths in the family that open a right to monthly allowances (two deaths, twice the allowance)"
    reference = "Law 41/2024/QH15 art. 87(2); Law 58/2014/QH13 art. 68(2)"

    def formula_2016_01(family: Any, period: Any) -> Ints:
        return family.sum(family.members("opens_monthly_right", period), role=Family.DECEASED)


class pension_at_death(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Monthly pension, or work-injury allowance, the deceased drew"


class months_received(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Months for which the deceased had drawn the pension"


class one_off_survivors(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "One-off survivors allowance for the relatives of the deceased"
    reference = "Law 41/2024/QH15 arts 88, 89; Law 58/2014/QH13 arts 69, 70"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Ints:
        law = parameters(period).survivors.one_off
        average, drawn = person("average_salary", period), person("pension_at_death", period)
        before = person("months_before_2014", period) // 12
        halves = level_half_years(person("contribution_months", period) - 12 * before)
        by_career = by_years(average, before, halves, law.per_year_before_2014, law.per_year_from_2014)
        least = average * int(law.min_multiple)
        beyond = np.maximum(person("months_received", period) - int(law.pensioner_free_months), 0)
        pension_halves = np.maximum(2 * int(law.pensioner_months) - beyond * round(2 * law.pensioner_step), 2 * int(law.min_multiple))
        of_pensioner = divided(drawn * pension_halves, 2)
        of_injured = drawn * int(law.injury_multiple)
        return np.select(
            [person("pensioner", period), person("work_injury_recipient", period)],
            [of_pensioner, of_injured],
            np.maximum(by_career, least),
        )

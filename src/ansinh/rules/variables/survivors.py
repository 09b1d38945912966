"""Allowances of relatives when somebody died, monthly and one-off. The month of the calculation is the month they are paid for, after the death."""

from __future__ import annotations

from typing import Any

import numpy as np
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit

from ansinh.rules.entities import Family, Person
from ansinh.rules.months import month_index, month_of_days, months_later
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


class monthly_income(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Other monthly income of the relative, which the law of 2014 looked at"
    reference = "Law 58/2014/QH13 art. 67(3)"


class opens_monthly_right(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.MONTH
    label = "The death opens a right to monthly survivors allowances"
    reference = "Law 41/2024/QH15 art. 86(1); Law 58/2014/QH13 art. 67(1)"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Bools:
        law = parameters(period).survivors
        missing = np.minimum(person("missing_months_paid", period), law.missing_months_max)
        enough = person("compulsory_months", period) + missing >= 12 * law.min_years
        # A pension that rests on voluntary years, with too few compulsory ones, opens no monthly right.
        compulsory_pensioner = person("pensioner", period) & (enough | (person("voluntary_months", period) == 0))
        injured = person("injury_loss", period) >= law.injury_loss_min
        begun = month_of_days(person("died_on", period)) < month_index(period.start.year, period.start.month)
        return begun & (enough | compulsory_pensioner | person("work_death", period) | injured)


class SurvivorCondition(Enum):
    """Which condition a relative meets, or fails."""

    none = "không phải thân nhân"
    child_under_age = "con chưa đủ 18 tuổi"
    child_unfit = "con bị suy giảm khả năng lao động từ 81 % trở lên"
    adult_of_age = "đủ tuổi, không thuộc diện loại trừ"
    adult_unfit = "bị suy giảm khả năng lao động từ 81 % trở lên, không thuộc diện loại trừ"
    not_born = "con chưa được sinh ra"
    child_of_age = "con đã đủ 18 tuổi, không bị suy giảm khả năng lao động từ 81 % trở lên"
    adult_too_young = "chưa đủ tuổi, không bị suy giảm khả năng lao động từ 81 % trở lên"
    adult_salaried = "đang làm việc có lương thuộc diện tham gia bảo hiểm xã hội bắt buộc"
    adult_provided_for = "đang có lương hưu, trợ cấp hoặc thu nhập không thấp hơn mức quy định"


MEETS = (
    SurvivorCondition.child_under_age,
    SurvivorCondition.child_unfit,
    SurvivorCondition.adult_of_age,
    SurvivorCondition.adult_unfit,
)


class survivor_condition(LawVariable):
    value_type = Enum
    possible_values = SurvivorCondition
    default_value = SurvivorCondition.none
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Which condition of a monthly allowance the relative meets or fails"
    reference = "Law 41/2024/QH15 art. 86(2), (3); Law 58/2014/QH13 art. 67(2), (3)"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Any:
        law = parameters(period).survivors
        now = month_index(period.start.year, period.start.month)
        age = np.where(person("sex", period) == Sex.male, law.adult_age_men, law.adult_age_women)
        income = person("monthly_benefit", period) + person("monthly_income", period)
        of_age = month_of_days(person("birth_date", period)) + age < now
        return _condition(person, period, parameters, of_age, income)

    def formula_2025_07(person: Any, period: Any, parameters: Any) -> Any:
        now = month_index(period.start.year, period.start.month)
        birth = month_of_days(person("birth_date", period))
        of_age = month_reached(parameters, birth, person("sex", period) == Sex.male, np.zeros_like(birth)) < now
        return _condition(person, period, parameters, of_age, person("monthly_benefit", period))


def _condition(person: Any, period: Any, parameters: Any, of_age: Bools, income: Ints) -> Any:
    law = parameters(period).survivors
    kin, born = person("kinship", period), person("birth_date", period)
    child, unfit = kin == Kinship.child, person("capacity_loss", period) >= law.capacity_loss
    first = np.datetime64(str(period.start))
    # A month in which a child comes of age is still paid; one born after the death is paid from the month of birth.
    young = months_later(born, 12 * int(law.child_age)) > first
    unborn = month_of_days(born) > month_index(period.start.year, period.start.month)
    provided = income >= parameters(period).pay.reference_level
    by_condition = [
        (kin == Kinship.none, SurvivorCondition.none),
        (child & unborn, SurvivorCondition.not_born),
        (child & young, SurvivorCondition.child_under_age),
        (child & unfit, SurvivorCondition.child_unfit),
        (child, SurvivorCondition.child_of_age),
        (~of_age & ~unfit, SurvivorCondition.adult_too_young),
        (person("salaried", period), SurvivorCondition.adult_salaried),
        (provided, SurvivorCondition.adult_provided_for),
        (of_age, SurvivorCondition.adult_of_age),
    ]
    return np.select([met for met, _ in by_condition], [one for _, one in by_condition], SurvivorCondition.adult_unfit)


class survivor_entitled(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.MONTH
    label = "The relative fulfils the conditions of a monthly allowance"
    reference = "Law 41/2024/QH15 art. 86(2), (3); Law 58/2014/QH13 art. 67(2), (3)"

    def formula_2016_01(person: Any, period: Any) -> Bools:
        condition = person("survivor_condition", period)
        return np.logical_or.reduce([condition == one for one in MEETS])


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

    def formula_2016_01(family: Any, period: Any, parameters: Any) -> Ints:
        opening = family.sum(family.members("opens_monthly_right", period), role=Family.DECEASED_PERSON)
        return np.minimum(opening, parameters(period).survivors.deaths_max)


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


class one_off_survivors_choosable(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.MONTH
    label = "The relatives of the deceased may have the one-off: nobody qualifies for a monthly allowance, or they may choose"
    reference = "Law 41/2024/QH15 art. 88; Law 58/2014/QH13 art. 69"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Bools:
        kin, entitled = person("kinship", period), person("survivor_entitled", period)
        unfit = person("capacity_loss", period) >= parameters(period).survivors.capacity_loss
        age = 12 * int(parameters(period).survivors.one_off.no_choice_child_age)
        young = months_later(person("birth_date", period), age) > np.datetime64(str(period.start))
        barring = ((kin == Kinship.child) & (young | unfit)) | ((kin == Kinship.spouse) & unfit)
        nobody = ~person("opens_monthly_right", period)
        return nobody | ~person.family.any(barring & entitled)

    def formula_2025_07(person: Any, period: Any) -> Bools:
        return np.ones(person.count, dtype=bool)


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
        before, halves = person("years_before_2014", period), person("half_years_from_2014", period)
        by_career = by_years(average, before, halves, law.per_year_before_2014, law.per_year_from_2014)
        least = average * int(law.min_multiple)
        beyond = np.maximum(person("months_received", period) - int(law.pensioner_free_months), 0)
        pension_halves = np.maximum(
            2 * int(law.pensioner_months) - beyond * round(2 * law.pensioner_step), 2 * int(law.min_multiple)
        )
        of_pensioner = divided(drawn * pension_halves, 2)
        of_injured = drawn * int(law.injury_multiple)
        insured = person("contribution_months", period) > 0
        amount = np.select(
            [person("pensioner", period), person("work_injury_recipient", period)],
            [of_pensioner, of_injured],
            np.where(insured, np.maximum(by_career, least), 0),
        )
        return np.where(person("one_off_survivors_choosable", period), amount, 0)

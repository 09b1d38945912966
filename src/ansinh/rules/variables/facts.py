"""Facts about a person that the law asks for. Careers come as summaries; what reduces them is in `careers`."""

from __future__ import annotations

from datetime import date

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit

from ansinh.rules.entities import Person
from ansinh.rules.variable import LawVariable


class Sex(Enum):
    """As in the civil register."""

    female = "nữ"
    male = "nam"


class birth_date(LawVariable):
    value_type = date
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Birth date; an unknown day is the 1st, an unknown month January"
    reference = "Decree 158/2025/ND-CP art. 12"


class sex(LawVariable):
    value_type = Enum
    possible_values = Sex
    default_value = Sex.female
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Sex"


class compulsory_months(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Months of compulsory social insurance"


class voluntary_months(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Months of voluntary social insurance"


class missing_months_paid(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Missing months paid at once (at most six)"
    reference = "Law 41/2024/QH15 art. 33(7)"


class first_contribution_month(LawVariable):
    value_type = date
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "First month of contributions"


class first_voluntary_month(LawVariable):
    value_type = date
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "First month of voluntary contributions"


class months_before_2014(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Months of contributions before 1 January 2014"


class heavy_months(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Months in listed heavy, toxic or dangerous work, or in specially difficult areas before 2021"


class specially_heavy_months(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Months in specially heavy, toxic or dangerous work"


class coal_months(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Months in underground coal mining"


class capacity_loss(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Loss of working capacity, percent, by the medical council"


class occupational_hiv(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Infected with HIV by an accident at work"


class commune_woman(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "A woman who served a commune (Law 58/2014/QH13 art. 54(3))"


class treaty_months(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Months insured abroad that a treaty adds to the condition of years (never to the level)"
    reference = "Law 41/2024/QH15 art. 66(2)"


class floor_group(LawVariable):
    value_type = bool
    default_value = True
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Belongs to the groups for whom a lowest pension is guaranteed"
    reference = "Law 41/2024/QH15 arts 2(1)(a), (b), (c), (d), (đ), (g), (i), 66(4)"


class average_salary(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Average monthly salary (income) of the contributions"
    reference = "Law 41/2024/QH15 art. 72"


class months_after_retirement_age(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Months of contributions after the retirement age was reached"


class work_ended_on(LawVariable):
    value_type = date
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Day the work contract ended, of who worked on after the retirement age"


class medical_conclusion_on(LawVariable):
    value_type = date
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Day of the medical council's conclusion on the loss of working capacity"


class missing_months_paid_on(LawVariable):
    value_type = date
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Day on which the missing months were paid in full"


class last_salary(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Salary of the last contribution"

"""The one-off withdrawal of who leaves social insurance."""

from __future__ import annotations

from typing import Any

import numpy as np
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit

from ansinh.rules.entities import Person
from ansinh.rules.months import level_half_years, month_index, month_of_days
from ansinh.rules.variable import Bools, Ints, LawVariable, divided
from ansinh.rules.variables.eligibility import PensionBasis
from ansinh.rules.variables.facts import Sex
from ansinh.rules.variables.retirement import month_reached


class WithdrawalReason(Enum):
    """Why somebody asks for a withdrawal."""

    none = "không nêu"
    left_work = "ngừng tham gia 12 tháng"
    retirement_age = "đủ tuổi nghỉ hưu nhưng chưa đủ năm đóng"
    emigration = "ra nước ngoài để định cư"
    grave_illness = "mắc bệnh nguy hiểm đến tính mạng"
    capacity_loss = "suy giảm khả năng lao động từ 81 %"
    armed_forces = "lực lượng vũ trang phục viên, xuất ngũ, thôi việc"


class withdrawal_reason(LawVariable):
    value_type = Enum
    possible_values = WithdrawalReason
    default_value = WithdrawalReason.none
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Why the person withdraws"
    reference = "Law 41/2024/QH15 art. 70(1)"


class months_out(LawVariable):
    value_type = int
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Months since the last contribution"


class contributions_paid(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Contributions paid in all"


class one_off_entitled(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Entitled to a one-off withdrawal"
    reference = "Law 41/2024/QH15 art. 70(1); Law 58/2014/QH13 art. 60(1), Resolution 93/2015/QH13"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Bools:
        return _at_any_time(person, period, parameters) | _left_work(person, period, parameters)

    def formula_2025_07(person: Any, period: Any, parameters: Any) -> Bools:
        joined = person("first_contribution_month", period)
        closed = joined >= np.datetime64(parameters(period).one_off.closed_to_joiners_from)
        return _at_any_time(person, period, parameters) | (_left_work(person, period, parameters) & ~closed)


def _left_work(person: Any, period: Any, parameters: Any) -> Bools:
    law = parameters(period).one_off
    reason = person("withdrawal_reason", period)
    out = person("months_out", period) >= law.months_out
    return (reason == WithdrawalReason.left_work) & out & (person("contribution_months", period) < 12 * law.years_below)


def _at_any_time(person: Any, period: Any, parameters: Any) -> Bools:
    reason = person("withdrawal_reason", period)
    birth = month_of_days(person("birth_date", period))
    male = person("sex", period) == Sex.male
    reached = month_reached(parameters, birth, male, np.zeros_like(birth))
    of_age = reached < month_index(period.start.year, period.start.month)
    short = person("contribution_months", period) < 12 * parameters(period).pension.min_years
    short &= person("pension_basis", period) == PensionBasis.none
    grave = person("capacity_loss", period) >= parameters(period).pension.reduced_capacity.capacity_loss_grave
    return (
        ((reason == WithdrawalReason.retirement_age) & of_age & short)
        | (reason == WithdrawalReason.emigration)
        | (reason == WithdrawalReason.grave_illness)
        | ((reason == WithdrawalReason.capacity_loss) & grave)
        | (reason == WithdrawalReason.armed_forces)
    )


class years_before_2014(LawVariable):
    value_type = int
    unit = "years"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Whole years of contributions before 2014; odd months are counted with those from 2014"
    reference = "Law 41/2024/QH15 art. 70(3); Decree 158/2025/NĐ-CP"

    def formula_2016_01(person: Any, period: Any) -> Ints:
        return person("months_before_2014", period) // 12


class half_years_from_2014(LawVariable):
    value_type = int
    unit = "half years"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Years of contributions from 2014, with the odd months of before"
    reference = "Law 41/2024/QH15 arts 5(6), 70(3)"

    def formula_2016_01(person: Any, period: Any) -> Ints:
        since = person("contribution_months", period) - 12 * person("years_before_2014", period)
        return level_half_years(since)


def by_years(average: Ints, before: Ints, halves: Ints, per_year_before: float, per_year_from: float) -> Ints:
    """Return average salaries for years before 2014 and half years from then on, in đồng; the multiples are halves of a salary."""
    quarters = before * round(4 * per_year_before) + halves * round(2 * per_year_from)
    return divided(average * quarters, 4)


class one_off_withdrawal(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "One-off withdrawal"
    reference = "Law 41/2024/QH15 art. 70(3); Law 58/2014/QH13 art. 60(2)"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Ints:
        law = parameters(period).one_off
        average = person("average_salary", period)
        before, halves = person("years_before_2014", period), person("half_years_from_2014", period)
        long = by_years(average, before, halves, law.multiple_before_2014, law.multiple_from_2014)
        short = np.minimum(person("contributions_paid", period), average * int(law.short_max))
        amount = np.where(person("under_one_year", period), short, long)
        return np.where(person("one_off_entitled", period), amount, 0)


class under_one_year(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Contributions of less than a year"
    reference = "Law 41/2024/QH15 art. 70(3)(c); Law 58/2014/QH13 art. 60(2)(c)"

    def formula_2016_01(person: Any, period: Any) -> Bools:
        return person("contribution_months", period) < 12

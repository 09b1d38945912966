"""General adjustments of pensions by decree."""

from __future__ import annotations

from typing import Any

import numpy as np
from openfisca_core.periods import DateUnit

from ansinh.rules.entities import Person
from ansinh.rules.variable import Bools, Ints, LawVariable, percent_of


class pension_before(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Monthly pension in the month before the adjustment"


class retired_before_1995(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Retired before 1 January 1995"


class payment_suspended(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Payment of the pension is suspended: the raised amount is paid when it resumes"


class pension_raised(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Monthly pension after the general percentage, before the further rise of the oldest pensions"
    reference = "Decree 75/2024/NĐ-CP art. 2(1); Decree 162/2026/NĐ-CP; Circular 14/2026/TT-BNV"

    def formula_2024_07(person: Any, period: Any, parameters: Any) -> Ints:
        return percent_of(person("pension_before", period), 100.0 + parameters(period).pension.adjustment.percent)


class pension_adjusted(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Monthly pension after the adjustment"
    reference = "Decree 75/2024/NĐ-CP art. 2; Decree 162/2026/NĐ-CP; Circular 14/2026/TT-BNV"

    def formula_2024_07(person: Any, period: Any, parameters: Any) -> Ints:
        law = parameters(period).pension.adjustment
        raised = person("pension_raised", period)
        further = np.where(raised <= law.old_rise_up_to, raised + law.old_rise, law.old_level)
        return np.where(person("raised_further", period), further, raised)


class raised_further(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.MONTH
    label = "The pension is one of the oldest, which are raised further in the month of a general adjustment"
    reference = "Decree 75/2024/NĐ-CP art. 2(2); Decree 162/2026/NĐ-CP"

    def formula_2024_07(person: Any, period: Any, parameters: Any) -> Bools:
        low = person("pension_raised", period) < parameters(period).pension.adjustment.old_level
        old = person("retired_before_1995", period) & (person("pension_before", period) > 0)
        return old & low & person("adjustment_month", period)


class adjustment_month(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.MONTH
    label = "A general adjustment falls in the month"

    def formula_2024_07(person: Any, period: Any, parameters: Any) -> Bools:
        return np.full(person.count, parameters(period).pension.adjustment.percent > 0)


class pension_paid_after_adjustment(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "What is paid of it this month"
    reference = "Decree 75/2024/NĐ-CP art. 2; Decree 162/2026/NĐ-CP; Circular 14/2026/TT-BNV"

    def formula_2024_07(person: Any, period: Any) -> Ints:
        return np.where(person("payment_suspended", period), 0, person("pension_adjusted", period))

"""General adjustments of pensions by decree."""

from __future__ import annotations

from typing import Any

import numpy as np
from openfisca_core.periods import DateUnit

from ansinh.rules.entities import Person
from ansinh.rules.variable import Ints, LawVariable, percent_of


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
        # The decree raises the oldest pensions only in the month of a general adjustment.
        old = person("retired_before_1995", period) & (raised < law.old_level) & (law.percent > 0)
        return np.where(old, further, raised)

"""The funeral allowance. The month of the calculation is the month of death."""

from __future__ import annotations

from typing import Any

import numpy as np
from openfisca_core.periods import DateUnit

from ansinh.rules.entities import Person
from ansinh.rules.variable import Bools, Ints, LawVariable


class pensioner(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Drew a pension, or its payment was suspended"


class work_injury_recipient(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Drew a monthly work-injury allowance and had left work"


class work_death(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Died of a work accident or an occupational disease"


class funeral_entitled(LawVariable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Whoever takes charge of the burial is entitled to the allowance"
    reference = "Law 41/2024/QH15 arts 85(1), 109(1); Law 58/2014/QH13 arts 66(1), 80(1); Decree 158/2025/NĐ-CP art. 21"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Bools:
        law = parameters(period).funeral
        compulsory, voluntary = person("compulsory_months", period), person("voluntary_months", period)
        return (
            (compulsory >= law.min_months_compulsory)
            | ((compulsory == 0) & (voluntary >= law.min_months_voluntary))
            | ((compulsory > 0) & (voluntary > 0) & (compulsory + voluntary >= law.min_months_mixed))
            | person("pensioner", period)
            | person("work_injury_recipient", period)
            | person("work_death", period)
        )


class funeral_allowance(LawVariable):
    value_type = int
    unit = "currency-VND"
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Funeral allowance"
    reference = "Law 41/2024/QH15 arts 85(2), 109(2); Law 58/2014/QH13 art. 66(2)"

    def formula_2016_01(person: Any, period: Any, parameters: Any) -> Ints:
        # The reference level stands for the base salary before 1 July 2025.
        amount = int(parameters(period).funeral.multiple) * int(parameters(period).pay.reference_level)
        return np.where(person("funeral_entitled", period), amount, 0)

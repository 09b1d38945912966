"""“What pension from this month on?”"""

from __future__ import annotations

import msgspec

from ansinh.rules.calculation import law, naming_what_is_unknown, simulate
from ansinh.rules.situations.answers import Answer, amounts
from ansinh.rules.situations.stated import Insured, facts_of, month_of


class PensionCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="ask", tag="pension"):
    """A pension that begins in the month `on`."""

    on: str
    person: Insured
    title: str = ""

    def answer(self) -> Answer:
        """Return basis, rate, pension and one-off; raises InvalidInput and ParameterUnknown."""
        start = month_of(self.on, "on")
        with naming_what_is_unknown():
            facts, average = facts_of(self.person, start, law().get_parameters_at_instant)
        wanted = ("retirement_date", "pension_basis", "pension_rate", "pension", "retirement_extra")
        return amounts(simulate({"person": facts}, wanted, str(start)), wanted, str(start), average)

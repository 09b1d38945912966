"""“What pension from this month on?”, “When may I retire?”, “How much after the general adjustment?”"""

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


class RetirementCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="ask", tag="retirement"):
    """When a person reaches the retirement age for the kind of work, by the law of the month `on`."""

    on: str
    person: Insured
    title: str = ""

    def answer(self) -> Answer:
        """Return the first day a pension may begin; raises InvalidInput."""
        start = month_of(self.on, "on")
        # Only months count here, so wages, and what they are multiplied by, need not be known.
        facts, _ = facts_of(msgspec.structs.replace(self.person, average_salary=0), start, law().get_parameters_at_instant)
        wanted = ("lowered_age_months", "retirement_date")
        return amounts(simulate({"person": facts}, wanted, str(start)), wanted, str(start))


class AdjustmentCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="ask", tag="adjustment"):
    """A running pension in the month of a general adjustment."""

    on: str
    pension: int
    retired_before_1995: bool = False
    title: str = ""

    def answer(self) -> Answer:
        """Return the pension after the adjustment; raises InvalidInput and ParameterUnknown."""
        month = str(month_of(self.on, "on"))
        facts = {"pension_before": self.pension, "retired_before_1995": self.retired_before_1995}
        wanted = ("pension_adjusted",)
        return amounts(simulate({"person": facts}, wanted, month), wanted, month)

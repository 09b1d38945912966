"""“What pension from this month on?”, “When may I retire?”, “How much after the general adjustment?”"""

from __future__ import annotations

import msgspec

from ansinh.foundation.errors import InvalidInput
from ansinh.rules.calculation import law, naming_what_is_unknown, simulate
from ansinh.rules.situations.answers import Answer, amounts
from ansinh.rules.situations.reading import day_of, month_of
from ansinh.rules.situations.stated import Insured, facts_of


class PensionCase(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="ask", tag="pension"
):
    """A pension that begins in the month `on`."""

    on: str
    person: Insured
    title: str = ""

    def answer(self) -> Answer:
        """Return basis, rate, pension and one-off; raises InvalidInput and ParameterUnknown."""
        start = month_of(self.on, "on")
        with naming_what_is_unknown():
            facts, average = facts_of(self.person, start, law().get_parameters_at_instant)
        wanted: tuple[str, ...] = ("pension_basis", "early_reduction", "pension_rate", "pension", "retirement_extra")
        if self.person.born is not None:
            wanted = ("retirement_date", "pension_start", *wanted)
        wanted += ("missing_months_payable", "missing_months_amount")
        return amounts(simulate({"person": facts}, wanted, str(start)), wanted, str(start), average)


class RetirementCase(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="ask", tag="retirement"
):
    """When a person reaches the retirement age for the kind of work, by the law of the month `on`."""

    on: str
    person: Insured
    title: str = ""

    def answer(self) -> Answer:
        """Return the first day a pension may begin by age, and by everything stated; raises InvalidInput."""
        start = month_of(self.on, "on")
        if self.person.born is None:
            raise InvalidInput("person.born: ghi ngày sinh.", "person.born: state the birth date.", field="person.born")
        # Only months count here, so wages, and what they are multiplied by, need not be known.
        plain = msgspec.structs.replace(self.person, average_salary=0, last_salary=0)
        with naming_what_is_unknown():
            facts, _ = facts_of(plain, start, law().get_parameters_at_instant)
        wanted: tuple[str, ...] = ("lowered_age_months", "retirement_date")
        if facts.get("compulsory_months", 0) + facts.get("voluntary_months", 0) > 0:
            wanted += ("pension_start",)
        return amounts(simulate({"person": facts}, wanted, str(start)), wanted, str(start))


class AdjustmentCase(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="ask", tag="adjustment"
):
    """A running pension in the month of a general adjustment."""

    on: str
    pension: int
    retired_before_1995: bool = False
    retired: str | int | None = None
    suspended: bool = False
    title: str = ""

    def answer(self) -> Answer:
        """Return the pension after the adjustment; raises InvalidInput and ParameterUnknown."""
        month = str(month_of(self.on, "on"))
        if self.pension < 0:
            raise InvalidInput("pension: không thể âm.", "pension: is never negative.", field="pension")
        old = self.retired_before_1995
        if self.retired is not None:
            with naming_what_is_unknown():
                until = law().get_parameters_at_instant(month + "-01").pension.adjustment.old_until
            old = day_of(self.retired, "retired").isoformat() < until
        facts = {"pension_before": self.pension, "retired_before_1995": old, "payment_suspended": self.suspended}
        wanted = ("pension_adjusted", "pension_paid_after_adjustment")
        return amounts(simulate({"person": facts}, wanted, month), wanted, month)

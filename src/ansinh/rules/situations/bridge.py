"""“What until the social pension, for somebody of retirement age without a pension?”"""

from __future__ import annotations

import msgspec

from ansinh.rules.calculation import law, naming_what_is_unknown, simulate
from ansinh.rules.situations.answers import Answer, amounts
from ansinh.rules.situations.stated import Insured, facts_of, month_of


class BridgeCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="ask", tag="bridge"):
    """A bridge allowance from the month `on`."""

    on: str
    person: Insured
    title: str = ""

    def answer(self) -> Answer:
        """Return months, monthly amount and what may be paid in; raises InvalidInput and ParameterUnknown."""
        start = month_of(self.on, "on")
        with naming_what_is_unknown():
            facts, average = facts_of(self.person, start, law().get_parameters_at_instant)
        wanted = ("bridge_entitled", "bridge_months", "bridge_allowance", "bridge_may_pay_in")
        return amounts(simulate({"person": facts}, wanted, str(start)), wanted, str(start), average)

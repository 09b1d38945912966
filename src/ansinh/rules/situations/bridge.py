"""“What until the social pension, for somebody of retirement age without a pension?”"""

from __future__ import annotations

import msgspec

from ansinh.rules.calculation import law, naming_what_is_unknown, simulate
from ansinh.rules.situations.answers import Answer, amounts
from ansinh.rules.situations.reading import month_of
from ansinh.rules.situations.stated import Insured, facts_of


class BridgeCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="ask", tag="bridge"):
    """A bridge allowance from the month `on`; with `months_received` also what relatives get if the person dies then."""

    on: str
    person: Insured
    poor: bool = False
    months_received: int | None = None
    title: str = ""

    def answer(self) -> Answer:
        """Return months, monthly amount and what may be paid in; raises InvalidInput and ParameterUnknown."""
        start = month_of(self.on, "on")
        with naming_what_is_unknown():
            facts, average = facts_of(self.person, start, law().get_parameters_at_instant)
        facts["poor"] = self.poor
        wanted: tuple[str, ...] = ("bridge_entitled", "bridge_months", "bridge_allowance", "bridge_may_pay_in")
        if self.months_received is not None:
            facts["bridge_months_received"] = self.months_received
            wanted += ("bridge_unpaid_to_relatives",)
        return amounts(simulate({"person": facts}, wanted, str(start)), wanted, str(start), average)

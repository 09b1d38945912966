"""“How much if I withdraw?”"""

from __future__ import annotations

from typing import Literal

import msgspec

from ansinh.rules.calculation import law, naming_what_is_unknown, simulate
from ansinh.rules.situations.answers import Answer, amounts
from ansinh.rules.situations.reading import month_of
from ansinh.rules.situations.stated import Insured, facts_of, last_month_of, paid_in

Reason = Literal["left_work", "retirement_age", "emigration", "grave_illness", "capacity_loss", "armed_forces"]


class OneOffCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="ask", tag="one_off"):
    """A withdrawal decided in the month `on`; `months_out` is worked out when contributions are stated by month or year."""

    on: str
    person: Insured
    reason: Reason = "left_work"
    months_out: int | None = None
    contributions_paid: int | None = None
    title: str = ""

    def answer(self) -> Answer:
        """Return whether it is due and how much; raises InvalidInput and ParameterUnknown."""
        start = month_of(self.on, "on")
        with naming_what_is_unknown():
            facts, average = facts_of(self.person, start, law().get_parameters_at_instant)
            paid = self.contributions_paid
            if paid is None:
                paid = paid_in(self.person, facts, start, law().get_parameters_at_instant)
        out = self.months_out
        if out is None:
            last = last_month_of(self.person)
            # Totals alone do not tell when the last month was: who asks has been out long enough, unless told otherwise.
            enough = int(law().get_parameters_at_instant(str(start.first_day())).one_off.months_out)
            out = start.index - last.index - 1 if last else enough
        facts |= {"withdrawal_reason": self.reason, "months_out": max(out, 0), "contributions_paid": paid}
        wanted = ("one_off_entitled", "one_off_withdrawal")
        return amounts(simulate({"person": facts}, wanted, str(start)), wanted, str(start), average)

"""“Is there a funeral allowance, and how much?”"""

from __future__ import annotations

import msgspec

from ansinh.rules.calculation import simulate
from ansinh.rules.situations.answers import Answer, amounts
from ansinh.rules.situations.reading import month_of


class FuneralCase(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="ask", tag="funeral"
):
    """A death in the month `on`, a declaration of death by a court among them."""

    on: str
    compulsory_months: int = 0
    voluntary_months: int = 0
    pensioner: bool = False
    work_injury_recipient: bool = False
    work_death: bool = False
    title: str = ""

    def answer(self) -> Answer:
        """Return whether it is due and how much; raises InvalidInput and ParameterUnknown."""
        month = str(month_of(self.on, "on"))
        facts = {
            "compulsory_months": self.compulsory_months,
            "voluntary_months": self.voluntary_months,
            "pensioner": self.pensioner,
            "work_injury_recipient": self.work_injury_recipient,
            "work_death": self.work_death,
        }
        wanted = ("funeral_entitled", "funeral_allowance")
        return amounts(simulate({"person": facts}, wanted, month), wanted, month)

"""“Is there a social pension for somebody of that age?”"""

from __future__ import annotations

import msgspec

from ansinh.rules.calculation import simulate
from ansinh.rules.situations.answers import Answer, amounts
from ansinh.rules.situations.stated import day_of, month_of


class SocialPensionCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="ask", tag="social_pension"):
    """A social pension for the month `on`."""

    on: str
    born: str | int
    poor: bool = False
    pensioner: bool = False
    monthly_benefit: int = 0
    title: str = ""

    def answer(self) -> Answer:
        """Return the monthly amount, 0 when there is none; raises InvalidInput and ParameterUnknown."""
        month = str(month_of(self.on, "on"))
        facts = {
            "birth_date": day_of(self.born, "born").isoformat(),
            "poor": self.poor,
            "pensioner": self.pensioner,
            "monthly_benefit": self.monthly_benefit,
        }
        wanted = ("social_pension",)
        return amounts(simulate({"person": facts}, wanted, month), wanted, month)

"""“Is there a social pension for somebody of that age?”"""

from __future__ import annotations

import msgspec

from ansinh.rules.calculation import simulate
from ansinh.rules.situations.answers import Answer, amounts
from ansinh.rules.situations.reading import day_of, month_of


class SocialPensionCase(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="ask", tag="social_pension"
):
    """A social pension for the month `on`, asked for in writing."""

    on: str
    born: str | int
    poor: bool = False
    pensioner: bool = False
    monthly_benefit: int = 0
    social_allowance: int = 0
    citizen: bool = True
    died: str | None = None
    title: str = ""

    def answer(self) -> Answer:
        """Return the monthly amount, 0 when there is none; raises InvalidInput and ParameterUnknown."""
        month = str(month_of(self.on, "on"))
        facts = {
            "birth_date": day_of(self.born, "born").isoformat(),
            "poor": self.poor,
            "pensioner": self.pensioner,
            "monthly_benefit": self.monthly_benefit,
            "social_allowance": self.social_allowance,
            "vietnamese_citizen": self.citizen,
        }
        if self.died is not None:
            facts["died_on"] = day_of(self.died, "died").isoformat()
        wanted = ("social_pension",)
        return amounts(simulate({"person": facts}, wanted, month), wanted, month)

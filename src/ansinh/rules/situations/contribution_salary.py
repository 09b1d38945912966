"""“What salary are contributions paid on?”"""

from __future__ import annotations

from typing import Literal

import msgspec

from ansinh.rules.calculation import simulate
from ansinh.rules.situations.answers import Answer, amounts
from ansinh.rules.situations.reading import month_of


class ContributionCase(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="ask", tag="contribution_salary"
):
    """The salary of the month `on`, held between its limits."""

    on: str
    salary: int
    region: Literal[1, 2, 3, 4] = 1
    title: str = ""

    def answer(self) -> Answer:
        """Return the salaries that social and unemployment insurance are paid on; raises InvalidInput and ParameterUnknown."""
        month = str(month_of(self.on, "on"))
        facts = {"salary": self.salary, "region": self.region}
        wanted = ("contribution_salary", "unemployment_contribution_salary")
        return amounts(simulate({"person": facts}, wanted, month), wanted, month)

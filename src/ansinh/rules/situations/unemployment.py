"""“How much, and for how long, after losing a job?”"""

from __future__ import annotations

from typing import Literal

import msgspec

from ansinh.foundation.errors import InvalidInput
from ansinh.rules.calculation import simulate
from ansinh.rules.situations.answers import Answer, amounts
from ansinh.rules.situations.stated import day_of, month_of


class UnemploymentCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="ask", tag="unemployment"):
    """A benefit that begins in the month `on`. `salaries` are those of the last months, the mean is taken of the last six."""

    on: str
    months: int
    contract_end: str
    region: Literal[1, 2, 3, 4] = 1
    salaries: tuple[int, ...] = ()
    mean_salary: int | None = None
    months_in_window: int | None = None
    state_pay: bool = False
    barred: bool = False
    title: str = ""

    def answer(self) -> Answer:
        """Return monthly amount, months and what stays reserved; raises InvalidInput and ParameterUnknown."""
        month = str(month_of(self.on, "on"))
        mean = self.mean_salary
        if mean is None:
            last = self.salaries[-6:]
            if not last:
                raise InvalidInput(
                    "Ghi tiền lương các tháng cuối (salaries) hoặc bình quân (mean_salary).",
                    "State the last salaries (salaries) or their mean (mean_salary).",
                    field="salaries",
                )
            mean = (2 * sum(last) + len(last)) // (2 * len(last))
        facts = {
            "unemployment_months": self.months,
            "unemployment_months_in_window": self.months if self.months_in_window is None else self.months_in_window,
            "mean_salary": mean,
            "region": self.region,
            "state_pay": self.state_pay,
            "contract_end": day_of(self.contract_end, "contract_end").isoformat(),
            "barred_from_unemployment_benefit": self.barred,
        }
        wanted = (
            "unemployment_entitled",
            "unemployment_benefit",
            "unemployment_benefit_months",
            "unemployment_months_reserved",
        )
        return amounts(simulate({"person": facts}, wanted, month), wanted, month)

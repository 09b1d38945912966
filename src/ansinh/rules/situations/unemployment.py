"""“How much, and for how long, after losing a job?”"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal

import msgspec
import numpy as np

from ansinh.foundation.errors import InvalidInput
from ansinh.rules.calculation import law, naming_what_is_unknown, simulate
from ansinh.rules.careers.averages import wage_of
from ansinh.rules.careers.months import Month
from ansinh.rules.months import months_later
from ansinh.rules.situations.answers import Answer, Result, amounts
from ansinh.rules.situations.contributions import Contributions, stretches_of
from ansinh.rules.situations.reading import day_of, month_of

End = Literal[
    "none", "job", "service", "pension", "two_refusals", "three_silent_months", "emigration", "study", "fraud_fine", "death",
    "institution", "missing", "detention", "own_wish",
]  # fmt: skip


class UnemploymentCase(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="ask", tag="unemployment"
):
    """A benefit that begins in the month `on`: `contributions`, or `months` and the last `salaries` (or their `mean_salary`)."""

    on: str
    months: int | None = None
    contract_end: str | None = None
    contract_months: int = 0
    region: Literal[1, 2, 3, 4] = 1
    contributions: tuple[Contributions, ...] = ()
    salaries: tuple[int, ...] = ()
    mean_salary: int | None = None
    months_in_window: int | None = None
    last_month: str | None = None
    state_pay: bool = False
    broke_contract: bool = False
    pensioner: bool = False
    eligible_for_pension: bool = False
    found_work: bool = False
    filed: str | None = None
    holidays: tuple[str, ...] = ()
    ended_because: End = "none"
    months_received: int = 0
    not_notified: bool = False
    title: str = ""

    def answer(self) -> Answer:
        """Return monthly amount, months, first and last day, and what stays reserved; raises InvalidInput and ParameterUnknown."""
        month = month_of(self.on, "on")
        facts: dict[str, Any] = {
            "region": self.region,
            "contract_months": self.contract_months,
            "state_pay": self.state_pay,
            "broke_contract": self.broke_contract,
            "pensioner": self.pensioner,
            "eligible_for_pension": self.eligible_for_pension,
            "found_work": self.found_work,
            "benefit_end": self.ended_because,
            "benefit_months_received": self.months_received,
            "end_not_notified": self.not_notified,
        }
        for fact, stated in (("contract_end", self.contract_end), ("unemployment_filed_on", self.filed)):
            if stated is not None:
                facts[fact] = day_of(stated, fact).isoformat()
        with naming_what_is_unknown():
            facts |= self._contributed(month)
        wanted = (
            "unemployment_entitled",
            "unemployment_obstacle",
            "unemployment_benefit",
            "unemployment_benefit_months",
            "unemployment_months_reserved",
            "health_insurance_paid",
        )
        answer = amounts(simulate({"person": facts}, wanted, str(month)), wanted, str(month))
        return answer if self.filed is None else answer.with_results(self._days(answer, month))

    def _contributed(self, month: Month) -> dict[str, Any]:
        """Return months, months looked at, and the mean of the last salaries."""
        parameters = law().get_parameters_at_instant
        at_start = parameters(str(month.first_day())).unemployment
        mean_of = int(at_start.mean_months)
        short = at_start.short_contract_from <= self.contract_months < at_start.short_contract_below
        window = int(at_start.window_short if short else at_start.window)
        if self.contributions:
            paid = [
                (one, wage_of(stretch, one, parameters))
                for stretch in stretches_of(self.contributions, "contributions")
                for one in stretch.each_month()
            ]
            ended = month_of(self.contract_end, "contract_end") if self.contract_end else paid[-1][0]
            # The month the contract ended in belongs to the time looked at.
            within = sum(1 for one, _ in paid if ended.index - window < one.index <= ended.index)
            return _facts(len(paid), within, [wage for _, wage in paid][-mean_of:], None, paid[-1][0])
        if self.months is None:
            raise InvalidInput(
                "Ghi số tháng đóng (months) hoặc từng đợt đóng (contributions).",
                "State the months paid (months) or each stretch (contributions).",
                field="months",
            )
        last = month_of(self.last_month, "last_month") if self.last_month else None
        within = min(self.months, window) if self.months_in_window is None else self.months_in_window
        return _facts(self.months, within, list(self.salaries[-mean_of:]), self.mean_salary, last)

    def _days(self, answer: Answer, month: Month) -> tuple[Result, ...]:
        """Return the first and the last day of the benefit, when it is due and the file's day is known."""
        months = next(one.value for one in answer.results if one.key == "unemployment_benefit_months")
        if not months or self.filed is None:
            return ()
        nth = int(law().get_parameters_at_instant(str(month.first_day())).unemployment.first_day)
        off = [day_of(one, "holidays").isoformat() for one in self.holidays]
        filed = np.datetime64(day_of(self.filed, "filed"))
        holidays = np.array(off, dtype="datetime64[D]")
        first: date = np.busday_offset(filed, nth, roll="backward", holidays=holidays).astype("datetime64[D]").item()
        last: date = months_later(np.array([first], dtype="datetime64[D]"), int(str(months)))[0].item()
        # A month runs from a day to the day before it in the next month, or to that month's last day when it has no such day.
        if last.day == first.day:
            last -= timedelta(days=1)
        return Result("first_day", first.isoformat(), ""), Result("last_day", last.isoformat(), "")


def _facts(months: int, within: int, salaries: list[int], mean: int | None, last: Month | None) -> dict[str, Any]:
    if mean is None:
        if not salaries:
            raise InvalidInput(
                "Ghi tiền lương các tháng cuối (salaries) hoặc bình quân (mean_salary).",
                "State the last salaries (salaries) or their mean (mean_salary).",
                field="salaries",
            )
        mean = (2 * sum(salaries) + len(salaries)) // (2 * len(salaries))
    facts: dict[str, Any] = {
        "unemployment_months": months,
        "unemployment_months_in_window": within,
        "mean_salary": mean,
    }
    if last is not None:
        facts["last_month_on"] = last.first_day().isoformat()
    return facts

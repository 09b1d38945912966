"""What comes back: results by key, and how they came about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from openfisca_core.simulations import Simulation

from ansinh.rules.calculation import law, naming_what_is_unknown
from ansinh.rules.careers.averages import Average
from ansinh.rules.explanations import Explanation, explain
from ansinh.rules.explanations.averages import average_step
from ansinh.rules.explanations.telling import value_of

__all__ = ["Answer", "Result", "amounts", "value_of"]


@dataclass(frozen=True, slots=True)
class Result:
    """One figure: amounts in đồng, rates in percent, days as text; None where there is none."""

    key: str
    value: str | int | float | bool | dict[str, int] | None
    unit: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The figures asked for, their derivation, and the lines of the average salary when it was worked out here."""

    on: str
    results: tuple[Result, ...]
    explanation: Explanation
    average: Average | None = None

    def with_results(self, more: Sequence[Result]) -> Answer:
        """Return the answer with further results."""
        return replace(self, results=(*self.results, *more))

    def having(self, key: str, each: dict[str, int], *, total: str) -> Answer:
        """Return the answer with amounts by person and their sum besides."""
        unit = "currency-VND"
        return self.with_results((Result(key, each, unit), Result(total, sum(each.values()), unit)))

    def telling_of(self, simulation: Simulation, places: Mapping[str, int], only: Sequence[str]) -> Answer:
        """Return the answer with the steps of further persons, each under the person's name."""
        with naming_what_is_unknown():
            told = [explain(simulation, self.on, place, only=only, person=name) for name, place in places.items()]
        steps = tuple(step for one in told for step in one.steps)
        return replace(self, explanation=Explanation((*self.explanation.steps, *steps)))

    def plain(self) -> dict[str, Any]:
        """Return it as plain values for JSON."""
        told: dict[str, Any] = {
            "on": self.on,
            "results": {one.key: one.value for one in self.results},
            "steps": self.explanation.plain(),
        }
        if self.average is not None:
            told["average_salary"] = asdict(self.average)
        return told


def amounts(simulation: Simulation, wanted: Sequence[str], period: str, average: Average | None = None) -> Answer:
    """Return the wanted variables of the first person, with their derivation; raises ParameterUnknown."""
    with naming_what_is_unknown():
        results = [
            Result(name, value_of(simulation, name, period, 0), law().get_variable(name).unit or "") for name in wanted
        ]
        explanation = explain(simulation, period)
        if average is not None:
            others = tuple(step for step in explanation.steps if step.key != "average_salary")
            explanation = Explanation((average_step(average, period), *others))
        return Answer(period, tuple(results), explanation, average)

"""What comes back: results by key, and how they came about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from openfisca_core.simulations import Simulation

from ansinh.rules.calculation import law, naming_what_is_unknown
from ansinh.rules.careers.averages import Average
from ansinh.rules.explaining import Explanation, explain


@dataclass(frozen=True, slots=True)
class Result:
    """One figure: amounts in đồng, rates in percent, days as text."""

    key: str
    value: str | int | float | bool | dict[str, int]
    unit: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The figures asked for, their derivation, and the lines of the average salary when it was worked out here."""

    on: str
    results: tuple[Result, ...]
    explanation: Explanation
    average: Average | None = None

    def having(self, key: str, each: dict[str, int], *, total: str) -> Answer:
        """Return the answer with amounts by person and their sum besides."""
        unit = "currency-VND"
        more = (Result(key, each, unit), Result(total, sum(each.values()), unit))
        return replace(self, results=(*self.results, *more))

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
        return Answer(period, tuple(results), explain(simulation), average)


def value_of(simulation: Simulation, name: str, period: str, place: int) -> Any:
    """Return one person's value of a variable as a plain one: enumerations by name, days as text."""
    array = simulation.calculate(name, period)
    if hasattr(array, "decode_to_str"):
        return str(array.decode_to_str()[place])
    value = array[place]
    return str(value) if array.dtype.kind == "M" else value.item()

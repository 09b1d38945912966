"""What comes back: results by key, and how they came about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from openfisca_core.simulations import Simulation

from ansinh.rules.calculation import law
from ansinh.rules.careers.averages import Average
from ansinh.rules.explaining import Explanation, explain


@dataclass(frozen=True, slots=True)
class Result:
    """One figure: amounts in đồng, rates in percent, days as text."""

    key: str
    value: str | int | float | bool
    unit: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The figures asked for, their derivation, and the lines of the average salary when it was worked out here."""

    on: str
    results: tuple[Result, ...]
    explanation: Explanation
    average: Average | None = None

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
    """Return the wanted variables of the first person, with their derivation."""
    results = []
    for name in wanted:
        array = simulation.calculate(name, period)
        value = array.decode_to_str()[0] if hasattr(array, "decode_to_str") else array[0]
        plain = str(value) if array.dtype.kind in "MSUO" or isinstance(value, str) else value.item()
        results.append(Result(name, plain, law().get_variable(name).unit or ""))
    return Answer(period, tuple(results), explain(simulation), average)

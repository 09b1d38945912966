"""What a derivation consists of, as plain values that can be stored beside a decision."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from ansinh.rules.careers.averages import Line


@dataclass(frozen=True, slots=True)
class Applied:
    """A parameter as it was applied: value, the day from which it is in force, where that is laid down, and how sure we are."""

    name: str
    vi: str
    en: str
    value: float | str
    unit: str
    since: str
    reference: str
    reference_vi: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a derivation; `person` names the relative it is about, `lines` are the table of an average salary."""

    key: str
    vi: str
    en: str
    value: str | int | float | bool | None
    reference: str
    reference_vi: str
    parameters: tuple[Applied, ...]
    person: str = ""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a result came about: the steps in the order they build on each other."""

    steps: tuple[Step, ...]

    def plain(self) -> list[dict[str, Any]]:
        """Return the steps as plain values, to store beside a decision."""
        return [asdict(step) for step in self.steps]

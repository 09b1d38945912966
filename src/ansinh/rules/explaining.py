"""The derivation of an amount, as sentences and a table: the facts used, each parameter with its value, day and article, the steps, the result.

The sentences are in texts/*.yaml, one entry a variable, so that a lawyer can read and mend them. A step is told when its variable was used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import yaml
from openfisca_core.simulations import Simulation

from ansinh.rules.calculation import law
from ansinh.rules.law import parameters

_TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class Applied:
    """A parameter as it was applied: value, the day from which it is in force, and where that is laid down."""

    name: str
    vi: str
    en: str
    value: float
    unit: str
    since: str
    reference: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a derivation."""

    key: str
    vi: str
    en: str
    value: str | int | float | bool
    reference: str
    parameters: tuple[Applied, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a result came about: the steps in the order they build on each other."""

    steps: tuple[Step, ...]

    def plain(self) -> list[dict[str, Any]]:
        """Return the steps as plain values, to store beside a decision."""
        return [asdict(step) for step in self.steps]


def explain(simulation: Simulation, place: int = 0) -> Explanation:
    """Return the derivation of what was calculated for the person at `place`; steps without a text are not told."""
    told: dict[str, Step] = {}
    # What is asked for the telling is no part of what is told.
    calculated = list(_deepest_first(simulation))
    for node in calculated:
        if node.name not in told:
            step = _step(simulation, node.name, str(node.period), place)
            if step is not None:
                told[node.name] = step
    return Explanation(tuple(told.values()))


def _deepest_first(simulation: Simulation) -> Iterator[Any]:
    def walk(node: Any) -> Iterator[Any]:
        for child in node.children:
            yield from walk(child)
        yield node

    for tree in simulation.tracer.trees:
        yield from walk(tree)


def _step(simulation: Simulation, name: str, period: str, place: int) -> Step | None:
    for text in _texts().get(name, ()):
        if _holds(simulation, text.get("when", {}), period, place) and str(text.get("since", "")) <= period:
            vi, applied = _sentence(simulation, text["vi"], period, place, "vi")
            en, _ = _sentence(simulation, text["en"], period, place, "en")
            variable = law().get_variable(name)
            reference = text.get("reference") or "; ".join(variable.reference or ())
            return Step(name, vi, en, _value(simulation, name, period, place), reference, applied)
    return None


def _holds(simulation: Simulation, when: Mapping[str, Any], period: str, place: int) -> bool:
    for name, expected in when.items():
        found = _value(simulation, name, period, place)
        if expected == "positive":
            if not found > 0:  # type: ignore[operator]
                return False
        elif expected == "other":
            if found == "none":
                return False
        elif found != expected:
            return False
    return True


def _sentence(simulation: Simulation, text: str, period: str, place: int, language: str) -> tuple[str, tuple[Applied, ...]]:
    applied: list[Applied] = []
    out: list[str] = []
    for plain, field, form, _ in Formatter().parse(text):
        out.append(plain)
        if field is None:
            continue
        if field == "p":
            found = parameter_applied(str(form), period)
            applied.append(found)
            out.append(_shown(found.value, found.unit, language))
        else:
            value = _value(simulation, field, period, place)
            unit = str(form or law().get_variable(field, check_existence=True).unit or "")
            if unit == "word":
                out.append(_word(field, str(value), language))
            else:
                out.append(_shown(value, unit, language))
    return "".join(out), tuple(applied)


def _value(simulation: Simulation, name: str, period: str, place: int) -> str | int | float | bool:
    array = simulation.calculate(name, period)
    if hasattr(array, "decode_to_str"):
        return str(array.decode_to_str()[place])
    value = array[place]
    if array.dtype.kind == "M":
        return str(value)
    plain: bool | int | float = value.item()
    return plain


def parameter_applied(name: str, period: str) -> Applied:
    """Return a parameter as it was in force on the first day of a period; raises KeyError when there is none, LookupError when it has no value then."""
    parameter = parameters()[name]
    dated = parameter.in_force(date.fromisoformat(period if len(period) == 10 else f"{period}-01"))
    assert isinstance(dated.value, int | float)
    since = dated.day.isoformat()
    return Applied(name, parameter.vi, parameter.description, dated.value, parameter.unit, since, dated.reference)


def _shown(value: Any, unit: str, language: str) -> str:
    if isinstance(value, bool):
        return {"vi": ("không", "có"), "en": ("no", "yes")}[language][value]
    if isinstance(value, str):
        return _day(value)
    if unit in {"currency-VND", "dong"}:
        return f"{value:,} ₫".replace(",", "." if language == "vi" else ",")
    if unit == "half years":
        value = value / 2
    elif unit == "age":
        years, months = divmod(int(value), 12)
        return f"{years} tuổi {months} tháng" if language == "vi" else f"{years} years {months} months"
    text = f"{value:g}" if not isinstance(value, int) else str(value)
    return text.replace(".", ",") if language == "vi" else text


def _day(text: str) -> str:
    year, month, day = text.split("-")
    return f"{day}/{month}/{year}"


def _word(name: str, value: str, language: str) -> str:
    if language == "en":
        return value.replace("_", " ")
    return str(law().get_variable(name).possible_values[value].value)


@cache
def _texts() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for file in sorted(_TEXTS.glob("*.yaml")):
        found |= yaml.safe_load(file.read_text(encoding="utf-8"))
    return found

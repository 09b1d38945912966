"""How steps are told: sentences from texts/*.yaml, one entry a variable, so that a lawyer can read and mend them.

A step is told when its variable was used. The first entry is taken whose conditions hold and which is of the law of that day (`since`, `until`);
with `skip`, nothing is told. In a sentence {name} is a variable, {name:unit} one shown in that unit, {p:name} a value of law, {t:name} a term of
that day's law.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import yaml
from openfisca_core.simulations import Simulation

from ansinh.rules.calculation import law
from ansinh.rules.explanations.citing import cited_vi
from ansinh.rules.explanations.steps import Applied, Explanation, Step
from ansinh.rules.law import parameters

_TEXTS = Path(__file__).parent / "texts"

Plain = str | int | float | bool | None
Values = Callable[[str], Plain]


def explain(
    simulation: Simulation, period: str, place: int = 0, *, only: Sequence[str] = (), person: str = ""
) -> Explanation:
    """Return the derivation of what was calculated for the person at `place`; steps without a text are not told."""
    calculated = list(dict.fromkeys(node.name for node in _deepest_first(simulation)))
    names = [name for name in calculated if name in only] if only else calculated
    return explain_values(names, lambda name: value_of(simulation, name, period, place), period, person)


def explain_values(names: Iterable[str], values: Values, period: str, person: str = "") -> Explanation:
    """Return the derivation told from values by name of variable, such as were stored with a decision."""
    steps = (_step(name, values, period, person) for name in names)
    return Explanation(tuple(step for step in steps if step is not None))


def value_of(simulation: Simulation, name: str, period: str, place: int) -> Plain:
    """Return one person's value of a variable as a plain one: enumerations by name, days as text, None for a day that there is none of."""
    array = simulation.calculate(name, period)
    if not law().get_variable(name).entity.is_person:
        place = int(simulation.get_variable_population(name).members_entity_id[place])
    if hasattr(array, "decode_to_str"):
        return str(array.decode_to_str()[place])
    value = array[place]
    if array.dtype.kind == "M":
        return None if str(value) == "1970-01-01" else str(value)
    plain: bool | int | float = value.item()
    return plain


def parameter_applied(name: str, period: str) -> Applied:
    """Return a parameter as it was in force on the first day of a period; raises KeyError when there is none, LookupError when it has no value then."""
    parameter = parameters()[name]
    dated = parameter.in_force(_first_day(period))
    assert dated.value is not None
    since, vi = dated.day.isoformat(), cited_vi(dated.reference)
    return Applied(
        name,
        parameter.vi,
        parameter.description,
        dated.value,
        parameter.unit,
        since,
        dated.reference,
        vi,
        dated.confidence,
    )


def reference_of(name: str, period: str) -> str:
    """Return the articles a variable rests on in the law of a period's first day."""
    dated: Mapping[str, str] = _file("references").get(name, {})
    in_force = [text for day, text in dated.items() if day <= _first_day(period).isoformat()]
    return in_force[-1] if in_force else "; ".join(law().get_variable(name).reference or ())


def _deepest_first(simulation: Simulation) -> Iterator[Any]:
    def walk(node: Any) -> Iterator[Any]:
        for child in node.children:
            yield from walk(child)
        yield node

    # What is asked for the telling is no part of what is told, so the trees are taken before the first sentence.
    for tree in list(simulation.tracer.trees):
        yield from walk(tree)


def _step(name: str, values: Values, period: str, person: str) -> Step | None:
    for text in texts().get(name, ()):
        if _of_the_day(text, period) and _holds(values, text.get("when", {})):
            if text.get("skip"):
                return None
            applied: dict[str, Applied] = {}
            vi = _sentence(text["vi"], values, period, "vi", applied)
            en = _sentence(text["en"], values, period, "en", applied)
            reference = text.get("reference") or reference_of(name, period)
            return Step(name, vi, en, values(name), reference, cited_vi(reference), tuple(applied.values()), person)
    return None


def _of_the_day(text: Mapping[str, Any], period: str) -> bool:
    day = _first_day(period).isoformat()
    return str(text.get("since", "")) <= day < str(text.get("until", "9999"))


def _holds(values: Values, when: Mapping[str, Any]) -> bool:
    """Tell whether conditions hold: a value, `positive`, `zero`, `other` than none, or one of a list."""
    for name, expected in when.items():
        found = values(name)
        if expected in {"positive", "zero"} if isinstance(expected, str) else False:
            held = (float(found or 0) > 0) is (expected == "positive")
        elif expected == "other":
            held = found != "none"
        elif isinstance(expected, list):
            held = found in expected
        else:
            held = found == expected
        if not held:
            return False
    return True


def _sentence(text: str, values: Values, period: str, language: str, applied: dict[str, Applied]) -> str:
    out: list[str] = []
    for plain, field, form, _ in Formatter().parse(text):
        out.append(plain)
        if field == "p":
            found = parameter_applied(str(form), period)
            applied[found.name] = found
            out.append(shown(found.value, found.unit, language))
        elif field == "t":
            dated = _file("terms")[str(form)]
            day = [one for one in dated if one <= _first_day(period).isoformat()][-1]
            out.append(dated[day][language])
        elif field is not None:
            value = values(field)
            unit = str(form or law().get_variable(field, check_existence=True).unit or "")
            out.append(_word(field, str(value), language) if unit == "word" else shown(value, unit, language))
    return "".join(out)


def shown(value: Any, unit: str, language: str) -> str:
    """Return a value as a sentence says it."""
    if value is None:
        return {"vi": "chưa xác định", "en": "not fixed"}[language]
    if isinstance(value, bool):
        return {"vi": ("không", "có"), "en": ("no", "yes")}[language][value]
    if isinstance(value, str):
        year, month, day = value.split("-")
        return f"{day}/{month}/{year}"
    if unit in {"currency-VND", "dong"}:
        return f"{value:,} đồng".replace(",", "." if language == "vi" else ",")
    if unit == "half years":
        value = value / 2
    elif unit == "age":
        return _age(int(value), language)
    text = f"{value:g}" if not isinstance(value, int) else str(value)
    return text.replace(".", ",") if language == "vi" else text


def _age(months: int, language: str) -> str:
    years, odd = divmod(months, 12)
    names = {"vi": ("năm", "tháng"), "en": ("years", "months")}[language]
    parts = [f"{count} {name}" for count, name in zip((years, odd), names, strict=True) if count]
    return " ".join(parts) or f"0 {names[1]}"


def _word(name: str, value: str, language: str) -> str:
    if language == "en":
        return value.replace("_", " ")
    return str(law().get_variable(name).possible_values[value].value)


def _first_day(period: str) -> date:
    return date.fromisoformat(period if len(period) == 10 else f"{period}-01")


@cache
def texts() -> dict[str, list[dict[str, Any]]]:
    """Return every text by variable, read once."""
    found: dict[str, list[dict[str, Any]]] = {}
    for file in sorted(_TEXTS.glob("*.yaml")):
        if file.stem not in {"references", "terms"}:
            found |= _file(file.stem)
    return found


@cache
def _file(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.load((_TEXTS / f"{name}.yaml").read_text(encoding="utf-8"), Loader=_Days)  # noqa: S506
    return read


class _Days(yaml.SafeLoader):
    """YAML in which days stay texts."""


_Days.yaml_implicit_resolvers = {
    first: [one for one in resolvers if not one[0].endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

"""The catalogue's questions as fields, and what was posted as the answers the room of services takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from django.http import QueryDict

from ansinh.places.queries import banks_named, facilities_named
from ansinh.portal.acts.steps import VALUE_LENGTH_MAX, error_at
from ansinh.portal.words.services import WORDS
from ansinh.portal.words.shell import WORDS as SHELL
from ansinh.screens.components import Area, Choice, Choices, DateField, Details, Field, Group, Hidden, Part, Problem
from ansinh.screens.saying import either
from ansinh.services.queries import KINSHIP, Ask, told_answer

RELATIVES_ASKED = 4
LEVELS = ("primary", "basic")
_PARTS = ("number", "name", "kinship")
_NUMERIC = {"number", "percent", "amount", "person_number", "account"}


def names_of(ask: Ask) -> tuple[str, ...]:
    """Return the names of the fields that ask a question."""
    if ask.form == "day":
        return tuple(f"{ask.key}-{part}" for part in ("day", "month", "year"))
    if ask.form == "relatives":
        return tuple(f"{ask.key}-{place}-{part}" for place in range(1, RELATIVES_ASKED + 1) for part in _PARTS)
    return (ask.key,)


def raw_answers(asks: Sequence[Ask], given: QueryDict) -> dict[str, str]:
    """Return what was posted for the questions, by field."""
    return {name: given.get(name, "")[:VALUE_LENGTH_MAX].strip() for ask in asks for name in names_of(ask)}


def raw_of(asks: Sequence[Ask], answers: Mapping[str, Any]) -> dict[str, str]:
    """Return kept answers as they were typed, by field: what a draft is gone on with."""
    raw: dict[str, str] = {}
    for ask in asks:
        answer = answers.get(ask.key)
        if answer is None:
            continue
        if ask.form == "day":
            raw |= dict(zip(names_of(ask), reversed(str(answer).split("-")), strict=False))
        elif ask.form == "relatives":
            for place, one in enumerate(answer[:RELATIVES_ASKED], start=1):
                raw |= {f"{ask.key}-{place}-{part}": str(one.get(part, "")) for part in _PARTS}
        else:
            raw[ask.key] = {True: "yes", False: "no"}.get(answer, str(answer)) if ask.form == "yes_no" else str(answer)
    return raw


def answers_of(
    asks: Sequence[Ask], raw: Mapping[str, str], language: str
) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """Return the answers by question, and what cannot be understood at all; the room checks the rest."""
    answers: dict[str, Any] = {}
    problems = []
    for ask in asks:
        value = _answer(ask, raw)
        if value is None:
            kind = "bank_none" if ask.form == "bank" else "facility_none"
            problems.append(Problem(ask.key, WORDS[language][kind]))
        elif value not in ("", []):
            answers[ask.key] = value
    return answers, tuple(problems)


def _answer(ask: Ask, raw: Mapping[str, str]) -> Any:
    """None: nobody can tell what is meant."""
    if ask.form == "day":
        day, month, year = (raw.get(name, "") for name in names_of(ask))
        return f"{year:0>4}-{month:0>2}-{day:0>2}" if day or month or year else ""
    if ask.form == "relatives":
        told = [
            {part: raw.get(f"{ask.key}-{place}-{part}", "") for part in _PARTS}
            for place in range(1, RELATIVES_ASKED + 1)
        ]
        return [one for one in told if one["number"] or one["name"]]
    text = raw.get(ask.key, "")
    if ask.form == "bank" and text:
        banks = banks_named(text)
        return banks[0].bin if len(banks) == 1 else None
    if ask.form == "facility" and text:
        found = facilities_named(text, LEVELS)
        return found[0].code if len(found) == 1 else None
    return "".join(text.split()) if ask.form in _NUMERIC else text


def fields(asks: Sequence[Ask], raw: Mapping[str, str], problems: Sequence[Problem], language: str) -> list[Part]:
    """Return the fields that ask the questions, with what was typed and what is wrong with it."""
    return [_field(ask, raw, error_at(problems, ask.key), language) for ask in asks]


def hidden(raw: Mapping[str, str]) -> list[Hidden]:
    """Return what was typed as hidden fields, for the page that checks it."""
    return [Hidden(name, value) for name, value in raw.items() if value]


def shown(ask: Ask, answer: Any, language: str) -> str:
    """Return an answer as people read it."""
    return either(told_answer(ask, answer), language)


def _field(ask: Ask, raw: Mapping[str, str], error: str, language: str) -> Part:
    words = WORDS[language]
    label, hint = either((ask.vi, ask.en), language), either((ask.hint_vi, ask.hint_en), language)
    value = raw.get(ask.key, "")
    if ask.optional and ask.form in {"day", "yes_no", "choice"}:
        label = f"{label} {SHELL[language]['optional']}"
    if ask.form == "day":
        day, month, year = (raw.get(name, "") for name in names_of(ask))
        return DateField(ask.key, label, hint, day, month, year, error)
    if ask.form in {"yes_no", "choice"}:
        items = [Choice(one.value, either((one.vi, one.en), language)) for one in ask.choices]
        if ask.form == "yes_no":
            items = [Choice("yes", words["yes"]), Choice("no", words["no"])]
        return Choices(ask.key, label, tuple(items), (value,), hint, error)
    if ask.form == "relatives":
        return _relatives(ask, raw, error, language)
    if ask.form == "text":
        return Area(ask.key, label, hint, value, error, 1_000, ask.optional)
    mode: Literal["numeric", "text"] = "numeric" if ask.form in _NUMERIC - {"account"} else "text"
    return Field(ask.key, label, hint, value, error, mode, optional=ask.optional)


def _relatives(ask: Ask, raw: Mapping[str, str], error: str, language: str) -> Part:
    words = WORDS[language]
    kinds = tuple(Choice(one, either(told, language)) for one, told in KINSHIP.items())
    groups: list[Part] = []
    for place in range(1, RELATIVES_ASKED + 1):
        number, name, kinship = (f"{ask.key}-{place}-{part}" for part in _PARTS)
        asked = (
            Field(number, words["relative_number"], value=raw.get(number, ""), mode="numeric", optional=place > 1),
            Field(name, words["relative_name"], value=raw.get(name, ""), optional=place > 1),
            Choices(kinship, words["relative_kinship"], kinds, (raw.get(kinship, ""),)),
        )
        groups.append(Group(asked, words["relative"].format(place=place)))
    title = either((ask.vi, ask.en), language)
    first = Hidden(ask.key, "") if not error else Field(ask.key, title, error=error)
    filled = any(raw.get(name) for name in names_of(ask)[len(_PARTS) :])
    others = groups[1:] if filled else [Details(words["relatives_more"], tuple(groups[1:]))]
    return Group((first, groups[0], *others), title)

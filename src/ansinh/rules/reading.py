"""Files of dated values, read strictly: every mistake is named with its file and line.

The shape is OpenFisca's: a parameter has `description`, `metadata` and `values` by date; a file, or a part of one, may hold several under their names.
We ask for more: each value is a mapping with its `value` and, in its own `metadata`, the `reference` it comes from and how sure we are of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

# None: unknown from that day on.
Value = int | float | str | None

FILE_BYTES_MAX = 200_000
CONFIDENCES = ("found", "secondary", "general", "derived")
_GROUP_WORDS = {"description", "metadata"}


class ParameterMistake(Exception):
    """A file of the law does not say what it must."""

    def __init__(self, file: Path, line: int, what: str) -> None:
        super().__init__(f"{file.name}, line {line}: {what}")
        self.file = file
        self.line = line


@dataclass(frozen=True, slots=True)
class Dated:
    """A value, the day it holds from, where that stands, and how sure we are."""

    day: date
    value: Value
    reference: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value of law through time, oldest first."""

    name: str
    description: str
    vi: str
    unit: str
    history: tuple[Dated, ...]

    def in_force(self, day: date) -> Dated:
        """Return what is in force on `day`; raises LookupError before the first value and where the value is unknown, because nobody guesses law."""
        for dated in reversed(self.history):
            if dated.day <= day:
                if dated.value is None:
                    raise LookupError(f"{self.name} is not known on {day}: {dated.reference}")
                return dated
        raise LookupError(f"{self.name} has no value on {day}; the first holds from {self.history[0].day}")

    def at(self, day: date) -> Value:
        """Return the value in force on `day`; raises LookupError as `in_force` does."""
        return self.in_force(day).value


def read_parameters(folder: Path) -> dict[str, Parameter]:
    """Read every file below a folder; names are folders, file and part joined by dots. Raises ParameterMistake with file and line."""
    found: dict[str, Parameter] = {}
    for file in sorted(folder.rglob("*.yaml")):
        name = ".".join(file.relative_to(folder).with_suffix("").parts)
        for parameter in _in_group(_File(file), _File(file).root(), name):
            found[parameter.name] = parameter
    return found


class _File:
    """One file and how to complain about it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def mistake(self, node: yaml.Node, what: str) -> ParameterMistake:
        return ParameterMistake(self.path, node.start_mark.line + 1, what)

    def root(self) -> yaml.MappingNode:
        text = self.path.read_text(encoding="utf-8")
        if len(text) > FILE_BYTES_MAX:
            raise ParameterMistake(self.path, 1, f"is longer than {FILE_BYTES_MAX} characters")
        try:
            node = yaml.compose(text, yaml.SafeLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            raise ParameterMistake(self.path, mark.line + 1 if mark else 1, f"is not YAML: {error}") from error
        if not isinstance(node, yaml.MappingNode):
            raise ParameterMistake(self.path, 1, "holds no mapping")
        return node

    def entries(self, node: yaml.Node | None, what: str) -> dict[str, yaml.Node]:
        """Return the entries of a mapping; a key may stand there once only."""
        if not isinstance(node, yaml.MappingNode):
            raise self.mistake(node or self.root(), f"{what} must be a mapping")
        made: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if key.value in made:
                raise self.mistake(key, f"“{key.value}” stands here twice")
            made[str(key.value)] = value
        return made

    def text(self, node: yaml.Node | None, where: yaml.Node, what: str) -> str:
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            raise self.mistake(node or where, f"{what} is missing")
        return str(node.value)


def _in_group(file: _File, node: yaml.MappingNode, name: str) -> Iterator[Parameter]:
    entries = file.entries(node, name)
    description = file.text(entries.get("description"), node, "description")
    if "values" in entries:
        if unknown := sorted(set(entries) - _GROUP_WORDS - {"values"}):
            raise file.mistake(node, f"unknown words {unknown} beside values")
        metadata = file.entries(entries.get("metadata"), "metadata")
        unit = file.text(metadata.get("unit"), node, "metadata.unit")
        vi = file.text(metadata["vi"], node, "metadata.vi") if "vi" in metadata else description
        yield Parameter(name, description, vi, unit, _history(file, entries["values"]))
        return
    parts = {key: value for key, value in entries.items() if key not in _GROUP_WORDS}
    if not parts:
        raise file.mistake(node, f"{name} has neither values nor parts")
    for key, part in parts.items():
        if not isinstance(part, yaml.MappingNode):
            raise file.mistake(part, f"{key} must be a mapping")
        yield from _in_group(file, part, f"{name}.{key}")


def _history(file: _File, node: yaml.Node) -> tuple[Dated, ...]:
    history: list[Dated] = []
    for key, entry in file.entries(node, "values").items():
        try:
            day = date.fromisoformat(key)
        except ValueError as error:
            raise file.mistake(entry, f"“{key}” is no day (YYYY-MM-DD)") from error
        if history and day <= history[-1].day:
            raise file.mistake(entry, f"{key} must come after {history[-1].day}")
        history.append(_dated(file, entry, day))
        if len({isinstance(one.value, str) for one in history if one.value is not None}) > 1:
            raise file.mistake(entry, "values must all be numbers, or all texts")
    if not history:
        raise file.mistake(node, "there are no values")
    return tuple(history)


def _dated(file: _File, node: yaml.Node, day: date) -> Dated:
    entries = file.entries(node, str(day))
    if set(entries) != {"value", "metadata"}:
        raise file.mistake(node, f"{day} must have value and metadata, and nothing else")
    metadata = file.entries(entries["metadata"], "metadata")
    reference = file.text(metadata.get("reference"), node, f"the reference of {day}")
    if unknown := sorted(set(metadata) - {"reference", "confidence"}):
        raise file.mistake(node, f"unknown words {unknown} in the metadata of {day}; quote a reference with commas")
    confidence = file.text(metadata.get("confidence"), node, f"the confidence of {day}")
    if confidence not in CONFIDENCES:
        raise file.mistake(node, f"confidence is one of {', '.join(CONFIDENCES)}, not “{confidence}”")
    return Dated(day, _value(file, entries["value"]), reference, confidence)


def _value(file: _File, node: yaml.Node) -> Value:
    value = yaml.SafeLoader("").construct_object(node) if isinstance(node, yaml.ScalarNode) else False
    if isinstance(value, bool) or not isinstance(value, int | float | str | None) or value == "":
        raise file.mistake(node, "a value is a number, a text or null (unknown): money in đồng, shares in per cent")
    return value

"""A table's description compiled to what judges one row quickly; compiled once per table and decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from ansinh.healthbook.formats import tables
from ansinh.healthbook.formats.line_errors import Severity
from ansinh.healthbook.formats.package import Decision, Row
from ansinh.healthbook.formats.tables import Condition, FieldDescription
from ansinh.healthbook.formats.verdicts import Finding, Verdicts, length_look, look_of

Report = Callable[[str, Finding], None]
NONE_WRONG: frozenset[str] = frozenset()
_REQUIRED = Finding("required")
_REQUIRED_MILD = Finding("required", (), Severity.WARN)
_NO_LIMIT = 1 << 40
_ANYTHING: tuple[int, Verdicts | None] = (_NO_LIMIT, None)


@dataclass(frozen=True, slots=True)
class Lenient:
    """A required field that may be empty in some rows, or from some day on; elsewhere its lack is told or refused."""

    name: str
    rows: Condition | None
    from_day: str
    """yyyyMMdd; empty: no such day."""


@dataclass(frozen=True, slots=True)
class Judge:
    """What is asked of each row of a table."""

    code: str
    specs: tuple[tuple[str, bool, int, Verdicts | None], ...]
    """Name, required always, more characters than this are looked at, verdicts by value (None: only length matters)."""
    lengths: dict[str, Callable[[str], Finding | None]]
    conditional: tuple[tuple[str, Condition, Finding], ...]
    lenient: tuple[Lenient, ...]
    one_of: tuple[tuple[tuple[str, str], ...], ...]
    equal_to_summary: dict[str, str]
    """Fields that say what XML1 says, each with its name there."""
    facilities: tuple[tuple[str, str], ...]
    """Fields that hold codes of facilities, with what joins several."""
    required: frozenset[str]
    looks: dict[str, tuple[int, Verdicts | None]]

    def alone(self, row: Row, day: str, report: Report) -> set[str] | frozenset[str]:
        """Judge what can be told from the row itself; return the names of fields that are missing or wrong. `day` is the episode's (yyyyMMdd)."""
        wrong = self._values(row, report)
        for name, condition, lack in self.conditional:
            if name not in row and condition.holds(row, wrong):
                report(name, lack)
                wrong = {*wrong, name}
        for lenient in self.lenient:
            if lenient.name not in row:
                self._lacks(lenient, row, day, report)
        for group in self.one_of:
            if not any(main in row for main, _ in group):
                report(next((main for main, companion in group if companion in row), group[0][0]), _REQUIRED)
        return wrong

    def _values(self, row: Row, report: Report) -> set[str] | frozenset[str]:
        """Judge each value: at a glance, and one by one only where the glance met something."""
        if row.keys() >= self.required and self._is_sound(row):
            return NONE_WRONG
        return self._one_by_one(row, report)

    def _is_sound(self, row: Row) -> bool:
        looks = self.looks
        for name, value in row.items():
            long, verdicts = looks.get(name, _ANYTHING)
            if verdicts is None:
                if len(value) > long:
                    return False
            elif verdicts[value] is not None:
                return False
        return True

    def _one_by_one(self, row: Row, report: Report) -> set[str] | frozenset[str]:
        wrong: set[str] | frozenset[str] = NONE_WRONG
        get = row.get
        for name, required, long, verdicts in self.specs:
            value = get(name)
            if value is None:
                if not required:
                    continue
                finding: Finding | None = _REQUIRED
            elif verdicts is not None:
                finding = verdicts[value]
            elif len(value) > long:
                finding = self.lengths[name](value)
            else:
                continue
            if finding is not None:
                report(name, finding)
                if finding.severity is Severity.REJECT:
                    wrong = {*wrong, name}
        return wrong

    @staticmethod
    def _lacks(lenient: Lenient, row: Row, day: str, report: Report) -> None:
        if lenient.from_day:
            if day and day < lenient.from_day:
                report(lenient.name, _REQUIRED_MILD)
            return
        mild = lenient.rows is not None and lenient.rows.holds(row)
        report(lenient.name, _REQUIRED_MILD if mild else _REQUIRED)


@cache
def judge(code: str, decision: Decision | None, renamed: bool | None = None) -> Judge:
    """Return the judge of a table under a decision."""
    table = tables.table(code, decision, renamed=renamed)
    summary = tables.names("XML1")
    specs = tuple(_spec(one, decision) for one in table.fields)
    return Judge(
        code,
        specs,
        {one.name: length_look(one) for one in table.fields},
        tuple((one.name, one.required_when, _lack(one)) for one in table.fields if one.required_when is not None),
        tuple(_lenient(one) for one in table.fields if _is_lenient(one)),
        tuple(tuple((main, companion) for main, companion in group) for group in table.told.get("one_of", ())),
        {one.name: there for one in table.fields if (there := _in_summary(one)) in summary},
        tuple((one.name, one.separator) for one in table.fields if one.told.get("shape") == "facility"),
        frozenset(name for name, required, _, _ in specs if required),
        {name: (long, verdicts) for name, _, long, verdicts in specs},
    )


def _spec(one: FieldDescription, decision: Decision | None) -> tuple[str, bool, int, Verdicts | None]:
    look = look_of(one, decision)
    long = _NO_LIMIT if one.long is None else one.long
    return one.name, one.required and not _is_lenient(one), long, Verdicts(look) if look else None


def _in_summary(one: FieldDescription) -> str:
    """Return the name a field has in XML1, when it says the same; empty when it does not."""
    told = one.told.get("equals_xml1")
    return told if isinstance(told, str) else one.name if told else ""


def _lack(one: FieldDescription) -> Finding:
    severity = Severity.REJECT if one.required_firm else Severity.WARN
    return Finding("required_when", (("condition", one.required_says),), severity)


def _is_lenient(one: FieldDescription) -> bool:
    return one.required and bool({"may_be_empty", "empty_allowed_from"} & one.told.keys())


def _lenient(one: FieldDescription) -> Lenient:
    told: dict[str, Any] = one.told
    from_day = str(told.get("empty_allowed_from", "")).replace("-", "")
    return Lenient(one.name, tables.condition(told.get("may_be_empty")), from_day)

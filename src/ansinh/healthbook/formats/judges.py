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
    equal_to_summary: tuple[str, ...]
    facilities: tuple[tuple[str, str], ...]
    """Fields that hold codes of facilities, with what joins several."""

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
    return Judge(
        code,
        tuple(_spec(field, decision) for field in table.fields),
        {field.name: length_look(field) for field in table.fields},
        tuple(
            (field.name, field.required_when, _lack(field)) for field in table.fields if field.required_when is not None
        ),
        tuple(_lenient(field) for field in table.fields if _is_lenient(field)),
        tuple(tuple((main, companion) for main, companion in group) for group in table.told.get("one_of", ())),
        tuple(
            field.name
            for field in table.fields
            if field.told.get("equals_xml1") and (field.name in summary or field.told["name"] in summary)
        ),
        tuple((field.name, field.separator) for field in table.fields if field.told.get("shape") == "facility"),
    )


def _spec(field: FieldDescription, decision: Decision | None) -> tuple[str, bool, int, Verdicts | None]:
    look = look_of(field, decision)
    long = _NO_LIMIT if field.long is None else field.long
    return field.name, field.required and not _is_lenient(field), long, Verdicts(look) if look else None


def _lack(field: FieldDescription) -> Finding:
    severity = Severity.REJECT if field.required_firm else Severity.WARN
    return Finding("required_when", (("condition", field.required_says),), severity)


def _is_lenient(field: FieldDescription) -> bool:
    return field.required and bool({"may_be_empty", "empty_allowed_from"} & field.told.keys())


def _lenient(field: FieldDescription) -> Lenient:
    told: dict[str, Any] = field.told
    from_day = str(told.get("empty_allowed_from", "")).replace("-", "")
    return Lenient(field.name, tables.condition(told.get("may_be_empty")), from_day)

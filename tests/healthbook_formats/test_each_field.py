"""Every field of every table: left out, and wrong in each way its description names. Exactly one error is told, in its place, or none."""

from __future__ import annotations

import pytest

from ansinh.healthbook.formats.line_errors import LineError
from ansinh.healthbook.states import SubmissionKind
from tests.healthbook_formats.bad_values import HOSPITAL_TABLES, Bad, bad_values, described
from tests.healthbook_formats.good_files import (
    GOOD,
    PAPERS,
    Row,
    alone,
    encounter,
    good_tables,
    paper,
)
from tests.healthbook_formats.judged import errors_of, told

ALONE = {"XML0": SubmissionKind.CHECK_IN, "XML12": SubmissionKind.ASSESSMENT}


def _put(row: Row, bad: Bad) -> None:
    if bad.value is None:
        row.pop(bad.field, None)
    else:
        row[bad.field] = bad.value


def _file(bad: Bad) -> tuple[bytes, SubmissionKind]:
    if bad.table in ALONE:
        row = dict(GOOD[bad.table])
        _put(row, bad)
        return alone(bad.table, [row]), ALONE[bad.table]
    tables = good_tables(bad.table)
    _put(tables[bad.table][bad.row - 1], bad)
    return encounter(tables), SubmissionKind.ENCOUNTER_4750


@pytest.mark.parametrize("table", HOSPITAL_TABLES)
def test_good_file_of_each_table_has_no_errors(table: str) -> None:
    if table in ALONE:
        assert not errors_of(alone(table, [GOOD[table]]), ALONE[table])
    else:
        assert not errors_of(encounter(good_tables(table)))


def test_good_rows_fill_every_field() -> None:
    for table in HOSPITAL_TABLES:
        filled = GOOD[table].keys() | (GOOD["XML3 supply"].keys() if table == "XML3" else set())
        if table == "XML0":
            filled |= {"MA_THUOC", "TEN_THUOC", "MA_VAT_TU", "TEN_VAT_TU"}  # other first costs
        empty = {field["name"] for field in described(table)["fields"]} - filled
        assert empty <= {"MA_XANG_DAU", "T_TRANTT", "DU_PHONG"}, table


def _is_said(error: LineError, bad: Bad) -> bool:
    """Both sentences say where and what, with every place filled."""
    where = f"{bad.table}, {{}} {bad.row}: "
    return (
        error.vi.startswith(where.format("dòng"))
        and error.en.startswith(where.format("row"))
        and bad.field in error.vi
        and bad.field in error.en
        and "{" not in error.vi + error.en
    )


@pytest.mark.parametrize("table", HOSPITAL_TABLES)
def test_bad_value_of_each_field_is_told_once_in_its_place(table: str) -> None:
    wrong = []
    for bad in bad_values(table):
        raw, kind = _file(bad)
        errors = errors_of(raw, kind)
        found = [(error.table, error.row, error.field, error.code, error.severity.value) for error in errors]
        expected = [(bad.table, bad.row, bad.field, code, bad.severity) for code in bad.codes]
        if found != expected or not all(_is_said(error, bad) for error in errors):
            wrong.append((str(bad), expected, found))
    assert not wrong


@pytest.mark.parametrize("code", sorted(PAPERS))
def test_good_paper_has_no_errors(code: str) -> None:
    assert not errors_of(paper(code, PAPERS[code]), None)


@pytest.mark.parametrize("code", sorted(PAPERS))
def test_paper_without_a_required_field_tells_it(code: str) -> None:
    for field in described(code)["fields"]:
        row = {name: value for name, value in PAPERS[code].items() if name != field["name"]}
        expected = [(code, 1, field["name"], "required")] if field["required"] else []
        assert told(paper(code, row), None) == expected


@pytest.mark.parametrize("code", sorted(PAPERS))
def test_paper_with_a_bad_day_or_diagnosis_tells_it(code: str) -> None:
    for field in described(code)["fields"]:
        if field["type"] == "loose_date":
            for value in ("20250230", "hôm qua", "99/99/2025"):
                assert told(paper(code, PAPERS[code] | {field["name"]: value}), None) == [
                    (code, 1, field["name"], "bad_date")
                ]
        if field.get("shape") == "icd10":
            assert told(paper(code, PAPERS[code] | {field["name"]: "ZZ9"}), None) == [
                (code, 1, field["name"], "unknown_diagnosis")
            ]

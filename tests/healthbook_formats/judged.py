"""What is told of a file: the short way from bytes to line errors."""

from __future__ import annotations

from ansinh.healthbook.formats.line_errors import LineError
from ansinh.healthbook.formats.package import Known
from ansinh.healthbook.formats.reading import read_package
from ansinh.healthbook.formats.validating import validate
from ansinh.healthbook.states import SubmissionKind
from tests.healthbook_formats.good_files import FACILITIES, FACILITY, Tables, encounter

KNOWN = Known(FACILITY, FACILITIES)
NOBODY = Known()
Told = list[tuple[str, int, str, str]]


def errors_of(
    raw: bytes, kind: SubmissionKind | None = SubmissionKind.ENCOUNTER_4750, known: Known = KNOWN
) -> list[LineError]:
    """Return the line errors of a file."""
    return validate(read_package(raw, kind), known)


def told(raw: bytes, kind: SubmissionKind | None = SubmissionKind.ENCOUNTER_4750, known: Known = KNOWN) -> Told:
    """Return table, row, field and code of each error."""
    return [(error.table, error.row, error.field, error.code) for error in errors_of(raw, kind, known)]


def told_of(tables: Tables, kind: SubmissionKind = SubmissionKind.ENCOUNTER_4750) -> Told:
    """Return what is told of an encounter of these tables."""
    return told(encounter(tables), kind)

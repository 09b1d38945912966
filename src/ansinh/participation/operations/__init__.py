"""What may be done to participation: take files and declarations in, keep contribution books and hand them out, record and change coverage."""

from ansinh.participation.operations.coverage import (
    CoverageChange,
    NewStretch,
    NotCovered,
    Overlapping,
    change_coverage,
    record_coverage,
)
from ansinh.participation.operations.declaring import receive_declaration, retry_parked
from ansinh.participation.operations.loading import Loaded, load_participation
from ansinh.participation.operations.reading import Issued, export_book, issue_statement, read_book

__all__ = [
    "CoverageChange",
    "Issued",
    "Loaded",
    "NewStretch",
    "NotCovered",
    "Overlapping",
    "change_coverage",
    "export_book",
    "issue_statement",
    "load_participation",
    "read_book",
    "receive_declaration",
    "record_coverage",
    "retry_parked",
]

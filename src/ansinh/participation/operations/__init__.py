"""What may be done to participation: take files and declarations in, keep contribution books and hand them out, record and change coverage."""

from ansinh.participation.corrections import Months
from ansinh.participation.operations.attesting import Vouched, confirm_months, decide_closing, prepare_closing
from ansinh.participation.operations.correcting import approve_request, file_request, prepare_request, refuse_request
from ansinh.participation.operations.coverage import (
    CoverageChange,
    NewStretch,
    NotCovered,
    Overlapping,
    change_coverage,
    end_coverage,
    record_coverage,
)
from ansinh.participation.operations.declaring import receive_declaration, retry_parked
from ansinh.participation.operations.loading import Loaded, load_participation
from ansinh.participation.operations.reading import Issued, export_book, issue_statement, read_book

__all__ = [
    "CoverageChange",
    "Issued",
    "Loaded",
    "Months",
    "NewStretch",
    "NotCovered",
    "Overlapping",
    "Vouched",
    "approve_request",
    "change_coverage",
    "confirm_months",
    "decide_closing",
    "end_coverage",
    "export_book",
    "file_request",
    "issue_statement",
    "load_participation",
    "prepare_closing",
    "prepare_request",
    "read_book",
    "receive_declaration",
    "record_coverage",
    "refuse_request",
    "retry_parked",
]

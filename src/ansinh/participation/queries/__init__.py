"""What others may ask about participation: frozen answers only. Bulk work above reads the view `participation_covered_v1`."""

from ansinh.participation.queries.books import GAP_HELP, Attested, Book, BookLine, Finding, Totals, book, plain
from ansinh.participation.queries.careers import Career, CareerStretch, career, careers
from ansinh.participation.queries.declarations import DecidedLine, Receipt, decided_lines, receipt, receipts_of
from ansinh.participation.queries.ends_of_work import Termination, terminations, works_in
from ansinh.participation.queries.participants import count_participants, effects_on_participation
from ansinh.participation.queries.requests import (
    BookClosing,
    BookRequest,
    book_request,
    book_requests_of,
    book_requests_open,
    closings_open,
    employer_of_code,
)
from ansinh.participation.queries.statements import TEMPLATE as STATEMENT_TEMPLATE
from ansinh.participation.queries.statements import statement, years_and_months
from ansinh.participation.timeline import month_before

__all__ = [
    "GAP_HELP",
    "STATEMENT_TEMPLATE",
    "Attested",
    "Book",
    "BookClosing",
    "BookLine",
    "BookRequest",
    "Career",
    "CareerStretch",
    "DecidedLine",
    "Finding",
    "Receipt",
    "Termination",
    "Totals",
    "book",
    "book_request",
    "book_requests_of",
    "book_requests_open",
    "career",
    "careers",
    "closings_open",
    "count_participants",
    "decided_lines",
    "effects_on_participation",
    "employer_of_code",
    "month_before",
    "plain",
    "receipt",
    "receipts_of",
    "statement",
    "terminations",
    "works_in",
    "years_and_months",
]

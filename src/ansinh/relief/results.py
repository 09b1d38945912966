"""Results of a list paid without a network, told by line number (CSV, UTF-8), as typed off the paper or kept by the post's own device.

First `ansinh-results-1`, the list's id, the digest printed on it; then a line a payment: number, outcome (`paid`, `uncollected`, `cancelled`), amount in đồng
(may be empty), moment (ISO 8601 with zone), remark. Lines may come in any order, twice, in several files, and late.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from ansinh.foundation.errors import InvalidInput
from ansinh.payments.answers.told import Answer
from ansinh.payments.states import AttemptEvent

FORM = "ansinh-results-1"
BYTES_MAX = 16 << 20
# Each line of the longest list told twice.
LINES_MAX = 100_000
_DIGITS_MAX = 15
_REMARK_MAX = 100
_OUTCOMES = {
    "paid": AttemptEvent.PAID,
    "uncollected": AttemptEvent.UNCOLLECTED,
    "cancelled": AttemptEvent.CANCELLED,
}


class ResultLine(NamedTuple):
    """What became of one line."""

    number: int
    kind: AttemptEvent
    amount: int | None
    happened_at: datetime
    remark: str


@dataclass(frozen=True)
class Results:
    """A file of results as read: which list it tells of, and its lines."""

    message_id: str
    sha256: str
    lines: tuple[ResultLine, ...]


def read_results(body: bytes) -> Results:
    """Read a file; it is taken whole or not at all. Raises InvalidInput naming the first line that is not of the form."""
    if len(body) > BYTES_MAX:
        raise _wrong(0, f"longer than {BYTES_MAX} bytes")
    try:
        found = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True)
        head = next(found, None)
        if head is None or len(head) != 3 or head[0] != FORM:
            raise _wrong(1, f"the first line is not {FORM}, the list's id and its digest")
        lines: list[ResultLine] = []
        for place, line in enumerate(found, start=2):
            if len(lines) >= LINES_MAX:
                raise _wrong(place, f"more than {LINES_MAX} lines")
            if line:
                lines.append(_told(line, place))
    except (UnicodeDecodeError, csv.Error) as error:
        raise _wrong(0, f"not a list in UTF-8: {type(error).__name__}") from error
    return Results(head[1], head[2].replace(" ", "").lower(), tuple(lines))


def answers_of(results: Results, payments: Mapping[int, str]) -> Iterator[Answer]:
    """Yield what a file says as answers of the list's payments, by line number.

    A line of the list told again, in whatever file, carries the same reference and counts once. A number the list does not have names no payment of ours,
    and opens a case.
    """
    for number, kind, amount, moment, remark in results.lines:
        reference = f"{results.message_id}/{number}"
        yield Answer(
            payments.get(number, f"{results.message_id}#{number}"), kind, reference, moment, remark or None, amount
        )


def _told(line: list[str], place: int) -> ResultLine:
    try:
        number, outcome, amount, moment, remark = (*line, "") if len(line) == 4 else line  # the remark may be left out
        happened_at = datetime.fromisoformat(moment)
        plain = [one.isascii() and one.isdigit() and len(one) <= _DIGITS_MAX for one in (number, amount or "0")]
        if happened_at.tzinfo is None or not all(plain) or not remark.isprintable():
            raise ValueError
        told = int(amount) if amount else None
        return ResultLine(int(number), _OUTCOMES[outcome], told, happened_at, remark[:_REMARK_MAX])
    except (ValueError, KeyError) as error:
        raise _wrong(place, "number, paid | uncollected | cancelled, amount, moment with zone, remark") from error


def _wrong(place: int, expected: str) -> InvalidInput:
    return InvalidInput(
        f"Tệp kết quả không đúng mẫu ở dòng {place}: cần {expected}.",
        f"The file of results is not of the form at line {place}: {expected}.",
        field="file",
        line=place,
    )

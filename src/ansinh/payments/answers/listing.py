"""Answers as a plain list (CSV, UTF-8): what the post returns, and any partner that writes no ISO 20022.

First line `ansinh-answers-1`; then a line a payment: EndToEndId, event (accepted, rejected, paid, uncollected, returned, cancelled), the partner's reference,
reason, amount in đồng, moment (ISO 8601 with zone); or `message`, its id, `taken` or `refused`, reason.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime

from ansinh.payments.answers.told import Answer, FileAnswer, Unreadable
from ansinh.payments.states import AttemptEvent

FORM = "ansinh-answers-1"
_EVENTS = {event.name.lower(): event for event in AttemptEvent}
_DIGITS_MAX = 15


class ListReader:
    """Reads lists of answers."""

    def read(self, body: bytes) -> Iterator[Answer | FileAnswer]:
        """Yield what the list says; raises Unreadable at the first line that is not of the form, so that a list is taken whole or not at all."""
        try:
            lines = csv.reader(io.StringIO(body.decode(), newline=""), strict=True)
            if next(lines, None) != [FORM]:
                raise Unreadable(f"the first line is not {FORM}")
            for line in lines:
                yield _told(line)
        except (UnicodeDecodeError, csv.Error) as error:
            raise Unreadable(f"not a list in UTF-8: {type(error).__name__}") from error


def _told(line: list[str]) -> Answer | FileAnswer:
    try:
        if line and line[0] == "message":
            _, message_id, outcome, reason = line
            if outcome not in {"taken", "refused"}:
                raise ValueError
            return FileAnswer(message_id, outcome == "refused", reason)
        end_to_end_id, event, reference, reason, amount, moment = line
        happened_at = datetime.fromisoformat(moment)
        plain = not amount or (amount.isascii() and amount.isdigit() and len(amount) <= _DIGITS_MAX)
        if happened_at.tzinfo is None or not reference or not plain or "\x00" in "".join(line):
            raise ValueError
        return Answer(
            end_to_end_id or None,
            _EVENTS[event],
            reference[:140],
            happened_at,
            reason or None,
            int(amount) if amount else None,
        )
    except (ValueError, KeyError) as error:
        raise Unreadable(f"a line of {len(line)} fields is not of the form") from error

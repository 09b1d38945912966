"""Payments as a plain numbered list (CSV, UTF-8): what the post pays from, and any partner that reads no ISO 20022.

First a line of totals, then a line a payment; the last line is the SHA-256 of all before it, which paper copies show too.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable

from ansinh.payments.handover.bank import Header, PaymentLine, Totals

_END = b"sha256,"


class ListWriter:
    """Writes numbered lists."""

    def write(self, header: Header, lines: Iterable[PaymentLine]) -> bytes:
        """Return the list."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(
            ["ansinh-list-1", header.message_id, header.partner, header.pay_on, header.lines, header.amount, header.act]
        )
        for one in lines:
            writer.writerow([one.line, one.end_to_end_id, one.account or "", one.holder, one.amount, one.commune or ""])
        body = text.getvalue().encode()
        return body + _END + hashlib.sha256(body).hexdigest().encode() + b"\n"

    def verify(self, body: bytes) -> Totals:
        """Recount and resum the list; raises ValueError when its end, its digest or its numbering is wrong."""
        start = body.rfind(_END)
        if start < 0 or body[start:] != _END + hashlib.sha256(body[:start]).hexdigest().encode() + b"\n":
            raise ValueError("the list does not end with its digest")
        reader = csv.reader(io.StringIO(body[:start].decode(), newline=""))
        head = next(reader)
        count = amount = last = 0
        for row in reader:
            if int(row[0]) <= last:
                raise ValueError("the lines are not in order")
            last, count, amount = int(row[0]), count + 1, amount + int(row[4])
        if (count, amount) != (int(head[4]), int(head[5])):
            raise ValueError("the lines are not what the head says")
        return Totals(count, amount)

"""A batch's message: written from the frozen attempts, read again, kept with its digest before the first try."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator
from datetime import datetime

from ansinh.database.sql import driver, execute, row
from ansinh.foundation.errors import Refusal
from ansinh.payments.handover.bank import Header, PaymentLine, Totals, Writer
from ansinh.payments.runs.run import Run
from ansinh.payments.runs.sealing import LineDigest

# Level 1: a list shrinks to a tenth, and the disk is spared more than the processor spends.
_LEVEL = 1

# The fields that are sealed, as the seal digests them; then what the message needs besides.
_LINES = """
COPY (
    SELECT concat_ws(E'\\x1f', a.line, a.order_id, a.attempt_no, a.channel, a.partner, coalesce(a.account, ''), a.holder, a.amount) || E'\\x1e'
        || concat_ws(E'\\x1f', payments_end_to_end_id(a.pay_month, a.order_id, a.attempt_no), coalesce(o.commune, ''))
    FROM payments_attempt a JOIN payments_order o ON o.pay_month = a.pay_month AND o.person_id = a.person_id AND o.run_id = a.run_id
    WHERE a.pay_month = %s AND a.batch_id = %s AND a.ended IS DISTINCT FROM 61 ORDER BY a.line
) TO STDOUT
"""
# COPY writes these characters, and no others, behind a backslash.
_ESCAPED = re.compile(rb"\\([bfnrtv\\])")
_MEANT = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v", b"\\": b"\\"}


class MessageWrong(Refusal):
    """A message that was just written does not hold what its batch holds; it is not handed over."""

    code = "message_wrong"


def keep_message(run: Run, batch_id: int, writer: Writer, now: datetime) -> bytes | None:
    """Write, verify and keep the batch's message; refuses `message_wrong`. Returns the digest of its lines, or None where it is kept already."""
    if row("SELECT 1 FROM payments_message WHERE batch_id = %s AND direction = 'out'", [batch_id]):
        return None
    found = row(
        "SELECT message_id, partner, channel, lines, amount FROM payments_batch WHERE batch_id = %s", [batch_id]
    )
    assert found is not None
    message_id, partner, channel, lines, amount = found
    header = Header(message_id, partner, channel, lines, amount, run.pay_on.isoformat(), now, run.act)
    digest = LineDigest()
    body = writer.write(header, _lines(run.pay_month, batch_id, digest))
    try:
        totals = writer.verify(body)
    except ValueError as error:
        raise _wrong(batch_id, str(error)) from error
    if totals != Totals(lines, amount):
        raise _wrong(batch_id, f"{totals.lines} lines of {totals.amount} đồng for {lines} of {amount}")
    execute(
        "INSERT INTO payments_message (direction, partner, message_id, batch_id, sha256, size_bytes, lines, amount, body, kept_at)"
        " VALUES ('out', %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            partner,
            message_id,
            batch_id,
            hashlib.sha256(body).digest(),
            len(body),
            lines,
            amount,
            zlib.compress(body, _LEVEL),
            now,
        ],
    )
    return digest.digest()


def kept_body(batch_id: int) -> bytes:
    """Return the very bytes kept for a batch; raises AssertionError when they do not hash to what was kept beside them."""
    found = row(
        "SELECT body, sha256 FROM payments_message WHERE batch_id = %s AND direction = 'out' ORDER BY version DESC LIMIT 1",
        [batch_id],
    )
    assert found is not None, f"batch {batch_id} has no message"
    body = zlib.decompress(found[0])
    if hashlib.sha256(body).digest() != bytes(found[1]):
        raise AssertionError(f"the message of batch {batch_id} is not what was kept")
    return body


def _lines(pay_month: int, batch_id: int, digest: LineDigest) -> Iterator[PaymentLine]:
    """Yield the lines as they go into the message; what is digested is what is written. One text a line: a million pass in seconds."""
    with driver().cursor() as cursor, cursor.copy(_LINES, [pay_month, batch_id]) as copy:
        for told in copy:
            row_of = bytes(told).rstrip(b"\n")
            if b"\\" in row_of:
                row_of = _ESCAPED.sub(lambda found: _MEANT[found[1]], row_of)
            sealed, besides = row_of.split(b"\x1e")
            digest.add(sealed)
            line, _, _, _, _, account, holder, amount = sealed.decode().split("\x1f")
            end_to_end_id, commune = besides.decode().split("\x1f")
            yield PaymentLine(int(line), end_to_end_id, account or None, holder, int(amount), commune or None)


def _wrong(batch_id: int, what: str) -> MessageWrong:
    return MessageWrong(
        f"Thông điệp của tệp lệnh {batch_id} không đúng nội dung đã niêm phong ({what}); không bàn giao.",
        f"The message of batch {batch_id} is not what was sealed ({what}); it is not handed over.",
        batch=batch_id,
    )

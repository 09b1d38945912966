"""Files of banks and the post: kept as they came, read into staging, matched by chunks; and cases settled by a person."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from ansinh.audit.operation import note, operation
from ansinh.database.sql import driver, execute, number, row
from ansinh.durable.verbs import wake
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.payments.answers.answering import end_answered, tell_batches
from ansinh.payments.answers.matching import match_lines
from ansinh.payments.answers.told import Answer, FileAnswer, Unreadable
from ansinh.payments.handover.bank import Received

LINES_A_CHUNK = 50_000
_COPY = "COPY payments_answer (message_no, line, end_to_end_id, kind, reason, amount, bank_reference, happened_at) FROM STDIN"


@dataclass(frozen=True)
class Taken:
    """A file taken in: its number, how many lines, and whether it had come before."""

    message_no: int
    lines: int
    known: bool


@dataclass(frozen=True)
class Matched:
    """A chunk of a file matched: lines that found their payment, and chunks left."""

    matched: int
    left: int


@operation(permission="payments.take_answers")
def take_file(
    *, actor: Actor, reason: str, clock: Clock, partner: str, file: Received, answers: Iterable[Answer | FileAnswer]
) -> Taken:
    """Keep a partner's file and put what it says into staging; the same bytes again change nothing.

    A file its reader cannot read is kept all the same, and opens a case. `answers` is read once, as it is written.
    """
    now, digest = clock.now(), hashlib.sha256(file.body).digest()
    execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"payments.take_file:{partner}"])
    known = row(
        "SELECT message_no, lines FROM payments_message WHERE partner = %s AND direction = 'in' AND sha256 = %s",
        [partner, digest],
    )
    if known:
        return Taken(int(known[0]), int(known[1]), known=True)
    message_no = number("SELECT nextval(pg_get_serial_sequence('payments_message', 'message_no'))")
    about_files: list[FileAnswer] = []
    trouble = None
    try:
        with driver().transaction():
            lines, amount = _stage(message_no, answers, about_files)
    except Unreadable as error:
        lines, amount, trouble = 0, 0, str(error)
        about_files.clear()
    execute(
        "INSERT INTO payments_message (message_no, direction, partner, message_id, sha256, size_bytes, lines, amount, body, kept_at)"
        " OVERRIDING SYSTEM VALUE VALUES (%s, 'in', %s, %s, %s, %s, %s, %s, %s, %s)",
        [message_no, partner, file.name[:200], digest, len(file.body), lines, amount, zlib.compress(file.body, 1), now],
    )
    if trouble is not None:
        execute(
            "INSERT INTO payments_case (person_id, kind, message_no, line, detail, opened_at) VALUES (0, 'unreadable_file', %s, 0, %s, %s)",
            [message_no, trouble[:500], now],
        )
    tell_batches(partner, about_files, message_no, now)
    execute(
        "INSERT INTO payments_chunk (subject, subject_id, step, chunk, first, until)"
        " SELECT 'message', %s, 'match', n, (n - 1) * %s + 1, n * %s + 1 FROM generate_series(1, %s) AS n",
        [message_no, LINES_A_CHUNK, LINES_A_CHUNK, -(-lines // LINES_A_CHUNK)],
    )
    note(message=message_no, lines=lines, about_files=len(about_files), unreadable=int(trouble is not None))
    return Taken(message_no, lines, known=False)


@operation(permission="payments.take_answers")
def match_file(*, actor: Actor, reason: str, clock: Clock, message_no: int) -> Matched:
    """Match the next chunk of a file's lines to attempts and say what is left; repeated until nothing is, and safe to repeat after.

    Events, ledger entries, ends, cases and the chunk's own row are one commit. A line that finds no payment opens a case; the others go on.
    """
    now = clock.now()
    # Files of one partner may tell of the same payments; one at a time keeps "has it happened already" true.
    execute("SELECT pg_advisory_xact_lock(hashtext('payments.match'))")
    partner = row("SELECT partner FROM payments_message WHERE message_no = %s AND direction = 'in'", [message_no])
    if partner is None:
        raise NotFound(
            f"Không có tệp trả lời {message_no}.", f"There is no answer file {message_no}.", message=message_no
        )
    chunk = row(
        "SELECT chunk, first, until FROM payments_chunk WHERE subject = 'message' AND subject_id = %s AND done_at IS NULL ORDER BY chunk LIMIT 1",
        [message_no],
    )
    matched = 0
    if chunk:
        matched = match_lines(message_no, str(partner[0]), (int(chunk[1]), int(chunk[2])), now)
        execute(
            "UPDATE payments_chunk SET row_count = %s, done_at = %s WHERE subject = 'message' AND subject_id = %s AND step = 'match' AND chunk = %s",
            [matched, now, message_no, chunk[0]],
        )
    left = number(
        "SELECT count(*) FROM payments_chunk WHERE subject = 'message' AND subject_id = %s AND done_at IS NULL",
        [message_no],
    )
    if chunk and not left:
        end_answered(message_no, now)
    note(message=message_no, matched=matched, chunks_left=left)
    return Matched(matched, left)


@operation(permission="payments.settle_case")
def settle_case(*, actor: Actor, reason: str, clock: Clock, person_id: int, case_id: int, outcome: str) -> None:
    """Settle a case with what was found out; settling again changes nothing. Refuses `not_found`, and `invalid_input` without an outcome."""
    if actor.kind is not ActorKind.OFFICER or not outcome.strip():
        raise InvalidInput("Cán bộ phải nêu kết quả xử lý.", "An officer must say what was found out.", field="outcome")
    found = row(
        "SELECT settled_at, run_id FROM payments_case WHERE person_id = %s AND case_id = %s FOR UPDATE",
        [person_id, case_id],
    )
    if found is None:
        raise NotFound(f"Không có hồ sơ {case_id}.", f"There is no case {case_id}.", case=case_id)
    if found[0] is None:
        execute(
            "UPDATE payments_case SET settled_at = %s, settled_by = %s, outcome = %s WHERE person_id = %s AND case_id = %s",
            [clock.now(), actor.named(), outcome.strip()[:500], person_id, case_id],
        )
        wake(f"run:{found[1]}")
    note(case=case_id)


def _stage(message_no: int, answers: Iterable[Answer | FileAnswer], about_files: list[FileAnswer]) -> tuple[int, int]:
    """Copy the lines into staging; what is about whole messages goes to the list. Returns lines and the sum of their amounts."""
    lines = amount = 0
    with driver().cursor() as cursor, cursor.copy(_COPY) as copy:
        for one in answers:
            if isinstance(one, FileAnswer):
                about_files.append(one)
                continue
            lines += 1
            amount += one.amount or 0
            text = one.reason.replace("\x00", "")[:140] if one.reason else None
            copy.write_row(
                (
                    message_no,
                    lines,
                    one.end_to_end_id,
                    int(one.kind),
                    text,
                    one.amount,
                    one.bank_reference,
                    one.happened_at,
                )
            )
    return lines, amount

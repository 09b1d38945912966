"""Lists the post can pay from without a network: the very bytes that were sealed, signed, with their digest printed; and their results, by line number."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ansinh.access.keys import signing_keys
from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute, row, rows
from ansinh.foundation import detached
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import Refusal
from ansinh.payments import operations as payments
from ansinh.payments.operations import Received
from ansinh.payments.queries import lines_of_message, run_of, sent_body
from ansinh.places.queries import provinces
from ansinh.relief.emergency import in_area, read_emergency
from ansinh.relief.papers import papers_of
from ansinh.relief.results import answers_of, read_results

KEY_NAME = "relief"
SIGNATURE_TYPE = "ansinh-list+jws"
CHUNKS_MAX = 100


class NotOurList(Refusal):
    """Results name a list that was never sent, or another digest than the one printed on it."""

    code = "not_our_list"


@dataclass(frozen=True)
class SignedList:
    """A list as it leaves: its id, the machine's form, the detached signature over it, its SHA-256 in hexadecimal, and the same on paper."""

    message_id: str
    partner: str
    body: bytes
    signature: str
    sha256: str
    papers: tuple[bytes, ...]
    lines: int
    amount: int


@dataclass(frozen=True)
class TakenResults:
    """A file of results taken in: lines told, lines that found their payment, whether the very file had come before."""

    lines: int
    matched: int
    known: bool


_LISTS = """
SELECT b.batch_id, b.partner, b.channel, b.message_id, b.lines, b.amount FROM payments_batch b
WHERE b.run_id = %(run)s AND b.channel <> 'account' AND b.tries > 0 AND b.state <> 'refused' AND EXISTS (
    SELECT FROM payments_attempt a JOIN payments_order o ON o.pay_month = a.pay_month AND o.person_id = a.person_id AND o.order_id = a.order_id
    WHERE a.pay_month = %(month)s AND a.batch_id = b.batch_id AND a.ended IS NULL AND {in_area})
ORDER BY b.partner, b.batch_id
"""
_COMMUNES = (
    "SELECT code, name FROM places_unit WHERE level = 'commune' AND edition = 'since_july_2025' AND province = %s"
)


@operation(permission="relief.sign_lists")
def sign_lists(
    *, actor: Actor, reason: str, clock: Clock, emergency_id: int, run_id: int, secrets: Path, papers: bool = True
) -> list[SignedList]:
    """Sign the lists of a run that somebody of the area is still to be paid from, and set them on paper; again gives the same lists and signatures.

    Only what was sealed, signed by two officers and handed over (or tried to be) becomes a list: its bytes are those of the message. Refuses `not_found`.
    """
    emergency, run, now = read_emergency(emergency_id), run_of(run_id), clock.now()
    names = {one.code: one.name for one in provinces()}
    key = signing_keys(secrets, KEY_NAME).signing
    made = []
    found = rows(_LISTS.format(in_area=in_area(emergency_id)), {"run": run_id, "month": run.pay_month})
    for batch_id, partner, channel, message_id, lines, amount in found:
        body = sent_body(batch_id)
        digest = hashlib.sha256(body)
        signature, made_at = _signature(emergency_id, batch_id) or (
            detached.sign(digest.digest(), key, SIGNATURE_TYPE),
            now,
        )
        execute(
            "INSERT INTO relief_list (emergency_id, batch_id, run_id, message_id, sha256, signature, lines, amount, made_by, made_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [emergency_id, batch_id, run_id, message_id, digest.digest(), signature, lines, amount, actor.named(), now],
        )
        province = str(partner)[1:]
        told = {
            "name": emergency.name,
            "act": run.act,
            "place": names.get(province, province),
            "home": channel == "home",
            "pay_on": f"{run.pay_on:%d/%m/%Y}",
            "digest": digest.hexdigest(),
            "signature": signature,
            "communes": dict(rows(_COMMUNES, [province])),
        }
        printed = tuple(papers_of(body, told, made_at)) if papers else ()
        made.append(SignedList(message_id, partner, body, signature, digest.hexdigest(), printed, lines, amount))
    note(emergency=emergency_id, run=run_id, lists=len(made))
    return made


@operation(permission="relief.take_results")
def take_results(*, actor: Actor, reason: str, clock: Clock, name: str, body: bytes) -> TakenResults:
    """Take in what became of a list, line by line; whatever is told again, in any order and in any file, counts once.

    A line nobody sent, and one told two ways, open cases; the others go on. Refuses `invalid_input` a file that is not of the form, and `not_our_list` one for
    a list that was never sent or whose digest is another: then nothing is taken.
    """
    results = read_results(body)
    sent = row(
        "SELECT m.partner, m.batch_id FROM payments_message m WHERE m.direction = 'out' AND m.message_id = %s AND m.sha256 = %s",
        [results.message_id[:40], _bytes(results.sha256)],
    )
    if sent is None:
        raise NotOurList(
            "Không có danh sách nào đã gửi mang số và mã băm này; đối chiếu với mã băm in trên giấy.",
            "No list was sent under this id and digest; compare with the digest on the paper.",
        )
    partner, batch_id = str(sent[0]), int(sent[1])
    taken = payments.take_file(
        actor=actor,
        reason=reason,
        clock=clock,
        partner=partner,
        file=Received(name, body),
        answers=answers_of(results, lines_of_message(batch_id)),
    )
    matched = sum(_match(actor, reason, clock, taken.message_no))
    note(batch=batch_id, message=taken.message_no, lines=taken.lines, matched=matched)
    return TakenResults(taken.lines, matched, taken.known)


def _match(actor: Actor, reason: str, clock: Clock, message_no: int) -> Iterator[int]:
    for _ in range(CHUNKS_MAX):
        done = payments.match_file(actor=actor, reason=reason, clock=clock, message_no=message_no)
        yield done.matched
        if not done.left:
            break


def _signature(emergency_id: int, batch_id: int) -> tuple[str, datetime] | None:
    found = row(
        "SELECT signature, made_at FROM relief_list WHERE emergency_id = %s AND batch_id = %s", [emergency_id, batch_id]
    )
    return (str(found[0]), found[1]) if found else None


def _bytes(digest: str) -> bytes:
    try:
        return bytes.fromhex(digest)
    except ValueError:
        return b""


__all__ = ["NotOurList", "SignedList", "TakenResults", "sign_lists", "take_results"]

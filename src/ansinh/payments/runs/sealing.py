"""The seal of a round: each batch digested in SQL, the digests chained; and the officers' signatures over it.

line    = line ␟ order ␟ attempt ␟ channel ␟ partner ␟ account ␟ holder ␟ amount, lines joined by ␞ in their order
digest  = sha256( lines )
seal 0  = sha256( "ansinh payments seal 1" ␟ run ␟ round ␟ pay day )
seal n  = sha256( seal n-1 ‖ message id ␟ lines ␟ amount ␟ digest in hexadecimal )
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from ansinh.access.keys import SigningKeys
from ansinh.database.sql import execute, number, row, rows
from ansinh.foundation import detached
from ansinh.foundation.errors import Refusal
from ansinh.payments.runs.run import Run

KEY_NAME = "payments"
APPROVE, AUTHORISE = 1, 2
_SIGNATURE_TYPE = "ansinh-payments+jws"

_DIGEST = """
SELECT count(*), coalesce(sum(amount), 0)::bigint, sha256(convert_to(coalesce(string_agg(concat_ws(E'\\x1f', line,
    order_id, attempt_no, channel, partner, coalesce(account, ''), holder, amount), E'\\x1e' ORDER BY line), ''), 'UTF8'))
FROM payments_attempt WHERE pay_month = %s AND batch_id = %s AND ended IS DISTINCT FROM 61
"""
_OPEN = "SELECT batch_id FROM payments_batch WHERE run_id = %s AND state IN ('new', 'sealed') ORDER BY partner, round, number"
_SEALED = "SELECT message_id, lines, amount, digest FROM payments_batch WHERE run_id = %s AND seal_no = %s AND lines > 0 ORDER BY partner, round, number"


class SealBroken(Refusal):
    """What was approved is not what would be sent."""

    code = "seal_broken"


def seal_round(run: Run, round_no: int, sealed_by: str, now: datetime) -> tuple[int, str]:
    """Digest every batch that is not ready yet and chain the digests, under the round's number; returns the seal's number and the seal in hexadecimal.

    The caller holds the run's lock.
    """
    seal_no = number("SELECT coalesce(max(seal_no), 0) + 1 FROM payments_seal WHERE run_id = %s", [run.run_id])
    for (batch_id,) in rows(_OPEN, [run.run_id]):
        lines, amount, digest = _digest(run.pay_month, batch_id)
        execute(
            "UPDATE payments_batch SET lines = %s, amount = %s, digest = %s, seal_no = %s, state = %s, state_at = %s WHERE batch_id = %s",
            [lines, amount, digest, seal_no, "sealed" if lines else "cancelled", now, batch_id],
        )
    found = rows(_SEALED, [run.run_id, seal_no])
    seal = chained(run, round_no, found)
    execute(
        "INSERT INTO payments_seal (run_id, seal_no, round, seal, batches, lines, amount, made_by, sealed_by, sealed_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            run.run_id,
            seal_no,
            round_no,
            seal,
            len(found),
            sum(one[1] for one in found),
            sum(one[2] for one in found),
            run.made_by,
            sealed_by,
            now,
        ],
    )
    return seal_no, seal.hex()


def chained(run: Run, round_no: int, batches: list[tuple[object, ...]]) -> bytes:
    """Return the seal of batches given as (message id, lines, amount, digest), in the order of banks and numbers."""
    seal = _sha256("ansinh payments seal 1", run.run_id, round_no, run.pay_on.isoformat())
    for message_id, lines, amount, digest in batches:
        assert isinstance(digest, bytes | memoryview)
        seal = hashlib.sha256(
            seal + "\x1f".join(map(str, (message_id, lines, amount, bytes(digest).hex()))).encode()
        ).digest()
    return seal


def require_whole(run: Run, batch_id: int, keys: SigningKeys, written: bytes | None = None) -> None:
    """Refuse (`seal_broken`) a batch whose lines are not those sealed, whose seal is not the chain, or whose seal two officers have not signed.

    `written` is the digest of the lines a message was just written from; without it the lines are digested as they stand.
    """
    found = row("SELECT seal_no, digest FROM payments_batch WHERE batch_id = %s", [batch_id])
    assert found is not None
    seal_no, digest = found
    if digest is None or bytes(digest) != (written or _digest(run.pay_month, batch_id)[2]):
        raise _broken(batch_id, "dòng lệnh đã bị sửa sau khi niêm phong", "its lines were changed after the seal")
    seal = row("SELECT seal, round FROM payments_seal WHERE run_id = %s AND seal_no = %s", [run.run_id, seal_no])
    if seal is None or bytes(seal[0]) != chained(run, int(seal[1]), rows(_SEALED, [run.run_id, seal_no])):
        raise _broken(batch_id, "niêm phong không khớp chuỗi các tệp lệnh", "the seal is not the chain of its batches")
    signed = rows(
        "SELECT step, officer, signature FROM payments_approval WHERE run_id = %s AND seal_no = %s ORDER BY step",
        [run.run_id, seal_no],
    )
    if [step for step, _, _ in signed] != [APPROVE, AUTHORISE]:
        raise _broken(batch_id, "thiếu chữ ký duyệt", "a signature is missing")
    for step, officer, signature in signed:
        if not detached.proven(
            _payload(run.run_id, seal_no, bytes(seal[0]), step, officer), signature, keys.by_id(), _SIGNATURE_TYPE
        ):
            raise _broken(batch_id, "chữ ký duyệt không hợp lệ", "a signature does not hold")


class LineDigest:
    """The digest of a batch's lines, made beside the writing of its message."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._separator = b""

    def add(self, line: bytes) -> None:
        """Feed one line in its canonical form."""
        self._hash.update(self._separator)
        self._hash.update(line)
        self._separator = b"\x1e"

    def digest(self) -> bytes:
        """Return the digest of what was fed."""
        return self._hash.digest()


def signed(run_id: int, seal_no: int, step: int, officer: str, keys: SigningKeys) -> str:
    """Return the signature, over the seal, of an officer for a step."""
    seal = row("SELECT seal FROM payments_seal WHERE run_id = %s AND seal_no = %s", [run_id, seal_no])
    assert seal is not None
    return detached.sign(_payload(run_id, seal_no, bytes(seal[0]), step, officer), keys.signing, _SIGNATURE_TYPE)


def _payload(run_id: int, seal_no: int, seal: bytes, step: int, officer: str) -> bytes:
    return json.dumps(
        {"run": run_id, "seal_no": seal_no, "seal": seal.hex(), "step": step, "officer": officer}, sort_keys=True
    ).encode()


def _digest(pay_month: int, batch_id: int) -> tuple[int, int, bytes]:
    found = row(_DIGEST, [pay_month, batch_id])
    assert found is not None
    return int(found[0]), int(found[1]), bytes(found[2])


def _sha256(*parts: object) -> bytes:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()


def _broken(batch_id: int, vi: str, en: str) -> SealBroken:
    return SealBroken(
        f"Không bàn giao tệp lệnh {batch_id}: {vi}. Dừng đợt chi và báo kiểm soát viên.",
        f"Batch {batch_id} is not handed over: {en}. Stop the run and tell the auditors.",
        batch=batch_id,
    )

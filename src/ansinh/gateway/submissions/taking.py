"""Taking bytes: digest, compression, and one row in a micro-batch. Whoever is answered has bytes and receipt committed together.

Long files are digested and compressed beside the loop, few at once, and go in batches of their own, so that short ones do not wait for them.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import zstandard

from ansinh.access.tokens import Grant
from ansinh.gateway.batching import Batcher, QuestionRefused, StoreAway
from ansinh.gateway.bounding import Bounded
from ansinh.gateway.problems import Problem
from ansinh.gateway.standing import problem_of
from ansinh.gateway.store import Published
from ansinh.gateway.submissions.kinds import Kind, receipt_of
from ansinh.gateway.worker import Worker

SUBMIT = Published(
    "submit_v1",
    "p_received_at timestamp with time zone, p_kinds smallint[], p_facilities text[], p_receipts text[], p_clients integer[], p_digests bytea[], "
    "p_sizes integer[], p_contents bytea[]",
    "TABLE(received_at timestamp with time zone, again boolean)",
    wide=True,
)
SUBMISSION = Published(
    "submission_v1",
    "p_facility text, p_receipt text",
    "TABLE(kind smallint, state text, received_at timestamp with time zone, settled_at timestamp with time zone, episode text, version integer, "
    "current boolean, entries smallint, size integer, sha256 bytea, errors text)",
    cold=True,
)

NOT_TAKEN = Problem(
    503,
    "not_taken",
    "Tạm thời chưa nhận được hồ sơ; chưa lưu gì. Gửi lại sau hai giây: gửi lại cùng một tệp không tạo hồ sơ trùng.",
    "Submissions are not taken for the moment; nothing was kept. Send it again in two seconds: the same file is never kept twice.",
    headers=(("retry-after", "2"),),
)
ANSWERED = 1
SHORT_BYTES_MAX = 262_144
BATCH_LENGTH_MAX = 64
LONG_AT_ONCE_MAX, LONG_WAITING_MAX = 2, 16
LONG_WAIT_SECONDS_MAX = 20.0
ZSTD_LEVEL = 1

# Kind, facility, receipt, client number, digest, length, compressed bytes.
Question = tuple[int, str, str, int, bytes, int, bytes]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a facility is told: the receipt, when it was received first, whether it was here already."""

    receipt: str
    received_at: datetime
    again: bool
    digest: bytes


class Taking:
    """Takes submissions of one worker, whichever door they come through."""

    def __init__(self, worker: Worker) -> None:
        self._batcher: Batcher[Question, Any] = worker.batcher(SUBMIT, batch_length_max=BATCH_LENGTH_MAX)
        self._long: Batcher[Question, Any] = worker.batcher(SUBMIT, batch_length_max=1)
        self._gate = Bounded(LONG_AT_ONCE_MAX, waiting_max=LONG_WAITING_MAX, wait_seconds_max=LONG_WAIT_SECONDS_MAX)
        self._looking = Bounded()
        self._store = worker.store
        self._results = worker.metrics.results_of("submissions")
        self._compressor = zstandard.ZstdCompressor(level=ZSTD_LEVEL)

    async def take(self, grant: Grant, kind: Kind, content: bytes) -> Taken:
        """Commit bytes and receipt; raises Problem when the database is away or too much waits."""
        if len(content) <= SHORT_BYTES_MAX:
            digest, packed = _prepared(content, self._compressor)
            return await self._submit(self._batcher, grant, kind, len(content), digest, packed)

        async def long() -> Taken:
            digest, packed = await asyncio.to_thread(_prepared, content, zstandard.ZstdCompressor(level=ZSTD_LEVEL))
            return await self._submit(self._long, grant, kind, len(content), digest, packed)

        return await self._gate.run(long)

    async def look(self, facility: str, receipt: str) -> Any:
        """Return the row of a facility's receipt, or None; raises Problem when the database is away or too many ask."""

        async def ask() -> list[Any]:
            return await self._store.call(SUBMISSION, facility, receipt)

        try:
            found = await self._looking.run(ask)
        except (StoreAway, QuestionRefused) as trouble:
            raise problem_of(trouble) from trouble
        return found[0] if found else None

    async def _submit(
        self, batcher: Batcher[Question, Any], grant: Grant, kind: Kind, size: int, digest: bytes, packed: bytes
    ) -> Taken:
        receipt = receipt_of(kind, grant.facility, digest)
        try:
            received_at, again = await batcher.submit(
                (kind.number, grant.facility, receipt, grant.client_no, digest, size, packed)
            )
        except StoreAway as away:
            raise NOT_TAKEN from away
        except BaseException as trouble:
            raise problem_of(trouble) from trouble
        self._results[ANSWERED] += 1
        return Taken(receipt, received_at, again, digest)


def _prepared(content: bytes, compressor: zstandard.ZstdCompressor) -> tuple[bytes, bytes]:
    return hashlib.sha256(content).digest(), compressor.compress(content)

"""Work with the register that takes a while. Whoever is killed anywhere in it is followed by somebody who goes on where it ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa

from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import PartnerTrouble
from ansinh.registry import operations, queries
from ansinh.registry.exchange import ChunkReady, SnapshotSource, SnapshotStatus

Progress = Callable[[int], None]

CHUNK_WAIT_SECONDS = 0.1
# A register that makes no chunk for so long is taken to be ill.
CHUNK_WAITS_MAX = 6_000


def take_snapshot(
    *,
    actor: Actor,
    reason: str,
    clock: Clock,
    source: SnapshotSource,
    anew: bool = False,
    progress: Progress = lambda persons: None,
) -> int:
    """Take in the whole register and return how many records are new or changed. An unfinished snapshot is gone on with, unless `anew`.

    While a chunk is stored the next one is fetched. Raises PartnerTrouble.
    """
    status = _unfinished(source) if not anew else None
    if status is None:
        status = source.ask_snapshot()
        operations.begin_snapshot(actor=actor, reason=reason, clock=clock, status=status)
    changed = 0
    for chunk, people in _fetched(source, status, queries.chunks_taken(status.token)):
        changed += operations.take_chunk(
            actor=actor, reason=reason, clock=clock, token=status.token, chunk=chunk, people=people
        )
        progress(chunk.persons)
    operations.finish_snapshot(actor=actor, reason=reason, clock=clock, token=status.token)
    return changed


def _unfinished(source: SnapshotSource) -> SnapshotStatus | None:
    token = queries.unfinished_snapshot()
    if token is None:
        return None
    try:
        return source.snapshot_status(token, 0)
    except PartnerTrouble as trouble:
        if trouble.temporary:
            raise
        return None  # The register has forgotten it: ask for a new one.


def _fetched(
    source: SnapshotSource, status: SnapshotStatus, taken: frozenset[int]
) -> Iterator[tuple[ChunkReady, pa.RecordBatch]]:
    """Yield the chunks not yet taken, each fetched while the one before is being stored."""
    with ThreadPoolExecutor(1, "fetch") as fetching:
        waiting = None
        for chunk in _ready(source, status, fetching):
            if chunk.number in taken:
                continue
            asked = (chunk, fetching.submit(source.snapshot_chunk, status.token, chunk))
            if waiting is not None:
                yield waiting[0], waiting[1].result()
            waiting = asked
        if waiting is not None:
            yield waiting[0], waiting[1].result()


def _ready(source: SnapshotSource, status: SnapshotStatus, fetching: ThreadPoolExecutor) -> Iterator[ChunkReady]:
    """Yield every chunk of the snapshot in order, waiting for those still being made; all questions go through one thread."""
    last, waits = 0, 0
    ready = status.ready
    while last < status.chunks:
        for chunk in ready:
            if chunk.number != last + 1:
                raise PartnerTrouble("population register", "left out a chunk", temporary=True)
            last = chunk.number
            yield chunk
        waits = 0 if ready else waits + 1
        if waits > CHUNK_WAITS_MAX:
            raise PartnerTrouble("population register", "makes no chunks", temporary=True)
        if last < status.chunks:
            if not ready:
                time.sleep(CHUNK_WAIT_SECONDS)
            ready = fetching.submit(source.snapshot_status, status.token, last).result().ready

"""The population register's own side of the exchange: snapshots, events, records, buckets and error reports over signed calls. No Django here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import msgspec
import pyarrow as pa

from ansinh.registry.adapters.feed_items import Items, read_items
from ansinh.registry.adapters.signed_calls import Answer, SignedCalls, refused
from ansinh.registry.adapters.snapshot_chunks import read_chunk
from ansinh.registry.exchange import ChunkReady, Page, SnapshotStatus

CHUNKS_LISTED_MAX = 1_000

_Digest = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
_Edge = Annotated[str, msgspec.Meta(pattern="^([0-9]{12})?$")]
_Count = Annotated[int, msgspec.Meta(ge=0)]


class _ChunkReady(msgspec.Struct, frozen=True):
    number: Annotated[int, msgspec.Meta(ge=1)]
    after_pin: _Edge
    until_pin: _Edge
    persons: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
    feed_no: _Count
    sha256: _Digest
    bytes: _Count


class _Status(msgspec.Struct, frozen=True):
    token: Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9-]{1,99}$")]
    feed_no: _Count
    people: _Count
    chunks: _Count
    ready: Annotated[list[_ChunkReady], msgspec.Meta(max_length=CHUNKS_LISTED_MAX)]


class _EventsPage(msgspec.Struct, frozen=True):
    notify_event: Items
    next_after: _Count
    head: _Count


_page = msgspec.json.Decoder(_EventsPage)
_status = msgspec.json.Decoder(_Status)


class RegisterExchange:
    """What the room's procedures use of the register; one thread at a time."""

    def __init__(self, calls: SignedCalls) -> None:
        self._calls = calls

    def close(self) -> None:
        """Close the connection."""
        self._calls.close()

    def ask_snapshot(self) -> SnapshotStatus:
        """Ask for a new snapshot."""
        return _as_status(self._calls.call("/registry/snapshot", "snapshot", {}))

    def snapshot_status(self, token: str, after_number: int) -> SnapshotStatus:
        """Ask how far a snapshot is, with the chunks that are ready above a number."""
        asked = {"token": token, "after_number": after_number}
        status = _as_status(self._calls.call("/registry/snapshot/status", "snapshot-status", asked))
        if status.token != token:
            raise refused("answered about another snapshot")
        return status

    def snapshot_chunk(self, token: str, chunk: ChunkReady) -> pa.RecordBatch:
        """Fetch a chunk and check every value of it."""
        asked = {"token": token, "number": chunk.number}
        return read_chunk(self._calls.fetch("/registry/snapshot/chunk", "snapshot-chunk", asked, chunk.sha256), chunk)

    def events_after(self, after: int, limit: int) -> Page:
        """Read the page of the feed after a position."""
        page = self._page({"after": after, "limit": limit})
        if not after <= page.next_after <= after + limit:
            raise refused("answered with another page")
        return page

    def events_numbered(self, numbers: Sequence[int]) -> Page:
        """Ask again for events by their feed numbers; what was not asked for is left out."""
        page = self._page({"numbers": list(numbers)})
        wanted = frozenset(numbers)
        return replace(page, events=tuple(event for event in page.events if event.feed_no in wanted))

    def _page(self, asked: dict[str, object]) -> Page:
        answer = self._calls.call("/registry/events", "events", asked)
        try:
            said = _page.decode(answer.message)
        except msgspec.MsgspecError as error:
            raise refused("answered with events in a shape that was not agreed") from error
        events = read_items(said.notify_event, self._calls.known, self._calls.refresh_keys)
        return Page(events, said.next_after, said.head, answer.sha256)


def _as_status(answer: Answer) -> SnapshotStatus:
    try:
        said = _status.decode(answer.message)
    except msgspec.MsgspecError as error:
        raise refused("answered about a snapshot in a shape that was not agreed") from error
    ready = tuple(
        ChunkReady(c.number, c.after_pin, c.until_pin, c.persons, c.feed_no, c.sha256, c.bytes) for c in said.ready
    )
    return SnapshotStatus(said.token, said.feed_no, said.people, said.chunks, ready)

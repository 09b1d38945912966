"""The population register's own side of the exchange: snapshots, events, records, buckets and error reports over signed calls. No Django here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated, Literal, TypeVar

import msgspec
import pyarrow as pa

from ansinh.registry.adapters.feed_items import Items, read_items
from ansinh.registry.adapters.signed_calls import Answer, SignedCalls, refused
from ansinh.registry.adapters.snapshot_chunks import read_chunk
from ansinh.registry.exchange import Bucket, ChunkReady, Page, Reply, Report, SnapshotStatus
from ansinh.registry.record import Pin, Province, Record
from ansinh.registry.told import EventId

CHUNKS_LISTED_MAX = 1_000
PLACES_MAX = 5_000
MEMBERS_MAX = 200_001
RECORDS_MAX = 1_000
REPORTS_MAX = 1_000
INQUIRED_MAX = 5_000

_Digest = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
_Edge = Annotated[str, msgspec.Meta(pattern="^([0-9]{12})?$")]
_Count = Annotated[int, msgspec.Meta(ge=0)]
_Digest64 = Annotated[int, msgspec.Meta(ge=-(1 << 63), le=(1 << 63) - 1)]


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


class _Bucket(msgspec.Struct, frozen=True):
    province: Province
    suffix: Annotated[str, msgspec.Meta(pattern="^[0-9]{0,6}$")]
    persons: _Count
    digest: _Digest64


class _Buckets(msgspec.Struct, frozen=True):
    head: _Count
    buckets: Annotated[list[_Bucket], msgspec.Meta(max_length=1_000_000)]


class _Member(msgspec.Struct, frozen=True):
    pin: Pin
    digest: _Digest64


class _Members(msgspec.Struct, frozen=True):
    members: Annotated[list[_Member], msgspec.Meta(max_length=MEMBERS_MAX)]


class _Records(msgspec.Struct, frozen=True):
    head: _Count
    records: Annotated[list[Record], msgspec.Meta(max_length=RECORDS_MAX)]


class _Taken(msgspec.Struct, frozen=True):
    transaction_id: str
    ack_status: Literal["ACK"]


class _Inquired(msgspec.Struct, frozen=True):
    transaction_id: str
    status: Literal["pdng", "succ"]
    head: _Count = 0
    records: Annotated[list[Record], msgspec.Meta(max_length=INQUIRED_MAX)] = []


class _Reply(msgspec.Struct, frozen=True):
    reference: Annotated[str, msgspec.Meta(max_length=99)]
    reply: Literal["open", "corrected", "confirmed", "unknown"]
    event_id: EventId | None = None


class _Replies(msgspec.Struct, frozen=True):
    replies: Annotated[list[_Reply], msgspec.Meta(max_length=REPORTS_MAX)]


_buckets = msgspec.json.Decoder(_Buckets)
_members = msgspec.json.Decoder(_Members)
_records = msgspec.json.Decoder(_Records)
_taken = msgspec.json.Decoder(_Taken)
_inquired = msgspec.json.Decoder(_Inquired)
_replies = msgspec.json.Decoder(_Replies)
_page = msgspec.json.Decoder(_EventsPage)
_status = msgspec.json.Decoder(_Status)


T = TypeVar("T")


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

    def buckets(self, suffix_digits: int, within: Sequence[tuple[str, str]]) -> tuple[int, list[Bucket]]:
        """Ask for counts and digests by province and last digits; first the head of the register's feed."""
        found, head = [], 0
        for places in _parts(within) if within else [()]:
            asked = {"suffix_digits": suffix_digits, "within": _places(places)}
            said = _decoded(_buckets, self._calls.call("/registry/buckets", "buckets", asked))
            head = said.head
            found += [Bucket(one.province, one.suffix, one.persons, one.digest) for one in said.buckets]
        return head, found

    def members(self, within: Sequence[tuple[str, str]]) -> dict[str, int]:
        """Ask for the digest of every record of some buckets."""
        found: dict[str, int] = {}
        for places in _parts(within):
            answer = self._calls.call("/registry/buckets/members", "bucket-members", {"within": _places(places)})
            found |= {one.pin: one.digest for one in _decoded(_members, answer).members}
        return found

    def records(self, pins: Sequence[str]) -> tuple[int, list[Record]]:
        """Ask for whole records; what was not asked for is left out. First the head of the register's feed."""
        found: list[Record] = []
        head = 0
        for start in range(0, len(pins), RECORDS_MAX):
            part = list(pins[start : start + RECORDS_MAX])
            said = _decoded(_records, self._calls.call("/registry/records", "records", {"pins": part}))
            # The first head: what was told between two parts is read from the feed all the same.
            head = min(head, said.head) if start else said.head
            wanted = frozenset(part)
            found += [record for record in said.records if record.pin in wanted]
        return head, found

    def inquire(self, transaction_id: str, pins: Sequence[str]) -> None:
        """Ask about numbers, to be answered later; the same transaction again is the same inquiry."""
        asked = {"transaction_id": transaction_id, "pins": list(pins)}
        said = _decoded(_taken, self._calls.call("/registry/inquiries", "inquire", asked))
        if said.transaction_id != transaction_id:
            raise refused("took another inquiry")

    def inquiry_answer(self, transaction_id: str, pins: Sequence[str]) -> tuple[int, list[Record]] | None:
        """Return the head of the register's feed and the records of these numbers, or None while it is not answered."""
        asked = {"transaction_id": transaction_id}
        said = _decoded(_inquired, self._calls.call("/registry/inquiries/status", "inquiry-status", asked))
        if said.transaction_id != transaction_id:
            raise refused("answered another inquiry")
        if said.status == "pdng":
            return None
        wanted = frozenset(pins)
        return said.head, [record for record in said.records if record.pin in wanted]

    def report(self, reports: Sequence[Report]) -> list[Reply]:
        """Report errors; the same reference again is the same report."""
        asked = {"reports": [{name: getattr(one, name) for name in Report.__slots__} for one in reports]}
        return _as_replies(self._calls.call("/registry/reports", "report", asked), [one.reference for one in reports])

    def replies(self, references: Sequence[str]) -> list[Reply]:
        """Ask what became of reports."""
        asked = {"references": list(references)}
        return _as_replies(self._calls.call("/registry/reports/status", "report-status", asked), references)

    def open_reports(self) -> list[Reply]:
        """Return what the register still has to decide."""
        return _as_replies(self._calls.call("/registry/reports/status", "report-status", {"references": []}), None)

    def _page(self, asked: dict[str, object]) -> Page:
        answer = self._calls.call("/registry/events", "events", asked)
        said = _decoded(_page, answer)
        events = read_items(said.notify_event, self._calls.known, self._calls.refresh_keys)
        return Page(events, said.next_after, said.head, answer.sha256)


def _as_status(answer: Answer) -> SnapshotStatus:
    said = _decoded(_status, answer)
    ready = tuple(
        ChunkReady(c.number, c.after_pin, c.until_pin, c.persons, c.feed_no, c.sha256, c.bytes) for c in said.ready
    )
    return SnapshotStatus(said.token, said.feed_no, said.people, said.chunks, ready)


def _decoded(decoder: msgspec.json.Decoder[T], answer: Answer) -> T:
    try:
        return decoder.decode(answer.message)
    except msgspec.MsgspecError as error:
        raise refused("answered in a shape that was not agreed") from error


def _parts(within: Sequence[tuple[str, str]]) -> Iterator[Sequence[tuple[str, str]]]:
    for start in range(0, len(within), PLACES_MAX):
        yield within[start : start + PLACES_MAX]


def _places(within: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"province": province, "suffix": suffix} for province, suffix in within]


def _as_replies(answer: Answer, asked: Sequence[str] | None) -> list[Reply]:
    said = _decoded(_replies, answer)
    if asked is not None and not {one.reference for one in said.replies} <= set(asked):
        raise refused("replied to another report")
    return [Reply(one.reference, one.reply, one.event_id) for one in said.replies]

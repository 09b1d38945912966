"""What the room needs of the register on the far side: snapshots, events, records, buckets, error reports. No Django here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import pyarrow as pa

from ansinh.registry.record import Record
from ansinh.registry.told import Told


@dataclass(frozen=True, slots=True)
class ChunkReady:
    """A chunk of a snapshot that can be fetched: the numbers above `after_pin` up to `until_pin`, as of the event `feed_no`."""

    number: int
    after_pin: str
    until_pin: str
    persons: int
    feed_no: int
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class SnapshotStatus:
    """How far the register is with a snapshot, and which chunks above the number asked for are ready."""

    token: str
    feed_no: int
    people: int
    chunks: int
    ready: tuple[ChunkReady, ...]


@dataclass(frozen=True, slots=True)
class Delivered:
    """An event as delivered: its cover, which the message's signature vouches for, its own signed bytes, and what they say.

    Where they cannot be believed or read, `told` is missing and `doubt` says why, in a word of `states.PARKING_REASONS`.
    """

    event_id: str
    feed_no: int
    told_on: date
    signature: str
    body: bytes
    told: Told | None
    doubt: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """A message with events: where to read on, the latest number told, and the digest of the message as received."""

    events: tuple[Delivered, ...]
    next_after: int
    head: int
    sha256: str


@dataclass(frozen=True, slots=True, order=True)
class Bucket:
    """Some of the people: those of a province whose number ends in `suffix`, how many, and the exclusive-or of their digests."""

    province: str
    suffix: str
    persons: int
    digest: int


@dataclass(frozen=True, slots=True)
class Report:
    """An error report on its way to the register."""

    reference: str
    pin: str
    field: str
    stated: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What the register says about an error report: `open`, `corrected`, `confirmed` or `unknown`, and the event that corrects."""

    reference: str
    reply: str
    event_id: str | None = None


class SnapshotSource(Protocol):
    """A register that hands out all its people at once. Every method raises PartnerTrouble."""

    def ask_snapshot(self) -> SnapshotStatus:
        """Ask for a new snapshot."""
        ...

    def snapshot_status(self, token: str, after_number: int) -> SnapshotStatus:
        """Ask how far a snapshot is."""
        ...

    def snapshot_chunk(self, token: str, chunk: ChunkReady) -> pa.RecordBatch:
        """Fetch a chunk; its columns are those of the mirror, every value checked."""
        ...


class EventSource(Protocol):
    """A register that tells events. Every method raises PartnerTrouble."""

    def events_after(self, after: int, limit: int) -> Page:
        """Read the page of the feed after a position."""
        ...

    def events_numbered(self, numbers: Sequence[int]) -> Page:
        """Ask again for events by their feed numbers."""
        ...


class RecordSource(Protocol):
    """A register that compares itself with us. Every method raises PartnerTrouble."""

    def buckets(self, suffix_digits: int, within: Sequence[tuple[str, str]]) -> tuple[int, list[Bucket]]:
        """Count and hash its people by province and the last digits of their numbers, all or `within` (province, suffix); first the head of its feed."""
        ...

    def members(self, within: Sequence[tuple[str, str]]) -> dict[str, int]:
        """Return the digest of every record of some buckets, by number."""
        ...

    def records(self, pins: Sequence[str]) -> tuple[int, list[Record]]:
        """Return the whole records it has of these numbers, after the head of its feed."""
        ...


class InquirySource(Protocol):
    """A register that answers about many numbers later. Every method raises PartnerTrouble."""

    def inquire(self, transaction_id: str, pins: Sequence[str]) -> None:
        """Ask about numbers; the same transaction again is the same inquiry."""
        ...

    def inquiry_answer(self, transaction_id: str, pins: Sequence[str]) -> tuple[int, list[Record]] | None:
        """Return the head of the register's feed and the records of these numbers, or None while it is not answered."""
        ...


class Cleaning(Protocol):
    """A register that takes reports of its errors. Every method raises PartnerTrouble."""

    def report(self, reports: Sequence[Report]) -> list[Reply]:
        """Report errors; the same reference again is the same report."""
        ...

    def replies(self, references: Sequence[str]) -> list[Reply]:
        """Ask what became of reports."""
        ...

    def open_reports(self) -> list[Reply]:
        """Return what the register still has to decide."""
        ...

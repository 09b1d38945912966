"""Work with the register that takes a while. Whoever is killed anywhere in it is followed by somebody who goes on where it ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import reduce
from operator import xor

import pyarrow as pa

from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import PartnerTrouble, Refusal
from ansinh.registry import operations, queries
from ansinh.registry.exchange import (
    Bucket,
    ChunkReady,
    Cleaning,
    EventSource,
    InquirySource,
    Page,
    RecordSource,
    Report,
    SnapshotSource,
    SnapshotStatus,
)
from ansinh.registry.operations import Compared
from ansinh.registry.record import Record

Progress = Callable[[int], None]

EVENTS_PER_PAGE = 500
PAGES_MAX = 100_000
# A gap that does not come after being asked for so often in one pull waits for the next.
ASKED_AGAIN_MAX = 3
PARKED_ASKED_MAX = 500
# People of a bucket whose digests are compared one by one.
BUCKET_PERSONS = 1_000
SUFFIX_DIGITS_MAX = 6
HEALED_AT_ONCE = 1_000
REPORTS_AT_ONCE = 500
INQUIRIES_AT_ONCE = 4

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


@dataclass(frozen=True)
class Pulled:
    """What one reading of the feed did, in events."""

    received: int
    settled: int
    waiting: int
    parked: int


def pull_events(
    *, actor: Actor, reason: str, clock: Clock, source: EventSource, progress: Progress = lambda events: None
) -> Pulled:
    """Read the feed to its end, ask again for what was jumped over, and apply all whose turn has come; returns what this did.

    Refuses when no snapshot was begun: without one nobody knows where our feed begins. Raises PartnerTrouble; what was received stays received.
    """
    received = 0
    for _ in range(PAGES_MAX):
        feed = queries.feed_position()
        if feed is None:
            raise _never_copied()
        page = source.events_after(feed.cursor, EVENTS_PER_PAGE)
        if page.events or page.next_after > feed.cursor or page.head > feed.head:
            received += operations.receive(actor=actor, reason=reason, clock=clock, page=page, channel="page")
            progress(len(page.events))
        if page.next_after >= page.head:
            break
        if page.next_after <= feed.cursor:
            raise PartnerTrouble("population register", "does not go on with its feed", temporary=True)
    received += _ask_again(actor, reason, clock, source)
    settled = apply_due(actor=actor, reason=reason, clock=clock)
    counts = queries.count_events()
    return Pulled(received, settled, counts.get("waiting", 0), counts.get("parked", 0))


def take_notification(*, actor: Actor, reason: str, clock: Clock, page: Page) -> int:
    """Keep events the register told without being asked, and apply all whose turn has come; returns how many are new.

    What a notification leaves out shows as a gap at the next reading of the feed. Refuses when no snapshot was begun.
    """
    if queries.feed_position() is None:
        raise _never_copied()
    received = operations.receive(actor=actor, reason=reason, clock=clock, page=page, channel="notified")
    apply_due(actor=actor, reason=reason, clock=clock)
    return received


def _never_copied() -> Refusal:
    return Refusal(
        "Chưa sao CSDL dân cư. Chạy trước: ansinh registry snapshot",
        "The register was never copied. Run first: ansinh registry snapshot",
    )


def apply_due(*, actor: Actor, reason: str, clock: Clock) -> int:
    """Apply every event whose turn has come; returns how many were settled."""
    settled = 0
    while queries.any_due():  # Looking without taking leaves no line in the audit, so that one may look often.
        done = operations.apply_next(actor=actor, reason=reason, clock=clock)
        if not done:
            break
        settled += done
    return settled


def retry_parked(*, actor: Actor, reason: str, clock: Clock, source: EventSource) -> Pulled:
    """Ask the register again for every parked event, and apply what comes whole; returns what this did. Raises PartnerTrouble."""
    received, after = 0, 0
    while numbers := queries.parked_numbers(after, PARKED_ASKED_MAX):
        page = source.events_numbered(numbers)
        received += operations.receive(actor=actor, reason=reason, clock=clock, page=page, channel="asked_again")
        after = numbers[-1]
    settled = apply_due(actor=actor, reason=reason, clock=clock)
    counts = queries.count_events()
    return Pulled(received, settled, counts.get("waiting", 0), counts.get("parked", 0))


def _ask_again(actor: Actor, reason: str, clock: Clock, source: EventSource) -> int:
    """Ask again for what was jumped over; returns how many events came. What does not come though asked several times stays noted as a gap."""
    received, asked = 0, 0
    while queries.any_gap():
        before = queries.feed_position()
        numbers = operations.note_gaps(actor=actor, reason=reason, clock=clock)
        if not numbers:
            if queries.feed_position() == before:
                break
            continue  # Nothing is missing so far; look further.
        if asked == ASKED_AGAIN_MAX:
            break
        page = source.events_numbered(numbers)
        came = operations.receive(actor=actor, reason=reason, clock=clock, page=page, channel="asked_again")
        received += came
        asked = 0 if came else asked + 1
    return received


def reconcile(*, actor: Actor, reason: str, clock: Clock, source: RecordSource, heal: bool = True) -> Compared:
    """Compare counts and digests with the register by province; where they differ, find the people and put their records right, unless not to `heal`.

    Read the feed first: what was told and not yet read differs too. Returns and keeps what was found. Raises PartnerTrouble.
    """
    head, theirs = source.buckets(0, [])
    ours = queries.buckets(0, [])
    differing = _differing(ours, theirs)
    buckets = len({(one.province, one.suffix) for one in [*ours, *theirs]})
    people = sum(one.persons for one in theirs)
    digests = _digest_of(ours), _digest_of(theirs)
    if differing:
        digits = _digits_for(max(one.persons for one in [*ours, *theirs]))
        _, theirs = source.buckets(digits, differing)
        ours = queries.buckets(digits, differing)
        buckets += len({(one.province, one.suffix) for one in [*ours, *theirs]})
        differing = _differing(ours, theirs)
    pins = _differing_people(source, differing)
    healed = _heal(actor, reason, clock, source, pins) if heal else 0
    places = tuple(f"{province}/{suffix}" for province, suffix in differing)
    compared = Compared(head, people, buckets, places, healed, len(pins) - healed, *digests)
    operations.record_comparison(actor=actor, reason=reason, clock=clock, compared=compared)
    return compared


def _digest_of(buckets: list[Bucket]) -> int:
    return reduce(xor, (one.digest for one in buckets), 0)


def _differing(ours: list[Bucket], theirs: list[Bucket]) -> list[tuple[str, str]]:
    return sorted({(one.province, one.suffix) for one in set(ours) ^ set(theirs)})


def _digits_for(persons: int) -> int:
    digits = 0
    while persons > BUCKET_PERSONS and digits < SUFFIX_DIGITS_MAX:
        persons, digits = persons // 10, digits + 1
    return digits


def _differing_people(source: RecordSource, places: list[tuple[str, str]]) -> list[str]:
    """Return the numbers whose records differ in some buckets; a person who moved differs in two and is one."""
    pins: set[str] = set()
    for start in range(0, len(places), 100):
        part = places[start : start + 100]
        ours, theirs = queries.members(part), source.members(part)
        pins |= {pin for pin in ours.keys() | theirs.keys() if ours.get(pin) != theirs.get(pin)}
    return sorted(pins)


def _heal(actor: Actor, reason: str, clock: Clock, source: RecordSource, pins: list[str]) -> int:
    healed = 0
    for start in range(0, len(pins), HEALED_AT_ONCE):
        feed_no, records = source.records(pins[start : start + HEALED_AT_ONCE])
        healed += operations.heal_records(actor=actor, reason=reason, clock=clock, records=records, feed_no=feed_no)
    return healed


def exchange_reports(*, actor: Actor, reason: str, clock: Clock, source: Cleaning) -> int:
    """Send the reports that wait, ask after those sent, and record the replies; returns how many reports changed their state. Raises PartnerTrouble."""
    changed = 0
    while waiting := queries.reports_in("reported", REPORTS_AT_ONCE):
        sent = source.report(
            [Report(str(one.reference), one.pin, one.field, one.stated, one.evidence) for one in waiting]
        )
        recorded = operations.record_replies(actor=actor, reason=reason, clock=clock, replies=sent)
        if not recorded:
            raise PartnerTrouble("population register", "did not take our reports", temporary=True)
        changed += recorded
    sent_before = [str(one.reference) for one in queries.reports_in("sent", REPORTS_AT_ONCE)]
    if sent_before:
        replies = [reply for reply in source.replies(sent_before) if reply.reply != "open"]
        if replies:
            changed += operations.record_replies(actor=actor, reason=reason, clock=clock, replies=replies)
    return changed


def settle_inquiries(
    *, actor: Actor, reason: str, clock: Clock, source: InquirySource, progress: Progress = lambda numbers: None
) -> int:
    """Send the inquiries that wait and take their answers in; returns how many records changed. Cut off anywhere, it goes on with those unanswered.

    Some inquiries are under way at a time, so that the register works while we store. Raises PartnerTrouble.
    """
    changed = 0
    while waiting := queries.unanswered_inquiries(INQUIRIES_AT_ONCE):
        for inquiry in waiting:
            source.inquire(str(inquiry.transaction_id), inquiry.pins)
        for inquiry in waiting:
            feed_no, records = _answered(source, inquiry)
            changed += operations.take_answer(
                actor=actor,
                reason=reason,
                clock=clock,
                transaction_id=inquiry.transaction_id,
                records=records,
                feed_no=feed_no,
            )
            progress(len(inquiry.pins))
    return changed


def _answered(source: InquirySource, inquiry: queries.UnansweredInquiry) -> tuple[int, list[Record]]:
    for _ in range(CHUNK_WAITS_MAX):
        answer = source.inquiry_answer(str(inquiry.transaction_id), inquiry.pins)
        if answer is not None:
            return answer
        time.sleep(CHUNK_WAIT_SECONDS)
    raise PartnerTrouble("population register", "does not answer an inquiry", temporary=True)

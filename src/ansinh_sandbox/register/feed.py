"""The feed: events in the order they were told, in pages after a position, or by their numbers when somebody missed some.

The items have SPDCI's notify shape. Each event is signed by itself, like a message without `message`, so that it can be believed wherever it is kept.
"""

from __future__ import annotations

import uuid
from typing import Annotated, Any

import msgspec
from joserfc.jwk import ECKey

from ansinh_sandbox.register.faults import HONEST, Faults
from ansinh_sandbox.register.store import Store
from ansinh_sandbox.register.wire import Rejected
from ansinh_sandbox.signed_messages import signature_of

EVENTS_PER_PAGE_MAX = 1_000

_encode = msgspec.json.Encoder().encode
_SELECT = "SELECT feed_no, event_id, pin, sequence, kind, told_on, body FROM event"


class EventsRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Asks for the events after a position of the feed, or for those with some numbers."""

    after: Annotated[int, msgspec.Meta(ge=0)] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=EVENTS_PER_PAGE_MAX)] = EVENTS_PER_PAGE_MAX
    numbers: Annotated[list[int], msgspec.Meta(max_length=EVENTS_PER_PAGE_MAX)] | None = None


class EventCover(msgspec.Struct, frozen=True):
    """What an event is, and the event itself as signed bytes; the cover must agree with them."""

    feed_no: int
    reg_event_type: str
    pin: str
    sequence: int
    signature: str
    reg_records: msgspec.Raw
    reg_record_type: str = "CRVS_Person"
    reg_type: str = "CRVS"


class NotifyItem(msgspec.Struct, frozen=True):
    """One event told; `reference_id` is its id, `timestamp` the day it was told."""

    reference_id: str
    timestamp: str
    data: EventCover


class EventsPage(msgspec.Struct, frozen=True):
    """Some events, the position to read on from, and the number of the latest event there is."""

    transaction_id: str
    notify_event: list[NotifyItem]
    next_after: int
    head: int


class Feed:
    """Tells what the store has told, honestly or not."""

    def __init__(self, store: Store, key: ECKey, faults: Faults = HONEST) -> None:
        self._store = store
        self._key = key
        self._faults = faults

    def head(self) -> int:
        """Return the number of the latest event told; 0 before the first."""
        (head,) = self._store.connection.execute("SELECT coalesce(max(feed_no), 0) FROM event").fetchone()
        return int(head)

    def page(self, asked: EventsRequest) -> EventsPage:
        """Answer a question about events."""
        if (asked.after is None) == (asked.numbers is None):
            raise Rejected("rjct.search_criteria.invalid", "ask after a position, or by numbers, and not both")
        head = self.head()
        if asked.numbers is not None:
            return self._page(list(asked.numbers), head, head, asked_by_number=True)
        assert asked.after is not None
        until = min(asked.after + asked.limit, head)
        numbers = self._positions(asked.after + 1, until, head)
        return self._page(self._faults.told(numbers, head), max(until, asked.after), head, asked_by_number=False)

    def _positions(self, first: int, last: int, head: int) -> list[int]:
        """Return the events at some positions of the feed; for an honest register the two are the same."""
        if not self._faults.reorder or last < first:
            return list(range(first, last + 1))
        order = self._faults.order(list(range(1, head + 1)))
        return order[first - 1 : last]

    def _page(self, numbers: list[int], after: int, head: int, *, asked_by_number: bool) -> EventsPage:
        marks = ", ".join("?" * len(set(numbers)))
        rows = self._store.connection.execute(f"{_SELECT} WHERE feed_no IN ({marks})", tuple(set(numbers)))
        items = {row[0]: self._item(row, asked_by_number=asked_by_number) for row in rows}
        told = [items[feed_no] for feed_no in numbers if feed_no in items]
        return EventsPage(uuid.uuid4().hex, told, after, head)

    def _item(self, row: tuple[Any, ...], *, asked_by_number: bool) -> NotifyItem:
        feed_no, event_id, pin, sequence, kind, told_on, body = row
        spoil = self._faults.spoilt(feed_no, asked_by_number=asked_by_number)
        signature = ""
        if spoil is not None:
            spoilt = spoil(msgspec.json.decode(body))
            if spoilt is None:
                signature = signature_of(b"something else", self._key)
            else:
                body, sequence = _encode(spoilt), spoilt.get("sequence", sequence)
        signature = signature or signature_of(body, self._key)
        return NotifyItem(event_id, told_on, EventCover(feed_no, kind, pin, sequence, signature, msgspec.Raw(body)))

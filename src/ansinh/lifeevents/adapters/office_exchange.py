"""An office's side of the exchange over signed calls (`contracts/lifeevents`). No Django here."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

import msgspec

from ansinh.access.signed_calls import SignedCalls
from ansinh.foundation.errors import PartnerTrouble

ITEMS_AT_ONCE = 500

_Digest = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
_Count = Annotated[int, msgspec.Meta(ge=0)]


class FeedItem(msgspec.Struct, frozen=True):
    """An item of the feed, as it came."""

    no: Annotated[int, msgspec.Meta(ge=1)]
    id: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{16,64}$")]
    file: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
    kind: Annotated[str, msgspec.Meta(max_length=40)]
    outcome: Literal["done", "refused", "correction", "cancelled", "withdrawn"]
    result: dict[str, Any]
    told_on: date


class _Feed(msgspec.Struct, frozen=True):
    items: Annotated[list[FeedItem], msgspec.Meta(max_length=ITEMS_AT_ONCE)]


class _Taken(msgspec.Struct, frozen=True):
    acknowledged: str
    known: bool
    taken_on: date


class OfficeBooks(msgspec.Struct, frozen=True):
    """An office's books of a day."""

    day: date
    taken: _Count
    taken_sha256: _Digest
    told: _Count
    told_sha256: _Digest


class OfficeExchange:
    """Talks to one office; use it from one thread."""

    def __init__(self, calls: SignedCalls) -> None:
        self._calls = calls

    def close(self) -> None:
        """Close the connection."""
        self._calls.close()

    def deliver(self, message_id: str, action: str, body: bytes) -> date:
        """Hand a message over under its id; returns the day the office took it, now or before. Raises PartnerTrouble, temporary when trying again may help."""
        answer = self._calls.hand_over("/messages", action, body, message_id)
        taken: _Taken = self._read(answer.message, _Taken)
        if taken.acknowledged != message_id:
            raise self._calls.refused("acknowledged another message")
        return taken.taken_on

    def feed(self, after: int) -> list[FeedItem]:
        """Return the next items, in order and without a gap; raises PartnerTrouble."""
        answer = self._calls.call("/feed", "feed", {"after": after, "limit": ITEMS_AT_ONCE})
        items: list[FeedItem] = self._read(answer.message, _Feed).items
        if [one.no for one in items] != list(range(after + 1, after + 1 + len(items))):
            raise self._calls.refused("left out an item of its feed")
        return items

    def books(self, day: date) -> OfficeBooks:
        """Return the office's books of a day; raises PartnerTrouble."""
        answer = self._calls.call("/books", "books", {"day": day.isoformat()})
        found: OfficeBooks = self._read(answer.message, OfficeBooks)
        return found

    def _read(self, message: bytes, form: Any) -> Any:
        try:
            return msgspec.json.decode(message, type=form)
        except msgspec.MsgspecError as error:
            raise self._calls.refused("answered otherwise than agreed") from error


__all__ = ["FeedItem", "OfficeBooks", "OfficeExchange", "PartnerTrouble"]

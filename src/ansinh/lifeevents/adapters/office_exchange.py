"""An office's side of the exchange over signed calls (`contracts/lifeevents`). No Django here."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Any, Literal, Protocol

import msgspec

from ansinh.access.signed_calls import SignedCalls
from ansinh.foundation.errors import PartnerTrouble

ITEMS_AT_ONCE = 500
MESSAGES_AT_ONCE = 100
CALL_BYTES_MAX = 2 * 1024 * 1024

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


class Outgoing(Protocol):
    """A message as it is kept."""

    @property
    def message_id(self) -> str:
        """Its name for ever."""

    @property
    def action(self) -> str:
        """What it asks for."""

    @property
    def body(self) -> str:
        """Its text for ever."""


class _Sent(msgspec.Struct, frozen=True):
    id: str
    action: str
    body: str


class _Taken(msgspec.Struct, frozen=True):
    id: str
    taken_on: date | None = None
    refused: Annotated[str, msgspec.Meta(pattern=r"^[a-z_.]{0,60}$")] = ""


class _Answered(msgspec.Struct, frozen=True):
    answers: Annotated[list[_Taken], msgspec.Meta(max_length=MESSAGES_AT_ONCE)]


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

    def deliver(self, messages: Sequence[Outgoing]) -> list[date | str]:
        """Hand messages over, each under its id; returns for each the day the office took it, now or before, or a word why it never will.

        Raises PartnerTrouble when the call as a whole had no answer, or not the agreed one.
        """
        return [taken for call in _calls_of(messages) for taken in self._delivered(call)]

    def _delivered(self, messages: Sequence[Outgoing]) -> list[date | str]:
        sent = [_Sent(one.message_id, one.action, one.body) for one in messages]
        answer = self._calls.hand_over(
            "/messages", "deliver", msgspec.json.encode({"messages": sent}), uuid.uuid4().hex, items=len(sent)
        )
        answered: _Answered = self._read(answer.message, _Answered)
        if [one.id for one in answered.answers] != [one.id for one in sent]:
            raise self._calls.refused("acknowledged other messages")
        told: list[date | str] = []
        for one in answered.answers:
            if one.taken_on is None and not one.refused:
                raise self._calls.refused("neither took a message nor refused it")
            told.append(one.refused or one.taken_on or "")
        return told

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


def _calls_of(messages: Sequence[Outgoing]) -> Iterator[Sequence[Outgoing]]:
    """Cut messages into calls of at most so many messages and bytes, in order."""
    call: list[Outgoing] = []
    length = 0
    for one in messages:
        size = len(one.body.encode())
        if call and (len(call) == MESSAGES_AT_ONCE or length + size > CALL_BYTES_MAX):
            yield call
            call, length = [], 0
        call.append(one)
        length += size
    if call:
        yield call


__all__ = ["FeedItem", "OfficeBooks", "OfficeExchange", "Outgoing", "PartnerTrouble"]

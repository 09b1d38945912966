"""What every bank's and the post's adapter does, whatever carries the bytes: deliver, ask, collect, recall.

An adapter opens no transaction and is called with none open. It never changes bytes, never retries by itself, and says what it cannot do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple, Protocol


class Delivered(Enum):
    """What a partner said to a message. Saying nothing is PartnerTrouble, which leaves the batch unknown."""

    TAKEN = "taken"
    REFUSED = "refused"


class Knows(Enum):
    """What a partner says when asked after a message."""

    KNOWN = "known"
    NOT_KNOWN = "not_known"
    BUSY = "busy"


class Recalled(Enum):
    """What became of a recall."""

    CONFIRMED = "confirmed"
    TOO_LATE = "too_late"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Receipt:
    """The answer to a delivery, with the partner's own words for a refusal."""

    delivered: Delivered
    detail: str = ""


@dataclass(frozen=True)
class Abilities:
    """What a partner's contract says: whether it can be asked, whether it refuses a message it has, how late one may still arrive, by when to send."""

    can_ask: bool
    refuses_duplicates: bool
    lateness_max: timedelta
    opens_hour: int = 0
    closes_hour: int = 24


@dataclass(frozen=True)
class Received:
    """A file a partner laid ready: its name there, and its bytes."""

    name: str
    body: bytes


class Bank(Protocol):
    """A bank, or the post of a province, as payments sees it. Raises PartnerTrouble when there is no answer."""

    partner: str
    abilities: Abilities

    def deliver(self, body: bytes, message_id: str) -> Receipt:
        """Hand over the very bytes under the message's id."""
        ...

    def ask(self, message_id: str) -> Knows:
        """Ask whether the partner has the message."""
        ...

    def collect(self) -> Iterator[Received]:
        """Yield the files laid ready; a file counts as taken once the next one is asked for."""
        ...

    def recall(self, message_id: str) -> Recalled:
        """Ask the partner not to carry the message out."""
        ...


@dataclass(frozen=True)
class Header:
    """What stands at the head of a message."""

    message_id: str
    partner: str
    channel: str
    lines: int
    amount: int
    pay_on: str
    made_at: datetime
    act: str


class PaymentLine(NamedTuple):
    """One payment in a message, as frozen in its attempt."""

    line: int
    end_to_end_id: str
    account: str | None
    holder: str
    amount: int
    commune: str | None


@dataclass(frozen=True)
class Totals:
    """What a message holds when it is read again: number of payments and their sum in đồng."""

    lines: int
    amount: int


class Writer(Protocol):
    """Writes messages of one form, and reads its own work again before it leaves the house."""

    def write(self, header: Header, lines: Iterable[PaymentLine]) -> bytes:
        """Return the message."""
        ...

    def verify(self, body: bytes) -> Totals:
        """Read the message again, validate its form, recount and resum; raises ValueError when it is not what its form asks."""
        ...

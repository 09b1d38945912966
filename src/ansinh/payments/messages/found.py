"""What can stand in an answer, in our own words; each bank's way of saying it is read into these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Outcome(StrEnum):
    """What an answer says of one attempt."""

    ACCEPTED = "accepted"
    """The bank took the line, or works on it."""
    PAID = "paid"
    """Booked, or settled on the payee's account."""
    REJECTED = "rejected"
    """Refused; no money left."""
    RETURNED = "returned"
    """Money came back."""


@dataclass(frozen=True, slots=True)
class About:
    """Which message this is and what it answers; `status` is of the whole file or payment block, as the bank wrote it."""

    kind: str
    message_id: str | None
    original_message_id: str | None
    status: str | None
    reason: str | None
    reason_text: str | None
    made_on: date | None = None


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """An answer about one attempt, amount in đồng where it is told."""

    end_to_end_id: str
    outcome: Outcome
    status: str
    reason: str | None
    reason_text: str | None
    amount: int | None
    reference: str | None
    booked_on: date | None


@dataclass(frozen=True, slots=True)
class Balance:
    """A balance of our account in đồng; negative is a debt. `kind`: opening or closing."""

    account: str | None
    statement: str | None
    kind: str
    amount: int
    on: date | None


@dataclass(frozen=True, slots=True)
class Movement:
    """Money on our account that names no attempt of ours, in đồng; negative left the account. `single`: the bank told of one payment, not of a sum."""

    account: str | None
    reference: str | None
    amount: int
    booked_on: date | None
    text: str | None
    single: bool = False


@dataclass(frozen=True, slots=True)
class Parked:
    """A part that could not be read: why, and the bytes as they came. A person looks; nothing is lost."""

    why: str
    part: bytes


Found = About | LineAnswer | Balance | Movement | Parked

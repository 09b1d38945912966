"""What the room needs of whoever carries messages to people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True)
class Receipt:
    """What the provider says about a message: `accepted`, `delivered`, `failed` or `refused`, its own reference, and a reason code."""

    reference: str
    status: str
    reason: str


class Provider(Protocol):
    """Whoever carries messages to people."""

    def send(self, key: str, kind: str, address: str, text: str, language: str, letter: bytes | None = None) -> Receipt:
        """Hand a message over by a channel (`states.CHANNELS`), of a letter its PDF too; the same key again sends nothing again. Raises PartnerTrouble."""
        ...

    def ask(self, reference: str) -> Receipt:
        """Ask what became of a message. Raises PartnerTrouble."""
        ...


@dataclass(frozen=True)
class Letter:
    """What a letter says: to whom it goes, in lines; the texts in both languages; the reference it bears and the day it bears."""

    address: str
    vi: str
    en: str
    reference: str
    on: date


class Post(Protocol):
    """What only rooms above know of letters: where somebody lives, and how a letter is set on paper."""

    def home_of(self, person_id: int) -> str | None:
        """Return a person's name and registered home as the lines of an address, or None where no home is known."""
        ...

    def letter(self, told: Letter) -> bytes:
        """Return a letter as PDF; the same words give the same bytes."""
        ...

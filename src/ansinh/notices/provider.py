"""What the room needs of whoever carries messages to people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Receipt:
    """What the provider says about a message: `accepted`, `delivered`, `failed` or `refused`, its own reference, and a reason code."""

    reference: str
    status: str
    reason: str


class Provider(Protocol):
    """Whoever carries messages to people."""

    def send(self, key: str, kind: str, address: str, text: str, language: str) -> Receipt:
        """Hand a message over; the same key again sends nothing again. Raises PartnerTrouble."""
        ...

    def ask(self, reference: str) -> Receipt:
        """Ask what became of a message. Raises PartnerTrouble."""
        ...

"""Answers of banks and the post as inner rows: what every reader of a form (pain.002, camt.054, a list of the post) turns its file into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ansinh.payments.states import AttemptEvent


@dataclass(frozen=True, slots=True)
class Answer:
    """What a file says of one payment. `end_to_end_id` None or unknown opens a case; `reason` is the bank's code or words; amount in đồng, if it says one."""

    end_to_end_id: str | None
    kind: AttemptEvent
    bank_reference: str
    happened_at: datetime
    reason: str | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """What a file says of a whole message of ours: taken (`refused` False) or refused, with the code."""

    message_id: str
    refused: bool
    reason: str = ""


class Unreadable(ValueError):
    """The file is not of the reader's form."""


class Reader(Protocol):
    """Reads files of one form."""

    def read(self, body: bytes) -> Iterator[Answer | FileAnswer]:
        """Yield what the file says, in its order; raises Unreadable."""
        ...

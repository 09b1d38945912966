"""What the room announces: the current page of an episode has changed. Who hears it, is wired in `ansinh.config.health`."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Packs(Protocol):
    """Where packs lie: a folder or object storage."""

    def read(self, pack: str, offset: int, length: int) -> bytes:
        """Return a part of a pack."""
        ...

    def write(self, pack: str, content: bytes) -> None:
        """Store a pack; the same name has the same content."""
        ...


@dataclass(frozen=True, slots=True)
class PaperOfPage:
    """A paper of a page: its kind, the row it came as, how sensitive it is."""

    kind: str
    content: Mapping[str, object]
    sensitive: str | None


@dataclass(frozen=True, slots=True)
class PageChange:
    """The current page of an episode has changed, or there is none any more: what other rooms are told."""

    person_id: int
    facility: str
    episode: str
    receipt: str
    version: int
    admitted_at: datetime | None
    category: str | None
    withdrawn: bool
    papers: tuple[PaperOfPage, ...] = ()


Receiver = Callable[[Sequence[PageChange]], None]
"""Told in the transaction that writes the pages; what it raises undoes the chunk."""


@dataclass(frozen=True, slots=True)
class Means:
    """What settling needs besides the database: facilities known, where packs lie, who is told of changed pages."""

    facilities: Container[str] | None = None
    packs: Packs | None = None
    receivers: Sequence[Receiver] = ()

"""What a submission holds for the book: entries, each about one person. An encounter is one entry; a package of papers has several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ansinh.healthbook.formats.package import Row


@dataclass(frozen=True, slots=True)
class Said:
    """What a facility says of the person: numbers (scheme, value) in the order they are trusted, name, birth as written, sex."""

    numbers: tuple[tuple[str, str], ...]
    name: str
    born: str
    sex: str = ""


@dataclass(slots=True)
class NewPaper:
    """A paper as it goes into the book."""

    kind: str
    number: str | None
    issued: str
    content: Mapping[str, object]
    sensitive: str | None = None


@dataclass(slots=True)
class Entry:
    """One thing for the book. `rows`: lines for COPY without their key, by table; `visit`: the fields of the visit's own line after its key."""

    episode: str
    said: Said
    admitted: datetime
    year: int
    visit: list[str] | None = None
    rows: dict[str, list[list[str]]] = field(default_factory=dict)
    papers: list[NewPaper] = field(default_factory=list)
    checkin: list[str | None] | None = None
    category: str | None = None
    discharged: datetime | None = None
    number: int = 1
    signed: bool = False


@dataclass(slots=True)
class Submitted:
    """A submission on its way into the book, and what is found out about it."""

    facility: str
    receipt: str
    month: int
    received_no: int
    received_at: datetime
    kind: int
    sha256: bytes
    size: int
    tries: int
    counted: str | None
    counted_delay: int | None
    state: str = "rejected"
    entries: list[Entry] = field(default_factory=list)
    errors: list[dict[str, str | int]] = field(default_factory=list)
    episode: str | None = None
    version: int | None = None
    withdraws: str | None = None
    """The episode it takes back."""


def numbers_of(*, pin: str | None, cards: str | None, si_code: str | None = None) -> tuple[tuple[str, str], ...]:
    """Return the numbers somebody is named by: personal number, social-insurance code, cards (several joined by semicolons)."""
    found: list[tuple[str, str]] = []
    if pin and len(pin) == 12 and pin.isdigit():
        found.append(("pin", pin))
    if si_code and len(si_code) == 10 and si_code.isdigit():
        found.append(("si_code", si_code))
    for card in (cards or "").split(";"):
        plain = card.strip().upper()
        if len(plain) == 15:
            found.append(("card", plain))
        elif len(plain) == 10 and plain.isdigit():
            found.append(("si_code", plain))
        elif len(plain) == 12 and plain.isdigit():
            found.append(("pin", plain))
    return tuple(dict.fromkeys(found))


def fields(row: Row, names: Iterable[str]) -> list[str]:
    """Return fields of a row in an order, empty where not said."""
    get = row.get
    return [get(name, "") for name in names]


def first(row: Row, names: Sequence[str]) -> str:
    """Return the first of several names under which a row says something."""
    for name in names:
        if name in row:
            return row[name]
    return ""

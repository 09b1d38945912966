"""How a room sorts its fields. Each room's `privacy.py` holds `TABLES`: table → column → one of the values made here.

    from ansinh.foundation.privacy import PUBLIC, Retention, Scrub, personal, sensitive

    TABLES = {
        "cards_card": {
            "card_number": personal("shown at the counter", scrub=Scrub.INVENT),
            "object_code": sensitive("sets the share that is paid", scrub=Scrub.KEEP),  # tells poverty or merit
            "issued_on": PUBLIC,
        },
    }

A test compares `TABLES` with the tables that exist, column by column, so that a new column must be thought about.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a field tells about a human being."""

    PUBLIC = "public"
    """Nothing: reference data, states, moments, counts, amounts that belong to no one person."""
    PERSONAL = "personal"
    """Who somebody is, or something ordinary about them; record numbers that lead to a person count too."""
    SENSITIVE = "sensitive"
    """Health, income, faith, poverty, merit, kin, accounts, whereabouts, credentials: harm if it leaks."""


class Scrub(Enum):
    """What becomes of a field in a copy made for work that needs no persons (tests, statistics, a partner's trial)."""

    KEEP = "keep"
    EMPTY = "empty"
    INVENT = "invent"
    """An invented value of the same form."""
    COARSEN = "coarsen"
    """A day becomes its year, a commune its province, an amount a band."""


class Retention(Enum):
    """How long a field is kept."""

    REFERENCE = "while the reference data is in force, and its history"
    FILE = "as long as the person's file, which outlives the person for survivors' claims"
    RECORD = "as long as the act it documents can be questioned"
    SHORT = "days: until the step it serves is done"


@dataclass(frozen=True)
class Field:
    """One column sorted: its kind, why it is kept, what a scrubbed copy shows, how long it stays."""

    kind: Kind
    purpose: str
    scrub: Scrub
    retention: Retention

    def __post_init__(self) -> None:
        if self.kind is not Kind.PUBLIC and not self.purpose.strip():
            raise ValueError("a personal or sensitive field needs a purpose: say why it is kept")


PUBLIC = Field(Kind.PUBLIC, "", Scrub.KEEP, Retention.REFERENCE)
"""A field that tells nothing about a human being."""


def personal(purpose: str, *, scrub: Scrub = Scrub.INVENT, retention: Retention = Retention.FILE) -> Field:
    """Sort a field that tells who somebody is; raises ValueError without a purpose."""
    return Field(Kind.PERSONAL, purpose, scrub, retention)


def sensitive(purpose: str, *, scrub: Scrub = Scrub.EMPTY, retention: Retention = Retention.FILE) -> Field:
    """Sort a field whose leak would harm somebody; raises ValueError without a purpose."""
    return Field(Kind.SENSITIVE, purpose, scrub, retention)

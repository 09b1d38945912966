"""A person's whole record as the register gives it, in the order both sides hash it. No Django here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

import msgspec

Pin = Annotated[str, msgspec.Meta(pattern="^[0-9]{12}$")]
OldNumber = Annotated[str, msgspec.Meta(pattern="^[0-9]{9}$")]
# Printable letters of any script, apostrophes, dots and dashes; no control characters, no markup, nothing written backwards.
NAME_PATTERN = r"^[^\W\d_][^\x00-\x1f\x7f-\x9f<>{}\u200b-\u200f\u202a-\u202e\u2066-\u2069]{0,199}$"
FullName = Annotated[str, msgspec.Meta(pattern=NAME_PATTERN)]
BirthDate = Annotated[str, msgspec.Meta(pattern=r"^[12][0-9]{3}(-[0-9]{2}(-[0-9]{2})?)?$")]
Commune = Annotated[str, msgspec.Meta(pattern="^[0-9]{5}$")]
Province = Annotated[str, msgspec.Meta(pattern="^[0-9]{2}$")]
Household = Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)]
Version = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A person as the register has them, under one number. `birth_date` is as precise as it is known: `1960`, `1960-07` or `1960-07-12`."""

    pin: Pin
    full_name: FullName
    sex: Literal["M", "F"]
    birth_date: BirthDate
    commune: Commune
    province: Province
    household: Household
    registered_on: date
    version: Version
    old_number: OldNumber | None = None
    father_pin: Pin | None = None
    mother_pin: Pin | None = None
    spouse_pin: Pin | None = None
    died_on: date | None = None
    cancelled_on: date | None = None
    replaced_by: Pin | None = None
    replaces: Pin | None = None

    def __post_init__(self) -> None:
        birth_parts(self.birth_date)


# In this order everywhere: in the snapshot's columns, in the mirror, and in the text that is hashed (the mirror's column `digest`).
FIELDS = (
    "pin", "old_number", "full_name", "sex", "birth_date", "commune", "province", "household", "father_pin",
    "mother_pin", "spouse_pin", "registered_on", "died_on", "cancelled_on", "replaced_by", "replaces", "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BirthParts:
    """A birth date in its parts; month and day are empty where they are not known."""

    year: int
    month: int | None
    day: int | None


def birth_parts(text: str) -> BirthParts:
    """Take a birth date apart; raises ValueError when the day never was."""
    known = date.fromisoformat(text if len(text) == 10 else text + "-01-01"[len(text) - 4 :])
    return BirthParts(known.year, known.month if len(text) > 4 else None, known.day if len(text) > 7 else None)

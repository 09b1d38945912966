"""An event as its own signed bytes tell it: what may stand in it, and nothing else. No Django here."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from ansinh.foundation.clock import legal_day
from ansinh.registry.record import (
    BirthDate,
    Commune,
    FullName,
    Household,
    OldNumber,
    Pin,
    Province,
    Record,
    Version,
    birth_parts,
)

Kind = Literal[
    "birth", "death", "name_change", "address_change", "marriage", "pin_cancelled", "pin_issued", "correction", "withdrawal",
]  # fmt: skip
EventId = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9-]{1,64}$")]


class Changes(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The fields an event changes, with what they hold after it; null empties a field."""

    old_number: OldNumber | UnsetType | None = UNSET
    full_name: FullName | UnsetType = UNSET
    sex: Literal["M", "F"] | UnsetType = UNSET
    birth_date: BirthDate | UnsetType = UNSET
    commune: Commune | UnsetType = UNSET
    province: Province | UnsetType = UNSET
    household: Household | UnsetType = UNSET
    father_pin: Pin | UnsetType | None = UNSET
    mother_pin: Pin | UnsetType | None = UNSET
    spouse_pin: Pin | UnsetType | None = UNSET
    died_on: date | UnsetType | None = UNSET
    cancelled_on: date | UnsetType | None = UNSET
    replaced_by: Pin | UnsetType | None = UNSET

    def __post_init__(self) -> None:
        if self.birth_date is not UNSET:
            birth_parts(self.birth_date)

    def stated(self) -> dict[str, Any]:
        """Return the fields that are changed, by name, with their values."""
        return {name: value for name in self.__struct_fields__ if (value := getattr(self, name)) is not UNSET}


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An event: what happened to whom, when, and when it was told. `sequence` is the version it leaves the person with."""

    event_id: EventId
    feed_no: Annotated[int, msgspec.Meta(ge=1)]
    kind: Kind
    pin: Pin
    sequence: Version
    happened_on: date
    told_at: datetime
    record: Record | None = None
    changes: Changes | None = None
    withdraws: EventId | None = None

    @property
    def told_on(self) -> date:
        """The day it was told, in Viet Nam."""
        return legal_day(self.told_at)


_decode = msgspec.json.Decoder(Told).decode


def read_told(body: bytes) -> Told:
    """Read an event's bytes; raises msgspec.MsgspecError when they have not the agreed shape."""
    return _decode(body)

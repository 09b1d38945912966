"""What each kind of event does to a record: a table, and one pure function. No Django here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec

from ansinh.registry.record import Record
from ansinh.registry.told import Told

_IDENTITY = frozenset({"old_number", "full_name", "sex", "birth_date", "father_pin", "mother_pin"})
_HOME = frozenset({"commune", "province", "household"})
_NUMBER = frozenset({"cancelled_on", "replaced_by"})

# kind → (fields it may change, the fact announced). A kind without fields brings a whole record under a new number.
KINDS: dict[str, tuple[frozenset[str], str]] = {
    "birth": (frozenset(), "person_born"),
    "pin_issued": (frozenset(), "pin_replaced"),
    "death": (frozenset({"died_on"}), "person_died"),
    "name_change": (frozenset({"full_name"}), "person_changed"),
    "address_change": (_HOME, "person_changed"),
    "marriage": (_HOME | {"spouse_pin"}, "person_changed"),
    "pin_cancelled": (_NUMBER, "pin_cancelled"),
    "correction": (_IDENTITY | _HOME | {"spouse_pin", "died_on"}, "person_changed"),
    "withdrawal": (_IDENTITY | _HOME | _NUMBER | {"spouse_pin", "died_on"}, "event_withdrawn"),
}

# What a cancelled number may still hear.
_AFTER_CANCELLING = frozenset({"withdrawal", "correction"})


class Contradicted(Exception):
    """The event contradicts what was told before; the word is one of `states.PARKING_REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Withdrawn:
    """The event that is taken back, as it was applied: what its fields held before, and which fields later events changed."""

    event_id: str
    former: dict[str, Any]
    changed_later: frozenset[str]


@dataclass(frozen=True)
class Effect:
    """What an event does: the record after it, what the changed fields held before (as JSON writes it), and the fact to announce."""

    record: Record
    former: dict[str, Any]
    fact: str
    other_pin: str | None = None
    changed: tuple[str, ...] = field(default=("*",))


def effect_of(before: Record | None, told: Told, withdrawn: Withdrawn | None = None) -> Effect:
    """Return what an event whose turn has come does to the person; raises Contradicted.

    `withdrawn` is what a withdrawal takes back, or None when the register gave the person whole after that event.
    """
    _check_days(told)
    fields, fact = KINDS[told.kind]
    if not fields:
        return _brought(before, told, fact)
    if before is None or told.changes is None or told.record is not None:
        raise Contradicted("field_not_of_kind")
    if before.cancelled_on is not None and told.kind not in _AFTER_CANCELLING:
        raise Contradicted("cancelled_number")
    stated = told.changes.stated()
    if not stated or not stated.keys() <= fields or (told.withdraws is None) == (told.kind == "withdrawal"):
        raise Contradicted("field_not_of_kind")
    if withdrawn is not None and not _puts_back(stated, withdrawn):
        raise Contradicted("withdrawal_disagrees")
    former = msgspec.to_builtins({name: getattr(before, name) for name in stated})
    after = msgspec.structs.replace(before, version=told.sequence, **stated)
    return Effect(after, former, fact, stated.get("replaced_by"), tuple(sorted(stated)))


def _brought(before: Record | None, told: Told, fact: str) -> Effect:
    record = told.record
    if record is None or told.changes is not None or told.withdraws is not None:
        raise Contradicted("field_not_of_kind")
    if record.pin != told.pin:
        raise Contradicted("other_person")
    if before is not None or told.sequence != 1 or record.version != 1:
        raise Contradicted("sequence_taken")
    if (record.replaces is None) == (told.kind == "pin_issued"):
        raise Contradicted("field_not_of_kind")
    return Effect(record, {}, fact, record.replaces)


def _puts_back(stated: dict[str, Any], withdrawn: Withdrawn) -> bool:
    """Tell whether a withdrawal leaves the fields as they were before the event it takes back; what that event brought is cancelled."""
    if not withdrawn.former:
        return stated.keys() == {"cancelled_on"} and stated["cancelled_on"] is not None
    expected = {name: value for name, value in withdrawn.former.items() if name not in withdrawn.changed_later}
    return bool(msgspec.to_builtins(stated) == expected)


def _check_days(told: Told) -> None:
    days: list[date | None] = [told.happened_on]
    if told.changes is not None:
        stated = told.changes.stated()
        days += [stated.get("died_on"), stated.get("cancelled_on")]
    if any(day is not None and day > told.told_on for day in days):
        raise Contradicted("impossible_day")

"""The officers who decide about identity in these tests, and short ways to ask them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from ansinh.access.roles import IdentityApprover, IdentityOfficer
from ansinh.database.sql import execute, row
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import FixedClock
from ansinh.people.operations import (
    DECISION_COLUMNS,
    Correction,
    Decided,
    Recorded,
    approve_request,
    give_verified_numbers,
    load_insured,
    prepare_merge,
    prepare_unmerge,
    record_decisions,
    request_correction,
)
from ansinh.people.queries import Effect
from tests.support.agency_files import write_insured
from tests.support.cast import ANYBODY_WITH_RIGHTS, JULY

LAN = Actor(ActorKind.OFFICER, "hanoi.lan", IdentityOfficer.permissions)
MINH = Actor(ActorKind.OFFICER, "hanoi.minh", IdentityApprover.permissions)
LAN_WITH_BOTH_ROLES = Actor(ActorKind.OFFICER, "hanoi.lan", IdentityOfficer.permissions | IdentityApprover.permissions)
AN, BINH, CHI = "001080000001", "001080000002", "001080000003"
REASON = "thử"


def later(days: int = 1) -> FixedClock:
    """A clock some days after JULY."""
    return FixedClock(JULY.at + timedelta(days=days))


def load(tmp_path: Path, *records: dict[str, Any], source: str = "one") -> int:
    """Take records in; returns the number of the first."""
    file = write_insured(tmp_path, records)
    return load_insured(actor=ANYBODY_WITH_RIGHTS, reason=REASON, source=source, file=file) + 1


def decide(*decisions: dict[str, Any], clock: FixedClock = JULY, **more: Any) -> Recorded:
    """An engine decided so; columns are those of `DECISION_COLUMNS`, and the rule is `model` unless it is said."""
    stated = [{"rule": "model", **one} for one in decisions]
    columns = [(name, kind) for name, kind in DECISION_COLUMNS.items() if any(name in one for one in stated)]
    batch = pa.RecordBatch.from_pylist(stated, pa.schema(columns))
    return record_decisions(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=clock, batch=batch, **more)


def verified(numbers: Mapping[int, str], clock: FixedClock = JULY) -> int:
    """An engine found these persons to be those of the register, and they receive their numbers; returns how many did."""
    decide(
        *({"person_id": person, "verdict": "verified", "register_pin": pin} for person, pin in numbers.items()),
        clock=clock,
    )
    return give_verified_numbers(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=clock)


def in_register(pin: str, **about: Any) -> None:
    """Let the register's mirror hold somebody under a number: unless told otherwise the one every record of `load` is about."""
    person = {
        "pin": pin, "old_number": None, "full_name": "Nguyễn Văn An", "sex": "M", "birth_year": 1980, "birth_month": 5, "birth_day": 4,
        "commune": "00004", "province": "01", "household": int(pin), "replaces": None, **about,
    }  # fmt: skip
    columns = {
        **person,
        "registered_on": "2000-01-01",
        "version": 1,
        "feed_no": 0,
        "valid_from": "2000-01-01",
        "recorded_at": JULY.at,
    }
    marks = ", ".join(f"%({name})s" for name in columns)
    execute(f"INSERT INTO registry_person ({', '.join(columns)}) VALUES ({marks})", columns)


def paid(person_ids: Sequence[int]) -> list[Effect]:
    """Everybody is paid a pension."""
    return [Effect("payments", person, "lương hưu", "pension", money=True) for person in person_ids]


def correct(person_id: int, field: str, old: str | None, new: str | None, clock: FixedClock = JULY) -> Decided:
    """Lan asks for a correction."""
    correction = Correction(field, old, new, "civil status", "giấy khai sinh 12/2024")
    return request_correction(actor=LAN, reason=REASON, clock=clock, person_id=person_id, correction=correction)


def approve(request: int, clock: FixedClock = JULY) -> Decided:
    """Minh approves."""
    return approve_request(actor=MINH, reason=REASON, clock=clock, request=request)


def merge(alias: int, survivor: int, clock: FixedClock = JULY) -> Decided:
    """Lan prepares, Minh approves."""
    asked = prepare_merge(actor=LAN, reason=REASON, clock=clock, alias=alias, survivor=survivor)
    return approve(asked.request, clock)


def unmerge(alias: int, clock: FixedClock = JULY) -> Decided:
    """Lan prepares, Minh approves."""
    return approve(prepare_unmerge(actor=LAN, reason=REASON, clock=clock, alias=alias).request, clock)


def verdict_of(person_id: int) -> tuple[str, str | None]:
    """The current verdict and the number it names."""
    found = row(
        "SELECT verdict, register_pin FROM people_verdict WHERE person_id = %s AND superseded_at IS NULL", [person_id]
    )
    assert found is not None
    return found[0], found[1]


def holder_of(pin: str) -> int | None:
    """Who carries the PIN."""
    found = row(
        "SELECT person_id FROM people_identifier WHERE scheme = 'pin' AND value = %s AND valid_until IS NULL", [pin]
    )
    return found[0] if found else None

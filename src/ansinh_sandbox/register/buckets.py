"""Comparing both sides: counts and digests by province and the last digits of the number, the digests of a bucket's people, whole records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec

from ansinh_sandbox.register.record import COLUMNS, FIELDS, as_record
from ansinh_sandbox.register.store import Store
from ansinh_sandbox.register.tally import PROVINCE_AT, digest_of, tally_of
from ansinh_sandbox.register.wire import Rejected

SUFFIX_DIGITS_MAX = 6
WITHIN_MAX = 5_000
MEMBERS_MAX = 200_000
RECORDS_MAX = 1_000

_PIN_AT = FIELDS.index("pin")


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Some of the people: those of a province whose number ends in `suffix`."""

    province: Annotated[str, msgspec.Meta(pattern="^[0-9]{2}$")]
    suffix: Annotated[str, msgspec.Meta(pattern="^[0-9]{0,6}$")] = ""


class BucketsRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Asks for counts and digests by province and `suffix_digits` last digits, of everybody or `within` some places."""

    suffix_digits: Annotated[int, msgspec.Meta(ge=0, le=SUFFIX_DIGITS_MAX)]
    within: Annotated[list[Place], msgspec.Meta(max_length=WITHIN_MAX)] = []


class MembersRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Asks for the digest of each person of some places."""

    within: Annotated[list[Place], msgspec.Meta(min_length=1, max_length=WITHIN_MAX)]


class RecordsRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Asks for whole records."""

    pins: Annotated[list[Annotated[str, msgspec.Meta(pattern="^[0-9]{12}$")]], msgspec.Meta(max_length=RECORDS_MAX)]


def buckets(store: Store, asked: BucketsRequest, head: int) -> dict[str, Any]:
    """Count and hash the people by bucket; a bucket's digest is the exclusive-or of its people's."""
    found: dict[tuple[str, str], list[int]] = {}
    digits = asked.suffix_digits
    if not digits and not asked.within:
        found = {(province, ""): counted for province, counted in tally_of(store.connection).items()}
        return {"head": head, "buckets": _told(found)}
    for row in _people(store, asked.within):
        key = (row[PROVINCE_AT], row[_PIN_AT][-digits:] if digits else "")
        bucket = found.setdefault(key, [0, 0])
        bucket[0] += 1
        bucket[1] ^= digest_of(row)
    return {"head": head, "buckets": _told(found)}


def _told(found: dict[tuple[str, str], list[int]]) -> list[dict[str, Any]]:
    return [
        {"province": province, "suffix": suffix, "persons": persons, "digest": digest}
        for (province, suffix), (persons, digest) in sorted(found.items())
    ]


def members(store: Store, asked: MembersRequest, head: int) -> dict[str, Any]:
    """Return the digest of each person of some buckets."""
    told: list[dict[str, Any]] = []
    for row in _people(store, asked.within):
        told.append({"pin": row[_PIN_AT], "digest": digest_of(row)})
        if len(told) > MEMBERS_MAX:
            raise Rejected("rjct.search.too_many_records_found", "ask for smaller buckets: more digits")
    return {"head": head, "members": told}


def records(store: Store, asked: RecordsRequest, head: int) -> dict[str, Any]:
    """Return the whole records of some numbers; those nobody has are left out."""
    marks = ", ".join("?" * len(asked.pins))
    rows = store.connection.execute(f"SELECT {COLUMNS} FROM person WHERE pin IN ({marks})", tuple(asked.pins))
    told = [{name: value for name, value in as_record(row).items() if value is not None} for row in rows]
    return {"head": head, "records": told}


def _people(store: Store, within: list[Place]) -> Iterator[tuple[Any, ...]]:
    provinces = sorted({place.province for place in within})
    where = f" WHERE province IN ({', '.join('?' * len(provinces))})" if provinces else ""
    wanted = {(place.province, place.suffix) for place in within}
    lengths = {len(place.suffix) for place in within}
    for row in store.connection.execute(f"SELECT {COLUMNS} FROM person{where}", provinces):
        pin, province = row[_PIN_AT], row[PROVINCE_AT]
        if not within or any((province, pin[12 - length :]) in wanted for length in lengths):
            yield row

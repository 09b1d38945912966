"""Loading reference data: whole, twice the same, refreshed; rows that go are closed and come back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from ansinh.database.sql import number, row, rows
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import FixedClock
from ansinh.foundation.errors import NotPermitted
from ansinh.places import operations, queries
from ansinh.places.loading import Cell
from ansinh.places.operations import LoadedSet, load_reference
from ansinh.places.reference_sets import ReferenceSet, reference_sets

pytestmark = pytest.mark.django_db

OPERATOR = Actor(ActorKind.SYSTEM, "operator", frozenset({"places.load"}))
CLOCK = FixedClock(datetime(2025, 7, 10, 3, 0, tzinfo=UTC))
LATER = FixedClock(datetime(2025, 8, 1, 3, 0, tzinfo=UTC))


def _load(clock: FixedClock = CLOCK) -> dict[str, LoadedSet]:
    return {one.name: one for one in load_reference(actor=OPERATOR, reason="test", clock=clock)}


def _with_banks(monkeypatch: pytest.MonkeyPatch, banks: Sequence[tuple[Cell, ...]], sha256: str) -> None:
    """Make the set of banks read these rows, as another version of the file would."""

    class Changed(ReferenceSet):
        def sha256(self) -> str:
            return sha256

    def changed_rows() -> Iterator[tuple[Cell, ...]]:
        return iter(banks)

    given = next(one for one in reference_sets() if one.name == "banks")
    changed = Changed(given.name, "next", given.origin, given.target, given.parts, changed_rows)
    monkeypatch.setattr(operations, "reference_sets", lambda: (changed,))


def test_load_reference_loads_every_set_with_its_source() -> None:
    loaded = _load()
    assert {name: one.changes.added for name, one in loaded.items()} == {
        "units_since_july_2025": 34 + 3321,
        "units_before_july_2025": 63 + 696 + 10061,
        "commune_successors": 10565,
        "banks": 57,
        "benefit_levels": 5,
        "object_codes": 44,
        "holidays": 45,
        "diagnoses": 12542,
    }
    assert {one.name: one.rows for one in queries.sources()} == {n: one.changes.rows for n, one in loaded.items()}
    assert all(len(one.origin) > 20 and one.loaded_at == CLOCK.at for one in queries.sources())


def test_load_reference_again_changes_nothing_and_says_so() -> None:
    _load()
    before = rows("SELECT * FROM places_source ORDER BY name")
    again = _load(LATER)
    assert all(one.unchanged and one.changes.added == 0 for one in again.values())
    assert rows("SELECT * FROM places_source ORDER BY name") == before


def test_load_reference_forgotten_digest_reads_again_and_changes_no_row() -> None:
    _load()
    rows("UPDATE places_source SET sha256 = 'x' RETURNING 1")
    again = _load(LATER)
    assert {(one.changes.added, one.changes.changed, one.changes.closed) for one in again.values()} == {(0, 0, 0)}
    assert not any(one.unchanged for one in again.values())


def test_load_reference_changed_source_upserts_and_closes_and_reopens(monkeypatch: pytest.MonkeyPatch) -> None:
    _with_banks(monkeypatch, [("AAA", "970001", "A", "Ngân hàng A"), ("BBB", "970002", "B", "Ngân hàng B")], "one")
    _load()
    _with_banks(monkeypatch, [("AAA", "970001", "A mới", "Ngân hàng A"), ("CCC", "970003", "C", "Ngân hàng C")], "two")
    changes = _load(LATER)["banks"].changes
    assert (changes.rows, changes.added, changes.changed, changes.closed) == (2, 1, 1, 1)
    assert rows("SELECT code, short_name, closed_on FROM places_bank ORDER BY code") == [
        ("AAA", "A mới", None),
        ("BBB", "B", date(2025, 8, 1)),
        ("CCC", "C", None),
    ]
    assert queries.bank("BBB") is not None
    _with_banks(monkeypatch, [("BBB", "970002", "B", "Ngân hàng B")], "three")
    changes = _load(LATER)["banks"].changes
    assert (changes.added, changes.changed, changes.closed) == (0, 1, 2)
    assert row("SELECT closed_on FROM places_bank WHERE code = 'BBB'") == (None,)


def test_load_reference_without_permission_changes_nothing() -> None:
    with pytest.raises(NotPermitted):
        load_reference(actor=replace(OPERATOR, permissions=frozenset()), reason="test", clock=CLOCK)
    assert number("SELECT count(*) FROM places_unit") == 0
    assert rows("SELECT act, outcome FROM audit_act") == [("places.load_reference", "not_permitted")]

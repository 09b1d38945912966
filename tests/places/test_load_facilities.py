"""The list of facilities: first, again, changed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from ansinh.database.sql import rows
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import FixedClock
from ansinh.places import queries
from ansinh.places.operations import FileSource, LoadedSet, load_facilities

pytestmark = pytest.mark.django_db

OPERATOR = Actor(ActorKind.SYSTEM, "operator", frozenset({"places.load"}))
FIRST = [("01001", "Bệnh viện Thử Nghiệm", "specialised"), ("01002", "Trạm y tế Thử Nghiệm", "primary")]


def _load(listed: list[tuple[str, str, str]], sha256: str, day: int = 10) -> LoadedSet:
    batch = pa.RecordBatch.from_pydict(
        {
            "code": [code for code, _, _ in listed],
            "name": [name for _, name, _ in listed],
            "level": [level for _, _, level in listed],
            "province": ["01"] * len(listed),
            "commune": ["00070"] * len(listed),
        }
    )
    clock = FixedClock(datetime(2025, 7, day, 3, 0, tzinfo=UTC))
    source = FileSource("nation seed 1", "invented", sha256)
    return load_facilities(actor=OPERATOR, reason="test", clock=clock, source=source, batches=[batch])


def test_load_facilities_first_list_has_no_known_beginning() -> None:
    assert _load(FIRST, "one").changes.added == 2
    found = queries.facility("01001")
    assert found is not None
    assert (found.name, found.valid_from, found.valid_until) == ("Bệnh viện Thử Nghiệm", None, None)


def test_load_facilities_same_list_again_changes_nothing() -> None:
    _load(FIRST, "one")
    again = _load(FIRST, "one", day=11)
    assert again.unchanged
    assert again.changes.rows == 2


def test_load_facilities_changed_list_ends_begins_and_renames() -> None:
    _load(FIRST, "one")
    changes = _load(
        [("01001", "Bệnh viện Đổi Tên", "specialised"), ("01003", "Phòng khám Mới", "basic")], "two", day=20
    ).changes
    assert (changes.added, changes.changed, changes.closed) == (1, 1, 1)
    assert rows("SELECT code, name, valid_from, valid_until FROM places_facility ORDER BY code") == [
        ("01001", "Bệnh viện Đổi Tên", None, None),
        ("01002", "Trạm y tế Thử Nghiệm", None, date(2025, 7, 20)),
        ("01003", "Phòng khám Mới", date(2025, 7, 20), None),
    ]

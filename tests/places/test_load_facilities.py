"""The list of facilities: first, again, changed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ansinh.database.sql import number, row, rows
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import FixedClock
from ansinh.foundation.errors import InvalidInput
from ansinh.places import queries
from ansinh.places.operations import load_facilities

pytestmark = pytest.mark.django_db

OPERATOR = Actor(ActorKind.SYSTEM, "operator", frozenset({"places.load"}))
FIRST = [("01001", "Bệnh viện Thử Nghiệm", "specialised"), ("01002", "Trạm y tế Thử Nghiệm", "primary")]


def _load(folder: Path, listed: list[tuple[str, str, str]], day: int = 10) -> int:
    table = pa.Table.from_pydict(
        {
            "code": [code for code, _, _ in listed],
            "name": [name for _, name, _ in listed],
            "level": [level for _, _, level in listed],
            "province": ["01"] * len(listed),
            "commune": ["00070"] * len(listed),
        }
    )
    file = folder / "facility.parquet"
    pq.write_table(table, file)
    return load_facilities(
        actor=OPERATOR, reason="test", clock=FixedClock(datetime(2025, 7, day, 3, 0, tzinfo=UTC)), file=file
    )


def _last_facts() -> dict[str, int]:
    found = row("SELECT facts FROM audit_act WHERE act = 'places.load_facilities' ORDER BY ctid DESC LIMIT 1")
    assert found is not None
    facts: dict[str, int] = json.loads(found[0]) if isinstance(found[0], str) else found[0]
    return facts


def test_load_facilities_first_list_has_no_known_beginning(tmp_path: Path) -> None:
    assert _load(tmp_path, FIRST) == 2
    found = queries.facility("01001")
    assert found is not None
    assert (found.name, found.valid_from, found.valid_until) == ("Bệnh viện Thử Nghiệm", None, None)
    assert [one.rows for one in queries.sources()] == [2]


def test_load_facilities_same_list_again_changes_nothing(tmp_path: Path) -> None:
    _load(tmp_path, FIRST)
    assert _load(tmp_path, FIRST, day=11) == 2
    assert _last_facts() == {"rows": 2, "unchanged": 1}


def test_load_facilities_changed_list_ends_begins_and_renames(tmp_path: Path) -> None:
    _load(tmp_path, FIRST)
    _load(tmp_path, [("01001", "Bệnh viện Đổi Tên", "specialised"), ("01003", "Phòng khám Mới", "basic")], day=20)
    assert _last_facts() == {"rows": 2, "added": 1, "changed": 1, "closed": 1}
    assert rows("SELECT code, name, valid_from, valid_until FROM places_facility ORDER BY code") == [
        ("01001", "Bệnh viện Đổi Tên", None, None),
        ("01002", "Trạm y tế Thử Nghiệm", None, date(2025, 7, 20)),
        ("01003", "Phòng khám Mới", date(2025, 7, 20), None),
    ]


def test_load_facilities_file_that_is_none_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    _load(tmp_path, FIRST)
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"no Parquet")
    for file in (broken, tmp_path / "absent.parquet"):
        with pytest.raises(InvalidInput):
            load_facilities(actor=OPERATOR, reason="test", file=file)
    assert number("SELECT count(*) FROM places_facility WHERE valid_until IS NULL") == 2

"""The register's tally by province is what a recount says, whoever wrote and however."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansinh_sandbox.register.living import live
from ansinh_sandbox.register.loading import load
from ansinh_sandbox.register.record import COLUMNS
from ansinh_sandbox.register.store import STORE_FILE, connect
from ansinh_sandbox.register.tally import PROVINCE_AT, digest_of, tally_of
from tests.sandbox.nations import write_register

PEOPLE = 60


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A loaded store that has not lived yet."""
    load(write_register(tmp_path / "nation", PEOPLE), tmp_path / "store")
    return tmp_path / "store"


@pytest.fixture
def kept(store: Path) -> Iterator[sqlite3.Connection]:
    """A connection to the loaded store."""
    connection = connect(store / STORE_FILE)
    yield connection
    connection.close()


def recounted(connection: sqlite3.Connection) -> dict[str, list[int]]:
    """Count and hash everybody."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in connection.execute(f"SELECT {COLUMNS} FROM person"):
        found[row[PROVINCE_AT]][0] += 1
        found[row[PROVINCE_AT]][1] ^= digest_of(row)
    return dict(found)


def test_a_register_that_lives_knows_its_tally(store: Path, kept: sqlite3.Connection) -> None:
    assert tally_of(kept) == recounted(kept)
    for until in (date(2025, 6, 1), date(2025, 6, 20), date(2025, 8, 1)):
        live(store, begin=date(2025, 6, 1) if until.day == 1 and until.month == 6 else None, until=until, intensity=100)
        assert tally_of(kept) == recounted(kept)
    assert tally_of(kept) == recounted(kept)


_WRITES = st.tuples(
    st.sampled_from(["move", "rename", "delete", "add", "count"]), st.integers(1, PEOPLE + 9), st.integers(1, 99)
)
_SQL = {
    "move": "UPDATE person SET province = printf('%02d', :value) WHERE rowid = :row",
    "rename": "UPDATE person SET full_name = 'Ai Đó ' || :value WHERE rowid = :row",
    "delete": "DELETE FROM person WHERE rowid = :row",
    "add": "INSERT OR IGNORE INTO person (rowid, pin, full_name, sex, birth_date, born_in_province, commune, province, household, ethnicity, registered_on)"
    " SELECT :row, printf('9%011d', :row), full_name, sex, birth_date, born_in_province, commune, printf('%02d', :value), household, ethnicity, registered_on"
    " FROM person LIMIT 1",
}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(writes=st.lists(_WRITES, max_size=30))
def test_whatever_is_written_in_whatever_order_the_tally_holds(
    kept: sqlite3.Connection, writes: list[tuple[str, int, int]]
) -> None:
    for write, row, value in writes:
        if write == "count":
            assert tally_of(kept) == recounted(kept)
        else:
            kept.execute(_SQL[write], {"row": row, "value": value})
    assert tally_of(kept) == recounted(kept)

"""Rows come back out of the database as they went in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ansinh.database.bulk import copy_arrow
from ansinh.database.sql import driver, execute
from ansinh.database.streaming import read_arrow, write_parquet

pytestmark = pytest.mark.django_db

SCHEMA = pa.schema([("n", pa.int64()), ("words", pa.string()), ("day", pa.date32()), ("yes", pa.bool_())])
ROWS: list[dict[str, object]] = [
    {"n": 1, "words": "Đặng Thị “Quỳnh”, Như", "day": date(1960, 3, 2), "yes": True},
    {"n": 2, "words": "", "day": None, "yes": False},
    {"n": 3, "words": None, "day": date(2025, 7, 31), "yes": None},
    {"n": 4, "words": 'dòng\nmới, "ngoặc" \\N', "day": None, "yes": True},
]


@pytest.fixture(autouse=True)
def _table() -> None:
    execute("CREATE TEMP TABLE there (n bigint, words text, day date, yes boolean)")


def _put(rows: list[dict[str, object]]) -> None:
    copy_arrow(driver(), "there", SCHEMA.names, [pa.RecordBatch.from_pylist(rows, schema=SCHEMA)])


def test_read_arrow_gives_back_what_was_put_in() -> None:
    _put(ROWS)
    batches = list(read_arrow(driver(), "SELECT * FROM there ORDER BY n", SCHEMA))
    assert pa.Table.from_batches(batches).to_pylist() == ROWS


def test_read_arrow_of_nothing_yields_nothing() -> None:
    assert list(read_arrow(driver(), "SELECT * FROM there", SCHEMA)) == []


def test_write_parquet_of_many_rows_keeps_groups_small(tmp_path: Path) -> None:
    _put([{"n": n, "words": f"người {n}", "day": None, "yes": None} for n in range(100_000)])
    file = tmp_path / "there.parquet"
    assert write_parquet(driver(), "SELECT * FROM there ORDER BY n", SCHEMA, file) == 100_000
    parquet = pq.ParquetFile(file)
    assert max(parquet.metadata.row_group(group).num_rows for group in range(parquet.num_row_groups)) <= 65_536
    assert parquet.read().column("n").to_pylist() == list(range(100_000))


def test_write_parquet_that_fails_leaves_no_file(tmp_path: Path) -> None:
    _put(ROWS)
    with pytest.raises(pa.ArrowInvalid):
        write_parquet(driver(), "SELECT words, words, day, yes FROM there", SCHEMA, tmp_path / "there.parquet")
    assert list(tmp_path.iterdir()) == []

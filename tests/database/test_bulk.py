"""Arrow batches arrive in PostgreSQL as they were."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import psycopg
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ansinh.database.bulk import ROWS_A_PIECE, copy_arrow, single_runner
from ansinh.database.refusals import DatabaseRefusal
from tests.support.database import OwnDatabase

VIETNAMESE = "Đặng Thị Quỳnh Như — Ứng Hòa, Nghệ Tĩnh ệ ỗ ữ ợ ẵ"
AWKWARD = [
    "",
    "NULL",
    "null",
    "\\N",
    "\\.",
    '"',
    '""',
    "a,b",
    "a\nb",
    "a\r\nb",
    "\t",
    " padded ",
    "'",
    "\\",
    VIETNAMESE,
]

# Every text PostgreSQL can hold: no NUL, no half of a surrogate pair.
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)


@pytest.fixture(scope="module")
def connection(worker_database: OwnDatabase) -> Iterator[psycopg.Connection]:
    with psycopg.connect(worker_database.urls.owner) as opened:
        opened.execute("CREATE TEMP TABLE copied (place int, words text)")
        opened.commit()
        yield opened


@given(st.lists(st.none() | texts | st.sampled_from(AWKWARD), max_size=30))
@hypothesis_settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_copy_arrow_texts_come_back_the_same(connection: psycopg.Connection, words: list[str | None]) -> None:
    batch = pa.record_batch({"words": pa.array(words, pa.string()), "place": pa.array(range(len(words)), pa.int32())})
    try:
        assert copy_arrow(connection, "copied", ["place", "words"], [batch]) == len(words)
        found = connection.execute("SELECT words FROM copied ORDER BY place").fetchall()
        assert [row[0] for row in found] == words
    finally:
        connection.rollback()


def test_copy_arrow_each_type_comes_back_the_same(connection: psycopg.Connection) -> None:
    moment = datetime(2025, 7, 31, 23, 59, 59, 123456, tzinfo=UTC)
    columns = {
        "large": pa.array([2**62, None], pa.int64()),
        "share": pa.array([0.1, None], pa.float64()),
        "money": pa.array([Decimal("12.50"), None], pa.decimal128(10, 2)),
        "true": pa.array([True, None], pa.bool_()),
        "day": pa.array([date(1, 1, 1), None], pa.date32()),
        "at": pa.array([moment, None], pa.timestamp("us", "Asia/Ho_Chi_Minh")),
        "at_unsaid": pa.array([moment.replace(tzinfo=None), None], pa.timestamp("us")),
        "coded": pa.array(["", None], pa.string()).dictionary_encode(),
        "bytes": pa.array([b'\x00\xff"\n', None], pa.binary()),
        "several": pa.array([["", None, 'a"b\\', "c,d"], None], pa.list_(pa.string())),
        "nothing": pa.array([None, None], pa.null()),
    }
    kinds = [
        "int8",
        "float8",
        "numeric",
        "bool",
        "date",
        "timestamptz",
        "timestamptz",
        "text",
        "bytea",
        "text[]",
        "int",
    ]
    names = [f'"{name}"' for name in columns]
    connection.execute("SET TIME ZONE 'Asia/Ho_Chi_Minh'")  # what the session believes must not matter
    connection.execute(f"CREATE TEMP TABLE kinds ({', '.join(map(' '.join, zip(names, kinds, strict=True)))})")
    try:
        copy_arrow(connection, "kinds", list(columns), [pa.record_batch(columns)])
        assert connection.execute("SELECT current_setting('TimeZone')").fetchone() == ("Asia/Ho_Chi_Minh",)
        first, second = connection.execute("SELECT * FROM kinds ORDER BY 1 NULLS LAST").fetchall()
    finally:
        connection.rollback()
    several = ["", None, 'a"b\\', "c,d"]
    money = Decimal("12.50")
    assert first == (2**62, 0.1, money, True, date(1, 1, 1), moment, moment, "", b'\x00\xff"\n', several, None)
    assert second == (None,) * len(columns)


def test_copy_arrow_refuses_nul_and_writes_nothing(connection: psycopg.Connection) -> None:
    batch = pa.record_batch({"words": ["right", "wrong\0"]})
    with pytest.raises(DatabaseRefusal, match=r"copied\.words") as caught:
        copy_arrow(connection, "copied", ["words"], [batch.slice(0, 1), batch])
    assert caught.value.code == "nul_in_text"
    connection.rollback()
    assert connection.execute("SELECT count(*) FROM copied").fetchone() == (0,)


def test_copy_arrow_refuses_rows_that_lack_a_column(connection: psycopg.Connection) -> None:
    with pytest.raises(DatabaseRefusal) as caught:
        copy_arrow(connection, "copied", ["place", "words"], [pa.record_batch({"place": [1]})])
    assert caught.value.code == "column_missing"
    connection.rollback()


def test_copy_arrow_asks_for_one_batch_at_a_time(connection: psycopg.Connection) -> None:
    batch = pa.record_batch({"place": pa.array(range(ROWS_A_PIECE + 1), pa.int32())})
    before = pa.total_allocated_bytes()
    most = 0

    def batches() -> Iterator[pa.RecordBatch]:
        nonlocal most
        for _ in range(20):
            yield batch
            most = max(most, pa.total_allocated_bytes() - before)

    assert copy_arrow(connection, "copied", ["place"], batches()) == 20 * (ROWS_A_PIECE + 1)
    connection.rollback()
    assert most < 4 << 20


def test_single_runner_refuses_a_second_copy_until_the_first_has_ended(worker_database: OwnDatabase) -> None:
    with (
        psycopg.connect(worker_database.urls.app) as first,
        psycopg.connect(worker_database.urls.app) as second,
    ):
        with single_runner(first, "monthly run"):
            first.commit()
            with pytest.raises(DatabaseRefusal) as caught, single_runner(second, "monthly run"):
                pass
            assert caught.value.code == "already_running"
            with single_runner(second, "another"):
                pass
        with pytest.raises(ZeroDivisionError), single_runner(second, "monthly run"):
            raise ZeroDivisionError
        with single_runner(first, "monthly run"):
            pass

"""Arrow batches into PostgreSQL by COPY, in bounded memory.

Fields travel as CSV made by Arrow itself: an unquoted empty field is NULL, a quoted one is the empty string.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from psycopg import sql

from ansinh.database.refusals import DatabaseRefusal
from ansinh.database.runner import single_runner

ROWS_A_PIECE = 20_000

_WRITE = pacsv.WriteOptions(include_header=False, quoting_style="needed")


def copy_arrow(
    connection: psycopg.Connection,
    table: str,
    columns: Sequence[str],
    batches: Iterable[pa.RecordBatch],
) -> int:
    """Append batches to a table (`name` or `schema.name`) within the caller's transaction; returns rows written.

    The batches' columns are taken by name. Moments with a zone are stored as such, moments without as UTC.
    Refuses `nul_in_text` (PostgreSQL cannot hold the character) and `column_missing`; then nothing is written.
    """
    command = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
        sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    rows = 0
    with _reading_moments_as_utc(connection), connection.cursor() as cursor, cursor.copy(command) as copy:
        for batch in batches:
            prepared = _prepared(batch, table, columns)
            for start in range(0, prepared.num_rows, ROWS_A_PIECE):
                piece = prepared.slice(start, ROWS_A_PIECE)
                copy.write(_csv(piece))
            rows += prepared.num_rows
    return rows


@contextmanager
def _reading_moments_as_utc(connection: psycopg.Connection) -> Iterator[None]:
    """Let the session read moments without a zone as UTC meanwhile; a failed transaction takes it back by itself."""
    before = connection.execute("SELECT current_setting('TimeZone')").fetchone()
    if before == ("UTC",):
        yield
        return
    connection.execute("SELECT set_config('TimeZone', 'UTC', false)")
    try:
        yield
    finally:
        if connection.info.transaction_status != psycopg.pq.TransactionStatus.INERROR:
            connection.execute("SELECT set_config('TimeZone', %s, false)", before)


def _csv(piece: pa.RecordBatch) -> bytes:
    sink = pa.BufferOutputStream()
    pacsv.write_csv(piece, sink, _WRITE)
    written: bytes = sink.getvalue().to_pybytes()
    return written


def _prepared(batch: pa.RecordBatch, table: str, columns: Sequence[str]) -> pa.RecordBatch:
    missing = [name for name in columns if name not in batch.schema.names]
    if missing:
        raise DatabaseRefusal(
            "column_missing",
            f"The rows for {table} lack the columns {', '.join(missing)}.",
            f"Dữ liệu nạp vào {table} thiếu các cột {', '.join(missing)}.",
        )
    return pa.RecordBatch.from_arrays([_plain(batch.column(name), table, name) for name in columns], list(columns))


def _plain(column: pa.Array, table: str, name: str) -> pa.Array:
    """A column in a form whose CSV PostgreSQL reads back as the same value."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _plain(column.dictionary_decode(), table, name)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        _refuse_nul(column, table, name)
    elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return pa.array([None if value is None else "\\x" + value.hex() for value in column.to_pylist()], pa.string())
    elif pa.types.is_nested(kind):
        return pa.array([_array_text(value) for value in column.to_pylist()], pa.string())
    elif pa.types.is_timestamp(kind):
        return column.view(pa.timestamp(kind.unit))  # writing a zone beside each moment costs more than all the rest
    return column


def _refuse_nul(column: pa.Array, table: str, name: str) -> None:
    if pc.any(pc.match_substring(column, "\0")).as_py():
        raise DatabaseRefusal(
            "nul_in_text",
            f"A text for {table}.{name} contains the character NUL, which PostgreSQL cannot hold.",
            f"Một giá trị văn bản của {table}.{name} chứa ký tự NUL mà PostgreSQL không lưu được.",
        )


def _array_text(value: list[Any] | None) -> str | None:
    """A list as PostgreSQL's array literal."""
    if value is None:
        return None
    return "{" + ",".join("NULL" if item is None else _array_item(item) for item in value) + "}"


def _array_item(item: object) -> str:
    text = str(item).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


__all__ = ["copy_arrow", "single_runner"]

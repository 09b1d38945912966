"""Rows out of PostgreSQL as Arrow batches and Parquet files, in bounded memory: the way back of `bulk`."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

BLOCK_BYTES = 4 << 20
ROWS_A_GROUP = 65_536


class _Pieces(io.RawIOBase):
    """The bytes of a COPY, as a file Arrow can read."""

    def __init__(self, pieces: Iterator[bytes | bytearray | memoryview]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        taken = min(len(buffer), len(self._rest))
        buffer[:taken] = self._rest[:taken]
        self._rest = self._rest[taken:]
        return taken


def read_arrow(connection: psycopg.Connection[Any], query: str, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a query in batches of the schema, whose fields name the query's columns in order; raises ArrowInvalid where a type does not fit.

    An unquoted empty field is NULL, a quoted one the empty string.
    """
    options = pacsv.ConvertOptions(
        column_types=schema,
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
        true_values=["t"],
        false_values=["f"],
    )
    reading = pacsv.ReadOptions(column_names=schema.names, block_size=BLOCK_BYTES)
    parsing = pacsv.ParseOptions(newlines_in_values=True)
    with connection.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv)") as copy:
        file = io.BufferedReader(_Pieces(iter(copy)), BLOCK_BYTES)
        if not file.peek(1):
            return
        yield from pacsv.open_csv(file, reading, parsing, options)


def write_parquet(connection: psycopg.Connection[Any], query: str, schema: pa.Schema, file: Path) -> int:
    """Write the rows of a query to a Parquet file, which appears only when it is whole; returns rows."""
    growing = file.with_name(f".{file.name}.growing")
    rows = 0
    try:
        with pq.ParquetWriter(growing, schema) as writer:
            for batch in read_arrow(connection, query, schema):
                writer.write_batch(batch, row_group_size=ROWS_A_GROUP)
                rows += batch.num_rows
        growing.replace(file)
    finally:
        growing.unlink(missing_ok=True)
    return rows

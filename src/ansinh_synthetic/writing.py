"""Parquet files with settled bytes, and the way rows take from a block of people to their place in a file.

A block's rows are sorted into buckets by their place and kept in one scratch file per block and table. When all blocks
are there, each bucket is gathered from all scratch files, sorted, and written. Memory holds one block or one bucket.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq

from ansinh_synthetic.chance import Ints
from ansinh_synthetic.tables import SCHEMAS

ROW_GROUP_ROWS = 65_536
PLACE = "__place"

# Columns with few different values; all others are written plainly, which costs less time.
_FEW_VALUES = {
    "sex", "birth_year", "birth_month", "birth_day", "born_in_province", "commune", "province", "ethnicity",
    "registered_on", "died_on", "level", "kind", "region", "excluded", "recorded_on", "scheme", "from_month",
    "until_month", "object_code", "area", "facility", "card_province", "valid_from", "valid_until", "bank",
    "account_since", "key_kind", "damage", "employer_no", "wage", "amount",
}  # fmt: skip


def open_parquet(path: Path, name: str) -> Any:
    """Open a writer whose bytes depend on nothing but the rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    schema = SCHEMAS[name]
    return pq.ParquetWriter(
        path,
        schema,
        version="2.6",
        compression="zstd",
        compression_level=1,
        use_dictionary=[column for column in schema.names if column in _FEW_VALUES],
        store_schema=False,
        write_statistics=False,
    )


def write_whole(folder: Path, name: str, table: Any) -> int:
    """Write a table that is small enough to be held at once; return its rows."""
    with open_parquet(folder / f"{name}.parquet", name) as writer:
        writer.write_table(table, row_group_size=ROW_GROUP_ROWS)
    return int(table.num_rows)


class Scratch:
    """Where the blocks' rows wait for their place in the nation's files."""

    def __init__(self, folder: Path, blocks: int) -> None:
        self.folder = folder
        self.blocks = blocks

    def _path(self, name: str, block: int) -> Path:
        return self.folder / f"{name.replace('/', '-')}.{block}.arrow"

    def put(self, name: str, block: int, rows: tuple[Any, Ints], bounds: Ints) -> None:
        """Keep a block's rows with their places in the file; `bounds` are the first places of the buckets."""
        table, place = rows
        bucket = np.searchsorted(bounds, place, side="right") - 1
        order = np.argsort(bucket, kind="stable")
        sorted_table = table.append_column(PLACE, pa.array(place, pa.int64())).take(pa.array(order)).combine_chunks()
        ends = np.searchsorted(bucket[order], np.arange(bounds.size), side="right")
        self.folder.mkdir(parents=True, exist_ok=True)
        path = str(self._path(name, block))
        with pa.OSFile(path, "wb") as sink, pa.ipc.new_file(sink, sorted_table.schema) as writer:
            start = 0
            for end in ends.tolist():
                self._put_bucket(writer, sorted_table.slice(start, end - start))
                start = end

    @staticmethod
    def _put_bucket(writer: Any, rows: Any) -> None:
        batches = rows.to_batches()
        writer.write_batch(batches[0] if batches else pa.RecordBatch.from_pylist([], schema=rows.schema))

    def bucket(self, name: str, number: int) -> Any:
        """Gather one bucket from all blocks, in the order of places (equal places in the order of blocks)."""
        batches = []
        for block in range(self.blocks):
            reader = pa.ipc.open_file(pa.memory_map(str(self._path(name, block))))
            batches.append(reader.get_batch(number))
        table = pa.Table.from_batches(batches)
        order = np.argsort(table.column(PLACE).to_numpy(), kind="stable")
        return table.drop_columns([PLACE]).take(pa.array(order))

    def write(self, folder: Path, name: str, buckets: int) -> int:
        """Write the whole file bucket by bucket and drop the scratch files; return the rows."""
        rows = 0
        left = None
        with open_parquet(folder / f"{name}.parquet", name) as writer:
            for number in range(buckets):
                table = self.bucket(name, number).cast(SCHEMAS[name])
                left = table if left is None else pa.concat_tables([left, table])
                # Row groups stay full whatever the buckets, so that the number of buckets leaves no trace.
                full = left.num_rows // ROW_GROUP_ROWS * ROW_GROUP_ROWS
                if full:
                    writer.write_table(left.slice(0, full), row_group_size=ROW_GROUP_ROWS)
                    rows += full
                    left = left.slice(full).combine_chunks()
            if left is not None and left.num_rows:
                writer.write_table(left, row_group_size=ROW_GROUP_ROWS)
                rows += left.num_rows
        for block in range(self.blocks):
            self._path(name, block).unlink()
        return rows


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

"""Loading a nation's register files into the store: row group by row group, so that memory does not grow with the people."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ansinh_sandbox.register.store import FORMAT, INDEXES, SCHEMA, STORE_FILE

# Rows handed to SQLite at a time; the only thing that sets how much memory loading needs.
ROWS_AT_A_TIME = 65_536

_PLAIN = ("pin", "old_number", "full_name", "sex", "born_in_province", "commune", "province", "household")
_PARENTS = ("father_pin", "mother_pin", "spouse_pin", "ethnicity")
_BIRTH = ("birth_year", "birth_month", "birth_day")
_DAYS = ("registered_on", "died_on")
_TARGETS = (*_PLAIN, "birth_date", *_PARENTS, *_DAYS)
_INSERT = f"INSERT INTO person ({', '.join(_TARGETS)}) VALUES ({', '.join('?' * len(_TARGETS))})"

Progress = Callable[[int, int], None]


class AnotherNation(Exception):
    """The store already holds a different nation."""


def load(nation: Path, store: Path, *, replace: bool = False, progress: Progress | None = None) -> int:
    """Load `nation`'s register files into the folder `store`; return how many persons it holds.

    Loading the same nation again changes nothing. The new file takes the place of the old one in one step, so an interrupted load leaves
    what was there; a running register must be started again to see it. Raises AnotherNation unless `replace`.
    """
    files = sorted((nation / "register").glob("*.parquet"))
    if not files:
        raise FileNotFoundError(f"no register/*.parquet in {nation}; invent a nation first")
    fingerprint = _fingerprint(nation, files)
    store.mkdir(parents=True, exist_ok=True)
    target = store / STORE_FILE
    held = _held(target)
    if held is not None and held[0] == fingerprint and held[2] == FORMAT:
        return held[1]
    if held is not None and held[0] != fingerprint and not replace:
        raise AnotherNation(
            f"{store} already holds another nation of {held[1]:,} people; load with --replace to put this one in its place"
        )
    fresh = store / f"{STORE_FILE}.loading"
    fresh.unlink(missing_ok=True)
    people = _write(fresh, files, fingerprint, progress)
    for leftover in ("-wal", "-shm"):
        target.with_name(target.name + leftover).unlink(missing_ok=True)
    fresh.replace(target)
    return people


def _fingerprint(nation: Path, files: list[Path]) -> str:
    """Name the nation by its manifest, which carries the digest of every file; without one, by the files' bytes."""
    manifest = nation / "manifest.json"
    digest = hashlib.sha256()
    for file in [manifest] if manifest.is_file() else files:
        with file.open("rb") as opened:
            while piece := opened.read(1 << 20):
                digest.update(piece)
    return digest.hexdigest()


def _held(target: Path) -> tuple[str, int, int] | None:
    if not target.is_file():
        return None
    connection = sqlite3.connect(f"file:{target}?mode=ro", uri=True)
    try:
        row = connection.execute("SELECT nation, people FROM loaded").fetchone()
        (written_as,) = connection.execute("PRAGMA user_version").fetchone()
    finally:
        connection.close()
    return (str(row[0]), int(row[1]), int(written_as)) if row else None


def _write(fresh: Path, files: list[Path], fingerprint: str, progress: Progress | None) -> int:
    parquets = [pq.ParquetFile(file) for file in files]
    total: int = sum(parquet.metadata.num_rows for parquet in parquets)
    connection = sqlite3.connect(fresh, isolation_level=None)
    try:
        # The file is not the store until it is renamed, so it needs no journal while it is written.
        connection.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -131072; PRAGMA temp_store = FILE;"
        )
        connection.executescript(SCHEMA)
        written = 0
        for count, rows in _batches(parquets):
            connection.execute("BEGIN")
            connection.executemany(_INSERT, rows)
            connection.execute("COMMIT")
            written += count
            if progress is not None:
                progress(written, total)
        connection.execute("INSERT INTO loaded (nation, people) VALUES (?, ?)", (fingerprint, total))
        connection.executescript(INDEXES)
        connection.executescript(
            f"PRAGMA user_version = {FORMAT}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
        )
    finally:
        connection.close()
    return total


def _batches(parquets: list[pq.ParquetFile]) -> Iterator[tuple[int, Iterator[tuple[object, ...]]]]:
    columns = [*_PLAIN, *_BIRTH, *_PARENTS, *_DAYS]
    for parquet in parquets:
        for batch in parquet.iter_batches(batch_size=ROWS_AT_A_TIME, columns=columns):
            values = [batch.column(name).to_pylist() for name in _PLAIN]
            values.append(_birth_dates(batch).to_pylist())
            values.extend(batch.column(name).to_pylist() for name in _PARENTS)
            values.extend(pc.cast(batch.column(name), pa.string()).to_pylist() for name in _DAYS)
            yield batch.num_rows, zip(*values, strict=True)


def _birth_dates(batch: pa.RecordBatch) -> pa.Array:
    """Write birth dates as precise as they are known: `1960`, `1960-07` or `1960-07-12`."""
    year, month, day = (pc.cast(batch.column(name), pa.string()) for name in _BIRTH)
    month, day = (pc.binary_join_element_wise("-", pc.utf8_lpad(part, 2, "0"), "") for part in (month, day))
    return pc.binary_join_element_wise(year, pc.fill_null(month, ""), pc.fill_null(day, ""), "")

"""Taking both sides in: chunk by chunk to normal forms, laid out in slices of birth years."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from string import Template
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ansinh.database.in_process import connect_in_process
from ansinh.people.matching.names import normal_names

HERE = Path(__file__).parent
CHUNK_ROWS = 100_000
INSURED_COLUMNS = (
    "record_no", "si_code", "full_name", "sex", "birth_year", "birth_month", "birth_day", "id_number", "commune",
    "province", "household", "excluded",
)  # fmt: skip
REGISTER_COLUMNS = (
    "pin", "old_number", "full_name", "sex", "birth_year", "birth_month", "birth_day", "born_in_province", "commune",
    "province", "household",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """One side: Parquet files with the columns of `contracts/nation` (more are left alone)."""

    files: tuple[Path, ...]

    @staticmethod
    def of(*files: Path) -> Source:
        """Name the files of a source, in any order."""
        return Source(tuple(sorted(files)))

    @staticmethod
    def spooled(reader: pa.RecordBatchReader, file: Path) -> Source:
        """Write what an Arrow reader yields to a file and return it as a source."""
        with pq.ParquetWriter(file, reader.schema) as writer:
            for batch in reader:
                writer.write_batch(batch)
        return Source((file,))

    def nothing(self, columns: tuple[str, ...]) -> pa.Table:
        """Return no rows of the columns."""
        with pq.ParquetFile(self.files[0]) as opened:
            schema = opened.schema_arrow
        return pa.table({name: pa.array([], schema.field(name).type) for name in columns})

    def chunks(self, columns: tuple[str, ...]) -> Iterator[pa.Table]:
        """Yield the columns in chunks of at most CHUNK_ROWS rows."""
        for file in self.files:
            with pq.ParquetFile(file) as opened:
                for batch in opened.iter_batches(CHUNK_ROWS, columns=list(columns)):
                    yield pa.table(batch)


@dataclass(frozen=True, slots=True)
class Slice:
    """A run of birth years decided together; `name` is its first year, or `none` for records without a year."""

    name: str
    first: int
    last: int


NO_YEAR = Slice("none", -1, -1)


def slices_of(register: Source, rows_max: int) -> list[Slice]:
    """Return runs of birth years of about `rows_max` people each; the first and the last reach beyond all years."""
    with connect_in_process() as connection:
        counts = connection.execute(
            "SELECT birth_year, count(*) FROM read_parquet(?) WHERE birth_year IS NOT NULL GROUP BY 1 ORDER BY 1",
            [[str(file) for file in register.files]],
        ).fetchall()
    starts, held = [], rows_max
    for year, count in counts:
        if held + count > rows_max:
            starts.append(int(year))
            held = 0
        held += count
    ends = [*(year - 1 for year in starts[1:]), 9999]
    return [Slice(str(first), first, last) for first, last in zip(starts, ends, strict=True)]


@cache
def _sql(name: str) -> str:
    return (HERE / "steps" / f"{name}.sql").read_text(encoding="utf-8")


def step(name: str) -> str:
    """Return the SQL of a named step, levels filled in."""
    levels = {level: _sql(level).strip() for level in ("name_level", "date_level", "corrections")}
    return Template(_sql(name)).safe_substitute(levels)


def former_provinces() -> pa.Table:
    """Return former province, province of today and lowest commune code; the lowest former province of each starts at 0."""
    lines = (HERE / "former_provinces.csv").read_text(encoding="utf-8").splitlines()
    rows = [{k: int(v) for k, v in row.items()} for row in csv.DictReader(x for x in lines if not x.startswith("#"))]
    rows.sort(key=lambda row: (row["province"], row["first_commune"]))
    rows[0]["first_commune"] = 0
    for one, other in pairwise(rows):
        if one["province"] != other["province"]:
            other["first_commune"] = 0
    return pa.Table.from_pylist(
        rows, pa.schema([("former", pa.int16()), ("province", pa.int16()), ("first_commune", pa.int32())])
    )


@cache
def number_outcomes() -> pa.Table:
    """Return rule and outcome of every combination of levels, by `number_rules.csv`: the first rule that fits decides."""
    with (HERE / "number_rules.csv").open(encoding="utf-8") as file:
        rules = list(csv.DictReader(file))
    rows = []
    for digits, name, day, sex in itertools.product((9, 12), range(6), range(-1, 5), range(-1, 2)):
        rule = next(
            rule
            for rule in rules
            if rule["digits"] in {"any", str(digits)}
            and int(rule["name_from"]) <= name <= int(rule["name_to"])
            and int(rule["date_from"]) <= day <= int(rule["date_to"])
            and (rule["sex"] == "any" or sex == 1)
        )
        rows.append((digits, name, day, sex, rule["rule"], rule["outcome"]))
    names = ("digits", "name_level", "date_level", "sex_level", "rule", "outcome")
    return pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows])


def columns_of(side: str) -> tuple[str, ...]:
    """Return the columns matching reads of a side, `insured` or `register`."""
    return INSURED_COLUMNS if side == "insured" else REGISTER_COLUMNS


def take_in(source: Source, side: str, slices: list[Slice], folder: Path) -> None:
    """Write the normal forms of a source under `folder`/slice; chunks already there are left as they are."""
    columns = columns_of(side)
    todo = ((n, chunk) for n, chunk in enumerate(source.chunks(columns)) if not (folder / f"{n}.done").exists())
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "none.done").exists():
        # A file without rows in every slice, so that steps find their columns where nobody is.
        _write_chunk(source.nothing(columns), side, slices, folder / "none.done")
    with ThreadPoolExecutor(2) as pool:
        waiting: list[Any] = []
        for number, chunk in todo:
            waiting.append(pool.submit(_write_chunk, chunk, side, slices, folder / f"{number}.done"))
            if len(waiting) > 2:
                waiting.pop(0).result()
        for one in waiting:
            one.result()


def _write_chunk(chunk: pa.Table, side: str, slices: list[Slice], done: Path) -> None:
    forms = normal_forms(chunk, side)
    with connect_in_process() as connection:
        connection.execute("SET threads = 1")
        connection.register("normal", forms)
        for one in [*slices, NO_YEAR]:
            file = done.parent / one.name / f"{done.stem}.parquet"
            file.parent.mkdir(exist_ok=True)
            found = connection.sql(f"SELECT * FROM normal WHERE {belongs(one, slices)}").to_arrow_table()
            if found.num_rows or not chunk.num_rows:
                write_atomically(found, file)
    done.touch()


def normal_forms(chunk: pa.Table, side: str) -> pa.Table:
    """Return the normal forms of some rows of a side, beside what was written."""
    names = normal_names(chunk["full_name"])
    for name in names.column_names:
        chunk = chunk.append_column(name, names[name])
    with connect_in_process() as connection:
        connection.execute("SET threads = 1")
        connection.register("batch", chunk)
        connection.register("former_provinces", former_provinces())
        return connection.sql(step("normal_" + side)).to_arrow_table()


def belongs(one: Slice, slices: list[Slice]) -> str:
    """Return the condition in SQL that a row of normal forms belongs to a slice; the first slice reaches beyond all years."""
    if one is NO_YEAR:
        return "year IS NULL"
    return f"year <= {one.last}" if one is slices[0] else f"year BETWEEN {one.first} AND {one.last}"


def write_atomically(table: pa.Table, file: Path) -> None:
    """Write a Parquet file so that it is there whole or not at all."""
    half = file.with_suffix(".half")
    pq.write_table(table, half, compression="lz4")
    half.rename(file)

"""The folder a run works in: finished pieces are Parquet files that appear whole, so that a run cut off goes on where it was."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import duckdb

from ansinh.database.in_process import connect_in_process
from ansinh.people.matching.source import HERE, Slice, Source, number_outcomes, take_in


@dataclass(frozen=True, slots=True)
class Resources:
    """What a run may use of the machine."""

    memory_limit: str = "2GiB"
    threads: int = 2
    # `duckdb` in this process, or `spark`.
    engine: str = "duckdb"


class Session(Protocol):
    """Where the steps are carried out: statements in DuckDB's SQL."""

    def execute(self, statement: str, /) -> object:
        """Carry a statement out."""
        ...


class Workspace:
    """Pieces of a run by name."""

    def __init__(
        self, folder: Path, resources: Resources, finished: Callable[[int], None] = lambda pieces: None
    ) -> None:
        self.folder, self.resources, self.finished = folder, resources, finished
        folder.mkdir(parents=True, exist_ok=True)

    def belongs_to(self, *, register: str, run: str) -> None:
        """Start afresh unless the folder holds pieces of the very same sources, model and rules; an equal register keeps its normal forms."""
        mark = self.folder / "run.json"
        now = {"register": register, "run": run}
        known = json.loads(mark.read_text(encoding="utf-8")) if mark.exists() else {}
        if known == now:
            return
        kept = {"register", "years"} if known.get("register") == register else set()
        for old in self.folder.iterdir():
            if old.name not in kept:
                shutil.rmtree(old) if old.is_dir() else old.unlink()
        half = mark.with_suffix(".half")
        half.write_text(json.dumps(now), encoding="utf-8")
        half.rename(mark)

    def piece(self, kind: str, name: str) -> Path:
        """Return where a piece is or will be."""
        return self.folder / kind / f"{name}.parquet"

    def files(self, *kinds: str) -> list[str]:
        """Return all finished pieces of some kinds."""
        return sorted(str(file) for kind in kinds for file in (self.folder / kind).glob("*.parquet"))

    def make(self, kind: str, name: str, work: Callable[[Session], str]) -> Path:
        """Make a piece unless it is there: `work` prepares and returns the query whose rows are the piece."""
        file = self.piece(kind, name)
        if file.exists():
            return file
        file.parent.mkdir(parents=True, exist_ok=True)
        half = file.with_suffix(".half")
        with self.connection() as connection:
            query = work(connection)
            connection.execute(f"COPY ({query}) TO '{half}' (FORMAT parquet, COMPRESSION lz4)")
        half.rename(file)
        self.finished(1)
        return file

    @contextmanager
    def connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open a database of its own that keeps to the memory allowed and spills into the folder."""
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": self.resources.memory_limit,
            "threads": self.resources.threads,
            "temp_directory": str(self.folder / "spill"),
            "preserve_insertion_order": False,
        }
        with connect_in_process(settings) as connection:
            connection.register("number_outcomes", number_outcomes())
            yield connection

    def take_in(self, source: Source, side: str, slices: list[Slice]) -> None:
        """Write the normal forms of a side, `insured` or `register`, unless they are there."""
        take_in(source, side, slices, self.folder / side)
        self.finished(1)

    def view(self, connection: Session, name: str, files: Sequence[str]) -> None:
        """Name some Parquet files in a connection."""
        listed = ", ".join(f"'{file}'" for file in files)
        connection.execute(f"CREATE TEMP VIEW {name} AS FROM read_parquet([{listed}], union_by_name = true)")

    def normal(self, side: str, one: Slice) -> list[str]:
        """Return the normal forms of one side in one slice."""
        return sorted(str(file) for file in (self.folder / side / one.name).glob("*.parquet"))


def files_of(piece: Path) -> list[Path]:
    """Return the Parquet files of a piece: itself, or what Spark wrote into a folder of that name."""
    return sorted(piece.glob("*.parquet")) if piece.is_dir() else [piece]


def fingerprint(sources: Sequence[Source], rows_per_slice: int, engine: str) -> str:
    """Return what tells one run from another: which files in which state, by which model, rules and engine."""
    digest = hashlib.sha256(f"{rows_per_slice} {engine}".encode())
    for source in sources:
        for file in source.files:
            about = file.stat()
            digest.update(f"{file.resolve()}|{about.st_size}|{about.st_mtime_ns}".encode())
    for own in sorted(f for f in HERE.rglob("*") if f.suffix in {".py", ".sql", ".csv", ".toml", ".json"}):
        digest.update(own.read_bytes())
    return digest.hexdigest()

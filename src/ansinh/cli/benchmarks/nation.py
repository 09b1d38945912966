"""Inventing and loading a nation, against a bare COPY of the very same rows into the same tables and indexes."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from ansinh.cli.benchmarks.watching import environment_in, own_home, run_watched
from ansinh.database.server import EmbeddedServer

TABLES = (
    "people_person",
    "people_identifier",
    "participation_employer",
    "participation_span",
    "participation_coverage",
    "audit_former_access",
    "places_facility",
)
COPY_BYTES = 1 << 20


def measure_nation(people: int, seed: int) -> dict[str, Any]:
    """Invent a nation and load it into an empty database, then do the loading's share again the bare way, in the same run."""
    with own_home() as home:
        environment = environment_in(home)
        run_watched(["db", "migrate"], home, environment)
        folder = home / "nation"
        made = run_watched(
            ["nation", "create", "--people", str(people), "--seed", str(seed), "--out", str(folder), "--json"],
            home,
            environment,
        )
        loaded = run_watched(["nation", "load", str(folder), "--json"], home, environment)
        rows, bare_seconds = _bare(EmbeddedServer(home).urls().owner, home / "csv")
        counts = json.loads(loaded.printed)
    seconds = made.seconds + loaded.seconds
    return {
        "name": "nation",
        "n": people,
        "seconds": round(seconds, 2),
        "invent_seconds": round(made.seconds, 2),
        "load_seconds": round(loaded.seconds, 2),
        "rows": rows,
        "rate": round(rows / loaded.seconds),
        "limit_rate": round(rows / bare_seconds),
        "ratio": round(bare_seconds / loaded.seconds, 3),
        "peak_mib": max(made.peak_mib, loaded.peak_mib),
        "loaded": counts,
    }


def _bare(owner_url: str, folder: Path) -> tuple[int, float]:
    """Write the tables out, empty them, and copy them in again as plain text; returns rows and seconds of the copying in."""
    folder.mkdir()
    rows = 0
    with psycopg.connect(owner_url) as owner:
        for table in TABLES:
            with (
                owner.cursor() as cursor,
                (folder / table).open("wb") as file,
                cursor.copy(_copy(table, "TO STDOUT")) as copy,
            ):
                for piece in copy:
                    file.write(piece)
            owner.execute("ALTER TABLE audit_former_access DISABLE TRIGGER ALL")
            owner.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.Identifier(table)))
            owner.execute("ALTER TABLE audit_former_access ENABLE TRIGGER ALL")
    began = time.perf_counter()
    with psycopg.connect(owner_url) as owner:
        for table in TABLES:
            with owner.cursor() as cursor:
                with (folder / table).open("rb") as file, cursor.copy(_copy(table, "FROM STDIN")) as copy:
                    while piece := file.read(COPY_BYTES):
                        copy.write(piece)
                rows += cursor.rowcount
    seconds = time.perf_counter() - began
    shutil.rmtree(folder)
    return rows, seconds


def _copy(table: str, direction: str) -> sql.Composed:
    # A partitioned table is read through a query, and written by its name.
    columns = "(SELECT * FROM {})" if direction == "TO STDOUT" else "{}"
    return sql.SQL(f"COPY {columns} {direction}").format(sql.Identifier(table))

"""Slips: records that change without anybody being told, as when somebody writes into the register behind its own back. Only comparing finds them."""

from __future__ import annotations

import random
from pathlib import Path

from ansinh_sandbox.register.store import STORE_FILE, NotLoaded, connect

TRIES_MAX = 1_000


def slip(folder: Path, *, persons: int, seed: int = 2025) -> list[str]:
    """Change the names of some living people silently, the same ones for the same seed, and return their numbers. Raises NotLoaded."""
    if not (folder / STORE_FILE).is_file():
        raise NotLoaded(f"there is no register in {folder}; load a nation first")
    chance = random.Random(f"{seed}:slip")  # noqa: S311 - an invented nation
    connection = connect(folder / STORE_FILE)
    try:
        connection.execute("BEGIN IMMEDIATE")
        (people,) = connection.execute("SELECT coalesce(max(rowid), 0) FROM person").fetchone()
        slipped: list[str] = []
        for _ in range(TRIES_MAX if people else 0):
            if len(slipped) == persons:
                break
            row = connection.execute(
                "UPDATE person SET full_name = full_name || ' Anh' WHERE rowid = ? AND died_on IS NULL AND cancelled_on IS NULL"
                " AND full_name NOT LIKE '% Anh' RETURNING pin",
                (chance.randint(1, int(people)),),
            ).fetchone()
            if row is not None:
                slipped.append(str(row[0]))
        connection.execute("COMMIT")
        return slipped
    finally:
        connection.close()

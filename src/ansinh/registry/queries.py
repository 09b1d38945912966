"""What others may ask about the register's mirror: frozen answers only."""

from __future__ import annotations

from ansinh.database.sql import number, row, rows


def unfinished_snapshot() -> str | None:
    """Return the token of the snapshot that was begun last and not ended, or None."""
    found = row("SELECT token FROM registry_snapshot WHERE finished_at IS NULL ORDER BY asked_at DESC LIMIT 1")
    return str(found[0]) if found else None


def chunks_taken(token: str) -> frozenset[int]:
    """Return the numbers of a snapshot's chunks that are in."""
    return frozenset(
        int(one[0]) for one in rows("SELECT number FROM registry_snapshot_chunk WHERE token = %s", [token])
    )


def count_people() -> int:
    """Return how many people the mirror holds, cancelled numbers left out."""
    return number("SELECT count(*) FROM registry_people_v1")

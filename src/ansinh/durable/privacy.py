"""Every field of the room, sorted. The engine's tables, in the schema `durable`, hold facts only (`verbs.NotAFact`): codes, counts, record numbers."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC, Field

TABLES: dict[str, dict[str, Field]] = {
    "durable_executor": {"name": PUBLIC, "started_at": PUBLIC, "seen_at": PUBLIC},
}

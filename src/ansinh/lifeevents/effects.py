"""What a file did in other rooms, as rows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from ansinh.database.sql import rows
from ansinh.lifeevents.states import EffectKind, Undo


@dataclass(frozen=True, slots=True)
class Done:
    """Something that was done, and how far its undoing has come."""

    kind: EffectKind
    reference: str
    about: dict[str, Any]
    undo: Undo | None


def effects_of(file_id: int) -> list[Done]:
    """Return what a file did in other rooms."""
    found = rows(
        "SELECT kind, reference, about::text, undo FROM lifeevents_effect WHERE file_id = %s ORDER BY done_at, kind, reference",
        [file_id],
    )
    return [Done(EffectKind(k), r, json.loads(a), Undo(u) if u else None) for k, r, a, u in found]

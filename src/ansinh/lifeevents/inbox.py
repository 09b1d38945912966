"""What was told, kept once for each name under which somebody told it; a second time is counted and changes nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ansinh.database.sql import execute, row
from ansinh.lifeevents.files import File
from ansinh.lifeevents.states import Office, ToldState


@dataclass(frozen=True, slots=True)
class Said:
    """Something said: by whom, under which name, about what, on which of the teller's days."""

    teller: Office
    key: str
    what: str
    content: dict[str, Any]
    on: date

    def belongs_to(self, file: File | None) -> None:
        """Keep to which file it belongs."""
        if file is not None:
            execute(
                "UPDATE lifeevents_told SET file_id = %s WHERE teller = %s AND told_key = %s",
                [file.file_id, self.teller.value, self.key],
            )


@dataclass(frozen=True, slots=True)
class Before:
    """What was said before under this name."""

    file_id: int | None
    state: ToldState


def heard_once(said: Said, at: datetime) -> Before | None:
    """Keep what was said and return None; what was said before is counted and returned."""
    new = row(
        "INSERT INTO lifeevents_told (teller, told_key, what, content, told_on, received_at, applied_at, state) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (teller, told_key) DO UPDATE SET turn = lifeevents_told.turn + 1 RETURNING turn, file_id, state",
        [
            said.teller.value,
            said.key,
            said.what,
            json.dumps(said.content, ensure_ascii=False),
            said.on,
            at,
            at,
            ToldState.APPLIED.value,
        ],
    )
    assert new is not None
    turn, file_id, state = new
    return None if turn == 1 else Before(file_id, ToldState(state))


def parked(said: Said, because: str) -> None:
    """Put aside what cannot have its effect, with the reason."""
    execute(
        "UPDATE lifeevents_told SET state = %s, because = %s, applied_at = NULL WHERE teller = %s AND told_key = %s",
        [ToldState.PARKED.value, because, said.teller.value, said.key],
    )


def applied(teller: str, key: str, file_id: int | None, at: datetime) -> None:
    """Keep that what was parked had its effect after all."""
    execute(
        "UPDATE lifeevents_told SET state = %s, because = '', file_id = coalesce(%s, file_id), applied_at = %s WHERE teller = %s AND told_key = %s",
        [ToldState.APPLIED.value, file_id, at, teller, key],
    )

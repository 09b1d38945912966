"""What a facility submits, taken as the gateway takes it; people it may be about; and the worker, in this process."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import zstandard

from ansinh.foundation.clock import FixedClock
from ansinh.gateway.submissions.kinds import Kind, receipt_of
from ansinh.healthbook.events import Means
from ansinh.healthbook.procedures import Worker
from tests.support.cast import ANYBODY_WITH_RIGHTS
from tests.support.database import OwnDatabase

SCENARIOS = Path(__file__).parents[2] / "contracts/hospital/scenarios"
EXPECTED: dict[str, Any] = json.loads((SCENARIOS / "expectations.json").read_text(encoding="utf-8"))
FACILITY: str = EXPECTED["facility"]
SOUND = (SCENARIOS / "sound.xml").read_bytes()
NOW = datetime(2025, 6, 30, 3, 0, tzinfo=UTC)
ENCOUNTER = Kind(4750, (b"GIAMDINHHS",), "HS_KCB")
_TABLE = re.compile(rb"(<LOAIHOSO>(XML\d+)</LOAIHOSO>\s*<NOIDUNGFILE>)([^<]*)(</NOIDUNGFILE>)")


def tables_of(content: bytes) -> dict[str, str]:
    """Return the tables of an envelope as text."""
    return {name.decode(): base64.b64decode(inner).decode() for _, name, inner, _ in _TABLE.findall(content)}


def changed(content: bytes, *changes: tuple[str, str], table: str = "") -> bytes:
    """Return an envelope with words replaced in its tables (all, or one)."""

    def replaced(found: re.Match[bytes]) -> bytes:
        text = base64.b64decode(found[3]).decode()
        if table in {"", found[2].decode()}:
            for old, new in changes:
                text = text.replace(old, new)
        return found[1] + base64.b64encode(text.encode()) + found[4]

    return _TABLE.sub(replaced, content)


def field(content: bytes, name: str, table: str = "XML1") -> str:
    """Return what a field of a table says first."""
    found = re.search(rf"<{name}>(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?</{name}>", tables_of(content)[table])
    assert found is not None, name
    return found[1]


def with_episode(content: bytes, episode: str) -> bytes:
    """Return the same visit under another number."""
    return changed(content, (field(content, "MA_LK"), episode))


@dataclass
class Inbox:
    """A database of its own, with the sound visit's patient in it."""

    database: OwnDatabase

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return rows as the owner sees them."""
        with psycopg.connect(self.database.urls.owner) as connection:
            return connection.execute(query, values).fetchall()

    def run(self, statement: str, *values: object) -> None:
        """Change something as the owner."""
        with psycopg.connect(self.database.urls.owner) as connection:
            connection.execute(statement, values)

    def add_person(self, person_id: int, name: str, born: str, pin: str, *, sex: str = "M") -> None:
        """Let the agency know somebody."""
        self.run(
            "INSERT INTO people_person (person_id, full_name, sex, birth_year, birth_month, birth_day, province, recorded_on) "
            "VALUES (%s, %s, %s, %s, %s, %s, '01', '2020-01-01') ON CONFLICT DO NOTHING",
            person_id,
            name,
            sex,
            int(born[:4]),
            int(born[4:6]) or None,
            int(born[6:8]) or None,
        )
        self.run(
            "INSERT INTO people_identifier (value, scheme, person_id, valid_from) VALUES (%s, 'pin', %s, '2020-01-01') ON CONFLICT DO NOTHING",
            pin,
            person_id,
        )

    def add_patient(self, person_id: int = 1, content: bytes = SOUND) -> None:
        """Let the agency know whom a visit is about, by the number the visit names."""
        self.add_person(person_id, field(content, "HO_TEN"), field(content, "NGAY_SINH")[:8], field(content, "SO_CCCD"))

    def submit(
        self,
        content: bytes,
        kind: Kind = ENCOUNTER,
        *,
        facility: str = FACILITY,
        at: datetime = NOW,
        digest: bytes | None = None,
    ) -> str:
        """Take bytes as the gateway does, and return the receipt."""
        digest = digest or hashlib.sha256(content).digest()
        receipt = receipt_of(kind, facility, digest)
        packed = zstandard.ZstdCompressor(1).compress(content)
        self.rows(
            "SELECT * FROM published.submit_v1(%s, %s::smallint[], %s, %s, %s::integer[], %s, %s::integer[], %s)",
            at,
            [kind.number],
            [facility],
            [receipt],
            [7],
            [digest],
            [len(content)],
            [packed],
        )
        return receipt

    def work(self, means: Means | None = None, *, length: int = 128) -> dict[str, int]:
        """Settle everything that waits, and return how many came to which state."""
        worker = Worker(ANYBODY_WITH_RIGHTS, FixedClock(NOW), means or Means(), length=length)
        states: dict[str, int] = {}
        for settled in worker.work_off():
            for state, count in settled.states.items():
                states[state] = states.get(state, 0) + count
        return states

    def state(self, receipt: str) -> str:
        """Return what became of a submission."""
        ((state,),) = self.rows("SELECT state FROM healthbook_submission WHERE receipt = %s", receipt)
        return str(state)

    def errors(self, receipt: str) -> list[dict[str, Any]]:
        """Return the errors of a submission."""
        ((errors,),) = self.rows("SELECT errors FROM healthbook_submission WHERE receipt = %s", receipt)
        return errors or []

    def versions(self, episode: str) -> list[tuple[Any, ...]]:
        """Return an episode's versions: number, whether current, person, diagnosis in words."""
        return self.rows(
            "SELECT version, current, person_id, diagnosis_text FROM healthbook_visit WHERE episode = %s ORDER BY version",
            episode,
        )

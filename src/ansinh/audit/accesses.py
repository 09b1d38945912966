"""What officers of the agency read, by day: each line an act that said what for, also one that found nobody or was refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ansinh.database.sql import row, rows
from ansinh.foundation.actor import ActorKind
from ansinh.foundation.clock import VIET_NAM
from ansinh.foundation.purpose import Purpose

ACCESSES_LENGTH_MAX = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which accesses of a day: of one officer, for one purpose, in one room; `nobody`: only those that found nobody or were refused."""

    day: date
    officer: str = ""
    purpose: Purpose | None = None
    room: str = ""
    nobody: bool = False


@dataclass(frozen=True, slots=True)
class Access:
    """An officer's act that read about somebody, or tried to; `person` is the number of the record, None where nobody was found."""

    act_id: int
    acted_at: datetime
    officer: str
    act: str
    read: str
    purpose: str
    person: int | None
    found: bool
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class ProofState:
    """How many chains and links hold the look-ups of the gateway, and when a head was signed last (None: not in 31 days)."""

    chains: int
    links: int
    signed_at: datetime | None


def accesses(wanted: Wanted, *, before: tuple[datetime, int] | None = None, limit: int = 50) -> list[Access]:
    """Return accesses of a day, the newest first, those before a line when it is named; at most ACCESSES_LENGTH_MAX."""
    begin = datetime.combine(wanted.day, time.min, VIET_NAM)
    found = rows(
        _ACCESSES,
        {
            "kind": ActorKind.OFFICER.value,
            "begin": begin,
            "end": begin + timedelta(days=1),
            "officer": wanted.officer or None,
            "purpose": wanted.purpose.code if wanted.purpose else None,
            "room": f"{wanted.room}." if wanted.room else None,
            "nobody": wanted.nobody,
            "at": before[0] if before else None,
            "id": before[1] if before else None,
            "most": min(limit, ACCESSES_LENGTH_MAX),
        },
    )
    return [Access(*one) for one in found]


def proof_state() -> ProofState:
    """Return where the proof of the gateway's look-ups stands; `queries.verify_chains` proves them again."""
    chains, links = row("SELECT count(*), coalesce(sum(links), 0)::bigint FROM audit_chain") or (0, 0)
    signed = row("SELECT max(signed_at) FROM audit_head WHERE signed_at > clock_timestamp() - interval '31 days'")
    return ProofState(int(chains), int(links), signed[0] if signed else None)


_ACCESSES = """
SELECT act_id, acted_at, actor_reference, act, coalesce(facts->>'read', ''), facts->>'purpose',
    CASE WHEN facts->>'found' = '0' THEN NULL ELSE (facts->>'person')::bigint END, facts->>'found' IS DISTINCT FROM '0', outcome, reason
FROM audit_act
WHERE facts ? 'purpose' AND actor_kind = %(kind)s AND acted_at >= %(begin)s AND acted_at < %(end)s
    AND (%(officer)s::text IS NULL OR actor_reference = %(officer)s) AND (%(purpose)s::text IS NULL OR facts->>'purpose' = %(purpose)s)
    AND (%(room)s::text IS NULL OR starts_with(act, %(room)s)) AND (NOT %(nobody)s OR facts->>'found' = '0' OR outcome <> 'done')
    AND (%(at)s::timestamptz IS NULL OR (acted_at, act_id) < (%(at)s, %(id)s))
ORDER BY acted_at DESC, act_id DESC LIMIT %(most)s
"""

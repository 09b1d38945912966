"""What the audit can tell: who looked at a person, and whether it is whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from ansinh.audit.accesses import Access, ProofState, Wanted, proof_state
from ansinh.audit.chains import Chain, Link, Row, RowsProof, broken_chains, broken_links
from ansinh.audit.heads import broken_head, public_key
from ansinh.audit.kept_heads import DATABASE_MARK, KeptHead, broken_kept, kept_heads
from ansinh.database.sql import number, rows
from ansinh.database.urls import database_urls, secrets_folder
from ansinh.foundation.actor import ActorKind
from ansinh.foundation.identifiers import KeyKind
from ansinh.foundation.purpose import Purpose
from ansinh.foundation.settings import settings

__all__ = [
    "CALLS",
    "GROWN_CHAINS",
    "LOOKS_LENGTH_MAX",
    "RECORD",
    "RESULTS",
    "ROWS_A_FETCH",
    "TROUBLES_LENGTH_MAX",
    "Access",
    "Deed",
    "Look",
    "LookedUp",
    "ProofState",
    "Verification",
    "Wanted",
    "done_for",
    "found_by",
    "looks_at",
    "proof_state",
    "unsigned_chains",
    "verify_chains",
]

TROUBLES_LENGTH_MAX = 1_000
LOOKS_LENGTH_MAX = 1_000
ROWS_A_FETCH = 10_000

# Whoever works at the agency reads by the number of the record, by no key of the person's; so does whoever was given an id of the FHIR face (kind of key 0).
RECORD = "record"

CALLS = {
    1: "standing",
    2: "standing of many",
    3: "card look-up",
    4: "visits",
    5: "co-payment",
    6: "health book",
    7: "contribution book",
    8: "health book, visit",
    9: "health book, referrals",
    10: "health book, appointments",
    11: "health book, papers",
    12: "health book opened in an emergency",
    13: "referral paper checked",
    14: "referral paper used",
    15: "allergies written down",
    20: "health book, through FHIR",
    21: "own card",
    22: "own payments",
    23: "own files",
    24: "own documents",
    25: "app told of changes from now on",
    26: "app told of changes no more",
    27: "whom one may act for",
}
RESULTS = {
    0: "nobody found",
    1: "answered",
    2: "never insured",
    3: "officer not on the facility's list",
    4: "particulars did not match",
    5: "refused by a ceiling",
    6: "not the asker's own",
    7: "no ground to read",
    8: "paper not usable",
}

# Chains that have links beyond the last signed one.
GROWN_CHAINS = """
SELECT c.chain_id, c.links, c.head FROM audit_chain c
WHERE c.links > (SELECT coalesce(max(h.links), 0) FROM audit_head h WHERE h.chain_id = c.chain_id)
ORDER BY c.chain_id
"""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a person: when, by whom, what for, by which key, with what result; `through` and `for_user`: the X-Road member and user it named.

    Of an officer's read, `audit_id` is the number of the act, `call` what was read, `key_kind` “record” and `reason` what the officer said.
    """

    audit_id: int
    asked_at: datetime
    call: str
    purpose: str
    key_kind: str
    result: str
    client_no: int
    facility: str
    officer: str
    through: str | None = None
    for_user: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did for a person in their place: the record of who, the act as `room.name`, and its outcome (`done`, or a refusal's code)."""

    done_at: datetime
    by_person: int
    act: str
    reason: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What proving the chains showed; `troubles` names links and rows, at most TROUBLES_LENGTH_MAX of them."""

    chains: int
    links: int
    rows: int
    rows_without_link: int
    signed_heads: int
    troubles: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Tell whether nothing was changed, added or taken away."""
        return not self.troubles


def looks_at(person_id: int, limit: int = 100) -> list[Look]:
    """Return the newest looks at a person, newest first: questions answered by the gateway, and operations that read about them."""
    newest = min(limit, LOOKS_LENGTH_MAX)
    looks = [*_asked(person_id, newest), *_read(person_id, newest)]
    return sorted(looks, key=lambda look: (look.asked_at, look.audit_id), reverse=True)[:newest]


def done_for(person_id: int, limit: int = 100) -> list[Deed]:
    """Return the newest acts others did for a person, newest first."""
    found = rows(
        "SELECT acted_at, actor_reference, act, reason, outcome FROM audit_act WHERE facts ? 'for_person' AND facts->>'for_person' = %s "
        "ORDER BY acted_at DESC, act_id DESC LIMIT %s",
        [str(person_id), min(limit, LOOKS_LENGTH_MAX)],
    )
    return [Deed(at, int(by), act, reason, outcome) for at, by, act, reason, outcome in found]


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What an officer looked numbers up for since a moment, and since an hour began: whom they found, and how often nobody."""

    day: frozenset[int]
    hour: frozenset[int]
    missed_day: int
    missed_hour: int


def found_by(officer: str, act: str, since: datetime, hour: datetime) -> LookedUp:
    """Return whom an act of finding found for an officer since a moment, of which `hour` is later or earlier."""
    found = rows(
        "SELECT (facts->>'person')::bigint, facts->>'found' = '1', bool_or(acted_at >= %s), count(*), count(*) FILTER (WHERE acted_at >= %s) FROM audit_act "
        "WHERE actor_reference = %s AND acted_at >= %s AND act = %s AND outcome = 'done' GROUP BY 1, 2",
        [hour, hour, officer, since, act],
    )
    met = [(one[0], one[2]) for one in found if one[1]]
    missed = [(one[3], one[4]) for one in found if not one[1]]
    return LookedUp(
        frozenset(person for person, _ in met),
        frozenset(person for person, lately in met if lately),
        sum(day for day, _ in missed),
        sum(lately for _, lately in missed),
    )


def _asked(person_id: int, limit: int) -> list[Look]:
    found = rows(
        "SELECT a.id, a.asked_at, a.call, a.purpose, a.key_kind, a.result, a.client_no, a.facility, a.officer, x.client, x.user_id "
        "FROM audit_access a LEFT JOIN audit_xroad x ON (x.facility, x.asked_at, x.audit_id) = (a.facility, a.asked_at, a.id) "
        "WHERE a.person_id = %s ORDER BY a.asked_at DESC, a.id DESC LIMIT %s",
        [person_id, limit],
    )
    return [_look(one) for one in found]


def _read(person_id: int, limit: int) -> list[Look]:
    """Return acts that read about a person, refused ones that got as far as that included."""
    found = rows(
        "SELECT act_id, acted_at, coalesce(nullif(facts->>'read', ''), act), facts->>'purpose', outcome, actor_kind, actor_reference, reason "
        "FROM audit_act WHERE facts ? 'purpose' AND facts->>'person' = %s ORDER BY acted_at DESC, act_id DESC LIMIT %s",
        [str(person_id), limit],
    )
    return [
        Look(
            audit_id=act_id,
            asked_at=acted_at,
            call=call,
            purpose=purpose,
            key_kind=RECORD,
            result=RESULTS[1] if outcome == "done" else outcome,
            client_no=0,
            facility="",
            # As the gateway writes a citizen who asks through an app: the kind, then the number.
            officer=reference if kind == ActorKind.OFFICER.value else f"{kind} {reference}",
            reason=reason,
        )
        for act_id, acted_at, call, purpose, outcome, kind, reference, reason in found
    ]


def _look(one: tuple[Any, ...]) -> Look:
    audit_id, asked_at, call, purpose, key_kind, result, client_no, facility, officer, through, for_user = one
    return Look(
        audit_id=audit_id,
        asked_at=asked_at,
        call=CALLS.get(call, str(call)),
        purpose=Purpose(purpose).code,
        key_kind=KeyKind(key_kind).name.lower() if key_kind else RECORD,
        result=RESULTS.get(result, str(result)),
        client_no=client_no,
        facility=facility,
        officer=officer,
        through=through,
        for_user=for_user,
    )


def unsigned_chains() -> int:
    """Return how many chains have grown since their head was signed."""
    return number(f"SELECT count(*) FROM ({GROWN_CHAINS}) AS grown")


def verify_chains() -> Verification:
    """Prove every chain, every look-up and every signed head again, in one snapshot and bounded memory.

    Signatures are proven with the public key in the folder of secrets; without it, only that what was signed is still there. The heads kept in that
    folder show what the database was made to forget, a whole chain too.
    """
    signed_heads = 0
    proof = RowsProof()
    troubles: list[str] = []

    def hear(sentences: Iterator[str]) -> None:
        for sentence in sentences:
            if len(troubles) < TROUBLES_LENGTH_MAX:
                troubles.append(sentence)

    with _snapshot() as snapshot:
        chains = {
            one[0]: Chain(one[0], one[1], one[2], one[3], bytes(one[4]))
            for one in snapshot.execute("SELECT chain_id, opened_at, opened_by, links, head FROM audit_chain")
        }
        hear(broken_chains(chains, _links(snapshot, "TRUE", "chain_id, seq")))
        secrets = secrets_folder(settings())
        key = public_key(secrets)
        for head in _streamed(snapshot, "heads", _HEADS):
            signed_heads += 1
            hear(broken_head(key, *head))
        kept = kept_heads(secrets, _mark(snapshot))
        hear(broken_kept(key, kept, chains, _digests_of(snapshot, kept)))
        for month in _months(snapshot):
            hear(broken_links(_links(snapshot, month.format("linked_at"), "link"), _rows(snapshot, month), proof))
    return Verification(len(chains), proof.links, proof.rows, proof.rows_without_link, signed_heads, tuple(troubles))


_HEADS = """
SELECT h.signature, h.chain_id, h.links, h.head, h.signed_at, l.digest
FROM audit_head h LEFT JOIN audit_link l ON l.chain_id = h.chain_id AND l.seq = h.links ORDER BY h.chain_id, h.links
"""


def _mark(snapshot: psycopg.Connection) -> str:
    row = snapshot.execute(DATABASE_MARK).fetchone()
    return str(row[0]) if row else ""


def _digests_of(snapshot: psycopg.Connection, kept: dict[int, KeptHead]) -> dict[tuple[int, int], bytes]:
    """Return the digests of the links that kept heads name."""
    found = snapshot.execute(
        "SELECT l.chain_id, l.seq, l.digest FROM unnest(%s::bigint[], %s::bigint[]) AS k (chain_id, seq) "
        "JOIN audit_link l ON l.chain_id = k.chain_id AND l.seq = k.seq",
        [list(kept), [one.links for one in kept.values()]],
    ).fetchall()
    return {(chain_id, seq): bytes(digest) for chain_id, seq, digest in found}


@contextmanager
def _snapshot() -> Iterator[psycopg.Connection]:
    """A connection of its own: two streams must see the same moment, whatever transaction the caller is in."""
    with psycopg.connect(database_urls(settings()).app) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        yield connection


def _months(snapshot: psycopg.Connection) -> list[str]:
    """Return a condition for each month that holds anything, with a place for the column of the moment."""
    found = snapshot.execute(
        """
        SELECT month::text, (month + interval '1 month')::text
        FROM (SELECT DISTINCT date_trunc('month', linked_at, 'UTC') AS month FROM audit_link
              UNION SELECT DISTINCT date_trunc('month', asked_at, 'UTC') FROM audit_access) AS months
        ORDER BY month
        """
    ).fetchall()
    return [f"{{0}} >= '{first}' AND {{0}} < '{after}'" for first, after in found]


def _links(snapshot: psycopg.Connection, which: str, order: str) -> Iterator[Link]:
    query = f"SELECT chain_id, seq, link, linked_at, row_count, previous, digest FROM audit_link WHERE {which} ORDER BY {order}"
    for chain_id, seq, link, linked_at, row_count, previous, digest in _streamed(snapshot, "links", query):
        yield Link(chain_id, seq, link, linked_at, row_count, bytes(previous), bytes(digest))


def _rows(snapshot: psycopg.Connection, month: str) -> Iterator[Row]:
    query = (
        "SELECT asked_at, id, person_id, client_no, purpose, call, key_kind, result, facility, officer "
        f"FROM audit_access WHERE {month.format('asked_at')} ORDER BY id"
    )
    yield from _streamed(snapshot, "rows", query)


def _streamed(snapshot: psycopg.Connection, name: str, query: str) -> Iterator[Any]:
    with snapshot.cursor(name=name) as cursor:
        cursor.itersize = ROWS_A_FETCH
        cursor.execute(query)
        yield from cursor

"""What the digests of look-ups are made of, and how a chain of them is proven again outside the database.

The canonical text stands in the room's README; the SQL that writes it (`published.standing_v1` and its kind) and this file must agree.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

FIELD, RECORD = "\x1f", "\x1e"
PLACE_BITS = 10
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain as the database states it."""

    chain_id: int
    opened_at: datetime
    opened_by: str
    links: int
    head: bytes


@dataclass(frozen=True, slots=True)
class Link:
    """One batch as the database states it."""

    chain_id: int
    seq: int
    link: int
    linked_at: datetime
    row_count: int
    previous: bytes
    digest: bytes


# asked_at, id, person_id, client_no, purpose, call, key_kind, result, facility, officer
Row = tuple[datetime, int, int, int, int, int, int, int, str, str]


def microseconds(moment: datetime) -> int:
    """Return whole microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


def birth(chain: Chain) -> bytes:
    """Return the digest a chain begins with."""
    text = FIELD.join(
        ["ansinh audit chain 1", str(chain.chain_id), str(microseconds(chain.opened_at)), chain.opened_by]
    )
    return hashlib.sha256(text.encode()).digest()


def digest_of(link: Link, rows: Iterable[Row]) -> bytes:
    """Return the digest of a batch, made again from its rows."""
    header = ["1", link.chain_id, link.seq, link.link, microseconds(link.linked_at), link.row_count]
    text = [FIELD.join(map(str, header)), RECORD]
    for row in rows:
        text += [FIELD.join(map(str, row[1:])), RECORD]
    return hashlib.sha256(link.previous + "".join(text).encode()).digest()


def broken_chains(chains: dict[int, Chain], links: Iterable[Link]) -> Iterator[str]:
    """Say where chains do not hold together; `links` come by chain and number."""
    reached: dict[int, tuple[int, bytes]] = {number: (0, birth(chain)) for number, chain in chains.items()}
    for link in links:
        if link.chain_id not in reached:
            yield f"link {link.link}: its chain {link.chain_id} is gone"
            reached[link.chain_id] = (link.seq - 1, link.previous)
        seq, head = reached[link.chain_id]
        if link.seq != seq + 1:
            yield f"chain {link.chain_id}: link number {seq + 1} is gone before link {link.link}"
        elif link.previous != head:
            yield f"link {link.link}: it does not continue the link before it in chain {link.chain_id}"
        reached[link.chain_id] = (link.seq, link.digest)
    for number, chain in chains.items():
        if reached[number] != (chain.links, chain.head):
            yield f"chain {number}: it ends at link number {reached[number][0]} of {chain.links}"


@dataclass(slots=True)
class RowsProof:
    """What comparing rows with links has counted so far."""

    rows: int = 0
    links: int = 0
    rows_without_link: int = 0


def broken_links(links: Iterable[Link], rows: Iterable[Row], proof: RowsProof) -> Iterator[str]:
    """Say which links' rows were changed, added or taken away; both come by number, and `proof` counts them."""
    waiting = _batches(rows)
    batch = next(waiting, None)
    for link in links:
        proof.links += 1
        while batch is not None and batch[0] < link.link:
            yield _unlinked(batch, proof)
            batch = next(waiting, None)
        found: list[Row] = []
        if batch is not None and batch[0] == link.link:
            found = batch[1]
            batch = next(waiting, None)
        proof.rows += len(found)
        if len(found) != link.row_count:
            yield f"link {link.link}: {len(found)} rows instead of {link.row_count}"
        elif any(row[0] != link.linked_at for row in found) or digest_of(link, found) != link.digest:
            yield f"link {link.link}: its rows are not those that were recorded"
    while batch is not None:
        yield _unlinked(batch, proof)
        batch = next(waiting, None)


def _unlinked(batch: tuple[int, list[Row]], proof: RowsProof) -> str:
    proof.rows += len(batch[1])
    proof.rows_without_link += len(batch[1])
    return f"rows {batch[1][0][1]} to {batch[1][-1][1]}: no link holds them"


def _batches(rows: Iterable[Row]) -> Iterator[tuple[int, list[Row]]]:
    """Group rows by the batch their number names; a batch is bounded by the bits of the place in it, unless somebody added rows."""
    current: list[Row] = []
    number = -1
    for row in rows:
        if row[1] >> PLACE_BITS != number:
            if current:
                yield number, current
            current, number = [], row[1] >> PLACE_BITS
        current.append(row)
    if current:
        yield number, current

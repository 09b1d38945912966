"""Raw bytes into packs: compressed as they are, one after the other; the row keeps where they lie. Reading them does not notice the difference."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from ansinh.database.sql import execute, row, rows
from ansinh.healthbook.events import Packs
from ansinh.healthbook.intake.bytes_kept import BytesChanged, opened

PACK_BYTES_MAX = 64 << 20
MEMBERS_MAX = 4_000


@dataclass(frozen=True, slots=True)
class Packed:
    """A pack that was made."""

    pack: str
    members: int
    bytes: int


def pack(before: date, packs: Packs, now: datetime) -> Packed | None:
    """Make one pack of the oldest month that ended before a day; None when nothing is left.

    Raises BytesChanged: the month holds bytes that are not those received.
    """
    found = row(_OLDEST, [before.year * 100 + before.month])
    if found is None:
        return None
    month = int(found[0])
    content = bytearray()
    places: list[tuple[str, str, int, int]] = []
    for facility, receipt, kept, size, sha256 in rows(_MEMBERS, [month, MEMBERS_MAX]):
        one = bytes(kept)
        if content and len(content) + len(one) > PACK_BYTES_MAX:
            break
        opened(one, size, bytes(sha256))
        places.append((facility, receipt, len(content), len(one)))
        content += one
    whole = bytes(content)
    digest = hashlib.sha256(whole).digest()
    name = f"{month}/{digest.hex()}.pack"
    packs.write(name, whole)
    if hashlib.sha256(packs.read(name, 0, len(whole))).digest() != digest:
        raise BytesChanged(name)
    execute("INSERT INTO healthbook_pack (pack, month, members, bytes, sha256, packed_at) VALUES (%s, %s, %s, %s, %s, %s)",
            [name, month, len(places), len(whole), digest, now])  # fmt: skip
    execute(
        _MOVE,
        {
            "pack": name,
            "month": month,
            "facilities": [one[0] for one in places],
            "receipts": [one[1] for one in places],
            "offsets": [one[2] for one in places],
            "lengths": [one[3] for one in places],
        },
    )
    return Packed(name, len(places), len(whole))


_OLDEST = """
SELECT min(month) FROM healthbook_submission WHERE month < %s AND content IS NOT NULL AND state NOT IN ('received', 'parked') HAVING min(month) IS NOT NULL
"""

_MEMBERS = """
SELECT facility, receipt, content, size, sha256 FROM healthbook_submission
WHERE month = %s AND content IS NOT NULL AND state NOT IN ('received', 'parked') ORDER BY facility, receipt LIMIT %s FOR UPDATE SKIP LOCKED
"""

_MOVE = """
UPDATE healthbook_submission s SET content = NULL, pack = %(pack)s, pack_offset = q.at, pack_length = q.length
FROM unnest(%(facilities)s::text[], %(receipts)s::text[], %(offsets)s::bigint[], %(lengths)s::integer[]) AS q (facility, receipt, at, length)
WHERE s.facility = q.facility AND s.receipt = q.receipt AND s.month = %(month)s
"""

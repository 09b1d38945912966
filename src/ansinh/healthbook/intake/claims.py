"""Which submissions a worker reads now. A claim is committed before anything is read, and held by a lock of the worker's session. Claims are made one after
the other, so nothing is in two; the rows themselves are locked when they are settled (SKIP LOCKED there).

A claim whose lock is free belongs to a worker that died, or to a reading that failed: what it held is suspect. Suspects are read one at a time; one
that failed as often as TRIES_MAX says is parked. So no file can stop the work, and none is lost with a worker.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ansinh.database.sql import execute, number, row, rows

SUBMISSIONS_MAX = 256
# Of files as they are read: however well they were compressed, a claim takes so much memory and no more.
BYTES_MAX = 32 << 20
TRIES_MAX = 4
_LOCK = "hashtext('healthbook_claim')"


@dataclass(frozen=True, slots=True)
class Claim:
    """What one worker reads now, in the order of receipt."""

    claim_no: int
    numbers: list[int]


def claim(now: datetime, length: int) -> Claim | None:
    """Claim what waits longest; None when nothing does. Belongs into a transaction of its own."""
    execute(f"SELECT pg_advisory_xact_lock({_LOCK})")
    _bury_the_dead(now)
    found = rows(_SUSPECTS) or rows(_NEXT, {"length": min(length, SUBMISSIONS_MAX), "bytes": BYTES_MAX})
    if not found:
        return None
    numbers = [int(one[0]) for one in found]
    claim_no = number(
        "INSERT INTO healthbook_claim (numbers, claimed_at) VALUES (%s, %s) RETURNING claim_no", [numbers, now]
    )
    execute(f"SELECT pg_advisory_lock({_LOCK}, %s)", [_place(claim_no)])
    return Claim(claim_no, numbers)


def release(claim_no: int) -> None:
    """End a claim in the transaction that settles it."""
    execute("DELETE FROM healthbook_claim WHERE claim_no = %s", [claim_no])


def let_go(claim_no: int) -> None:
    """Let go of the session's lock, once the claim's end is committed or given up."""
    execute(f"SELECT pg_advisory_unlock({_LOCK}, %s)", [_place(claim_no)])


def _bury_the_dead(now: datetime) -> None:
    for claim_no, numbers in rows("SELECT claim_no, numbers FROM healthbook_claim ORDER BY claim_no"):
        free = row(f"SELECT pg_try_advisory_lock({_LOCK}, %s)", [_place(claim_no)])
        if free is None or not free[0]:
            continue
        # A session holds its own locks as often as it asked for them: this one asks anew for claims it gave up itself, too.
        execute(_SUSPECT, {"numbers": numbers, "max": TRIES_MAX, "now": now})
        release(claim_no)
        let_go(claim_no)


def _place(claim_no: int) -> int:
    """Return the second half of the lock's number; claims that live at once are few."""
    return claim_no % 2_000_000_000


_CLAIMED = "NOT EXISTS (SELECT FROM healthbook_claim c WHERE s.received_no = ANY (c.numbers))"

_SUSPECTS = f"""
SELECT received_no FROM healthbook_submission s WHERE state = 'received' AND tries > 0 AND {_CLAIMED} ORDER BY received_no LIMIT 1
"""

_NEXT = f"""
SELECT received_no FROM (
    SELECT received_no, sum(size) OVER (ORDER BY received_no) - size AS before
    FROM (
        SELECT received_no, size FROM healthbook_submission s
        WHERE state = 'received' AND tries = 0 AND {_CLAIMED} ORDER BY received_no LIMIT %(length)s
    ) AS waiting
) AS counted WHERE before < %(bytes)s ORDER BY received_no
"""

_SUSPECT = """
UPDATE healthbook_submission SET tries = tries + 1,
    state = CASE WHEN tries + 1 >= %(max)s THEN 'parked' ELSE state END,
    settled_at = CASE WHEN tries + 1 >= %(max)s THEN %(now)s ELSE settled_at END
WHERE received_no = ANY (%(numbers)s) AND state = 'received'
"""

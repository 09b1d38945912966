"""The one rule of money: for each month frozen, what was frozen plus its corrections is what is owed as known now. Differences become corrections.

The months looked at are those from when this system owes, up to the last frozen; of what is paid once, those frozen. Running it twice changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ansinh.benefits.states import BASE, MONTHLY, CorrectionCause
from ansinh.database.sql import row, rows
from ansinh.foundation.period import Month


@dataclass(frozen=True, slots=True)
class Settled:
    """How many corrections were written, and their sum in đồng."""

    corrections: int
    amount: int


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose months are looked at: persons from one number until another (out), one entitlement of theirs or all; everybody where nothing is said."""

    from_person: int = 0
    until_person: int = 2**62
    entitlement_id: int | None = None
    kinds: tuple[str, ...] = tuple(MONTHLY)


def last_frozen() -> int | None:
    """Return the last month frozen, or None before the first."""
    found = rows("SELECT max(month) FROM benefits_freeze")
    return int(found[0][0]) if found[0][0] is not None else None


def settle(
    whose: Whose,
    since: int,
    cause: CorrectionCause,
    moment: datetime,
    *,
    change_id: int | None = None,
    last: int | None = None,
) -> Settled:
    """Write the corrections that are missing for months from `since` on, up to the `last` frozen; returns what was written."""
    until = last or last_frozen()
    written = row(
        f"WITH written AS ({_SETTLE} RETURNING amount) SELECT count(*), coalesce(sum(amount), 0) FROM written",
        {
            "from": whose.from_person,
            "until": whose.until_person,
            "entitlement": whose.entitlement_id,
            "kinds": list(whose.kinds),
            "monthly": list(MONTHLY),
            "since": since,
            "months": months_between(since, until) if until else [],
            "component": BASE,
            "cause": cause.value,
            "change": change_id,
            "moment": moment,
        },
    )
    assert written is not None
    return Settled(int(written[0]), int(written[1]))


def months_between(first: int, last: int) -> list[int]:
    """Return the months from the first to the last, both in."""
    month, found = Month.of(first), []
    while month.number() <= last:
        found.append(month.number())
        month = month.plus(1)
    return found


# What each month of these entitlements owes as known now, against what was frozen and corrected. Grouped by entitlement-month.
DIFFERING = """
WITH closed AS (
    SELECT e.person_id, e.entitlement_id, m.month
    FROM benefits_entitlement e JOIN unnest(%(months)s::int[]) AS m (month) ON m.month >= e.owed_from
    WHERE e.person_id >= %(from)s AND e.person_id < %(until)s AND e.kind = ANY(%(kinds)s) AND e.kind = ANY(%(monthly)s)
      AND (%(entitlement)s::bigint IS NULL OR e.entitlement_id = %(entitlement)s)
    UNION ALL
    SELECT f.person_id, f.entitlement_id, f.month FROM benefits_frozen f
    WHERE f.person_id >= %(from)s AND f.person_id < %(until)s AND f.correction = 0 AND NOT f.kind = ANY(%(monthly)s)
      AND f.month >= %(since)s AND (%(entitlement)s::bigint IS NULL OR f.entitlement_id = %(entitlement)s)
), held AS (
    SELECT person_id, entitlement_id, valid_from, coalesce(lead(valid_from) OVER (PARTITION BY person_id, entitlement_id ORDER BY valid_from), 999912)
        AS valid_until, amount
        * (state = 'paid')::int AS owed
    FROM benefits_version
    WHERE superseded_at IS NULL AND person_id >= %(from)s AND person_id < %(until)s
      AND (%(entitlement)s::bigint IS NULL OR entitlement_id = %(entitlement)s)
), given AS (
    SELECT person_id, entitlement_id, month, sum(amount) AS amount, max(correction_no) AS correction_no FROM (
        SELECT person_id, entitlement_id, month, amount, 0 AS correction_no FROM benefits_frozen
        WHERE correction = 0 AND month >= %(since)s AND person_id >= %(from)s AND person_id < %(until)s
          AND (%(entitlement)s::bigint IS NULL OR entitlement_id = %(entitlement)s)
        UNION ALL
        SELECT person_id, entitlement_id, month, amount, correction_no FROM benefits_correction
        WHERE month >= %(since)s AND person_id >= %(from)s AND person_id < %(until)s
          AND (%(entitlement)s::bigint IS NULL OR entitlement_id = %(entitlement)s)
    ) AS told GROUP BY person_id, entitlement_id, month
)
SELECT c.person_id, c.entitlement_id, c.month, coalesce(g.correction_no, 0) + 1 AS correction_no, coalesce(h.owed, 0) - coalesce(g.amount, 0) AS amount
FROM closed c
LEFT JOIN held h ON h.person_id = c.person_id AND h.entitlement_id = c.entitlement_id AND h.valid_from <= c.month AND c.month < h.valid_until
LEFT JOIN given g ON g.person_id = c.person_id AND g.entitlement_id = c.entitlement_id AND g.month = c.month
WHERE coalesce(h.owed, 0) <> coalesce(g.amount, 0)
"""

_SETTLE = f"""
INSERT INTO benefits_correction (person_id, entitlement_id, month, component, correction_no, amount, cause, change_id, recorded_at)
SELECT person_id, entitlement_id, month, %(component)s, correction_no, amount, %(cause)s, %(change)s, %(moment)s FROM ({DIFFERING}) AS differing
"""

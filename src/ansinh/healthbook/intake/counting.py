"""Counts of submissions, kept in the commit that settles them. One that is judged again moves from its former outcome to the new one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from ansinh.database.sql import execute
from ansinh.foundation.clock import legal_day
from ansinh.healthbook.intake.encounters import hours_between
from ansinh.healthbook.intake.entries import Submitted

NO_DISCHARGE = -1
# A band ends before so many hours; the last has no end.
BAND_HOURS = (1, 6, 24, 72, 168)

Key = tuple[str, date, int, str, int]


def band_of(hours: int | None) -> int:
    """Return the band of a delay."""
    if hours is None:
        return NO_DISCHARGE
    return sum(hours >= end for end in BAND_HOURS)


def delay_of(submitted: Submitted) -> int | None:
    """Return the hours from discharge to receipt, of the first entry; None when no discharge was said or nothing could be read."""
    discharged = submitted.entries[0].discharged if submitted.entries else None
    return hours_between(discharged, submitted.received_at)


def count(settled: Iterable[Submitted]) -> None:
    """Add what was settled to the counts, and set on each what it was counted as."""
    changes: Counter[Key] = Counter()
    hours: Counter[Key] = Counter()
    for one in settled:
        delay = delay_of(one)
        band = band_of(delay)
        day = legal_day(one.received_at)
        before, after = (one.counted, one.counted_delay), (str(one.state), band)
        if one.counted is not None and before != after:
            assert one.counted_delay is not None
            former = (one.facility, day, one.kind, one.counted, one.counted_delay)
            changes[former] -= 1
            hours[former] -= (delay or 0) if one.counted_delay == band else 0
        if before != after:
            changes[one.facility, day, one.kind, after[0], band] += 1
            hours[one.facility, day, one.kind, after[0], band] += delay or 0
        one.counted, one.counted_delay = after
    _add(_MORE, [key for key in changes if changes[key] > 0], changes, hours)
    _add(_LESS, [key for key in changes if changes[key] < 0], changes, hours)


def _add(statement: str, keys: list[Key], changes: Counter[Key], hours: Counter[Key]) -> None:
    if not keys:
        return
    keys.sort()
    facilities, days, kinds, outcomes, bands = zip(*keys, strict=True)
    execute(
        statement,
        {
            "facilities": list(facilities),
            "days": list(days),
            "kinds": list(kinds),
            "outcomes": list(outcomes),
            "bands": list(bands),
            "counts": [changes[key] for key in keys],
            "hours": [hours[key] for key in keys],
        },
    )


_CHANGES = """unnest(%(facilities)s::text[], %(days)s::date[], %(kinds)s::smallint[], %(outcomes)s::text[], %(bands)s::smallint[], %(counts)s::bigint[],
    %(hours)s::bigint[]) AS q (facility, day, kind, outcome, delay, submissions, delay_hours)"""

_MORE = f"""
INSERT INTO healthbook_daily AS d (facility, day, kind, outcome, delay, submissions, delay_hours) SELECT * FROM {_CHANGES}
ON CONFLICT (facility, day, kind, outcome, delay) DO UPDATE SET submissions = d.submissions + excluded.submissions,
    delay_hours = d.delay_hours + excluded.delay_hours
"""

_LESS = f"""
UPDATE healthbook_daily d SET submissions = d.submissions + q.submissions, delay_hours = d.delay_hours + q.delay_hours FROM {_CHANGES}
WHERE d.facility = q.facility AND d.day = q.day AND d.kind = q.kind AND d.outcome = q.outcome AND d.delay = q.delay
"""

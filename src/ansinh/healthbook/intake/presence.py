"""Who is at a facility now: the newest check-in message of an episode, until its encounter file closes it."""

from __future__ import annotations

from datetime import datetime

from ansinh.database.sql import execute
from ansinh.healthbook.intake.versions import Page


def note_presence(pages: list[Page], now: datetime) -> None:
    """Keep check-in messages, the newest by receipt of each episode; one that comes after its encounter file is closed at once."""
    newest: dict[tuple[int, str, str, int], Page] = {}
    for page in pages:
        page.version = 1
        newest[page.person_id, page.submitted.facility, page.entry.episode, page.entry.year] = page
    if not newest:
        return
    for year in sorted({page.entry.year for page in newest.values()}):
        execute("SELECT healthbook_ensure_year(%s)", [year])
    told = [newest[key] for key in sorted(newest)]
    stated = [page.entry.checkin or [None] * 5 for page in told]
    execute(
        _NOTE,
        {
            "persons": [page.person_id for page in told],
            "years": [page.entry.year for page in told],
            "facilities": [page.submitted.facility for page in told],
            "episodes": [page.entry.episode for page in told],
            "arrived": [one[0] for one in stated],
            "inpatient": [one[1] for one in stated],
            "kinds": [one[2] for one in stated],
            "categories": [one[3] for one in stated],
            "reasons": [one[4] for one in stated],
            "numbers": [page.submitted.received_no for page in told],
            "receipts": [page.submitted.receipt for page in told],
            "now": now,
        },
    )


def close_presence(pages: list[Page], now: datetime) -> None:
    """End the stays whose encounter files have come."""
    there = sorted({(p.person_id, p.submitted.facility, p.entry.episode) for p in pages if p.entry.visit is not None})
    if there:
        persons, facilities, episodes = zip(*there, strict=True)
        execute(
            _CLOSE,
            {"persons": list(persons), "facilities": list(facilities), "episodes": list(episodes), "now": now},
        )


_NOTE = """
INSERT INTO healthbook_checkin AS c (person_id, year, facility, episode, arrived_at, inpatient_at, care_kind, patient_category, reason, received_no,
    receipt, recorded_at, closed_at)
SELECT q.person_id, q.year, q.facility, q.episode, q.arrived_at, q.inpatient_at, q.care_kind, q.patient_category, q.reason, q.received_no, q.receipt,
    %(now)s, CASE WHEN e.episode IS NOT NULL THEN %(now)s END
FROM unnest(%(persons)s::bigint[], %(years)s::smallint[], %(facilities)s::text[], %(episodes)s::text[], %(arrived)s::timestamptz[],
    %(inpatient)s::timestamptz[], %(kinds)s::text[], %(categories)s::text[], %(reasons)s::text[], %(numbers)s::bigint[], %(receipts)s::text[])
    AS q (person_id, year, facility, episode, arrived_at, inpatient_at, care_kind, patient_category, reason, received_no, receipt)
LEFT JOIN healthbook_episode e ON e.facility = q.facility AND e.episode = q.episode
ON CONFLICT (person_id, facility, episode, year) DO UPDATE SET arrived_at = excluded.arrived_at, inpatient_at = excluded.inpatient_at,
    care_kind = excluded.care_kind, patient_category = excluded.patient_category, reason = excluded.reason, received_no = excluded.received_no,
    receipt = excluded.receipt, recorded_at = excluded.recorded_at, closed_at = coalesce(c.closed_at, excluded.closed_at)
WHERE excluded.received_no > c.received_no
"""

_CLOSE = """
UPDATE healthbook_checkin c SET closed_at = %(now)s
FROM unnest(%(persons)s::bigint[], %(facilities)s::text[], %(episodes)s::text[]) AS q (person_id, facility, episode)
WHERE c.person_id = q.person_id AND c.facility = q.facility AND c.episode = q.episode AND c.closed_at IS NULL
"""

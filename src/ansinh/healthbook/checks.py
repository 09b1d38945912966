"""What must never be false about submissions and the book."""

from __future__ import annotations

from collections.abc import Iterator

from ansinh.audit.check import OFFENDING_LENGTH_MAX, CheckResult, check_by_query
from ansinh.database.sql import rows
from ansinh.healthbook.events import Packs
from ansinh.healthbook.intake.bytes_kept import BytesChanged, opened

AT_ONCE = 500


def checks(packs: Packs | None) -> Iterator[CheckResult]:
    """Run the room's checks; `packs`: where raw bytes lie that left the database."""
    yield bytes_check(packs)
    yield check_by_query(
        "healthbook: every accepted submission is in the book",
        "SELECT count(*) FROM healthbook_submission",
        _NOT_IN_THE_BOOK,
    )
    yield check_by_query(
        "healthbook: every page comes from an accepted submission",
        "SELECT count(*) FROM healthbook_visit",
        _FROM_NOWHERE,
    )
    yield check_by_query(
        "healthbook: every episode has its versions, one current unless withdrawn",
        "SELECT count(*) FROM healthbook_episode",
        _WRONG_VERSIONS,
    )
    yield check_by_query(
        "healthbook: the counts equal a recount", "SELECT count(*) FROM healthbook_daily", _WRONG_COUNTS
    )


def bytes_check(packs: Packs | None) -> CheckResult:
    """Compare the stored bytes of every receipt with its digest, in the database and in packs."""
    counted = 0
    offending: list[str] = []
    after = ("", "", 0)
    while len(offending) < OFFENDING_LENGTH_MAX:
        found = rows(_BYTES, [*after, AT_ONCE])
        if not found:
            break
        for facility, receipt, month, size, sha256, content, pack, offset, length in found:
            counted += 1
            after = (facility, receipt, month)
            try:
                if content is not None:
                    kept = bytes(content)
                elif packs is not None:
                    kept = packs.read(pack, offset, length)
                else:
                    raise BytesChanged
                opened(kept, size, bytes(sha256))
            except Exception:  # whatever it is: the bytes of this receipt cannot be shown
                offending.append(str(receipt))
    return CheckResult("healthbook: every receipt's stored bytes hash to it", counted, offending[:OFFENDING_LENGTH_MAX])


_BYTES = """
SELECT facility, receipt, month, size, sha256, content, pack, pack_offset, pack_length FROM healthbook_submission
WHERE (facility, receipt, month) > (%s, %s, %s) ORDER BY facility, receipt, month LIMIT %s
"""

# The same bytes may have come through two doors, under two receipts: then the version says where they are.
_NOT_IN_THE_BOOK = """
WITH pages AS (
    SELECT facility, receipt, episode, version FROM healthbook_visit
    UNION SELECT facility, receipt, episode, version FROM healthbook_paper
)
SELECT s.receipt FROM healthbook_submission s
LEFT JOIN (SELECT DISTINCT facility, receipt FROM pages) r ON r.facility = s.facility AND r.receipt = s.receipt
LEFT JOIN (SELECT DISTINCT facility, episode, version FROM pages) v ON v.facility = s.facility AND v.episode = s.episode AND v.version = s.version
WHERE s.state = 'accepted' AND s.kind NOT IN (0, 9) AND r.receipt IS NULL AND v.episode IS NULL
UNION ALL
SELECT s.receipt FROM healthbook_submission s
LEFT JOIN healthbook_checkin c ON c.facility = s.facility AND c.episode = s.episode
WHERE s.state = 'accepted' AND s.kind = 0 AND c.episode IS NULL
"""

_FROM_NOWHERE = """
SELECT v.receipt || '/' || v.version FROM healthbook_visit v
WHERE NOT EXISTS (
    SELECT FROM healthbook_submission s WHERE s.facility = v.facility AND s.receipt = v.receipt AND s.state IN ('accepted', 'withdrawn', 'received'))
"""

_WRONG_VERSIONS = """
SELECT coalesce(e.facility || '/' || e.episode, 'visit ' || k.visit_id) FROM healthbook_episode e
FULL JOIN (
    SELECT visit_id, count(*) AS versions, count(*) FILTER (WHERE current) AS current, max(version) FILTER (WHERE current) AS current_version,
        max(version) AS last
    FROM (
        SELECT visit_id, version, current FROM healthbook_visit
        UNION SELECT visit_id, version, current FROM healthbook_paper
    ) AS pages GROUP BY visit_id
) k ON k.visit_id = e.visit_id
WHERE e.visit_id IS NULL OR k.versions IS DISTINCT FROM e.versions OR k.last <> e.versions OR k.current_version IS DISTINCT FROM e.current_version
    OR k.current <> CASE WHEN e.current_version IS NULL THEN 0 ELSE 1 END
"""

_WRONG_COUNTS = """
SELECT coalesce(d.facility, r.facility) || ' ' || coalesce(d.day, r.day) || ' ' || coalesce(d.kind, r.kind) || ' ' || coalesce(d.outcome, r.outcome)
FROM (SELECT * FROM healthbook_daily WHERE submissions > 0) d
FULL JOIN (
    SELECT facility, (received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day, kind, counted AS outcome, counted_delay AS delay, count(*) AS submissions
    FROM healthbook_submission WHERE counted IS NOT NULL GROUP BY 1, 2, 3, 4, 5
) r ON r.facility = d.facility AND r.day = d.day AND r.kind = d.kind AND r.outcome = d.outcome AND r.delay = d.delay
WHERE d.submissions IS DISTINCT FROM r.submissions
"""

"""What must never be false about applications and attachments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from ansinh.audit.check import OFFENDING_LENGTH_MAX, CheckResult, check_by_query
from ansinh.database.sql import rows
from ansinh.services.attachments.bytes_kept import BytesChanged, opened

_APPLICATIONS = "SELECT count(*) FROM services_application"
# An application decided late, or open and not waited for beyond its day, has told so with a reason; the new date it named has not passed either.
_PAST = """
SELECT a.application_id FROM services_application a
LEFT JOIN LATERAL (
    SELECT max(w.new_due_on) AS new_due_on, count(*) AS told FROM services_alert w
    WHERE w.person_id = a.person_id AND w.application_id = a.application_id AND w.kind = 'late' AND w.due_on >= a.due_on) w ON true
WHERE (a.state IN ('submitted', 'received', 'forwarded') AND a.due_on < '{today}' AND (w.told = 0 OR w.new_due_on < '{today}'))
   OR (a.state IN ('granted', 'refused') AND a.due_on < a.closed_on AND w.told = 0)
ORDER BY 1
"""
# The state is the one its story ends in; what was answered besides moves nothing.
_STORY = """
SELECT a.application_id FROM services_application a
LEFT JOIN LATERAL (
    SELECT l.happening FROM services_line l WHERE l.person_id = a.person_id AND l.application_id = a.application_id AND l.happening <> 'answered'
    ORDER BY l.line_no DESC LIMIT 1) l ON true
WHERE a.state IS DISTINCT FROM CASE l.happening WHEN 'supplement_asked' THEN 'waiting_supplement' WHEN 'supplemented' THEN 'received'
    WHEN 'supplemented_there' THEN 'forwarded' ELSE coalesce(l.happening, 'draft') END
   OR (a.state = 'waiting_supplement') <> EXISTS (
    SELECT FROM services_pause p WHERE p.person_id = a.person_id AND p.application_id = a.application_id AND p.ended_at IS NULL)
ORDER BY 1
"""
_RECEIPTS = """
SELECT min(application_id) FROM services_application WHERE receipt IS NOT NULL GROUP BY receipt HAVING count(*) > 1
UNION ALL SELECT min(application_id) FROM services_application GROUP BY reference HAVING count(*) > 1
UNION ALL SELECT application_id FROM services_application WHERE receipt IS NOT NULL AND receipt NOT LIKE '%' || lpad(application_id::text, 8, '0')
"""
# What was handed on is there, and what was granted elsewhere was granted there.
_ELSEWHERE = """
SELECT a.application_id FROM services_application a
LEFT JOIN benefits_application b ON b.person_id = a.person_id AND a.forwarded_to = 'benefits.application:' || b.application_id
WHERE a.forwarded_to LIKE 'benefits.application:%'
  AND (b.application_id IS NULL OR (a.state IN ('granted', 'refused') AND b.state NOT IN (a.state, 'withdrawn')))
ORDER BY 1
"""
_KEPT = """
SELECT person_id, attachment_id, content, size, sha256 FROM services_attachment
WHERE content IS NOT NULL AND (person_id, attachment_id) > (%s, %s) ORDER BY person_id, attachment_id LIMIT %s
"""
_AT_ONCE = 10


def checks(today: date) -> list[CheckResult]:
    """Run them all."""
    return [
        check_by_query("services.one_state_and_a_story_that_leads_there", _APPLICATIONS, _STORY),
        check_by_query(
            "services.no_application_past_its_deadline_without_alert_and_reason",
            _APPLICATIONS,
            _PAST.format(today=today.isoformat()),
        ),
        check_by_query("services.receipts_are_unique", _APPLICATIONS, _RECEIPTS),
        check_by_query(
            "services.handed_on_is_there",
            "SELECT count(*) FROM services_application WHERE forwarded_to IS NOT NULL",
            _ELSEWHERE,
        ),
        _attachments(),
    ]


def _attachments() -> CheckResult:
    """Unfold every attachment and compare it with its digest, a few at a time."""
    counted = 0
    offending: list[str] = []
    for person, number, content, size, digest in _rows():
        counted += 1
        try:
            opened(bytes(content), size, bytes(digest))
        except BytesChanged:
            offending.append(f"{person}/{number}")
    return CheckResult("services.attachments_hash_to_their_rows", counted, offending[:OFFENDING_LENGTH_MAX])


def _rows() -> Iterator[tuple[Any, ...]]:
    last = (0, 0)
    while found := rows(_KEPT, [*last, _AT_ONCE]):
        yield from found
        last = (int(found[-1][0]), int(found[-1][1]))

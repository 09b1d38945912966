"""What must never be false about requests on personal data."""

from __future__ import annotations

from datetime import datetime

from ansinh.audit.check import CheckResult, check_by_query

_LATE = """
SELECT r.request_id FROM rights_request r WHERE r.state IN ('filed', 'acknowledged') AND r.due_at < '{at}'::timestamptz - interval '1 day'
  AND NOT EXISTS (SELECT FROM rights_alert a WHERE (a.person_id, a.request_id, a.kind) = (r.person_id, r.request_id, 'answer'))
UNION ALL SELECT r.request_id FROM rights_request r WHERE r.breach_due_at < '{at}'::timestamptz - interval '1 day' AND r.breach_reported_at IS NULL
  AND NOT EXISTS (SELECT FROM rights_alert a WHERE (a.person_id, a.request_id, a.kind) = (r.person_id, r.request_id, 'breach'))
"""
_UNTOLD = """
SELECT r.request_id FROM rights_request r WHERE r.state = 'answered'
  AND NOT EXISTS (SELECT FROM notices_message m WHERE m.person_id = r.person_id AND m.fact = 'rights.request:' || r.request_id
                  AND m.template = 'data_request_answered')
"""
_KEPT = "SELECT download_id FROM rights_download WHERE content IS NOT NULL AND until < now() - interval '1 day'"


def checks(at: datetime) -> list[CheckResult]:
    """Run the room's checks; whoever watches has a day to."""
    moment = at.isoformat()
    return [
        check_by_query("rights.late_is_alerted", "SELECT count(*) FROM rights_request", _LATE.format(at=moment)),
        check_by_query(
            "rights.answers_are_told", "SELECT count(*) FROM rights_request WHERE state = 'answered'", _UNTOLD
        ),
        check_by_query("rights.downloads_are_emptied", "SELECT count(*) FROM rights_download", _KEPT),
    ]

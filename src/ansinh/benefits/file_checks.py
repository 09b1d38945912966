"""What must never be false about files and decisions."""

from __future__ import annotations

from datetime import date

from ansinh.audit.check import CheckResult, check_by_query

# A file decided late, or open and not waited for beyond its day, has told so with a reason; the new date it named has not passed either without a word.
_PAST = """
SELECT a.application_id FROM benefits_application a
LEFT JOIN LATERAL (
    SELECT max(w.new_due_on) AS new_due_on, count(*) AS told FROM benefits_alert w
    WHERE w.person_id = a.person_id AND w.application_id = a.application_id AND w.kind = 'late' AND w.due_on >= a.due_on AND w.because_vi <> '') w ON true
WHERE (a.state IN ('filed', 'gathering', 'prepared') AND a.due_on < '{today}' AND (w.told = 0 OR w.new_due_on < '{today}'))
   OR (a.state IN ('granted', 'refused') AND a.due_on < a.closed_on AND w.told = 0)
ORDER BY 1
"""
_BY_TWO = """
SELECT e.entitlement_id FROM benefits_entitlement e
WHERE e.source IS NULL AND NOT EXISTS (
    SELECT FROM benefits_decision d JOIN benefits_application a USING (person_id, application_id)
    WHERE d.decision_id = e.decision_id AND d.outcome = 'granted' AND d.approved_by <> d.prepared_by AND a.state = 'granted'
      AND a.decision_id = d.decision_id)
ORDER BY 1
"""
_SUMS = """
SELECT d.decision_id FROM benefits_decision d
WHERE d.amount <> (SELECT coalesce(sum((one ->> 'amount')::bigint), 0) FROM jsonb_array_elements(d.awards) AS one)
ORDER BY 1
"""
_OPENED = """
SELECT d.decision_id FROM benefits_decision d
WHERE d.approved_by IS NOT NULL
  AND jsonb_array_length(d.awards) <> (SELECT count(*) FROM benefits_entitlement e WHERE e.decision_id = d.decision_id)
ORDER BY 1
"""
_PAUSED = """
SELECT a.application_id FROM benefits_application a
WHERE (a.state IN ('waiting_papers', 'waiting_confirmation')) <> EXISTS (
    SELECT FROM benefits_pause p WHERE p.person_id = a.person_id AND p.application_id = a.application_id AND p.ended_at IS NULL)
ORDER BY 1
"""


def file_checks(today: date) -> list[CheckResult]:
    """Run the checks of files and decisions."""
    files, decisions = "SELECT count(*) FROM benefits_application", "SELECT count(*) FROM benefits_decision"
    return [
        check_by_query(
            "benefits.no_file_past_its_deadline_without_alert_and_reason", files, _PAST.format(today=today.isoformat())
        ),
        check_by_query("benefits.clocks_stand_still_while_waiting", files, _PAUSED),
        check_by_query(
            "benefits.granted_by_two",
            "SELECT count(*) FROM benefits_entitlement WHERE source IS NULL",
            _BY_TWO,
        ),
        check_by_query("benefits.awards_sum_to_their_decision", decisions, _SUMS),
        check_by_query("benefits.decisions_open_what_they_award", decisions, _OPENED),
    ]

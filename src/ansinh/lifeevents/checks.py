"""What must never be false about life events."""

from __future__ import annotations

from datetime import date

from ansinh.audit.check import CheckResult, check_by_query

_FILES = "SELECT count(*) FROM lifeevents_file"
_TOLD = "SELECT count(*) FROM lifeevents_told"
# Of one human one birth and one death; merged records are one human.
_ONE_DEATH = """
SELECT min(f.file_id) FROM lifeevents_file f LEFT JOIN people_alias a ON a.alias_person_id = f.person_id
WHERE f.person_id IS NOT NULL AND f.kind IN ('birth', 'death') AND f.state NOT IN ('refused', 'withdrawn', 'undone')
GROUP BY f.kind, coalesce(a.person_id, f.person_id) HAVING count(*) > 1 ORDER BY 1
"""
_ENDED_TOGETHER = """
SELECT f.file_id FROM lifeevents_file f
WHERE f.state = 'done' AND EXISTS (SELECT FROM lifeevents_step s WHERE s.file_id = f.file_id AND s.ended_at IS NULL)
   OR f.state = 'undone' AND EXISTS (SELECT FROM lifeevents_effect e WHERE e.file_id = f.file_id AND e.undo IS DISTINCT FROM 'undone')
ORDER BY 1
"""
# Sent is acknowledged, refused or pending; what an office holds open was acknowledged or is on its way.
_ASKED = """
SELECT s.file_id FROM lifeevents_step s
WHERE s.state = 'asked' AND s.office NOT IN ('agency', 'relatives') AND NOT EXISTS (
    SELECT FROM lifeevents_message m WHERE m.file_id = s.file_id AND m.step = s.step AND m.refused IS NULL)
ORDER BY 1
"""
_PARKED = (
    "SELECT teller || ' ' || left(told_key, 12) FROM lifeevents_told WHERE state = 'parked' AND because = '' ORDER BY 1"
)
# A day whose last comparison disagrees is an open question; one nobody compared is none.
_BOOKS = """
SELECT partner || ' ' || on_day FROM (
    SELECT DISTINCT ON (partner, on_day) partner, on_day, equal FROM lifeevents_comparison ORDER BY partner, on_day, compared_at DESC) last
WHERE NOT equal ORDER BY 1
"""
_LATE = """
SELECT s.file_id FROM lifeevents_step s JOIN lifeevents_file f USING (file_id)
WHERE s.state = 'asked' AND s.office <> 'relatives' AND f.closed_on IS NULL AND s.due_on < '{today}'
  AND NOT EXISTS (SELECT FROM lifeevents_pause p WHERE p.file_id = s.file_id AND p.ended_at IS NULL)
  AND NOT EXISTS (SELECT FROM lifeevents_alert a WHERE a.file_id = s.file_id AND a.step = s.step AND coalesce(a.new_due_on, '{today}') >= '{today}')
ORDER BY 1
"""

# Receipts are told late when the day after their hour has come: alerts are raised at least daily.
_RECEIPTS = "SELECT file_id FROM lifeevents_receipt WHERE given_at IS NULL AND late_at IS NULL AND due_at < '{today} 00:00+07' ORDER BY 1"


def checks(today: date) -> list[CheckResult]:
    """Run them all."""
    return [
        check_by_query("lifeevents.one_effect_of_a_death_or_birth", _FILES, _ONE_DEATH),
        check_by_query("lifeevents.done_and_undone_are_whole", _FILES, _ENDED_TOGETHER),
        check_by_query("lifeevents.offices_were_asked", "SELECT count(*) FROM lifeevents_step", _ASKED),
        check_by_query("lifeevents.told_is_applied_or_parked_with_a_reason", _TOLD, _PARKED),
        check_by_query("lifeevents.books_agree", "SELECT count(*) FROM lifeevents_comparison", _BOOKS),
        check_by_query(
            "lifeevents.no_step_past_its_day_without_alert",
            "SELECT count(*) FROM lifeevents_step",
            _LATE.format(today=today.isoformat()),
        ),
        check_by_query(
            "lifeevents.no_receipt_past_its_hours_without_alert",
            "SELECT count(*) FROM lifeevents_receipt",
            _RECEIPTS.format(today=today.isoformat()),
        ),
    ]

"""What must never be false about the register's events and the mirror."""

from __future__ import annotations

from ansinh.audit.check import CheckResult, check_by_query

_EVENTS = "SELECT count(*) FROM registry_event"

# Per day: what the receipts say came new, and what is kept of that day in one of the states.
_RECEIVED = """
SELECT 'day ' || coalesce(m.day, e.day) || ': ' || coalesce(m.new, 0) || ' received, ' || coalesce(e.kept, 0) || ' kept'
FROM (SELECT (received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day, sum(new) AS new FROM registry_feed_message GROUP BY 1) m
FULL JOIN (SELECT (received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day, count(*) AS kept FROM registry_event GROUP BY 1) e ON e.day = m.day
WHERE coalesce(m.new, 0) <> coalesce(e.kept, 0)
"""

_SKIPPED = """
SELECT 'feed number ' || n FROM registry_feed f, generate_series(f.begins_after + 1, f.whole_until) n
WHERE NOT EXISTS (SELECT FROM registry_event e WHERE e.feed_no = n)
"""

# An event may wait behind a number that is missing, or behind one that is parked, and for nothing else.
_WAITING = """
SELECT 'event ' || e.event_id FROM registry_event e LEFT JOIN registry_person p USING (pin)
WHERE e.state = 'waiting' AND e.sequence > coalesce(p.version, 0) + 1
  AND NOT EXISTS (SELECT FROM registry_feed f WHERE f.whole_until < f.head OR f.cursor < f.head)
  AND NOT EXISTS (SELECT FROM registry_event b WHERE b.state = 'parked' AND (b.pin IS NULL OR b.pin = e.pin))
"""

_BEHIND = """
SELECT 'event ' || e.event_id FROM registry_event e LEFT JOIN registry_person p USING (pin)
WHERE e.state IN ('applied', 'contained', 'undone') AND e.sequence > coalesce(p.version, 0)
"""

# Of whoever's last news was an event: what it said stands in the record.
_LATEST = """
SELECT DISTINCT 'event ' || e.event_id FROM registry_event e JOIN registry_person p ON p.pin = e.pin AND p.version = e.sequence,
    LATERAL jsonb_each_text(convert_from(e.body, 'UTF8')::jsonb -> 'changes') said
WHERE e.state = 'applied' AND said.value IS DISTINCT FROM CASE said.key WHEN 'birth_date'
    THEN p.birth_year || coalesce('-' || lpad(p.birth_month::text, 2, '0'), '') || coalesce('-' || lpad(p.birth_day::text, 2, '0'), '')
    ELSE to_jsonb(p) ->> said.key END
"""

# Events that share a place in a person's sequence had two effects where there should be one.
_TWICE = """
SELECT 'event ' || min(event_id) FROM registry_event WHERE state IN ('applied', 'undone') GROUP BY pin, sequence HAVING count(*) > 1
"""

_ANNOUNCED = """
SELECT 'event ' || e.event_id FROM registry_event e
LEFT JOIN LATERAL (SELECT count(*) AS times FROM registry_announcement a WHERE a.pin = e.pin AND a.event_id = e.event_id) a ON true
WHERE e.former IS NOT NULL AND e.state IN ('applied', 'undone') AND a.times <> 1
"""


def checks() -> list[CheckResult]:
    """Run the room's checks."""
    applied = f"{_EVENTS} WHERE state IN ('applied', 'undone')"
    return [
        check_by_query("registry.received_are_kept", _EVENTS, _RECEIVED),
        check_by_query(
            "registry.nothing_skipped",
            "SELECT coalesce(sum(whole_until - begins_after), 0) FROM registry_feed",
            _SKIPPED,
        ),
        check_by_query("registry.waits_have_a_reason", f"{_EVENTS} WHERE state = 'waiting'", _WAITING),
        check_by_query("registry.mirror_shows_its_events", applied, _BEHIND),
        check_by_query("registry.mirror_says_what_they_said", applied, _LATEST),
        check_by_query("registry.one_effect_per_event", applied, _TWICE),
        check_by_query("registry.effects_are_announced_once", applied, _ANNOUNCED),
    ]

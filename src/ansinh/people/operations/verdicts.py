"""Record what comparing with the register showed, and give verified people their number."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute, look_again_at
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, legal_day
from ansinh.people import numbers
from ansinh.people.recording import Recorded, decide_in_turn, record


@operation(permission="people.verify")
def record_decisions(
    *, actor: Actor, reason: str, clock: Clock, batch: pa.RecordBatch, read_at: datetime | None = None
) -> Recorded:
    """Record verdicts about persons, one row a person; returns how many were new, unchanged, or left alone because an officer decided.

    Columns: `recording.DECISION_COLUMNS`; only `person_id`, `verdict` and `rule` must be there. A verdict equal to the current one changes nothing.
    Whoever loses a verified number loses the number. `read_at` is when the records compared were read: marks made later stay.
    """
    now = clock.now()
    recorded = record(batch, now, read_at or now)
    look_again_at("people_verdict", "people_candidate", "people_discrepancy")
    note(asked=len(batch), new=recorded.new, left_alone=recorded.left_alone, numbers_taken_back=recorded.taken_back)
    return recorded


@operation(permission="people.verify")
def give_verified_numbers(*, actor: Actor, reason: str, clock: Clock) -> int:
    """Give each verified person the number the register knows them by; returns how many received one.

    Where several records are verified as one human, whoever carries the number keeps it, else the record the agency has had longest gets it; the others
    are marked duplicates: nothing is merged without an officer.
    """
    now = clock.now()
    decide_in_turn()
    execute(_RANK_HOLDERS)
    duplicates = execute(_MARK_DUPLICATES, {"now": now})
    given = numbers.give_to(
        "SELECT person_id, register_pin AS value FROM ranked WHERE place = 1 AND NOT holds", legal_day(now)
    )
    execute("DROP TABLE ranked")
    look_again_at("people_identifier", "people_verdict")
    note(given=given, duplicates=duplicates)
    return given


# One look-up a number, whatever the planner believes about a table that was empty a moment ago.
# Only numbers that somebody verified does not carry yet are looked at, so that a quiet day costs little.
_RANK_HOLDERS = """
CREATE TEMP TABLE ranked ON COMMIT DROP AS
WITH waiting AS (
    SELECT DISTINCT v.register_pin FROM people_verdict v
    WHERE v.superseded_at IS NULL AND v.verdict IN ('verified', 'corrected') AND v.person_id IS DISTINCT FROM (
        SELECT held.person_id FROM people_identifier held
        WHERE held.scheme = 'pin' AND held.value = v.register_pin AND held.valid_until IS NULL LIMIT 1)
)
SELECT v.person_id, v.register_pin,
       row_number() OVER (PARTITION BY v.register_pin ORDER BY i.person_id IS NULL, p.recorded_on, p.person_id) AS place,
       i.person_id IS NOT NULL AS holds
FROM waiting w
JOIN people_verdict v ON v.register_pin = w.register_pin AND v.superseded_at IS NULL AND v.verdict IN ('verified', 'corrected')
JOIN people_person p ON p.person_id = v.person_id
LEFT JOIN LATERAL (
    SELECT held.person_id FROM people_identifier held
    WHERE held.scheme = 'pin' AND held.value = v.register_pin AND held.valid_until IS NULL LIMIT 1
) i ON i.person_id = v.person_id
"""

_MARK_DUPLICATES = """
WITH ended AS (
    UPDATE people_verdict v SET superseded_at = greatest(%(now)s, v.decided_at + interval '1 microsecond')
    FROM ranked r
    WHERE r.place > 1 AND v.person_id = r.person_id AND v.superseded_at IS NULL
    RETURNING v.person_id, v.superseded_at, v.register_pin, v.model, v.score, v.runner_up_score, v.levels, v.detail
)
INSERT INTO people_verdict (person_id, decided_at, verdict, rule, register_pin, model, score, runner_up_score, levels, detail)
SELECT person_id, superseded_at, 'duplicate', 'another record carries this number', register_pin, model, score, runner_up_score, levels, detail
FROM ended
"""

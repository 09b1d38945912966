"""What may be done to people's records here: take a file in, record verdicts, give verified people their number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ansinh.audit.operation import note, operation
from ansinh.database.bulk import copy_arrow
from ansinh.database.sql import driver, execute, number, row
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, legal_day
from ansinh.people.verification.exact import Decision

_PERSON_COLUMNS = [
    ("full_name", "full_name"),
    ("sex", "sex"),
    ("birth_year", "birth_year"),
    ("birth_month", "birth_month"),
    ("birth_day", "birth_day"),
    ("stated_number", "id_number"),
    ("commune", "commune"),
    ("province", "province"),
    ("household", "household"),
    ("excluded", "excluded"),
    ("recorded_on", "recorded_on"),
]


@operation(permission="people.load")
def load_insured(*, actor: Actor, reason: str, source: str, file: Path) -> int:
    """Take in the agency's insured records, one person each, and return the number of the person before the first.

    A file taken in before (same `source`, a digest of it) changes nothing. Person n of the file becomes that number plus n, so that the other files of
    the same source find their owners without a search.
    """
    execute("SELECT pg_advisory_xact_lock(hashtext('people.load'))")
    known = row("SELECT first_person_id - 1 FROM people_load WHERE source = %s", [source])
    if known:
        note(persons=0, already_loaded=1)
        return int(known[0])
    before = number("SELECT coalesce(max(first_person_id + persons), 1) - 1 FROM people_load")
    parquet = pq.ParquetFile(file)
    persons = copy_arrow(
        driver(),
        "people_person",
        ["person_id", *(ours for ours, _ in _PERSON_COLUMNS)],
        _person_batches(parquet, before),
    )
    copy_arrow(
        driver(), "people_identifier", ["value", "scheme", "person_id", "valid_from"], _si_code_batches(parquet, before)
    )
    execute(
        "INSERT INTO people_load (source, first_person_id, persons) VALUES (%s, %s, %s)", [source, before + 1, persons]
    )
    note(persons=persons)
    return before


def _person_batches(parquet: pq.ParquetFile, before: int) -> Iterable[pa.RecordBatch]:
    columns = ["record_no", *(theirs for _, theirs in _PERSON_COLUMNS)]
    for batch in parquet.iter_batches(columns=columns):
        ids = pc.add(batch.column("record_no"), before)
        yield pa.record_batch(
            [ids, *(batch.column(theirs) for _, theirs in _PERSON_COLUMNS)],
            names=["person_id", *(ours for ours, _ in _PERSON_COLUMNS)],
        )


def _si_code_batches(parquet: pq.ParquetFile, before: int) -> Iterable[pa.RecordBatch]:
    for batch in parquet.iter_batches(columns=["record_no", "si_code", "recorded_on"]):
        ids = pc.add(batch.column("record_no"), before)
        scheme = pa.array(["si_code"] * len(batch))
        yield pa.record_batch(
            [batch.column("si_code"), scheme, ids, batch.column("recorded_on")],
            names=["value", "scheme", "person_id", "valid_from"],
        )


@operation(permission="people.verify")
def record_verdicts(*, actor: Actor, reason: str, clock: Clock, decided: Sequence[tuple[int, Decision]]) -> int:
    """Record verdicts about persons; one equal to the current changes nothing. Returns how many were new."""
    batch = pa.record_batch(
        [
            pa.array([person_id for person_id, _ in decided], pa.int64()),
            pa.array([decision.verdict for _, decision in decided], pa.string()),
            pa.array([decision.rule for _, decision in decided], pa.string()),
            pa.array([decision.register_pin for _, decision in decided], pa.string()),
        ],
        names=["person_id", "verdict", "rule", "register_pin"],
    )
    execute("CREATE TEMP TABLE decided (person_id bigint, verdict text, rule text, register_pin text) ON COMMIT DROP")
    copy_arrow(driver(), "decided", batch.schema.names, [batch])
    execute(_DROP_UNCHANGED)
    new = execute(_RECORD_CHANGED, {"now": clock.now()})
    execute("DROP TABLE decided")
    note(asked=len(decided), new=new)
    return new


@operation(permission="people.verify")
def give_verified_numbers(*, actor: Actor, reason: str, clock: Clock) -> int:
    """Give each verified person the number the register knows them by; returns how many received one.

    Where several records are verified as one human, the record the agency has had longest carries the number and the others are marked
    duplicates: nothing is merged without an officer.
    """
    now = clock.now()
    execute(_RANK_HOLDERS)
    duplicates = execute(_MARK_DUPLICATES, {"now": now})
    given = execute(_GIVE_NUMBERS, {"today": legal_day(now)})
    execute("DROP TABLE ranked")
    note(given=given, duplicates=duplicates)
    return given


@operation(permission="people.give_numbers")
def give_numbers(*, actor: Actor, reason: str, scheme: str, numbered: str) -> int:
    """Let numbers of a scheme name persons: rows (person_id, value, valid_from) of the temporary table `numbered`; returns how many are new.

    The database refuses a number that names somebody else already.
    """
    if scheme not in {"card", "old_number"} or not numbered.isidentifier():
        raise ValueError(f"numbers of the scheme {scheme} are not given in bulk")
    given = execute(
        f"INSERT INTO people_identifier (value, scheme, person_id, valid_from) SELECT value, %s, person_id, valid_from FROM {numbered}",
        [scheme],
    )
    note(given=given, scheme=scheme)
    return given


# A duplicate that would be verified again as the same human stays a duplicate.
_DROP_UNCHANGED = """
DELETE FROM decided d USING people_verdict v
WHERE v.person_id = d.person_id AND v.superseded_at IS NULL AND v.register_pin IS NOT DISTINCT FROM d.register_pin
  AND ((v.verdict, v.rule) = (d.verdict, d.rule) OR (v.verdict = 'duplicate' AND d.verdict = 'verified'))
"""

# A verdict is always newer than the one it supersedes, also under a clock that stands still.
_RECORD_CHANGED = """
WITH ended AS (
    UPDATE people_verdict v SET superseded_at = greatest(%(now)s, v.decided_at + interval '1 microsecond')
    FROM decided d WHERE v.person_id = d.person_id AND v.superseded_at IS NULL
    RETURNING v.person_id, v.superseded_at
)
INSERT INTO people_verdict (person_id, decided_at, verdict, rule, register_pin)
SELECT d.person_id, coalesce(e.superseded_at, %(now)s), d.verdict, d.rule, d.register_pin
FROM decided d LEFT JOIN ended e USING (person_id)
"""

_RANK_HOLDERS = """
CREATE TEMP TABLE ranked ON COMMIT DROP AS
SELECT v.person_id, v.register_pin,
       row_number() OVER (PARTITION BY v.register_pin ORDER BY i.person_id IS NULL, p.recorded_on, p.person_id) AS place,
       i.person_id IS NOT NULL AS holds
FROM people_verdict v
JOIN people_person p USING (person_id)
LEFT JOIN people_identifier i
       ON i.scheme = 'pin' AND i.value = v.register_pin AND i.valid_until IS NULL AND i.person_id = v.person_id
WHERE v.superseded_at IS NULL AND v.verdict IN ('verified', 'corrected')
"""

_MARK_DUPLICATES = """
WITH ended AS (
    UPDATE people_verdict v SET superseded_at = greatest(%(now)s, v.decided_at + interval '1 microsecond')
    FROM ranked r
    WHERE r.place > 1 AND v.person_id = r.person_id AND v.superseded_at IS NULL
    RETURNING v.person_id, v.superseded_at, v.register_pin
)
INSERT INTO people_verdict (person_id, decided_at, verdict, rule, register_pin)
SELECT person_id, superseded_at, 'duplicate', 'another record carries this number', register_pin
FROM ended
"""

_GIVE_NUMBERS = """
INSERT INTO people_identifier (value, scheme, person_id, valid_from)
SELECT register_pin, 'pin', person_id, %(today)s FROM ranked WHERE place = 1 AND NOT holds
ON CONFLICT DO NOTHING
"""

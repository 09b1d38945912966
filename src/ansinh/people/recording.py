"""How verdicts become rows, in sets: staged by COPY, compared with what is current, history kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from ansinh.database.bulk import copy_arrow
from ansinh.database.sql import driver, execute, number
from ansinh.foundation.clock import legal_day
from ansinh.people.numbers import TAKE_BACK
from ansinh.people.states import CANDIDATES_LENGTH_MAX

CANDIDATE = pa.struct([("register_pin", pa.string()), ("score", pa.float64()), ("detail", pa.string())])
"""Somebody of the register who may be the person, best first; `detail` is JSON: match weights field by field."""

DIFFERENCE = pa.struct([("field", pa.string()), ("ours", pa.string()), ("registered", pa.string())])
"""A field of `states.FIELDS` on which the agency and the register differ about the same human, in the form `facts` writes."""

DECISION_COLUMNS: dict[str, pa.DataType] = {
    "person_id": pa.int64(),
    "verdict": pa.string(),
    "rule": pa.string(),
    "register_pin": pa.string(),
    "model": pa.string(),
    "score": pa.float64(),
    "runner_up_score": pa.float64(),
    "levels": pa.string(),
    "detail": pa.string(),
    "candidates": pa.list_(CANDIDATE),
    "discrepancies": pa.list_(DIFFERENCE),
}
"""Columns of a batch of decisions; `levels` and `detail` are JSON texts, and every column after `rule` may be missing or null."""

_NEEDED = ("person_id", "verdict", "rule")
_PLAIN = [name for name, kind in DECISION_COLUMNS.items() if not pa.types.is_list(kind)]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a batch: verdicts that are new, unchanged, left alone (an officer decided, or the record was merged), and numbers taken back."""

    new: int
    unchanged: int
    left_alone: int
    taken_back: int


def record(batch: pa.RecordBatch, now: datetime, read_at: datetime) -> Recorded:
    """Record a batch within the caller's transaction; raises ValueError when a needed column is missing."""
    if missing := [name for name in _NEEDED if name not in batch.schema.names]:
        raise ValueError(f"a batch of decisions lacks {missing}")
    _stage(batch)
    decide_in_turn()
    execute("DELETE FROM people_due p USING decided d WHERE p.person_id = d.person_id AND p.marked_at <= %s", [read_at])
    left_alone = execute(_LEAVE_ALONE)
    execute(_HEED_REFUSALS)
    execute(_HEED_OTHER_RECORDS)
    execute(_SETTLE_GONE, {"now": now})
    execute(_NOTE_DIFFERENCES, {"now": now})
    unchanged = execute(_DROP_UNCHANGED, {"most": CANDIDATES_LENGTH_MAX})
    execute(_END_CURRENT, {"now": now})
    new = execute(_INSERT_VERDICTS, {"now": now})
    execute(_INSERT_CANDIDATES, {"now": now, "most": CANDIDATES_LENGTH_MAX})
    # Other records of the same human are due to be looked at again: one of them may carry the number now.
    taken_back = number(_TAKE_BACK, {"now": now, "on": legal_day(now)})
    execute("DROP TABLE decided, offered, differing, ended")
    return Recorded(new, unchanged, left_alone, taken_back)


def decide_in_turn() -> None:
    """Let whoever decides about people, machine or officer, do so one after another until the transaction ends: one verdict is current, and nobody fails."""
    execute("SELECT pg_advisory_xact_lock(hashtext('people.decide'))")


def _stage(batch: pa.RecordBatch) -> None:
    execute(_STAGING)
    plain = [name for name in _PLAIN if name in batch.schema.names]
    copy_arrow(driver(), "decided", plain, [batch.select(plain)])
    _stage_lists(batch, "candidates", "offered", ["register_pin", "score", "detail"])
    _stage_lists(batch, "discrepancies", "differing", ["field", "ours", "registered"])
    execute(_OFFER_THE_ONE_NAMED)
    execute("CREATE INDEX ON offered (person_id)")
    execute("ANALYZE decided")
    execute("ANALYZE offered")
    execute("ANALYZE differing")


def _stage_lists(batch: pa.RecordBatch, column: str, table: str, fields: Sequence[str]) -> None:
    """Spread a column of lists over a temporary table, each row with its person; `place` keeps the order."""
    if column not in batch.schema.names:
        return
    lists = batch.column(column)
    parents = pc.list_parent_indices(lists)
    if not len(parents):
        return
    items = pc.list_flatten(lists)
    columns = [batch.column("person_id").take(parents), pa.array(range(len(parents)), pa.int64())]
    columns += [pc.struct_field(items, name) for name in fields]
    names = ["person_id", "place", *fields]
    copy_arrow(driver(), table, names, [pa.record_batch(columns, names=names)])


_STAGING = """
CREATE TEMP TABLE decided (person_id bigint, verdict text, rule text, register_pin text, model text, score float8, runner_up_score float8,
                           levels jsonb, detail jsonb) ON COMMIT DROP;
CREATE TEMP TABLE offered (person_id bigint, place bigint, register_pin text, score float8, detail jsonb) ON COMMIT DROP;
CREATE TEMP TABLE differing (person_id bigint, place bigint, field text, ours text, registered text) ON COMMIT DROP;
"""

_OFFER_THE_ONE_NAMED = """
INSERT INTO offered SELECT person_id, 0, register_pin, score, detail FROM decided d
WHERE d.verdict = 'candidate' AND d.register_pin IS NOT NULL AND NOT EXISTS (SELECT FROM offered o WHERE o.person_id = d.person_id)
"""

# What an officer decided is never overruled by a machine, and a merged record is no longer compared: its survivor is.
_LEAVE_ALONE = """
DELETE FROM decided d WHERE EXISTS (SELECT FROM people_alias a WHERE a.alias_person_id = d.person_id)
    OR EXISTS (SELECT FROM people_verdict v WHERE v.person_id = d.person_id AND v.superseded_at IS NULL AND v.officer IS NOT NULL)
"""

# Whom an officer refused is not offered again; a decision left without anybody finds nobody.
_HEED_REFUSALS = """
WITH refused AS (
    SELECT r.person_id, r.register_pin FROM decided d JOIN people_refusedcandidate r ON r.person_id = d.person_id
), withdrawn AS (
    DELETE FROM offered o USING refused r WHERE r.person_id = o.person_id AND r.register_pin = o.register_pin
), left_over AS (
    SELECT d.person_id, (SELECT count(*) FROM offered o WHERE o.person_id = d.person_id AND NOT EXISTS (
        SELECT FROM refused r WHERE r.person_id = o.person_id AND r.register_pin = o.register_pin)) AS others,
        d.register_pin IN (SELECT r.register_pin FROM refused r WHERE r.person_id = d.person_id) AS named
    FROM decided d WHERE d.person_id IN (SELECT person_id FROM refused)
)
UPDATE decided d SET verdict = CASE WHEN l.others > 0 THEN 'candidate' ELSE 'not_found' END, register_pin = NULL,
    rule = 'an officer refused whom the machine found'
FROM left_over l WHERE l.person_id = d.person_id AND (l.named OR (d.verdict = 'candidate' AND l.others = 0))
"""

# A survivor whose merged record carries another number waits for a person: one human has one number.
_HEED_OTHER_RECORDS = """
UPDATE decided d SET verdict = 'candidate', rule = 'a merged record carries another number'
FROM people_alias a JOIN people_identifier i ON i.person_id = a.alias_person_id AND i.scheme = 'pin' AND i.valid_until IS NULL
WHERE a.person_id = d.person_id AND d.verdict IN ('verified', 'corrected') AND i.value <> d.register_pin
"""

# Only whoever found a human again can say that a field no longer differs.
_SETTLE_GONE = """
UPDATE people_discrepancy x SET state = 'gone', settled_at = %(now)s FROM decided d
WHERE x.person_id = d.person_id AND x.state IN ('open', 'reported') AND d.verdict IN ('verified', 'corrected')
  AND NOT EXISTS (SELECT FROM differing n WHERE n.person_id = x.person_id AND n.field = x.field
                  AND n.ours IS NOT DISTINCT FROM x.ours AND n.registered IS NOT DISTINCT FROM x.registered)
"""

_NOTE_DIFFERENCES = """
INSERT INTO people_discrepancy (person_id, field, ours, registered, source, found_at)
SELECT n.person_id, n.field, n.ours, n.registered, d.rule, %(now)s
FROM differing n JOIN decided d ON d.person_id = n.person_id
WHERE NOT EXISTS (SELECT FROM people_discrepancy x WHERE x.person_id = n.person_id AND x.field = n.field AND x.state <> 'gone'
                  AND x.ours IS NOT DISTINCT FROM n.ours AND x.registered IS NOT DISTINCT FROM n.registered)
ON CONFLICT DO NOTHING
"""

# A duplicate verified again as the same human stays one as long as somebody else carries the number.
_DROP_UNCHANGED = """
DELETE FROM decided d USING people_verdict v
WHERE v.person_id = d.person_id AND v.superseded_at IS NULL AND v.register_pin IS NOT DISTINCT FROM d.register_pin
  AND ((v.verdict, v.rule) = (d.verdict, d.rule)
       OR (v.verdict = 'duplicate' AND d.verdict IN ('verified', 'corrected') AND EXISTS (
           SELECT FROM people_identifier i WHERE i.scheme = 'pin' AND i.value = d.register_pin AND i.valid_until IS NULL
               AND i.person_id <> d.person_id)))
  AND (d.verdict <> 'candidate'
       OR ARRAY(SELECT o.register_pin FROM offered o WHERE o.person_id = d.person_id ORDER BY o.place LIMIT %(most)s)::text[]
        = ARRAY(SELECT c.register_pin FROM people_candidate c WHERE c.person_id = d.person_id AND c.decided_at = v.decided_at ORDER BY c.rank)::text[])
"""

# A verdict is always newer than the one it supersedes, also under a clock that stands still.
_END_CURRENT = """
CREATE TEMP TABLE ended ON COMMIT DROP AS
WITH closed AS (
    UPDATE people_verdict v SET superseded_at = greatest(%(now)s, v.decided_at + interval '1 microsecond')
    FROM decided d WHERE v.person_id = d.person_id AND v.superseded_at IS NULL
    RETURNING v.person_id, v.superseded_at, v.verdict, v.register_pin
)
SELECT c.person_id, c.superseded_at, CASE
    WHEN c.verdict IN ('verified', 'corrected') AND NOT (d.verdict IN ('verified', 'corrected') AND d.register_pin = c.register_pin)
    THEN c.register_pin END AS register_pin
FROM closed c JOIN decided d USING (person_id)
"""

_INSERT_VERDICTS = """
INSERT INTO people_verdict (person_id, decided_at, verdict, rule, register_pin, model, score, runner_up_score, levels, detail)
SELECT d.person_id, coalesce(e.superseded_at, %(now)s), d.verdict, d.rule, d.register_pin, d.model, d.score, d.runner_up_score, d.levels, d.detail
FROM decided d LEFT JOIN ended e USING (person_id)
"""

_INSERT_CANDIDATES = """
INSERT INTO people_candidate (person_id, decided_at, rank, register_pin, score, detail)
SELECT * FROM (
    SELECT o.person_id, coalesce(e.superseded_at, %(now)s), row_number() OVER (PARTITION BY o.person_id ORDER BY o.place) AS rank,
           o.register_pin, o.score, o.detail
    FROM offered o JOIN decided d USING (person_id) LEFT JOIN ended e USING (person_id)
) AS ranked WHERE rank <= %(most)s
"""

_TAKE_BACK = f"""
WITH {TAKE_BACK.format(persons="SELECT person_id, register_pin AS value FROM ended WHERE register_pin IS NOT NULL")}, others AS (
    INSERT INTO people_due (person_id, because, marked_at)
    SELECT v.person_id, 'the record that carried the number lost it', %(now)s
    FROM taken t JOIN people_verdict v ON v.register_pin = t.value AND v.superseded_at IS NULL AND v.verdict = 'duplicate'
    ON CONFLICT (person_id) DO UPDATE SET because = EXCLUDED.because, marked_at = EXCLUDED.marked_at
)
SELECT count(*) FROM taken
"""

"""Putting whole records from the register in the place of what the mirror holds; called inside an operation, under the mirror's lock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ansinh.database.sql import driver, execute, number
from ansinh.foundation.clock import legal_day
from ansinh.registry.mirror import COLUMNS, columns_of
from ansinh.registry.record import Record

_NAMES = (*COLUMNS, "valid_from", "recorded_at", "feed_no")
_INSERT = f"INSERT INTO incoming ({', '.join(_NAMES)}) VALUES ({', '.join(f'%({name})s' for name in _NAMES)})"
_CONTENT = (
    "old_number, full_name, sex, birth_year, birth_month, birth_day, commune, province, household, father_pin, mother_pin, spouse_pin,"
    " registered_on, died_on, cancelled_on, replaced_by, replaces"
)
_COLUMNS = f"pin, {_CONTENT}, version, valid_from, recorded_at, feed_no"
_SAME = "({}) IS NOT DISTINCT FROM ({})".format(
    ", ".join(f"p.{name.strip()}" for name in _CONTENT.split(",")),
    ", ".join(f"i.{name.strip()}" for name in _CONTENT.split(",")),
)


def heal(records: Sequence[Record], feed_no: int, now: datetime, *, cause: str) -> int:
    """Put whole records, read when the register's feed stood at `feed_no`, in the place of what differs; returns how many changed."""
    execute("SELECT pg_advisory_xact_lock(hashtext('registry.mirror'))")
    prepare_incoming()
    ours = {"valid_from": legal_day(now), "recorded_at": now, "feed_no": feed_no}
    with driver().cursor() as cursor:
        cursor.executemany(_INSERT, [columns_of(record) | ours for record in records])
    healed = merge_incoming(now, cause=cause)
    execute("DROP TABLE incoming")
    return healed


def prepare_incoming() -> None:
    """Make the temporary table `incoming`, which takes whole records with the mirror's columns."""
    execute("DROP TABLE IF EXISTS incoming")
    execute("CREATE TEMP TABLE incoming (LIKE registry_person) ON COMMIT DROP")


def merge_incoming(now: datetime, *, cause: str) -> int:
    """Let the records of `incoming` take their place; returns how many were new or changed.

    One read before the last event the mirror heard is older news and left out. Each record put in the place of another keeps that one as former, is noted as
    healed with the names of the fields that differed, is announced, and settles the events it contains.
    """
    execute(
        f"DELETE FROM incoming i USING registry_person p WHERE p.pin = i.pin AND (i.feed_no < p.feed_no OR (i.version = p.version AND {_SAME}))"
    )
    changed = number("SELECT count(*) FROM incoming")
    if not changed:
        return 0
    execute(_HEALED, {"now": now, "cause": cause})
    execute(_ANNOUNCED, {"today": legal_day(now), "cause": cause})
    execute(_FORMER, {"now": now, "cause": cause})
    execute("DELETE FROM registry_person p USING incoming i WHERE p.pin = i.pin")
    execute(f"INSERT INTO registry_person ({_COLUMNS}) SELECT {_COLUMNS} FROM incoming")
    execute(_CONTAINED, {"now": now})
    execute(_NOT_SHOWN)
    return changed


# Names of the fields that differ, as a JSON list; for a person the mirror did not have, all are new.
_DIFFERING = """
coalesce((SELECT jsonb_agg(a.key ORDER BY a.key) FROM jsonb_each(to_jsonb(i) - 'recorded_at' - 'valid_from' - 'feed_no' - 'version' - 'digest') a
          JOIN jsonb_each(to_jsonb(p)) b ON a.key = b.key AND a.value IS DISTINCT FROM b.value), '[]')
"""

_HEALED = f"""
INSERT INTO registry_healing (pin, healed_at, cause, fields, version_before, version_after)
SELECT i.pin, %(now)s, %(cause)s, CASE WHEN p.pin IS NULL THEN '["*"]' ELSE {_DIFFERING} END, p.version, i.version
FROM incoming i LEFT JOIN registry_person p USING (pin)
ON CONFLICT (pin, healed_at) DO UPDATE SET cause = excluded.cause, fields = excluded.fields, version_after = excluded.version_after
"""

_ANNOUNCED = f"""
INSERT INTO registry_announcement (announcement_no, pin, announced_on, fact, event_id, happened_on, other_pin, changed)
SELECT (SELECT coalesce(max(announcement_no), 0) FROM registry_announcement) + row_number() OVER (ORDER BY pin),
       pin, %(today)s, fact, %(cause)s || ':' || gen_random_uuid(), happened_on, other_pin, changed
FROM (
    SELECT i.pin, CASE WHEN p.pin IS NULL AND i.replaces IS NOT NULL THEN 'pin_replaced' WHEN p.pin IS NULL THEN 'person_born'
                WHEN i.died_on IS NOT NULL AND p.died_on IS NULL THEN 'person_died'
                WHEN i.cancelled_on IS NOT NULL AND p.cancelled_on IS NULL THEN 'pin_cancelled' ELSE 'person_changed' END AS fact,
           coalesce(i.died_on, i.cancelled_on, %(today)s) AS happened_on, coalesce(i.replaces, i.replaced_by) AS other_pin,
           CASE WHEN p.pin IS NULL THEN '["*"]' ELSE {_DIFFERING} END AS changed
    FROM incoming i LEFT JOIN registry_person p USING (pin)) found
"""

_FORMER = """
INSERT INTO registry_former_record (pin, version, superseded_at, recorded_at, valid_from, cause, record)
SELECT p.pin, p.version, %(now)s, p.recorded_at, p.valid_from, %(cause)s, to_jsonb(p) - 'digest' FROM registry_person p JOIN incoming i USING (pin)
ON CONFLICT DO NOTHING
"""

_CONTAINED = """
UPDATE registry_event e SET state = 'contained', reason = NULL, settled_at = %(now)s
FROM incoming i WHERE e.pin = i.pin AND e.sequence <= i.version AND e.state IN ('waiting', 'parked')
"""

# What we had applied and the register's own record does not show was never true.
_NOT_SHOWN = """
UPDATE registry_event e SET state = 'parked', reason = 'not_in_record'
FROM incoming i WHERE e.pin = i.pin AND e.sequence > i.version AND e.state IN ('applied', 'contained', 'undone') AND e.feed_no <= i.feed_no
"""

"""Between the store and the matching engine: both sides written out as files, decisions turned into rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from ansinh.database.sql import driver
from ansinh.database.streaming import write_parquet

INSURED = pa.schema(
    [
        ("record_no", pa.int64()),
        ("si_code", pa.string()),
        ("full_name", pa.string()),
        ("sex", pa.string()),
        ("birth_year", pa.int16()),
        ("birth_month", pa.int16()),
        ("birth_day", pa.int16()),
        ("id_number", pa.string()),
        ("commune", pa.string()),
        ("province", pa.string()),
        ("household", pa.int64()),
        ("excluded", pa.string()),
    ]
)
REGISTERED = pa.schema(
    [
        ("pin", pa.string()),
        ("old_number", pa.string()),
        ("full_name", pa.string()),
        ("sex", pa.string()),
        ("birth_year", pa.int16()),
        ("birth_month", pa.int16()),
        ("birth_day", pa.int16()),
        ("born_in_province", pa.string()),
        ("commune", pa.string()),
        ("province", pa.string()),
        ("household", pa.int64()),
    ]
)

# Relatives come along with whoever waits: a household is evidence, and who is in it already verified is its anchor.
_WAITING = """
AND (p.person_id IN (SELECT person_id FROM waiting)
     OR p.household IN (SELECT household FROM people_person JOIN waiting USING (person_id) WHERE household IS NOT NULL))
"""
_INSURED = """
WITH waiting AS (
    SELECT w.person_id FROM people_person w
    WHERE NOT EXISTS (SELECT FROM people_verdict v WHERE v.person_id = w.person_id AND v.superseded_at IS NULL)
       OR EXISTS (SELECT FROM people_due d WHERE d.person_id = w.person_id)
)
SELECT p.person_id, i.value, p.full_name, p.sex, p.birth_year, p.birth_month, p.birth_day, p.stated_number, p.commune, p.province,
       p.household, p.excluded
FROM people_person p
LEFT JOIN people_identifier i ON i.person_id = p.person_id AND i.scheme = 'si_code' AND i.valid_until IS NULL
WHERE p.recorded_on <= '{recorded_by}' AND NOT EXISTS (SELECT FROM people_alias a WHERE a.alias_person_id = p.person_id) {which}
"""
# The first three digits of a PIN are the province or country of birth registration; provinces have two.
_REGISTERED = """
SELECT pin, old_number, full_name, sex, birth_year, birth_month, birth_day, substr(pin, 2, 2), commune, province, household
FROM registry_people_v1
"""


def write_insured(file: Path, recorded_by: date, *, everyone: bool) -> int:
    """Write the records on file by a day, all of them or those that wait for a verdict and their households; returns rows."""
    which = "" if everyone else _WAITING
    return write_parquet(driver(), _INSURED.format(recorded_by=recorded_by.isoformat(), which=which), INSURED, file)


def write_registered(file: Path) -> int:
    """Write the register's people as the agency last heard them; returns rows."""
    return write_parquet(driver(), _REGISTERED, REGISTERED, file)


def as_decisions(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Turn the engine's rows (`matching.decisions.SCHEMA`) into rows of `recording.DECISION_COLUMNS`."""
    with duckdb.connect() as connection:
        connection.register("engine", pa.table(batch))
        yield from connection.sql(_AS_DECISIONS).to_arrow_table().to_batches()


# A wrong number is not a field to correct: who is verified carries the register's own.
_AS_DECISIONS = """
SELECT record AS person_id, verdict, rule, pin AS register_pin, model, score, runner_up AS runner_up_score,
       CASE WHEN name_level IS NOT NULL OR date_level IS NOT NULL
            THEN to_json({'name': name_level, 'date': date_level, 'sex': sex_level})::VARCHAR END AS levels,
       CASE WHEN len(weights) > 0 THEN to_json({'posterior': posterior, 'weights': weights})::VARCHAR END AS detail,
       list_transform(coalesce(candidates, []), lambda c: {'register_pin': c.pin, 'score': c.weight,
                      'detail': to_json({'posterior': c.posterior})::VARCHAR}) AS candidates,
       list_transform(list_filter(coalesce(corrections, []), lambda c: c.field <> 'id_number'),
                      lambda c: {'field': c.field, 'ours': c.ours, 'registered': c.register}) AS discrepancies
FROM engine
"""

"""Between the store and the matching engine: both sides written out as files, decisions turned into rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from ansinh.database.in_process import connect_in_process
from ansinh.database.sql import driver, row, rows
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

SETTLED = pa.schema([("record_no", pa.int64()), ("pin", pa.string()), ("household", pa.int64())])

# Relatives nobody found yet come along with whoever waits: if that one is found, their household is known. Relatives already verified are settled and name it.
_WAITING = """
AND (p.person_id IN (SELECT person_id FROM waiting)
     OR p.household IN (SELECT household FROM people_person JOIN waiting USING (person_id) WHERE household IS NOT NULL)
        AND NOT EXISTS (SELECT FROM people_verdict v WHERE v.person_id = p.person_id AND v.superseded_at IS NULL
                        AND v.verdict IN ('verified', 'corrected')))
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
# Whom the standing verdicts claim, asked about again or not: the engine leaves out those it is asked about.
_SETTLED = """
SELECT v.person_id, v.register_pin, p.household FROM people_verdict v JOIN people_person p USING (person_id)
WHERE v.superseded_at IS NULL AND v.verdict IN ('verified', 'corrected')
"""
# The first three digits of a PIN are the province or country of birth registration; provinces have two.
_REGISTERED = """
SELECT pin, old_number, full_name, sex, birth_year, birth_month, birth_day, substr(pin, 2, 2), commune, province, household
FROM registry_people_v1
"""


def write_insured(file: Path, recorded_by: date, *, everyone: bool) -> int:
    """Write the records on file by a day, all of them or those that wait for a verdict and their open relatives; returns rows."""
    which = "" if everyone else _WAITING
    return write_parquet(driver(), _INSURED.format(recorded_by=recorded_by.isoformat(), which=which), INSURED, file)


def write_settled(file: Path) -> int:
    """Write who was found to be whom before, with their households: they claim people of the register and name households; returns rows."""
    return write_parquet(driver(), _SETTLED, SETTLED, file)


def write_registered(file: Path) -> int:
    """Write the register's people as the agency last heard them; returns rows."""
    return write_parquet(driver(), _REGISTERED, REGISTERED, file)


def as_decisions(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Turn the engine's rows (`matching.decisions.SCHEMA`) into rows of `recording.DECISION_COLUMNS`."""
    with connect_in_process() as connection:
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

JUDGED = pa.schema(
    [
        ("record", pa.int64()),
        ("verdict", pa.string()),
        ("rule", pa.string()),
        ("pin", pa.string()),
        ("duplicate", pa.bool_()),
        ("candidate_pins", pa.string()),
    ]
)
# The truth was written before numbers were replaced. A duplicate is linked like the record that carries the number; the whole group is marked.
_JUDGED = """
SELECT v.person_id - {before}, CASE v.verdict WHEN 'duplicate' THEN 'verified' ELSE v.verdict END, v.rule, coalesce(r.replaces, v.register_pin),
       v.register_pin IS NOT NULL AND count(*) OVER (PARTITION BY v.register_pin) > 1,
       (SELECT string_agg(c.register_pin, ' ') FROM people_candidate c WHERE (c.person_id, c.decided_at) = (v.person_id, v.decided_at))
FROM people_verdict v LEFT JOIN registry_people_v1 r ON r.pin = v.register_pin
WHERE v.superseded_at IS NULL AND v.person_id > {before} AND v.person_id <= {last}
"""


def write_judged(folder: Path, source: str) -> Path:
    """Write the current verdicts about the records of a source as the engine would have, by the records' numbers in their file; returns the file.

    Raises LookupError when the source was not taken in.
    """
    known = row("SELECT first_person_id - 1, persons FROM people_load WHERE source = %s", [source])
    if known is None:
        raise LookupError("these records were not taken in")
    plain, file = folder / "plain.parquet", folder / "decisions.parquet"
    write_parquet(driver(), _JUDGED.format(before=int(known[0]), last=int(known[0]) + int(known[1])), JUDGED, plain)
    with connect_in_process() as connection:
        connection.execute(
            "COPY (SELECT * EXCLUDE candidate_pins, list_transform(string_split(coalesce(candidate_pins, ''), ' '), lambda c: {'pin': c})"
            f" AS candidates FROM read_parquet('{plain}')) TO '{file}' (FORMAT parquet)"
        )
    return file


def decision_about(person_id: int) -> dict[str, Any] | None:
    """Return the current decision about a person in the engine's form, for `matching.explaining`; None without a verdict."""
    found = row(
        "SELECT person_id, verdict, register_pin, rule, model, score, runner_up_score, levels::text, detail::text FROM people_verdict"
        " WHERE person_id = %s AND superseded_at IS NULL",
        [person_id],
    )
    if found is None:
        return None
    levels, detail = json.loads(found[7] or "{}"), json.loads(found[8] or "{}")
    differing = rows(
        "SELECT field, ours, registered FROM people_discrepancy WHERE person_id = %s AND state IN ('open', 'reported') ORDER BY field",
        [person_id],
    )
    offered = rows(
        "SELECT c.register_pin, c.score, c.detail::text FROM people_candidate c JOIN people_verdict v USING (person_id, decided_at)"
        " WHERE c.person_id = %s AND v.superseded_at IS NULL ORDER BY c.rank",
        [person_id],
    )
    holder = row(
        "SELECT person_id FROM people_identifier WHERE scheme = 'pin' AND value = %s AND valid_until IS NULL AND person_id <> %s",
        [found[2], person_id],
    )
    return {
        "record": found[0],
        "verdict": found[1],
        "pin": found[2],
        "rule": found[3],
        "model": found[4],
        "score": found[5],
        "runner_up": found[6],
        "holder": holder[0] if holder else None,
        "posterior": detail.get("posterior"),
        "weights": detail.get("weights"),
        "corrections": [
            {"field": field, "ours": ours, "register": theirs, "kind": "differs"} for field, ours, theirs in differing
        ],
        "candidates": [
            {"pin": pin, "weight": score, "posterior": json.loads(words or "{}").get("posterior")}
            for pin, score, words in offered
        ],
        **{f"{name}_level": levels.get(name) for name in ("name", "date", "sex")},
    }

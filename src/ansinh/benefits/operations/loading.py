"""Take in who was being paid by the system before ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ansinh.audit.operation import note, operation
from ansinh.benefits.states import Kind
from ansinh.benefits.writing import everybody
from ansinh.database.bulk import copy_arrow
from ansinh.database.sql import driver, execute, look_again_at, row, rows
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.period import Month

# The words of the file (`contracts/nation`) and ours.
KINDS = {
    "pension": Kind.PENSION,
    "lost_capacity": Kind.CAPACITY_LOSS,
    "work_injury": Kind.WORK_INJURY,
    "commune_cadre": Kind.CADRE,
    "survivor": Kind.SURVIVOR,
    "unemployment": Kind.UNEMPLOYMENT,
}
_COLUMNS = ["record_no", "kind", "amount", "from_month", "until_month", "urban"]


@operation(permission="benefits.load")
def load_entitlements(
    *, actor: Actor, reason: str, clock: Clock, source: str, file: Path, persons_before: int, owed_from: int
) -> int:
    """Take in running pensions and allowances as entitlements with their first version, of the people numbered from `persons_before` + 1; returns how many.

    Months before `owed_from` were paid by the system before ours. A file taken in before (same `source`) changes nothing. Refuses `invalid_input`: a month
    that is none, a kind of payee not in `KINDS`.
    """
    everybody()
    known = row("SELECT entitlements FROM benefits_load WHERE source = %s", [source])
    if known:
        note(already_loaded=1)
        return int(known[0])
    _require_month(owed_from)
    execute(_STAGE)
    copy_arrow(driver(), "payees", ["person_id", *_COLUMNS[1:]], _batches(file, persons_before))
    _require_known_kinds()
    named = {
        "source": source,
        "owed_from": owed_from,
        "moment": clock.now(),
        "kinds": list(KINDS),
        "ours": [str(kind) for kind in KINDS.values()],
    }
    execute(_NUMBER)
    loaded = execute(_ENTITLEMENTS, named)
    execute(_VERSIONS, named)
    execute("DROP TABLE payees")
    execute(
        "INSERT INTO benefits_load (source, entitlements, owed_from) VALUES (%s, %s, %s)", [source, loaded, owed_from]
    )
    look_again_at("benefits_entitlement", "benefits_version")
    note(entitlements=loaded, owed_from=owed_from)
    return loaded


def _batches(file: Path, before: int) -> Iterator[pa.RecordBatch]:
    for batch in pq.ParquetFile(file).iter_batches(columns=_COLUMNS):
        persons = pc.add(batch.column("record_no"), before)
        yield pa.record_batch([persons, *batch.columns[1:]], names=["person_id", *_COLUMNS[1:]])


def _require_month(month: int) -> None:
    try:
        Month.of(month)
    except ValueError as error:
        raise InvalidInput(
            f"“{month}” không phải tháng; viết 202507.", f"{month} is no month; write 202507.", field="owed_from"
        ) from error


def _require_known_kinds() -> None:
    strange = rows("SELECT DISTINCT kind FROM payees WHERE NOT kind = ANY(%s) ORDER BY 1 LIMIT 5", [list(KINDS)])
    if strange:
        words = ", ".join(str(one[0]) for one in strange)
        raise InvalidInput(
            f"Tệp có loại người hưởng chưa biết: {words}.",
            f"The file has unknown kinds of payees: {words}.",
            field="kind",
        )


_STAGE = """
CREATE TEMP TABLE payees (person_id bigint, kind text, amount bigint, from_month int, until_month int, urban boolean,
    n bigint GENERATED ALWAYS AS IDENTITY) ON COMMIT DROP
"""
# The sequence jumps over the whole file at once.
_NUMBER = """
SELECT setval('benefits_entitlement_number', nextval('benefits_entitlement_number') + (SELECT count(*) FROM payees), true)
"""
_ENTITLEMENTS = """
INSERT INTO benefits_entitlement (person_id, entitlement_id, kind, insured_person_id, opened_on, owed_from, source, recorded_at)
SELECT p.person_id, currval('benefits_entitlement_number') - p.n, k.ours, p.person_id, make_date(p.from_month / 100, p.from_month %% 100, 1),
    greatest(%(owed_from)s, p.from_month), %(source)s, %(moment)s
FROM payees p JOIN unnest(%(kinds)s::text[], %(ours)s::text[]) AS k (theirs, ours) ON k.theirs = p.kind
ORDER BY p.person_id, p.n
"""
# Where somebody lives comes from their record; where that does not say, the province of the record alone.
_VERSIONS = """
INSERT INTO benefits_version (person_id, entitlement_id, version, valid_from, amount, state, cause, act, province, commune, urban, recorded_at)
SELECT p.person_id, currval('benefits_entitlement_number') - p.n, v.version, v.month, v.amount, v.state, v.cause, 'sổ chi trả trước đây', r.province, r.commune,
    p.urban, %(moment)s
FROM payees p JOIN people_insured_v1 r ON r.person_id = p.person_id
CROSS JOIN LATERAL (
    SELECT 1 AS version, p.from_month AS month, p.amount, 'paid' AS state, 'load' AS cause
    UNION ALL SELECT 2, p.until_month, 0, 'ended', 'term' WHERE p.until_month IS NOT NULL
) AS v
ORDER BY p.person_id, p.n, v.version
"""

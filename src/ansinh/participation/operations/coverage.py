"""Record a stretch of coverage, and change facility, group or province from a day on; old rows keep their recorded time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute, number, row, rows
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import Refusal


class Overlapping(Refusal):
    """The person is covered already in some of these days."""

    code = "coverage_overlaps"


class NotCovered(Refusal):
    """There is no coverage to change from that day on."""

    code = "not_covered"


@dataclass(frozen=True, slots=True)
class NewStretch:
    """Days of coverage under an object code and a first-contact facility, half-open."""

    object_code: str
    area: str | None
    facility: str
    card_province: str
    valid_from: date
    valid_until: date


@dataclass(frozen=True, slots=True)
class CoverageChange:
    """What stretches of an object code and card province become from a day on; None stays as it is."""

    object_code: str
    card_province: str
    on: date
    new_object_code: str | None = None
    new_card_province: str | None = None
    new_facility: str | None = None


@operation(permission="participation.record")
def record_coverage(*, actor: Actor, reason: str, clock: Clock, person_id: int, stretch: NewStretch) -> int:
    """Record days of coverage of a record and return the row's number. Refuses `coverage_overlaps` when some of the days are covered already."""
    _lock(person_id)
    clash = row(
        """
        SELECT valid_from, valid_until FROM participation_coverage
        WHERE person_id = %s AND superseded_at IS NULL AND valid_from < %s AND valid_until > %s ORDER BY valid_from LIMIT 1
        """,
        [person_id, stretch.valid_until, stretch.valid_from],
    )
    if clash:
        raise Overlapping(
            f"Người này đã có BHYT từ {clash[0]:%d/%m/%Y} đến trước {clash[1]:%d/%m/%Y}.",
            f"This person is covered already from {clash[0]} to before {clash[1]}.",
            covered_from=clash[0].isoformat(),
            covered_until=clash[1].isoformat(),
        )
    coverage_id = _next_id(person_id)
    execute(
        """
        INSERT INTO participation_coverage (person_id, coverage_id, object_code, area, facility, card_province, valid_from, valid_until, recorded_at)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
        """,
        [
            person_id,
            coverage_id,
            stretch.object_code,
            stretch.area,
            stretch.facility,
            stretch.card_province,
            stretch.valid_from,
            stretch.valid_until,
            clock.now(),
        ],
    )
    note(person_id=person_id, coverage=coverage_id)
    return coverage_id


@operation(permission="participation.change")
def change_coverage(*, actor: Actor, reason: str, clock: Clock, person_id: int, change: CoverageChange) -> int:
    """Change stretches of an object code and card province from a day on; a stretch under way is split at that day. Returns how many stretches changed.

    Refuses `not_covered` when no such stretch reaches beyond the day. A correction ends the recorded time of the old row, which is never rewritten.
    """
    _lock(person_id)
    reaching = rows(
        """
        SELECT coverage_id FROM participation_coverage
        WHERE person_id = %s AND superseded_at IS NULL AND object_code = %s AND card_province = %s AND valid_until > %s ORDER BY valid_from
        """,
        [person_id, change.object_code, change.card_province, change.on],
    )
    if not reaching:
        raise NotCovered(
            f"Không có đợt BHYT nào của thẻ này còn hiệu lực sau ngày {change.on:%d/%m/%Y}.",
            f"No coverage under this card reaches beyond {change.on}.",
            on=change.on.isoformat(),
        )
    moment, changed = clock.now(), [int(one[0]) for one in reaching]
    execute(
        "UPDATE participation_coverage SET superseded_at = %s WHERE person_id = %s AND coverage_id = ANY(%s)",
        [moment, person_id, changed],
    )
    execute(
        _SPLIT,
        {
            "person": person_id,
            "changed": changed,
            "on": change.on,
            "code": change.new_object_code,
            "province": change.new_card_province,
            "facility": change.new_facility,
            "before": _next_id(person_id) - 1,
            "moment": moment,
        },
    )
    note(person_id=person_id, changed=len(changed))
    return len(changed)


@operation(permission="participation.change")
def end_coverage(
    *, actor: Actor, reason: str, clock: Clock, person_id: int, object_codes: Sequence[str], on: date
) -> list[NewStretch]:
    """End stretches of some object codes on a day, the first no longer covered; returns what was cut off, as it can be recorded again.

    Where nothing reaches beyond the day nothing changes. A row that is cut ends its recorded time; it is never rewritten.
    """
    _lock(person_id)
    reaching = rows(
        """
        SELECT coverage_id, object_code, area, facility, card_province, greatest(valid_from, %(on)s::date), valid_until FROM participation_coverage
        WHERE person_id = %(person)s AND superseded_at IS NULL AND object_code = ANY(%(codes)s) AND valid_until > %(on)s ORDER BY valid_from
        """,
        {"person": person_id, "codes": list(object_codes), "on": on},
    )
    if not reaching:
        return []
    moment, cut = clock.now(), [int(one[0]) for one in reaching]
    execute(
        "UPDATE participation_coverage SET superseded_at = %s WHERE person_id = %s AND coverage_id = ANY(%s)",
        [moment, person_id, cut],
    )
    before = {"person": person_id, "cut": cut, "on": on, "before": _next_id(person_id) - 1, "moment": moment}
    execute(_KEEP_BEFORE, before)
    note(person_id=person_id, cut=len(cut))
    return [NewStretch(*one[1:]) for one in reaching]


_KEEP_BEFORE = """
INSERT INTO participation_coverage
    (person_id, coverage_id, object_code, area, facility, card_province, valid_from, valid_until, continuous_since, recorded_at)
SELECT person_id, %(before)s + row_number() OVER (ORDER BY valid_from), object_code, area, facility, card_province, valid_from, %(on)s,
       continuous_since, %(moment)s
FROM participation_coverage WHERE person_id = %(person)s AND coverage_id = ANY(%(cut)s) AND valid_from < %(on)s
"""


# The part before the day stays as it was; the part from the day on takes what is new. What was told of the time before stays with the earlier part.
_SPLIT = """
INSERT INTO participation_coverage
    (person_id, coverage_id, object_code, area, facility, card_province, valid_from, valid_until, continuous_since, recorded_at)
SELECT %(person)s, %(before)s + row_number() OVER (ORDER BY part.valid_from), part.object_code, part.area, part.facility, part.card_province,
       part.valid_from, part.valid_until, part.continuous_since, %(moment)s
FROM (
    SELECT object_code, area, facility, card_province, valid_from, %(on)s::date AS valid_until, continuous_since FROM participation_coverage
    WHERE person_id = %(person)s AND coverage_id = ANY(%(changed)s) AND valid_from < %(on)s
    UNION ALL
    SELECT coalesce(%(code)s, object_code), area, coalesce(%(facility)s, facility), coalesce(%(province)s, card_province),
           greatest(valid_from, %(on)s::date), valid_until, CASE WHEN valid_from >= %(on)s THEN continuous_since END
    FROM participation_coverage WHERE person_id = %(person)s AND coverage_id = ANY(%(changed)s)
) AS part
"""


def _lock(person_id: int) -> None:
    """Let one change at a time be made to a record's coverage."""
    execute("SELECT pg_advisory_xact_lock(hashtext('participation.coverage'), %s)", [person_id % 2**31])


def _next_id(person_id: int) -> int:
    return number(
        "SELECT coalesce(max(coverage_id), 0) + 1 FROM participation_coverage WHERE person_id = %s", [person_id]
    )

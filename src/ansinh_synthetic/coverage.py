"""Health insurance: under which object code, where and from when to when each record is covered.

Only stretches that touch the nation's months are invented: mostly one for 2024 and one for 2025.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.random import Generator

from ansinh_synthetic.chance import Bools, Ints, happens, hashed, pick, share, stream
from ansinh_synthetic.coverage_days import child_card_end
from ansinh_synthetic.days import FIRST_DAY, LAST_DAY, LIVED_FROM, day, month, month_start
from ansinh_synthetic.digits import coded, letters, texts
from ansinh_synthetic.facilities import Facilities, choices
from ansinh_synthetic.insured import FIRST, SECOND, Records
from ansinh_synthetic.livelihood import COMPULSORY, OPEN, UNEMPLOYMENT, Livelihood
from ansinh_synthetic.objects import CODES, codes_of
from ansinh_synthetic.plan import Block, Plan
from ansinh_synthetic.population import People
from ansinh_synthetic.provinces import places
from ansinh_synthetic.tables import table_of

_AREAS = ("K1", "K2", "K3")
_2024, _2025, _2026 = day(2024, 1, 1), day(2025, 1, 1), day(2026, 1, 1)


@dataclass(frozen=True)
class Covered:
    """Rows of agency/coverage in construction; days since 1970, half-open."""

    row: Ints
    code: Ints
    facility: Ints
    card_old: Ints
    since: Ints
    until: Ints
    commune: Ints


def _who_is_covered(
    rng: Generator, plan: Plan, block: Block, records: Records, code: Ints, gone: Bools
) -> tuple[Bools, Bools]:
    """Choose the records covered on the last day, so that participants are the settled share; and those lapsed."""
    by_status = (code != CODES.index("GD")) & (records.kind != SECOND) & ~gone
    able = ~by_status & ~gone & (records.kind == FIRST)
    per_mille = int(plan.rates["coverage"]["participants_per_mille"])
    target = share(plan.people * per_mille // 1000, block.number, plan.blocks)
    covered = by_status | ((records.kind > SECOND) & ~gone)
    # A few second records still carry a card of their own.
    twice = (records.kind == SECOND) & ~gone & happens(rng, gone.size, plan.rates["coverage"]["second_card"])
    covered |= twice
    chosen = pick(rng, (able & ~covered).astype(np.int64), max(0, target - int(covered.sum())))
    covered[chosen] = True
    lapsed = able & ~covered & happens(rng, gone.size, 0.4)
    return covered, lapsed


def cover(
    plan: Plan, block: Block, persons: People, lives: Livelihood, records: Records, facilities: Facilities
) -> Covered:
    """Invent the stretches of coverage of a block's records; none overlaps another of the same record."""
    rng = stream(plan.seed, "coverage", block.number)
    person = records.person
    count = 0 if plan.dense else person.size
    person = person[:count]
    code = codes_of(rng, persons, lives)[person]
    died = persons.died[person]
    heard = (died < LIVED_FROM) & ~happens(rng, count, 0.08)
    gone = heard | (died < FIRST_DAY - 700)
    if plan.dense:
        covered = lapsed = np.zeros(0, dtype=np.bool_)
    else:
        covered, lapsed = _who_is_covered(rng, plan, block, records, code, gone)
    # The dead of the nation's months were covered until they died.
    covered = covered | (heard & (died >= FIRST_DAY))
    stretches = _stretches(rng, persons, lives, person, code, covered, lapsed)
    row, number, since, until = stretches
    until = np.where(heard[row], np.minimum(until, died[row] + 1), until)
    kept = (since < until) & (until > FIRST_DAY) & (since <= LAST_DAY)
    row, number, since, until = row[kept], number[kept], since[kept], until[kept]
    facility, card_old = _places(rng, persons, lives, person, facilities)
    commune = persons.commune[person]
    return Covered(row, number, facility[row], card_old[row], since, until, commune[row])


def _stretches(
    rng: Generator, persons: People, lives: Livelihood, person: Ints, code: Ints, covered: Bools, lapsed: Bools
) -> tuple[Ints, Ints, Ints, Ints]:
    """Return row, code, first day and day after the last of every stretch of the covered and the lapsed."""
    count, born = person.size, persons.born[person]
    family, child = code == CODES.index("GD"), code == CODES.index("TE")
    start, change = np.full(count, _2024), np.full(count, _2025)
    before, after = code.copy(), code.copy()
    end = np.full(count, _2026)
    # Families pay a year from any day on.
    day_of_year = rng.integers(0, 366, count)
    anniversary = np.where(day_of_year < 213, _2024 + day_of_year, _2024 - 366 + day_of_year)
    start, change = np.where(family, anniversary, start), np.where(family, anniversary + 366, change)
    end = np.where(family, anniversary + 731, end)
    # A child's card runs from birth; the pupil's card follows without a gap.
    child_end = child_card_end(born)
    start = np.where(child, born, start)
    change = np.where(child, child_end, change)
    end = np.where(child, child_end, end)
    pupil = code == CODES.index("HS")
    started_school = pupil & (child_end > _2024) & (child_end <= LAST_DAY)
    before[started_school] = CODES.index("TE")
    start, change = np.where(started_school, born, start), np.where(started_school, child_end, change)
    # Who began to work, retire or draw a benefit in the nation's months had another card before.
    paid, work_from = lives.paid[person], month_start(lives.work_from[person])
    new_job = (lives.work[person] == COMPULSORY) & (work_from > _2024) & (paid < 0)
    since = np.where(new_job, np.minimum(work_from, day(2025, 5, 1)), 0)
    paid_since = month_start(np.maximum(lives.paid_from[person], month(1975, 1)))
    newly_paid = (paid >= 0) & (paid_since > _2024) & ~child & ~pupil
    since = np.where(newly_paid, np.minimum(paid_since, LAST_DAY - 15), since)
    changed = since > 0
    before = np.where(changed, CODES.index("GD"), before)
    before = np.where(newly_paid & (lives.work[person] > 0), CODES.index("DN"), before)
    change = np.where(changed, since, change)
    none_before = changed & new_job & happens(rng, count, 0.3)
    benefit_end = month_start(np.minimum(lives.paid_until[person], month(2026, 1)))
    lost = (paid == UNEMPLOYMENT) & (lives.paid_until[person] != OPEN)
    end = np.where(lost, np.maximum(benefit_end, change), end)
    lapsed_end = day(2025, 1, 1) + rng.integers(0, 180, count)
    start = np.where(lapsed, lapsed_end - 366, start)
    change = np.where(lapsed, lapsed_end, change)
    first = np.flatnonzero((covered | lapsed) & (start < change) & ~none_before)
    second = np.flatnonzero(covered & (change < end))
    row = np.concatenate([first, second])
    number = np.concatenate([before[first], after[second]])
    since, until = np.concatenate([start[first], change[second]]), np.concatenate([change[first], end[second]])
    # Cards are prolonged at the new year: a long stretch that began by a change ends with its year.
    prolonged = (until == _2026) & (since < _2025) & ~family[row]
    extra = np.flatnonzero(prolonged)
    until = np.where(prolonged, _2025, until)
    row, number = np.concatenate([row, row[extra]]), np.concatenate([number, number[extra]])
    since, until = np.concatenate([since, np.full(extra.size, _2025)]), np.concatenate([until, np.full(extra.size, _2026)])
    return row, number, since, until


def _places(
    rng: Generator, persons: People, lives: Livelihood, person: Ints, facilities: Facilities
) -> tuple[Ints, Ints]:
    """Choose the registered facility and the province whose office issued the card."""
    choice, here = choices(facilities), places()
    commune = persons.commune[person]
    old = here.commune_old[commune]
    town_job = (lives.work[person] == COMPULSORY) | (lives.paid[person] >= 0)
    at_station = happens(rng, person.size, np.where(town_job, 0.15, 0.45))
    basic = choice.basic[old, rng.integers(0, 1024, person.size)]
    issued_elsewhere = happens(rng, person.size, 0.03)
    card_old = np.where(issued_elsewhere, persons.birth_old[person], old)
    return np.where(at_station, choice.station[commune], basic), card_old


def coverage_table(covered: Covered, records: Records, facilities: Facilities) -> tuple[Any, Ints]:
    """Return rows of agency/coverage ordered by record, and their places."""
    here = places()
    number = records.number[covered.row]
    order = np.lexsort((covered.since, number))
    commune = covered.commune[order]
    luck = hashed(11, commune) % np.uint64(100)
    difficult = (here.land[here.commune_old[commune]] == 2) & ~here.ward[commune]
    area = np.where(here.zone[commune], 2, np.where(difficult & (luck < 30), 1, np.where(difficult & (luck < 80), 0, -1)))
    table = table_of(
        "agency/coverage",
        {
            "record_no": number[order],
            "object_code": coded(list(CODES), covered.code[order]),
            "area": coded(list(_AREAS), np.maximum(area, 0), area < 0),
            "facility": texts(letters(facilities.codes)[covered.facility[order]]),
            "card_province": coded(here.olds, covered.card_old[order]),
            "valid_from": pa.array(covered.since[order].astype(np.int32)).cast(pa.date32()),
            "valid_until": pa.array(covered.until[order].astype(np.int32)).cast(pa.date32()),
        },
    )
    return table, number[order] - 1

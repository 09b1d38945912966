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
from ansinh_synthetic.livelihood import COMPULSORY, NO_WORK, NOT_PAID, UNEMPLOYMENT, Livelihood
from ansinh_synthetic.objects import CODES, codes_of
from ansinh_synthetic.plan import Block, Plan
from ansinh_synthetic.population import People
from ansinh_synthetic.provinces import places
from ansinh_synthetic.tables import table_of

_AREAS = ("K1", "K2", "K3")
_LAST_MONTH = month(2025, 7)
NOT_TOLD = -(10**6)
# The law on health insurance came into force; nobody was covered under it before.
_LAW_BEGAN = day(2009, 7, 1)
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
    told: Ints
    """Since when cover had been continuous before a record's first stretch; NOT_TOLD if nobody knows."""


def _who_is_covered(
    rng: Generator, plan: Plan, block: Block, records: Records, code: Ints, gone: Bools, ended: Bools
) -> tuple[Bools, Bools]:
    """Choose the records covered on the last day, so that participants are the settled share; and those lapsed."""
    by_status = (code != CODES.index("GD")) & (records.kind != SECOND) & ~gone & ~ended
    able = ~by_status & ~gone & (records.kind == FIRST)
    per_mille = int(plan.rates["coverage"]["participants_per_mille"])
    target = share(plan.people * per_mille // 1000, block.number, plan.blocks)
    covered = by_status | ((records.kind > SECOND) & ~gone)
    # A few second records still carry a card of their own.
    twice = (records.kind == SECOND) & ~gone & happens(rng, gone.size, plan.rates["coverage"]["second_card"])
    covered |= twice & ~ended
    chosen = pick(rng, (able & ~covered).astype(np.int64), max(0, target - int(covered.sum())))
    covered[chosen] = True
    lapsed = able & ~covered & ~ended & happens(rng, gone.size, 0.4)
    return covered, lapsed


def cover(
    plan: Plan, block: Block, persons: People, lives: Livelihood, records: Records, facilities: Facilities
) -> Covered:
    """Invent the stretches of coverage of a block's records; none overlaps another of the same record."""
    rng = stream(plan.seed, "coverage", block.number)
    count = 0 if plan.dense else records.person.size
    person = records.person[:count]
    code = codes_of(rng, persons, lives)[person]
    died = persons.died[person]
    heard = (died < LIVED_FROM) & ~happens(rng, count, 0.08)
    gone = heard | (died < FIRST_DAY - 700)
    # Whose benefit has run out by the last day is insured with the family, or not at all.
    until = lives.paid_until[person]
    ended = (lives.paid[person] == UNEMPLOYMENT) & (until <= _LAST_MONTH)
    none = np.zeros(0, dtype=np.bool_)
    covered, lapsed = (none, none) if plan.dense else _who_is_covered(rng, plan, block, records, code, gone, ended)
    # The dead of the nation's months were covered until they died.
    covered = covered | (heard & (died >= FIRST_DAY))
    times = _times(rng, persons, lives, person, code)
    _end_benefits(times, lives, person, ended)
    row, number, since, until = _stretches(rng, times, covered, lapsed, ended)
    until = np.where(heard[row], np.minimum(until, died[row] + 1), until)
    kept = (since < until) & (until > FIRST_DAY) & (since <= LAST_DAY)
    row, number, since, until = row[kept], number[kept], since[kept], until[kept]
    facility, card_old = _places(rng, persons, lives, person, facilities)
    commune = persons.commune[person]
    told = _told(plan, block, born=persons.born[person[row]], since=since)
    return Covered(row, number, facility[row], card_old[row], since, until, commune[row], told)


def _told(plan: Plan, block: Block, born: Ints, since: Ints) -> Ints:
    """Draw since when cover had been continuous before each stretch: one in seven is new, the others go back anywhere to birth or to the law."""
    rng = stream(plan.seed, "continuity", block.number)
    earliest = np.maximum(born, _LAW_BEGAN)
    back = since - np.floor(rng.random(since.size) * np.maximum(since - earliest + 1, 1)).astype(np.int64)
    return np.where(happens(rng, since.size, 0.14) | (back >= since), NOT_TOLD, back)


@dataclass
class _Times:
    """Of each record: an earlier and a later card; the first day, the day of the change, the day after the last."""

    before: Ints
    after: Ints
    start: Ints
    change: Ints
    end: Ints
    earlier: Ints


def _times(rng: Generator, persons: People, lives: Livelihood, person: Ints, code: Ints) -> _Times:
    count, born = person.size, persons.born[person]
    family, child, pupil = (code == CODES.index(name) for name in ("GD", "TE", "HS"))
    # Families pay a year from any day on; a child's card runs from birth and the pupil's follows without a gap.
    day_of_year = rng.integers(0, 366, count)
    anniversary = np.where(day_of_year < 213, _2024 + day_of_year, _2024 - 366 + day_of_year)
    child_end = child_card_end(born)
    started_school = pupil & (child_end > _2024) & (child_end <= LAST_DAY)
    times = _Times(
        before=np.where(started_school, CODES.index("TE"), code),
        after=code.copy(),
        start=np.where(family, anniversary, np.where(child | started_school, born, _2024)),
        change=np.where(family, anniversary + 366, np.where(child | started_school, child_end, _2025)),
        end=np.where(family, anniversary + 731, np.where(child, child_end, _2026)),
        earlier=np.zeros(count, dtype=np.int64),
    )
    # Who began to work, retire or draw a benefit lately had another card before, or none.
    work_from = month_start(lives.work_from[person])
    paid_from = month_start(np.maximum(lives.paid_from[person], month(1975, 1)))
    new_job = (lives.work[person] == COMPULSORY) & (work_from > _2024) & (lives.paid[person] == NOT_PAID)
    payees_card = np.isin(code, [CODES.index(name) for name in ("HT", "TB", "XB", "CT", "TN")])
    newly_paid = payees_card & (lives.paid[person] != NOT_PAID) & (paid_from > _2024)
    since = np.where(new_job, work_from, np.where(newly_paid, paid_from, 0))
    changed = since > 0
    worked = newly_paid & (lives.work[person] != NO_WORK)
    times.before = np.where(changed, CODES.index("DN") * worked + CODES.index("GD") * ~worked, times.before)
    times.change = np.where(changed, np.minimum(since, LAST_DAY - 15), times.change)
    first_card = new_job & happens(rng, count, 0.3)
    times.start = np.where(first_card, times.change, times.start)
    return times


def _end_benefits(times: _Times, lives: Livelihood, person: Ints, ended: Bools) -> None:
    """Card of the employer, then of the benefit, then of the family, for those whose benefit has run out."""
    paid_from = month_start(lives.paid_from[person[ended]])
    times.before[ended], times.after[ended] = CODES.index("TN"), CODES.index("GD")
    times.start[ended], times.change[ended] = paid_from, month_start(lives.paid_until[person[ended]])
    times.end[ended] = times.change[ended] + 365
    times.earlier[ended] = paid_from


def _stretches(
    rng: Generator, times: _Times, covered: Bools, lapsed: Bools, ended: Bools
) -> tuple[Ints, Ints, Ints, Ints]:
    """Return row, code, first day and day after the last of every stretch."""
    lapsed_end = _2025 + rng.integers(0, 180, covered.size)
    start, change = np.where(lapsed, lapsed_end - 366, times.start), np.where(lapsed, lapsed_end, times.change)
    first = np.flatnonzero((covered | lapsed | ended) & (start < change))
    second = np.flatnonzero(covered & (change < times.end))
    employed = np.flatnonzero(ended & (times.earlier > _2024))
    row = np.concatenate([first, second, employed])
    number = np.concatenate([times.before[first], times.after[second], np.full(employed.size, CODES.index("DN"))])
    since = np.concatenate([start[first], change[second], np.full(employed.size, _2024)])
    until = np.concatenate([change[first], times.end[second], times.earlier[employed]])
    # Cards are prolonged at the new year: a stretch of two years is two.
    extra = np.flatnonzero((until == _2026) & (since < _2025))
    until[extra] = _2025
    return (
        np.concatenate([row, row[extra]]),
        np.concatenate([number, number[extra]]),
        np.concatenate([since, np.full(extra.size, _2025)]),
        np.concatenate([until, np.full(extra.size, _2026)]),
    )


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
    # Only the first stretch of a record looks back: what came before the others is there.
    first = np.diff(number[order], prepend=-1) != 0
    told = covered.told[order]
    luck = hashed(11, commune) % np.uint64(100)
    difficult = (here.land[here.commune_old[commune]] == 2) & ~here.ward[commune]
    area = np.where(
        here.zone[commune], 2, np.where(difficult & (luck < 30), 1, np.where(difficult & (luck < 80), 0, -1))
    )
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
            "continuous_since": pa.array(told.astype(np.int32), mask=~first | (told == NOT_TOLD)).cast(pa.date32()),
        },
    )
    return table, number[order] - 1

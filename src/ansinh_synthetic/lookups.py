"""The old system's log of card look-ups from December 2024 to May 2025."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.random import Generator

from ansinh_synthetic.chance import Bools, Draw, Ints, happens, stream
from ansinh_synthetic.coverage import Covered
from ansinh_synthetic.days import LAST_DAY, day
from ansinh_synthetic.digits import coded, digits, letters, texts
from ansinh_synthetic.facilities import Facilities, choices
from ansinh_synthetic.insured import Records
from ansinh_synthetic.plan import Block, Plan
from ansinh_synthetic.population import People
from ansinh_synthetic.provinces import places
from ansinh_synthetic.tables import table_of

PIN, SI_CODE, CARD = range(3)
_KINDS = ("pin", "si_code", "card")
MICROSECONDS = 1_000_000
DAY = 86_400
UTC_OFFSET = 7 * 3600
MONTHS = ((day(2024, 12, 1), day(2025, 1, 1)), (day(2025, 1, 1), day(2025, 6, 1)))
# Hospitals fill from Monday; on holidays there are emergencies only.
_WEEKDAYS = (135, 115, 110, 105, 100, 45, 25)
_HOLIDAYS = {
    day(2025, 1, 1),
    day(2025, 4, 7),
    *range(day(2025, 1, 25), day(2025, 2, 3)),
    *range(day(2025, 4, 30), day(2025, 5, 5)),
}
_HOLIDAY = 15
_HOURS = (2, 1, 1, 1, 1, 3, 25, 160, 170, 140, 110, 50, 20, 80, 90, 70, 40, 16, 9, 7, 5, 4, 3, 2)


def bounds(plan: Plan) -> Ints:
    """Return the first moments of the buckets the log is sorted in, microseconds since 1970."""
    rates, starts = plan.rates["lookups"], []
    for (first, last), rate in zip(MONTHS, (rates["pin_to_december"], rates["pin_january_to_may"]), strict=True):
        buckets = max(1, plan.scaled(int(rate)) // 600_000)
        seconds = (last - first) * DAY
        starts.append(first * DAY - UTC_OFFSET + seconds * np.arange(buckets, dtype=np.int64) // buckets)
    return np.concatenate(starts) * MICROSECONDS


def moments(rng: Generator, period: tuple[int, int], count: int) -> Ints:
    """Draw moments (UTC microseconds) as hospitals work: weekdays, mornings."""
    days = np.arange(*period)
    weekday = (days + 3) % 7
    weights = [_HOLIDAY if int(d) in _HOLIDAYS else _WEEKDAYS[int(w)] for d, w in zip(days, weekday, strict=True)]
    chosen = days[Draw(weights).take(rng, count)]
    second = Draw(_HOURS).take(rng, count) * 3600 + rng.integers(0, 3600, count)
    return (chosen * DAY + second - UTC_OFFSET) * MICROSECONDS + rng.integers(0, MICROSECONDS, count)


def _askers(persons: People, records: Records, covered: Covered, on: int, has_pin: Bools) -> tuple[Ints, Ints, Ints]:
    """Return coverage rows valid on a day with the weights of being asked about by citizen card and otherwise.

    A citizen card finds only a record that has a 12-digit number on file.
    """
    valid = np.flatnonzero((covered.since <= on) & (covered.until > on))
    record = covered.row[valid]
    person = records.person[record]
    age = persons.age_on(LAST_DAY)[person]
    often = np.select([age < 6, age < 18, age < 40, age < 60], [30, 9, 10, 18], 42)
    by_pin = np.where(~has_pin[record] | (age < 6), 0, np.where(age < 15, often // 4, often))
    return valid, by_pin, often


def _draw(rng: Generator, weights: Ints, count: int) -> Ints:
    sums = np.cumsum(weights)
    if count == 0 or sums.size == 0 or int(sums[-1]) == 0:
        return np.zeros(0, dtype=np.int64)
    return np.searchsorted(sums, rng.integers(0, int(sums[-1]), count), side="right")


def lookup_table(
    plan: Plan,
    block: Block,
    persons: People,
    covered: Covered,
    records: Records,
    facilities: Facilities,
    has_pin: Bools,
) -> tuple[Any, Ints]:
    """Return the block's rows of agency/lookup and their moments, which order the log."""
    rng, rates = stream(plan.seed, "lookups", block.number), plan.rates["lookups"]
    parts = []
    for period, rate in zip(MONTHS, ("pin_to_december", "pin_january_to_may"), strict=True):
        middle = (period[0] + period[1]) // 2
        valid, by_pin, often = _askers(persons, records, covered, middle, has_pin)
        pins = valid[_draw(rng, by_pin, plan.scaled(int(rates[rate]), block.number))]
        others = valid[_draw(rng, often, pins.size * int(rates["found_otherwise_per_mille"]) // 1000)]
        missed = valid[_draw(rng, often, (pins.size + others.size) * int(rates["missed_per_mille"]) // 960)]
        row = np.concatenate([pins, others, missed])
        kind = np.concatenate(
            [
                np.full(pins.size, PIN),
                rng.integers(SI_CODE, CARD + 1, others.size),
                np.minimum(rng.integers(0, 5, missed.size), CARD),
            ]
        )
        found = np.arange(row.size) < pins.size + others.size
        parts.append((row, kind, found, moments(rng, period, row.size)))
    row, kind, found, moment = (np.concatenate(column) for column in zip(*parts, strict=True))
    facility = _where_asked(rng, block, plan, covered, row, (kind == PIN) & found, facilities)
    table = table_of(
        "agency/lookup",
        {
            "asked_at": pa.array(moment, pa.timestamp("us")).cast(pa.timestamp("us", tz="UTC")),
            "facility": texts(letters(facilities.codes)[facility]),
            "officer": _officers(rng, facilities, facility),
            "key_kind": coded(list(_KINDS), kind),
            "record_no": pa.array(records.number[covered.row[row]], mask=~found),
            "found": found,
        },
    )
    return table, moment


def _where_asked(
    rng: Generator, block: Block, plan: Plan, covered: Covered, row: Ints, by_pin: Ints, facilities: Facilities
) -> Ints:
    """Choose where each person was: where registered, or a larger house; every facility asks at least once if it can."""
    count = row.size
    choice = choices(facilities)
    old = places().commune_old[covered.commune[row]]
    away = happens(rng, count, 0.05)
    old = np.where(away, rng.integers(0, choice.by_use.shape[0], count), old)
    large = choice.by_use[old, rng.integers(0, 1024, count)]
    facility = np.where(happens(rng, count, 0.5) & ~away, covered.facility[row], large)
    mine = np.arange(block.number, len(facilities.codes), plan.blocks)
    rows = rng.permutation(np.flatnonzero(by_pin))
    order = rows[np.argsort(old[rows], kind="stable")]
    rank = np.arange(order.size) - np.searchsorted(old[order], old[order], side="left")
    first = np.searchsorted(facilities.old[mine], old[order], side="left")
    place = first + rank
    fits = place < np.searchsorted(facilities.old[mine], old[order], side="right")
    facility[order[fits]] = mine[place[fits]]
    left, free = np.setdiff1d(mine, mine[place[fits]]), order[~fits]
    served = min(left.size, free.size)
    facility[free[:served]] = left[:served]
    return facility


def _officers(rng: Generator, facilities: Facilities, facility: Ints) -> Any:
    """Return officers' numbers such as 01004-03; larger houses have more officers."""
    staff = 2 + facilities.weight[facility] // 20
    number = rng.integers(0, 1 << 20, facility.size) % staff + 1
    code = letters(facilities.codes)[facility]
    dash = np.full((facility.size, 1), ord("-"), dtype=np.uint8)
    return texts(np.hstack([code, dash, digits(number, 2)]))

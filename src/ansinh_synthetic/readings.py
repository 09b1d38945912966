"""The old system's log of contribution books read in the citizens' app, from December 2024 to May 2025."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.random import Generator

from ansinh_synthetic.chance import Bools, Draw, Ints, stream
from ansinh_synthetic.days import LAST_DAY
from ansinh_synthetic.insured import Records
from ansinh_synthetic.lookups import DAY, MICROSECONDS, MONTHS, UTC_OFFSET
from ansinh_synthetic.plan import Block, Plan
from ansinh_synthetic.population import People
from ansinh_synthetic.tables import table_of
from ansinh_synthetic.work import Spans, told_under

# People look after work: noon, and the evening most of all.
_HOURS = (8, 3, 2, 1, 1, 3, 10, 22, 40, 48, 45, 50, 62, 50, 44, 46, 48, 50, 55, 75, 95, 90, 60, 25)


def evenings(rng: Generator, period: tuple[int, int], count: int) -> Ints:
    """Draw moments (UTC microseconds); every day is as good as another."""
    second = rng.integers(*period, count) * DAY + Draw(_HOURS).take(rng, count) * 3600 + rng.integers(0, 3600, count)
    return (second - UTC_OFFSET) * MICROSECONDS + rng.integers(0, MICROSECONDS, count)


def readers(persons: People, records: Records, spans: Spans, has_pin: Bools) -> tuple[Ints, Ints]:
    """Return who has a book and an electronic identity, as rows of records, with how often each looks."""
    record = np.unique(told_under(records, spans))
    record = record[record >= 0]
    record = record[has_pin[record]]
    age = persons.age_on(LAST_DAY)[records.person[record]]
    return record, np.select([age < 18, age < 35, age < 50, age < 62], [0, 12, 9, 6], 3)


def reading_table(
    plan: Plan, block: Block, persons: People, records: Records, spans: Spans, has_pin: Bools
) -> tuple[Any, Ints]:
    """Return the block's rows of agency/book_reading and their moments, which order the log."""
    rng, rates = stream(plan.seed, "readings", block.number), plan.rates["readings"]
    record, often = readers(persons, records, spans, has_pin)
    sums = np.cumsum(often)
    rows, moments, founds = [], [], []
    for period, rate in zip(MONTHS, ("to_december", "january_to_may"), strict=True):
        count = plan.scaled(int(rates[rate]), block.number) if sums.size and int(sums[-1]) else 0
        missed = count * int(rates["missed_per_mille"]) // 1000
        total = count + missed
        place = (
            np.searchsorted(sums, rng.integers(0, int(sums[-1]), total), side="right") if total else np.zeros(0, int)
        )
        rows.append(record[place])
        founds.append(np.arange(total) < count)
        moments.append(evenings(rng, period, total))
    row, found, moment = (np.concatenate(column) for column in (rows, founds, moments))
    table = table_of(
        "agency/book_reading",
        {
            "asked_at": pa.array(moment, pa.timestamp("us")).cast(pa.timestamp("us", tz="UTC")),
            "record_no": pa.array(records.number[row], mask=~found),
            "found": found,
        },
    )
    return table, moment

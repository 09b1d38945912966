"""The old system's logs of the health book, from December 2024 to May 2025: what facilities submitted, and what citizens looked up in the app."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from ansinh_synthetic.chance import Draw, Ints, happens, stream
from ansinh_synthetic.days import LAST_DAY
from ansinh_synthetic.digits import coded, letters, texts
from ansinh_synthetic.facilities import Facilities
from ansinh_synthetic.insured import FIRST, Records
from ansinh_synthetic.lookups import MONTHS, moments
from ansinh_synthetic.plan import Block, Plan
from ansinh_synthetic.population import People
from ansinh_synthetic.readings import evenings
from ansinh_synthetic.tables import table_of

KINDS = ("check_in", "encounter", "paper")
_KIND_SHARES = (455, 520, 25)
_RATES = ("to_december", "january_to_may")
# Hours from discharge to submission: most within the day, some after the week (the ministry asks for the day of discharge).
_DELAYS = (0, 1, 2, 4, 8, 16, 26, 50, 100, 200)
_DELAY_SHARES = (180, 160, 140, 120, 120, 100, 80, 50, 30, 20)
READINGS = {"visit": "visits", "referral": "referrals", "appointment": "appointments"}


def submission_table(plan: Plan, block: Block, facilities: Facilities) -> tuple[Any, Ints]:
    """Return the block's rows of agency/submission and their moments, which order the log."""
    rng, rates = stream(plan.seed, "submissions", block.number), plan.rates["submissions"]
    counts = [plan.scaled(int(rates[name]), block.number) for name in _RATES]
    moment = np.concatenate([moments(rng, period, count) for period, count in zip(MONTHS, counts, strict=True)])
    total = moment.size
    kind = Draw(_KIND_SHARES).take(rng, total)
    house = Draw(facilities.weight).take(rng, total)
    # Every facility submits at least once, as far as rows go.
    mine = np.arange(block.number, len(facilities.codes), plan.blocks)[:total]
    house[rng.permutation(total)[: mine.size]] = mine
    delay = np.array(_DELAYS)[Draw(_DELAY_SHARES).take(rng, total)]
    table = table_of(
        "agency/submission",
        {
            "sent_at": pa.array(moment, pa.timestamp("us")).cast(pa.timestamp("us", tz="UTC")),
            "facility": texts(letters(facilities.codes)[house]),
            "kind": coded(list(KINDS), kind),
            "accepted": ~happens(rng, total, int(rates["rejected_per_mille"]) / 1000),
            "delay_hours": pa.array(delay.astype(np.int32), mask=kind == 0),
        },
    )
    return table, moment


def reading_table(
    plan: Plan, block: Block, persons: People, records: Records, has_pin: Any, kind: str
) -> tuple[Any, Ints]:
    """Return the block's rows of agency/<kind>_reading and their moments; people over 18 with a personal number look, the old more often."""
    rng, rates = stream(plan.seed, f"{kind} readings", block.number), plan.rates["health_readings"]
    record = np.flatnonzero(has_pin & (records.kind == FIRST))
    age = persons.age_on(LAST_DAY)[records.person[record]]
    sums = np.cumsum(np.select([age < 18, age < 40, age < 60], [0, 8, 12], 16))
    rows, found_rows, times = [], [], []
    for period, name in zip(MONTHS, _RATES, strict=True):
        asked = int(rates[name]) * int(rates[f"{READINGS[kind]}_per_mille"]) // 1000
        count = plan.scaled(asked, block.number) if sums.size and int(sums[-1]) else 0
        total = count + count * int(rates["missed_per_mille"]) // 1000
        drawn = rng.integers(0, int(sums[-1]), total) if total else np.zeros(0, int)
        rows.append(record[np.searchsorted(sums, drawn, side="right")] if total else np.zeros(0, int))
        found_rows.append(np.arange(total) < count)
        times.append(evenings(rng, period, total))
    row, found, moment = (np.concatenate(column) for column in (rows, found_rows, times))
    table = table_of(
        f"agency/{kind}_reading",
        {
            "asked_at": pa.array(moment, pa.timestamp("us")).cast(pa.timestamp("us", tz="UTC")),
            "record_no": pa.array(records.number[row], mask=~found),
            "found": found,
        },
    )
    return table, moment

"""The old system's log of sign-ins with an e-ID account, to the citizens' app and to the portal, from December 2024 to May 2025."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from ansinh_synthetic.chance import Bools, Ints, stream
from ansinh_synthetic.insured import Records
from ansinh_synthetic.lookups import MONTHS
from ansinh_synthetic.plan import Block, Plan
from ansinh_synthetic.population import People
from ansinh_synthetic.readings import evenings, readers
from ansinh_synthetic.tables import table_of
from ansinh_synthetic.work import Spans


def sign_in_table(
    plan: Plan, block: Block, persons: People, records: Records, spans: Spans, has_pin: Bools
) -> tuple[Any, Ints]:
    """Return the block's rows of agency/sign_in and their moments, which order the log."""
    rng, rates = stream(plan.seed, "sign_ins", block.number), plan.rates["sign_ins"]
    record, often = readers(persons, records, spans, has_pin)
    sums = np.cumsum(often)
    rows, moments = [], []
    for period, rate in zip(MONTHS, ("to_december", "january_to_may"), strict=True):
        total = plan.scaled(int(rates[rate]), block.number) if sums.size and int(sums[-1]) else 0
        drawn = rng.integers(0, int(sums[-1]), total) if total else np.zeros(0, int)
        rows.append(record[np.searchsorted(sums, drawn, side="right")])
        moments.append(evenings(rng, period, total))
    row, moment = np.concatenate(rows), np.concatenate(moments)
    table = table_of(
        "agency/sign_in",
        {
            "entered_at": pa.array(moment, pa.timestamp("us")).cast(pa.timestamp("us", tz="UTC")),
            "record_no": pa.array(records.number[row]),
            "app": rng.integers(0, 1000, row.size) < int(rates["app_per_mille"]),
        },
    )
    return table, moment

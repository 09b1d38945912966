"""The old system's log of interlinked services that were settled, from December 2024 to May 2025: health cards of children, funeral and death allowances."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from ansinh_synthetic.chance import Draw, Ints, happens, stream
from ansinh_synthetic.digits import coded
from ansinh_synthetic.lookups import DAY, MICROSECONDS, MONTHS, UTC_OFFSET
from ansinh_synthetic.plan import Block, Plan
from ansinh_synthetic.population import People
from ansinh_synthetic.provinces import places
from ansinh_synthetic.tables import table_of

# kind → working days the law gives; the same words as in the log.
KINDS = {"child_card": 2, "funeral": 8, "death": 8}
_RATES = ("to_december", "january_to_may")
_HOLIDAYS = [
    "2025-01-01",
    *(f"2025-01-{n}" for n in range(27, 32)),
    "2025-04-07",
    "2025-04-30",
    "2025-05-01",
    "2025-05-02",
]
# Files come in the morning and are settled in the afternoon.
_MORNING, _AFTERNOON, _HOURS = 8, 13, 4


def service_table(plan: Plan, block: Block, persons: People) -> tuple[Any, Ints]:
    """Return the block's rows of agency/service and the moments they were settled, which order the log."""
    rng, rates = stream(plan.seed, "services", block.number), plan.rates["services"]
    kinds, settled = [], []
    for number, kind in enumerate(KINDS):
        for period, name in zip(MONTHS, _RATES, strict=True):
            count = plan.scaled(int(rates[f"{kind}_{name}"]), block.number)
            days = np.arange(*period).astype("datetime64[D]")
            worked = days[np.is_busday(days, holidays=_HOLIDAYS)]
            settled.append(rng.choice(worked, count) if count else worked[:0])
            kinds.append(np.full(count, number))
    kind_no, on = np.concatenate(kinds), np.concatenate(settled)
    due = np.array(list(KINDS.values()))[kind_no]
    took = _days_taken(rng, due, happens(rng, due.size, int(rates["late_per_mille"]) / 1000))
    received = np.busday_offset(on, -took, holidays=_HOLIDAYS)
    moment = _moment(rng, on, _AFTERNOON)
    home = persons.commune[rng.integers(0, persons.commune.size, on.size)]
    provinces = places().provinces
    table = table_of(
        "agency/service",
        {
            "kind": coded(list(KINDS), kind_no),
            "province": coded(provinces, places().commune_province[home]),
            "received_at": _stamps(_moment(rng, received, _MORNING)),
            "settled_at": _stamps(moment),
            "due_on": pa.array(np.busday_offset(received, due, holidays=_HOLIDAYS)),
            "days": pa.array(took.astype(np.int16)),
        },
    )
    return table, moment


def _days_taken(rng: np.random.Generator, due: Ints, late: Any) -> Ints:
    """Draw working days: most the day before the last or sooner, a few after it."""
    shares = Draw((30, 40, 30))
    within = np.maximum(due - shares.take(rng, due.size), 0)
    return np.where(late, due + 1 + rng.integers(0, 6, due.size), within)


def _moment(rng: np.random.Generator, day: Any, opens: int) -> Ints:
    second = opens * 3600 + rng.integers(0, _HOURS * 3600, day.size)
    return (day.astype("datetime64[D]").astype(np.int64) * DAY + second - UTC_OFFSET) * MICROSECONDS


def _stamps(moment: Ints) -> Any:
    return pa.array(moment, pa.timestamp("us")).cast(pa.timestamp("us", tz="UTC"))

"""A general adjustment of every pension of a nation through the law, each with its explanation, against the bare arithmetic in numpy."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ansinh.rules.adjusting import CHUNK_MAX, Pensions, adjust
from ansinh.rules.calculation import law
from ansinh.rules.variable import Ints

MONTH = "2026-07"
SECONDS_MAX = 60


def measure_rules(people: int, seed: int, progress: Callable[[int], None]) -> dict[str, Any]:
    """Adjust invented pensions in chunks, write each explanation as it would be stored, and compare amounts with the bare way."""
    law()
    before_mib = _peak_mib()
    begun = time.perf_counter()
    amounts, written, calculating = np.zeros(people, dtype=np.int64), 0, 0.0
    done = 0
    chunks = adjust(MONTH, _invented(people, seed))
    while True:
        started = time.perf_counter()
        chunk = next(chunks, None)
        calculating += time.perf_counter() - started
        if chunk is None:
            break
        amounts[done : done + chunk.amount.size] = chunk.amount
        # What would go down the wire to the store: the size is counted, the text let go.
        written += sum(map(len, chunk.compact()))
        done += chunk.amount.size
        progress(chunk.amount.size)
    seconds = time.perf_counter() - begun
    peak = _peak_mib()
    bare_seconds, bare = _bare(people, seed)
    return {
        "name": "rules",
        "n": people,
        "seconds": round(seconds, 2),
        "calculating_seconds": round(calculating, 2),
        "within": seconds <= SECONDS_MAX,
        "rate": round(people / seconds),
        "limit_rate": round(people / bare_seconds),
        "ratio": round(bare_seconds / seconds, 4),
        "peak_mib": round(peak),
        "before_mib": round(before_mib),
        "explanation_bytes": round(written / people, 1),
        "chunk": CHUNK_MAX,
        "equal": bool(np.array_equal(amounts, bare)),
    }


def _invented(people: int, seed: int) -> Iterator[Pensions]:
    """Yield invented pensions in parts, so that nobody holds them all."""
    drawn = np.random.default_rng(seed)
    for first in range(0, people, CHUNK_MAX):
        count = min(CHUNK_MAX, people - first)
        amounts = drawn.integers(1_500_000, 15_000_000, count)
        yield Pensions(amounts, drawn.random(count) < 0.15, drawn.random(count) < 0.01)


def _bare(people: int, seed: int) -> tuple[float, Ints]:
    """Return the seconds of the same arithmetic written out by hand over whole arrays, and its amounts."""
    parts = list(_invented(people, seed))
    before = np.concatenate([part.before for part in parts])
    old = np.concatenate([part.retired_before_1995 for part in parts])
    now = law().get_parameters_at_instant(f"{MONTH}-01").pension.adjustment
    percent, level, rise, up_to = (int(one) for one in (now.percent, now.old_level, now.old_rise, now.old_rise_up_to))
    begun = time.perf_counter()
    raised = (before * (100 + percent) + 50) // 100
    further = np.where(raised <= up_to, raised + rise, level)
    amounts = np.where(old & (raised < level), further, raised)
    return time.perf_counter() - begun, amounts


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

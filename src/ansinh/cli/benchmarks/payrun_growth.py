"""How the cost of a month's payments grows with the number of orders: each part, and how many times as long each size took as the one before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from ansinh.cli.benchmarks.payrun import measure_payrun

SIZES = (10_000, 100_000, 1_000_000)
# Ten times the orders may take eleven times as long; what is over before the clock can tell it says nothing.
TIMES_MAX, SECONDS_MIN = 11.0, 0.5


def measure_payrun_growth(
    sizes: Sequence[int], say: Callable[[str], None], progress: Callable[[int], None]
) -> dict[str, Any]:
    """Pay months of these sizes one after another and return the seconds of each part, its growth, and whether all of it is linear."""
    found = [parts_of(measure_payrun(orders, say, progress)) for orders in sizes]
    return {"name": "payrun_growth", **grown(sizes, found)}


def parts_of(month: dict[str, Any]) -> dict[str, float]:
    """Return the seconds of each part of a measured month, and its memory."""
    parts = dict(month["steps"])
    parts["read_again"] = month["verify_seconds"]
    parts["answers"] = month["answer_seconds"]
    parts["all"] = round(sum(parts.values()), 2)
    return parts | {"peak_mib": month["peak_mib"]}


def grown(sizes: Sequence[int], found: Sequence[dict[str, float]]) -> dict[str, Any]:
    """Return sizes, parts and growth as a table of numbers; `linear` where no part that can be told grew faster than the orders, a tenth allowed."""
    growth = [
        {
            part: round(after[part] / before[part], 1)
            for part in after
            if part != "peak_mib" and before.get(part, 0) >= SECONDS_MIN
        }
        for before, after in pairwise(found)
    ]
    allowed = [TIMES_MAX * after / before / 10 for before, after in pairwise(sizes)]
    linear = all(times <= most for one, most in zip(growth, allowed, strict=True) for times in one.values())
    return {"sizes": list(sizes), "parts": list(found), "growth": growth, "linear": linear}

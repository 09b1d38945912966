"""How the cost of each step of the first path grows with the number of people."""

from __future__ import annotations

import json
from typing import TypedDict

from ansinh.cli.benchmarks.watching import environment_in, own_home, run_watched


class Growth(TypedDict):
    """One size: seconds of each step, of all, and peak memory of programs and database together."""

    n: int
    seconds: float
    peak_mib: int
    steps: dict[str, float]


def measure_growth(people: int, seed: int) -> Growth:
    """Live the demo with so many people in a folder of its own and return what each step took."""
    with own_home() as home:
        times = home / "times.json"
        arguments = ["demo", "--people", str(people), "--seed", str(seed), "--no-serve", "--times", str(times)]
        watched = run_watched(arguments, home, environment_in(home))
        steps: dict[str, float] = json.loads(times.read_text("utf-8"))
        return {"n": people, "seconds": round(watched.seconds, 1), "peak_mib": watched.peak_mib, "steps": steps}

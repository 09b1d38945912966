"""How fast everyone is matched with the register, how the cost grows, and that memory stays where it is told to."""

from __future__ import annotations

import json
import math
import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypedDict

import psutil

from ansinh.cli.benchmarks.watching import environment_in, own_home, run_watched
from ansinh.cli.nation import create_nation
from ansinh.database.in_process import connect_in_process

MEMORY = "2GiB"
# Less than a million needs at its ease: the run spills, and must stay under it but for Python and the chunks taken in.
TIGHT_MEMORY = "700MiB"
BESIDE_MIB = 900
_MEBIBYTES = {"MiB": 1, "GiB": 1024}

# The least anybody could do: read both sides, join where number, name and full date are written alike, write whom that names.
_PLAIN = """
COPY (
    SELECT i.record_no, r.pin FROM read_parquet('{insured}') i JOIN read_parquet('{register}') r
    ON (i.id_number = r.pin OR i.id_number = r.old_number) AND lower(i.full_name) = lower(r.full_name)
        AND i.birth_year = r.birth_year AND i.birth_month = r.birth_month AND i.birth_day = r.birth_day
) TO '{target}' (FORMAT parquet)
"""


class Size(TypedDict):
    """One size: what matching everyone of a new dense nation took, and how good it was."""

    n: int
    seconds: float
    cpu_seconds: float
    peak_mib: int
    precision: float
    recall: float
    cpu_growth_per_10x: float | None


def measure_verify(
    sizes: Sequence[int], seed: int, tell: Callable[[str], None], tight: str | None = TIGHT_MEMORY
) -> dict[str, Any]:
    """Match dense nations of several sizes, the largest also by the bare way; with `tight`, again with so little memory.

    Rates are records per second of the largest size. The bare way is a plain DuckDB join on number, name and date as written.
    """
    grown: list[Size] = []
    with own_home() as home:
        for people in sorted(sizes):
            tell(f"verify, {people:,} people …")
            nation = home / f"{people}"
            create_nation(nation, people, seed, dense=True)
            found = _matched(home, nation, MEMORY)
            grown.append(_size(found, grown[-1] if grown else None))
        last = grown[-1]
        plain = _plain(nation)
        bounded = None
        if tight:
            tell(f"verify with {tight}, {last['n']:,} records …")
            again = _matched(home, nation, tight)
            bounded = {
                "memory": tight,
                "limit_mib": mebibytes(tight) + BESIDE_MIB,
                "peak_mib": again["peak_mib"],
                "seconds": again["seconds"],
                "same_links": (again["linked"], again["wrong"]) == (found["linked"], found["wrong"]),
            }
    rate, limit_rate = last["n"] / last["seconds"], last["n"] / plain["seconds"]
    return {
        "name": "verify",
        "n": last["n"],
        "seconds": last["seconds"],
        "rate": round(rate),
        "limit_rate": round(limit_rate),
        "ratio": round(rate / limit_rate, 4),
        "limit": "plain DuckDB join on number, name and date as written, Parquet to Parquet",
        "limit_linked": plain["linked"],
        "linked": found["linked"],
        "cpu_seconds": last["cpu_seconds"],
        "cpu_ratio": round(last["cpu_seconds"] / max(plain["cpu_seconds"], 0.01), 1),
        "p50_ms": None,
        "p99_ms": None,
        "peak_mib": last["peak_mib"],
        "memory": MEMORY,
        "sizes": grown,
        "bounded": bounded,
    }


def mebibytes(limit: str) -> int:
    """Return a size like 700MiB or 2GiB in MiB."""
    return int(limit[:-3]) * _MEBIBYTES[limit[-3:]]


def _matched(home: Path, nation: Path, memory: str) -> dict[str, Any]:
    arguments = ["people", "evaluate", str(nation), "--truth", "--memory", memory, "--json"]
    found: dict[str, Any] = json.loads(run_watched(arguments, home, environment_in(home)).printed)
    return found


def _size(found: dict[str, Any], before: Size | None) -> Size:
    growth = None
    if before and before["cpu_seconds"]:
        tens = math.log10(found["records"] / before["n"])
        growth = round((found["cpu_seconds"] / before["cpu_seconds"]) ** (1 / tens), 1)
    return {
        "n": found["records"],
        "seconds": found["seconds"],
        "cpu_seconds": found["cpu_seconds"],
        "peak_mib": found["peak_mib"],
        "precision": found["precision"],
        "recall": found["recall"],
        "cpu_growth_per_10x": growth,
    }


def _plain(nation: Path) -> dict[str, Any]:
    target = nation / "plain.parquet"
    query = _PLAIN.format(
        insured=nation / "agency/insured.parquet", register=nation / "register/person.parquet", target=target
    )
    used, begun = _processor_seconds(), time.perf_counter()
    with connect_in_process({"threads": psutil.cpu_count() or 1, "memory_limit": MEMORY}) as connection:
        connection.execute(query)
        seconds = time.perf_counter() - begun
        cpu = _processor_seconds() - used
        linked = connection.execute(f"SELECT count(*) FROM read_parquet('{target}')").fetchall()[0][0]
    return {"seconds": seconds, "cpu_seconds": cpu, "linked": linked}


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime

"""`docs/benchmarks.md`: what was measured, on what machine, in a form people read."""

from __future__ import annotations

import itertools
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from ansinh.cli.benchmarks.growth import Growth


def write_benchmarks(
    file: Path, standing: dict[str, Any], nation: dict[str, Any], verify: dict[str, Any], growth: Sequence[Growth]
) -> None:
    """Write the report, replacing the one before."""
    parts = [*_head(), *_standing(standing), *_nation(nation), *_verify(verify), *_growth(growth), ""]
    file.write_text("\n".join(parts), "utf-8")


def _head() -> list[str]:
    memory_gib = psutil.virtual_memory().total / (1 << 30)
    return [
        "# Benchmarks",
        "",
        "Written by `make bench`; do not edit. Ratios compare with the same work done the bare way, in the same run on the same machine.",
        "",
        (
            f"{datetime.now(UTC):%Y-%m-%d} · {_processor()}, {psutil.cpu_count()} cores, {memory_gib:.0f} GiB · "
            f"{platform.system()} {platform.release()} · Python {platform.python_version()} · embedded PostgreSQL"
        ),
        "",
    ]


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _standing(found: dict[str, Any]) -> list[str]:
    lines = [
        "## Audited look-ups over HTTP (`ansinh bench standing --json`)",
        "",
        (
            f"{found['n']:,} cards, uniform keys; every look-up leaves a durable, chained audit row before its answer. Database, server and load generator "
            "share the machine."
        ),
        "",
        "| way | per second | p50 ms | p99 ms |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| pgbench, prepared, {one['script']}, {one['clients']} clients | {one['rate']:,.0f} | | |"
        for one in found["bare"]
    ]
    lines += [
        f"| gateway, {one['connections']} connections | {one['rate']:,.0f} | {one['p50_ms']:.1f} | {one['p99_ms']:.1f} |"
        for one in found["levels"]
    ]
    return [*lines, "", _ratios(found), ""]


def _ratios(found: dict[str, Any]) -> str:
    return (
        f"Best level to the best pgbench: **{found['ratio']:.2f}**; best level with a p99 of at most {found['p99_ms_max']:.0f} ms: "
        f"**{found['ratio_within_p99']:.2f}**."
    )


def _nation(found: dict[str, Any]) -> list[str]:
    return [
        "## Inventing and loading a nation (`ansinh bench nation --json`)",
        "",
        (
            f"{found['n']:,} people: invented in {found['invent_seconds']:.0f} s, loaded in {found['load_seconds']:.0f} s ({found['rows']:,} rows in "
            f"the platform's tables, and the register's own store), peak {found['peak_mib']:,} MiB with the database. Bare COPY of the same rows into the same "
            f"tables and indexes: {found['limit_rate']:,} rows/s; ours {found['rate']:,} (ratio {found['ratio']:.2f})."
        ),
        "",
    ]


def _verify(found: dict[str, Any]) -> list[str]:
    lines = [
        "## Matching everyone with the register (`ansinh bench verify --json`)",
        "",
        (
            f"Dense invented nations, {found['memory']} allowed. At {found['n']:,} records {found['rate']:,} a second; a {found['limit']}: "
            f"{found['limit_rate']:,} (ratio {found['ratio']:.3f}), which links {found['limit_linked']:,}; ours {found['linked']:,}."
        ),
        "",
        "| records | s | processor s | ×10 records | peak MiB | precision | recall |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in found["sizes"]:
        growth = f"{one['cpu_growth_per_10x']:.1f}" if one["cpu_growth_per_10x"] else ""
        lines.append(
            f"| {one['n']:,} | {one['seconds']:.1f} | {one['cpu_seconds']:.1f} | {growth} | {one['peak_mib']:,} "
            f"| {one['precision']:.6f} | {one['recall']:.4f} |"
        )
    if bounded := found["bounded"]:
        same = "the same links" if bounded["same_links"] else "NOT the same links"
        lines += [
            "",
            (
                f"The largest again with {bounded['memory']} allowed: peak {bounded['peak_mib']:,} MiB with Python and everything else (bound "
                f"{bounded['limit_mib']:,}), {bounded['seconds']:.1f} s, {same}."
            ),
        ]
    return [*lines, ""]


def _growth(found: Sequence[Growth]) -> list[str]:
    sizes = [one["n"] for one in found]
    head = " | ".join(f"{size:,}" for size in sizes)
    ratios = [f"×{right / left:.0f} people" for left, right in itertools.pairwise(sizes)]
    lines = [
        "## How cost grows (`ansinh bench growth --json`)",
        "",
        "Seconds of each step of `ansinh demo`, and how many times as long each size took as the one before. Steps under half a second are start-up.",
        "",
        f"| step | {head} | {' | '.join(ratios)} |",
        "|---" * (1 + len(sizes) + len(ratios)) + "|",
    ]
    for step in found[-1]["steps"]:
        seconds = [one["steps"].get(step, 0.0) for one in found]
        lines.append(_row(step, seconds))
    lines.append(_row("**all**", [one["seconds"] for one in found]))
    peaks = " | ".join(f"{one['peak_mib']:,}" for one in found)
    return [*lines, f"| peak MiB, database included | {peaks} |{' |' * len(ratios)}", ""]


def _row(step: str, seconds: Sequence[float]) -> str:
    times = " | ".join(f"{one:.1f}" for one in seconds)
    ratios = " | ".join(f"{right / left:.1f}" if left >= 0.5 else "–" for left, right in itertools.pairwise(seconds))
    return f"| {step} | {times} | {ratios} |"

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
    file: Path,
    lookups: tuple[dict[str, Any], dict[str, Any], dict[str, Any]],
    nation: dict[str, Any],
    verify: dict[str, Any],
    payrun: dict[str, Any],
    growth: Sequence[Growth],
) -> None:
    """Write the report, replacing the one before; `lookups`: those of the native call, of the compatible door, of books."""
    standing, dialect, books = lookups
    parts = [
        *_head(),
        *_standing(standing),
        *_dialect(dialect),
        *_book(books),
        *_nation(nation),
        *verify_section(verify),
        *payrun_section(payrun),
        *_growth(growth),
        "",
    ]
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
        *_levels(found),
    ]
    return [*lines, "", _ratios(found), "", *_layers(found.get("layers", []))]


def _layers(found: list[dict[str, Any]]) -> list[str]:
    """Return what each layer adds: the gateway under the same load, its layers switched on one after the other."""
    if not found:
        return []
    lines = ["| up to layer | per second | gateway µs | database µs | p99 ms |", "|---|---|---|---|---|"]
    for one in found:
        spent = one["cpu_us"]
        lines.append(
            f"| {one['layer']} | {one['rate']:,.0f} | {spent['gateway']:.0f} | {spent['database']:.0f} | {one['p99_ms']:.1f} |"
        )
    return [*lines, ""]


def _dialect(found: dict[str, Any]) -> list[str]:
    within = (
        f"with a p99 of at most {found['p99_ms_max']:.0f} ms" if found["within_p99"] else "though slower than wanted"
    )
    return [
        "## The same through the compatible door (`ansinh bench dialect --json`)",
        "",
        (
            f"{found['n']:,} cards; credentials in the query, name and birth date compared, officer and account checked, answer in the hospitals' dialect; "
            "pgbench reads, compares and records the same."
        ),
        "",
        *_levels(found),
        "",
        (
            f"Best level {within} to the best pgbench: **{found['ratio']:.2f}**; whatever its p99: **{found['ratio_at_any_p99']:.2f}**. "
            f"p99 at 64 connections: {found['p99_ms_at_64']:.1f} ms."
        ),
        "",
    ]


def _book(found: dict[str, Any]) -> list[str]:
    return [
        "## Contribution books over HTTP (`ansinh bench book --json`)",
        "",
        (
            f"{found['n']:,} persons with {found['spans']:,} spans, uniform keys; each citizen reads the own book through one app, its months counted and its "
            "spans told, and every reading leaves a durable, chained audit row before its answer. pgbench reads, counts and records the same."
        ),
        "",
        *_levels(found),
        "",
        f"{_ratios(found)} p99 at 64 connections: {found['p99_ms_at_64']:.1f} ms.",
        "",
    ]


def _levels(found: dict[str, Any]) -> list[str]:
    return [
        "| way | per second | p50 ms | p99 ms |",
        "|---|---|---|---|",
        *(
            f"| pgbench, prepared, {one['script']}, {one['clients']} clients | {one['rate']:,.0f} | | |"
            for one in found["bare"]
        ),
        *(
            f"| gateway, {one['connections']} connections | {one['rate']:,.0f} | {one['p50_ms']:.1f} | {one['p99_ms']:.1f} |"
            for one in found["levels"]
        ),
    ]


def _ratios(found: dict[str, Any]) -> str:
    return (
        f"Best level with a p99 of at most {found['p99_ms_max']:.0f} ms to the best pgbench: **{found['ratio']:.2f}**; best level whatever its p99: "
        f"**{found['ratio_at_any_p99']:.2f}**."
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


def verify_section(found: dict[str, Any]) -> list[str]:
    """Return the lines about matching."""
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


def payrun_section(found: dict[str, Any]) -> list[str]:
    """Return the lines about a month of payments."""
    rows = [(f"ours: {name}", one) for name, one in found["steps"].items()]
    rows += [(f"bare: {name}", one) for name, one in found["limit_steps"].items()]
    return [
        "## A month of payments (`ansinh bench payrun --json`)",
        "",
        (
            f"{found['n']:,} orders built, ledgered, sealed and written as {found['messages']:,} messages for null banks and the post "
            f"({found['message_mib']:,} MiB) in {found['seconds']:.1f} s: **{found['times_bare']:.2f} ×** the {found['limit_seconds']:.1f} s of the same rows "
            f"by one INSERT…SELECT a table and COPY out. Reading the messages again, apart: {found['verify_seconds']:.1f} s. "
            f"Answers of all banks taken in, matched and posted: {found['matched']:,} in {found['answer_seconds']:.1f} s. "
            f"Peak of Python: {found['peak_mib']:,} MiB."
        ),
        "",
        "| part | s |",
        "|---|---|",
        *(f"| {name} | {seconds:.1f} |" for name, seconds in rows),
        "",
    ]


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

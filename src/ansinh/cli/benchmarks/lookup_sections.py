"""What the report says of look-ups and readings through the gateway."""

from __future__ import annotations

from typing import Any


def standing_section(found: dict[str, Any]) -> list[str]:
    """Return the lines about look-ups, with what each layer of the gateway costs."""
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


def dialect_section(found: dict[str, Any]) -> list[str]:
    """Return the lines about look-ups through the compatible door."""
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


def book_section(found: dict[str, Any]) -> list[str]:
    """Return the lines about contribution books."""
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


def healthbook_section(found: dict[str, Any]) -> list[str]:
    """Return the lines about health books."""
    return [
        "## Health books over HTTP (`ansinh bench healthbook --json`)",
        "",
        (
            f"{found['n']:,} persons; each citizen reads the own book through one app, and every reading leaves a durable, chained audit row before its "
            "answer. pgbench reads and records the same."
        ),
        "",
        *_levels(found),
        "",
        f"{_ratios(found)} p99 at 64 connections: {found['p99_ms_at_64']:.1f} ms.",
        "",
    ]


def pulls_section(found: dict[str, Any]) -> list[str]:
    """Return the lines about what the e-ID app pulls."""
    return [
        "## Cards and payments pulled by the e-ID app (`ansinh bench pulls --json`)",
        "",
        f"{found['n']:,} persons; every pull leaves a durable, chained audit row before its answer. pgbench runs the same audited statement one by one.",
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
    within, whatever = found["ratio"], found.get("ratio_at_any_p99")
    if "ratio_within_p99" in found:
        within, whatever = found["ratio_within_p99"], found["ratio"]
    told = "none" if within is None else f"{within:.2f}"
    return (
        f"Best level with a p99 of at most {found['p99_ms_max']:.0f} ms to the best pgbench: **{told}**; best level whatever its p99: "
        f"**{whatever:.2f}**."
    )

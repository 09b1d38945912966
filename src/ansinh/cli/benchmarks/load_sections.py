"""What the report says of loads: submissions of hospitals, months of visits, births and deaths, a dashboard."""

from __future__ import annotations

from typing import Any


def intake_section(found: dict[str, Any]) -> list[str]:
    """Return the lines about taking and settling submissions."""
    return [
        "## Submissions taken and settled (`ansinh bench intake --json`)",
        "",
        (
            f"{found['n']:,} encounter files of {found['bytes_mean']:,} bytes in the mean parsed, validated line by line, identified and stored: CPU "
            f"of worker and database **{found['cpu_ratio']:.2f} ×** that of lxml parsing envelope and decoded tables "
            f"({found['cpu_ratio_worker']:.2f} without the database)."
        ),
        "",
        "| way | committed a second | p50 ms | p99 ms |",
        "|---|---|---|---|",
        *(
            f"| pgbench inserting the same bytes, {one['clients']} clients | {one['rate']:,.0f} | | |"
            for one in found["bare"]
        ),
        *(
            f"| gateway, {one['connections']} connections | {one['rate']:,.0f} | {one['p50_ms']:.1f} | {one['p99_ms']:.1f} |"
            for one in found["levels"]
        ),
        "",
        f"Best level to the best pgbench: **{found['ratio']:.2f}**.",
        "",
    ]


def visits_section(found: dict[str, Any]) -> list[str]:
    """Return the lines about loads of visits at growing sizes."""
    lines = [
        "## A load of visits (`ansinh bench visits --json`)",
        "",
        (
            f"Everything hospitals send about so many visits, committed with receipts, then read by {found['workers']} workers; {found['people']:,} people at "
            "every size. The checks of `ansinh check` about receipts, books and papers hold after each."
        ),
        "",
        "| visits | submissions | taken s | settled s | CPU ms each | submitter MiB | worker MiB | database MiB |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {one['visits']:,} | {one['submissions']:,} | {one['take_seconds']:.0f} | {one['seconds']:.0f} | {one['cpu_ms_each']:.2f} "
        f"| {one['submitter_mib']:,} | {one['worker_mib']:,} | {one['database_mib']:,} |"
        for one in found["sizes"]
    ]
    for one in found["growth"]:
        lines += [
            "",
            f"{one['submissions']:.1f} × the submissions: {one['cpu']:.1f} × the CPU, {one['seconds']:.1f} × the seconds.",
        ]
    return [*lines, ""]


def lifeevents_section(found: dict[str, Any]) -> list[str]:
    """Return the lines about births and deaths through offices that fail and are killed."""
    wrong = {name: count for name, count in found["offending"].items() if count}
    return [
        "## Births and deaths through all partners (`ansinh bench lifeevents --json`)",
        "",
        (
            f"{found['n']:,} births and deaths, told by several partners in orders of their own, some twice; offices refuse, take back, stay silent, answer "
            f"twice and lose answers; {len(found['kills'])} `kill -9` of worker and database by turns, {found['worker_starts']} starts of the worker. Ended: "
            f"{_counts(found['ended'])}. Broken rules of {len(found['offending'])} counted: **{_counts(wrong) if wrong else 'none'}**. "
            f"{found['worked_seconds']:,.0f} s of work, {found['rate']:.1f} events a second, peak {found['peak_mib']:,} MiB."
        ),
        "",
    ]


def backlog_section(found: dict[str, Any]) -> list[str]:
    """Return the lines about a backlog drained, with the cost of a file."""
    lines = [
        "## A backlog of files drained (`ansinh bench lifeevents --backlog N --json`)",
        "",
        "Files filed while every office was away, half births, half deaths: sent, answered, heard, carried to their end.",
        "",
        "| files | s | s per 1,000 | worker's CPU ms a file | waiting for the database ms a file | peak MiB | left open |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {one['n']:,} | {one['seconds']:,.0f} | {one['per_thousand_seconds']:.1f} | {one['cpu_ms']:.1f} | {one['database_ms']:.1f} "
        f"| {one['peak_mib']:,} | {one['open']:,} |"
        for one in found["sizes"]
    ]
    return [*lines, ""]


def figures_section(found: dict[str, Any]) -> list[str]:
    """Return the lines about what a dashboard asks of its counters."""
    return [
        "## A dashboard's questions (`ansinh bench figures --json`)",
        "",
        f"{found['n']:,} daily counters of facilities, beside those of provinces and kinds; a page has {found['limit_seconds']:.0f} s.",
        "",
        "| question | s |",
        "|---|---|",
        *(f"| {name} | {seconds:.3f} |" for name, seconds in found["questions"].items()),
        "",
        f"The slowest takes **{found['seconds']:.2f} s**.",
        "",
    ]


def _counts(found: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in found.items())

"""What the report says of work on many rows: nations, matching, payments, the law, and how cost grows."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any


def nation_section(found: dict[str, Any]) -> list[str]:
    """Return the lines about inventing and loading."""
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


def growth_section(kept: dict[str, Any]) -> list[str]:
    """Return the lines about how the cost of living grows."""
    found = kept["sizes"]
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


def rules_section(found: dict[str, Any]) -> list[str]:
    """Return the lines about adjusting every pension by the law."""
    return [
        "## The law over every pension (`ansinh bench rules --json`)",
        "",
        (
            f"{found['n']:,} pensions adjusted, each with its explanation ({found['explanation_bytes']:.0f} bytes), in {found['seconds']:.1f} s; one "
            f"bare INSERT…SELECT of the same amounts: {found['limit_seconds']:.1f} s. CPU {found['cpu_ratio']:.2f} × the bare way's; peak "
            f"{found['peak_mib']:,} MiB; {'the same amounts' if found['equal'] else 'DIFFERENT amounts'} both ways."
        ),
        "",
    ]

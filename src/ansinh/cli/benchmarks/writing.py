"""`docs/benchmarks.md`: what was measured, on what machine and when, in a form people read; drawn from the figures kept beside it as data."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from ansinh.cli.benchmarks.load_sections import (
    backlog_section,
    figures_section,
    intake_section,
    lifeevents_section,
    visits_section,
)
from ansinh.cli.benchmarks.lookup_sections import (
    book_section,
    dialect_section,
    healthbook_section,
    pulls_section,
    standing_section,
)
from ansinh.cli.benchmarks.work_sections import (
    growth_section,
    nation_section,
    payrun_section,
    rules_section,
    verify_section,
)

SECTIONS: dict[str, Callable[[dict[str, Any]], list[str]]] = {
    "standing": standing_section,
    "dialect": dialect_section,
    "book": book_section,
    "healthbook": healthbook_section,
    "pulls": pulls_section,
    "intake": intake_section,
    "visits": visits_section,
    "lifeevents": lifeevents_section,
    "lifeevents-backlog": backlog_section,
    "nation": nation_section,
    "verify": verify_section,
    "rules": rules_section,
    "payrun": payrun_section,
    "growth": growth_section,
    "figures": figures_section,
}


def record(report: Path, found: dict[str, Any]) -> None:
    """Keep a measurement beside the report (same name, `.json`), in place of the former one of its name, and write the report anew.

    Raises KeyError when `found` has no `name` that the report knows.
    """
    name = found["name"]
    if name not in SECTIONS:
        raise KeyError(name)
    kept = _kept(report)
    kept[name] = {"measured_on": f"{datetime.now(UTC):%Y-%m-%d}", "machine": _machine(), "found": found}
    data = {one: kept[one] for one in SECTIONS if one in kept}
    report.with_suffix(".json").write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")
    report.write_text("\n".join(_report(data)), "utf-8")


def _kept(report: Path) -> dict[str, Any]:
    file = report.with_suffix(".json")
    kept: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return kept


def _report(kept: dict[str, Any]) -> list[str]:
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench` (or `ansinh bench record` from what one measurement printed); do not edit. Ratios compare with the same work done the bare",
        "way, in the same run on the same machine.",
        "",
    ]
    for name, one in kept.items():
        title, *rest = SECTIONS[name](one["found"])
        lines += [title, "", f"*{one['measured_on']} · {one['machine']}*", *rest]
    return lines


def _machine() -> str:
    memory_gib = psutil.virtual_memory().total / (1 << 30)
    return (
        f"{_processor()}, {psutil.cpu_count()} cores, {memory_gib:.0f} GiB · {platform.system()} {platform.release()} · "
        f"Python {platform.python_version()} · embedded PostgreSQL"
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()

"""What a campaign records: each test writes down its seeds, counts and figures; they are told after the run, and under `make campaign` kept in a file.

Tests that run on several cores each say what they did; here it comes together.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ansinh.database.folder import project_root

CAMPAIGN = bool(os.environ.get("CAMPAIGN"))
WRITTEN_DOWN = "written down"
RECORD = Path("build") / "campaign.jsonl"

Fact = int | float | str | list[int]
WriteDown = Callable[..., None]


@pytest.fixture
def write_down(record_property: Callable[[str, object], None]) -> WriteDown:
    """Keep facts of a test, by name, for the record of its run."""

    def written(**facts: Fact) -> None:
        record_property(WRITTEN_DOWN, facts)

    return written


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell what was written down, and append it to the record when this is a campaign."""
    lines = [{"test": test} | facts for test, facts in _written(terminalreporter)]
    if not lines:
        return
    told = [json.dumps(line, ensure_ascii=False) for line in lines]
    terminalreporter.section("written down")
    for line in told:
        terminalreporter.write_line(line)
    if CAMPAIGN:
        record = project_root() / RECORD
        record.parent.mkdir(exist_ok=True)
        with record.open("a", encoding="utf-8") as kept:
            kept.writelines(f"{line}\n" for line in told)


def _written(terminalreporter: pytest.TerminalReporter) -> Iterator[tuple[str, dict[str, Fact]]]:
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport) and report.when == "call":
                for name, facts in report.user_properties:
                    if name == WRITTEN_DOWN and isinstance(facts, dict):
                        yield report.nodeid, facts

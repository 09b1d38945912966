"""What `ansinh bench verify` says about runs, without running them at size."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from ansinh.cli.benchmarks import verify
from ansinh.cli.benchmarks.watching import Watched
from ansinh.cli.benchmarks.work_sections import verify_section


def test_growth_is_told_per_ten_times_and_the_bound_with_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(arguments: Sequence[str], *_: Any) -> Watched:
        people = int(arguments[2].rsplit("/", 1)[1])
        tight = "700MiB" in arguments
        found = {
            "records": people, "linked": people - 7, "wrong": 0, "precision": 1.0, "recall": 0.99, "seconds": people / 1000,
            "cpu_seconds": people / 500, "peak_mib": 1_400 if tight else 1_900,
        }  # fmt: skip
        return Watched(1.0, 0, json.dumps(found))

    monkeypatch.setattr(verify, "run_watched", run)
    found = verify.measure_verify([4_000, 1_000], 3, lambda words: None)
    assert [one["n"] for one in found["sizes"]] == [1_000, 4_000]
    assert found["sizes"][1]["cpu_growth_per_10x"] == pytest.approx(10, abs=0.1)
    assert {"name", "n", "seconds", "rate", "limit_rate", "ratio", "cpu_ratio", "p50_ms", "p99_ms", "peak_mib"} <= set(
        found
    )
    assert 0 < found["limit_linked"] <= 4_000
    assert found["bounded"] == {
        "memory": "700MiB",
        "limit_mib": 1_600,
        "peak_mib": 1_400,
        "seconds": 4.0,
        "same_links": True,
    }
    assert "the same links" in "\n".join(verify_section(found))

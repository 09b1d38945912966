"""Spark decides like DuckDB: the same records, the same people, the same reasons. Needs `make spark`; runs under `make campaign`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import ansinh_synthetic
from ansinh.cli.matching import Engine, resources_for
from ansinh.foundation.errors import InvalidInput
from ansinh.people.matching import Resources, match
from tests.matching.small_worlds import sources

PEOPLE, SEED = 20_000, 41
# Sums are added up in another order: far less than any threshold is told to.
TOLERANCE = 1e-9
# Two workers, each a process of its own, as a cluster has them; nobody else can reach them.
TWO_WORKERS = (
    "--master local-cluster[2,1,1024] --conf spark.driver.host=127.0.0.1 --conf spark.driver.bindAddress=127.0.0.1"
    " --conf spark.ui.enabled=false --conf spark.sql.shuffle.partitions=4 pyspark-shell"
)


@pytest.fixture
def two_workers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Spark on two worker processes, gone at the end."""
    if "CAMPAIGN" not in os.environ:
        pytest.skip("runs under make campaign")
    sql = pytest.importorskip("pyspark.sql", reason="make spark installs it")
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", TWO_WORKERS)
    yield
    running = sql.SparkSession.getActiveSession()
    if running:
        running.stop()


def decided(nation: Path, work: Path, engine: str) -> dict[int, dict[str, Any]]:
    batches = match(*sources(nation), work, resources=Resources("1GiB", 2, engine))
    return {row["record"]: row for batch in batches for row in batch.to_pylist()}


def told(row: dict[str, Any]) -> tuple[Any, ...]:
    """Return everything of a decision but the sums."""
    levels = tuple(row[f"{name}_level"] for name in ("name", "date", "sex"))
    corrections = tuple((c["field"], c["ours"], c["register"], c["kind"]) for c in row["corrections"])
    candidates = tuple(c["pin"] for c in row["candidates"] or ())
    reasons = tuple((w["field"], w["level"]) for w in row["weights"] or ())
    return row["verdict"], row["pin"], row["rule"], row["duplicate"], levels, corrections, candidates, reasons


@pytest.mark.campaign
@pytest.mark.xdist_group("spark")
def test_spark_decides_about_each_of_twenty_thousand_like_duckdb(two_workers: None, tmp_path: Path) -> None:
    nation = tmp_path / "nation"
    ansinh_synthetic.create(nation, PEOPLE, SEED, dense=True)
    ours, theirs = (decided(nation, tmp_path / engine, engine) for engine in ("duckdb", "spark"))
    assert ours.keys() == theirs.keys()
    differing = {
        record: (told(ours[record]), told(theirs[record]))
        for record in ours
        if told(ours[record]) != told(theirs[record])
    }
    assert not differing, list(differing.items())[:3]
    for record, row in ours.items():
        for name in ("posterior", "score", "runner_up"):
            assert (theirs[record][name] is None) == (row[name] is None)
            assert abs((theirs[record][name] or 0.0) - (row[name] or 0.0)) < TOLERANCE


def test_asking_for_spark_where_it_is_not_installed_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ansinh.cli.matching.find_spec", lambda name: None)
    with pytest.raises(InvalidInput, match=r"docs/howto/spark\.md"):
        resources_for(Engine.SPARK, "2GiB")


@pytest.mark.parametrize("memory", ["", "2", "2GB", "-1GiB", "2GiB; DROP", "két"])
def test_memory_that_is_not_understood_is_refused(memory: str) -> None:
    with pytest.raises(InvalidInput, match="700MiB"):
        resources_for(Engine.DUCKDB, memory)

"""Promises of a whole run: order and ids tell nothing, cut-off runs go on, memory is bounded, few errors on an invented nation."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import ansinh_synthetic
from ansinh.people.matching import LINKED, SCHEMA, Resources, Source, engine, evaluate, match
from ansinh.people.matching.workspace import Workspace
from tests.matching.small_worlds import SMALL, decisions, sources
from tests.matching.splink_itself import splink_weights

PEOPLE, SEED = 2_000, 5


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dense")
    ansinh_synthetic.create(folder, PEOPLE, SEED, dense=True)
    return folder


@pytest.fixture(scope="module")
def decided(nation: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[int, dict[str, Any]]]:
    work = tmp_path_factory.mktemp("work")
    return work, decisions(*sources(nation), work)


def told(decision: dict[str, Any]) -> tuple[Any, ...]:
    return decision["verdict"], decision["pin"], decision["rule"], decision["duplicate"]


def test_every_record_has_exactly_one_decision_of_the_schema(nation: Path, tmp_path: Path) -> None:
    batches = list(match(*sources(nation), tmp_path, resources=SMALL))
    assert all(batch.schema.names == SCHEMA.names for batch in batches)
    records = np.concatenate([batch["record"].to_numpy() for batch in batches])
    expected = pq.read_table(nation / "agency/insured.parquet")["record_no"].to_numpy()
    assert sorted(records) == sorted(expected)


def test_a_dense_nation_is_linked_almost_whole_without_a_wrong_link(
    nation: Path, decided: tuple[Path, dict[int, dict[str, Any]]]
) -> None:
    report = evaluate(
        sorted((decided[0] / "decisions").glob("*.parquet")),
        [nation / "agency/insured.parquet"],
        [nation / "truth/link.parquet"],
    )
    assert report.wrong == 0
    assert report.recall > 0.985
    assert report.recall_with_review > 0.995
    assert report.duplicates_found > 0.9
    assert {"no_number", "year_only", "moved"} <= set(report.groups)
    assert report.provinces
    assert report.ages


def test_row_order_and_ids_tell_nothing(
    nation: Path, decided: tuple[Path, dict[int, dict[str, Any]]], tmp_path: Path
) -> None:
    rng = np.random.default_rng(3)
    insured, register = (pq.read_table(side.files[0]) for side in sources(nation))
    insured, register = (table.take(pa.array(rng.permutation(table.num_rows))) for table in (insured, register))
    old = insured["record_no"].to_numpy()
    new = rng.permutation(old) + 1_000_000
    insured = insured.set_column(0, "record_no", pa.array(new))
    households = np.unique(register["household"].to_numpy())
    renamed = dict(zip(households.tolist(), rng.permutation(households).tolist(), strict=True))
    place = register.schema.get_field_index("household")
    register = register.set_column(
        place, "household", pa.array([renamed[h] for h in register["household"].to_pylist()])
    )
    pq.write_table(insured, tmp_path / "insured.parquet")
    pq.write_table(register, tmp_path / "register.parquet")
    shuffled = decisions(
        Source.of(tmp_path / "insured.parquet"), Source.of(tmp_path / "register.parquet"), tmp_path / "work"
    )
    before = {int(o): told(decided[1][int(o)]) for o in old}
    after = {int(o): told(shuffled[int(n)]) for o, n in zip(old, new, strict=True)}
    assert after == before


def test_a_run_cut_off_between_any_two_pieces_goes_on(
    nation: Path, decided: tuple[Path, dict[int, dict[str, Any]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Workspace.make
    made: list[str] = []

    def one_piece_only(self: Workspace, kind: str, name: str, work: Any) -> Path:
        if not self.piece(kind, name).exists():
            if made and made[-1] == "cut":
                made.append("go")
                raise KeyboardInterrupt
            made.append("cut")
        return whole(self, kind, name, work)

    monkeypatch.setattr(Workspace, "make", one_piece_only)
    found: dict[int, dict[str, Any]] = {}
    for _ in range(60):
        try:
            found = decisions(*sources(nation), tmp_path)
            break
        except KeyboardInterrupt:
            continue
    assert made.count("go") >= 5
    assert {r: told(d) for r, d in found.items()} == {r: told(d) for r, d in decided[1].items()}


def test_a_run_killed_hard_goes_on_with_what_was_finished(
    nation: Path, decided: tuple[Path, dict[int, dict[str, Any]]], tmp_path: Path
) -> None:
    program = (
        "import sys, os, signal; from pathlib import Path; from ansinh.people.matching import engine\n"
        "from tests.matching.small_worlds import decisions, sources\n"
        "whole = engine._near\n"
        "def killed(*a):\n    whole(*a); os.kill(os.getpid(), signal.SIGKILL)\n"
        "engine._near = killed\n"
        "decisions(*sources(Path(sys.argv[1])), Path(sys.argv[2]))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, str(nation), str(tmp_path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        check=False,
        capture_output=True,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    finished = next((tmp_path / "numbers").glob("*.parquet")).stat().st_mtime_ns
    found = decisions(*sources(nation), tmp_path)
    assert {r: told(d) for r, d in found.items()} == {r: told(d) for r, d in decided[1].items()}
    assert next((tmp_path / "numbers").glob("*.parquet")).stat().st_mtime_ns == finished


def test_asked_again_only_about_some_it_decides_the_same(
    nation: Path, decided: tuple[Path, dict[int, dict[str, Any]]], tmp_path: Path
) -> None:
    insured = pq.read_table(nation / "agency/insured.parquet")
    asked = [row for row in insured.to_pylist() if row["record_no"] % 20 == 0]
    kept = [
        {"record_no": row["record_no"], "pin": decided[1][row["record_no"]]["pin"], "household": row["household"]}
        for row in insured.to_pylist()
        if row["record_no"] % 20 and decided[1][row["record_no"]]["verdict"] in LINKED
    ]
    pq.write_table(pa.Table.from_pylist(asked, insured.schema), tmp_path / "asked.parquet")
    pq.write_table(pa.Table.from_pylist(kept), tmp_path / "settled.parquet")
    again = decisions(
        Source.of(tmp_path / "asked.parquet"),
        sources(nation)[1],
        tmp_path / "work",
        Source.of(tmp_path / "settled.parquet"),
    )
    assert set(again) == {row["record_no"] for row in asked}
    sure = {r for r, d in again.items() if d["verdict"] in LINKED}
    assert all(decided[1][r]["pin"] == again[r]["pin"] for r in sure)
    before = {r for r in again if decided[1][r]["verdict"] in LINKED}
    assert len(sure & before) >= 0.98 * len(before)


def test_several_slices_decide_like_one(
    nation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    del nation
    folder = tmp_path_factory.mktemp("ages")
    ansinh_synthetic.create(folder, 2_000, SEED)
    limits = engine.thresholds()
    monkeypatch.setattr(engine, "thresholds", lambda: {**limits, "slices": {"register_rows": 700}})
    found = decisions(*sources(folder), tmp_path)
    pieces = {file.stem for file in (tmp_path / "decisions").glob("*.parquet")}
    assert len(pieces) >= 3
    truth = {row["record_no"]: row["pin"] for row in pq.read_table(folder / "truth/link.parquet").to_pylist()}
    linked = {r: d["pin"] for r, d in found.items() if d["verdict"] in LINKED}
    assert all(truth[r] == pin for r, pin in linked.items())
    assert len(linked) > 0.95 * sum(1 for r, pin in truth.items() if pin and found[r]["verdict"] != "excluded")


def test_the_memory_allowed_is_what_the_database_may_use(tmp_path: Path) -> None:
    space = Workspace(tmp_path, Resources(memory_limit="300MiB", threads=1))
    with space.connection() as connection:
        settings = dict(connection.execute("SELECT name, value FROM duckdb_settings()").fetchall())
    assert settings["memory_limit"].startswith("300")
    assert settings["threads"] == "1"
    assert settings["temp_directory"] == str(tmp_path / "spill")


def test_model_weights_are_those_splink_itself_gives(decided: tuple[Path, dict[int, dict[str, Any]]]) -> None:
    ours = dict(_scored(decided[0]))
    theirs = splink_weights(decided[0], list(ours))
    assert len(theirs) == len(ours) > 50
    assert max(abs(ours[pair] - theirs[pair]) for pair in ours) < 1e-6


def _scored(work: Path) -> Iterator[tuple[tuple[int, int], float]]:
    with duckdb.connect() as connection:
        for record, person, weight in connection.execute(
            f"SELECT record, person, weight FROM read_parquet('{work}/scored/*.parquet')"
        ).fetchall():
            yield (record, person), weight

"""The commands evaluate and link, and the words of an explanation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import ansinh_synthetic
from ansinh.cli.linking import link
from ansinh.cli.matching import evaluate_nation
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.people.matching.explaining import explained, waterfall

APP = typer.Typer()
for name, command in (("evaluate", evaluate_nation), ("link", link)):
    APP.command(name)(command)


def run(*words: object) -> str:
    return CliRunner().invoke(APP, [str(word) for word in words], catch_exceptions=False).stdout


def test_evaluate_prints_shares_and_groups(tmp_path: Path) -> None:
    ansinh_synthetic.create(tmp_path / "nation", 1_000, 6, dense=True)
    report = json.loads(run("evaluate", tmp_path / "nation", "--truth", "--json"))
    assert {"precision", "recall", "recall_with_review", "duplicates_found", "groups"} <= set(report)
    assert report["precision"] == 1.0
    run("evaluate", tmp_path / "nation")


def test_evaluate_without_a_truth_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        run("evaluate", tmp_path)


def test_link_prints_pairs_with_probabilities_and_refuses_what_it_cannot_read(tmp_path: Path) -> None:
    people = [
        (f"Ng{chr(97 + n % 26)}an", f"Bi{chr(97 + n * 7 % 26)}h{n % 9}", f"19{50 + n % 40}03{n % 28 + 1:02d}")
        for n in range(60)
    ]
    for file, head in (("a.csv", "given,surname,born"), ("b.csv", "first,last,birth")):
        rows = [head, *(",".join(one) for one in people)]
        (tmp_path / file).write_text("\n".join(rows) + "\n", encoding="utf-8")
    on = "given=given/first,surname=surname/last,born=born/birth"
    said = run("link", tmp_path / "a.csv", tmp_path / "b.csv", "--on", on, "--one-to-one", "--json")
    pairs = json.loads(said)["pairs"]
    assert pairs
    assert all(pair["ours"] == pair["theirs"] for pair in pairs)
    run("link", tmp_path / "a.csv", tmp_path / "b.csv", "--on", on, "--out", tmp_path / "pairs.csv")
    assert (tmp_path / "pairs.csv").read_text(encoding="utf-8").startswith("ours,theirs,probability")
    with pytest.raises(InvalidInput):
        run("link", tmp_path / "a.csv", tmp_path / "b.csv", "--on", "given")


def test_a_waterfall_begins_with_chance_and_ends_with_the_sum() -> None:
    weights = [
        {"field": "name", "level": "letters equal", "weight": 14.0},
        {"field": "sex", "level": "differs", "weight": -6.0},
        {"field": "prior", "level": "chance", "weight": -24.0},
    ]
    decision = {"verdict": "candidate", "rule": "model", "model": "m", "weights": weights, "posterior": 0.3}
    lines = waterfall(decision)
    assert [line.field for line in lines] == ["prior", "name", "sex"]
    assert lines[-1].total == -16.0
    assert "posterior 0.300000" in explained(decision)


def test_evaluate_invents_a_nation_of_its_own_for_a_seed() -> None:
    report = json.loads(run("evaluate", "--truth", "--seed", 12, "--people", 1_000, "--json"))
    assert report["records"] == 950
    assert report["precision"] == 1.0
    assert report["cpu_seconds"] > 0

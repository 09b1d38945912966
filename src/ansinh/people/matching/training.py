"""Training the model: apart from scoring, rarely, on a random sample of all insured records; the result is a file an expert can read.

The chance of agreement between strangers (u) comes from random pairs, between records of one person (m) from expectation maximisation
over pairs with an equal number and over pairs with an equal name and date; the truth of an invented nation is never used.
"""

from __future__ import annotations

import logging
import tempfile
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
from splink import DuckDBAPI, Linker

from ansinh.people.matching import settings
from ansinh.people.matching.source import Slice, Source, step, take_in
from ansinh.people.matching.workspace import Resources, Workspace

SAMPLE_ROWS = 100_000
RANDOM_PAIRS = 3_000_000
SEED = 20250601
# No level is taken as impossible: what the sample lacks may still happen.
M_FLOOR, U_FLOOR = 5e-4, 1e-7
# Births spread over about 75 years: the chance that two random people share the year. A sample of few years cannot tell it.
YEARS_ALIVE = 75
_OTHER_YEAR = {"year off by one": 2 / YEARS_ALIVE / 365, "digit of the year": 8 / YEARS_ALIVE / 365}
_LAST_DATE_LEVEL = "other date"
_EM_BLOCKS = (
    "l.number12 = r.number12",
    "l.key = r.key AND l.year = r.year AND l.month = r.month AND l.day = r.day",
)


def train(insured: Source, register: Source, *, name: str, data_date: date, resources: Resources) -> dict[str, Any]:
    """Return a trained model as Splink reads it, with a `card` that says what it was trained from.

    Memory grows with the register, of which one or a few birth years are enough.
    """
    with tempfile.TemporaryDirectory() as folder:
        work, everyone = Workspace(Path(folder), resources), Slice("all", -1, 9999)
        take_in(register, "register", [everyone], work.folder / "register")
        take_in(insured, "insured", [everyone], work.folder / "insured")
        with work.connection() as connection:
            work.view(connection, "insured_files", work.normal("insured", everyone))
            work.view(connection, "register_files", work.normal("register", everyone))
            _frames(connection)
            model = _estimated(connection)
    for comparison in model["comparisons"]:
        _finish(comparison["output_column_name"], comparison["comparison_levels"])
    model["card"] = {
        "version": name,
        "data_date": data_date.isoformat(),
        "sample_rows": SAMPLE_ROWS,
        "random_pairs": RANDOM_PAIRS,
        "year_chance": 1 / YEARS_ALIVE,
        "splink": version("splink"),
        "duckdb": version("duckdb"),
    }
    return model


def _frames(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the two frames Splink compares: a random sample of the records, with the households their relatives name, and the register."""
    connection.execute("CREATE TEMP TABLE insured AS FROM insured_files WHERE NOT excluded")
    connection.execute("CREATE TEMP TABLE register AS FROM register_files")
    connection.execute(step("numbers"))
    connection.execute(step("numbers_decided"))
    connection.execute(
        "CREATE TEMP TABLE accepted AS SELECT d.record, i.household, r.household AS register_household FROM number_decided d"
        " JOIN insured i ON i.record = d.record JOIN register r ON r.record = d.person WHERE outcome = 'accept'"
    )
    connection.execute(f"CREATE TEMP TABLE sampled AS FROM insured ORDER BY hash(record) LIMIT {SAMPLE_ROWS}")
    connection.execute(step("others_households"))
    both = [c for c in settings.COLUMNS if c not in {"household", "anchor", "other_anchor"}]
    connection.execute(
        f"CREATE TABLE training_insured AS SELECT {', '.join(f's.{c}' for c in both)}, NULL::BIGINT AS household, anchor, other_anchor"
        " FROM sampled s LEFT JOIN others_households o ON o.record = s.record"
    )
    connection.execute(
        f"CREATE TABLE training_register AS SELECT {', '.join(both)}, household, NULL::BIGINT AS anchor, NULL::BIGINT AS other_anchor"
        " FROM register"
    )


def _estimated(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    # What it says about levels nobody reached is settled by the floors below.
    logging.getLogger("splink").setLevel(logging.ERROR)
    database = DuckDBAPI(connection)
    frames = [database.register(f"training_{side}", dataset_display_name=side) for side in ("insured", "register")]
    linker = Linker(frames, settings.untrained(), log_level=None)
    linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=SEED)
    for block in _EM_BLOCKS:
        linker.training.estimate_parameters_using_expectation_maximisation(
            block, estimate_without_term_frequencies=True
        )
    saved: dict[str, Any] = linker.misc.save_model_to_json()
    return saved


def _finish(name: str, levels: list[dict[str, Any]]) -> None:
    """Give unseen levels the least probability, dates the chance of sharing a year, and make the probabilities sum to one."""
    told = [level for level in levels if not level.get("is_null_level")]
    for level in told:
        level.setdefault("m_probability", M_FLOOR)
        level.setdefault("u_probability", U_FLOOR)
    if name == "date":
        _spread_over_years(told)
    for kind, floor in (("m_probability", M_FLOOR), ("u_probability", U_FLOOR)):
        total = sum(max(level[kind], floor) for level in told)
        for level in told:
            level[kind] = float(f"{max(level[kind], floor) / total:.6g}")


def _spread_over_years(levels: list[dict[str, Any]]) -> None:
    rest = {*_OTHER_YEAR, _LAST_DATE_LEVEL}
    same_year = sum(level["u_probability"] for level in levels if level["label_for_charts"] not in rest)
    for level in levels:
        label = level["label_for_charts"]
        if label not in rest:
            level["u_probability"] /= same_year * YEARS_ALIVE
        elif label in _OTHER_YEAR:
            level["u_probability"] = _OTHER_YEAR[label]
    last = next(level for level in levels if level["label_for_charts"] == _LAST_DATE_LEVEL)
    last["u_probability"] = 1 - sum(level["u_probability"] for level in levels if level is not last)

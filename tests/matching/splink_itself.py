"""Scores of Splink's own for pairs the engine has scored, with the same saved model."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
from splink import DuckDBAPI, Linker

from ansinh.people.matching.settings import COLUMNS
from ansinh.people.matching.source import HERE


def splink_weights(work: Path, pairs: list[tuple[int, int]]) -> dict[tuple[int, int], float]:
    """Return Splink's match weight, without the prior, for pairs (record, person) of a finished run."""
    with duckdb.connect() as connection:
        both = [c for c in COLUMNS if c not in {"household", "anchor", "other_anchor"}]
        connection.execute(
            f"CREATE TABLE ours AS SELECT {', '.join(both)}, NULL::BIGINT AS household, anchor, other_anchor"
            f" FROM read_parquet('{work}/open/all.parquet')"
        )
        connection.execute(
            f"CREATE TABLE theirs AS SELECT {', '.join(both)}, household, NULL::BIGINT AS anchor, NULL::BIGINT AS other_anchor"
            f" FROM read_parquet('{work}/register/*/*.parquet')"
        )
        return _predicted(connection, pairs)


def _predicted(connection: duckdb.DuckDBPyConnection, pairs: list[tuple[int, int]]) -> dict[tuple[int, int], float]:
    saved = json.loads((HERE / "model.json").read_text(encoding="utf-8"))
    del saved["card"]
    saved["probability_two_random_records_match"] = 0.5
    saved["blocking_rules_to_generate_predictions"] = ["l.year = r.year OR true"]
    database = DuckDBAPI(connection)
    frames = [
        database.register(f"{side}", dataset_display_name=name)
        for side, name in (("ours", "insured"), ("theirs", "register"))
    ]
    linker = Linker(frames, saved, log_level=None)
    for column in sorted(
        {
            x["tf_adjustment_column"]
            for c in saved["comparisons"]
            for x in c["comparison_levels"]
            if "tf_adjustment_column" in x
        }
    ):
        shares = database.register(
            connection.sql(
                f"SELECT {column}, count(*) / (SELECT count(*) FROM theirs)::DOUBLE AS tf_{column} FROM theirs GROUP BY {column}"
            ).to_arrow_table()
        )
        linker.table_management.register_term_frequency_lookup(shares, column)
    predicted = linker.inference.predict()
    rows = connection.execute(f"SELECT record_l, record_r, match_weight FROM {predicted.physical_name}").fetchall()
    known = set(pairs)
    return {(one, other): weight for one, other, weight in rows if (one, other) in known}

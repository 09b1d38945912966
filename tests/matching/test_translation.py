"""What Spark is told is what the steps say, also where the two dialects differ."""

from __future__ import annotations

import pytest
import sqlglot

from ansinh.people.matching.translation import translated


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("FROM a", "SELECT * FROM `a`"),
        ("SELECT key[1:4] FROM a", "SELECT SUBSTRING(`key`, 1, 4) FROM `a`"),
        ("SELECT number12[5:12] FROM a", "SELECT SUBSTRING(`number12`, 5, 8) FROM `a`"),
        (
            "SELECT count(*) FILTER (good) OVER (PARTITION BY record) AS n FROM a",
            "SELECT COUNT_IF(`good`) OVER (PARTITION BY `record`) AS `n` FROM `a`",
        ),
        (
            "FROM a WHERE record NOT IN (SELECT record FROM b)",
            "SELECT * FROM `a` WHERE NOT EXISTS(SELECT 1 FROM (SELECT `record` AS `named_here` FROM `b`) AS `named` WHERE `named_here` = `record`)",
        ),
        (
            "FROM a QUALIFY count(*) OVER (PARTITION BY record) = 1",
            (
                "SELECT * EXCEPT (`kept_here`) FROM (SELECT *, COUNT(*) OVER (PARTITION BY `record`) = 1 AS `kept_here` FROM `a`) AS `judged_here`"
                " WHERE `kept_here`"
            ),
        ),
        ("SELECT 0.015 * n / m AS s FROM a", "SELECT CAST(0.015 AS DOUBLE) * `n` / `m` AS `s` FROM `a`"),
        ("SELECT array_length(x) FROM a", "SELECT SIZE(`x`) FROM `a`"),
    ],
)
def test_a_query_of_ours_as_spark_says_it(ours: str, theirs: str) -> None:
    assert translated(sqlglot.parse_one(ours, read="duckdb")) == theirs


def test_conditions_on_a_window_are_found_at_any_depth() -> None:
    query = "WITH best AS (FROM a QUALIFY row_number() OVER (ORDER BY x) = 1) FROM best QUALIFY count(*) OVER () = 1"
    said = translated(sqlglot.parse_one(query, read="duckdb"))
    assert "QUALIFY" not in said
    assert said.count("EXCEPT (`kept_here`)") == 2

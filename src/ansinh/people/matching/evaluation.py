"""How good the decisions are, against the truth of an invented nation: counts first, shares with intervals after them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from ansinh.database.in_process import connect_in_process

# Groups whose recall is told apart: name → condition on the record as typed (`i`) and the marks of its damage (`damage`).
GROUPS = {
    "no_number": "i.id_number IS NULL OR i.id_number = ''",
    "old_number": "list_contains(damage, 'old_number')",
    "year_only": "i.birth_year IS NOT NULL AND i.birth_month IS NULL",
    "no_date": "i.birth_year IS NULL",
    "moved": "list_contains(damage, 'moved')",
    "no_number_moved_no_household": "(i.id_number IS NULL OR i.id_number = '') AND list_contains(damage, 'moved') AND i.household IS NULL",
    "year_only_no_number_no_household": "i.birth_month IS NULL AND (i.id_number IS NULL OR i.id_number = '') AND i.household IS NULL",
    "second_record": "list_contains(damage, 'second_record')",
}


@dataclass(frozen=True, slots=True)
class Report:
    """Measured against the truth. Excluded records (armed forces and relatives) are counted apart and are in no share."""

    records: int
    excluded: int
    linked: int
    wrong: int
    precision: float
    precision_interval: tuple[float, float]
    recall: float
    recall_with_review: float
    f1: float
    to_review: int
    review_first_right: float
    strangers_linked: int
    duplicates: int
    duplicates_found: float
    duplicate_groups_pure: float
    verdicts: dict[str, dict[str, Any]]
    rules: dict[str, dict[str, int]]
    damage: dict[str, dict[str, Any]]
    groups: dict[str, dict[str, Any]]
    provinces: dict[str, dict[str, Any]]
    ages: dict[str, dict[str, Any]]

    def as_dict(self) -> dict[str, Any]:
        """Return the report for machines."""
        return asdict(self)


def evaluate(decisions: Sequence[Path], insured: Sequence[Path], truth: Sequence[Path]) -> Report:
    """Compare decisions with the truth; `insured` tells who stated what, for the groups. All are Parquet files."""
    with connect_in_process() as connection:
        for name, files in (("decision_files", decisions), ("insured_files", insured), ("truth_files", truth)):
            listed = ", ".join(f"'{file}'" for file in files)
            connection.execute(f"CREATE TEMP VIEW {name} AS FROM read_parquet([{listed}])")
        connection.execute(_JUDGED)
        return _report(connection)


_JUDGED = """
CREATE TEMP TABLE judged AS
SELECT i.record_no AS record, i.id_number, i.birth_year, i.birth_month, i.household, i.province, t.pin AS truth,
    string_split(coalesce(t.damage, ''), ',') AS damage, d.verdict, d.rule, d.pin, d.duplicate,
    (d.verdict IN ('verified', 'corrected')) AS linked,
    coalesce(d.pin = t.pin, false) AS person_right,
    (linked AND person_right) AS found,
    (found OR (d.verdict = 'candidate' AND t.pin IS NOT NULL
        AND list_contains(list_transform(d.candidates, lambda c: c.pin), t.pin))) AS found_or_shown
FROM insured_files i
JOIN truth_files t ON t.record_no = i.record_no
LEFT JOIN decision_files d ON d.record = i.record_no
"""


def _report(connection: duckdb.DuckDBPyConnection) -> Report:
    one = _row(
        connection,
        """
        SELECT count(*) AS records, count(*) FILTER (verdict = 'excluded') AS excluded,
            count(*) FILTER (linked) AS linked, count(*) FILTER (linked AND NOT person_right) AS wrong,
            count(*) FILTER (found) AS found, count(*) FILTER (found_or_shown) AS shown,
            count(truth) FILTER (verdict IS DISTINCT FROM 'excluded') AS known,
            count(*) FILTER (verdict = 'candidate') AS to_review,
            count(*) FILTER (verdict = 'candidate' AND person_right) AS first_right,
            count(*) FILTER (linked AND truth IS NULL) AS strangers_linked
        FROM judged
        """,
    )
    surplus, surplus_found, groups, pure = _duplicates(connection)
    precision, recall = 1 - _share(one["wrong"], one["linked"]), _share(one["found"], one["known"])
    age = "'born ' || CASE WHEN birth_year IS NULL THEN 'unknown' ELSE (birth_year // 10 * 10)::VARCHAR || 's' END"
    return Report(
        records=one["records"],
        excluded=one["excluded"],
        linked=one["linked"],
        wrong=one["wrong"],
        precision=precision,
        precision_interval=_interval(one["wrong"], one["linked"]),
        recall=recall,
        recall_with_review=_share(one["shown"], one["known"]),
        f1=2 * precision * recall / (precision + recall) if precision + recall else 0.0,
        to_review=one["to_review"],
        review_first_right=_share(one["first_right"], one["to_review"]),
        strangers_linked=one["strangers_linked"],
        duplicates=surplus,
        duplicates_found=_share(surplus_found, surplus),
        duplicate_groups_pure=_share(pure, groups),
        verdicts=_verdicts(connection),
        rules=_rules(connection),
        damage=_by(connection, "SELECT unnest(damage) AS name, * FROM judged WHERE damage <> ['']"),
        groups=_groups(connection),
        provinces=_by(connection, "SELECT province AS name, * FROM judged"),
        ages=_by(connection, f"SELECT {age} AS name, * FROM judged"),
    )


def _verdicts(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """Per verdict: how often it is right, and how many of the records it should have it gets.

    `verified` and `corrected` are right when they name the true person, `candidate` when the person is among those shown,
    `not_found` when the register does not know the person.
    """
    rows = _rows(
        connection,
        """
        SELECT verdict, count(*) AS records,
            count(*) FILTER (CASE verdict WHEN 'not_found' THEN truth IS NULL WHEN 'candidate' THEN found_or_shown ELSE person_right END) AS correct,
            (SELECT count(*) FROM judged x WHERE x.verdict <> 'excluded' AND (x.truth IS NULL) = (judged.verdict = 'not_found')) AS possible
        FROM judged WHERE verdict <> 'excluded' GROUP BY verdict ORDER BY verdict
        """,
    )
    found = {}
    for row in rows:
        precision, recall = _share(row["correct"], row["records"]), _share(row["correct"], row["possible"])
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        found[row["verdict"]] = {
            "records": row["records"], "right": row["correct"], "precision": precision, "recall": recall, "f1": f1,
        }  # fmt: skip
    return found


def _rules(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, int]]:
    rows = _rows(
        connection,
        "SELECT rule, count(*) AS linked, count(*) FILTER (NOT person_right) AS wrong FROM judged WHERE linked GROUP BY rule ORDER BY rule",
    )
    return {row["rule"]: {"linked": row["linked"], "wrong": row["wrong"]} for row in rows}


def _groups(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    parts = " UNION ALL ".join(f"SELECT '{name}' AS name, i.* FROM judged i WHERE {on}" for name, on in GROUPS.items())
    return _by(connection, parts)


def _by(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, dict[str, Any]]:
    rows = _rows(
        connection,
        f"""
        SELECT name, count(*) AS records, count(truth) AS known, count(*) FILTER (linked) AS linked,
            count(*) FILTER (linked AND NOT person_right) AS wrong, count(*) FILTER (found) AS found,
            count(*) FILTER (found_or_shown) AS shown
        FROM ({query}) WHERE verdict IS DISTINCT FROM 'excluded' GROUP BY name ORDER BY name
        """,
    )
    return {
        str(row["name"]): {
            "records": row["records"], "linked": row["linked"], "wrong": row["wrong"],
            "precision": 1 - _share(row["wrong"], row["linked"]), "recall": _share(row["found"], row["known"]),
            "recall_with_review": _share(row["shown"], row["known"]),
        }
        for row in rows
    }  # fmt: skip


def _duplicates(connection: duckdb.DuckDBPyConnection) -> tuple[int, int, int, int]:
    """Return surplus records, those found, groups flagged, and flagged groups that are one human."""
    row = _row(
        connection,
        """
        WITH humans AS (
            SELECT truth, count(*) - 1 AS surplus,
                greatest(count(*) FILTER (duplicate AND person_right) - 1, 0) AS found
            FROM judged WHERE truth IS NOT NULL AND verdict IS DISTINCT FROM 'excluded' GROUP BY truth HAVING count(*) > 1
        ), flagged AS (
            SELECT pin, count(*) = count(*) FILTER (person_right) AS pure FROM judged WHERE duplicate GROUP BY pin
        )
        SELECT (SELECT coalesce(sum(surplus), 0) FROM humans)::BIGINT AS surplus, (SELECT coalesce(sum(found), 0) FROM humans)::BIGINT AS found,
            (SELECT count(*) FROM flagged) AS groups, (SELECT count(*) FILTER (pure) FROM flagged) AS pure
        """,
    )
    return row["surplus"], row["found"], row["groups"], row["pure"]


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    result = connection.execute(query)
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, values, strict=True)) for values in result.fetchall()]


def _row(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, Any]:
    return _rows(connection, query)[0]


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _interval(wrong: int, linked: int) -> tuple[float, float]:
    """Return the 95 % interval of the precision (Wilson), as wrong links are few and counted."""
    if not linked:
        return 0.0, 1.0
    z, share = 1.96, wrong / linked
    middle = share + z * z / (2 * linked)
    spread = z * math.sqrt(share * (1 - share) / linked + z * z / (4 * linked * linked))
    whole = 1 + z * z / linked
    return 1 - (middle + spread) / whole, 1 - max((middle - spread) / whole, 0.0)

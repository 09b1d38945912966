"""Linking any two tables: columns mapped by hand, kinds of comparison by column, a model trained on the tables themselves.

The same weights, rarity and scoring as for the register, without its cascade: for data the engine was not built for.
"""

from __future__ import annotations

import itertools
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from splink import DuckDBAPI, Linker

from ansinh.database.in_process import connect_in_process
from ansinh.people.matching.scoring import Model

KINDS = ("name", "date", "place", "number", "exact", "text")
# Words in a field's name that tell its kind when none is given.
_TELLING = {
    "name": ("given", "surname", "name", "first", "last"),
    "date": ("born", "birth", "date", "day"),
    "number": ("number", "id", "code", "phone"),
    "place": ("place", "town", "suburb", "city", "province", "commune", "state", "postcode", "street"),
    "exact": ("sex", "gender"),
}
# Kinds whose columns people mix up: given name and surname, two lines of an address.
_EXCHANGED = ("name", "text")
RANDOM_PAIRS = 400_000
SEED = 7
# A rule that would bring more pairs than this per record is joined with another column, or left out.
PAIRS_PER_RECORD_MAX = 25
WEIGHT_MIN = -4.0
M_FLOOR, U_FLOOR = 1e-3, 1e-7
PRIOR_ROUNDS = 25


@dataclass(frozen=True, slots=True)
class Field:
    """One thing both tables state: its name, where it stands in each, and how it is compared."""

    name: str
    ours: str
    theirs: str
    kind: str

    @staticmethod
    def read(text: str) -> Field:
        """Understand `field=column`, `field=columnA/columnB`, either with `:kind` behind it."""
        name, _, rest = text.partition("=")
        columns, _, kind = rest.partition(":")
        ours, _, theirs = columns.partition("/")
        name = name.strip()
        if not name.isidentifier() or not ours:
            raise ValueError(f"expected field=column or field=columnA/columnB[:kind], not {text!r}")
        kind = kind or next((k for k, words in _TELLING.items() if any(w in name.lower() for w in words)), "text")
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {kind!r}")
        return Field(name.lower(), ours.strip(), (theirs or ours).strip(), kind)


@dataclass(frozen=True, slots=True)
class Link:
    """A pair of rows, counted from 0 in each table, with the chance that they are one and the weights behind it."""

    ours: int
    theirs: int
    probability: float
    weight: float
    weights: dict[str, float]


def link(
    ours: Path, theirs: Path, fields: list[Field], *, one_to_one: bool = False, at_least: float = 0.5
) -> list[Link]:
    """Return the pairs of two CSV or Parquet files that are one with at least this probability, best first.

    With `one_to_one` a row is in one pair at most, and candidates of the same row share one probability; equal rivals spoil each other.
    """
    with connect_in_process() as connection:
        for side, file in (("ours", ours), ("theirs", theirs)):
            _read(connection, side, file, fields)
        rules = _blocking(connection, fields)
        saved = _trained(connection, fields)
        model = Model.of(saved)
        _weigh(connection, model, fields, rules)
        return _decide(connection, model, one_to_one=one_to_one, at_least=at_least)


def _read(connection: duckdb.DuckDBPyConnection, side: str, file: Path, fields: list[Field]) -> None:
    reader = f"read_parquet('{file}')" if file.suffix == ".parquet" else f"read_csv('{file}', all_varchar = true)"
    known = [row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {reader}").fetchall()]
    forms = []
    for field in fields:
        column = getattr(field, side)
        if column not in known:
            raise ValueError(f"{file.name} has no column {column!r}; it has {', '.join(known)}")
        quoted = column.replace('"', '""')
        value = f'trim("{quoted}"::VARCHAR)'
        forms.append(f"{_normal(field.kind, value)} AS {field.name}")
    connection.execute(f"CREATE SEQUENCE rows_{side} START 0 MINVALUE 0")
    connection.execute(
        f"CREATE TABLE {side} AS SELECT nextval('rows_{side}') AS record, {', '.join(forms)} FROM {reader}"
    )


def _normal(kind: str, value: str) -> str:
    if kind == "number":
        return f"nullif(regexp_replace({value}, '[^0-9A-Za-z]', '', 'g'), '')"
    if kind == "date":
        parsed = f"coalesce(try_strptime({value}, ['%Y%m%d', '%Y-%m-%d', '%d/%m/%Y', '%d-%m-%Y', '%Y/%m/%d']))"
        return f"coalesce(strftime({parsed}, '%Y%m%d'), nullif(regexp_replace({value}, '[^0-9]', '', 'g'), ''))"
    folded = f"strip_accents(replace(lower({value}), 'đ', 'd'))"
    return f"nullif(regexp_replace({folded}, '[^0-9a-z]', '', 'g'), '')"


def _blocking(connection: duckdb.DuckDBPyConnection, fields: list[Field]) -> list[str]:
    """Return join conditions: every column alone where it is telling enough, else together with each other column."""
    smaller = min(_count(connection, "ours"), _count(connection, "theirs")) or 1
    keys = {field.name: f"{{side}}.{field.name}" for field in fields}
    keys |= {f"{f.name} head": f"{{side}}.{f.name}[1:4]" for f in fields if f.kind in {"name", "date", "text"}}
    keys |= {f"{f.name} tail": f"right({{side}}.{f.name}, 4)" for f in fields if f.kind in {"date", "number"}}
    alone: list[str] = []
    broad: list[str] = []
    for key in keys.values():
        (alone if _pairs(connection, [key]) <= smaller * PAIRS_PER_RECORD_MAX else broad).append(key)
    together = [
        [one, other]
        for one, other in itertools.combinations(broad, 2)
        if _pairs(connection, [one, other]) <= smaller * PAIRS_PER_RECORD_MAX
    ]
    chosen = [*([key] for key in alone), *together]
    if not chosen:
        raise ValueError("the columns tell too little: every way to compare would bring nearly all pairs")
    return [
        " AND ".join(f"{key.format(side='l')} = {key.format(side='r')}" for key in keys_together)
        for keys_together in chosen
    ]


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def _pairs(connection: duckdb.DuckDBPyConnection, keys: list[str]) -> int:
    """Return how many pairs agree on some keys, from their frequencies."""
    counted = [
        f"(SELECT {', '.join(f'{key.format(side=side)} AS k{n}' for n, key in enumerate(keys))}, count(*) AS c FROM {side} GROUP BY ALL)"
        for side in ("ours", "theirs")
    ]
    on = " AND ".join(f"a.k{n} = b.k{n}" for n in range(len(keys)))
    found = connection.execute(
        f"SELECT coalesce(sum(a.c * b.c), 0)::BIGINT FROM {counted[0]} a JOIN {counted[1]} b ON {on}"
    )
    return int(found.fetchall()[0][0])


def _levels(field: Field, fields: list[Field]) -> list[dict[str, Any]]:
    c = field.name
    ours, theirs = f"{c}_l", f"{c}_r"
    rare = {"tf_adjustment_column": c, "tf_adjustment_weight": 1.0}
    null = {
        "label_for_charts": "unknown",
        "sql_condition": f"{ours} IS NULL OR {theirs} IS NULL",
        "is_null_level": True,
    }
    equal = {"label_for_charts": "equal", "sql_condition": f"{ours} = {theirs}", **rare}
    other = {"label_for_charts": "other", "sql_condition": "ELSE"}

    def near(label: str, condition: str, **more: Any) -> dict[str, Any]:
        return {"label_for_charts": label, "sql_condition": condition, **more}

    # Cheap conditions first: few slips leave most of the length and the head or the tail as they were.
    kept = f"({ours}[1:2] = {theirs}[1:2] OR right({ours}, 2) = right({theirs}, 2))"
    distance = f"damerau_levenshtein({ours}, {theirs})"
    one = near("one letter", f"abs(length({ours}) - length({theirs})) <= 1 AND {kept} AND {distance} <= 1")
    two = near("two letters", f"abs(length({ours}) - length({theirs})) <= 2 AND {kept} AND {distance} <= 2")
    alike = near("alike", f"{ours}[1:1] = {theirs}[1:1] AND jaro_winkler_similarity({ours}, {theirs}) >= 0.85")
    if field.kind == "exact":
        return [null, equal, other]
    if field.kind == "number":
        return [null, {k: v for k, v in equal.items() if k not in rare}, one, two, other]
    if field.kind == "date":
        exchanged = near(
            "day and month exchanged",
            f"{ours}[1:4] = {theirs}[1:4] AND {ours}[5:6] = {theirs}[7:8] AND {ours}[7:8] = {theirs}[5:6]",
        )
        same_year = near("year equal", f"{ours}[1:4] = {theirs}[1:4]")
        day = near("day and month equal", f"{ours}[5:8] = {theirs}[5:8]")
        return [null, {k: v for k, v in equal.items() if k not in rare}, exchanged, one, two, day, same_year, other]
    if field.kind == "place":
        return [null, equal, one, alike, other]
    levels = [null, equal, one, two, alike]
    partner = next((f.name for f in fields if f.kind == field.kind and f.name != c), None)
    if partner:
        crossed = near("exchanged with another column", f"{ours} = {partner}_r AND {partner}_l = {theirs}")
        levels.insert(2, crossed)
    if field.kind == "text":
        levels.append(near("one inside the other", f"contains({ours}, {theirs}) OR contains({theirs}, {ours})"))
    return [*levels, other]


def _known(connection: duckdb.DuckDBPyConnection, field: Field, levels: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Fix the chance that strangers agree exactly: the frequencies of the values tell it, random pairs would only guess it."""
    pairs = _pairs(connection, [f"{{side}}.{field.name}"])
    stated = [
        int(connection.execute(f"SELECT count({field.name}) FROM {side}").fetchall()[0][0])
        for side in ("ours", "theirs")
    ]
    chance = max(pairs / max(stated[0] * stated[1], 1), U_FLOOR)
    return [
        {**level, "u_probability": chance, "fix_u_probability": True} if level["label_for_charts"] == "equal" else level
        for level in levels
    ]


def _trained(connection: duckdb.DuckDBPyConnection, fields: list[Field]) -> dict[str, Any]:
    # What it says about levels nobody reached is settled by the floors below.
    logging.getLogger("splink").setLevel(logging.ERROR)
    database = DuckDBAPI(connection)
    frames = [database.register(side, dataset_display_name=side) for side in ("ours", "theirs")]
    settings = {
        "link_type": "link_only",
        "unique_id_column_name": "record",
        "probability_two_random_records_match": 1 / max(_count(connection, "ours"), _count(connection, "theirs"), 1),
        "comparisons": [
            {"output_column_name": f.name, "comparison_levels": _known(connection, f, _levels(f, fields))}
            for f in fields
        ],
        "blocking_rules_to_generate_predictions": [],
    }
    linker = Linker(frames, settings, log_level=None)
    linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=SEED)
    by_pairs = sorted(fields, key=lambda f: _pairs(connection, [f"{{side}}.{f.name}"]))
    # Columns that may be exchanged mention each other, so that one session must be free of all of a kind.
    first = by_pairs[0]
    second = next((f for f in by_pairs[1:] if f.kind != first.kind or f.kind not in _EXCHANGED), None)
    for block in (first, second):
        if block:
            linker.training.estimate_parameters_using_expectation_maximisation(
                f"l.{block.name} = r.{block.name}", estimate_without_term_frequencies=True
            )
    saved: dict[str, Any] = linker.misc.save_model_to_json()
    for comparison in saved["comparisons"]:
        _finish(comparison["comparison_levels"])
    return saved


def _finish(levels: list[dict[str, Any]]) -> None:
    told = [level for level in levels if not level.get("is_null_level")]
    for kind, floor in (("m_probability", M_FLOOR), ("u_probability", U_FLOOR)):
        for level in told:
            level[kind] = max(level.get(kind) or floor, floor)
        total = sum(level[kind] for level in told)
        for level in told:
            level[kind] /= total


def _weigh(connection: duckdb.DuckDBPyConnection, model: Model, fields: list[Field], rules: list[str]) -> None:
    pairs = " UNION ".join(
        f"SELECT l.record AS ours, r.record AS theirs FROM ours l JOIN theirs r ON {rule}" for rule in rules
    )
    rare = model.rarity_columns()
    for c in rare:
        connection.execute(
            f"CREATE TABLE rarity_{c} AS SELECT {c}, count(*) / sum(count(*)) OVER () AS share"
            f" FROM (SELECT {c} FROM ours UNION ALL SELECT {c} FROM theirs) WHERE {c} IS NOT NULL GROUP BY {c}"
        )
    both = ", ".join(f"l.{f.name} AS {f.name}_l, r.{f.name} AS {f.name}_r" for f in fields)
    shares = ", ".join(f"l_{c}.share AS tf_{c}_l, r_{c}.share AS tf_{c}_r" for c in rare)
    joins = " ".join(
        f"LEFT JOIN rarity_{c} l_{c} ON l_{c}.{c} = g.{c}_l LEFT JOIN rarity_{c} r_{c} ON r_{c}.{c} = g.{c}_r"
        for c in rare
    )
    connection.execute(
        f"CREATE TABLE weighed AS SELECT ours, theirs, COLUMNS('w_.*'), {model.total_sql()} AS weight FROM ("
        f"SELECT ours, theirs, {model.weight_sql()} FROM (SELECT g.*{', ' if rare else ''}{shares} FROM ("
        f"SELECT ours, theirs, {', '.join(f'{c}_l, {c}_r, ' for c in rare).replace(', ,', ',')} {model.gamma_sql()}"
        f" FROM (SELECT p.*, {both} FROM ({pairs}) p JOIN ours l ON l.record = p.ours JOIN theirs r ON r.record = p.theirs)"
        f") g {joins})) WHERE weight >= {WEIGHT_MIN}"
    )


def _decide(connection: duckdb.DuckDBPyConnection, model: Model, *, one_to_one: bool, at_least: float) -> list[Link]:
    everything = _count(connection, "ours") * _count(connection, "theirs")
    matches = min(_count(connection, "ours"), _count(connection, "theirs")) / 2
    for _ in range(PRIOR_ROUNDS):
        odds = max(matches, 0.5) / max(everything - matches, 0.5)
        matches = float(
            connection.execute(
                f"SELECT coalesce(sum(1 - 1 / (1 + {odds!r} * pow(2, weight))), 0) FROM weighed"
            ).fetchall()[0][0]
        )
    rivals = "- 2 * o + sum(o) OVER (PARTITION BY ours) + sum(o) OVER (PARTITION BY theirs)" if one_to_one else ""
    names = list(model.comparisons)
    best = "QUALIFY o = max(o) OVER (PARTITION BY ours) AND o = max(o) OVER (PARTITION BY theirs)" if one_to_one else ""
    rows = connection.execute(
        f"SELECT ours, theirs, o / (1 + o {rivals}) AS p, weight, {', '.join(f'w_{n}' for n in names)}"
        f" FROM (SELECT *, {odds!r} * pow(2, least(weight, 200)) AS o FROM weighed) {best}"
    ).fetchall()
    found = [
        Link(row[0], row[1], row[2], row[3], dict(zip(names, row[4:], strict=True)))
        for row in rows
        if row[2] >= at_least
    ]
    return sorted(found, key=lambda x: (-x.probability, x.ours, x.theirs))

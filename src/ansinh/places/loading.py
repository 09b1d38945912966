"""How a set of reference rows replaces the one before: COPY beside the table, then upsert what changed and close what is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import psycopg
from psycopg import sql

from ansinh.database.sql import driver, look_again_at

Cell = str | int | bool | date | None
_INCOMING = sql.Identifier("places_incoming")


@dataclass(frozen=True)
class Target:
    """Where rows go: the columns a source fills, the key that tells rows apart, and the column that closes a row (a day).

    `opening` is the column, if any, that says since when a row added later than the first list holds.
    `within` limits a set to the rows of a shared table that are its own, as column and value.
    """

    table: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    closing: str = "closed_on"
    opening: str | None = None
    within: tuple[str, str] | None = None


@dataclass(frozen=True)
class Changes:
    """What a load did, in rows."""

    rows: int
    added: int
    changed: int
    closed: int


Fill = Callable[[psycopg.Connection[tuple[object, ...]], str, Sequence[str]], int]
"""Puts rows into the named table's columns and returns how many."""


def fill_with(rows: Iterable[Sequence[Cell]]) -> Fill:
    """Return a filler that copies plain rows."""

    def fill(inner: psycopg.Connection[tuple[object, ...]], table: str, columns: Sequence[str]) -> int:
        command = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), _listed(columns))
        count = 0
        with inner.cursor() as cursor, cursor.copy(command) as copy:
            for row in rows:
                copy.write_row(row)
                count += 1
        return count

    return fill


def replace_rows(target: Target, fill: Fill, *, on: date) -> Changes:
    """Make the target's open rows equal to what `fill` gives; rows that are gone are closed on the day `on`, rows that come back reopened."""
    inner = driver()
    table, columns, key = sql.Identifier(target.table), _listed(target.columns), _listed(target.key)
    closing = sql.Identifier(target.closing)
    inner.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(_INCOMING))
    inner.execute(
        sql.SQL("CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA").format(
            _INCOMING, columns, table
        )
    )
    rows = fill(inner, "places_incoming", target.columns)
    # Without figures about the new table the planner compares every row with every other.
    inner.execute(sql.SQL("ANALYZE {}").format(_INCOMING))
    opening: sql.Composable = sql.SQL(", {}").format(sql.Identifier(target.opening)) if target.opening else sql.SQL("")
    opened_on: sql.Composable = sql.SQL(", {}").format(_since(target, on)) if target.opening else sql.SQL("")
    assigned = sql.SQL(", ").join(
        sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in target.columns if name not in target.key
    )
    upserted = inner.execute(
        sql.SQL(
            "INSERT INTO {table} AS t ({columns}{opening}) SELECT {columns}{opened_on} FROM {incoming}"
            " ON CONFLICT ({key}) DO UPDATE SET {assigned}, {closing} = NULL"
            " WHERE ({mine}, t.{closing}) IS DISTINCT FROM ({theirs}, NULL) RETURNING xmax = 0"
        ).format(
            table=table,
            columns=columns,
            opening=opening,
            opened_on=opened_on,
            incoming=_INCOMING,
            key=key,
            assigned=assigned,
            closing=closing,
            mine=_listed(target.columns, "t"),
            theirs=_listed(target.columns, "excluded"),
        )
    ).fetchall()
    added = sum(1 for (new,) in upserted if new)
    look_again_at(target.table)
    return Changes(rows, added, len(upserted) - added, _close_missing(target, on))


def _since(target: Target, on: date) -> sql.Literal:
    """Return the day from which new rows hold: unknown for the rows of a table's first list."""
    known = driver().execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(target.table))).fetchone()
    return sql.Literal(on if known == (True,) else None)


def _close_missing(target: Target, on: date) -> int:
    """Close the target's own open rows that did not come again; return how many."""
    limits: sql.Composable = sql.SQL("")
    parameters: list[object] = [on]
    if target.within:
        column, value = target.within
        limits = sql.SQL(" AND t.{} = %s").format(sql.Identifier(column))
        parameters.append(value)
    same = sql.SQL(" AND ").join(sql.SQL("i.{0} = t.{0}").format(sql.Identifier(name)) for name in target.key)
    return (
        driver()
        .execute(
            sql.SQL(
                "UPDATE {table} t SET {closing} = %s WHERE t.{closing} IS NULL{limits} AND NOT EXISTS (SELECT 1 FROM {incoming} i WHERE {same})"
            ).format(
                table=sql.Identifier(target.table),
                closing=sql.Identifier(target.closing),
                limits=limits,
                incoming=_INCOMING,
                same=same,
            ),
            parameters,
        )
        .rowcount
    )


def _listed(columns: Sequence[str], owner: str | None = None) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(owner, name) if owner else sql.Identifier(name) for name in columns)

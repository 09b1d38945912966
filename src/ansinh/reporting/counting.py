"""Counters from cells: the nation, provinces, parts and facilities of a source in one reading, and a recount of each that must find the same."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from ansinh.database.sql import execute, number, row, rows
from ansinh.reporting.cells import Source
from ansinh.reporting.formulas import Totals
from ansinh.reporting.pay_series import PAYMENTS, PERSONS_COUNTED, STALE_MONTHS
from ansinh.reporting.sources import SOURCES

# Each table of counters: its key beside series and day, and which cells it adds up by which columns.
_TABLES: dict[str, tuple[tuple[str, ...], str]] = {
    "reporting_dailycount": ((), "SELECT series, day, sum(count)::bigint AS count FROM cells GROUP BY 1, 2"),
    "reporting_provincecount": (
        ("province",),
        "SELECT series, province, day, sum(count)::bigint AS count FROM cells WHERE province <> '' GROUP BY 1, 2, 3",
    ),
    "reporting_partcount": (
        ("dimension", "part", "province"),
        """SELECT series, dimension, part, province, day, sum(count)::bigint AS count
        FROM cells, LATERAL (VALUES ('kind', kind), ('channel', channel)) AS of (dimension, part)
        WHERE part <> '' GROUP BY 1, 2, 3, 4, 5""",
    ),
    "reporting_facilitycount": (
        ("facility",),
        "SELECT series, facility, day, sum(count)::bigint AS count FROM cells WHERE facility <> '' GROUP BY 1, 2, 3",
    ),
}
_FROM_THE_FIRST = date(1900, 1, 1)
_FORMER_ROWS = """
SELECT (SELECT coalesce(sum(row_count), 0) FROM audit_former_load) + (SELECT coalesce(sum(row_count), 0) FROM signin_formerentrylog)
"""
_MOVES = "SELECT count(*) FROM people_fact WHERE field = 'address'"


class Counting(NamedTuple):
    """How far figures are counted: days before `closed_until` stay as they are."""

    closed_until: date | None
    former_rows: int
    moves: int


def counting() -> Counting | None:
    """Return how far figures are counted; None before the first count."""
    found = row("SELECT closed_until, former_rows, moves FROM reporting_counting")
    return Counting(*found) if found else None


def count_sources() -> int:
    """Count what is not closed, source by source; returns how many days hold a figure."""
    known, former_rows = counting(), number(_FORMER_ROWS)
    # Rows of the former system lie in days long closed: when some came in, all is counted again.
    closed_until = known.closed_until if known and known.former_rows == former_rows else None
    moves = known.moves if known and closed_until else number(_MOVES)
    for source in SOURCES:
        _count(source, (closed_until if source.by_clock else None) or _FROM_THE_FIRST)
    execute("DELETE FROM reporting_counting")
    execute(
        "INSERT INTO reporting_counting (single, closed_until, former_rows, moves) VALUES (true, %s, %s, %s)",
        [closed_until, former_rows, moves],
    )
    return number("SELECT count(*) FROM reporting_dailycount")


def _count(source: Source, since: date) -> None:
    if source is PAYMENTS:
        _keep_paid_months()
    what = {"series": list(source.series), "since": since}
    for table in _TABLES:
        execute(f"DELETE FROM {table} WHERE series = ANY(%(series)s) AND day >= %(since)s", what)
    into = ", ".join(
        f"in_{table} AS (INSERT INTO {table} (series, {''.join(f'{column}, ' for column in key)}day, count) {added})"
        for table, (key, added) in _TABLES.items()
    )
    execute(f"WITH cells AS MATERIALIZED ({source.counting}), {into} SELECT 1", what)


def _keep_paid_months() -> None:
    """Keep how many persons were paid in months that have a run not counted yet. What a closed run published never changes."""
    stale = [int(month) for (month,) in rows(STALE_MONTHS)]
    if stale:
        execute("DELETE FROM reporting_paidcount WHERE month = ANY(%s)", [stale])
        execute(
            f"INSERT INTO reporting_paidcount (once, month, run_id, series, province, day, persons) {PERSONS_COUNTED}",
            {"months": stale},
        )


def close_until(day: date) -> None:
    """Let the days before `day`, as counted, stay as they are."""
    execute("UPDATE reporting_counting SET closed_until = %s", [day])


def reopen() -> None:
    """Let every day be counted again."""
    execute("UPDATE reporting_counting SET closed_until = NULL")


def recounted(day: date) -> Totals:
    """Return each series' total up to the end of `day`, from raw rows: slow, and the proof of the counters."""
    found: Totals = {}
    for source in SOURCES:
        told = rows(
            f"SELECT series, sum(count) FROM ({source.cells}) AS cells WHERE day <= %(day)s GROUP BY series",
            {"day": day, "since": _FROM_THE_FIRST},
        )
        found |= dict.fromkeys(source.series, 0) | {str(series): int(total) for series, total in told}
    return found


def differing(source: Source, until: date, *, places: bool) -> set[str]:
    """Return the series of a source of which a counter of a day before `until` is not what its raw rows say; by place too if asked."""
    tables = _TABLES if places else {"reporting_dailycount": _TABLES["reporting_dailycount"]}
    pairs = [
        f"""SELECT series FROM ({added}) AS again FULL JOIN (
            SELECT * FROM {table} WHERE series = ANY(%(series)s)
        ) AS kept USING (series, {"".join(f"{column}, " for column in key)}day)
        WHERE day < %(until)s AND coalesce(again.count, 0) <> coalesce(kept.count, 0)"""
        for table, (key, added) in tables.items()
    ]
    found = rows(
        f"WITH cells AS MATERIALIZED ({source.cells}) {' UNION '.join(pairs)}",
        {"series": list(source.series), "until": until, "since": _FROM_THE_FIRST},
    )
    return {str(series) for (series,) in found}


def moved_since_counted() -> bool:
    """Tell whether somebody's address changed since everything was counted: persons' places are then those of before."""
    known = counting()
    return known is not None and known.moves != number(_MOVES)

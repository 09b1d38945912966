"""What a source of figures tells: cells, each what a series gained on one day in one place, and which of them are counted again each time."""

from __future__ import annotations

from dataclasses import dataclass

# The end of a day is midnight in Viet Nam, whatever the session's zone.
_LOCAL_DAY = "({moment} AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"
CELL = "series, province, kind, facility, channel, day, count"
# Communes by what they are: wards are urban. People's records and facilities carry the codes of today's communes.
KINDS_OF_COMMUNES = """(
    SELECT code, CASE WHEN urban THEN 'urban' ELSE 'rural' END AS kind FROM places_unit WHERE level = 'commune' AND edition = 'since_july_2025'
)"""
NOWHERE, UNKNOWN = "00", "unknown"


@dataclass(frozen=True, slots=True)
class Source:
    """Series read together from raw rows, by a query that returns cells; empty texts are dimensions it does not tell.

    `by_clock`: its rows are only ever added, with the moment they were, so that a day that is over stays as counted; the query takes `since`. `by_person`:
    the place is where the person lives when counted. `sooner` returns the same cells from counters, where raw rows would take long.
    """

    name: str
    series: tuple[str, ...]
    cells: str
    by_clock: bool = False
    by_person: bool = False
    sooner: str | None = None

    @property
    def counting(self) -> str:
        """The query it is counted by."""
        return self.sooner or self.cells


def local_day(moment: str) -> str:
    """Return the SQL of the day of Viet Nam's calendar a moment falls on."""
    return _LOCAL_DAY.format(moment=moment)


def of_persons(changes: str, series: str, channel: str = "''") -> str:
    """Return cells of a query that tells (person_id, day, gain), by where each person lives; whoever is not known lives nowhere."""
    return f"""
        SELECT '{series}'::text AS series, coalesce(p.province, '{NOWHERE}') AS province, coalesce(k.kind, '{UNKNOWN}') AS kind, '' AS facility,
            {channel}::text AS channel, day, sum(gain)::bigint AS count
        FROM ({changes}) AS changes LEFT JOIN people_person p USING (person_id) LEFT JOIN {KINDS_OF_COMMUNES} AS k ON k.code = p.commune
        GROUP BY 2, 3, 5, 6"""


def of_facilities(told: str) -> str:
    """Return cells of a query that tells (series, facility, channel, day, count), by where each facility is."""
    return f"""
        SELECT series, coalesce(f.province, '{NOWHERE}') AS province, coalesce(k.kind, '{UNKNOWN}') AS kind, facility, channel, day, count
        FROM ({told}) AS told LEFT JOIN places_facility f ON f.code = told.facility LEFT JOIN {KINDS_OF_COMMUNES} AS k ON k.code = f.commune"""


def pivoted(rows: str, by: str, counts: dict[str, str]) -> str:
    """Return (series, …by, count) of several series in one reading of `rows`; `counts` tells of each which aggregate it is."""
    sums = ", ".join(f"{aggregate} AS n{n}" for n, aggregate in enumerate(counts.values()))
    values = ", ".join(f"('{series}', n{n})" for n, series in enumerate(counts))
    return f"""
        SELECT told.series, {by}, told.count::bigint AS count
        FROM (SELECT {by}, {sums} FROM ({rows}) AS read_once GROUP BY {by}) AS summed, LATERAL (VALUES {values}) AS told (series, count)
        WHERE told.count <> 0"""


def filtered(which: dict[str, str], aggregate: str = "count(*)") -> dict[str, str]:
    """Return aggregates that count only which rows each series takes."""
    return {series: f"coalesce({aggregate} FILTER (WHERE {where}), 0)" for series, where in which.items()}

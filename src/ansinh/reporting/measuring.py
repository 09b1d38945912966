"""One indicator at any day: against another day and its target, over time, by province, kind of commune, channel and facility; from counters alone."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Literal

from ansinh.database.sql import rows
from ansinh.foundation.errors import NotFound
from ansinh.places.queries import provinces
from ansinh.reporting.formulas import DAY, Totals, Value
from ansinh.reporting.registry import Indicator, indicator

Step = Literal["day", "month"]
POINTS_MAX = 800
FACILITIES_MAX = 2_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure is asked for: the nation unless told; one province, and there one kind of commune (urban, rural) or channel; or one facility."""

    province: str | None = None
    kind: str | None = None
    channel: str | None = None
    facility: str | None = None

    @property
    def dimensions(self) -> tuple[str, ...]:
        """What it tells."""
        told = {"province": self.province, "kind": self.kind, "channel": self.channel, "facility": self.facility}
        return tuple(name for name, value in told.items() if value is not None)


NATION = Place()


@dataclass(frozen=True, slots=True)
class Compared:
    """An indicator at the end of one day and of another: in a part of a dimension by its code, such as a province; empty for the place as a whole."""

    indicator: Indicator
    part: str
    value: Value
    before: Value

    @property
    def change(self) -> Value:
        """By how much it changed, in its own unit; points for shares."""
        return _less(self.value, self.before)

    @property
    def over_target(self) -> Value:
        """By how much it lies over its target, below zero where it falls short; None without a target."""
        return _less(self.value, self.indicator.target)


@dataclass(frozen=True, slots=True)
class Point:
    """An indicator at the end of a day, and by how much it changed since the point before."""

    day: date
    value: Value
    gained: Value


def compared(key: str, as_of: date, compare: date, place: Place = NATION) -> Compared:
    """Return an indicator in a place on both days; raises NotFound for one the place does not have."""
    asked = _offered(key, place.dimensions)
    found = _totals(asked, (as_of, compare), place).get("", _nothing(asked, (as_of, compare)))
    return Compared(asked, "", *map(asked.value, found))


def by_part(key: str, dimension: str, as_of: date, compare: date, province: str | None = None) -> list[Compared]:
    """Return an indicator by `province`, `kind` or `channel`, in the nation or one province, or by `facility` of one province; in the order of codes.

    Raises NotFound where the indicator does not have the dimension, or facilities of the whole nation are asked for.
    """
    asked = _offered(key, (dimension, "province") if province else (dimension,))
    if dimension == "facility" and province is None:
        raise NotFound("Chọn một tỉnh để xem theo cơ sở.", "Choose a province to see its facilities.")
    days = (as_of, compare)
    found = _totals(asked, days, Place(province), dimension)
    if dimension == "province":
        found = {one.code: _nothing(asked, days) for one in provinces()} | found
    return [Compared(asked, part, *map(asked.value, totals)) for part, totals in sorted(found.items())]


def by_province(key: str, as_of: date, compare: date) -> list[Compared]:
    """Return an indicator in each province on both days; raises NotFound for one that provinces do not have."""
    return by_part(key, "province", as_of, compare)


def trend(key: str, since: date, until: date, by: Step = "month", place: Place = NATION) -> list[Point]:
    """Return an indicator at `since`, at the end of each day or month after it, and at `until`: at most 800 points, the newest."""
    asked = _offered(key, place.dimensions)
    days = ends(since, until, by)[-POINTS_MAX:]
    table, where, told = _counters(place, None)
    gains: dict[str, list[int]] = {series: [0] * len(days) for series in asked.formula.series}
    for series, place_no, count in rows(
        f"""SELECT series, width_bucket(day - 1, %(ends)s::date[]) AS place_no, sum(count)::bigint FROM {table}
        WHERE series = ANY(%(series)s) AND day <= %(until)s AND {where} GROUP BY 1, 2""",
        {**told, "ends": days, "series": list(asked.formula.series), "until": days[-1]},
    ):
        gains[series][place_no] = int(count)
    sums = {series: list(accumulate(of_series)) for series, of_series in gains.items()}
    points: list[Point] = []
    for n, day in enumerate(days):
        value = asked.value({**{series: of_series[n] for series, of_series in sums.items()}, DAY: day.toordinal()})
        points.append(Point(day, value, _less(value, points[-1].value) if points else None))
    return points


def ends(since: date, until: date, by: Step = "month") -> list[date]:
    """Return the ends of days or months from one day to another: that day itself first, the other last."""
    days, day = [], since
    while day < until:
        days.append(day)
        following = day + timedelta(days=1)
        day = following if by == "day" else following.replace(day=monthrange(following.year, following.month)[1])
    return [*days, until]


def _offered(key: str, dimensions: Sequence[str]) -> Indicator:
    asked = indicator(key)
    for dimension in dimensions:
        if dimension not in asked.dimensions:
            raise NotFound(
                f"Chỉ tiêu “{key}” không chia theo {dimension}.", f"There is no “{key}” by {dimension}.", key=key
            )
    if ("facility" in dimensions and len({*dimensions} - {"province"}) > 1) or {"kind", "channel"} <= {*dimensions}:
        raise NotFound(
            "Mỗi lần chỉ chia theo một chiều.", "Figures are told by one of kind, channel and facility at a time."
        )
    return asked


def _counters(place: Place, dimension: str | None) -> tuple[str, str, dict[str, object]]:
    """The smallest table that can tell, and which of its rows."""
    told: dict[str, object] = {"province": place.province, "facility": place.facility}
    if place.facility or dimension == "facility":
        which = "facility = %(facility)s" if place.facility else "true"
        of_province = "facility IN (SELECT code FROM places_facility WHERE province = %(province)s)"
        return "reporting_facilitycount", f"{which} AND {of_province if place.province else 'true'}", told
    inside = "province = %(province)s" if place.province else "true"
    part = "kind" if place.kind or dimension == "kind" else "channel" if place.channel or dimension == "channel" else ""
    if part:
        told |= {"dimension": part, "part": place.kind or place.channel}
        which = "part = %(part)s" if told["part"] else "true"
        return "reporting_partcount", f"dimension = %(dimension)s AND {which} AND {inside}", told
    if place.province or dimension == "province":
        return "reporting_provincecount", inside, told
    return "reporting_dailycount", "true", told


def _totals(asked: Indicator, days: tuple[date, date], place: Place, by: str | None = None) -> dict[str, list[Totals]]:
    """What the series of an indicator add up to at the end of both days, by part."""
    table, where, told = _counters(place, by)
    column = {None: "''", "province": "province", "facility": "facility"}.get(by, "part")
    found: dict[str, list[Totals]] = {}
    for part, series, now, then in rows(
        f"""SELECT {column}, series, coalesce(sum(count) FILTER (WHERE day <= %(now)s), 0), coalesce(sum(count) FILTER (WHERE day <= %(then)s), 0)
        FROM {table} WHERE series = ANY(%(series)s) AND {where}
            AND day <= greatest(%(now)s::date, %(then)s::date)
        GROUP BY 1, 2 ORDER BY 1""",
        {**told, "series": list(asked.formula.series), "now": days[0], "then": days[1]},
    ):
        of_part = found.setdefault(str(part), _nothing(asked, days))
        of_part[0][series], of_part[1][series] = int(now), int(then)
    return found


def _nothing(asked: Indicator, days: tuple[date, date]) -> list[Totals]:
    return [{**dict.fromkeys(asked.formula.series, 0), DAY: day.toordinal()} for day in days]


def _less(value: Value, other: Value) -> Value:
    if value is None or other is None:
        return None
    difference = value - other
    return round(difference, 2) if isinstance(difference, float) else difference

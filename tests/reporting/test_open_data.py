"""What is published: nothing small, and nothing small by subtraction; the same counters give the same files, and each field is described."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansinh.database.sql import execute
from ansinh.reporting.open_data import last_whole_month, open_data
from ansinh.reporting.suppression import THRESHOLD, Shown, hidden, is_small

JUNE = date(2025, 6, 30)
_SMALL = st.integers(0, 30)


def follows(target: Shown[str], shown: list[Shown[str]]) -> bool:
    """Tell, in exact numbers, whether a figure is a combination of those shown."""
    columns = sorted({str(part) for one in (*shown, target) for part in one.parts})
    matrix = [
        [Fraction({str(part): sign for part, sign in one.parts.items()}.get(column, 0)) for one in (*shown, target)]
        for column in columns
    ]
    pivots: list[int] = []
    for place in range(len(shown) + 1):
        row = next((n for n in range(len(pivots), len(matrix)) if matrix[n][place]), None)
        if row is None:
            continue
        matrix[len(pivots)], matrix[row] = matrix[row], matrix[len(pivots)]
        top = matrix[len(pivots)]
        for other in matrix[len(pivots) + 1 :]:
            if other[place]:
                times = other[place] / top[place]
                other[:] = [a - times * b for a, b in zip(other, top, strict=True)]
        pivots.append(place)
    return len(shown) not in pivots


def test_the_proof_itself_tells_what_follows() -> None:
    total, a, b = (Shown(name, 1, dict.fromkeys(name, 1)) for name in ("ab", "a", "b"))
    assert follows(a, [total, b])
    assert not follows(a, [total])
    assert not follows(a, [b])


@given(
    st.lists(st.lists(_SMALL, min_size=2, max_size=3), min_size=2, max_size=4).filter(
        lambda of: len(set(map(len, of))) == 1
    )
)
def test_no_hidden_cell_follows_from_a_table_of_two_dimensions_with_its_sums(table: list[list[int]]) -> None:
    rows, columns = range(len(table)), range(len(table[0]))
    every = [(r, c) for r in rows for c in columns]
    groups = {
        **{f"{r}{c}": [(r, c)] for r, c in every},
        **{f"row {r}": [(r, c) for c in columns] for r in rows},
        **{f"column {c}": [(r, c) for r in rows] for c in columns},
        "all": every,
    }
    figures = [
        Shown(name, sum(table[r][c] for r, c in cells), dict.fromkeys(cells, 1)) for name, cells in groups.items()
    ]
    sums = [(f"row {r}", [f"{r}{c}" for c in columns]) for r in rows]
    sums += [(f"column {c}", [f"{r}{c}" for r in rows]) for c in columns]
    sums += [("all", [f"row {r}" for r in rows]), ("all", [f"column {c}" for c in columns])]
    out = hidden(figures, sums)
    shown = [one for one in figures if one.name not in out]
    assert {one.name for one in figures if is_small(one.value)} <= out
    assert not [one.name for one in figures if one.name in out and follows(one, shown)]
    values = {one.name: one.value for one in figures}
    for total, parts in sums:
        left = [part for part in parts if part in out]
        assert total in out or not left or not is_small(sum(values[part] for part in left))


@given(st.lists(st.tuples(_SMALL, _SMALL), min_size=2, max_size=5))
def test_no_hidden_part_follows_from_another_figure_it_is_part_of(parts: list[tuple[int, int]]) -> None:
    everywhere = list(range(len(parts)))
    figures = [
        (name, series, places)
        for name, series in (("one", (0,)), ("other", (1,)), ("both", (0, 1)))
        for places in (*([n] for n in everywhere), everywhere)
    ]
    told = [
        Shown(
            f"{name} {places}",
            sum(parts[p][s] for p in places for s in series),
            {(p, s): 1 for p in places for s in series},
        )
        for name, series, places in figures
    ]
    out = hidden(told)
    shown = [one for one in told if one.name not in out]
    assert not [one.name for one in told if one.name in out and follows(one, shown)]


def test_what_is_large_is_all_shown_and_nobody_is_no_few() -> None:
    assert hidden([Shown("a", THRESHOLD, {"a": 1}), Shown("b", 0, {"b": 1})]) == frozenset()
    assert hidden([Shown("a", THRESHOLD - 1, {"a": 1})]) == {"a"}


@pytest.mark.parametrize(
    ("as_of", "until"),
    [(JUNE, JUNE), (date(2025, 7, 1), JUNE), (date(2025, 7, 30), JUNE), (date(2025, 7, 31), date(2025, 7, 31))],
)
def test_only_whole_months_are_published(as_of: date, until: date) -> None:
    assert last_whole_month(as_of) == until


def counted(series: str, day: date, **by_province: int) -> None:
    execute(
        "INSERT INTO reporting_dailycount (series, day, count) VALUES (%s, %s, %s)",
        [series, day, sum(by_province.values())],
    )
    for code, count in by_province.items():
        execute(
            "INSERT INTO reporting_provincecount (series, province, day, count) VALUES (%s, %s, %s, %s)",
            [series, code[1:], day, count],
        )


@pytest.mark.django_db
def test_an_edition_hides_what_is_small_describes_itself_and_is_the_same_again() -> None:
    counted("services.child_card", date(2025, 5, 5), p01=40, p79=50, p48=60)
    counted("services.death", date(2025, 5, 5), p01=3, p79=30, p48=40)
    counted("services.child_card", date(2025, 7, 5), p01=1000)
    counted("pay.persons", date(2025, 5, 5), p01=100, p79=100, p48=100)
    counted("pay.persons_by_account", date(2025, 5, 5), p01=95, p79=60, p48=70)
    files = open_data(JUNE)
    assert files == open_data(date(2025, 7, 3))
    lines = {
        (one["key"], one["period"], one["province"]): one
        for name in ("counts", "shares")
        for one in csv.DictReader(io.StringIO(files[f"{name}.csv"].decode()))
        if one["kind"] == one["channel"] == ""
    }
    may = {key[0::2]: one["value"] for key, one in lines.items() if key[1] == "2025-05"}
    assert may["services.files", ""] == "223"
    assert may["services.death", "01"] == ""
    assert "" in {may["services.death", code] for code in ("", "79", "48")}, "its neighbours alone would tell it"
    assert "" in {may["services.files", "01"], may["services.child_cards", "01"]}, "together they would tell it"
    assert not any(period == "2025-07" for _, period, _ in lines)
    shares = {key[2]: one["value"] for key, one in lines.items() if key[0] == "pay.account_share.national"}
    assert (shares["01"], shares["48"], shares["79"]) == ("", "", "60.0")
    package = json.loads(files["datapackage.json"])
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert {one["path"] for one in package["resources"]} | {"datapackage.json"} == set(files)
    for one in package["resources"]:
        if one["format"] == "csv":
            heads = files[one["path"]].decode().splitlines()[0].split(",")
            assert heads == [field["name"] for field in one["schema"]["fields"]]
    assert len(json.loads(files["counts.json"])) + 1 == len(files["counts.csv"].decode().splitlines())
    assert "people.candidates_open" not in files["indicators.csv"].decode()

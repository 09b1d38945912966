"""The leaders' figures: each stands on the page with what it is compared with; parts lead on; a wrong day is told and loses nothing."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ansinh.database.sql import execute
from ansinh.reporting.registry import INDICATORS
from ansinh.screens.components import TileMap, TilePlace, Trend
from ansinh.workbench.words import LANGUAGES, root
from ansinh.workbench.words.figures import WORDS
from tests.support.officers import signed_in

pytestmark = pytest.mark.django_db
BEFORE, NOW = date(2024, 12, 31), date(2025, 7, 31)
LOOKUPS = "cards.lookups_by_citizen_card"


@pytest.fixture
def leader() -> Client:
    """A leader signed in, of a nation whose look-ups were counted in two provinces."""
    series = next(one.formula.series[0] for one in INDICATORS if one.key == LOOKUPS)
    for day, hanoi, hue in ((BEFORE, 10, 0), (NOW, 25, 1_204)):
        for table, extra, rows in (
            ("reporting_dailycount", "", [(hanoi + hue,)]),
            ("reporting_provincecount", ", province", [(hanoi, "01"), (hue, "46")]),
        ):
            for count, *province in rows:
                execute(
                    f"INSERT INTO {table} (series, day, count{extra}) VALUES (%s, %s, %s{', %s' if province else ''})",
                    [series, day, count, *province],
                )
    client = Client()
    signed_in(client, "leader")
    return client


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_is_on_the_page_and_leads_to_its_own(leader: Client, language: str) -> None:
    text = leader.get(f"{root(language)}figures").content.decode()
    for one in INDICATORS:
        assert f'href="{root(language)}figures/{one.key}?' in text, one.key
    number = "1.239" if language == "vi" else "1,239"
    assert number in text
    assert WORDS[language]["group_healthbook"] in text


def test_a_figure_shows_its_provinces_and_each_leads_to_its_parts(leader: Client) -> None:
    text = leader.get(f"{root('vi')}figures/{LOOKUPS}?as_of=31/07/2025&compare=31/12/2024").content.decode()
    assert text.count("<rect") == 2
    assert re.search(r'aria-label="[^"]*: 1\.204"', text)
    hue = leader.get(f"{root('vi')}figures/{LOOKUPS}?as_of=31/07/2025&compare=31/12/2024&province=46").content.decode()
    assert "1.204" in hue
    assert "1.239" not in hue


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("as_of=31/02/2025", "as_of"),
        ("as_of=1/1/9999", "as_of"),
        ("as_of=31/7/2025&compare=1/8/2025", "compare"),
        ("compare=<script>", "compare"),
    ],
)
def test_a_wrong_day_is_told_beside_its_box_and_what_was_typed_stays(leader: Client, query: str, field: str) -> None:
    answer = leader.get(f"{root('vi')}figures?{query}")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="{field}-error"' in text
    assert "<script>" not in text


@pytest.mark.parametrize("address", ["figures/no.such.figure", f"figures/{LOOKUPS}?province=00"])
def test_what_is_not_there_is_a_page_that_says_so(leader: Client, address: str) -> None:
    assert leader.get(f"{root('vi')}{address}").status_code == 404


def test_only_who_may_read_figures_sees_them() -> None:
    client = Client()
    signed_in(client)
    assert client.get(f"{root('vi')}figures").status_code == 403


def test_a_day_before_any_count_says_so() -> None:
    client = Client()
    signed_in(client, "leader")
    assert WORDS["vi"]["none_title"] in client.get(f"{root('vi')}figures").content.decode()


def test_the_questions_to_the_database_do_not_grow_with_what_was_counted(leader: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            leader.get(f"{root('vi')}figures")
        return len(found)

    few = asked()
    execute(
        "INSERT INTO reporting_dailycount (series, day, count) SELECT 'more ' || n, date '2025-01-01' + n, n FROM generate_series(1, 100) n"
    )
    assert asked() == few


@pytest.mark.parametrize("values", [(), (3.0,), (1.0, 1.0), (1.0, 5.0, -2.0)])
def test_a_line_stays_on_its_board(values: tuple[float, ...]) -> None:
    line = Trend(values, "said", target=2.0)
    heights = [float(pair.split(" ")[1]) for pair in line.line.removeprefix("M").split("L") if pair]
    assert len(heights) == (len(values) if len(values) > 1 else 0)
    assert all(0 <= height <= 96 for height in heights)


def test_a_map_is_as_large_as_its_places() -> None:
    places = (TilePlace(0, 0, ("Huế",), "1"), TilePlace(2, 3, ("Cà", "Mau"), "2"))
    assert TileMap("said", places).box == "0 0 288 200"

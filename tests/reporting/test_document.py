"""The report as a finished document: the same figures and sentences in each form, tied to one another, in both languages."""

from __future__ import annotations

import io
import json
import re
from datetime import date
from html.parser import HTMLParser
from typing import Any

import docx
import openpyxl  # type: ignore[import-untyped]  # ships no types
import pypdf
import pytest

from ansinh.database.sql import execute
from ansinh.foundation.errors import NotFound
from ansinh.reporting.document import content, narrative, wording
from ansinh.reporting.document.issuing import write_report
from ansinh.reporting.document.published import published_figures
from ansinh.reporting.queries import figures, tiles
from ansinh.reporting.registry import INDICATORS

pytestmark = pytest.mark.django_db
YEAR_END, TODAY = date(2024, 12, 31), date(2025, 7, 31)
# Ninety of a hundred authenticated by the end of the year, two fewer since; look-ups grow; of payees in two provinces one share rises and one falls.
_NATION = (
    ("people.authenticated", 95, 3),
    ("people.participants_authenticated", 90, -2),
    ("people.participants_decided", 100, 0),
    ("cards.facilities_active", 4, 1),
    ("cards.facilities", 5, 0),
    ("cards.lookups_by_citizen_card", 1_200, 1_034),
    ("pay.persons", 40, 0),
    ("pay.persons_by_account", 30, 2),
)
_PROVINCES = (("01", 20, 12, 4), ("79", 20, 18, -2))


@pytest.fixture
def counted_nation() -> None:
    """Daily counters of a small nation, in December and in July."""
    for series, before, since in _NATION:
        for day, count in ((YEAR_END, before), (TODAY, since)):
            if count:
                execute(
                    "INSERT INTO reporting_dailycount (series, day, count) VALUES (%s, %s, %s)", [series, day, count]
                )
    for province, persons, before, since in _PROVINCES:
        for series, day, count in (
            ("pay.persons", YEAR_END, persons),
            ("pay.persons_by_account", YEAR_END, before),
            ("pay.persons_by_account", TODAY, since),
        ):
            execute(
                "INSERT INTO reporting_provincecount (series, province, day, count) VALUES (%s, %s, %s, %s)",
                [series, province, day, count],
            )
    for code, name in (("01", "Thành phố Hà Nội"), ("79", "Thành phố Hồ Chí Minh")):
        execute(
            "INSERT INTO places_unit (level, code, edition, name, province, urban, official_code) VALUES ('province', %s, 'since_july_2025', %s, %s, true, %s)",
            [code, name, code, code],
        )


def report(form: str, language: wording.Language = "vi") -> bytes:
    return write_report(TODAY, YEAR_END, language, form)


class Page(HTMLParser):
    """What a page names and leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.leads_to: set[str] = set()
        self.told: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.names.add(given.get("id", ""))
        self.told += given.get("data-figures", "").split()
        if tag == "a":
            self.leads_to.add(given["href"].removeprefix("#"))
        if tag in {"img", "script", "link"}:
            self.fetched.append(tag)


@pytest.mark.usefixtures("counted_nation")
@pytest.mark.parametrize("language", [wording.VI, wording.EN])
def test_every_sentence_leads_to_its_figure_on_a_page_that_needs_nothing_else(language: wording.Language) -> None:
    page, known = Page(), {one.key for one in INDICATORS}
    page.feed(report("html", language).decode())
    assert known <= page.names
    assert page.leads_to <= known
    assert set(page.told) <= known
    assert page.told
    assert page.fetched == []


@pytest.mark.usefixtures("counted_nation")
def test_sentences_say_what_rose_what_fell_where_and_how_far_the_target_is() -> None:
    told = content.content(TODAY, YEAR_END)
    (people, pay) = (next(area for area in told.areas if area.key == key) for key in ("people", "pay"))
    vietnamese = [one.text for one in narrative.of_area(people, told, "vi")]
    assert any("tăng 3 người so với 31/12/2024" in text for text in vietnamese), vietnamese
    assert any(
        "88 %, giảm 2 điểm % so với 31/12/2024, còn thiếu 12 điểm % so với mục tiêu 100 %" in text
        for text in vietnamese
    )
    english = " ".join(one.text for one in narrative.of_area(pay, told, "en"))
    assert "80%, up 5 points since 31 December 2024" in english
    assert "It is highest in Hà Nội (80%) and lowest in Hồ Chí Minh (80%)" in english or "highest" in english
    assert "it fell in 1 provinces, most in Hồ Chí Minh" in english
    rose = narrative.summary(told, "vi")
    assert "giảm" in rose[0].text
    assert "people.participants_share" in rose[1].figures


@pytest.mark.usefixtures("counted_nation")
@pytest.mark.parametrize("language", [wording.VI, wording.EN])
def test_numbers_in_sentences_are_those_of_their_figures(language: wording.Language) -> None:
    document = json.loads(report("json", language))
    values = {one["key"]: one for one in document["indicators"]}
    for sentence in document["sentences"]:
        assert sentence["figures"], sentence
        assert set(sentence["figures"]) <= set(values)
        if ":" in sentence["text"] and len(sentence["figures"]) == 1:
            figure = values[sentence["figures"][0]]
            assert wording.number(figure["value"], language) in sentence["text"]


@pytest.mark.usefixtures("counted_nation")
def test_the_paper_is_tagged_has_its_fonts_in_it_and_reads_with_diacritics() -> None:
    reader: Any = pypdf.PdfReader(io.BytesIO(report("pdf")))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "vi"
    text = " ".join("".join(page.extract_text() for page in reader.pages).split())
    for words in ("Báo cáo kết quả thực hiện Đề án 06", "2.234 lượt", "88 %", "thành phố Hồ Chí Minh"):
        assert words in text, words
    fonts = {
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object().keys()
        & {"/FontFile", "/FontFile2", "/FontFile3"}
        != set()
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
        if "/DescendantFonts" in font.get_object()
    }
    assert fonts == {True}


@pytest.mark.usefixtures("counted_nation")
def test_the_workbook_holds_numbers_and_the_document_the_same_words() -> None:
    book = openpyxl.load_workbook(io.BytesIO(report("xlsx", "en")))
    rows = {row[1]: row for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)}
    assert rows["cards.lookups_by_citizen_card"][3:6] == (2_234, 1_200, 1_034)
    assert rows["people.participants_share"][3:6] == (88, 90, -2)
    paper = docx.Document(io.BytesIO(report("docx", "en")))
    told = " ".join(one.text for one in paper.paragraphs)
    assert "Report on the results of Project 06" in told
    assert all(one["text"] in told for one in json.loads(report("json", "en"))["sentences"])
    assert len(paper.inline_shapes) >= 2


@pytest.mark.usefixtures("counted_nation")
@pytest.mark.parametrize("form", ["html", "pdf", "json"])
def test_the_same_figures_give_the_same_bytes(form: str) -> None:
    assert report(form) == report(form)


@pytest.mark.usefixtures("counted_nation")
def test_a_province_and_a_month_have_reports_of_their_own() -> None:
    province = json.loads(write_report(TODAY, YEAR_END, "vi", "json", "79"))
    values = {
        one["key"]: (one["value"], one["compare_value"], one["published_scaled"]) for one in province["indicators"]
    }
    assert province["title"].endswith(": Thành phố Hồ Chí Minh")
    assert values["pay.account_share.national"] == (80.0, 90.0, None)
    assert "events.received" not in values
    page = write_report(TODAY, YEAR_END, "en", "html", "79").decode()
    assert "As published" not in page
    month = json.loads(write_report(TODAY, date(2025, 6, 30), "vi", "json", monthly=True))
    assert month["title"].endswith(", tháng 7/2025")
    assert next(one["up_to"] for one in month["months"]) == "2024-12-31"
    assert len(month["months"]) == 8
    assert write_report(TODAY, date(2025, 6, 30), "en", "pdf", "01", monthly=True).startswith(b"%PDF")
    with pytest.raises(NotFound, match="98"):
        write_report(TODAY, YEAR_END, "vi", "json", "98")


def test_an_agency_that_counted_nothing_has_a_report_without_charts_and_an_unknown_form_is_refused() -> None:
    assert "<svg" not in report("html").decode()
    assert report("pdf").startswith(b"%PDF")
    with pytest.raises(NotFound, match="gif"):
        report("gif")


def test_the_map_has_a_tile_for_each_province_and_what_was_published_is_an_indicator() -> None:
    placed = tiles()
    assert len(placed) == len(set(placed.values())) == 34
    assert set(published_figures()) <= {one.key for one in INDICATORS}
    assert {one.indicator.unit for one in figures(TODAY, YEAR_END)} <= set(wording.UNITS)


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (1_234_567, "1.234.567", "1,234,567"),
        (81.5, "81,5", "81.5"),
        (-0.02, "−0,02", "−0.02"),
        (100.0, "100", "100"),
        (None, "–", "–"),
    ],
)
def test_numbers_are_written_as_readers_of_each_language_do(value: float | None, vi: str, en: str) -> None:
    assert (wording.number(value, "vi"), wording.number(value, "en")) == (vi, en)
    assert not re.search(r"\s", wording.number(value, "vi"))

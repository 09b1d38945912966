"""A report handed over: as a page, as a tagged PDF, as a workbook, as a document to go on writing in, or as values for machines. The same words in each."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path

import docx
import xlsxwriter  # type: ignore[import-untyped]  # ships no types
from django.template import Context, Engine
from docx.shared import Cm, Pt

from ansinh.documents.setting import picture_paper, set_paper
from ansinh.foundation.clock import VIET_NAM
from ansinh.reporting.document.content import Content, Value
from ansinh.reporting.document.wording import day
from ansinh.reporting.document.written import Row, Written

_PAPERS = Path(__file__).parent.parent / "papers"
_FORMATS = {"percent": '#,##0.00" %"', "points": "+#,##0.00;-#,##0.00;0"}
_PICTURE_CM = 16.0


def _made_at(told: Written) -> datetime:
    # The end of the last day counted: the same figures give the same bytes, whenever they are printed.
    return datetime.combine(told.as_of, time.max, VIET_NAM)


def as_html(told: Written, content: Content) -> bytes:
    """Return one page that needs nothing else: charts are in it, and each sentence leads to its figure."""
    template = Engine(autoescape=True).from_string((_PAPERS / "report.html").read_text("utf-8"))
    return template.render(Context(told.plain())).encode()


def as_pdf(told: Written, content: Content) -> bytes:
    """Return a tagged PDF (PDF/UA-1) with its fonts in it; the same figures give the same bytes."""
    return set_paper(_PAPERS / "report.typ", told.plain(), _made_at(told))


def as_json(told: Written, content: Content) -> bytes:
    """Return figures as numbers, with months, provinces, and the sentences with the keys they tell."""
    document = {
        "title": told.words["title"],
        "language": told.language,
        "as_of": told.as_of.isoformat(),
        "compare": told.compare.isoformat(),
        "indicators": [
            {
                "key": line.key,
                "name": line.name(told.language),
                "unit": line.indicator.unit,
                "value": line.value,
                "compare_value": line.before,
                "change": line.change,
                "target": line.indicator.target,
                "published_scaled": line.published,
            }
            for area in content.areas
            for line in area.lines
        ],
        "months": [{"up_to": end.isoformat(), "values": values} for end, values in content.months],
        "provinces": [
            {"code": one.code, "name": one.name, "values": {key: pair[0] for key, pair in one.values.items()}}
            for one in content.by_province
        ],
        "sentences": [
            {"text": one.text, "figures": list(one.figures)}
            for one in (*told.summary, *(one for chapter in told.chapters for one in chapter.sentences))
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


def as_xlsx(told: Written, content: Content) -> bytes:
    """Return a workbook of numbers, not of texts: figures, months with a chart, provinces."""
    words, target = told.words, io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties(
        {"title": words["title"], "author": words["agency"], "created": _made_at(told).replace(tzinfo=None)}
    )
    head = book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "top"})
    plain = {unit: book.add_format({"num_format": form}) for unit, form in _FORMATS.items()}
    count = book.add_format({"num_format": "#,##0.##"})

    def put(sheet: xlsxwriter.worksheet.Worksheet, at: tuple[int, int], value: Value, unit: str) -> None:
        if value is not None:
            sheet.write_number(*at, value, plain.get(unit, count))

    figures = book.add_worksheet(words["headline"][:31])
    figures.set_column(0, 0, 70)
    figures.set_column(1, 7, 18)
    ends = (day(told.as_of, told.language), day(told.compare, told.language))
    heads = (
        words["indicator"],
        words["key"],
        words["unit"],
        *ends,
        words["change"],
        words["target"],
        words["published"],
    )
    figures.write_row(0, 0, heads, head)
    figures.freeze_panes(1, 1)
    lines = [line for area in content.areas for line in area.lines]
    for place, line in enumerate(lines, start=1):
        unit = line.indicator.unit
        figures.write_row(place, 0, (line.name(told.language), line.key, unit))
        for column, value in enumerate(
            (line.value, line.before, line.change, line.indicator.target, line.published), 3
        ):
            put(figures, (place, column), value, unit)
    months = book.add_worksheet(words["months"][:31])
    months.set_column(0, 0, 14)
    months.write_row(0, 0, (words["month"], *(line.key for line in lines)), head)
    for place, (end, values) in enumerate(content.months, start=1):
        months.write_string(place, 0, day(end, told.language))
        for column, line in enumerate(lines, start=1):
            put(months, (place, column), values.get(line.key), line.indicator.unit)
    places = book.add_worksheet(words["provinces"][:31])
    places.set_column(0, 1, 24)
    known = [line for line in lines if any(line.key in one.values for one in content.by_province)]
    places.write_row(0, 0, (words["province"], words["key"], *(line.name(told.language) for line in known)), head)
    for place, one in enumerate(content.by_province, start=1):
        places.write_row(place, 0, (one.name, one.code))
        for column, line in enumerate(known, start=2):
            put(places, (place, column), one.values.get(line.key, (None, None))[0], line.indicator.unit)
    book.close()
    return target.getvalue()


def as_docx(told: Written, content: Content) -> bytes:
    """Return a document officers can go on writing in: headings, paragraphs, tables, and charts as pictures with their words."""
    words, target = told.words, io.BytesIO()
    paper = docx.Document()
    paper.core_properties.title, paper.core_properties.author = words["title"], words["agency"]
    paper.core_properties.created = paper.core_properties.modified = _made_at(told).replace(tzinfo=None)
    paper.styles["Normal"].font.name, paper.styles["Normal"].font.size = "Times New Roman", Pt(13)
    paper.add_heading(words["title"], 0)
    paper.add_paragraph(told.days)
    paper.add_paragraph(f"{words['invented']} {words['proof']}")
    paper.add_heading(words["summary"], 1)
    paper.add_paragraph(" ".join(one.text for one in told.summary))
    paper.add_heading(words["headline"], 1)
    _table(paper, told, told.headline)
    for chapter in told.chapters:
        paper.add_heading(chapter.title, 1)
        paper.add_paragraph(" ".join(one.text for one in chapter.sentences))
        for chart in chapter.charts:
            picture = picture_paper(_PAPERS / "chart.typ", {"svg": chart.svg, "told": chart.told}, _made_at(told))
            drawn = paper.add_picture(io.BytesIO(picture), width=Cm(_PICTURE_CM))
            drawn._inline.docPr.set(
                "descr", f"{chart.title}: {chart.told}"
            )  # python-docx has no other way to give a picture its words
            paper.add_paragraph(chart.title, style="Caption")
        _table(paper, told, chapter.rows)
    paper.save(target)
    return target.getvalue()


def _table(paper: docx.document.Document, told: Written, rows: tuple[Row, ...]) -> None:
    heads = (
        told.words["indicator"],
        day(told.as_of, told.language),
        day(told.compare, told.language),
        told.words["change"],
        told.words["target"],
    )
    table = paper.add_table(rows=1, cols=len(heads), style="Light List Accent 1")
    for cell, text in zip(table.rows[0].cells, heads, strict=True):
        cell.text = text
    for row in rows:
        for cell, text in zip(
            table.add_row().cells, (row.name, row.value, row.before, row.change, row.target), strict=True
        ):
            cell.text = text


FORMS: dict[str, Callable[[Written, Content], bytes]] = {
    "html": as_html,
    "pdf": as_pdf,
    "json": as_json,
    "xlsx": as_xlsx,
    "docx": as_docx,
}

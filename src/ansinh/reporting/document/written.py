"""A report in words: everything its forms show, in one language, as plain values."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from ansinh.reporting.document import charts
from ansinh.reporting.document.content import PROVINCE_KEYS, Area, Content, Line
from ansinh.reporting.document.narrative import Sentence, of_area, summary
from ansinh.reporting.document.wording import VI, Language, amount, day, difference, month, unit

WORDS: dict[Language, dict[str, str]] = {
    "vi": {
        "title": "Báo cáo kết quả thực hiện Đề án 06",
        "agency": "Bảo hiểm xã hội Việt Nam",
        "up_to": "Số liệu đến",
        "compared": "so với",
        "invented": "Đất nước giả định: mọi người và mọi con số trong báo cáo này đều do máy tạo ra, không có ai là người thật.",
        "proof": "Mỗi con số cộng từ sổ ghi từng ngày và đếm lại được từ dữ liệu gốc bằng lệnh “ansinh check”.",
        "headline": "Số liệu chính",
        "indicator": "Chỉ tiêu",
        "change": "Tăng, giảm",
        "target": "Mục tiêu",
        "published": "Số đã công bố, quy theo dân số",
        "published_note": "Cột cuối là số đã công bố cho 6 tháng đầu năm 2025; số lượt, số người quy theo dân số của đất nước giả định, tỷ lệ giữ nguyên.",
        "all": "Mọi chỉ tiêu",
        "key": "Mã",
        "unit": "Đơn vị",
        "provinces": "Theo tỉnh, thành phố",
        "province": "Tỉnh, thành phố",
        "summary": "Tóm tắt",
        "months": "Theo tháng",
        "month": "Đến hết",
        "page": "Trang",
        "to": "Xem số liệu",
    },
    "en": {
        "title": "Report on the results of Project 06",
        "agency": "Viet Nam Social Security",
        "up_to": "Figures up to",
        "compared": "against",
        "invented": "An invented nation: every person and every figure in this report was made by a machine; nobody in it is real.",
        "proof": "Each figure adds up daily counters and can be counted again from raw rows by “ansinh check”.",
        "headline": "Main figures",
        "indicator": "Indicator",
        "change": "Change",
        "target": "Target",
        "published": "As published, scaled",
        "published_note": "The last column is what the real agency published for the first half of 2025, counts scaled to the people of this nation.",
        "all": "All indicators",
        "key": "Key",
        "unit": "Unit",
        "provinces": "By province",
        "province": "Province",
        "summary": "Summary",
        "months": "By month",
        "month": "Up to",
        "page": "Page",
        "to": "See the figure",
    },
}


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator in words."""

    key: str
    name: str
    value: str
    before: str
    change: str
    target: str
    published: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """An area in words: sentences, rows, and its charts."""

    key: str
    title: str
    sentences: tuple[Sentence, ...]
    rows: tuple[Row, ...]
    charts: tuple[charts.Chart, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A whole report in one language."""

    language: Language
    words: dict[str, str]
    as_of: date
    compare: date
    days: str
    summary: tuple[Sentence, ...]
    headline: tuple[Row, ...]
    chapters: tuple[Chapter, ...]
    province_columns: tuple[str, ...]
    province_rows: tuple[tuple[str, ...], ...]
    with_published: bool

    def plain(self) -> dict[str, Any]:
        """Return the report as plain values, as templates are told it."""
        ends = [day(self.as_of, self.language), day(self.compare, self.language)]
        return {**asdict(self), "as_of": ends[0], "compare": ends[1], "ends": ends}


def written(content: Content, language: Language) -> Written:
    """Put a report into words, and draw its charts."""
    words = {**WORDS[language], "title": _title(content, language)}
    ends = f"{words['up_to']} {day(content.as_of, language)}, {words['compared']} {day(content.compare, language)}"
    keys = [key for key in PROVINCE_KEYS if any(key in one.values for one in content.by_province)]
    lines = [line for key in keys if (line := content.line(key))]
    return Written(
        language,
        words,
        content.as_of,
        content.compare,
        ends,
        summary(content, language),
        tuple(_in_words(line, language) for line in content.headline),
        tuple(_chapter(area, content, language) for area in content.areas),
        tuple(f"{line.name(language)} ({unit(line.indicator.unit, language)})" for line in lines),
        tuple(
            (
                one.name,
                *(amount(one.values.get(line.key, (None, None))[0], line.indicator.unit, language) for line in lines),
            )
            for one in content.by_province
        ),
        content.province is None,
    )


def _title(content: Content, language: Language) -> str:
    """What kind of report it is, of which month and province."""
    title = WORDS[language]["title"]
    if content.monthly:
        title += (", tháng " if language == VI else ", ") + month(content.as_of, language)
    return f"{title}: {content.province.name}" if content.province else title


def _chapter(area: Area, content: Content, language: Language) -> Chapter:
    drawn = [charts.course(area.key, content, language)]
    if charts.MAPPED.startswith(f"{area.key}."):
        drawn.append(charts.tile_map(content, language))
    return Chapter(
        area.key,
        area.title(language),
        of_area(area, content, language),
        tuple(_in_words(line, language) for line in area.lines),
        tuple(one for one in drawn if one),
    )


def _in_words(line: Line, language: Language) -> Row:
    kind = line.indicator.unit
    published = None if line.published is None else float(round(line.published, 2 if kind == "percent" else 0))
    return Row(
        line.key,
        line.name(language),
        amount(line.value, kind, language),
        amount(line.before, kind, language),
        difference(line.change, language),
        amount(line.indicator.target, kind, language),
        amount(published, kind, language),
    )

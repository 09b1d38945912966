"""What the page of figures shows, in words: its template receives these and never a model or a query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from ansinh.reporting.document.wording import VI, Language, unit
from ansinh.reporting.queries import Figure, telling_of_few

WORDS = {
    "vi": {
        "title": "Số liệu an sinh xã hội",
        "lead": "Mỗi con số dưới đây được cộng từ sổ ghi từng ngày và đếm lại được từ dữ liệu gốc.",
        "as_of": "Đến ngày",
        "than": "so với",
        "target": "Mục tiêu",
        "empty": "Chưa có số liệu. Nạp dữ liệu rồi chạy “ansinh report project06”.",
        "few": "Không công bố: số này nói về ít hơn 10 người.",
        "doors": "Các cửa đang mở",
        "desk": "Bàn tiếp đón của cơ sở khám chữa bệnh",
        "gateway": "Cổng tra cứu thẻ BHYT cho phần mềm bệnh viện",
        "licence": "Phần mềm tự do theo giấy phép AGPL-3.0-or-later.",
    },
    "en": {
        "title": "Social security in figures",
        "lead": "Every figure below is the sum of daily counters and can be counted again from raw rows.",
        "as_of": "Up to",
        "than": "compared with",
        "target": "Target",
        "empty": "There are no figures yet. Load data, then run “ansinh report project06”.",
        "few": "Not published: it tells of fewer than 10 persons.",
        "doors": "Open doors",
        "desk": "Clerk's desk for health facilities",
        "gateway": "Card look-ups for hospital software",
        "licence": "Free software under AGPL-3.0-or-later.",
    },
}


@dataclass(frozen=True, slots=True)
class FigurePresenter:
    """One figure in words: name, value, change since the day compared with, and the share of its target as a width."""

    name: str
    key: str
    value: str
    unit: str
    change: str
    grew: bool
    target: str
    width_percent: int | None
    note: str = ""


def figure_presenters(figures: Sequence[Figure], language: Language) -> list[FigurePresenter]:
    """Return the public figures as the page shows them; one that tells of few persons says so instead of its value."""
    few = telling_of_few(figures)
    return [
        replace(_figure(one, language), value="–", change="", width_percent=None, note=WORDS[language]["few"])
        if one.indicator.key in few
        else _figure(one, language)
        for one in figures
        if one.indicator.public
    ]


def day_in_words(day: date) -> str:
    """Return the day as dd/mm/yyyy."""
    return f"{day:%d/%m/%Y}"


def _figure(figure: Figure, language: Language) -> FigurePresenter:
    indicator, value, before = figure.indicator, figure.value, figure.compare_value
    change, grew = "", False
    if value is not None and before is not None:
        difference = round(value - before, 2)
        grew = difference >= 0
        change = ("+" if grew else "−") + _number(abs(difference), language)
    return FigurePresenter(
        name=indicator.vi if language == VI else indicator.en,
        key=indicator.key,
        value="–" if value is None else _number(value, language),
        unit=unit(indicator.unit, language),
        change=change,
        grew=grew,
        target="" if indicator.target is None else _number(indicator.target, language),
        width_percent=round(value) if value is not None and indicator.unit == "percent" else None,
    )


def _number(number: float, language: Language) -> str:
    text = f"{number:,.2f}" if isinstance(number, float) else f"{number:,}"
    return text.translate(str.maketrans(",.", ".,")) if language == VI else text

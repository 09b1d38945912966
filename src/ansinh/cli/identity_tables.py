"""The two tables about identity that say most, laid out so that they are read whole in 100 columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from ansinh.cli.screen import counted
from ansinh.people.queries import RequestLine
from ansinh.people.states import FIELDS, REQUEST_WORDS, SOURCES

# Of what a request touches, so many lines are shown.
EFFECTS_SHOWN = 8
# Under each key the heading, its Vietnamese line above its English one.
PROGRESS = (
    ("people.authenticated", "Xác thực\nVerified"),
    ("people.participants_authenticated", "Tham gia\nParticipants"),
    ("people.participants_share", "% đó\n% of them"),
    ("people.pin_share", "% có số\n% PIN"),
    ("people.candidates_open", "Nghi vấn\nDoubtful"),
    ("people.candidates_age", "Ngày chờ\nDays"),
)
_PROVINCE_LENGTH_MAX = 20
_REQUEST_LENGTH_MIN = 78
_KINDS_OF_PROVINCE = {"Thành phố ": "TP ", "Tỉnh ": ""}


def words_of(table: Mapping[str, tuple[str, str]], word: str | None) -> str:
    """Return a word in Vietnamese and English, or itself where nobody translated it."""
    return " · ".join(table[word]) if word and word in table else word or "–"


def asked(one: RequestLine) -> str:
    """Return what a request asks, and of which field."""
    what = words_of(REQUEST_WORDS, one.kind)
    return f"{what}: {words_of(FIELDS, one.field)}" if one.field else what


def requests_table(found: Iterable[RequestLine]) -> Table:
    """Return requests one below the other: what, about whom, by whom; then change, paper, and what it touches, a line each."""
    table = Table(
        title="Chờ người thứ hai duyệt · Waiting for a second officer",
        title_justify="left",
        min_width=_REQUEST_LENGTH_MIN,
    )
    table.add_column("Số\nNo.", justify="right", no_wrap=True)
    table.add_column("Đề nghị\nRequest", overflow="fold")
    for one in found:
        table.add_row(str(one.request), Text("\n".join(_request_lines(one))), end_section=True)
    return table


def _request_lines(one: RequestLine) -> list[str]:
    about = f"#{one.person_id}" if one.person_id else one.source or ""
    other = f" → #{one.other_person_id}" if one.other_person_id else ""
    lines = [f"{asked(one)}  {about}{other}", f"Người lập · By: {one.prepared_by}"]
    if one.new_value or one.old_value:
        lines.append(f"Đổi · Change: {one.old_value or '–'} → {one.new_value or '–'}")
    if one.evidence:
        lines.append(f"Giấy tờ · Paper: {words_of(SOURCES, one.source)}: {one.evidence}")
    touched = [f"  {_touched(effect)}" for effect in one.effects[:EFFECTS_SHOWN]]
    if len(one.effects) > EFFECTS_SHOWN:
        touched.append(f"  … {counted(len(one.effects) - EFFECTS_SHOWN)} nữa · more")
    return [*lines, "Chạm đến · Touches:", *touched] if touched else lines


def _touched(effect: Mapping[str, Any]) -> str:
    whose = f"#{effect['person_id']} " if effect["person_id"] else ""
    return f"{whose}{effect['vi']} · {effect['en']}"


def progress_table(title: str, lines: Sequence[tuple[str, Mapping[str, float | int | None], int]]) -> Table:
    """Return authentication by province, the last line the nation's; each line a name, its figures and how many are counted apart."""
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("Tỉnh\nProvince", no_wrap=True)
    for heading in (*(words for _, words in PROGRESS), "Riêng\nApart"):
        table.add_column(heading, justify="right", no_wrap=True)
    for place, (name, values, apart) in enumerate(lines):
        if place == len(lines) - 1:
            table.add_section()
        table.add_row(_short(name), *_measured(values), counted(apart))
    table.caption = "Tính riêng: lực lượng vũ trang và thân nhân · Apart: armed forces and relatives"
    return table


def _short(name: str) -> str:
    for kind, short in _KINDS_OF_PROVINCE.items():
        name = name.replace(kind, short)
    return name if len(name) <= _PROVINCE_LENGTH_MAX else f"{name[: _PROVINCE_LENGTH_MAX - 1]}…"


def _measured(values: Mapping[str, float | int | None]) -> list[str]:
    return [counted(values.get(key), "percent" if key.endswith("share") else "") for key, _ in PROGRESS]

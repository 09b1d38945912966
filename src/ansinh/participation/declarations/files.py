"""A declaration's bytes as rows of cells. Whatever is in them was written by others: nothing is trusted, nothing is guessed.

The agreement is `contracts/participation/README.md`: CSV in UTF-8 with a header line.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from ansinh.foundation.errors import Refusal

FILE_BYTES_MAX = 20_000_000
LINES_MAX = 50_000
CELL_LENGTH_MAX = 500
REQUIRED = ("employer", "month", "act", "number")
COLUMNS = (*REQUIRED, "full_name", "from", "until", "wage", "unemployment", "work", "withdraws", "note")
_SEPARATORS = ",;\t"


class Unreadable(Refusal):
    """The file cannot be read as a declaration at all; nothing of it is kept."""

    code = "declaration_unreadable"


@dataclass(frozen=True, slots=True)
class Row:
    """A line as it came: its number in the file (the header is 1), its cells by column, and whether it had more cells than columns."""

    line: int
    cells: dict[str, str]
    too_many: bool = False


def rows_of(content: bytes) -> list[Row]:
    """Return a file's lines, letters composed (NFC), empty lines left out; raises Unreadable with what to do."""
    text = _text(content)
    separator = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return list(_rows(reader))
    except csv.Error as error:
        raise Unreadable(
            f"Dòng {reader.line_num}: dấu ngoặc kép hoặc xuống dòng không đúng. Xuất lại tệp CSV.",
            f"Line {reader.line_num}: quotes or line ends are not right. Export the CSV again.",
            line=reader.line_num,
        ) from error


def _text(content: bytes) -> str:
    if len(content) > FILE_BYTES_MAX:
        raise Unreadable(
            f"Tệp lớn hơn {FILE_BYTES_MAX:,} byte. Chia thành nhiều tệp.",
            f"The file is larger than {FILE_BYTES_MAX:,} bytes. Split it.",
        )
    if content[:4] in {b"PK\x03\x04", b"\xd0\xcf\x11\xe0"}:
        raise Unreadable(
            "Đây là tệp bảng tính, không phải CSV. Lưu dưới dạng “CSV UTF-8” rồi gửi lại.",
            "This is a spreadsheet, not a CSV file. Save it as “CSV UTF-8” and send again.",
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(
            f"Dòng {line}: không phải UTF-8 (có thể là Windows-1258, TCVN3 hoặc UTF-16). Lưu dưới dạng “CSV UTF-8” rồi gửi lại.",
            f"Line {line}: not UTF-8 (perhaps Windows-1258, TCVN3 or UTF-16). Save it as “CSV UTF-8” and send again.",
            line=line,
        ) from error
    if not text.strip() or "\0" in text:
        raise Unreadable("Tệp trống hoặc không phải văn bản.", "The file is empty, or no text.")
    return unicodedata.normalize("NFC", text)


def _separator(text: str) -> str:
    header = text.split("\n", 1)[0]
    return max(_SEPARATORS, key=header.count)


def _rows(reader: Iterator[list[str]]) -> Iterator[Row]:
    line = getattr(reader, "line_num", 0)
    columns = _columns(next(reader, []))
    found = 0
    while True:
        line = getattr(reader, "line_num", 0) + 1
        cells = next(reader, None)
        if cells is None:
            return
        if not any(cell.strip() for cell in cells):
            continue
        found += 1
        if found > LINES_MAX:
            raise Unreadable(
                f"Nhiều nhất {LINES_MAX:,} dòng. Chia thành nhiều tệp.", f"At most {LINES_MAX:,} lines. Split the file."
            )
        kept = {name: cell.strip() for name, cell in zip(columns, cells, strict=False)}
        yield Row(line, kept, any(cell.strip() for cell in cells[len(columns) :]))


def _columns(header: list[str]) -> list[str]:
    columns = [name.strip().lower() for name in header]
    while columns and not columns[-1]:
        columns.pop()
    missing = [name for name in REQUIRED if name not in columns]
    strange = sorted({name[:40] for name in columns if name not in COLUMNS or columns.count(name) > 1})
    if missing or strange:
        what = ", ".join(missing or strange)
        raise Unreadable(
            f"Dòng tiêu đề {'thiếu cột' if missing else 'có cột lạ hoặc lặp lại'}: {what}. Các cột: {', '.join(COLUMNS)}.",
            f"The header line {'lacks columns' if missing else 'has columns unknown or twice'}: {what}. The columns are {', '.join(COLUMNS)}.",
        )
    return columns

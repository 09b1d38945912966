"""A chunk's pages into the book by COPY: one stream a table, fields joined as they are.

Fields are separated by U+001F, which no XML can hold, and the empty field is NULL, since a row as read has no empty texts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

import psycopg

from ansinh.database.sql import driver, execute, rows
from ansinh.healthbook.intake.encounters import ROW_COLUMNS, VISIT_COLUMNS
from ansinh.healthbook.intake.moments import day
from ansinh.healthbook.intake.versions import Page

_BETWEEN = "\x1f"
PIECE_CHARACTERS = 1 << 18
_KEY = ("person_id", "year", "visit_id", "version")
_VISIT_KEY = (
    *_KEY,
    "current",
    "facility",
    "episode",
    "received_no",
    "receipt",
    "recorded_at",
    "superseded_at",
    "withdrawn_at",
)
_PAPER = (
    *_KEY,
    "current",
    "facility",
    "episode",
    "receipt",
    "recorded_at",
    "superseded_at",
    "withdrawn_at",
    "paper_id",
    "kind",
    "number",
    "issued_on",
    "signed",
    "content",
    "sensitive",
)


def write_pages(pages: list[Page], now: datetime) -> None:
    """Write visits, the rows of their tables and papers, of new versions."""
    if not pages:
        return
    for year in sorted({page.entry.year for page in pages}):
        execute("SELECT healthbook_ensure_year(%s)", [year])
    moment = now.isoformat()
    _copy("healthbook_visit", (*_VISIT_KEY, *VISIT_COLUMNS), _visit_lines(pages, moment))
    for table, columns in ROW_COLUMNS.items():
        _copy(f"healthbook_{table}", (*_KEY, "position", *columns), _row_lines(pages, table))
    papers = sum(len(page.entry.papers) for page in pages)
    if papers:
        numbers = rows("SELECT nextval('healthbook_paper_number') FROM generate_series(1, %s)", [papers])
        _copy("healthbook_paper", _PAPER, _paper_lines(pages, moment, iter([int(one[0]) for one in numbers])))


def _visit_lines(pages: Iterable[Page], moment: str) -> Iterator[str]:
    for page in pages:
        if page.entry.visit is not None:
            submitted = page.submitted
            yield _BETWEEN.join(
                [
                    f"{page.person_id}\x1f{page.entry.year}\x1f{page.visit_id}\x1f{page.version}",
                    "t" if page.current else "f",
                    submitted.facility,
                    page.entry.episode,
                    str(submitted.received_no),
                    submitted.receipt,
                    moment,
                    moment if page.superseded else "",
                    moment if page.withdrawn else "",
                    *page.entry.visit,
                ]
            )


def _row_lines(pages: Iterable[Page], table: str) -> Iterator[str]:
    for page in pages:
        lines = page.entry.rows.get(table)
        if lines:
            key = f"{page.person_id}\x1f{page.entry.year}\x1f{page.visit_id}\x1f{page.version}\x1f"
            for position, line in enumerate(lines, start=1):
                yield f"{key}{position}\x1f{_BETWEEN.join(line)}"


def _paper_lines(pages: Iterable[Page], moment: str, numbers: Iterator[int]) -> Iterator[str]:
    for page in pages:
        for paper in page.entry.papers:
            issued = day(paper.issued)
            yield _BETWEEN.join(
                [
                    f"{page.person_id}\x1f{page.entry.year}\x1f{page.visit_id}\x1f{page.version}",
                    "t" if page.current else "f",
                    page.submitted.facility,
                    page.entry.episode,
                    page.submitted.receipt,
                    moment,
                    moment if page.superseded else "",
                    moment if page.withdrawn else "",
                    str(next(numbers)),
                    paper.kind,
                    paper.number or "",
                    issued.isoformat() if issued else "",
                    "t" if page.entry.signed else "f",
                    json.dumps(paper.content, ensure_ascii=False),
                    paper.sensitive or "",
                ]
            )


def _copy(table: str, columns: tuple[str, ...], lines: Iterable[str]) -> None:
    command = f"COPY {table} ({', '.join(columns)}) FROM STDIN WITH (FORMAT text, DELIMITER E'\\x1f', NULL '')"  # names of our own
    with driver().cursor() as cursor, cursor.copy(psycopg.sql.SQL(command)) as copy:
        piece: list[str] = []
        length = 0
        for line in lines:
            if "\\" in line:
                line = line.replace("\\", "\\\\")  # noqa: PLW2901
            if "\n" in line or "\r" in line:
                line = line.replace("\n", "\\n").replace("\r", "\\r")  # noqa: PLW2901
            piece.append(line)
            length += len(line)
            if length > PIECE_CHARACTERS:
                copy.write("\n".join(piece) + "\n")
                piece, length = [], 0
        if piece:
            copy.write("\n".join(piece) + "\n")

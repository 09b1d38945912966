"""Everything the agency has about a person, in one archive: JSON for machines and a page people can read, by what each room declares of its fields.

A table belongs when it has the column `person_id`, or `for_person_id`. What is left out, and why, stands in `left_out.csv` and in the archive: officers by
name, secrets, other people (91/2025/QH15 art. 4; 13/2023/NĐ-CP arts 9, 14: one's own data, not another's).
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from ansinh.database.sql import rows
from ansinh.foundation.clock import VIET_NAM
from ansinh.foundation.privacy import Field, Kind

Declared = Mapping[str, Mapping[str, Field]]
"""Table → column → what is declared of it."""

ROWS_A_TABLE_MAX = 5_000
OWN_COLUMNS = ("person_id", "for_person_id")
# Never handed out, whatever the table: who of the agency or a facility did something (it stands among who looked), and what proves or guards something.
_NEVER = re.compile(r"_by$|digest|sha256|password|secret|token|invitation|^id_token$")
_LIST = Path(__file__).with_name("left_out.csv")
_FIRST_OF_ARCHIVES = (1980, 1, 1, 0, 0, 0)  # no clock of the machine in it: the same content is the same bytes


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A column, or with `*` a table, that is not handed out, and why."""

    table: str
    column: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """The archive, how many tables and rows are in it."""

    content: bytes
    tables: int
    rows: int


@cache
def left_out() -> tuple[LeftOut, ...]:
    """Return what is not handed out, and why."""
    with _LIST.open(encoding="utf-8", newline="") as file:
        return tuple(LeftOut(**one) for one in csv.DictReader(file))


def own_tables(declared: Declared) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return each table that is handed out: the columns that can name the person, and the columns left out of it."""
    whole = {one.table for one in left_out() if one.column == "*"}
    found = {}
    for table, columns in declared.items():
        own = tuple(name for name in OWN_COLUMNS if name in columns)
        if own and table not in whole:
            without = {one.column for one in left_out() if one.table == table}
            without |= {name for name in columns if _NEVER.search(name)}
            found[table] = (own, tuple(sorted(without)))
    return found


def gather(person_id: int, records: Sequence[int], declared: Declared, at: datetime) -> Gathered:
    """Return everything about a person (all their records) as an archive."""
    told: dict[str, list[dict[str, Any]]] = {}
    short = []
    for table, (own, without) in sorted(own_tables(declared).items()):
        theirs = " OR ".join(f't."{name}" = ANY(%(records)s)' for name in own)
        found = rows(
            f'SELECT (to_jsonb(t) - %(without)s::text[])::text FROM "{table}" t WHERE {theirs} LIMIT {ROWS_A_TABLE_MAX + 1}',
            {"without": list(without), "records": list(records)},
        )
        if len(found) > ROWS_A_TABLE_MAX:
            short.append(table)
        if found:
            told[table] = [json.loads(one[0]) for one in found[:ROWS_A_TABLE_MAX]]
    kept = {
        "made_at": at.astimezone(VIET_NAM).isoformat(timespec="seconds"),
        "record": person_id,
        "tables": told,
        "more_than_shown": short,
        "left_out": [{"table": one.table, "column": one.column, "vi": one.vi, "en": one.en} for one in left_out()],
    }
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in (
            ("du-lieu.json", json.dumps(kept, ensure_ascii=False, indent=1)),
            ("doc-duoc.html", _readable(told, declared, short, at)),
        ):
            made.writestr(zipfile.ZipInfo(name, _FIRST_OF_ARCHIVES), text.encode(), zipfile.ZIP_DEFLATED)
    return Gathered(archive.getvalue(), len(told), sum(map(len, told.values())))


def _readable(told: Mapping[str, list[dict[str, Any]]], declared: Declared, short: Sequence[str], at: datetime) -> str:
    """One page without scripts, for people: each table with why each field is kept."""
    parts = [_HEAD, f"<p>Lập lúc · Made at {at.astimezone(VIET_NAM):%H:%M %d/%m/%Y}</p>"]
    for table, lines in told.items():
        more = " …" if table in short else ""
        parts.append(f"<h2>{html.escape(table)} <small>({len(lines)}{more})</small></h2>")
        for line in lines:
            cells = (
                f"<dt>{html.escape(name)}</dt><dd>{html.escape(_said(value))}{_why(declared[table].get(name))}</dd>"
                for name, value in line.items()
                if value not in (None, "", [], {})
            )
            parts.append(f"<dl>{''.join(cells)}</dl>")
    parts.append("<h2>Không có trong tệp này · Not in this file</h2><ul>")
    parts += [f"<li>{html.escape(f'{one.table} {one.column}: {one.vi} · {one.en}')}</li>" for one in left_out()]
    return "".join([*parts, "</ul></main></body></html>"])


def _said(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _why(field: Field | None) -> str:
    if field is None or field.kind is Kind.PUBLIC:
        return ""
    return f" <small>({html.escape(field.purpose)})</small>"


_HEAD = (
    '<!doctype html><html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>Dữ liệu của tôi · My data</title><style>body{font:1rem/1.5 sans-serif;max-width:60rem;margin:auto;padding:1rem}"
    "dl{display:grid;grid-template-columns:minmax(8rem,14rem) 1fr;border-top:1px solid #888;padding:.5rem 0;margin:0}"
    "dt{font-weight:600}dd{margin:0;overflow-wrap:anywhere}</style></head>"
    "<body><main><h1>Dữ liệu của tôi · My data</h1>"
)

"""Puts invented visits into the book's tables directly, as the reader of submissions would, so that searches are tried without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg

from ansinh_synthetic.visits import Kind, Sending
from tests.support.database import OwnDatabase
from tests.synthetic_visits.reading import tables_of

_VISIT = (
    "person_id", "year", "visit_id", "version", "current", "facility", "episode", "received_no", "receipt", "recorded_at", "care_kind", "admitted_at",
    "discharged_at", "days", "sensitive",
)  # fmt: skip
_KEY = ("person_id", "year", "visit_id", "version", "position")
RECORDED = "2025-07-31 12:00:00+07"


def at(moment: str) -> str:
    """Turn yyyyMMddHHmm into what the database reads."""
    return f"{moment[:4]}-{moment[4:6]}-{moment[6:8]} {moment[8:10]}:{moment[10:12]}:00+07"


@dataclass
class Book:
    """A book being filled; `visits` gives the number of a visit by its episode."""

    database: OwnDatabase
    visits: dict[str, int]

    def put(self, sendings: list[Sending]) -> None:
        """Put the encounters among the sendings into the book."""
        rows: dict[str, list[tuple[Any, ...]]] = {"visit": [], "medicine": [], "result": []}
        for one in sendings:
            if one.kind is Kind.ENCOUNTER:
                self._add(one, rows)
        with psycopg.connect(self.database.urls.owner) as owner, owner.cursor() as cursor:
            _copy(cursor, "healthbook_visit", _VISIT, rows["visit"])
            _copy(cursor, "healthbook_medicine", (*_KEY, "code", "dose"), rows["medicine"])
            _copy(cursor, "healthbook_result", (*_KEY, "index_code", "value"), rows["result"])

    def _add(self, one: Sending, rows: dict[str, list[tuple[Any, ...]]]) -> None:
        tables, truth = tables_of(one.content), one.truth
        (summary,) = tables["XML1"]
        number = self.visits[truth.episode] = len(self.visits) + 1
        key = (truth.record_no, int(truth.admitted_at[:4]), number, 1)
        rows["visit"].append(
            (*key, True, truth.facility, truth.episode, number, f"r{number}", RECORDED, truth.care_kind, at(truth.admitted_at), at(truth.discharged_at),
             summary["SO_NGAY_DTRI"], "{}")
        )  # fmt: skip
        for table, into, fields in (
            ("XML2", "medicine", ("MA_THUOC", "LIEU_DUNG")),
            ("XML4", "result", ("MA_CHI_SO", "GIA_TRI")),
        ):
            for position, line in enumerate(tables.get(table, []), start=1):
                rows[into].append((*key, position, *(line[field] or None for field in fields)))


def _copy(cursor: Any, table: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def put_facilities(database: OwnDatabase, facilities: list[dict[str, Any]]) -> None:
    """Put the nation's facilities in place."""
    with psycopg.connect(database.urls.owner) as owner, owner.cursor() as cursor:
        rows = [(one["code"], one["name"], one["level"], one["province"], one["commune"]) for one in facilities]
        _copy(cursor, "places_facility", ("code", "name", "level", "province", "commune"), rows)

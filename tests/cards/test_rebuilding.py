"""The standing table is rebuilt while others read it: every reader sees each person's old or new row, whole, and never none."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from ansinh.cards.operations import project_standing
from ansinh.cards.queries import differing_standings
from ansinh.places.operations import load_reference
from tests.cards.card_world import REASON, TODAY, clock
from tests.support.cast import ANYBODY_WITH_RIGHTS, JULY
from tests.support.database import OwnDatabase

PEOPLE, REBUILDS = 1_000, 4
# Name and sex come from one table, the facility from another; a generation changes all three in one transaction.
_GENERATION = """
UPDATE people_person SET full_name = 'Người ' || %(generation)s, sex = CASE WHEN %(generation)s %% 2 = 0 THEN 'M' ELSE 'F' END;
UPDATE participation_coverage SET facility = lpad(%(generation)s::text, 5, '0');
"""
_PEOPLE = """
INSERT INTO people_person (person_id, full_name, sex, birth_year, province, recorded_on)
SELECT n, 'Người 0', 'M', 1980, '01', '2015-01-01' FROM generate_series(1, %(people)s) n;
INSERT INTO people_identifier (value, scheme, person_id, valid_from)
SELECT '01' || lpad(n::text, 8, '0'), 'si_code', n, '2015-01-01' FROM generate_series(1, %(people)s) n;
INSERT INTO participation_coverage (person_id, coverage_id, object_code, facility, card_province, valid_from, valid_until)
SELECT n, 1, 'DN', '00000', '01', '2025-01-01', '2026-01-01' FROM generate_series(1, %(people)s) n;
"""


class Reader(threading.Thread):
    """Reads the whole table again and again, as it stands at that moment."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.url, self.ended, self.wrong, self.readings = url, threading.Event(), "", 0
        self.generations: set[int] = set()

    def run(self) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            while not self.ended.is_set() and not self.wrong:
                found = connection.execute("SELECT full_name, sex, facility FROM cards_standing").fetchall()
                self.readings += 1
                if len(found) != PEOPLE:
                    self.wrong = f"{len(found)} standings"
                for name, sex, facility in found:
                    generation = int(facility)
                    self.generations.add(generation)
                    if (name, sex) != (f"Người {generation}", "FM"[generation % 2 == 0]):
                        self.wrong = f"{name} {sex} {facility}"


@contextmanager
def reading(url: str) -> Iterator[Reader]:
    reader = Reader(url)
    reader.start()
    try:
        yield reader
    finally:
        reader.ended.set()
        reader.join(timeout=30)


def rebuild() -> int:
    """Project in several ranges, each a transaction, as the command does."""
    return sum(
        project_standing(
            actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=clock(), from_person=start, until_person=start + 250
        )
        for start in range(1, PEOPLE + 1, 250)
    )


def test_readers_see_old_or_new_rows_during_a_rebuild(fresh_database: OwnDatabase) -> None:
    load_reference(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=JULY)
    with psycopg.connect(fresh_database.urls.owner, cursor_factory=psycopg.ClientCursor) as owner:
        owner.execute(_PEOPLE, {"people": PEOPLE})
    assert rebuild() == PEOPLE
    with reading(fresh_database.urls.app) as reader:
        for generation in range(1, REBUILDS + 1):
            with psycopg.connect(fresh_database.urls.owner, cursor_factory=psycopg.ClientCursor) as owner:
                owner.execute(_GENERATION, {"generation": generation})
            assert rebuild() == PEOPLE
            assert rebuild() == 0
    assert reader.wrong == ""
    assert reader.readings > 1
    assert reader.generations <= set(range(REBUILDS + 1))
    assert differing_standings(TODAY, 1, PEOPLE + 1) == []

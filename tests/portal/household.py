"""A household for the portal's tests: a mother whose every page holds something, a father with his own, their child, and a neighbour with nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg

from ansinh.audit.operations import ensure_months
from ansinh.audit.queries import looks_at
from ansinh.config.operations import set_nation_day
from ansinh.foundation.clock import VIET_NAM, FixedClock
from ansinh.foundation.purpose import Purpose
from ansinh.notices.operations import Notice, send_message
from ansinh.participation.operations import read_book
from ansinh.places.operations import load_reference
from tests.acts.test_confirming import asked
from tests.acts.test_journeys import represent
from tests.acts.world import GRANDFATHER, GRANDFATHER_NAME, GRANDFATHER_PIN, answer, citizen
from tests.benefits.entitled import Office
from tests.health_reading.books import add_papers, add_visit, found_places
from tests.mandates.family import (
    FATHER,
    MOTHER,
    NEIGHBOUR,
    TODDLER,
    add_person,
    die,
    given,
    name_of,
    pin_of,
    settle_family,
)
from tests.payments.world import Owed, add_account, signed_run
from tests.support.cast import ANYBODY_WITH_RIGHTS
from tests.support.database import OwnDatabase

DAY = date(2025, 7, 31)
NOW = FixedClock(datetime(2025, 7, 31, 9, tzinfo=VIET_NAM))
PEOPLE = (MOTHER, FATHER, TODDLER)
# What stands on the pages of one person and on nobody else's.
MARKS = {MOTHER: "TIEU-DUONG-CUA-ME", FATHER: "GAY-TAY-CUA-CHA", TODDLER: "TIEM-CHUNG-CUA-CON"}
AMOUNTS = {MOTHER: 4_123_457, FATHER: 7_654_321}
CARD = "DN40101{:08d}"


@dataclass(frozen=True)
class Household:
    """Where the household is kept."""

    database: OwnDatabase
    folder: Path

    @contextmanager
    def owner(self) -> Iterator[psycopg.Connection]:
        """The database as its owner."""
        with psycopg.connect(self.database.urls.owner) as connection:
            yield connection


def secrets_of(person: int) -> list[str]:
    """Return what only the pages of this person, and of their parents, may show."""
    money = f"{AMOUNTS[person]:,}".replace(",", ".") if person in AMOUNTS else MARKS[person]
    return [MARKS[person], money, pin_of(person), CARD.format(person)]


def furnish(database: OwnDatabase, folder: Path) -> Household:
    """Put the household on record in a database that Django points at."""
    home = Household(database, folder)
    set_nation_day(actor=ANYBODY_WITH_RIGHTS, reason="thử", today=DAY, source="portal")
    ensure_months(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=NOW)
    settle_family()
    with home.owner() as owner:
        found_places(owner)
        owner.execute(
            "INSERT INTO places_benefitlevel (level, share_percent, ceiling, beyond_scope, vi, en) VALUES (4, 80, true, false, 'Mức 4', 'Level 4')"
            " ON CONFLICT DO NOTHING"
        )
        owner.execute(
            "INSERT INTO participation_employer (employer_id, code, name, kind, province, commune, region)"
            " VALUES (1, 'HH0100001', 'Công ty May Sông Hồng', 'enterprise', '01', '00004', 2)"
        )
        for person in PEOPLE:
            _card(owner, person)
            _work(owner, person)
            add_visit(owner, person, person * 100, text=MARKS[person], admitted_at=_on(2025, 6, 20))
            add_visit(owner, person, person * 100 + 1, text=MARKS[person], sensitive=["mental"], diagnosis="F32")
            add_papers(owner, person, person * 100)
    office = Office(date(2025, 1, 6))
    rights = {person: office.opened(person, AMOUNTS[person], 202501) for person in AMOUNTS}
    for person in AMOUNTS:
        add_account(person, f"00{person}", holder=name_of(person))
    pay(home, rights, 202507, DAY)
    for person in PEOPLE:
        tell(person, 1)
        look(person)
    return home


def pay(home: Household, rights: dict[int, int], month: int, on: date) -> int:
    """Let a month be paid to whom it is owed; returns the run."""
    owed = [Owed(person, AMOUNTS[person], month, right) for person, right in rights.items()]
    return signed_run(owed, home.folder, months=(month,), pay_on=on)


def tell(person: int, number: int) -> None:
    """Tell a person something."""
    said = {"verified_on": f"{MARKS[person]} {number}"}
    notice = Notice(person, "identity_verified", said, f"people.person:{person}{number}", DAY)
    send_message(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=NOW, notice=notice)


def look(person: int) -> None:
    """Let an officer read a person's contribution book."""
    read_book(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=NOW, person_id=person, purpose=Purpose.ADMINISTRATION)


def more(home: Household) -> None:
    """Give the mother more of everything: visits, payments, messages, looks, months."""
    with home.owner() as owner:
        for number in range(2, 8):
            add_visit(owner, MOTHER, MOTHER * 100 + number, text=MARKS[MOTHER], admitted_at=_on(2025, 5, number))
        owner.execute(
            "INSERT INTO participation_span (person_id, span_id, employer_id, scheme, unemployment, from_month, until_month, wage, recorded_at)"
            " SELECT %s, 10 + n, 1, 'compulsory', true, 200001 + n, 200002 + n, 1000000 + n, '2020-02-01' FROM generate_series(1, 9) n",
            [MOTHER],
        )
    right = {MOTHER: 1}
    for month in (202505, 202506):
        pay(home, right, month, date(month // 100, month % 100, 28))
    for number in range(2, 9):
        tell(MOTHER, number)
        look(MOTHER)


def lively(home: Household) -> None:
    """Let the mother have done what the portal lets people do, so that acting pages hold something."""
    load_reference(actor=ANYBODY_WITH_RIGHTS, reason="thử", clock=NOW)
    add_person(GRANDFATHER, GRANDFATHER_PIN, GRANDFATHER_NAME, "M", date(1940, 1, 1))
    die(GRANDFATHER, date(2025, 7, 10))
    represent(MOTHER, "DV0077", 77)
    asked(MOTHER)
    given(MOTHER, NEIGHBOUR, agreed=False)
    me = citizen(MOTHER)
    claim = {"deceased_number": GRANDFATHER_PIN, "deceased_name": GRANDFATHER_NAME, "key": "khoa-cua-mau-1"}
    answer(me, "/services/apply/funeral", **claim, step="send")
    answer(me, "/book/correct", wrong="thiếu năm 2019", evidence="hợp đồng", step="send")
    account = {"bank": "techcombank", "account": "19031234567890", "holder": name_of(MOTHER)}
    answer(me, "/payments/account", **account, step="send")
    answer(me, "/health/chapters", act="hide", chapter="mental")
    answer(me, f"/who-looked/dispute/{looks_at(MOTHER)[0].audit_id}")


def _card(owner: psycopg.Connection, person: int) -> None:
    owner.execute(
        "INSERT INTO cards_standing (person_id, pin, card_number, full_name, sex, birth_year, birth_month, birth_day, object_code, level, area,"
        " facility, valid_from, valid_until, status, five_years_on, address, issuing_office, copay_year, copay_total)"
        " VALUES (%s, %s, %s, %s, 'F', 1985, 3, 4, 'DN', 4, 'K1', '01001', '2025-01-01', '2026-01-01', 'active', '2026-03-01',"
        " 'Phường Hoàn Kiếm, Hà Nội', 'BHXH thành phố Hà Nội', 2025, 150000)",
        [person, pin_of(person), CARD.format(person), name_of(person)],
    )


def _work(owner: psycopg.Connection, person: int) -> None:
    for span, (start, end, wage) in enumerate(((201001, 201501, 5_000_000), (201507, 202001, 8_000_000)), start=1):
        owner.execute(
            "INSERT INTO participation_span (person_id, span_id, employer_id, scheme, unemployment, from_month, until_month, wage, recorded_at)"
            " VALUES (%s, %s, 1, 'compulsory', true, %s, %s, %s, '2020-02-01')",
            [person, span, start, end, wage],
        )


def _on(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 2, tzinfo=UTC) + timedelta(minutes=30)


__all__ = [
    "FATHER",
    "MOTHER",
    "NEIGHBOUR",
    "TODDLER",
    "Household",
    "furnish",
    "lively",
    "more",
    "name_of",
    "pin_of",
    "secrets_of",
]

"""What a patient decides about the own book, officers read it for a purpose, emergencies are judged; grounds end when they should."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from ansinh.access.roles import DataProtectionOfficer, InsuredPerson
from ansinh.audit.queries import looks_at, verify_chains
from ansinh.cli.healthbook_reading import one_screen, show_own_book
from ansinh.cli.screen import out
from ansinh.database.sql import execute, rows
from ansinh.disclosure.checks import checks
from ansinh.disclosure.operations import (
    give_consent,
    hide_chapter,
    judge_glass,
    read_book,
    read_visit,
    show_chapter,
    withdraw_consent,
)
from ansinh.disclosure.queries import decisions_of, glasses_of, glasses_to_judge
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import FixedClock
from ansinh.foundation.errors import InvalidInput, NotFound, NotPermitted
from ansinh.foundation.purpose import Purpose
from tests.health_reading.books import (
    CLAIM,
    HERE,
    MORNING,
    REFERRAL,
    add_whole_book,
    ask,
    break_glass,
    check_in,
    consent,
    found_places,
    hide,
    looks,
)
from tests.support.cast import A_STRANGER
from tests.support.database import OwnDatabase

NOW = FixedClock(MORNING)
PATIENT = 88
SHE = Actor(ActorKind.PERSON, str(PATIENT), InsuredPerson.permissions)
SOMEBODY = Actor(ActorKind.PERSON, "89", InsuredPerson.permissions)
OFFICER = Actor(ActorKind.OFFICER, "hanoi.gd", frozenset({"disclosure.read_book"}))


@pytest.fixture
def patient(db: None) -> int:
    """A patient in Django's own transaction."""
    from django.db import connection  # noqa: PLC0415 - the fixture must have pointed it at the worker's database

    connection.ensure_connection()
    assert connection.connection is not None
    found_places(connection.connection)
    add_whole_book(connection.connection, PATIENT)
    return PATIENT


def test_a_patient_hides_shows_and_consents(patient: int) -> None:
    for _ in range(2):
        hide_chapter(actor=SHE, reason="ẩn", clock=NOW, person_id=patient, chapter="hiv")
    give_consent(actor=SHE, reason="cho xem", clock=NOW, person_id=patient, facility=HERE, chapter="mental", days=30)
    give_consent(actor=SHE, reason="cho xem", clock=NOW, person_id=patient, facility=HERE, chapter="mental", days=60)
    decided = decisions_of(patient, MORNING)
    assert decided.hidden == ("hiv",)
    assert decided.consents == ((HERE, "mental", MORNING + timedelta(days=60)),)
    show_chapter(actor=SHE, reason="hiện", clock=NOW, person_id=patient, chapter="hiv")
    withdraw_consent(actor=SHE, reason="rút", clock=NOW, person_id=patient, facility=HERE, chapter="mental")
    assert decisions_of(patient, MORNING) == type(decided)((), ())
    hide_chapter(
        actor=SHE, reason="ẩn", clock=FixedClock(MORNING + timedelta(hours=1)), person_id=patient, chapter="hiv"
    )
    assert decisions_of(patient, MORNING).hidden == ("hiv",)


def test_nobody_decides_about_anothers_book_or_in_words_that_are_none(patient: int) -> None:
    with pytest.raises(NotFound):
        hide_chapter(actor=SOMEBODY, reason="ẩn", clock=NOW, person_id=patient, chapter="hiv")
    with pytest.raises(NotPermitted):
        hide_chapter(actor=A_STRANGER, reason="ẩn", clock=NOW, person_id=patient, chapter="hiv")
    for chapter in ("own", "everything", ""):
        with pytest.raises(InvalidInput):
            hide_chapter(actor=SHE, reason="ẩn", clock=NOW, person_id=patient, chapter=chapter)
    for days in (0, 367, -1):
        with pytest.raises(InvalidInput):
            give_consent(actor=SHE, reason="x", clock=NOW, person_id=patient, facility=HERE, chapter="hiv", days=days)
    with pytest.raises(NotFound):
        give_consent(actor=SHE, reason="x", clock=NOW, person_id=patient, facility="99999", chapter="hiv", days=1)
    assert (
        rows(
            "SELECT * FROM disclosure_restriction UNION ALL SELECT person_id, what, given_at, NULL FROM disclosure_consent"
        )
        == []
    )


def test_a_person_reads_the_own_book_whole_on_one_screen_and_sees_that(patient: int) -> None:
    with out.capture() as captured:
        found = show_own_book(patient, "xem sổ của mình")
    screen = captured.get()
    assert found.book is not None
    assert len(found.book["visits"]) == 7
    for words in ("BOOK", "Giấy chuyển", "REFERRALS", "Lịch hẹn", "person 88", "health book"):
        assert words in screen, words
    assert max(len(line) for line in screen.splitlines()) <= 121
    assert len(screen.splitlines()) <= 40
    visit = int(found.book["visits"][0]["visit"])
    told = read_visit(actor=SHE, reason="xem", clock=NOW, person_id=patient, visit_id=visit, purpose=Purpose.OWN_RECORD)
    assert told["results"][0]["value"] == "5.2"
    with pytest.raises(NotFound):
        read_book(actor=SOMEBODY, reason="xem", clock=NOW, person_id=patient, purpose=Purpose.OWN_RECORD)
    with pytest.raises(NotFound):
        read_visit(
            actor=OFFICER, reason="x", clock=NOW, person_id=patient, visit_id=PATIENT * 100 + 1, purpose=Purpose.CLAIM
        )
    assert {one.officer for one in looks_at(patient)} == {"person 88", "hanoi.gd"}


def test_an_officer_with_another_purpose_gets_a_book_of_nothing(patient: int) -> None:
    found = read_book(actor=OFFICER, reason="xem", clock=NOW, person_id=patient, purpose=Purpose.TREATMENT)
    assert (found.may, found.book, found.papers, found.referrals) == ((), None, None, None)
    assert one_screen(found).title == "Sổ sức khỏe · Health book 88"
    assert [one.purpose for one in looks_at(patient)] == ["treatment"]


def test_grounds_end_when_they_should(books: OwnDatabase, gateway_line: psycopg.Connection) -> None:
    with psycopg.connect(books.urls.owner) as owner:
        for person in range(401, 408):
            add_whole_book(owner, person, own=False)
        check_in(owner, 401)
        check_in(owner, 402, inpatient=True)
        check_in(owner, 403)
        owner.execute("UPDATE healthbook_checkin SET closed_at = now() WHERE person_id = 403")
        consent(owner, 404, "book", until=MORNING + timedelta(hours=1))
        check_in(owner, 405, facility="01817")
        check_in(owner, 407, MORNING + timedelta(days=900), inpatient=True)
        owner.commit()
    assert break_glass(gateway_line, 406).result == 1
    later = {
        name: MORNING + timedelta(hours=hours) for name, hours in {"soon": 0, "evening": 5, "in 3 days": 72}.items()
    }
    found = {
        (person, name): ask(gateway_line, person, at=at).result
        for person in range(401, 408)
        for name, at in later.items()
    }
    answered = {key for key, result in found.items() if result == 1}
    assert answered == {
        (401, "soon"),
        (401, "evening"),
        (402, "soon"),
        (402, "evening"),
        (402, "in 3 days"),
        (404, "soon"),
        (406, "soon"),
    }
    assert {result for key, result in found.items() if key not in answered} == {7}


def test_purposes_besides_treating_reach_what_the_facility_wrote(
    books: OwnDatabase, gateway_line: psycopg.Connection
) -> None:
    with psycopg.connect(books.urls.owner) as owner:
        add_whole_book(owner, 411)
        check_in(owner, 411)
    assert len(ask(gateway_line, 411, purpose=REFERRAL).part["visits"]) == 4
    own = ask(gateway_line, 411, purpose=CLAIM)
    assert ([one["facility"] for one in own.part["visits"]], own.part["withheld"]) == ([HERE], 6)


def test_what_a_patient_hides_is_withheld_and_an_emergency_opens_it(
    books: OwnDatabase, gateway_line: psycopg.Connection
) -> None:
    with psycopg.connect(books.urls.owner) as owner:
        add_whole_book(owner, 412, own=False)
        check_in(owner, 412)
        hide(owner, 412, "book")
    assert ask(gateway_line, 412).part["visits"] == []
    assert break_glass(gateway_line, 412, officer="nobody").result == 3
    assert break_glass(gateway_line, 412).result == 1
    assert len(ask(gateway_line, 412).part["visits"]) == 6
    with psycopg.connect(books.urls.owner) as owner:
        assert [one[:3] for one in looks(owner, 412)] == [(6, 1, 1), (12, 7, 3), (12, 7, 1), (6, 7, 1)]


def test_emergencies_are_seen_by_the_patient_and_judged(fresh_database: OwnDatabase) -> None:
    with psycopg.connect(fresh_database.urls.owner) as owner:
        found_places(owner)
        add_whole_book(owner, 413, own=False)
    with psycopg.connect(fresh_database.urls.gateway, autocommit=True) as line:
        assert break_glass(line, 413).result == 1
    (glass,) = glasses_to_judge()
    assert (glass.person_id, glass.facility_name, glass.reason) == (
        413,
        "Bệnh viện Đa khoa Mẫu",
        "hôn mê, cần biết tiền sử",
    )
    officer = Actor(ActorKind.OFFICER, "hanoi.dldl", DataProtectionOfficer.permissions)
    for _ in range(2):
        judge_glass(
            actor=officer, reason="có bệnh án", clock=NOW, person_id=413, opened_at=MORNING, finding="justified"
        )
    with pytest.raises(NotFound):
        judge_glass(actor=officer, reason="x", clock=NOW, person_id=413, opened_at=MORNING, finding="unjustified")
    with pytest.raises(InvalidInput):
        judge_glass(actor=officer, reason="x", clock=NOW, person_id=413, opened_at=MORNING, finding="fine")
    assert glasses_to_judge() == []
    assert [one.finding for one in glasses_of(413)] == ["justified"]
    assert [one.call for one in looks_at(413)] == ["health book opened in an emergency"]
    assert all(not check.offending for check in checks())
    assert verify_chains().whole
    with pytest.raises(Exception, match="permission denied"):
        execute("DELETE FROM disclosure_glass")

"""Corrections take a person's word, an officer's months and another officer's approval; closings take two officers; the database agrees."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from ansinh.database.sql import execute, number
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import FixedClock
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.participation import checks
from ansinh.participation.corrections import NotAsSeen, SamePerson, WrongState
from ansinh.participation.operations import (
    Months,
    Vouched,
    approve_request,
    confirm_months,
    decide_closing,
    file_request,
    prepare_closing,
    prepare_request,
    refuse_request,
)
from ansinh.participation.queries import book, book_request, book_requests_of, book_requests_open, closings_open
from tests.participation.declared import PERSON, PIN, book_of, csv_of, declare, found_nation, spells, stored
from tests.support.cast import ANYBODY_WITH_RIGHTS, JULY

pytestmark = pytest.mark.django_db
RIGHTS = ANYBODY_WITH_RIGHTS.permissions
LAN, MINH, HOA = (Actor(ActorKind.OFFICER, f"hanoi.{name}", RIGHTS) for name in ("lan", "minh", "hoa"))
SHE = Actor(ActorKind.PERSON, str(PERSON), RIGHTS)
WHY = "theo hồ sơ"
MAY = Months(1, "compulsory", 202504, 202506, 9_000_000, unemployment=True)


def file(actor: Actor = SHE, wrong: str = "lương tháng 4, 5 là 9 triệu") -> int:
    return file_request(
        actor=actor, reason=WHY, clock=JULY, person_id=PERSON, wrong=wrong, evidence="hợp đồng số 12/HĐ"
    )


def prepare(request: int, months: Months = MAY, actor: Actor = LAN) -> None:
    prepare_request(actor=actor, reason=WHY, clock=JULY, request=request, months=months)


def approve(request: int, actor: Actor = MINH) -> int:
    return approve_request(actor=actor, reason=WHY, clock=JULY, request=request)


def employed() -> None:
    found_nation()
    declare(csv_of({"wage": 8_000_000, "from": "2025-01"}))


def test_a_request_becomes_months_once_two_officers_decided() -> None:
    employed()
    before = book(PERSON, JULY.now())
    request = file()
    assert file() == request
    prepare(request)
    assert spells() == [(202501, None, 8_000_000)]
    assert [one.state for one in book_requests_open()] == ["prepared"]
    assert approve(request) == 4
    assert approve(request) == 0
    assert spells() == [(202501, 202504, 8_000_000), (202504, 202506, 9_000_000), (202506, None, 8_000_000)]
    assert [(one.state, one.approved_by) for one in book_requests_of(PERSON)] == [("applied", "officer:hanoi.minh")]
    assert book_requests_open() == []
    assert book(PERSON, JULY.now()) == before


def test_correcting_and_correcting_back_gives_the_same_book() -> None:
    employed()
    before = book_of()
    for months in (MAY, replace(MAY, wage=None), replace(MAY, wage=8_000_000)):
        request = file(wrong=f"sửa thành {months.wage}")
        prepare(request, months)
        approve(request)
    assert book_of() == before


def test_voluntary_months_are_set_without_an_employer() -> None:
    employed()
    request = file()
    prepare(request, Months(None, "voluntary", 202001, 202101, 2_000_000))
    approve(request)
    totals = book_of().totals
    assert (totals.voluntary, totals.compulsory, totals.unemployment) == (12, 6, 6)


def test_nobody_approves_or_refuses_what_is_their_own() -> None:
    employed()
    request = file(LAN)
    prepare(request, actor=HOA)
    for who in (LAN, HOA, SHE):
        with pytest.raises(SamePerson):
            approve(request, who)
    with pytest.raises(SamePerson):
        refuse_request(actor=LAN, reason=WHY, clock=JULY, request=request)
    with pytest.raises(SamePerson):
        prepare(request, actor=SHE)
    for forbidden in ("prepared_by", "filed_by"):
        with pytest.raises(IntegrityError), transaction.atomic():
            execute(f"UPDATE participation_correction SET state = 'applied', approved_by = {forbidden}")
    assert spells() == [(202501, None, 8_000_000)]


def test_a_refused_request_tells_why_and_stays_refused() -> None:
    employed()
    request = file()
    refuse_request(actor=LAN, reason="hợp đồng không có chữ ký", clock=JULY, request=request)
    found = book_request(request)
    assert found is not None
    assert (found.state, found.answer) == ("refused", "hợp đồng không có chữ ký")
    for late in (lambda: prepare(request), lambda: approve(request)):
        with pytest.raises(WrongState):
            late()


def test_a_book_that_changed_since_is_prepared_again() -> None:
    employed()
    request = file()
    prepare(request)
    declare(csv_of({"act": "change", "wage": 8_500_000, "from": "2025-03"}))
    with pytest.raises(NotAsSeen):
        approve(request)
    prepare(request)
    assert approve(request) == 4


def test_a_person_files_about_the_own_book_only() -> None:
    employed()
    stranger = Actor(ActorKind.PERSON, "18", RIGHTS)
    for actor in (stranger,):
        with pytest.raises(NotFound):
            file(actor)
    with pytest.raises(InvalidInput):
        file(wrong="a\u202eb")
    with pytest.raises(InvalidInput):
        file(wrong="x" * 1_001)
    for turn in range(10):
        file(wrong=f"sai {turn}")
    with pytest.raises(WrongState):
        file(wrong="sai nữa")


@pytest.mark.parametrize(
    "months",
    [
        replace(MAY, from_month=202513),
        replace(MAY, from_month=202509),
        replace(MAY, until_month=202504),
        replace(MAY, until_month=202601),
        replace(MAY, scheme="none"),
        replace(MAY, employer_id=None),
        replace(MAY, wage=0),
        replace(MAY, wage=10**11),
        replace(MAY, work="easy"),
        Months(None, "voluntary", 202001, 202101, 2_000_000, unemployment=True),
        replace(MAY, employer_id=99),
    ],
    ids=range(11),
)
def test_months_no_book_can_hold_are_refused(months: Months) -> None:
    employed()
    request = file()
    with pytest.raises((InvalidInput, NotFound)):
        prepare(request, months)
    assert [one.state for one in book_requests_open()] == ["filed"]


def test_closing_takes_two_and_keeps_declarations_out() -> None:
    employed()
    vouched = Vouched(PERSON, 1, 202507, "quyết định thôi việc số 7")
    confirm_months(actor=LAN, reason=WHY, clock=JULY, vouched=replace(vouched, until_month=202503))
    closing = prepare_closing(actor=LAN, reason=WHY, clock=JULY, vouched=vouched)
    assert prepare_closing(actor=LAN, reason=WHY, clock=JULY, vouched=vouched) == closing
    assert [one.closing for one in closings_open()] == [closing]

    def decide(actor: Actor, *, approved: bool = True) -> None:
        decide_closing(actor=actor, reason=WHY, clock=JULY, person_id=PERSON, closing=closing, approve=approved)

    with pytest.raises(SamePerson):
        decide(LAN)
    with pytest.raises(IntegrityError), transaction.atomic():
        execute("UPDATE participation_attestation SET state = 'in_force' WHERE state = 'prepared'")
    decide(MINH)
    decide(MINH)
    assert spells() == [(202501, 202507, 8_000_000)]
    assert [(one.kind, one.until_month) for one in book_of().attested] == [("confirmed", 202503), ("closed", 202507)]
    declared = declare(
        csv_of({"act": "correction", "from": "2025-03", "until": "2025-04", "wage": 7_000_000}, {"wage": 9_000_000})
    )
    assert declared.states == {"applied": 1, "rejected": 1}
    request = file()
    prepare(request, replace(MAY, from_month=202503, until_month=202504))
    approve(request)
    assert spells()[1] == (202503, 202504, 9_000_000)
    with pytest.raises(WrongState):
        decide(HOA, approved=False)


def test_months_the_book_does_not_have_are_not_vouched_for() -> None:
    employed()
    for month in (202501, 202601, 202513):
        with pytest.raises(InvalidInput):
            confirm_months(actor=LAN, reason=WHY, clock=JULY, vouched=Vouched(PERSON, 1, month, "giấy"))
    with pytest.raises(NotFound):
        confirm_months(actor=LAN, reason=WHY, clock=JULY, vouched=Vouched(PERSON, 9, 202503, "giấy"))


def test_the_database_refuses_to_rewrite_a_span_or_to_let_two_cross() -> None:
    employed()
    for change in (
        "UPDATE participation_span SET wage = 1",
        "UPDATE participation_span SET superseded_at = NULL",
        "DELETE FROM participation_span",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            execute(change)
    crossing = (
        "INSERT INTO participation_span (person_id, span_id, employer_id, scheme, unemployment, from_month, wage, source, recorded_at) "
        "SELECT person_id, 99, employer_id, scheme, true, 202506, 1, {}, recorded_at FROM participation_span"
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        execute(crossing.format("'planted'"))
    assert [one.ok for one in checks.checks() if one.name == "participation.spans_never_cross"] == [True]
    execute(crossing.format("NULL"))
    assert [list(one.offending) for one in checks.checks() if one.name == "participation.spans_never_cross"] == [
        [str(PERSON)]
    ]
    assert number("SELECT count(*) FROM participation_span") == 2


def test_later_months_do_not_change_what_a_day_knew() -> None:
    employed()
    day = date(2025, 7, 31)
    before, rows_before = book(PERSON, day), stored()
    later = FixedClock(JULY.now() + timedelta(days=31))
    request = file()
    prepare_request(actor=LAN, reason=WHY, clock=later, request=request, months=MAY)
    approve_request(actor=MINH, reason=WHY, clock=later, request=request)
    assert book(PERSON, day) == before
    assert len(stored()) > len(rows_before)
    assert PIN not in str(book_requests_of(PERSON))

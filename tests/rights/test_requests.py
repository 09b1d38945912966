"""Requests about personal data: asked and disputed once, answered by an officer within the time of law, late ones alerted, breaches reported."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from ansinh.access.queries import actor_of_person
from ansinh.access.roles import DataProtectionOfficer
from ansinh.database.sql import execute, number, row, rows
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import VIET_NAM, FixedClock
from ansinh.foundation.errors import InvalidInput, NotFound, NotPermitted
from ansinh.notices.queries import messages_of
from ansinh.rights.checks import checks
from ansinh.rights.operations import (
    OPEN_REQUESTS_MAX,
    acknowledge_request,
    answer_request,
    dispute_look,
    file_data_request,
    report_breach,
    watch_requests,
    withdraw_data_request,
)
from ansinh.rights.queries import breaches_open, disputed, findings, requests_of, requests_open
from ansinh.rights.states import Outcome, RequestKind, RequestState, WrongState, breach_due_at, due_at
from tests.mandates.family import GRANDMOTHER, MORNING, NEIGHBOUR, REASON, settle_family
from tests.support.cast import ANYBODY_WITH_RIGHTS

pytestmark = pytest.mark.django_db

DPO = Actor(ActorKind.OFFICER, "bvdl-01", DataProtectionOfficer.permissions)
LOOK, LOOKED_AT = 1_025, datetime(2025, 7, 18, 8, tzinfo=VIET_NAM)


@pytest.fixture(autouse=True)
def people(db: None) -> None:
    settle_family()


def looked_at(person: int, look: int = LOOK, officer: str = "BS02") -> int:
    """Let an officer of a hospital have looked at somebody."""
    with transaction.atomic():
        execute("SELECT audit_ensure_months('2025-07-01'::date, '2025-07-01'::date)")
    told = json.dumps({"read": "contribution book", "person": person, "purpose": "administration"})
    execute(
        "INSERT INTO audit_act (acted_at, act, actor_kind, actor_reference, reason, outcome, facts) "
        "VALUES (%s, 'participation.read_book', 'officer', %s, 'tra cứu', 'done', %s)",
        [LOOKED_AT + timedelta(seconds=look), officer, told],
    )
    found = row("SELECT act_id FROM audit_act WHERE actor_reference = %s ORDER BY act_id DESC LIMIT 1", [officer])
    assert found
    return int(found[0])


def ask(person: int = GRANDMOTHER, words: str = "ngày sinh ghi sai", kind: RequestKind = RequestKind.CORRECT) -> int:
    return file_data_request(
        actor=actor_of_person(person),
        reason=REASON,
        clock=MORNING,
        person_id=person,
        kind=kind,
        about="hồ sơ",
        words=words,
    )


def dispute(look: int, person: int = GRANDMOTHER) -> int:
    return dispute_look(actor=actor_of_person(person), reason=REASON, clock=MORNING, person_id=person, look=look)


def answer(request: int, outcome: Outcome, clock: FixedClock = MORNING, actor: Actor = DPO) -> None:
    answer_request(
        actor=actor, reason=REASON, clock=clock, request_id=request, outcome=outcome, answer="Đã kiểm tra nhật ký."
    )


@pytest.mark.parametrize(
    ("kind", "filed", "due"),
    [
        (RequestKind.CORRECT, datetime(2025, 7, 21, 9, tzinfo=VIET_NAM), datetime(2025, 7, 24, 9, tzinfo=VIET_NAM)),
        (RequestKind.ERASE, datetime(2025, 12, 31, 23, tzinfo=VIET_NAM), datetime(2026, 1, 3, 23, tzinfo=VIET_NAM)),
        (RequestKind.CORRECT, datetime(2026, 1, 1, 0, tzinfo=VIET_NAM), datetime(2026, 1, 12, tzinfo=VIET_NAM)),
        (RequestKind.RESTRICT, datetime(2026, 3, 2, 9, tzinfo=VIET_NAM), datetime(2026, 3, 18, tzinfo=VIET_NAM)),
        (RequestKind.OBJECT, datetime(2026, 3, 2, 9, tzinfo=VIET_NAM), datetime(2026, 3, 18, tzinfo=VIET_NAM)),
        (RequestKind.ERASE, datetime(2026, 3, 2, 9, tzinfo=VIET_NAM), datetime(2026, 3, 23, tzinfo=VIET_NAM)),
        (RequestKind.DISPUTE, datetime(2025, 7, 21, 9, tzinfo=VIET_NAM), datetime(2025, 8, 21, tzinfo=VIET_NAM)),
    ],
)
def test_due_at_follows_the_law_of_the_day(kind: RequestKind, filed: datetime, due: datetime) -> None:
    assert due_at(kind, filed) == due


@settings(max_examples=50)
@given(
    kind=st.sampled_from(RequestKind),
    filed=st.integers(1, 100_000).map(lambda hours: datetime(2023, 7, 1, tzinfo=VIET_NAM) + timedelta(hours=hours)),
)
def test_due_at_lies_within_a_month_of_filing(kind: RequestKind, filed: datetime) -> None:
    assert timedelta(0) < due_at(kind, filed) - filed <= timedelta(days=31)
    assert breach_due_at(filed) - filed == timedelta(hours=72)


def test_a_request_is_one_and_its_person_follows_it() -> None:
    request = ask()
    assert ask() == request
    (shown,) = requests_of(GRANDMOTHER)
    assert (shown.request_id, shown.state, shown.due_at) == (
        request,
        RequestState.FILED,
        MORNING.at + timedelta(hours=72),
    )
    assert [one.request_id for one in requests_open()] == [request]
    acknowledge_request(actor=DPO, reason=REASON, clock=MORNING, request_id=request)
    answer(request, Outcome.GRANTED)
    (shown,) = requests_of(GRANDMOTHER)
    assert (shown.state, shown.outcome, shown.answer) == (
        RequestState.ANSWERED,
        Outcome.GRANTED,
        "Đã kiểm tra nhật ký.",
    )
    assert [one.template for one in messages_of(GRANDMOTHER)] == ["data_request_answered"]
    with pytest.raises(WrongState):
        answer(request, Outcome.REFUSED)
    assert all(one.ok for one in checks(MORNING.at))


@pytest.mark.parametrize("words", ["", "   ", "x" * 1_001, "a\u202eb", "a\x00b"])
def test_words_that_are_none_or_hide_something_are_refused(words: str) -> None:
    with pytest.raises(InvalidInput):
        ask(words=words)
    assert number("SELECT count(*) FROM rights_request") == 0


def test_too_many_open_requests_are_refused() -> None:
    for count in range(OPEN_REQUESTS_MAX):
        ask(words=f"sai {count}")
    with pytest.raises(InvalidInput):
        ask(words="thêm nữa")


def test_a_look_is_disputed_once_and_found_unjustified() -> None:
    look = looked_at(GRANDMOTHER)
    request = dispute(look)
    assert dispute(look) == request
    assert [one.request_id for one in disputed(GRANDMOTHER).values()] == [request]
    with pytest.raises(InvalidInput):
        answer(request, Outcome.GRANTED)
    answer(request, Outcome.UNJUSTIFIED)
    assert [(one.officer, one.times) for one in findings()] == [("BS02", 1)]
    assert [one.breach_due_at for one in breaches_open()] == [MORNING.at + timedelta(hours=72)]
    report_breach(actor=DPO, reason=REASON, clock=MORNING, request_id=request, reference="A05 12/2025")
    assert breaches_open() == []
    with pytest.raises(NotFound):
        report_breach(actor=DPO, reason=REASON, clock=MORNING, request_id=request, reference="A05 13/2025")


def test_a_look_at_somebody_else_cannot_be_disputed() -> None:
    look = looked_at(GRANDMOTHER)
    for wrong in (look, 10**18, -1, 0):
        with pytest.raises(NotFound):
            dispute(wrong, NEIGHBOUR)


def test_others_neither_ask_nor_withdraw_for_a_person() -> None:
    request = ask()
    with pytest.raises(NotFound):
        withdraw_data_request(
            actor=actor_of_person(NEIGHBOUR), reason=REASON, person_id=GRANDMOTHER, request_id=request
        )
    with pytest.raises(NotFound):
        withdraw_data_request(actor=actor_of_person(NEIGHBOUR), reason=REASON, person_id=NEIGHBOUR, request_id=request)
    with pytest.raises(NotPermitted):
        answer(request, Outcome.GRANTED, actor=actor_of_person(GRANDMOTHER))
    withdraw_data_request(actor=actor_of_person(GRANDMOTHER), reason=REASON, person_id=GRANDMOTHER, request_id=request)
    with pytest.raises(WrongState):
        answer(request, Outcome.GRANTED)


def test_a_request_of_a_record_merged_since_is_taken_back_by_its_person() -> None:
    request = ask()
    execute(
        "INSERT INTO people_alias (alias_person_id, person_id, merged_into, merged_at) VALUES (%s, %s, %s, now())",
        [GRANDMOTHER, NEIGHBOUR, NEIGHBOUR],
    )
    withdraw_data_request(actor=actor_of_person(NEIGHBOUR), reason=REASON, person_id=NEIGHBOUR, request_id=request)
    assert [one.state for one in requests_of(NEIGHBOUR)] == [RequestState.WITHDRAWN]


def test_what_is_late_is_alerted_once_with_an_apology() -> None:
    request = ask()
    late = FixedClock(MORNING.at + timedelta(hours=73))
    much_later = MORNING.at + timedelta(days=5)
    assert [one.name for one in checks(much_later) if not one.ok] == ["rights.late_is_alerted"]
    for expected in (1, 0):
        counts = watch_requests(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=late)
        assert counts["late"] == expected
    assert rows("SELECT request_id, kind FROM rights_alert") == [(request, "answer")]
    assert [one.template for one in messages_of(GRANDMOTHER)] == ["data_request_late"]
    assert all(one.ok for one in checks(much_later))


def test_a_breach_not_reported_in_time_is_alerted() -> None:
    request = dispute(looked_at(GRANDMOTHER))
    answer(request, Outcome.UNJUSTIFIED)
    late = FixedClock(MORNING.at + timedelta(hours=73))
    assert watch_requests(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=late)["breaches"] == 1
    assert rows("SELECT kind FROM rights_alert") == [("breach",)]


def test_the_database_refuses_half_an_answer_and_ones_own() -> None:
    request = ask()
    for change in ("state = 'answered'", "outcome = 'granted'"):
        with pytest.raises(IntegrityError), transaction.atomic():
            execute(f"UPDATE rights_request SET {change} WHERE request_id = %s", [request])
    with pytest.raises(IntegrityError), transaction.atomic():
        execute(
            "UPDATE rights_request SET state = 'answered', outcome = 'granted', answer = 'x', answered_at = now(), answered_by = filed_by "
            "WHERE request_id = %s",
            [request],
        )


def test_todays_law_is_known() -> None:
    assert due_at(RequestKind.CORRECT, datetime.combine(date(2026, 11, 23), datetime.min.time(), VIET_NAM))

"""Officers tell what machines cannot; with somebody's money at stake, two of them."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from ansinh.access.roles import Operator
from ansinh.database.sql import number, row
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.errors import NotPermitted, Refusal
from ansinh.people.operations import (
    DECISION_COLUMNS,
    approve_request,
    confirm_candidate,
    record_decisions,
    refuse_candidate,
    refuse_request,
)
from ansinh.people.queries import candidates_of, open_candidates, requests_waiting
from tests.people.identity_cast import (
    AN,
    BINH,
    CHI,
    LAN,
    LAN_WITH_BOTH_ROLES,
    MINH,
    REASON,
    approve,
    holder_of,
    load,
    merge,
    paid,
    verdict_of,
)
from tests.support.cast import ANYBODY_WITH_RIGHTS, JULY

pytestmark = pytest.mark.django_db


@pytest.fixture
def doubtful(tmp_path: Path) -> int:
    """A person offered AN and BINH."""
    person = load(tmp_path, {}, {})
    offer(person)
    return person


def offer(person: int) -> None:
    offered = [{"register_pin": pin, "score": 0.5, "detail": '{"name": 3.5}'} for pin in (AN, BINH)]
    decision = {"person_id": person, "verdict": "candidate", "rule": "model", "candidates": offered}
    columns = [(name, kind) for name, kind in DECISION_COLUMNS.items() if name in decision]
    batch = pa.RecordBatch.from_pylist([decision], pa.schema(columns))
    record_decisions(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=JULY, batch=batch)


def test_confirm_candidate_gives_the_number_and_says_who_decided(doubtful: int) -> None:
    decided = confirm_candidate(actor=LAN, reason=REASON, clock=JULY, person_id=doubtful, register_pin=BINH)
    assert (decided.state, decided.persons) == ("applied", (doubtful,))
    assert verdict_of(doubtful) == ("verified", BINH)
    assert holder_of(BINH) == doubtful
    assert row("SELECT officer FROM people_verdict WHERE superseded_at IS NULL") == ("hanoi.lan",)
    offer(doubtful)
    assert verdict_of(doubtful) == ("verified", BINH)


def test_confirm_candidate_when_money_depends_on_it_waits_for_another_officer(doubtful: int) -> None:
    def ask() -> int:
        return confirm_candidate(
            actor=LAN, reason=REASON, clock=JULY, person_id=doubtful, register_pin=AN, effects=(paid,)
        ).request

    request = ask()
    assert ask() == request
    assert verdict_of(doubtful)[0] == "candidate"
    (waiting,) = requests_waiting()
    assert [(effect["room"], effect["money"]) for effect in waiting.effects] == [("payments", True)]
    with pytest.raises(Refusal) as refusal:
        approve_request(actor=LAN_WITH_BOTH_ROLES, reason=REASON, clock=JULY, request=request)
    assert refusal.value.code == "same_person"
    assert approve(request).persons == (doubtful,)
    assert approve(request).persons == ()
    assert holder_of(AN) == doubtful


def test_confirm_candidate_whose_number_another_record_carries_makes_a_duplicate(doubtful: int) -> None:
    offer(doubtful + 1)
    confirm_candidate(actor=LAN, reason=REASON, clock=JULY, person_id=doubtful, register_pin=AN)
    assert [one.holder for one in candidates_of(doubtful + 1)] == [doubtful, None]
    confirm_candidate(actor=LAN, reason=REASON, clock=JULY, person_id=doubtful + 1, register_pin=AN)
    assert verdict_of(doubtful + 1) == ("duplicate", AN)
    assert holder_of(AN) == doubtful
    assert merge(doubtful + 1, doubtful).persons == (doubtful + 1, doubtful)


@pytest.mark.parametrize(
    ("actor", "pin", "code"),
    [
        (LAN, CHI, "not_offered"),
        (Actor(ActorKind.SYSTEM, "operator", Operator.permissions), AN, "not_permitted"),
        (MINH, AN, "not_permitted"),
        (ANYBODY_WITH_RIGHTS, AN, "same_person"),
    ],
)
def test_confirm_candidate_refused_changes_nothing(doubtful: int, actor: Actor, pin: str, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        confirm_candidate(actor=actor, reason=REASON, clock=JULY, person_id=doubtful, register_pin=pin)
    assert refusal.value.code == code
    assert verdict_of(doubtful)[0] == "candidate"
    assert number("SELECT count(*) FROM people_request") == 0


def test_refuse_candidate_leaves_the_others_until_none_is_left(doubtful: int) -> None:
    assert [one.offered for one in open_candidates("01")] == [2]
    assert refuse_candidate(actor=LAN, reason=REASON, clock=JULY, person_id=doubtful, register_pin=AN) == 1
    assert [one.register_pin for one in candidates_of(doubtful)] == [BINH]
    assert refuse_candidate(actor=LAN, reason=REASON, clock=JULY, person_id=doubtful, register_pin=BINH) == 0
    assert verdict_of(doubtful) == ("not_found", None)
    offer(doubtful)
    assert verdict_of(doubtful) == ("not_found", None)
    assert open_candidates() == []


def test_refuse_request_takes_it_off_the_list(doubtful: int) -> None:
    asked = confirm_candidate(
        actor=LAN, reason=REASON, clock=JULY, person_id=doubtful, register_pin=AN, effects=(paid,)
    )
    refuse_request(actor=MINH, reason=REASON, clock=JULY, request=asked.request)
    assert requests_waiting() == []
    with pytest.raises(Refusal) as refusal:
        approve(asked.request)
    assert refusal.value.code == "wrong_state"
    assert verdict_of(doubtful)[0] == "candidate"


def test_a_stranger_decides_nothing(doubtful: int) -> None:
    with pytest.raises(NotPermitted):
        refuse_candidate(
            actor=Actor(ActorKind.OFFICER, "hue.binh"), reason=REASON, clock=JULY, person_id=doubtful, register_pin=AN
        )
    assert len(candidates_of(doubtful)) == 2

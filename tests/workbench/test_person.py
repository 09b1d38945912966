"""A person at the workbench: found by a number that is posted, read for a purpose that is kept, numbers masked until asked for, other provinces left out."""

from __future__ import annotations

import pytest
from django.test import Client

from ansinh.access.models import RoleGrant
from ansinh.audit.queries import looks_at
from ansinh.ceilings.operations import lift_restraint
from ansinh.database.sql import execute, number, rows
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import RealClock
from tests.participation.declared import PERSON, PIN, csv_of, declare, found_nation
from tests.support.officers import signed_in

pytestmark = pytest.mark.django_db
ADDRESS = "/workbench/en/person"
ASKED = {"number": PIN, "purpose": "administration"}


@pytest.fixture(autouse=True)
def _a_career() -> None:
    found_nation()
    declare(csv_of({"from": "2010-01", "wage": 3_000_000}, {"act": "end", "from": "2013-01"}))


def _officer(*roles: str) -> Client:
    client = Client()
    signed_in(client, *roles)
    return client


def _reads(outcome: str = "done") -> list[tuple[str, str, str]]:
    return [
        (str(act), str(person), str(purpose))
        for act, person, purpose in rows(
            "SELECT act, facts->>'person', facts->>'purpose' FROM audit_act WHERE facts ? 'purpose' AND outcome = %s "
            "ORDER BY act_id",
            [outcome],
        )
    ]


def test_a_person_is_found_by_a_number_that_never_stands_in_an_address_and_the_look_is_kept() -> None:
    client = _officer("collection_officer")
    answer = client.post(ADDRESS, ASKED)
    assert (answer.status_code, answer.headers["Location"]) == (303, ADDRESS)
    assert _reads() == [("disclosure.find_person", str(PERSON), "administration")]
    text = client.get(ADDRESS).content.decode()
    looked = [
        ("disclosure.look_at", str(PERSON), "administration"),
        ("participation.read_book", str(PERSON), "administration"),
    ]
    assert _reads()[1:] == looked
    assert "01/2010" in text
    assert "3.000.000" in text
    assert PIN not in text
    assert f"•••• {PIN[-4:]}" in text


def test_whole_numbers_are_shown_when_asked_for_and_leave_a_line_of_their_own() -> None:
    client = _officer("collection_officer")
    client.post(ADDRESS, ASKED)
    client.get(ADDRESS)
    assert PIN in client.post(ADDRESS, {"act": "unmask"}).content.decode()
    reasons = [one for (one,) in rows("SELECT reason FROM audit_act WHERE facts ? 'purpose' ORDER BY act_id")]
    assert reasons[1:] == [*["looked up at the workbench"] * 2, *["whole numbers shown at the workbench"] * 2]
    assert PIN not in client.get(ADDRESS).content.decode(), "masked again"
    client.post(ADDRESS, {"act": "close"})
    assert "Record #" not in client.get(ADDRESS).content.decode()


@pytest.mark.parametrize(
    ("role", "seen", "acts"),
    [
        ("benefit_officer", "No benefit yet", ["disclosure.look_at", "benefits.show_entitlements"]),
        ("auditor", "Who looked", ["audit.show_looks"]),
        ("collection_approver", "Contribution book", ["disclosure.look_at", "participation.read_book"]),
    ],
)
def test_sections_stand_where_the_roles_allow(role: str, seen: str, acts: list[str]) -> None:
    client = _officer(role)
    client.post(ADDRESS, ASKED)
    text = client.get(ADDRESS).content.decode()
    assert seen in text
    assert ("Contribution book" in text) == (role == "collection_approver")
    assert ("Show whole numbers" in text) == (role != "auditor")
    assert [act for act, _, _ in _reads()][1:] == acts


def test_a_record_is_shown_in_words_and_as_known_on_an_earlier_day() -> None:
    client = _officer("collection_officer", "benefit_officer", "payment_officer")
    client.post(ADDRESS, ASKED)
    text = client.get(ADDRESS).content.decode()
    told = ("Woman", "01/01/2015", "Never had a card", "No payment yet", "Benefit files", "Life-event files")
    assert [one for one in told if one not in text] == []
    earlier = {"known-day": "31", "known-month": "12", "known-year": "2014"}
    assert "The record was not there on this day" in client.get(ADDRESS, earlier).content.decode()
    assert (
        "as known on 02/01/2015"
        in client.get(ADDRESS, {"known-day": "2", "known-month": "1", "known-year": "2015"}).content.decode()
    )


def test_what_a_role_holds_for_another_province_is_left_out() -> None:
    client = _officer("collection_officer", "payment_officer")
    RoleGrant.objects.filter(role="payment_officer").update(provinces=["79"])
    client.post(ADDRESS, ASKED)
    text = client.get(ADDRESS).content.decode()
    assert "Contribution book" in text
    assert "Newest 12 payments" not in text


def test_who_reads_about_nobody_is_asked_for_no_number() -> None:
    client = _officer("leader")
    assert "Your roles read about no person" in client.get(ADDRESS).content.decode()
    assert "Your roles read about no person" in client.post(ADDRESS, ASKED).content.decode()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"number": "12"}, "Type the whole"),
        ({"number": "9999999999"}, "Nobody in your provinces"),
        ({"purpose": "treatment"}, "Choose a purpose"),
    ],
)
def test_what_cannot_be_looked_up_is_told_beside_the_field(asked: dict[str, str], told: str) -> None:
    answer = _officer("collection_officer").post(ADDRESS, ASKED | asked)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    misses = number("SELECT count(*) FROM audit_act WHERE facts->>'found' = '0' AND outcome = 'done'")
    assert misses == (told == "Nobody in your provinces")


def test_an_officer_of_another_province_reads_nothing() -> None:
    client = _officer("collection_officer")
    RoleGrant.objects.update(provinces=["79"])
    answer = client.post(ADDRESS, ASKED)
    if answer.status_code == 303:
        answer = client.get(ADDRESS)
        assert answer.status_code == 403
    assert "3.000.000" not in answer.content.decode()
    assert "Nobody in your provinces" in answer.content.decode()
    # the person sees that somebody of another province asked for the number
    assert [one.call for one in looks_at(PERSON)] == ["number"]


STRANGERS = [f"99999{one:05}" for one in range(30)]


def test_who_fishes_for_numbers_leaves_a_line_for_each_and_is_stopped() -> None:
    client = _officer("collection_officer")
    answers = [client.post(ADDRESS, ASKED | {"number": one}) for one in STRANGERS[:21]]
    assert [one.status_code for one in answers] == [422] * 20 + [429]
    assert "security officer was told" in answers[-1].content.decode()
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 3600
    assert client.post(ADDRESS, ASKED).status_code == 429, "also for somebody who is there"
    lines = rows(
        "SELECT outcome, actor_reference, facts::text || reason FROM audit_act WHERE act = 'disclosure.find_person'"
    )
    assert [outcome for outcome, _, _ in lines] == ["done"] * 20 + ["too_many_look_ups"] * 2
    assert {officer for _, officer, _ in lines} == {"hanoi.collection-officer"}
    assert not any(one in told for one in [PIN, *STRANGERS] for _, _, told in lines), "no number in clear"
    assert rows("SELECT kind, step, cause FROM ceilings_alert") == [("agency", "slow", "misses")]
    assert _officer("collection_approver").post(ADDRESS, ASKED).status_code == 303, "others go on"


def test_who_is_stopped_for_the_day_goes_on_once_it_is_lifted() -> None:
    execute("UPDATE ceilings_ceiling SET persons_a_day = 1 WHERE kind = 'agency'")
    client = _officer("collection_officer")
    assert client.post(ADDRESS, ASKED).status_code == 303
    stopped = client.post(ADDRESS, ASKED)
    assert (stopped.status_code, "lift the restraint" in stopped.content.decode()) == (429, True)
    ((held,),) = rows("SELECT restraint_no FROM ceilings_in_force WHERE step = 'suspend' AND cause = 'persons_a_day'")
    lifter = Actor(ActorKind.OFFICER, "hanoi.an", frozenset({"ceilings.lift_restraint"}))
    lift_restraint(actor=lifter, reason="đã hỏi rõ", clock=RealClock(), restraint=held)
    assert client.post(ADDRESS, ASKED).status_code == 303

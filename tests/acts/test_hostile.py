"""What hostile and unlucky citizens try on the portal: more than a mandate grants, another's place, a session too weak, forms of another tab."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.test import Client

from ansinh.access.queries import actor_of_person
from ansinh.audit.queries import looks_at
from ansinh.database.sql import execute, rows
from ansinh.foundation.clock import VIET_NAM
from ansinh.mandates.operations import revoke_mandate
from ansinh.mandates.queries import mandates_given, may_act
from ansinh.mandates.states import What
from tests.acts.test_journeys import ACCOUNT, act_for, represent
from tests.acts.world import GRANDFATHER, GRANDFATHER_NAME, answer, citizen, give_card, see, text_of
from tests.mandates.family import (
    GRANDMOTHER,
    MORNING,
    MOTHER,
    NEIGHBOUR,
    REASON,
    TEENAGER,
    TODAY,
    TODDLER,
    given,
    guarded,
)
from tests.rights.test_requests import looked_at

pytestmark = pytest.mark.usefixtures("rolled_back")
KEY = "a-key-of-a-form"
PAYEE = {"bank": "vietcombank", "account": "007100123456", "holder": "Le Thi Ung", "key": KEY, "step": "send"}


def acting(me: int, other: int, level: int = 2) -> Client:
    client = citizen(me, level)
    act_for(client, me, other)
    return client


@pytest.mark.parametrize(
    "address", ["/", "/card", "/book", "/payments/account", "/services", "/my-data", "/who-looked"]
)
def test_nobody_sees_pages_with_the_phone_of_somebody_who_died(address: str) -> None:
    response = citizen(GRANDFATHER).get(address)
    assert response.status_code == 403, text_of(response.content)
    assert GRANDFATHER_NAME not in response.content.decode()


def test_a_child_under_fourteen_has_no_pages_of_its_own() -> None:
    assert citizen(TODDLER).get("/card").status_code == 403


def test_an_application_for_another_account_asks_for_the_surer_level() -> None:
    weak = citizen(GRANDMOTHER, level=1)
    response = weak.post("/services/apply/account_change", PAYEE, follow=True)
    assert "level=2" in response.redirect_chain[-1][0]
    assert rows("SELECT * FROM services_application") == []


def test_an_application_for_another_account_asks_for_a_mandate_to_receive() -> None:
    given(GRANDMOTHER, MOTHER, What.APPLY)
    response = acting(MOTHER, GRANDMOTHER).post("/services/apply/account_change", PAYEE, follow=True)
    assert response.status_code == 403, text_of(response.content)
    assert rows("SELECT * FROM services_application") == []


def test_home_shows_a_delegate_no_more_than_the_mandate_grants() -> None:
    given(GRANDMOTHER, MOTHER, What.READ)
    looked_at(GRANDMOTHER)
    told = see(acting(MOTHER, GRANDMOTHER), "/")
    assert "Ai đã xem" not in told
    assert "Lịch hẹn" not in told


@pytest.mark.parametrize("address", ["/", "/services/mine", "/services", "/card/facility", "/book/correct"])
def test_each_look_of_somebody_acting_for_another_leaves_a_row(address: str) -> None:
    given(GRANDMOTHER, MOTHER, What.READ, What.APPLY)
    before = len(looks_at(GRANDMOTHER))
    see(acting(MOTHER, GRANDMOTHER), address)
    assert len(looks_at(GRANDMOTHER)) == before + 1


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("/card/facility", {"facility": "\0"}),
        ("/book/correct", {"wrong": "a\0b", "evidence": "c", "step": "send"}),
        ("/payments/account", {"bank": "\0", "account": "1", "holder": "x"}),
        ("/payments/account", {"bank": "vietcombank", "account": "00\0", "holder": "x\0", "step": "send"}),
        ("/payments/account/code", {"code": "\0"}),
        ("/family/mandates/new", {"pin": "0\0", "full_name": "\0", "scopes": "read", "last-day": "1", "last-month": "9", "last-year": "2025", "step": "send"}),
        ("/my-data/request", {"kind": "correct", "about": "a\0", "words": "\0", "step": "send"}),
        ("/health/chapters", {"act": "withdraw", "chapter": "\0", "facility": "\0"}),
        ("/my-data/download", {"key": "\0"}),
        ("/services/apply/facility", {"facility": "\0", "key": "\0", "step": "send"}),
        ("/services/apply/book_correction", {"wrong": "\0", "evidence": "\0", "key": KEY, "step": "send"}),
        ("/services/apply/account_change", {**PAYEE, "account": "1\0", "holder": "\0"}),
        ("/services/apply/funeral", {"deceased_number": "00114000000\0", "deceased_name": "\0", "key": KEY, "step": "send"}),
        ("/family/act-for", {"who": "\0"}),
        ("/family/act-for", {"who": "é"}),
        ("/devices", {"session": "\0"}),
    ],
)  # fmt: skip
def test_hidden_letters_in_forms_are_answered_as_mistakes(address: str, fields: dict[str, str]) -> None:
    me = citizen(GRANDMOTHER)
    give_card(GRANDMOTHER, "0100061003")
    answer(me, "/payments/account", **ACCOUNT, step="send")
    assert me.post(address, fields).status_code < 500


@pytest.mark.parametrize(
    "address",
    [
        "/messages?before=2025-07-21T00:00:00%2B00:00%00",
        "/employer/0/99999999999999999999/1",
        "/who-looked/dispute/99999999999999999999999",
        "/messages?before=0001-01-01T00:00:00%2B14:00",
        "/messages?before=9999-12-31T23:59:59-14:00",
        "/services/file/x-9999999999999999999999",
    ],
)
def test_absurd_addresses_are_answered(address: str) -> None:
    represent(MOTHER, "DV0077", 77)
    assert citizen(MOTHER).get(address).status_code < 500


def test_no_page_links_to_another_host() -> None:
    for address in ("/en//evil.example/x", "/en/%5Cevil.example"):
        content = Client().get(address).content.decode()
        assert 'href="//' not in content
        assert 'href="/\\' not in content


def test_a_form_of_one_tab_is_not_taken_for_another_person() -> None:
    given(GRANDMOTHER, MOTHER, What.READ, What.APPLY)
    me = acting(MOTHER, GRANDMOTHER)
    shown = me.get("/book/correct").content.decode()
    marks = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', shown))
    execute("UPDATE signin_citizensession SET acting_for = NULL WHERE person_id = %s", [MOTHER])
    response = me.post("/book/correct", {**marks, "wrong": "a", "evidence": "b", "step": "send"})
    assert rows("SELECT * FROM participation_correction") == []
    assert response.status_code == 409


def test_a_word_nobody_knows_ends_no_mandate_and_shows_no_chapter() -> None:
    given(GRANDMOTHER, MOTHER, What.READ)
    (one,) = mandates_given(GRANDMOTHER, TODAY)
    citizen(GRANDMOTHER).post("/family/mandates/answer", {"mandate": str(one.mandate_id), "act": "?"})
    assert may_act(MOTHER, GRANDMOTHER, What.READ, MORNING.at)


def test_a_childs_guardian_acts_no_more_once_it_is_of_age() -> None:
    guarded(TEENAGER, NEIGHBOUR)
    assert may_act(NEIGHBOUR, TEENAGER, What.READ, MORNING.at)
    grown = datetime(2027, 7, 30, 9, tzinfo=VIET_NAM)
    assert may_act(NEIGHBOUR, TEENAGER, What.READ, grown) is None


def test_a_mandate_given_under_a_record_merged_since_can_be_ended() -> None:
    given(GRANDMOTHER, MOTHER, What.READ)
    execute(
        "INSERT INTO people_alias (alias_person_id, person_id, merged_into, merged_at) VALUES (%s, %s, %s, now())",
        [GRANDMOTHER, GRANDFATHER, GRANDFATHER],
    )
    execute("UPDATE people_person SET died_on = NULL WHERE person_id = %s", [GRANDFATHER])
    (one,) = mandates_given(GRANDFATHER, TODAY)
    assert may_act(MOTHER, GRANDFATHER, What.READ, MORNING.at)
    revoke_mandate(
        actor=actor_of_person(GRANDFATHER),
        reason=REASON,
        clock=MORNING,
        person_id=GRANDFATHER,
        mandate_id=one.mandate_id,
    )
    assert may_act(MOTHER, GRANDFATHER, What.READ, MORNING.at) is None

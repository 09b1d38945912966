"""The data-protection desk at the workbench: the first due by law first, answered in words, a breach reported."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from ansinh.access.queries import actor_of_person
from ansinh.database.sql import number
from ansinh.rights.operations import dispute_look, file_data_request
from ansinh.rights.queries import breaches_open, request_numbered, requests_open
from ansinh.rights.states import Outcome, RequestKind, RequestState
from ansinh.workbench.words.data_requests import WORDS
from tests.mandates.family import GRANDMOTHER, MORNING, REASON, settle_family
from tests.rights.test_requests import looked_at
from tests.support.officers import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(db: None) -> tuple[int, int]:
    """A correction asked for and a look disputed by a grandmother."""
    settle_family()
    said: dict[str, Any] = {
        "actor": actor_of_person(GRANDMOTHER),
        "reason": REASON,
        "clock": MORNING,
        "person_id": GRANDMOTHER,
    }
    correction = file_data_request(**said, kind=RequestKind.CORRECT, about="hồ sơ", words="ngày sinh ghi sai")
    return correction, dispute_look(**said, look=looked_at(GRANDMOTHER))


def _desk() -> Client:
    client = Client()
    signed_in(client, "data_protection_officer", number="vn.bao")
    return client


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_waits_stands_in_the_list_the_first_due_first(asked: tuple[int, int], language: str) -> None:
    base = "/workbench/" if language == "vi" else "/workbench/en/"
    text = _desk().get(f"{base}data-requests").content.decode()
    places = [text.index(f'href="{base}data-requests/{one}"') for one in asked]
    assert places == sorted(places)
    assert WORDS[language]["late"] in text
    first, second = requests_open()
    after = f"{first.due_at.isoformat()}_{first.request_id}"
    onward = _desk().get(f"{base}data-requests", {"after": after}).content.decode()
    assert f'data-requests/{second.request_id}"' in onward
    assert f'data-requests/{first.request_id}"' not in onward
    for odd in ("x", "2025-07-01_1", "2025-07-01T00:00:00+00:00_x"):
        assert _desk().get(f"{base}data-requests", {"after": odd}).status_code == 200


def test_taken_up_and_answered_in_words_that_are_kept_when_wrong(asked: tuple[int, int]) -> None:
    client, address = _desk(), f"/workbench/data-requests/{asked[0]}"
    assert "ngày sinh ghi sai" in client.get(address).content.decode()
    seen = "SELECT count(*) FROM audit_act WHERE act = 'rights.show_request' AND facts->>'person' = %s"
    assert number(seen, [str(GRANDMOTHER)]) == 1
    assert client.post(address, {"act": "acknowledge"}).status_code == 303
    assert request_numbered(asked[0]).state is RequestState.ACKNOWLEDGED
    wrong = client.post(address, {"act": "answer", "outcome": "justified", "answer": "Đã sửa ngày sinh."})
    assert wrong.status_code == 422
    assert "Đã sửa ngày sinh." in wrong.content.decode()
    assert client.post(address, {"act": "answer", "outcome": "granted", "answer": " "}).status_code == 422
    assert client.post(address, {}).status_code == 422
    assert client.post(address, {"act": "answer", "outcome": "granted", "answer": "Đã sửa."}).status_code == 303
    assert request_numbered(asked[0]).outcome is Outcome.GRANTED
    assert client.get("/workbench/data-requests/999999").status_code == 404


def test_an_unjustified_look_is_reported(asked: tuple[int, int]) -> None:
    client, address = _desk(), f"/workbench/data-requests/{asked[1]}"
    client.post(address, {"act": "answer", "outcome": "unjustified", "answer": "Không có lượt khám nào."})
    assert [one.request_id for one in breaches_open()] == [asked[1]]
    assert "BS02" in client.get("/workbench/data-requests").content.decode()
    assert client.post(address, {"act": "report", "reference": ""}).status_code == 422
    assert client.post(address, {"act": "report", "reference": "05/BC"}).status_code == 303
    assert breaches_open() == []

"""Partners and the law at the workbench: what is parked tries again, an event once; values of law on a day, never guessed."""

from __future__ import annotations

import pytest
from django.test import Client

from ansinh.database.sql import execute, rows
from ansinh.rules.law import parameters
from ansinh.workbench.words.partners import WORDS as PARTNERS
from ansinh.workbench.words.rules import WORDS as LAW
from tests.support.officers import signed_in

pytestmark = pytest.mark.django_db
_TOLD = """
INSERT INTO lifeevents_told (teller, told_key, what, content, told_on, received_at, state, because)
VALUES ('police', 'k-1', 'residence', '{"file": "LT-9", "outcome": "refused", "result": {}}', '2025-07-01', '2025-07-01 02:00+00', 'parked', 'not_found')
"""
_EVENT = """
INSERT INTO registry_event (event_id, told_on, feed_no, pin, sequence, kind, happened_on, state, reason, attempts, body, signature, message_no, received_at)
VALUES (%s, '2025-07-01', %s, %s, 1, %s, '2025-07-01', 'parked', 'signature', 0, '', '', '00000000-0000-4000-8000-000000000000', '2025-07-01 02:00+00')
"""


@pytest.fixture
def parked(db: None) -> None:
    """A word of the police, an event that can be read and one that cannot."""
    execute(_TOLD)
    execute(_EVENT, ["e-1", 1, "001180000103", "birth"])
    execute(_EVENT, ["e-2", 2, None, None])


def _client(role: str) -> Client:
    client = Client()
    signed_in(client, role)
    return client


@pytest.mark.usefixtures("parked")
@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_is_parked_is_told_and_tries_again(language: str) -> None:
    address = f"/workbench/{'en/' if language == 'en' else ''}partners"
    client = _client("partner_operator")
    text = client.get(address).content.decode()
    assert PARTNERS[language]["because_not_found"] in text
    assert 'value="e-1"' in text
    assert 'value="e-2"' not in text  # nobody can apply what cannot be read
    assert client.post(address, {"event": "e-1"}).status_code == 303
    assert rows("SELECT state FROM registry_event WHERE event_id = 'e-1'") != [("parked",)]
    assert client.post(address, {"event": "e-2"}).status_code == 404
    assert client.post(address).status_code == 303
    assert _client("leader").get(address).status_code == 403


def test_nothing_parked_is_said() -> None:
    assert "Không có việc nào để riêng" in _client("partner_operator").get("/workbench/partners").content.decode()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_law_on_a_day_with_its_articles(language: str) -> None:
    address, words = f"/workbench/{'en/' if language == 'en' else ''}rules", LAW[language]
    client = _client("leader")
    assert client.get(f"{address}?on=31%2F02%2F2025").status_code == 422
    one = next(one for one in parameters().values() if len(one.history) > 1)
    text = client.get(address, {"on": f"{one.history[1].day:%d/%m/%Y}", "find": one.name}).content.decode()
    assert one.history[1].reference in text
    shown = client.get(f"{address}/{one.name}").content.decode()
    assert all(dated.reference in shown for dated in one.history)
    assert words["none_title"] in client.get(address, {"find": "không có tham số này"}).content.decode()
    assert words["unknown"] in client.get(address, {"on": "01/01/1900"}).content.decode()
    assert client.get(f"{address}/nothing").status_code == 404

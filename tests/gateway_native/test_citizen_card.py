"""`POST /v1/citizen-card:parse` over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from ansinh.access.tokens import CITIZEN_CARD_PARSE, STANDING_READ
from tests.foundation.test_card_texts import HOSTILE, NEW, OLD, PAPER
from tests.gateway.running import RunningGateway, running_gateway
from tests.support.database import OwnDatabase


@pytest.fixture
def gateway(fresh_database: OwnDatabase, tmp_path: Path) -> Iterator[RunningGateway]:
    with running_gateway(fresh_database, tmp_path, workers=1) as running:
        yield running


def parse(gateway: RunningGateway, body: Any, token: str | None = None, **headers: str) -> httpx.Response:
    token = token or gateway.token(scopes=frozenset([CITIZEN_CARD_PARSE]))
    sent = {"authorization": f"Bearer {token}", "content-type": "application/json"} | headers
    body = {"content": body} if isinstance(body, bytes) else {"json": body}
    return httpx.post(f"{gateway.base}/v1/citizen-card:parse", headers=sent, trust_env=False, **body)


def test_cards_become_fields_and_nobody_is_recorded(gateway: RunningGateway, fresh_database: OwnDatabase) -> None:
    citizen = {
        "card": "citizen",
        "pin": "001180000017",
        "old_number": "012345678",
        "full_name": "Đặng Thị Quỳnh Như",
        "born": "1980-01-01",
        "sex": "F",
        "address": "Ứng Hòa, Hà Nội",
        "issued_on": "2022-01-02",
        "number_agrees": True,
    }
    for text in (OLD, NEW):
        answer = parse(gateway, {"text": text})
        assert answer.json() == citizen
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["ratelimit-policy"] == '"client";q=1000000;w=10'
    assert parse(gateway, {"text": OLD.replace("Nữ", "Nam")}).json()["number_agrees"] is False
    assert parse(gateway, {"text": PAPER}).json() == {
        "card": "insurance",
        "card_number": "DN4010100000017",
        "si_code": "0100000017",
        "object_code": "DN",
        "benefit_level": 4,
        "full_name": "Đặng Thị Như",
        "born": "1980-01-01",
        "sex": "F",
        "address": "Hà Nội",
        "facility": "01013",
        "valid_from": "2020-01-01",
    }
    with psycopg.connect(fresh_database.urls.app) as connection:
        row = connection.execute("SELECT count(*) FROM audit_access").fetchone()
    assert row == (0,)


def test_hostile_texts_are_refused_and_repeated_nowhere(gateway: RunningGateway) -> None:
    for name, text in HOSTILE.items():
        if name == "lone surrogate":
            continue
        answer = parse(gateway, {"text": text}, **{"accept-language": "en"})
        assert answer.status_code == 422, (name, answer.text)
        problem = answer.json()
        assert problem["code"] == "invalid_input"
        assert problem["errors"][0]["pointer"] == "/text"
        assert not text or text not in answer.text
    assert "001180000017" not in gateway.log.read_text()


BODIES = {
    "not JSON": b"x",
    "no field": b"{}",
    "field twice": b'{"text": "a", "text": "b"}',
    "another field": b'{"text": "a", "key": "b"}',
    "a number": b'{"text": 1}',
    "lone surrogate": b'{"text": "\\ud800"}',
    "nested": b'{"text":' + b"[" * 2_000 + b"]" * 2_000 + b"}",
}


def test_bodies_of_another_form_are_refused(gateway: RunningGateway) -> None:
    for name, body in BODIES.items():
        answer = parse(gateway, body)
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed_body"), (name, answer.text)


def test_the_scope_is_needed(gateway: RunningGateway) -> None:
    assert parse(gateway, {"text": OLD}, gateway.token(scopes=frozenset([STANDING_READ]))).status_code == 403
    assert parse(gateway, {"text": OLD}, "x").status_code == 401

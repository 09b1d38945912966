"""`POST /v1/eid/book` over real HTTP: whose app may ask, whom for, and what hostile or hasty callers hear."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from ansinh.access.tokens import BOOK_READ, FACILITY_SCOPES, SANDBOX
from ansinh.audit.queries import looks_at, verify_chains
from tests.audit.standing import pin_of
from tests.gateway.running import RunningGateway, running_gateway
from tests.gateway_book.books import add_book, code_of
from tests.gateway_eid.agreement import require_pulled
from tests.gateway_native.hospital import ask_token, let_in
from tests.guard.ceilings import set_ceiling
from tests.support.database import OwnDatabase

PATH = "/v1/eid/book"
PEOPLE = 20


@pytest.fixture
def gateway(fresh_database: OwnDatabase, tmp_path: Path) -> Iterator[RunningGateway]:
    for person in range(1, PEOPLE + 1):
        add_book(fresh_database, person)
    with running_gateway(fresh_database, tmp_path, workers=1) as running:
        yield running


def app_token(gateway: RunningGateway, *more: str, client_no: int = 40) -> str:
    return gateway.token("", client_no, scopes=frozenset([BOOK_READ, *more]))


def own(person: int) -> dict[str, str]:
    return {"key": pin_of(person), "purpose": "own_record", "on_behalf_of": pin_of(person)}


def read(gateway: RunningGateway, body: Any, token: str | None = None) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"content-type": "application/json", "authorization": f"Bearer {token or app_token(gateway)}"}
    answer = httpx.post(f"{gateway.base}{PATH}", content=content, headers=headers, trust_env=False, timeout=20)
    require_pulled(answer, PATH)
    return answer


def test_a_citizen_reads_the_own_book_and_sees_it_in_the_audit(gateway: RunningGateway) -> None:
    for key in (pin_of(3), code_of(3), "0010 0000.0003"):
        answer = read(gateway, own(3) | {"key": key})
        assert answer.status_code == 200, answer.text
        assert answer.json()["book"]["months"]["total"] == 179
    looks = looks_at(3)
    assert [str(looks[0].audit_id), len(looks)] == [answer.json()["audit_id"], 3]
    assert {(one.call, one.purpose, one.result, one.client_no, one.facility, one.officer) for one in looks} == {
        ("contribution book", "own_record", "answered", 40, "", "person 3")
    }
    assert verify_chains().whole


def test_another_ones_book_is_refused_and_recorded(gateway: RunningGateway) -> None:
    for key in (pin_of(4), code_of(4)):
        answer = read(gateway, own(3) | {"key": key})
        assert (answer.status_code, answer.json()["code"]) == (403, "not_own_record")
        assert "179" not in answer.text
    assert read(gateway, own(3) | {"key": "001999999999"}).status_code == 403
    assert [one.result for one in looks_at(4)] == ["not the asker's own"] * 2


def test_only_an_app_may_ask_and_an_app_may_ask_nothing_else(
    gateway: RunningGateway, fresh_database: OwnDatabase
) -> None:
    hospital = let_in(fresh_database)
    assert ask_token(gateway, hospital.form(scope=BOOK_READ)).json()["error"] == "invalid_scope"
    refused = read(gateway, own(1), hospital.token(gateway))
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    with pytest.raises(psycopg.errors.CheckViolation):
        let_in(fresh_database, scope=" ".join([*FACILITY_SCOPES, BOOK_READ]))
    app = let_in(fresh_database, "", scope=BOOK_READ)
    token = app.token(gateway)
    assert read(gateway, own(1), token).status_code == 200
    refused = gateway.ask({"key": pin_of(1), "purpose": "treatment", "officer": "BS-17"}, token)
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"on_behalf_of": ""}, 422, "invalid_on_behalf_of"),
        ({"on_behalf_of": code_of(1)}, 422, "invalid_on_behalf_of"),
        ({"on_behalf_of": "0010 0000 0001"}, 422, "invalid_on_behalf_of"),
        ({"on_behalf_of": "00100000000\u0661"}, 422, "invalid_on_behalf_of"),
        ({"on_behalf_of": "' OR 1=1 --x"}, 422, "invalid_on_behalf_of"),
        ({"key": "DN4010100000001"}, 422, "invalid_input"),
        ({"key": "001000000001||Nguyễn Thị Mẫu|01011980|Nữ|Hà Nội|02012022"}, 422, "invalid_input"),
        ({"key": "\u0000"}, 422, "invalid_input"),
        ({"key": "%"}, 422, "invalid_input"),
        ({"purpose": "treatment"}, 422, "unknown_purpose"),
        ({"purpose": "OWN_RECORD"}, 422, "unknown_purpose"),
        ({"key": None}, 400, "malformed_body"),
        ({"key": ["001000000001"]}, 400, "malformed_body"),
        ({"officer": "BS-17"}, 400, "malformed_body"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_anybody_is_looked_up(
    gateway: RunningGateway, fresh_database: OwnDatabase, change: dict[str, Any], status: int, code: str
) -> None:
    answer = read(gateway, own(1) | change)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    with psycopg.connect(fresh_database.urls.app) as connection:
        assert connection.execute("SELECT count(*) FROM audit_access").fetchone() == (0,)


def test_a_body_that_says_a_field_twice_or_is_long_is_refused(gateway: RunningGateway) -> None:
    whole = json.dumps(own(1))
    twice = whole[:-1] + f', "key": "{pin_of(2)}"}}'
    escaped = whole[:-1] + f', "k\\u0065y": "{pin_of(2)}"}}'
    for body in (twice, escaped, "[]", "null", "{", "[" * 900):
        assert read(gateway, body.encode()).status_code == 400, body
    assert read(gateway, whole.encode() + b" " * 1_024).status_code == 413


def test_sandbox_rehearses_and_reads_nobody(gateway: RunningGateway) -> None:
    token = app_token(gateway, SANDBOX)
    for ending, found in (("000", True), ("010", True), ("555", False)):
        number = f"001180000{ending}"
        answer = read(gateway, own(1) | {"key": number, "on_behalf_of": number}, token)
        assert (answer.status_code, answer.json()["audit_id"], answer.json()["found"]) == (200, "0", found)
    assert read(gateway, own(1), token).json()["book"] is None
    assert read(gateway, own(1) | {"key": "001180000101"}, token).status_code == 503
    assert looks_at(1) == []


def test_many_at_once_each_hear_of_themselves(gateway: RunningGateway) -> None:
    token = app_token(gateway)
    people = [1 + n % PEOPLE for n in range(200)]
    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(lambda person: read(gateway, own(person), token), people))
    assert {answer.status_code for answer in answers} == {200}
    assert [answer.json()["asked"]["key"] for answer in answers] == [pin_of(person) for person in people]
    assert len({answer.json()["audit_id"] for answer in answers}) == 200
    assert verify_chains().whole


def test_a_citizen_who_reads_too_often_is_told_when_to_come_back(
    gateway: RunningGateway, fresh_database: OwnDatabase
) -> None:
    set_ceiling(fresh_database, "citizen", persons_an_hour=2)
    statuses = [read(gateway, own(5)).status_code for _ in range(4)]
    assert statuses == [200, 200, 429, 429]
    assert "retry-after" in read(gateway, own(5)).headers
    assert read(gateway, own(6)).status_code == 200


def test_an_app_reads_as_many_persons_as_its_ceiling_and_no_more(fresh_database: OwnDatabase, tmp_path: Path) -> None:
    for person in range(1, 41):
        add_book(fresh_database, person)
    with running_gateway(fresh_database, tmp_path, workers=1, ample=False) as gateway:
        token = app_token(gateway)
        assert {read(gateway, own(person), token).status_code for person in range(1, 21)} == {200}
    set_ceiling(fresh_database, "app", persons_an_hour=25, persons_a_day=25)
    with running_gateway(fresh_database, tmp_path, workers=1, ample=False) as gateway:
        token = app_token(gateway)
        statuses = [read(gateway, own(person), token).status_code for person in range(21, 41)]
        assert 0 < statuses.count(200) <= 5
        assert set(statuses) <= {200, 429, 403}
        assert read(gateway, own(1), app_token(gateway, client_no=41)).status_code == 200

"""`POST /v1/standing:batch` over real HTTP: each number answered with the number it was asked for, recorded once, and nobody held up."""

from __future__ import annotations

import json
import statistics
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from ansinh.access.tokens import STANDING_BATCH, STANDING_READ
from ansinh.audit.queries import verify_chains
from tests.audit.standing import add_people, pin_of
from tests.gateway.running import RunningGateway, running_gateway
from tests.gateway_native.hospital import OFFICER, let_in
from tests.support.database import OwnDatabase

PEOPLE = 1_200


@pytest.fixture
def gateway(fresh_database: OwnDatabase, tmp_path: Path) -> Iterator[RunningGateway]:
    add_people(fresh_database, PEOPLE)
    let_in(fresh_database)
    with running_gateway(fresh_database, tmp_path, workers=1) as running:
        yield running


def ask_many(gateway: RunningGateway, body: Any, token: str | None = None, **headers: str) -> httpx.Response:
    token = token or gateway.token(scopes=frozenset([STANDING_BATCH]))
    sent = {"authorization": f"Bearer {token}", "content-type": "application/json"} | headers
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return httpx.post(f"{gateway.base}/v1/standing:batch", content=content, headers=sent, trust_env=False, timeout=30)


def about(keys: list[Any], **changes: Any) -> dict[str, Any]:
    return {"keys": keys, "purpose": "claim", "officer": OFFICER} | changes


def looks(database: OwnDatabase) -> list[tuple[Any, ...]]:
    with psycopg.connect(database.urls.app) as connection:
        return connection.execute(
            "SELECT id::text, person_id, call, result, purpose FROM audit_access ORDER BY id"
        ).fetchall()


def test_a_thousand_are_answered_in_order_and_recorded_once_each(
    gateway: RunningGateway, fresh_database: OwnDatabase
) -> None:
    numbers = [pin_of(1 + n * 7 % PEOPLE) for n in range(1_000)]
    answer = ask_many(gateway, about(numbers))
    assert answer.status_code == 200, answer.text[:300]
    answers = answer.json()["answers"]
    assert [one["asked"]["key"] for one in answers] == numbers
    assert [one["standing"]["pin"] for one in answers] == numbers
    rows = looks(fresh_database)
    assert sorted(one["audit_id"] for one in answers) == sorted(row[0] for row in rows)
    assert {row[2:] for row in rows} == {(2, 1, 4)}
    assert answer.headers["ratelimit"].startswith('"client";r=')
    assert verify_chains().whole


def test_what_is_wrong_with_one_number_is_told_with_it(gateway: RunningGateway, fresh_database: OwnDatabase) -> None:
    keys = [
        pin_of(1),
        "13",
        "0100000002",
        "x\u0000y",
        "001999999999",
        "DN4010100000003",
        f"{pin_of(4)}||Lê A|01011980|Nam|X|02012022",
    ]
    answers = ask_many(gateway, about(keys), **{"accept-language": "en"}).json()["answers"]
    assert [one.get("found") for one in answers] == [True, None, True, None, False, True, True]
    for place in (1, 3):
        assert answers[place]["asked"] == {"key": keys[place]}
        assert (answers[place]["problem"]["code"], answers[place]["problem"]["title"]) == (
            "invalid_input",
            "Invalid input",
        )
    assert answers[6]["asked"] == {"key": pin_of(4), "kind": "citizen_card"}
    assert len(looks(fresh_database)) == 5


def test_a_number_asked_twice_is_answered_and_recorded_twice(
    gateway: RunningGateway, fresh_database: OwnDatabase
) -> None:
    answers = ask_many(gateway, about([pin_of(1)] * 3)).json()["answers"]
    assert len({one["audit_id"] for one in answers}) == 3
    assert len(looks(fresh_database)) == 3


REFUSED: dict[str, tuple[int, str, bytes]] = {
    "not JSON": (400, "malformed_body", b"x"),
    "no keys": (422, "invalid_batch", json.dumps(about([])).encode()),
    "too many keys": (422, "invalid_batch", json.dumps(about(["1"] * 1_001)).encode()),
    "a million keys": (413, "too_large", json.dumps(about(["1"] * 300_000)).encode()),
    "keys as text": (400, "malformed_body", json.dumps(about([]) | {"keys": "001"}).encode()),
    "keys of numbers": (400, "malformed_body", json.dumps(about([1, 2])).encode()),
    "keys of lists": (400, "malformed_body", json.dumps(about([["1"]])).encode()),
    "keys twice": (400, "malformed_body", json.dumps(about(["1"])).encode()[:-1] + b', "keys": ["2"]}'),
    "another field": (400, "malformed_body", json.dumps(about(["1"], facility="99999")).encode()),
    "no purpose": (400, "malformed_body", json.dumps({"keys": ["1"], "officer": OFFICER}).encode()),
    "unknown purpose": (422, "unknown_purpose", json.dumps(about(["1"], purpose="curiosity")).encode()),
    "no officer": (422, "invalid_officer", json.dumps(about(["1"], officer="")).encode()),
    "lone surrogate": (400, "malformed_body", b'{"keys": ["\\ud800"], "purpose": "claim", "officer": "x"}'),
    "nested": (400, "malformed_body", b'{"keys":' + b"[" * 50_000 + b"]" * 50_000 + b"}"),
}


def test_batches_of_another_form_are_refused_without_trace(
    gateway: RunningGateway, fresh_database: OwnDatabase
) -> None:
    for name, (status, code, body) in REFUSED.items():
        answer = ask_many(gateway, body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), (name, answer.text[:300])
    assert looks(fresh_database) == []
    assert ask_many(gateway, about([pin_of(1)]), gateway.token(scopes=frozenset([STANDING_READ]))).status_code == 403
    assert httpx.get(f"{gateway.base}/v1/standing:batch", trust_env=False).status_code == 405


def test_an_officer_not_on_the_list_hears_nothing_about_anybody(
    gateway: RunningGateway, fresh_database: OwnDatabase
) -> None:
    answer = ask_many(gateway, about([pin_of(n) for n in range(1, 200)], officer="BS-99"))
    assert (answer.status_code, answer.json()["code"]) == (403, "officer_not_listed")
    assert {row[3] for row in looks(fresh_database)} == {3}


def test_small_requests_are_not_held_up_by_batches(gateway: RunningGateway) -> None:
    """Single look-ups while batches of a thousand run one after the other: their median stays that of some slices, far below a batch's own."""
    over = threading.Event()
    spent_by_batches: list[float] = []

    def keep_asking() -> None:
        token = gateway.token(scopes=frozenset([STANDING_BATCH]))
        while not over.is_set():
            began = time.perf_counter()
            assert ask_many(gateway, about([pin_of(1 + n) for n in range(1_000)]), token).status_code == 200
            spent_by_batches.append(time.perf_counter() - began)

    batches = [threading.Thread(target=keep_asking) for _ in range(2)]
    for batch in batches:
        batch.start()
    token = gateway.token()
    spent = []
    with httpx.Client(trust_env=False) as line:
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        while len(spent_by_batches) < 6:
            began = time.perf_counter()
            body = json.dumps({"key": pin_of(5), "purpose": "treatment", "officer": OFFICER})
            assert line.post(f"{gateway.base}/v1/standing", content=body, headers=headers).status_code == 200
            spent.append(time.perf_counter() - began)
    over.set()
    for batch in batches:
        batch.join()
    assert statistics.median(spent) < statistics.median(spent_by_batches) / 2

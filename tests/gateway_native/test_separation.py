"""One facility cannot use another's token, officer or list; nobody asks without a purpose; and a refusal is the same for everybody asked about."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from ansinh.access.tokens import FACILITY_SCOPES
from tests.audit.standing import add_people, pin_of
from tests.gateway.running import RunningGateway, running_gateway
from tests.gateway_native.hospital import OFFICER, Hospital, ask_token, let_in
from tests.gateway_native.test_batch import about, ask_many
from tests.support.database import OwnDatabase


@pytest.fixture
def gateway(fresh_database: OwnDatabase, tmp_path: Path) -> Iterator[RunningGateway]:
    add_people(fresh_database, 50)
    with running_gateway(fresh_database, tmp_path, workers=1) as running:
        yield running


def asked_by(database: OwnDatabase) -> set[tuple[int, str, str, int]]:
    with psycopg.connect(database.urls.app) as connection:
        return set(connection.execute("SELECT client_no, facility, officer, result FROM audit_access").fetchall())


def client_no(database: OwnDatabase, hospital: Hospital) -> int:
    with psycopg.connect(database.urls.app) as connection:
        row = connection.execute(
            "SELECT client_no FROM access_client WHERE client_id = %s", [hospital.client_id]
        ).fetchone()
    assert row is not None
    return int(row[0])


def test_what_is_recorded_is_the_tokens_facility_whatever_else_is_said(
    gateway: RunningGateway, fresh_database: OwnDatabase
) -> None:
    ours, theirs = let_in(fresh_database, "01001"), let_in(fresh_database, "02002")
    question = {"key": pin_of(1), "purpose": "treatment", "officer": OFFICER}
    headers = {"x-facility": "02002", "x-user": "02002-1", "x-forwarded-for": "10.0.0.1", "forwarded": "for=10.0.0.1"}
    assert gateway.ask(question, ours.token(gateway), **headers).status_code == 200
    assert gateway.ask(question | {"facility": "02002"}, ours.token(gateway)).status_code == 400
    assert asked_by(fresh_database) == {(client_no(fresh_database, ours), "01001", OFFICER, 1)}
    assert ask_token(gateway, theirs.form(client_id=ours.client_id)).status_code == 401


def test_an_officer_of_one_facility_asks_at_no_other(gateway: RunningGateway, fresh_database: OwnDatabase) -> None:
    theirs = let_in(fresh_database, "02002")
    with psycopg.connect(fresh_database.urls.owner) as owner:
        owner.execute("UPDATE access_facilityofficer SET officer = 'BS-02' WHERE facility = '02002'")
    token = theirs.token(gateway)
    question = {"key": pin_of(1), "purpose": "treatment"}
    assert gateway.ask(question | {"officer": "BS-02"}, token).status_code == 200
    for ours in (OFFICER, "BS-02 ", "bs-02", "BS-0\u0662"):
        refused = gateway.ask(question | {"officer": ours}, token)
        assert (refused.status_code, refused.json()["code"]) == (403, "officer_not_listed"), ours
    assert ask_many(gateway, about([pin_of(1)], officer=OFFICER), token).status_code == 403
    with psycopg.connect(fresh_database.urls.owner) as owner:
        owner.execute("UPDATE access_facilityofficer SET active = false WHERE facility = '02002'")
    assert gateway.ask(question | {"officer": "BS-02"}, token).status_code == 403


def test_nobody_asks_without_a_purpose_or_an_officer(gateway: RunningGateway, fresh_database: OwnDatabase) -> None:
    token = let_in(fresh_database).token(gateway)
    for body in ({"key": pin_of(1), "officer": OFFICER}, {"key": pin_of(1), "purpose": "treatment"}):
        assert gateway.ask(body, token).status_code == 400
    for body in ({"purpose": "treatment", "officer": " "}, {"purpose": "", "officer": OFFICER}):
        assert gateway.ask(body | {"key": pin_of(1)}, token).status_code == 422
        assert ask_many(gateway, body | {"keys": [pin_of(1)]}, token).status_code == 422
    assert asked_by(fresh_database) == set()


def test_who_may_not_ask_hears_the_same_of_everybody(gateway: RunningGateway, fresh_database: OwnDatabase) -> None:
    token = let_in(fresh_database).token(gateway)
    told, spent = set(), {True: list[float](), False: list[float]()}
    with httpx.Client(trust_env=False, headers={"authorization": f"Bearer {token}"}) as line:
        for turn in range(100):
            known = turn % 2 == 0
            key = pin_of(1 + turn % 50) if known else f"001999{turn:06d}"
            began = time.perf_counter()
            refused = line.post(
                f"{gateway.base}/v1/standing", json={"key": key, "purpose": "claim", "officer": "stranger"}
            )
            spent[known].append(time.perf_counter() - began)
            told.add((refused.status_code, refused.text))
    assert len(told) == 1
    # The quickest tenth says what the work takes; the rest says how busy the machine was.
    quick = [statistics.quantiles(values, n=10)[0] for values in spent.values()]
    assert abs(quick[0] - quick[1]) < max(0.5 * min(quick), 0.001), quick


def test_a_token_opens_only_what_it_was_given_for(gateway: RunningGateway, fresh_database: OwnDatabase) -> None:
    hospital = let_in(fresh_database)
    bodies = {
        "standing:read": ("/v1/standing", {"key": pin_of(1), "purpose": "claim", "officer": OFFICER}),
        "standing:batch": ("/v1/standing:batch", about([pin_of(1)])),
        "citizen-card:parse": ("/v1/citizen-card:parse", {"text": f"{pin_of(1)}||A|01011980|Nam|X|02012022"}),
        "health:read": ("/v1/referrals:check", {"key": pin_of(1), "officer": OFFICER}),
    }
    # The scopes of submissions and of the FHIR face open doors of another shape; those tests stand beside them.
    assert bodies.keys() <= FACILITY_SCOPES.keys()
    for scope in FACILITY_SCOPES:
        headers = {"authorization": f"Bearer {hospital.token(gateway, scope)}", "content-type": "application/json"}
        for wanted, (path, body) in bodies.items():
            answer = httpx.post(f"{gateway.base}{path}", content=json.dumps(body), headers=headers, trust_env=False)
            assert answer.status_code == (200 if wanted == scope else 403), (scope, wanted, answer.text)


def test_nothing_asked_stands_in_the_log_or_the_counters(gateway: RunningGateway, fresh_database: OwnDatabase) -> None:
    hospital = let_in(fresh_database)
    form = hospital.form()
    token = ask_token(gateway, form).json()["access_token"]
    ask_token(gateway, form)
    gateway.ask({"key": pin_of(7), "purpose": "claim", "officer": OFFICER}, token)
    ask_many(gateway, about([pin_of(8), "not a number"]), token)
    words = gateway.log.read_text() + httpx.get(f"{gateway.base}/metrics", trust_env=False).text
    for secret in (pin_of(7), pin_of(8), OFFICER, "not a number", token, form["client_assertion"], hospital.client_id):
        assert secret not in words

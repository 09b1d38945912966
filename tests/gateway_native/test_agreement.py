"""The gateway keeps to contracts/gateway/openapi.yaml: its examples are run, and whatever is answered is agreed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from ansinh.access.tokens import SCOPES, STANDING_READ
from ansinh.gateway import calls
from tests.audit.standing import add_people, list_officers
from tests.gateway.running import RunningGateway, running_gateway
from tests.gateway_native.agreement import AGREED, require_agreed, resolved, troubles
from tests.gateway_native.hospital import ask_token, let_in
from tests.support.database import OwnDatabase

# Addresses that are not of this agreement: the compatible door has its own, and so have submissions, health books and the e-ID app (contracts/gateway/).
ELSEWHERE = ("/api/", "/v1/submissions", "/v1/health", "/v1/referrals", "/v1/eid")


@pytest.fixture
def gateway(fresh_database: OwnDatabase, tmp_path: Path) -> Iterator[RunningGateway]:
    add_people(fresh_database, 3)
    with psycopg.connect(fresh_database.urls.owner) as owner:
        list_officers(owner, ["BS-17", "TD-02", "GD-05"])
    with running_gateway(fresh_database, tmp_path, workers=1) as running:
        yield running


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, call) for path, item in AGREED["paths"].items() for method, call in item.items()]


def test_examples_are_what_their_schemas_say() -> None:
    seen = 0
    for _, _, call in operations():
        answers = [resolved(answer) for answer in call["responses"].values()]
        for spoken in [call.get("requestBody", {}), *answers]:
            for kind in spoken.get("content", {}).values():
                for example in kind.get("examples", {}).values():
                    assert not troubles(example["value"], kind["schema"]), example["value"]
                    seen += 1
    assert seen >= 12


def test_example_questions_are_answered_as_agreed(gateway: RunningGateway) -> None:
    headers = {"authorization": f"Bearer {gateway.token(scopes=frozenset(SCOPES))}"}
    with httpx.Client(base_url=gateway.base, trust_env=False, headers=headers) as line:
        asked = 0
        for path, method, call in operations():
            spoken = call.get("requestBody", {}).get("content", {}).get("application/json", {})
            for example in spoken.get("examples", {}).values():
                answer = line.request(method, path, json=example["value"])
                assert answer.status_code == 200, answer.text
                require_agreed(answer, path, method)
                asked += 1
            if method == "get":
                answer = line.get(path)
                assert answer.status_code == 200, answer.text
                require_agreed(answer, path, method)
        assert asked >= 8


def test_refusals_are_answered_as_agreed(gateway: RunningGateway, fresh_database: OwnDatabase) -> None:
    token = gateway.token(scopes=frozenset(SCOPES))
    bodies = [
        b"",
        b"{}",
        b"x" * 1_000_000,
        b'{"key": "x", "keys": ["x"], "text": "x", "purpose": "claim", "officer": "BS-17"}',
    ]
    kinds = ["application/json", "application/x-www-form-urlencoded", "text/plain"]
    tokens = [f"Bearer {token}", "Bearer x", "Basic eDp5", f"Bearer {gateway.token(scopes=frozenset(['other:read']))}"]
    with httpx.Client(base_url=gateway.base, trust_env=False) as line:
        for path, method, _ in operations():
            for body in bodies:
                for kind in kinds:
                    for authorization in tokens:
                        headers = {"content-type": kind, "authorization": authorization}
                        require_agreed(line.request(method, path, content=body, headers=headers), path, method)
            for other in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "GET" if method == "post" else "POST"):
                answer = line.request(other, path)
                assert (answer.status_code, "allow" in answer.headers) == (405, True), (other, path, answer.text)
            require_agreed(line.request(method, f"{path}?x=1"), path, method)
        hospital = let_in(fresh_database, scope=STANDING_READ, rate=1)
        require_agreed(ask_token(gateway, hospital.form(scope="everything")), "/oauth2/token")
        given = ask_token(gateway, hospital.form())
        require_agreed(given, "/oauth2/token")
        headers = {"authorization": f"Bearer {given.json()['access_token']}"}
        statuses = set()
        for _ in range(15):
            question = {"key": "001000000001", "purpose": "claim", "officer": "BS-17"}
            answer = line.post("/v1/standing", json=question, headers=headers)
            require_agreed(answer, "/v1/standing")
            statuses.add(answer.status_code)
        assert statuses == {200, 429}
        stranger = {"key": "001000000001", "purpose": "claim", "officer": "nobody"}
        answer = line.post("/v1/standing", json=stranger, headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == 403
        require_agreed(answer, "/v1/standing")


def test_every_address_is_in_an_agreement_and_its_scope_is_the_agreed_one() -> None:
    source = Path(calls.__file__).parent
    agreed = set(AGREED["paths"])
    written = {
        line.split('"')[1]
        for file in source.rglob("*.py")
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.split('"')[1:2] and line.split('"')[1].startswith("/") and ("Route(" in line or "PATH = " in line)
    }
    ours = {path for path in written if not path.startswith(ELSEWHERE)}
    assert ours == agreed, f"Cure: say {sorted(ours ^ agreed)} in contracts/gateway/openapi.yaml, or take it out."
    for _, _, call in operations():
        for wanted in call.get("security", AGREED["security"]):
            assert set(wanted["token"]) <= SCOPES.keys()
    flow = AGREED["components"]["securitySchemes"]["token"]["flows"]["clientCredentials"]
    assert flow["scopes"] == SCOPES

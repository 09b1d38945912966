"""`POST /oauth2/token` over real HTTP: whoever proves itself gets a token that opens the other doors, and nobody learns anything by failing."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psycopg
import pytest
from joserfc import jws
from joserfc.jwk import OKPKey, RSAKey

from ansinh.access.keys import new_key, rotate
from ansinh.access.tokens import FACILITY_SCOPES, KEYS_NAME, STANDING_READ, TokenVerifier, issuer
from tests.audit.standing import add_people, pin_of
from tests.gateway.running import RunningGateway, running_gateway
from tests.gateway_native.hospital import OFFICER, Hospital, Key, ask_token, let_in
from tests.support.database import OwnDatabase


@pytest.fixture
def gateway(fresh_database: OwnDatabase, tmp_path: Path) -> Iterator[RunningGateway]:
    add_people(fresh_database, 3)
    with running_gateway(fresh_database, tmp_path, workers=1) as running:
        yield running


def test_each_kind_of_key_gets_a_token_that_opens_the_door(
    gateway: RunningGateway, fresh_database: OwnDatabase
) -> None:
    keys: dict[str, Key] = {
        "ES256": new_key(),
        "PS256": RSAKey.generate_key(2_048),
        "EdDSA": OKPKey.generate_key("Ed25519"),
    }
    for alg, key in keys.items():
        hospital = let_in(fresh_database, key=key, alg=alg)
        answer = ask_token(gateway, hospital.form())
        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert (told["token_type"], told["expires_in"], told["scope"]) == (
            "Bearer",
            900,
            " ".join(sorted(FACILITY_SCOPES)),
        )
        assert answer.headers["cache-control"] == "no-store"
        proved = TokenVerifier(gateway.secrets).verify(told["access_token"], time.time())
        assert (proved.client_id, proved.facility, proved.rate_per_second) == (hospital.client_id, "01001", 100_000)
        question = {"key": pin_of(1), "purpose": "treatment", "officer": OFFICER}
        assert gateway.ask(question, told["access_token"]).json()["found"] is True


def test_scope_may_be_less_and_never_more(gateway: RunningGateway, fresh_database: OwnDatabase) -> None:
    hospital = let_in(fresh_database, scope="standing:read citizen-card:parse")
    assert ask_token(gateway, hospital.form(scope="standing:read")).json()["scope"] == STANDING_READ
    assert ask_token(gateway, hospital.form(scope="")).json()["scope"] == "citizen-card:parse standing:read"
    for more in ("standing:batch", "standing:read standing:batch", "everything"):
        refused = ask_token(gateway, hospital.form(scope=more))
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_scope")


def test_an_assertion_is_good_once_even_for_many_at_once(gateway: RunningGateway, fresh_database: OwnDatabase) -> None:
    form = let_in(fresh_database).form()
    with ThreadPoolExecutor(6) as callers:
        statuses = sorted(callers.map(lambda _: ask_token(gateway, form).status_code, range(6)))
    assert statuses == [200, 401, 401, 401, 401, 401]
    with psycopg.connect(fresh_database.urls.app) as connection:
        row = connection.execute("SELECT count(*) FROM audit_act WHERE act = 'access.grant_token'").fetchone()
    assert row == (1,)


FAILURES: dict[str, Callable[[Hospital, OwnDatabase], dict[str, str]]] = {
    "unknown client": lambda one, _: Hospital("01001-99", "01001", one.key).form(),
    "wrong key": lambda one, _: Hospital(one.client_id, one.facility, new_key()).form(),
    "wrong key under the right id": lambda one, _: one.form(
        client_assertion=Hospital(one.client_id, one.facility, new_key()).assertion({"kid": one.key.thumbprint()})
    ),
    "suspended client": lambda _, database: let_in(database, "01002", state="suspended").form(),
    "another facility's client": lambda one, database: Hospital(
        let_in(database, "01003").client_id, "01003", one.key
    ).form(),
    "client without keys of that kind": lambda one, database: let_in(
        database, "01004", key=RSAKey.generate_key(2_048), alg="PS256"
    ).form(client_assertion=one.assertion(iss="01004-1", sub="01004-1")),
    "another audience": lambda one, _: one.form(client_assertion=one.assertion(aud="https://elsewhere.example")),
    "audience the token address": lambda one, _: one.form(
        client_assertion=one.assertion(aud=f"{issuer()}/oauth2/token")
    ),
    "expired": lambda one, _: one.form(client_assertion=one.assertion(exp=int(time.time()) - 1)),
    "valid too long": lambda one, _: one.form(client_assertion=one.assertion(exp=int(time.time()) + 3_600)),
    "from the future": lambda one, _: one.form(client_assertion=one.assertion(iat=int(time.time()) + 3_600)),
    "without id": lambda one, _: one.form(client_assertion=one.assertion(jti=None)),
    "key from elsewhere": lambda one, _: one.form(
        client_assertion=one.assertion({"jku": "https://elsewhere.example/jwks.json"})
    ),
    "no token": lambda one, _: one.form(client_assertion="nonsense"),
    "NUL": lambda one, _: one.form(client_assertion="a.\x00.b"),
    "another client named beside": lambda one, _: one.form(client_id="01001-2"),
    "no assertion": lambda one, _: one.form(client_assertion=None),
    "another kind of assertion": lambda one, _: one.form(client_assertion_type="urn:x:saml2-bearer"),
    "a secret": lambda one, _: one.form(client_assertion=None, client_id=one.client_id, client_secret="x"),
}


def test_every_way_of_failing_is_one_answer(gateway: RunningGateway, fresh_database: OwnDatabase) -> None:
    hospital = let_in(fresh_database)
    told = set()
    for name, failing in FAILURES.items():
        answer = ask_token(gateway, failing(hospital, fresh_database))
        assert answer.status_code == 401, (name, answer.text)
        headers = {k: v for k, v in answer.headers.items() if k != "date"}
        told.add((answer.text, tuple(sorted(headers.items()))))
    assert len(told) == 1, "a stranger learns from the answer what was wrong"
    assert ask_token(gateway, hospital.form()).status_code == 200
    words = gateway.log.read_text()
    assert "01001" not in words
    assert "eyJ" not in words


REFUSED: dict[str, tuple[str, Callable[[Hospital], str | bytes | dict[str, str]], dict[str, str]]] = {
    "nothing": ("invalid_request", lambda _: b"", {}),
    "no kind of grant": ("invalid_request", lambda one: one.form(grant_type=None), {}),
    "kind of grant without value": ("invalid_request", lambda one: one.form(grant_type=""), {}),
    "another kind of grant": ("unsupported_grant_type", lambda one: one.form(grant_type="password"), {}),
    "kind of grant twice": (
        "invalid_request",
        lambda _: b"grant_type=client_credentials&grant_type=client_credentials",
        {},
    ),
    "JSON": (
        "invalid_request",
        lambda _: b'{"grant_type": "client_credentials"}',
        {"content_type": "application/json"},
    ),
    "not ASCII": ("invalid_request", lambda _: "grant_type=é".encode(), {}),
    "half a character": ("invalid_request", lambda _: b"grant_type=%ff", {}),
    "many fields": ("invalid_request", lambda _: b"&".join(b"f%d=1" % n for n in range(200)), {}),
    "two ways of authentication": ("invalid_request", lambda one: one.form(), {"authorization": "Basic eDp5"}),
}


def test_requests_that_are_wrong_are_refused_by_name(gateway: RunningGateway, fresh_database: OwnDatabase) -> None:
    hospital = let_in(fresh_database)
    for name, (error, body, headers) in REFUSED.items():
        answer = ask_token(gateway, body(hospital), **headers)
        assert (answer.status_code, answer.json()["error"]) == (400, error), (name, answer.text)
        assert answer.json()["error_description"].isascii()
    basic = ask_token(gateway, hospital.form(client_assertion=None), authorization="Basic eDp5")
    assert (basic.status_code, basic.headers["www-authenticate"]) == (401, 'Basic realm="ansinh"')
    too_long = ask_token(gateway, b"grant_type=" + b"x" * 10_000)
    assert (too_long.status_code, too_long.json()["error"]) == (413, "invalid_request")
    address = f"{gateway.base}/oauth2/token?grant_type=client_credentials"
    assert httpx.post(address, data=hospital.form(), trust_env=False).json()["error"] == "invalid_request"
    assert httpx.get(f"{gateway.base}/oauth2/token", trust_env=False).status_code == 405


def test_unknown_parameters_are_let_be_as_the_standard_says(
    gateway: RunningGateway, fresh_database: OwnDatabase
) -> None:
    hospital = let_in(fresh_database)
    assert ask_token(gateway, hospital.form(resource="x")).status_code == 200
    assert ask_token(gateway, hospital.form(), authorization="Bearer an.old.token").status_code == 200


def test_an_unknown_client_takes_as_long_as_a_wrong_key(gateway: RunningGateway, fresh_database: OwnDatabase) -> None:
    """The quickest tenth of many, in turns: the rest says how busy the machine was. The work itself is counted in tests/access."""
    known = Hospital(let_in(fresh_database).client_id, "01001", new_key())
    unknown = Hospital("01001-99", "01001", new_key())
    spent: dict[str, list[float]] = {"known": [], "unknown": []}
    with httpx.Client(trust_env=False) as line:
        for _ in range(80):
            for name, one in (("known", known), ("unknown", unknown)):
                form = one.form()
                began = time.perf_counter()
                assert line.post(f"{gateway.base}/oauth2/token", data=form).status_code == 401
                spent[name].append(time.perf_counter() - began)
    quick = {name: statistics.quantiles(values, n=10)[0] for name, values in spent.items()}
    assert abs(quick["known"] - quick["unknown"]) < max(0.5 * min(quick.values()), 0.001), quick


def test_keys_turn_over_without_a_gap(gateway: RunningGateway, fresh_database: OwnDatabase) -> None:
    hospital = let_in(fresh_database)
    before = hospital.token(gateway)
    rotate(gateway.secrets, KEYS_NAME)
    question = {"key": pin_of(1), "purpose": "treatment", "officer": OFFICER}
    until = time.monotonic() + 10
    while True:
        after = hospital.token(gateway)
        if after.split(".")[0] != before.split(".")[0]:
            break
        assert time.monotonic() < until, "the new key signs nothing"
    assert [gateway.ask(question, token).status_code for token in (before, after)] == [200, 200]


def test_a_client_discovers_the_door_and_the_keys(gateway: RunningGateway, fresh_database: OwnDatabase) -> None:
    metadata = httpx.get(f"{gateway.base}/.well-known/oauth-authorization-server", trust_env=False).json()
    assert metadata["issuer"] == issuer()
    assert metadata["token_endpoint"] == f"{issuer()}/oauth2/token"
    assert metadata["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    (key,) = httpx.get(f"{gateway.base}/.well-known/jwks.json", trust_env=False).json()["keys"]
    assert "d" not in key
    token = let_in(fresh_database).token(gateway)
    read = jws.extract_compact(token.encode())
    assert read.headers()["kid"] == key["kid"]
    (public,) = TokenVerifier(gateway.secrets)._keys.values()
    assert public.as_dict(private=False)["x"] == key["x"]
    agreed = httpx.get(f"{gateway.base}/v1/openapi.json", trust_env=False).json()
    assert agreed["openapi"].startswith("3.1")
    assert agreed["servers"] == [{"url": issuer()}]


def test_tokens_say_when_they_were_given(gateway: RunningGateway, fresh_database: OwnDatabase) -> None:
    before = int(datetime.now(UTC).timestamp())
    proved = TokenVerifier(gateway.secrets).verify(let_in(fresh_database).token(gateway), time.time())
    assert before + 900 <= proved.expires_at_seconds <= time.time() + 901

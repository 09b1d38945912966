"""What a client signs to prove who it is: every way of failing is one exception, and an unknown client costs the same work as a known one."""

from __future__ import annotations

import base64
import hmac
import json
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey, OKPKey, RSAKey

from ansinh.access.keys import new_key
from ansinh.access.tokens import Assertion, BadAssertion, prove, public_half, read_assertion
from ansinh.access.tokens.client_keys import read_key

NOW = datetime(2025, 6, 2, 2, 0, tzinfo=UTC)
US = "https://api.example"
WHO = "01004-1"
Key = ECKey | RSAKey | OKPKey

EC = new_key()
OTHER = new_key()
RSA = RSAKey.generate_key(2_048)
ED = OKPKey.generate_key("Ed25519")


def assertion(
    key: Key = EC, *, alg: str = "ES256", at: datetime = NOW, header: dict[str, Any] | None = None, **claims: Any
) -> str:
    seconds = int(at.timestamp())
    said = {"iss": WHO, "sub": WHO, "aud": US, "iat": seconds, "exp": seconds + 50, "jti": uuid.uuid4().hex}
    said = {name: value for name, value in (said | claims).items() if value is not None}
    protected = {"alg": alg, "kid": key.thumbprint()} | (header or {})
    protected = {name: value for name, value in protected.items() if value is not None}
    return jws.serialize_compact(protected, json.dumps(said).encode(), key, [alg])


def kept(*keys: Key) -> list[dict[str, Any]]:
    return [public_half(dict(key.as_dict(private=False))) for key in keys]


def check(text: str, keys: list[dict[str, Any]], at: datetime = NOW) -> Assertion:
    return prove(read_assertion(text), keys, audience=US, now=at)


@pytest.mark.parametrize(
    ("key", "alg"), [(EC, "ES256"), (RSA, "PS256"), (ED, "EdDSA"), (ED, "Ed25519")], ids=lambda value: str(value)[:8]
)
@pytest.mark.parametrize("kid", [True, False])
@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
def test_assertion_by_each_kind_of_key_is_proved(key: Key, alg: str, kid: bool) -> None:
    text = assertion(key, alg=alg, header={} if kid else {"kid": None}, jti="once")
    proved = check(text, kept(OTHER, key) if alg == "ES256" else kept(key))
    assert proved == Assertion(WHO, "once", NOW + timedelta(seconds=50), str(key.thumbprint()))


def test_each_of_two_keys_is_good_and_a_retired_one_is_not() -> None:
    for key in (EC, OTHER):
        assert check(assertion(key), kept(EC, OTHER)).kid == key.thumbprint()
    with pytest.raises(BadAssertion):
        check(assertion(EC), kept(OTHER))


def test_clocks_may_differ_by_ten_seconds_ahead_and_none_behind() -> None:
    assert check(assertion(at=NOW + timedelta(seconds=9)), kept(EC))
    for wrong in (NOW + timedelta(seconds=21), NOW - timedelta(seconds=50)):
        with pytest.raises(BadAssertion):
            check(assertion(at=wrong), kept(EC))


def unsigned(alg: str) -> str:
    _, body, _ = assertion().split(".")
    return f"{part({'alg': alg, 'kid': EC.thumbprint()})}.{body}."


def part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def with_secret(secret: bytes) -> str:
    signed = unsigned("HS256").removesuffix(".")
    digest = hmac.digest(secret, signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


seconds = int(NOW.timestamp())
FORGERIES: dict[str, Callable[[], str]] = {
    "another audience": lambda: assertion(aud="https://elsewhere.example"),
    "audience with a slash more": lambda: assertion(aud=US + "/"),
    "two audiences": lambda: assertion(aud=[US, "https://elsewhere.example"]),
    "audience as a list": lambda: assertion(aud=[US]),
    "no audience": lambda: assertion(aud=None),
    "another subject": lambda: assertion(sub="01004-2"),
    "no subject": lambda: assertion(sub=None),
    "no issuer": lambda: assertion(iss=None),
    "issuer with NUL": lambda: assertion(iss="a\x00", sub="a\x00"),
    "endless issuer": lambda: assertion(iss="a" * 200, sub="a" * 200),
    "a stranger's key": lambda: assertion(OTHER),
    "a stranger's key under our id": lambda: assertion(OTHER, header={"kid": EC.thumbprint()}),
    "a stranger's key without id": lambda: assertion(OTHER, header={"kid": None}),
    "id is a path": lambda: assertion(header={"kid": "../../etc/passwd"}),
    "id is a number": lambda: f"{part({'alg': 'ES256', 'kid': 7})}.{assertion().partition('.')[2]}",
    "key in the header": lambda: assertion(OTHER, header={"jwk": OTHER.as_dict(private=False), "kid": None}),
    "address of a key": lambda: assertion(header={"jku": "https://elsewhere.example/jwks.json"}),
    "address of a certificate": lambda: assertion(header={"x5u": "https://elsewhere.example/c.pem"}),
    "something critical": lambda: f"{part({'alg': 'ES256', 'crit': ['x'], 'x': 1})}.e30.AA",
    "another type": lambda: assertion(header={"typ": "at+jwt"}),
    "alg none": lambda: unsigned("none"),
    "alg NONE": lambda: unsigned("NONE"),
    "signature empty": lambda: unsigned("ES256"),
    "public key as a secret": lambda: with_secret(EC.as_pem(private=False)),
    "RSA by the old padding": lambda: assertion(RSA, alg="RS256"),
    "another curve": lambda: assertion(ECKey.generate_key("P-384"), alg="ES384"),
    "expired": lambda: assertion(at=NOW - timedelta(minutes=5)),
    "from the future": lambda: assertion(at=NOW + timedelta(minutes=5)),
    "not valid before later": lambda: assertion(nbf=seconds + 30),
    "valid for an hour": lambda: assertion(exp=seconds + 3_600),
    "valid for ever": lambda: assertion(exp=None),
    "expiry of another kind": lambda: assertion(exp="soon"),
    "expiry beyond all dates": lambda: assertion(exp=1e300),
    "expiry below zero": lambda: assertion(exp=-5),
    "no id": lambda: assertion(jti=None),
    "endless id": lambda: assertion(jti="x" * 101),
    "id with NUL": lambda: assertion(jti="x\x00"),
    "no token": lambda: "nonsense",
    "empty": lambda: "",
    "not ASCII": lambda: "é.é.é",
    "five parts": lambda: assertion() + ".x.y",
    "too long": lambda: assertion(more="x" * 5_000),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_assertion_that_proves_nothing_is_refused(forge: Callable[[], str]) -> None:
    with pytest.raises(BadAssertion):
        check(forge(), kept(EC, RSA) if forge is FORGERIES["RSA by the old padding"] else kept(EC))


@given(st.text(max_size=300))
def test_any_text_is_refused_and_never_a_crash(text: str) -> None:
    with pytest.raises(BadAssertion):
        read_assertion(text)


@pytest.mark.parametrize(("key", "alg"), [(EC, "ES256"), (RSA, "PS256"), (ED, "EdDSA")], ids=["EC", "RSA", "Ed25519"])
@pytest.mark.parametrize("kid", [True, False])
@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
def test_unknown_client_wrong_key_and_right_key_cost_as_many_checks(key: Key, alg: str, kid: bool) -> None:
    text = assertion(key, alg=alg, header={} if kid else {"kid": None})
    strangers: list[list[dict[str, Any]]] = [
        [],
        kept(OTHER),
        kept(new_key(), new_key()),
        kept(RSAKey.generate_key(2_048)),
    ]
    work = []
    for keys in [kept(key), kept(key, OTHER), *strangers]:
        with (
            patch("ansinh.access.tokens.assertions.jws.validate_compact", wraps=jws.validate_compact) as checked,
            patch("ansinh.access.tokens.assertions.read_key", wraps=read_key) as read,
            suppress(BadAssertion),
        ):
            check(text, keys)
        work.append((checked.call_count, read.call_count))
    assert set(work) == {(1, 1) if kid else (2, 2)}

"""What an access token proves: only what we signed, for us, about one client, for its time."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jws

from ansinh.access.keys import new_key
from ansinh.access.tokens import (
    KEYS_NAME,
    RATE_PER_SECOND_MAX,
    BadToken,
    Grant,
    Holder,
    TokenVerifier,
    issue_token,
    issuer,
    published_token_keys,
    token_keys,
)

NOW = datetime(2025, 6, 2, 2, 0, tzinfo=UTC)
HOLDER = Holder("01004-1", 7, "01004", frozenset({"standing:read"}), 50)


def claims_of(token: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(jws.extract_compact(token.encode()).payload or b"")
    return read


def test_a_token_says_what_the_standard_wants(tmp_path: Path) -> None:
    token = issue_token(token_keys(tmp_path), HOLDER, now=NOW)
    said = claims_of(token)
    assert {"iss", "exp", "aud", "sub", "client_id", "iat", "jti"} <= said.keys()
    assert (said["iss"], said["sub"], said["client_id"]) == (issuer(), "01004-1", "01004-1")
    assert jws.extract_compact(token.encode()).headers()["typ"] == "at+jwt"
    expires = int(NOW.timestamp()) + 900
    assert TokenVerifier(tmp_path).verify(token, NOW.timestamp()) == Grant(
        "01004-1", 7, "01004", frozenset({"standing:read"}), expires, 50
    )


def test_published_keys_have_no_private_part_and_verify(tmp_path: Path) -> None:
    assert published_token_keys(tmp_path) == []
    keys = token_keys(tmp_path)
    (published,) = published_token_keys(tmp_path)
    assert published == keys.signing.as_dict(private=False) | {"use": "sig", "alg": "ES256"}


@pytest.mark.parametrize("lifetime", [timedelta(0), timedelta(seconds=-1), timedelta(hours=25)])
def test_a_token_that_lives_too_long_is_not_signed(lifetime: timedelta, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at most"):
        issue_token(token_keys(tmp_path), HOLDER, now=NOW, lifetime=lifetime)


CHANGES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "another client beside the subject": lambda said: said | {"client_id": "01005-1"},
    "no client": lambda said: {name: value for name, value in said.items() if name != "client_id"},
    "another issuer": lambda said: said | {"iss": f"{issuer()}/"},
    "no limit": lambda said: said | {"rate": 0},
    "a limit beyond all": lambda said: said | {"rate": RATE_PER_SECOND_MAX + 1},
    "a limit of another kind": lambda said: said | {"rate": "many"},
    "another audience": lambda said: said | {"aud": "ansinh-dialect"},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_we_would_not_say_proves_nothing_even_under_our_key(
    change: Callable[[dict[str, Any]], dict[str, Any]], tmp_path: Path
) -> None:
    keys = token_keys(tmp_path)
    said = change(claims_of(issue_token(keys, HOLDER, now=NOW)))
    header = {"alg": "ES256", "kid": keys.signing.kid, "typ": "at+jwt"}
    token = jws.serialize_compact(header, json.dumps(said).encode(), keys.signing, ["ES256"])
    with pytest.raises(BadToken):
        TokenVerifier(tmp_path).verify(token, NOW.timestamp())


@pytest.mark.parametrize(
    "more",
    [
        {"jku": "https://elsewhere.example/jwks.json"},
        {"x5u": "https://elsewhere.example/c.pem"},
        {"jwk": new_key().as_dict(private=False)},
        {"x5c": ["AAAA"]},
        {"kid": "../access-tokens"},
        {"typ": "dialect+jwt"},
        {"cty": "JWT"},
    ],
    ids=lambda more: next(iter(more)),
)
def test_a_header_with_anything_of_its_own_proves_nothing(more: dict[str, Any], tmp_path: Path) -> None:
    keys = token_keys(tmp_path)
    payload = json.dumps(claims_of(issue_token(keys, HOLDER, now=NOW))).encode()
    header = {"alg": "ES256", "kid": keys.signing.kid, "typ": "at+jwt"} | more
    token = jws.serialize_compact(header, payload, keys.signing, ["ES256"])
    with pytest.raises(BadToken):
        TokenVerifier(tmp_path).verify(token, NOW.timestamp())


def test_the_name_of_the_keys_is_the_verifiers(tmp_path: Path) -> None:
    token = issue_token(token_keys(tmp_path), HOLDER, now=NOW)
    (tmp_path / f"{KEYS_NAME}.public.jwks.json").unlink()
    with pytest.raises(BadToken):
        TokenVerifier(tmp_path).verify(token, NOW.timestamp())

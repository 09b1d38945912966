"""What the provider says of people, and what it says wrongly when an invented number calls for it."""

from __future__ import annotations

import base64
import hmac
import json
import time
from typing import Any

from joserfc import jwt

from ansinh_sandbox.eid.accounts import Account, Lie
from ansinh_sandbox.eid.clients import Client
from ansinh_sandbox.eid.keys import Keys, encrypted, signed, stranger

ELSEWHERE = "https://another-eid.example"
_LONG_AGO = 3_600


def id_token_of(claims: dict[str, Any], account: Account, client: Client, keys: Keys) -> str:
    """Return the ID token, signed as the client registered, unless the account calls for a lie."""
    if account.lie is Lie.ROTATED:
        keys.rotate(client.id_token_alg)
    now = int(time.time())
    changed: dict[Lie | None, dict[str, Any]] = {
        Lie.NONCE: {"nonce": "another"},
        Lie.AUDIENCE: {"aud": "another-client"},
        Lie.EXPIRED: {"iat": now - 2 * _LONG_AGO, "exp": now - _LONG_AGO},
        Lie.ISSUER: {"iss": ELSEWHERE},
    }
    said = {**claims, **changed.get(account.lie, {})}
    if account.lie is Lie.UNSIGNED:
        return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(said)}."
    key = keys.signing(client.id_token_alg)
    if account.lie is Lie.SYMMETRIC:
        # By hand: libraries refuse to sign with a public key, for good reason.
        content = f"{_part({'alg': 'HS256', 'kid': key.kid, 'typ': 'JWT'})}.{_part(said)}"
        mark = hmac.digest(key.as_pem(private=False), content.encode(), "sha256")
        return f"{content}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"
    if account.lie is Lie.FORGED:
        forged = stranger()
        return jwt.encode({"alg": "ES256", "kid": keys.signing("ES256").kid}, said, forged, algorithms=["ES256"])
    token = signed(said, key, client.id_token_alg)
    return encrypted(token, client.opening_key()) if client.id_token_encrypted else token


def userinfo_of(claims: dict[str, Any], account: Account, client: Client, keys: Keys) -> tuple[str, str]:
    """Return what is told about a person, and as which content type: signed, and encrypted to clients that registered a key for it."""
    if account.lie is Lie.SWAPPED:
        claims = {**claims, "sub": "somebody-else"}
    if account.lie is Lie.ANOTHERS:
        claims = {**claims, "aud": "another-client"}
    if account.lie is Lie.UNVERIFIED:
        claims = {name: value for name, value in claims.items() if name != "individual_id"}
    if account.lie is Lie.BARE:
        return json.dumps(claims), "application/json"
    token = signed(claims, keys.signing(client.userinfo_alg), client.userinfo_alg)
    return (encrypted(token, client.opening_key()) if client.encrypted else token), "application/jwt"


def _part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()

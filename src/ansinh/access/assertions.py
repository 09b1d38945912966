"""Client assertions: how a machine proves who it is when it asks for a token (private_key_jwt; RFC 7523 under the rules of FAPI 2.0). No Django here."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

LENGTH_MAX = 4_000
JTI_LENGTH_MAX = 100
LIFETIME_MAX = timedelta(seconds=60)
# How far the caller's clock may be ahead of ours.
AHEAD_MAX = timedelta(seconds=10)


class BadAssertion(Exception):
    """The assertion does not prove who calls."""


@dataclass(frozen=True)
class Assertion:
    """A verified assertion: who calls, and the id under which it must not come again before it expires."""

    client_id: str
    jti: str
    expires_at: datetime


def read_assertion(
    text: str, *, audience: str, now: datetime, keys_of: Callable[[str], list[dict[str, Any]]]
) -> Assertion:
    """Verify an ES256-signed assertion whose issuer and subject are the client and whose audience is exactly ours; raises BadAssertion.

    `keys_of` gives a client's public JWKs; none for a client that is not let in. Whether the id was used before is the caller's to know.
    """
    if len(text) > LENGTH_MAX:
        raise BadAssertion("too long")
    try:
        token = jws.extract_compact(text.encode())
        claims = json.loads(token.payload)
    except (JoseError, ValueError) as error:
        raise BadAssertion("no signed token") from error
    client_id = claims.get("iss") if isinstance(claims, dict) else None
    if not isinstance(client_id, str):
        raise BadAssertion("without an issuer")
    kid = token.headers().get("kid")
    keys = [key for key in keys_of(client_id) if kid is None or key.get("kid") == kid]
    if not any(_holds(token, key) for key in keys):
        raise BadAssertion("signed with none of the client's keys")
    return _checked(claims, client_id, audience, now)


def _holds(token: jws.CompactSignature, key: dict[str, Any]) -> bool:
    try:
        return jws.validate_compact(token, ECKey.import_key(key), ["ES256"])
    except (JoseError, ValueError):
        return False


def _checked(claims: dict[str, Any], client_id: str, audience: str, now: datetime) -> Assertion:
    if claims.get("iss") != client_id or claims.get("sub") != client_id or claims.get("aud") != audience:
        raise BadAssertion("about another client or for another audience")
    jti, exp, iat, nbf = (claims.get(name) for name in ("jti", "exp", "iat", "nbf"))
    if not isinstance(jti, str) or not 0 < len(jti) <= JTI_LENGTH_MAX:
        raise BadAssertion("without a usable id")
    expires_at = _moment(exp)
    if expires_at is None or not now < expires_at <= now + LIFETIME_MAX + AHEAD_MAX:
        raise BadAssertion("expired, or valid for too long")
    for claim in (iat, nbf):
        if claim is not None and ((moment := _moment(claim)) is None or moment > now + AHEAD_MAX):
            raise BadAssertion("not valid yet")
    return Assertion(client_id, jti, expires_at)


def _moment(claim: object) -> datetime | None:
    if isinstance(claim, bool) or not isinstance(claim, int | float) or not 0 < claim < 1 << 40:
        return None
    return datetime.fromtimestamp(claim, UTC)

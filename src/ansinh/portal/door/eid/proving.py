"""What we believe: tokens signed by the e-ID's published keys with an algorithm of the list, made for us, for this request, now."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from ansinh.portal.door.eid.distrust import Distrusted, Why
from ansinh.portal.door.eid.levels import level_of
from ansinh.portal.door.eid.provider import Provider, Reply

# Never `none`, never a symmetric one: its key would be the public key, which everybody has.
ALGORITHMS = ("ES256", "PS256", "RS256")
_KEY_TYPES = {"ES256": "EC", "PS256": "RSA", "RS256": "RSA"}
_OPENED_WITH = ("ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A256KW", "A128GCM", "A256GCM", "A128CBC-HS256", "A256CBC-HS512")
# Whoever encrypts may repeat claims in the header (RFC 7519, 5.3); only those that are signed are read.
_OPENING = jwe.JWERegistry(algorithms=_OPENED_WITH, strict_check_header=False)
TOKEN_LENGTH_MAX = 32 * 1024
# Clocks of two houses differ; a token of tomorrow is none of today's.
AHEAD_SECONDS_MAX, BEHIND_SECONDS_MAX = 10, 60
AGE_SECONDS_MAX = 600
SUBJECT_LENGTH_MAX = 255
_JWS_DOTS, _JWE_DOTS = 2, 4
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
LOGOUT_TYPE = "logout+jwt"


@dataclass(frozen=True)
class Us:
    """Who we are to the e-ID: our id there, and the key that what is encrypted to us opens with."""

    client_id: str
    opening: ECKey


@dataclass(frozen=True)
class Proven:
    """What an ID token proves: what the e-ID calls the person and their session there, and how surely it knows them."""

    subject: str
    session: str
    level: int


@dataclass(frozen=True)
class Ended:
    """What a logout token says has ended; `token_id` and `until` so that it is believed once."""

    subject: str
    session: str
    token_id: str
    until: datetime


def id_token_proven(token: str, provider: Provider, us: Us, *, nonce: str, access_token: str, now: datetime) -> Proven:
    """Return what an ID token proves; raises Distrusted (OpenID Connect Core 1.0, 3.1.3.7)."""
    _algorithm, claims = _signed_by(provider, _opened(token, us), kinds=("", "JWT"))
    _require_for_us(claims, provider, us)
    _require_now(claims, now)
    if not isinstance(claims.get("nonce"), str) or not hmac.compare_digest(claims["nonce"].encode(), nonce.encode()):
        raise Distrusted(Why.NONCE)
    if "at_hash" in claims and claims["at_hash"] != _half_hash(access_token):
        raise Distrusted(Why.CODE)
    session = claims.get("sid", "")
    known = session if isinstance(session, str) and session.isprintable() else ""
    return Proven(_subject(claims), known, level_of(claims.get("acr")))


def userinfo_proven(reply: Reply, provider: Provider, us: Us, subject: str) -> dict[str, Any]:
    """Return what the e-ID tells about the person of an ID token; raises Distrusted unless it signed that, for us, about this very person."""
    if reply.status != 200 or reply.media != "application/jwt":
        raise Distrusted(Why.SHAPE)
    _, claims = _signed_by(provider, _opened(reply.body.decode("ascii", "replace"), us), kinds=("", "JWT"))
    _require_for_us(claims, provider, us)
    # OpenID Connect Core 1.0, 5.3.2: without this, one person's token shows another's record.
    if _subject(claims) != subject:
        raise Distrusted(Why.SUBJECT)
    return claims


def logout_proven(token: str, provider: Provider, us: Us, now: datetime) -> Ended:
    """Return what a logout token says has ended; raises Distrusted (OpenID Connect Back-Channel Logout 1.0, 2.6)."""
    _, claims = _signed_by(provider, _opened(token, us), kinds=(LOGOUT_TYPE, "", "JWT"))
    _require_for_us(claims, provider, us)
    _require_now(claims, now)
    events, token_id = claims.get("events"), claims.get("jti")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict) or "nonce" in claims:
        raise Distrusted(Why.EVENT)
    subject, session = claims.get("sub", ""), claims.get("sid", "")
    named = isinstance(subject, str) and isinstance(session, str) and f"{subject}{session}".isprintable()
    named = named and bool(subject or session)
    if not named or not isinstance(token_id, str) or not token_id:
        raise Distrusted(Why.SUBJECT)
    return Ended(subject, session, token_id, datetime.fromtimestamp(claims["exp"], now.tzinfo))


def _opened(token: str, us: Us) -> str:
    """Return the signed token inside an encrypted one; a token that is not encrypted as it is."""
    if len(token) > TOKEN_LENGTH_MAX:
        raise Distrusted(Why.SHAPE)
    if token.count(".") != _JWE_DOTS:
        return token
    try:
        header = json.loads(urlsafe_b64decode(token.partition(".")[0] + "=="))
        # What was packed may unpack to anything; what must be understood is not understood here.
        if not isinstance(header, dict) or {"zip", "crit"} & header.keys():
            raise Distrusted(Why.SHAPE)
        found = jwe.decrypt_compact(token, us.opening, registry=_OPENING)
        return (found.plaintext or b"").decode("ascii", "replace")
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise Distrusted(Why.SHAPE) from error


def _signed_by(provider: Provider, token: str, kinds: tuple[str, ...]) -> tuple[str, dict[str, Any]]:
    """Return the algorithm and the claims of a token the e-ID signed."""
    if token.count(".") != _JWS_DOTS:
        raise Distrusted(Why.SHAPE)
    try:
        found = jws.extract_compact(token.encode("ascii", "replace"))
        header = found.headers()
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise Distrusted(Why.SHAPE) from error
    algorithm, kind = header.get("alg"), header.get("typ", "")
    if algorithm not in ALGORITHMS or kind not in kinds or "crit" in header:
        raise Distrusted(Why.ALGORITHM)
    key_id = header.get("kid")
    key = provider.key(key_id if isinstance(key_id, str) else None)
    if key is None or key.key_type != _KEY_TYPES[algorithm]:
        raise Distrusted(Why.SIGNATURE)
    try:
        valid = jws.validate_compact(found, key, algorithms=[algorithm])
        claims = json.loads(found.payload)
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise Distrusted(Why.SIGNATURE) from error
    if not valid:
        raise Distrusted(Why.SIGNATURE)
    if not isinstance(claims, dict):
        raise Distrusted(Why.SHAPE)
    return algorithm, claims


def _require_for_us(claims: Mapping[str, Any], provider: Provider, us: Us) -> None:
    if claims.get("iss") != provider.issuer:
        raise Distrusted(Why.ISSUER)
    if claims.get("aud") not in (us.client_id, [us.client_id]) or claims.get("azp", us.client_id) != us.client_id:
        raise Distrusted(Why.AUDIENCE)


def _require_now(claims: Mapping[str, Any], now: datetime) -> None:
    made, until, moment = _whole(claims.get("iat")), _whole(claims.get("exp")), now.timestamp()
    if made > moment + AHEAD_SECONDS_MAX or made < moment - AGE_SECONDS_MAX or until < moment - BEHIND_SECONDS_MAX:
        raise Distrusted(Why.TIME)


def _whole(value: Any) -> int:
    """Return a moment in seconds as tokens tell it."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 1 << 40:
        raise Distrusted(Why.TIME)
    return value


def _subject(claims: Mapping[str, Any]) -> str:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= SUBJECT_LENGTH_MAX or not subject.isprintable():
        raise Distrusted(Why.SUBJECT)
    return subject


def _half_hash(token: str) -> str:
    digest = sha256(token.encode()).digest()
    return urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()

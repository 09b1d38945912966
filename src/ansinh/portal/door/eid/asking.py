"""What we ask: an authorization (pushed where that is offered), tokens for its code, and what the e-ID tells about the person. We prove ourselves by a key."""

from __future__ import annotations

import json
import secrets as chance
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import ECKey

from ansinh.foundation.errors import PartnerTrouble
from ansinh.portal.door.eid.distrust import Declined, Distrusted, Why
from ansinh.portal.door.eid.levels import acr_of
from ansinh.portal.door.eid.provider import NAME, Provider
from ansinh.portal.door.eid.proving import Us, id_token_proven, userinfo_proven

ASSERTION_SECONDS = 60
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
PARAMETER_LENGTH_MAX = 2_000
# What we ask to be told, and nothing more: whose record, a name to greet, a birth date to compare.
_TOLD = {"individual_id": {"essential": True}, "name": None, "birthdate": None}


@dataclass(frozen=True)
class Door:
    """Our side of the contract: who we are, the key we sign with, and the one address people are returned to."""

    us: Us
    signing: ECKey
    returned_to: str


@dataclass(frozen=True)
class Secrets:
    """What one request is known by: `state` and `nonce` come back, `verifier` is told with the code alone (RFC 7636)."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True)
class Wish:
    """How somebody is to be asked: up to which level, in which language, and whether anew even if the e-ID knows who is there."""

    level: int
    language: str
    anew: bool = False


@dataclass(frozen=True)
class Told:
    """What the e-ID told about somebody: the personal number, if it told one, and what proves it."""

    number: str
    subject: str
    session: str
    level: int
    id_token: str = field(repr=False)


def new_secrets() -> Secrets:
    """Return what the next request is known by."""
    return Secrets(*(chance.token_urlsafe(32) for _ in range(3)))


def where_to_ask(provider: Provider, door: Door, secrets: Secrets, wish: Wish, now: datetime) -> str:
    """Return the address at the e-ID to send a person to; raises PartnerTrouble."""
    found = provider.metadata()
    request = {
        "response_type": "code",
        "client_id": door.us.client_id,
        "redirect_uri": door.returned_to,
        "scope": "openid",
        "state": secrets.state,
        "nonce": secrets.nonce,
        "code_challenge": challenge_of(secrets.verifier),
        "code_challenge_method": "S256",
        "acr_values": acr_of(wish.level),
        "claims": json.dumps({"userinfo": _TOLD}, separators=(",", ":")),
        "ui_locales": wish.language,
        # Money and health ask for a proof of now: a session there, however sure, would let in whoever holds the telephone.
        **({"prompt": "login"} if wish.anew or wish.level > 1 else {}),
    }
    if found.pushed:
        reply = provider.post(found.pushed, {**request, **_assertion(provider, door, now)})
        name = reply.fields().get("request_uri") if reply.status == 201 else None
        if not isinstance(name, str) or len(name) > PARAMETER_LENGTH_MAX:
            raise PartnerTrouble(NAME, f"took no pushed request (HTTP status {reply.status})", temporary=False)
        request = {"client_id": door.us.client_id, "request_uri": name}
    return f"{found.authorization}?{urlencode(request)}"


def code_of(provider: Provider, returned: Mapping[str, str]) -> str:
    """Return the code that came back; raises Distrusted when another issuer sent it (RFC 9207), Declined when the e-ID says no."""
    iss = returned.get("iss")
    if iss != provider.issuer if iss is not None else provider.metadata().names_itself:
        raise Distrusted(Why.ISSUER)
    if error := returned.get("error"):
        raise Declined(error)
    code = returned.get("code", "")
    if not 0 < len(code) <= PARAMETER_LENGTH_MAX:
        raise Distrusted(Why.CODE)
    return code


def what_is_told(provider: Provider, door: Door, code: str, secrets: Secrets, level: int, now: datetime) -> Told:
    """Change a code for what it stands for, and return what the e-ID tells about the person.

    Raises Distrusted when anything of it does not hold, a level lower than asked included; PartnerTrouble when the e-ID does not answer.
    """
    tokens = _tokens(provider, door, code, secrets.verifier, now)
    access_token, id_token = tokens["access_token"], tokens["id_token"]
    proven = id_token_proven(id_token, provider, door.us, nonce=secrets.nonce, access_token=access_token, now=now)
    if proven.level < level:
        raise Distrusted(Why.LEVEL)
    reply = provider.told_for(provider.metadata().userinfo, access_token)
    claims = userinfo_proven(reply, provider, door.us, proven.subject)
    number = claims.get("individual_id", "")
    return Told(number if isinstance(number, str) else "", proven.subject, proven.session, proven.level, id_token)


def _tokens(provider: Provider, door: Door, code: str, verifier: str, now: datetime) -> dict[str, str]:
    reply = provider.post(
        provider.metadata().token,
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": door.returned_to,
            "code_verifier": verifier,
            **_assertion(provider, door, now),
        },
    )
    told = reply.fields()
    if reply.status != 200:
        if told.get("error") == "invalid_grant":
            raise Distrusted(Why.CODE)
        raise PartnerTrouble(NAME, f"gave no tokens (HTTP status {reply.status})", temporary=False)
    found = {name: told.get(name) for name in ("access_token", "id_token")}
    kind = told.get("token_type")
    if not isinstance(kind, str) or kind.lower() != "bearer":
        raise Distrusted(Why.SHAPE)
    if not all(isinstance(one, str) and 0 < len(one) <= 32 * 1024 for one in found.values()):
        raise Distrusted(Why.SHAPE)
    return {name: str(one) for name, one in found.items()}


def _assertion(provider: Provider, door: Door, now: datetime) -> dict[str, str]:
    """Prove who we are (RFC 7523): made for the issuer, for a minute, once."""
    moment = int(now.timestamp())
    claims: dict[str, Any] = {
        "iss": door.us.client_id,
        "sub": door.us.client_id,
        "aud": provider.issuer,
        "iat": moment,
        "exp": moment + ASSERTION_SECONDS,
        "jti": uuid.uuid4().hex,
    }
    header = {"alg": "ES256", "kid": door.signing.kid, "typ": "JWT"}
    return {
        "client_id": door.us.client_id,
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": jwt.encode(header, claims, door.signing, algorithms=["ES256"]),
    }


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a verifier."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def where_to_leave(provider: Provider, id_token: str, back: str, client_id: str) -> str:
    """Return the address at the e-ID that ends the session there and sends people back; empty when it offers none, or the token is gone.

    The token goes in the query because the standard has it so (RP-Initiated Logout 1.0); it names nobody but by the e-ID's word for us alone.
    """
    address = provider.metadata().end_session
    if not address or not id_token:
        return ""
    given = {"id_token_hint": id_token, "client_id": client_id, "post_logout_redirect_uri": back}
    return f"{address}?{urlencode(given)}"

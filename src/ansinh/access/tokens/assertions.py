"""Client assertions: how a machine proves who it is when it asks for a token (private_key_jwt; RFC 7523 under the rules of FAPI 2.0).

Reading and proving are two steps, because between them somebody looks up the client's keys. A client that is not known takes the same steps as one
that is: as many signatures are checked, with keys nobody has, and the answer is the same.
"""

from __future__ import annotations

import base64
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

from ansinh.access.keys import KEYS_VALID_MAX, new_key
from ansinh.access.tokens.client_keys import RSA_BITS_MIN, BadKey, ClientKey, algorithm_of, read_key

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# EdDSA is the name of RFC 8037; Ed25519 that of RFC 9864 for the same signature.
ASSERTION_ALGORITHMS = ("ES256", "PS256", "EdDSA", "ES384", "RS384")
# Clients of the FHIR face (SMART App Launch 2.2, section 5.1): theirs may live for five minutes, and may be for the token endpoint's address.
SMART_ALGORITHMS = frozenset({"ES384", "RS384"})
SMART_LIFETIME_MAX = timedelta(minutes=5)
TOKEN_PATH = "/oauth2/token"  # noqa: S105  # an address
LENGTH_MAX = 4_000
NAME_LENGTH_MAX = 100
LIFETIME_MAX = timedelta(seconds=60)
# How far the caller's clock may be ahead of ours.
AHEAD_MAX = timedelta(seconds=10)


class BadAssertion(Exception):
    """The assertion does not prove who calls."""


class _Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """No key, no address of a key and nothing critical may stand in it; the thumbprints of a certificate are let be."""

    alg: str
    kid: str | None = None
    typ: str | None = None
    x5t: str | None = None
    x5t_s256: str | None = msgspec.field(default=None, name="x5t#S256")


class _Claims(msgspec.Struct, frozen=True):
    iss: str
    sub: str
    aud: str
    jti: str
    exp: int | float
    iat: int | float | None = None
    nbf: int | float | None = None


_header = msgspec.json.Decoder(_Header)
_claims = msgspec.json.Decoder(_Claims)


@dataclass(frozen=True)
class Unproved:
    """An assertion as read: it names a client and proves nothing yet."""

    client_id: str
    header: _Header
    claims: _Claims
    token: jws.CompactSignature


@dataclass(frozen=True)
class Assertion:
    """A verified assertion: who calls, the id under which it must not come again before it expires, and the key it was signed with."""

    client_id: str
    jti: str
    expires_at: datetime
    kid: str


def read_assertion(text: str) -> Unproved:
    """Read what an assertion says; raises BadAssertion when it is none, or not of a kind that is let in."""
    if len(text) > LENGTH_MAX:
        raise BadAssertion("too long")
    try:
        token = jws.extract_compact(text.encode("ascii"))
        header = _header.decode(msgspec.json.encode(token.headers()))
        claims = _claims.decode(token.payload or b"")
    except (JoseError, ValueError, msgspec.MsgspecError) as error:
        raise BadAssertion("no signed assertion") from error
    if _plain(header.alg) not in ASSERTION_ALGORITHMS:
        raise BadAssertion("signed by an algorithm that is not let in")
    if header.typ is not None and header.typ.lower() not in {"jwt", "client-authentication+jwt"}:
        raise BadAssertion("of another type")
    if not 0 < len(claims.iss) <= NAME_LENGTH_MAX or not claims.iss.isprintable() or claims.iss != claims.sub:
        raise BadAssertion("about another client, or about none")
    return Unproved(claims.iss, header, claims, token)


def prove(said: Unproved, keys: list[dict[str, Any]], *, audience: str, now: datetime) -> Assertion:
    """Return what the assertion proves with the client's public JWKs (none: the client is not let in); raises BadAssertion.

    The audience is exactly ours, one text; or, of an assertion signed as SMART wants it, our token endpoint. Whether the id was used before is the
    caller's to know.
    """
    kid = _signer(said, keys)
    if kid is None:
        raise BadAssertion("signed with none of the client's keys")
    smart = _plain(said.header.alg) in SMART_ALGORITHMS
    if said.claims.aud != audience and not (smart and said.claims.aud == audience + TOKEN_PATH):
        raise BadAssertion("for another audience")
    if not 0 < len(said.claims.jti) <= NAME_LENGTH_MAX or not said.claims.jti.isprintable():
        raise BadAssertion("without a usable id")
    expires_at = _moment(said.claims.exp)
    if not now < expires_at <= now + (SMART_LIFETIME_MAX if smart else LIFETIME_MAX) + AHEAD_MAX:
        raise BadAssertion("expired, or valid for too long")
    for claim in (said.claims.iat, said.claims.nbf):
        if claim is not None and _moment(claim) > now + AHEAD_MAX:
            raise BadAssertion("not valid yet")
    return Assertion(said.client_id, said.claims.jti, expires_at, kid)


def _signer(said: Unproved, keys: list[dict[str, Any]]) -> str | None:
    """Return the id of the key that signed, after the same number of checks whoever the client is."""
    algorithm = _plain(said.header.alg)
    wanted = 1 if said.header.kid is not None else KEYS_VALID_MAX
    candidates = [
        (str(key.get("kid")), key)
        for key in keys
        if algorithm_of(key) == algorithm and said.header.kid in {None, key.get("kid")}
    ][:wanted]
    signer = None
    for kid, key in candidates:
        if _holds(said, _read(key)):
            signer = kid
    for _ in range(wanted - len(candidates)):
        _holds(said, _read(_NOBODYS[algorithm]))
    return signer


def _read(key: dict[str, Any]) -> ClientKey | None:
    try:
        return read_key(key)
    except BadKey:
        return None


def _holds(said: Unproved, key: ClientKey | None) -> bool:
    try:
        return key is not None and jws.validate_compact(said.token, key, [said.header.alg])
    except (JoseError, ValueError):
        return False


def _plain(algorithm: str) -> str:
    return "EdDSA" if algorithm == "Ed25519" else algorithm


def _nobodys_rsa() -> dict[str, Any]:
    """A number of the right size: checking a signature with it takes as long as with a real key, and nobody has its other half."""
    size = RSA_BITS_MIN // 8
    number = random.SystemRandom().getrandbits(8 * size) | 1 << 8 * size - 1 | 1
    modulus = base64.urlsafe_b64encode(number.to_bytes(size, "big")).rstrip(b"=").decode()
    return {"kty": "RSA", "n": modulus, "e": "AQAB"}


# Read afresh for each check, as a client's keys are.
_NOBODYS: dict[str, dict[str, Any]] = {
    "ES256": dict(new_key().as_dict(private=False)),
    "PS256": _nobodys_rsa(),
    "EdDSA": dict(OKPKey.generate_key("Ed25519").as_dict(private=False)),
    "ES384": dict(ECKey.generate_key("P-384").as_dict(private=False)),
}
_NOBODYS["RS384"] = {**_NOBODYS["PS256"], "alg": "RS384"}


def _moment(claim: float) -> datetime:
    """Raises BadAssertion for a moment beyond all calendars."""
    if not 0 < claim < 1 << 37:
        raise BadAssertion("a moment beyond all calendars")
    return datetime.fromtimestamp(claim, UTC)

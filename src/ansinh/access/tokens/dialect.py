"""Tokens of the compatible door, with which hospitals' older software asks: signed (ES256), verified without a database. No Django here.

Such software sends four things with each call: token, second token (`id_token`), user name and the MD5 of its password. The token names the account and
holds digests of the other two, so that all four are proven without the slow hash of the password. The password's digest is keyed with our private key:
whoever sees a token can guess nothing from it. Another type and audience than access tokens: neither opens the other's door.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets as randomness
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from ansinh.access.keys import SigningKeys, signing_keys
from ansinh.access.tokens.claims import ALGORITHM, LIFETIME_MAX, Grant, issuer
from ansinh.access.tokens.verifying import AHEAD_SECONDS_MAX, REREAD_SECONDS_MIN, BadToken

KEYS_NAME = "dialect-tokens"
AUDIENCE = "ansinh-dialect"
TYPE = "dialect+jwt"
SCOPE = "dialect:lookup"
LIFETIME = timedelta(minutes=10)
LENGTH_MAX = 1_024
# How old the keys may be that new tokens are signed with.
REREAD_SECONDS = 30.0
_DIGEST_BYTES = 18


@dataclass(frozen=True, slots=True)
class DialectGrant:
    """What the four credentials prove together: the grant, the account's user name, whether it only rehearses, and when the token was issued."""

    grant: Grant
    username: str
    sandbox: bool
    issued_at_seconds: int


@dataclass(frozen=True, slots=True)
class Account:
    """An account that has proven its password."""

    username: str
    client_no: int
    facility: str
    sandbox: bool = False


@dataclass(frozen=True, slots=True)
class IssuedPair:
    """The two tokens of a sign-in, and until when they are good."""

    access_token: str
    id_token: str
    expires_at_seconds: int


class _Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    alg: str
    kid: str
    typ: str


class _Claims(msgspec.Struct, frozen=True):
    iss: str
    aud: str
    sub: str
    no: int
    fac: str
    iat: int
    exp: int
    idd: str
    pwd: str
    sbx: bool = False


_header = msgspec.json.Decoder(_Header)
_claims = msgspec.json.Decoder(_Claims)


def dialect_keys(secrets: Path) -> SigningKeys:
    """Return the keys these tokens are signed with, made on first use."""
    return signing_keys(secrets, KEYS_NAME)


def issue_pair(
    keys: SigningKeys, account: Account, *, password_md5: str, now: datetime, lifetime: timedelta = LIFETIME
) -> IssuedPair:
    """Sign the tokens of an account; `password_md5` is hexadecimal, of either case. Raises ValueError when they would live longer than LIFETIME_MAX."""
    if not timedelta(0) < lifetime <= LIFETIME_MAX:
        raise ValueError(f"a token lives at most {LIFETIME_MAX}")
    id_token = randomness.token_urlsafe(24)
    issued = int(now.timestamp())
    claims = _Claims(
        iss=issuer(),
        aud=AUDIENCE,
        sub=account.username,
        no=account.client_no,
        fac=account.facility,
        iat=issued,
        exp=issued + int(lifetime.total_seconds()),
        idd=_text(hashlib.sha256(id_token.encode()).digest()),
        pwd=_password_digest(keys.signing, id_token, password_md5),
        sbx=account.sandbox,
    )
    header = {"alg": ALGORITHM, "kid": keys.signing.kid, "typ": TYPE}
    signed = jws.serialize_compact(header, msgspec.json.encode(claims), keys.signing, [ALGORITHM])
    return IssuedPair(signed, id_token, claims.exp)


class DialectVerifier:
    """Verifies the four credentials with the keys in a folder of secrets, and takes up new keys when they appear."""

    def __init__(self, secrets: Path, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._secrets = secrets
        self._monotonic = monotonic
        self._read_at = monotonic()
        self._issuer = issuer()
        self._keys = dialect_keys(secrets)

    def keys(self) -> SigningKeys:
        """Return the keys to sign with, at most some seconds old: whoever rotates them need not tell the gateways."""
        if self._monotonic() - self._read_at >= REREAD_SECONDS:
            self._reread()
        return self._keys

    def verify(self, token: str, id_token: str, username: str, password_md5: str, now_seconds: float) -> DialectGrant:
        """Return what the credentials prove at `now_seconds` (since 1970); raises BadToken when any of them is wrong."""
        if len(token) > LENGTH_MAX or len(id_token) > LENGTH_MAX:
            raise BadToken("too long")
        try:
            found = jws.extract_compact(token.encode("ascii"))
            header = _header.decode(msgspec.json.encode(found.headers()))
            key = self._key(header.kid)
            if (
                header.alg != ALGORITHM
                or header.typ != TYPE
                or key is None
                or not jws.validate_compact(found, key, [ALGORITHM])
            ):
                raise BadToken("signed with none of our keys")
            claims = _claims.decode(found.payload or b"")
        except (JoseError, ValueError, msgspec.MsgspecError) as error:
            raise BadToken("no token of ours") from error
        id_digest = _text(hashlib.sha256(id_token.encode()).digest())
        right = hmac.compare_digest(id_digest, claims.idd)
        right &= hmac.compare_digest(_password_digest(key, id_token, password_md5), claims.pwd)
        right &= hmac.compare_digest(username.upper().encode(), claims.sub.encode())
        if not right:
            raise BadToken("another account's, or a wrong password")
        return self._checked(claims, now_seconds)

    def _key(self, kid: str) -> ECKey | None:
        known = {str(key.kid): key for key in self._keys.valid}
        if kid not in known and self._monotonic() - self._read_at >= REREAD_SECONDS_MIN:
            self._reread()
            known = {str(key.kid): key for key in self._keys.valid}
        return known.get(kid)

    def _reread(self) -> None:
        self._read_at = self._monotonic()
        self._keys = dialect_keys(self._secrets)

    def _checked(self, claims: _Claims, now_seconds: float) -> DialectGrant:
        if claims.iss != self._issuer or claims.aud != AUDIENCE:
            raise BadToken("from another issuer or for another audience")
        if claims.iat > now_seconds + AHEAD_SECONDS_MAX or claims.exp - claims.iat > LIFETIME_MAX.total_seconds():
            raise BadToken("not valid yet, or for too long")
        if claims.exp <= now_seconds:
            raise BadToken("expired", expired=True)
        grant = Grant(claims.sub, claims.no, claims.fac, frozenset([SCOPE]), claims.exp)
        return DialectGrant(grant, claims.sub, claims.sbx, claims.iat)


def _password_digest(key: ECKey, id_token: str, password_md5: str) -> str:
    """Keyed with the private half of the key that signs, salted with the second token."""
    private = key.as_dict(private=True)["d"]
    secret = hmac.digest(str(private).encode(), b"ansinh dialect password", "sha256")
    return _text(hmac.digest(secret, f"{id_token} {password_md5.upper()}".encode(), "sha256"))


def _text(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest[:_DIGEST_BYTES]).decode()

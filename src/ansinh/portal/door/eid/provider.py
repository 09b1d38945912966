"""The e-ID as it describes itself: discovery and keys, fetched from the one address the settings name, and kept.

What it publishes is hostile input like any other: bounded, checked, and never followed to another host.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from ansinh.foundation.errors import PartnerTrouble

NAME = "the national e-ID"
ANSWER_BYTES_MAX = 256 * 1024
KEYS_MAX = 50
TIMEOUT = httpx.Timeout(8.0, connect=3.0)
# How long what the e-ID says of itself is believed without asking again.
KEPT_SECONDS = 3_600
# A key nobody knows is asked for at once, but not at every guesser's wish.
REFETCH_SECONDS_MIN = 20
_TEMPORARY = frozenset({408, 429, 500, 502, 503, 504})

Key = ECKey | RSAKey


@dataclass(frozen=True)
class Reply:
    """An answer: its status, its media type and its bytes."""

    status: int
    media: str
    body: bytes

    def fields(self) -> dict[str, Any]:
        """Return the JSON object it holds; raises PartnerTrouble when it holds none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise PartnerTrouble(NAME, "answered without a JSON object", temporary=False)
        return found


@dataclass(frozen=True)
class Metadata:
    """Where the e-ID is asked what (OpenID Connect Discovery 1.0, RFC 8414). An empty address: it does not offer that."""

    issuer: str
    authorization: str
    token: str
    userinfo: str
    jwks: str
    pushed: str
    end_session: str
    names_itself: bool
    """Whether each response to an authorization names its issuer (RFC 9207)."""


_ADDRESSES = {
    "authorization": ("authorization_endpoint", True),
    "token": ("token_endpoint", True),
    "userinfo": ("userinfo_endpoint", True),
    "jwks": ("jwks_uri", True),
    "pushed": ("pushed_authorization_request_endpoint", False),
    "end_session": ("end_session_endpoint", False),
}


class Provider:
    """The e-ID at one address. Safe to use from several threads."""

    def __init__(self, issuer: str, line: httpx.Client | None = None, now: Callable[[], float] = time.monotonic):
        self.issuer = issuer
        self._line = line or httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False)
        self._now = now
        self._lock = threading.Lock()
        self._metadata: tuple[float, Metadata] | None = None
        self._keys: tuple[float, dict[str, Key]] | None = None

    def metadata(self) -> Metadata:
        """Return how the e-ID describes itself; raises PartnerTrouble when it does not answer or is another than we know."""
        with self._lock:
            if self._metadata is None or self._now() - self._metadata[0] > KEPT_SECONDS:
                told = self._got(f"{self.issuer}/.well-known/openid-configuration").fields()
                self._metadata = (self._now(), self._understood(told))
            return self._metadata[1]

    def key(self, key_id: str | None) -> Key | None:
        """Return the key of this id, or the only one when a token names none; an unknown id has the keys fetched again, at most every so often."""
        address = self.metadata().jwks
        with self._lock:
            if self._keys is None or self._now() - self._keys[0] > KEPT_SECONDS:
                self._keys = (self._now(), self._fetched(address))
            known = self._keys[1]
            if key_id is None:
                return next(iter(known.values())) if len(known) == 1 else None
            if key_id not in known and self._now() - self._keys[0] >= REFETCH_SECONDS_MIN:
                self._keys = (self._now(), self._fetched(address))
            return self._keys[1].get(key_id)

    def post(self, address: str, fields: Mapping[str, str]) -> Reply:
        """Send a form."""
        return self._asked("POST", address, data=dict(fields))

    def told_for(self, address: str, access_token: str) -> Reply:
        """Ask for what a token is good for."""
        return self._asked("GET", address, headers={"Authorization": f"Bearer {access_token}"})

    def _got(self, address: str) -> Reply:
        reply = self._asked("GET", address)
        if reply.status != httpx.codes.OK:
            raise PartnerTrouble(NAME, f"HTTP status {reply.status}", temporary=True)
        return reply

    def _asked(self, method: str, address: str, **given: Any) -> Reply:
        try:
            with self._line.stream(method, address, **given) as answer:
                pieces, length = [], 0
                for piece in answer.iter_bytes():
                    length += len(piece)
                    if length > ANSWER_BYTES_MAX:
                        raise PartnerTrouble(NAME, "answered more than is ever needed", temporary=False)
                    pieces.append(piece)
                if answer.status_code in _TEMPORARY:
                    raise PartnerTrouble(NAME, f"HTTP status {answer.status_code}", temporary=True)
                media = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
                return Reply(answer.status_code, media, b"".join(pieces))
        except httpx.HTTPError as error:
            raise PartnerTrouble(NAME, f"no answer ({type(error).__name__})", temporary=True) from error

    def _understood(self, told: Mapping[str, Any]) -> Metadata:
        if told.get("issuer") != self.issuer:
            raise PartnerTrouble(NAME, "describes another issuer than the settings name", temporary=False)
        found = {}
        for name, (field, needed) in _ADDRESSES.items():
            address = told.get(field)
            if address is None and not needed:
                found[name] = ""
            elif isinstance(address, str) and _same_origin(address, self.issuer):
                found[name] = address
            else:
                raise PartnerTrouble(NAME, f"its {field} is missing or on another host", temporary=False)
        return Metadata(
            issuer=self.issuer,
            names_itself=told.get("authorization_response_iss_parameter_supported") is True,
            **found,
        )

    def _fetched(self, address: str) -> dict[str, Key]:
        entries = self._got(address).fields().get("keys")
        if not isinstance(entries, list):
            raise PartnerTrouble(NAME, "publishes no keys", temporary=False)
        found: dict[str, Key] = {}
        for entry in entries[:KEYS_MAX]:
            key = _imported(entry)
            if key is not None:
                found[str(key.kid)] = key
        return found


def _imported(entry: Any) -> Key | None:
    """Return a public key made for signatures; None for whatever else stands in a set, symmetric and private keys above all."""
    if not isinstance(entry, dict) or entry.get("use", "sig") != "sig" or "d" in entry:
        return None
    try:
        if entry.get("kty") == "EC":
            return ECKey.import_key(entry)
        return RSAKey.import_key(entry) if entry.get("kty") == "RSA" else None
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def _same_origin(address: str, issuer: str) -> bool:
    given, known = urlsplit(address), urlsplit(issuer)
    return (given.scheme, given.netloc) == (known.scheme, known.netloc)

"""Credentials of which the holder shows only what they choose: SD-JWT (RFC 9901) as SD-JWT VC, format `dc+sd-jwt`, signed ES256. No Django here.

Every disclosable claim stands at the top level under a salted digest; nothing is nested. A credential with a holder's key (`cnf`) is shown with a proof of
that key by whoever asks for one; one on a QR code has none, lives for days, and is worth what its status list says.
"""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

TYPE = "dc+sd-jwt"
ALGORITHM = "ES256"
TEXT_LENGTH_MAX = 20_000
DISCLOSURES_MAX = 50
SALT_BYTES = 16
CLOCKS_APART_SECONDS_MAX = 60
_RESERVED = frozenset({"_sd", "...", "_sd_alg", "iss", "iat", "nbf", "exp", "cnf", "vct", "status"})

Draw = Callable[[int], bytes]


class NotProven(Exception):
    """A credential that proves nothing; `code` says why, in one word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Proven:
    """What a credential proves: what is always shown, what was disclosed, and where its status is listed."""

    always: Mapping[str, Any]
    disclosed: Mapping[str, Any]
    list_uri: str
    place: int

    @property
    def kind(self) -> str:
        """Return the type (`vct`)."""
        return str(self.always["vct"])


def issued(always: Mapping[str, Any], disclosable: Mapping[str, Any], key: ECKey, draw: Draw) -> str:
    """Return a signed credential with every disclosure; `draw` gives random bytes for salts."""
    if _RESERVED & disclosable.keys():
        raise ValueError("a claim that is always shown cannot be disclosed")
    disclosures = [
        _encoded(json.dumps([_encoded(draw(SALT_BYTES)), name, value], ensure_ascii=False).encode())
        for name, value in disclosable.items()
    ]
    # Sorted, so that their order tells nothing.
    payload = {**always, "_sd_alg": "sha-256", "_sd": sorted(_digest(one) for one in disclosures)}
    head = {"alg": ALGORITHM, "typ": TYPE, "kid": key.kid}
    signed = jws.serialize_compact(head, json.dumps(payload, ensure_ascii=False).encode(), key, [ALGORITHM])
    return "~".join([signed, *disclosures, ""])


def shown(text: str, names: frozenset[str]) -> str:
    """Return a credential with the disclosures of these names alone."""
    signed, *rest = text.split("~")
    return "~".join([signed, *(one for one in rest if one and _opened(one)[0] in names), ""])


def proven(text: str, keys: Mapping[str, ECKey], now: datetime) -> Proven:
    """Return what a credential proves at a moment by its issuer's keys; raises NotProven: not_a_credential, unknown_key, bad_signature, expired, not_yet."""
    if len(text) > TEXT_LENGTH_MAX or not text.isascii() or "~" not in text:
        raise NotProven("not_a_credential")
    signed, *disclosures, tail = text.split("~")
    # What stands behind the last mark is the holder's own proof, which only the one it was made for can judge.
    if (tail and tail.count(".") != 2) or len(disclosures) > DISCLOSURES_MAX:
        raise NotProven("not_a_credential")
    payload = _payload(signed, keys)
    _require_time(payload, now)
    listed = payload.get("_sd", [])
    if (
        payload.get("_sd_alg", "sha-256") != "sha-256"
        or not isinstance(listed, list)
        or len(set(map(str, listed))) != len(listed)
    ):
        raise NotProven("not_a_credential")
    told: dict[str, Any] = {}
    for one in disclosures:
        name, value = _opened(one)
        if _digest(one) not in listed or name in told or name in payload or name in _RESERVED:
            raise NotProven("not_a_credential")
        told[name] = value
    always = {name: value for name, value in payload.items() if name not in {"_sd", "_sd_alg"}}
    uri, place = _status(payload)
    return Proven(always, told, uri, place)


def _payload(signed: str, keys: Mapping[str, ECKey]) -> dict[str, Any]:
    try:
        found = jws.extract_compact(signed.encode())
        protected = found.headers()
        if protected.get("typ") != TYPE or protected.get("alg") != ALGORITHM:
            raise NotProven("not_a_credential")
        key = keys.get(str(protected.get("kid")))
        if key is None:
            raise NotProven("unknown_key")
        if not jws.validate_compact(found, key, [ALGORITHM]):
            raise NotProven("bad_signature")
        payload = json.loads(found.payload or b"")
    except (JoseError, ValueError, RecursionError) as error:
        raise NotProven("not_a_credential") from error
    if not isinstance(payload, dict) or not isinstance(payload.get("vct"), str):
        raise NotProven("not_a_credential")
    return payload


def _require_time(payload: Mapping[str, Any], now: datetime) -> None:
    begins, ends = payload.get("nbf", payload.get("iat")), payload.get("exp")
    if not isinstance(begins, int) or not isinstance(ends, int):
        raise NotProven("not_a_credential")
    if now.timestamp() >= ends:
        raise NotProven("expired")
    if now.timestamp() < begins - CLOCKS_APART_SECONDS_MAX:
        raise NotProven("not_yet")


def _status(payload: Mapping[str, Any]) -> tuple[str, int]:
    status = payload.get("status")
    listed = status.get("status_list") if isinstance(status, dict) else None
    if not isinstance(listed, dict):
        raise NotProven("not_a_credential")
    uri, place = listed.get("uri"), listed.get("idx")
    if not isinstance(uri, str) or not isinstance(place, int) or isinstance(place, bool) or place < 0:
        raise NotProven("not_a_credential")
    return uri, place


def _opened(disclosure: str) -> tuple[str, Any]:
    try:
        whole = json.loads(urlsafe_b64decode(disclosure + "=" * (-len(disclosure) % 4)))
    except (ValueError, RecursionError) as error:
        raise NotProven("not_a_credential") from error
    if not isinstance(whole, list) or len(whole) != 3 or not isinstance(whole[0], str) or not isinstance(whole[1], str):
        raise NotProven("not_a_credential")
    return whole[1], whole[2]


def _digest(disclosure: str) -> str:
    return _encoded(hashlib.sha256(disclosure.encode("ascii")).digest())


def _encoded(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode("ascii")

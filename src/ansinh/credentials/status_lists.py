"""Token Status List (draft-ietf-oauth-status-list): one bit a credential, packed least significant first, compressed, signed. No Django here.

A list holds many credentials at random places, so that fetching it tells nobody whose is looked at, and neighbours tell nothing of one another.
"""

from __future__ import annotations

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

TYPE = "statuslist+jwt"
CONTENT_TYPE = "application/statuslist+jwt"
SIZE = 1 << 17
LIFETIME = timedelta(days=1)
FRESH = timedelta(minutes=15)
_BYTES_MAX = 1 << 21


class NotAList(Exception):
    """A text that is no status list of its issuer."""


@dataclass(frozen=True)
class StatusList:
    """A list as it was signed: which credentials are withdrawn, since when this is known, and until when it may be relied on."""

    uri: str
    bits: bytes
    signed_at: datetime
    until: datetime

    def withdrawn(self, place: int) -> bool:
        """Tell whether the credential at a place is withdrawn; a place beyond the list is no credential of the issuer's."""
        if place >= 8 * len(self.bits):
            return True
        return bool(self.bits[place // 8] >> (place % 8) & 1)


def signed_list(uri: str, withdrawn: Iterable[int], key: ECKey, now: datetime, *, size: int = SIZE) -> str:
    """Return the list of a uri as a signed token."""
    bits = bytearray(size // 8)
    for place in withdrawn:
        bits[place // 8] |= 1 << (place % 8)
    packed = urlsafe_b64encode(zlib.compress(bytes(bits), 9)).rstrip(b"=").decode("ascii")
    payload = {
        "sub": uri,
        "iat": int(now.timestamp()),
        "exp": int((now + LIFETIME).timestamp()),
        "ttl": int(FRESH.total_seconds()),
        "status_list": {"bits": 1, "lst": packed},
    }
    head = {"alg": "ES256", "typ": TYPE, "kid": key.kid}
    return jws.serialize_compact(head, json.dumps(payload).encode(), key, ["ES256"])


def read_list(text: str, uri: str, keys: Mapping[str, ECKey]) -> StatusList:
    """Return the list a token holds, its signature proven; raises NotAList."""
    try:
        found = jws.extract_compact(text.strip().encode())
        protected = found.headers()
        key = keys.get(str(protected.get("kid")))
        if key is None or protected.get("typ") != TYPE or not jws.validate_compact(found, key, ["ES256"]):
            raise NotAList("not signed by the issuer as a status list")
        payload: dict[str, Any] = json.loads(found.payload or b"")
        if payload["sub"] != uri or payload["status_list"]["bits"] != 1:
            raise NotAList("the list of another address, or of another form")
        packed = payload["status_list"]["lst"]
        engine = zlib.decompressobj()
        bits = engine.decompress(urlsafe_b64decode(packed + "=" * (-len(packed) % 4)), _BYTES_MAX)
        if engine.unconsumed_tail or not engine.eof:
            raise NotAList("longer than any list of ours, or cut")
        moments = [datetime.fromtimestamp(int(payload[name]), UTC) for name in ("iat", "exp")]
    except (JoseError, KeyError, TypeError, ValueError, zlib.error, OverflowError) as error:
        raise NotAList("cannot be read") from error
    return StatusList(uri, bits, *moments)

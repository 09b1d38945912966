"""How a hospital's software gets its token: it signs that it is itself and asks the agency's token endpoint (private_key_jwt, RFC 7523).

Written from `contracts/gateway/openapi.yaml` alone, as a hospital's programmer would.
"""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import dataclass
from typing import Any

import httpx
from joserfc import jws
from joserfc.jwk import ECKey

ANSWER_SECONDS_MAX = 10.0
ASSERTION_SECONDS = 50


class TokenRefused(Exception):
    """The agency gave no token; the sentence is its own."""


@dataclass(frozen=True)
class Software:
    """A hospital's software: the client it was registered as, and its private key (JWK)."""

    client_id: str
    private_key: dict[str, Any]

    def assertion(self, issuer: str) -> str:
        """Sign that this is the client, for the issuer alone, for less than a minute, once."""
        key = ECKey.import_key(self.private_key)
        now = int(time.time())
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": issuer,
            "iat": now,
            "exp": now + ASSERTION_SECONDS,
            "jti": uuid.uuid4().hex,
        }
        return jws.serialize_compact(
            {"alg": "ES256", "kid": key.thumbprint(), "typ": "JWT"}, json.dumps(claims).encode(), key, ["ES256"]
        )

    def token(self, gateway_url: str, scope: str = "") -> str:
        """Return a token for some minutes; raises TokenRefused, or httpx.TransportError when nobody listens."""
        with httpx.Client(base_url=gateway_url, timeout=ANSWER_SECONDS_MAX, trust_env=False) as line:
            issuer = line.get("/.well-known/oauth-authorization-server").json()["issuer"]
            form = {
                "grant_type": "client_credentials",
                "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion": self.assertion(issuer),
                "scope": scope,
            }
            answer = line.post("/oauth2/token", data=form)
        if answer.status_code != 200:
            raise TokenRefused(str(answer.json().get("error_description", answer.status_code)))
        return str(answer.json()["access_token"])

"""What a client's software may find out by itself: the agreement, the token endpoint and the keys tokens are signed with. Nothing here needs a token."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import msgspec
import yaml

from ansinh.access.tokens import ASSERTION_ALGORITHMS, SANDBOX, SCOPES, TokenIssuer, issuer, published_token_keys
from ansinh.gateway.native.token_endpoint import PATH as TOKEN_PATH
from ansinh.gateway.routes import GET, JSON, Answered, Headers, Route
from ansinh.gateway.worker import Worker

AGREEMENT = Path(__file__).with_name("openapi.yaml")
AGREEMENT_PATH = "/v1/openapi.json"
METADATA_PATH = "/.well-known/oauth-authorization-server"
KEYS_PATH = "/.well-known/jwks.json"
# Nobody can make the worker read files by asking often.
REREAD_SECONDS = 1.0
_KEPT = (("content-type", JSON), ("cache-control", "public, max-age=300"))
# A new key signs at once; whoever keeps keys asks again for one it does not know.
_KEPT_SHORTLY = (("content-type", JSON), ("cache-control", "public, max-age=60"))


def routes(worker: Worker) -> dict[str, Route]:
    """Return the addresses anybody may read."""
    discovery = _Discovery(worker)
    return {
        AGREEMENT_PATH: Route(discovery.agreement, GET, body_bytes_max=0),
        METADATA_PATH: Route(discovery.metadata, GET, body_bytes_max=0),
        KEYS_PATH: Route(discovery.keys, GET, body_bytes_max=0),
    }


class _Discovery:
    def __init__(self, worker: Worker) -> None:
        self._secrets = worker.configuration.secrets
        self._issuer = TokenIssuer(self._secrets)
        self._agreement: bytes | None = None
        self._keys = b""
        self._keys_at = -REREAD_SECONDS
        self._metadata = msgspec.json.encode(_metadata(issuer()))

    async def agreement(self, method: str, headers: Headers, query: str, body: bytes, address: str) -> Answered:
        """Return the OpenAPI document, for the address this gateway is known by."""
        if self._agreement is None:
            agreed: dict[str, Any] = yaml.load(AGREEMENT.read_bytes(), Loader=yaml.CSafeLoader)
            agreed["servers"] = [{"url": issuer()}]
            self._agreement = msgspec.json.encode(agreed)
        return 200, _KEPT, self._agreement

    async def metadata(self, method: str, headers: Headers, query: str, body: bytes, address: str) -> Answered:
        """Return where and how tokens are given (RFC 8414)."""
        return 200, _KEPT, self._metadata

    async def keys(self, method: str, headers: Headers, query: str, body: bytes, address: str) -> Answered:
        """Return the public keys tokens are verified with, the newest first (RFC 7517)."""
        now = time.monotonic()
        if now - self._keys_at >= REREAD_SECONDS:
            _ = self._issuer.keys  # made before the first token is
            self._keys = msgspec.json.encode({"keys": published_token_keys(self._secrets)})
            self._keys_at = now
        return 200, _KEPT_SHORTLY, self._keys


def _metadata(here: str) -> dict[str, object]:
    return {
        "issuer": here,
        "token_endpoint": f"{here}{TOKEN_PATH}",
        "jwks_uri": f"{here}{KEYS_PATH}",
        "service_documentation": f"{here}{AGREEMENT_PATH}",
        "scopes_supported": [*SCOPES, SANDBOX],
        "response_types_supported": [],
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": list(ASSERTION_ALGORITHMS),
    }

"""The flows, on Authlib's server: authorization requests (pushed or not), consent, codes for tokens. Everything it has to remember is in memory."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets as chance
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# The library asks for https; this provider lives on loopback.
os.environ.setdefault("AUTHLIB_INSECURE_TRANSPORT", "1")

from authlib.oauth2.rfc6749 import (  # type: ignore[import-untyped]  # carries no types, here and below
    AuthorizationServer,
    InvalidRequestError,
    OAuth2Error,
    OAuth2Payload,
    OAuth2Request,
)
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant  # type: ignore[import-untyped]
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion  # type: ignore[import-untyped]
from authlib.oauth2.rfc7636 import CodeChallenge  # type: ignore[import-untyped]
from authlib.oidc.core.grants import OpenIDCode  # type: ignore[import-untyped]

from ansinh_sandbox.eid.accounts import LEVEL_ONE, Account, Accounts
from ansinh_sandbox.eid.clients import METHOD, Client, Code
from ansinh_sandbox.eid.keys import Keys
from ansinh_sandbox.eid.lies import id_token_of

CODE_SECONDS, PUSHED_SECONDS, TOKEN_SECONDS = 60, 60, 300
REMEMBERED_MAX = 50_000

Answer = tuple[int, Any, list[tuple[str, str]]]

__all__ = ["Answer", "Call", "Flows", "OAuth2Error"]


class _Fields(OAuth2Payload):  # type: ignore[misc]  # the library is untyped
    def __init__(self, fields: Mapping[str, list[str]]) -> None:
        self._fields = {name: values for name, values in fields.items() if values}

    @property
    def data(self) -> dict[str, str]:
        return {name: values[0] for name, values in self._fields.items()}

    @property
    def datalist(self) -> dict[str, list[str]]:
        return self._fields


class Call(OAuth2Request):  # type: ignore[misc]
    """A request as the library reads it."""

    def __init__(
        self, method: str, uri: str, fields: Mapping[str, list[str]], headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(method, uri, headers=dict(headers or {}))
        self.payload = _Fields(fields)

    @property
    def form(self) -> dict[str, str]:
        """Return the fields of the body."""
        return self.payload.data


@dataclass
class Memory:
    """What the provider remembers between calls."""

    codes: dict[str, Code] = field(default_factory=dict)
    pushed: dict[str, tuple[float, dict[str, list[str]]]] = field(default_factory=dict)
    tokens: dict[str, tuple[float, Code]] = field(default_factory=dict)
    assertions: dict[str, float] = field(default_factory=dict)


class _Assertion(JWTBearerClientAssertion):  # type: ignore[misc]
    CLIENT_AUTH_METHOD = METHOD

    def __init__(self, issuer: str, memory: Memory) -> None:
        super().__init__()
        self._issuer, self._memory = issuer, memory

    def get_audiences(self) -> list[str]:
        return [self._issuer]

    def validate_jti(self, claims: Mapping[str, Any], jti: str) -> bool:
        return _remember(self._memory.assertions, f"{claims['sub']} {jti}")

    def resolve_client_public_key(self, client: Client) -> Any:
        return client.signing_keys()


class _Challenge(CodeChallenge):  # type: ignore[misc]
    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        given = grant.request.payload.data
        if not given.get("code_challenge") or given.get("code_challenge_method") != "S256":
            raise InvalidRequestError("PKCE with S256 is required")
        super().validate_code_challenge(grant, redirect_uri)


class _Codes(AuthorizationCodeGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = (METHOD,)

    def save_authorization_code(self, code: str, request: Call) -> None:
        given, who = request.payload.data, request.user
        self.server.memory.codes[code] = Code(
            code=code,
            client_id=request.client.client_id,
            redirect_uri=given["redirect_uri"],
            pin=who.account.pin,
            nonce=given.get("nonce", ""),
            code_challenge=given["code_challenge"],
            acr=who.acr,
            auth_time=who.auth_time,
            session=who.session,
            claims=claims_asked(given),
        )

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        found: Code | None = self.server.memory.codes.get(code)
        if found is None or found.client_id != client.client_id or time.monotonic() - found.made_at > CODE_SECONDS:
            return None
        if found.used:
            # RFC 6749, 4.1.2: what a code used twice has given is taken back.
            self.server.memory.tokens.pop(found.token, None)
            return None
        return found

    def delete_authorization_code(self, authorization_code: Code) -> None:
        authorization_code.used = True

    def authenticate_user(self, authorization_code: Code) -> Account | None:
        account: Account | None = self.server.accounts.find(authorization_code.pin)
        return account


class _OpenId(OpenIDCode):  # type: ignore[misc]
    def __init__(self, flows: Flows) -> None:
        super().__init__(require_nonce=True)
        self._flows = flows

    def exists_nonce(self, nonce: str, request: Call) -> bool:
        return False

    def encode_id_token(self, token: dict[str, Any], request: Call) -> str:
        code: Code = request.authorization_code
        now = int(time.time())
        claims = {
            "iss": self._flows.issuer,
            "sub": self._flows.subject(code.pin, request.client),
            "aud": request.client.client_id,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "nonce": code.nonce,
            "auth_time": code.auth_time,
            "acr": code.acr,
            "sid": code.session,
            "at_hash": _half(token["access_token"]),
        }
        return id_token_of(claims, request.user, request.client, self._flows.keys)


@dataclass(frozen=True)
class Granting:
    """Who grants: the account, how surely they proved themselves, when, and in which session here."""

    account: Account
    acr: str
    auth_time: int
    session: str


class Flows(AuthorizationServer):  # type: ignore[misc]
    """The provider's server."""

    def __init__(self, issuer: str, clients: Mapping[str, Client], accounts: Accounts, keys: Keys) -> None:
        super().__init__(scopes_supported=["openid"])
        self.issuer, self.clients, self.accounts, self.keys = issuer, clients, accounts, keys
        self.memory = Memory()
        self._pairwise = keys.pairwise
        self.register_token_generator("default", _bearer)
        self.register_client_auth_method(METHOD, _Assertion(issuer, self.memory))
        self.register_grant(_Codes, [_Challenge(required=True), _OpenId(self)])

    def query_client(self, client_id: str) -> Client | None:
        """Return a registered client."""
        return self.clients.get(client_id)

    def save_token(self, token: dict[str, Any], request: Call) -> None:
        """Remember for what an access token is good."""
        code: Code = request.authorization_code
        code.token = token["access_token"]
        _bound(self.memory.tokens)
        self.memory.tokens[code.token] = (time.monotonic() + TOKEN_SECONDS, code)

    def create_oauth2_request(self, request: Call) -> Call:
        """Requests are ours already."""
        return request

    def handle_response(self, status: int, body: Any, headers: list[tuple[str, str]]) -> Answer:
        """Return an answer that HTTP can carry."""
        return status, body, headers

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""

    def subject(self, pin: str, client: Client) -> str:
        """Return what a client is told as `sub`: another for each host that is returned to."""
        sector = client.redirect_uris[0].split("/")[2]
        return hashlib.sha256(self._pairwise + f"{sector} {client.client_id} {pin}".encode()).hexdigest()[:40]

    def push(self, call: Call) -> Answer:
        """Take a pushed request (RFC 9126): the client proves itself, and the request must be one we would show."""
        try:
            client = self.authenticate_client(call, [METHOD], "par")
            fields = {name: values for name, values in call.payload.datalist.items() if not name.startswith("client_a")}
            if "request_uri" in fields or call.payload.data.get("client_id") != client.client_id:
                raise InvalidRequestError("a pushed request names its own client, and no other request")
            self.get_consent_grant(Call("GET", call.uri, fields))
        except OAuth2Error as error:
            error.redirect_uri = None
            return self.handle_error_response(call, error)  # type: ignore[no-any-return]
        _bound(self.memory.pushed)
        name = f"urn:ietf:params:oauth:request_uri:{chance.token_urlsafe(24)}"
        self.memory.pushed[name] = (time.monotonic() + PUSHED_SECONDS, fields)
        return 201, {"request_uri": name, "expires_in": PUSHED_SECONDS}, [("Content-Type", "application/json")]

    def pulled(self, fields: Mapping[str, list[str]]) -> Mapping[str, list[str]]:
        """Return the fields of an authorization request, those pushed before in its place; a pushed request is good once."""
        given = fields.get("request_uri")
        if not given:
            return fields
        until, pushed = self.memory.pushed.pop(given[0], (0.0, {}))
        if until < time.monotonic() or pushed.get("client_id") != fields.get("client_id"):
            raise InvalidRequestError("the request was used, is too old, or is another client's")
        return pushed

    def code_of(self, access_token: str) -> Code | None:
        """Return what an access token is good for; None when it is not."""
        until, code = self.memory.tokens.get(access_token, (0.0, None))
        return code if until > time.monotonic() else None


def claims_asked(given: Mapping[str, str]) -> dict[str, Any]:
    """Return which claims of userinfo a request asks for (OpenID Connect Core 5.5); none when it says so in no way we understand."""
    try:
        asked = json.loads(given.get("claims") or "{}")
        return dict(asked.get("userinfo") or {})
    except (ValueError, AttributeError, TypeError):
        return {}


def acr_asked(given: Mapping[str, str]) -> str:
    """Return the first level of assurance a request asks for."""
    return (given.get("acr_values") or LEVEL_ONE).split(" ")[0]


def _bearer(**_: Any) -> dict[str, Any]:
    return {
        "token_type": "Bearer",
        "access_token": chance.token_urlsafe(32),
        "expires_in": TOKEN_SECONDS,
        "scope": "openid",
    }


def _half(token: str) -> str:
    digest = hashlib.sha256(token.encode()).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()


def _remember(seen: dict[str, float], name: str) -> bool:
    _bound(seen)
    return name not in seen and seen.setdefault(name, time.monotonic()) >= 0


def _bound(kept: dict[str, Any]) -> None:
    while len(kept) >= REMEMBERED_MAX:
        kept.pop(next(iter(kept)))

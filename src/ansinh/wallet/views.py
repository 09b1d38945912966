"""The addresses of the issuer. Wallets call them, no browser does: no cookie counts here, whoever calls proves themselves by code, token or key."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from ansinh.access.queries import wallet_door
from ansinh.credentials import queries
from ansinh.credentials.operations import (
    Clocks,
    InvalidToken,
    hear_outcome,
    issue_credential,
    redeem_code,
    redeem_permitted,
)
from ansinh.credentials.queries import Kind
from ansinh.credentials.states import REQUEST_LIFETIME, TOKEN_LIFETIME
from ansinh.credentials.status_lists import CONTENT_TYPE, FRESH
from ansinh.database.urls import secrets_folder
from ansinh.foundation.clock import Clock, RealClock
from ansinh.foundation.errors import NotFound, Refusal
from ansinh.foundation.settings import settings
from ansinh.wallet.metadata import issuer_metadata, server_metadata, type_metadata, written

BODY_BYTES_MAX = 32_768
TOKEN_LENGTH_MAX = 200
GRANT = "urn:ietf:params:oauth:grant-type:pre-authorized_code"
OUTCOMES = frozenset({"credential_accepted", "credential_failure", "credential_deleted"})
_TAKEN = "ví nhận giấy tờ"
_NO_STORE = {"Cache-Control": "no-store"}
# What may lie between here and whoever fetches it: it tells nothing of anybody.
_PUBLIC = {"Cache-Control": "public, max-age=900"}


@require_GET
def metadata(request: HttpRequest) -> HttpResponse:
    """Tell what the issuer offers, and where."""
    return _json(issuer_metadata(), headers=_PUBLIC)


@require_GET
def server(request: HttpRequest) -> HttpResponse:
    """Tell where and how codes are exchanged."""
    return _json(server_metadata(), headers=_PUBLIC)


@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """Give the keys credentials and lists are proven by."""
    return _json({"issuer": queries.issuer(), "jwks": {"keys": queries.public_keys(_folder())}}, headers=_PUBLIC)


@require_GET
def type_of(request: HttpRequest, kind: str) -> HttpResponse:
    """Tell what a type of credential is called and says."""
    if kind not in {one.value for one in Kind}:
        return _json({"error": "not_found"}, 404)
    return _json(type_metadata(Kind(kind)), headers=_PUBLIC)


@require_GET
def status(request: HttpRequest, list_no: int) -> HttpResponse:
    """Give a status list, signed now."""
    token = queries.status_list(list_no, RealClock().now(), _folder())
    if token is None:
        return _json({"error": "not_found"}, 404)
    age = f"public, max-age={int(FRESH.total_seconds())}"
    return HttpResponse(token, content_type=CONTENT_TYPE, headers={"Cache-Control": age})


@require_GET
def lists(request: HttpRequest) -> HttpResponse:
    """Say which status lists there are, so that whoever proves without a network may fetch them all."""
    return _json({"status_lists": queries.list_uris()}, headers=_PUBLIC)


@require_GET
def offer(request: HttpRequest, reference: str) -> HttpResponse:
    """Give an offer by its random name, while it can be taken."""
    found = queries.offer_by_name(reference, RealClock().now(), _folder())
    return _json(found) if found else _json({"error": "not_found"}, 404)


@csrf_exempt  # Nothing of a browser counts here.
@sensitive_post_parameters()
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """Exchange a code, with the digits of the other screen, for a token (OpenID4VCI 1.0, section 6)."""
    said = _said_once(request)
    if said is None:
        return _json({"error": "invalid_request"}, 400)
    exchange = _EXCHANGES.get(said.get("grant_type", ""))
    return exchange(said) if exchange else _json({"error": "unsupported_grant_type"}, 400)


def _offered(said: Mapping[str, str]) -> HttpResponse:
    if not said.get("pre-authorized_code") or not said.get("tx_code"):
        return _json(
            {"error": "invalid_request", "error_description": "pre-authorized_code and tx_code are needed"}, 400
        )
    given = redeem_code(
        actor=wallet_door(),
        reason=_TAKEN,
        clock=RealClock(),
        code=said["pre-authorized_code"][:200],
        tx_code=said["tx_code"][:20],
    )
    return _token(given)


def _permitted(said: Mapping[str, str]) -> HttpResponse:
    needed = ("code", "client_id", "redirect_uri", "code_verifier")
    if not all(said.get(name) for name in needed):
        return _json({"error": "invalid_request", "error_description": f"{', '.join(needed)} are needed"}, 400)
    given = redeem_permitted(
        actor=wallet_door(),
        reason=_TAKEN,
        clock=RealClock(),
        code=said["code"][:200],
        client_id=said["client_id"],
        redirect_uri=said["redirect_uri"],
        verifier=said["code_verifier"],
    )
    return _token(given)


_EXCHANGES = {GRANT: _offered, "authorization_code": _permitted}


def _token(given: str | None) -> HttpResponse:
    if given is None:
        return _json({"error": "invalid_grant"}, 400)
    return _json({"access_token": given, "token_type": "Bearer", "expires_in": int(TOKEN_LIFETIME.total_seconds())})


@csrf_exempt  # Nothing of a browser counts here.
@require_POST
def pushed(request: HttpRequest) -> HttpResponse:
    """Take what a wallet asks for, before its citizen is asked (RFC 9126)."""
    said = _said_once(request)
    if said is None:
        return _json({"error": "invalid_request"}, 400)
    try:
        name = queries.request_uri_of(said, RealClock().now(), _folder())
    except Refusal as refusal:
        status = 401 if refusal.code == "invalid_client" else 400
        return _json({"error": refusal.code, "error_description": refusal.en}, status)
    return _json({"request_uri": name, "expires_in": int(REQUEST_LIFETIME.total_seconds())}, 201)


@csrf_exempt  # Nothing of a browser counts here.
@require_POST
def nonce(request: HttpRequest) -> HttpResponse:
    """Give a nonce for a key proof (OpenID4VCI 1.0, section 7)."""
    return _json({"c_nonce": queries.new_nonce(RealClock().now(), _folder())})


@csrf_exempt  # Nothing of a browser counts here.
@require_POST
def credential(request: HttpRequest, agency_clock: Callable[[], Clock]) -> HttpResponse:
    """Issue a credential for each key proven (OpenID4VCI 1.0, section 8)."""
    asked = _asked(request)
    if asked is None:
        return _json({"error": "invalid_credential_request"}, 400)
    scheme, _, held = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not held:
        return _unauthorized("")
    kind = asked.get("credential_configuration_id")
    if not isinstance(kind, str) or kind not in {one.value for one in Kind}:
        return _json({"error": "unknown_credential_configuration"}, 400)
    proofs = asked.get("proofs")
    texts = proofs.get("jwt") if isinstance(proofs, dict) and proofs.keys() == {"jwt"} else None
    if not isinstance(texts, list) or not all(isinstance(one, str) for one in texts):
        return _json({"error": "invalid_proof", "error_description": "proofs of the type jwt are needed"}, 400)
    return _issued(held[:TOKEN_LENGTH_MAX], Kind(kind), texts, agency_clock())


def _issued(held: str, kind: Kind, proofs: list[str], clock: Clock) -> HttpResponse:
    try:
        made = issue_credential(
            actor=wallet_door(),
            reason=_TAKEN,
            clocks=Clocks(clock, RealClock()),
            token=held,
            kind=kind,
            proofs=proofs,
            folder=_folder(),
        )
    except InvalidToken:
        return _unauthorized("invalid_token")
    except NotFound as refusal:
        return _json({"error": "credential_request_denied", "error_description": refusal.en}, 400)
    except Refusal as refusal:
        return _json({"error": refusal.code, "error_description": refusal.en}, 400)
    copies = [{"credential": one} for one in made.credentials]
    return _json({"credentials": copies, "notification_id": made.notification_id})


@csrf_exempt  # Nothing of a browser counts here.
@require_POST
def notification(request: HttpRequest) -> HttpResponse:
    """Hear what became of credentials a wallet got (OpenID4VCI 1.0, section 11). Who knows the name of an issue was told it with the credentials."""
    asked = _asked(request)
    if asked is None or any(not isinstance(asked.get(name), str) for name in ("notification_id", "event")):
        return _json({"error": "invalid_notification_request"}, 400)
    if asked["event"] not in OUTCOMES:
        return _json({"error": "invalid_notification_request"}, 400)
    heard = hear_outcome(
        actor=wallet_door(),
        reason=_TAKEN,
        clock=RealClock(),
        notification_id=asked["notification_id"][:200],
        outcome=asked["event"],
    )
    return HttpResponse(status=204, headers=_NO_STORE) if heard else _json({"error": "invalid_notification_id"}, 400)


def routes(agency_clock: Callable[[], Clock]) -> list[URLPattern]:
    """Return the addresses; `agency_clock` gives the clock papers are good by."""
    return [
        path(".well-known/openid-credential-issuer/credentials", metadata, name="wallet-metadata"),
        path(".well-known/oauth-authorization-server/credentials", server, name="wallet-server"),
        path(".well-known/jwt-vc-issuer/credentials", keys, name="wallet-keys"),
        path("credentials/types/<slug:kind>", type_of, name="wallet-type"),
        path("credentials/status/<int:list_no>", status, name="wallet-status"),
        path("credentials/status", lists, name="wallet-lists"),
        path("credentials/offers/<str:reference>", offer, name="wallet-offer"),
        path("credentials/par", pushed, name="wallet-par"),
        path("credentials/token", token, name="wallet-token"),
        path("credentials/nonce", nonce, name="wallet-nonce"),
        path("credentials/credential", credential, {"agency_clock": agency_clock}, name="wallet-credential"),
        path("credentials/notification", notification, name="wallet-notification"),
    ]


def _said_once(request: HttpRequest) -> dict[str, str] | None:
    """Return what a form says, or None when it says something twice (RFC 6749, section 3.1)."""
    said = dict(request.POST.lists())
    return {name: values[0] for name, values in said.items()} if all(len(one) == 1 for one in said.values()) else None


def _folder() -> Any:
    return secrets_folder(settings())


def _asked(request: HttpRequest) -> dict[str, Any] | None:
    body = request.read(BODY_BYTES_MAX + 1)
    try:
        asked = json.loads(body) if len(body) <= BODY_BYTES_MAX else None
    except (ValueError, RecursionError):
        return None
    return asked if isinstance(asked, dict) else None


def _json(document: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    return HttpResponse(
        written(dict(document)), status=status, content_type="application/json", headers=dict(headers or _NO_STORE)
    )


def _unauthorized(error: str) -> HttpResponse:
    answer = _json({"error": error or "invalid_token"}, 401)
    answer.headers["WWW-Authenticate"] = f'Bearer error="{error}"' if error else "Bearer"
    return answer

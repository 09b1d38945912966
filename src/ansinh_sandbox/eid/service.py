"""The provider over HTTP: discovery, keys, pushed requests, the pages of an authorization, tokens, userinfo, and the end of sessions."""

from __future__ import annotations

import asyncio
import secrets as chance
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from ansinh_sandbox.bodies import body_within
from ansinh_sandbox.eid.accounts import LEVEL_ONE, LEVEL_TWO, Account, Lie
from ansinh_sandbox.eid.clients import METHOD, Client
from ansinh_sandbox.eid.flows import Call, Flows, Granting, OAuth2Error, acr_asked, claims_asked
from ansinh_sandbox.eid.keys import ENCRYPTED_WITH, SIGNED_WITH, signed
from ansinh_sandbox.eid.lies import ELSEWHERE, userinfo_of
from ansinh_sandbox.eid.pages import (
    LANGUAGES,
    PASSCODE,
    STYLE,
    Visit,
    next_page,
    out_page,
    prove_page,
    trouble_page,
)

BODY_BYTES_MAX = 64 * 1024
VISITS_MAX = 10_000
TRIES_MAX = 10
BROWSER_COOKIE = "eid-browser"
LOGOUT_SECONDS, LOGOUT_TOKEN_SECONDS = 5.0, 120
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


@dataclass
class Session:
    """Somebody signed in here, in one browser; and the clients that were told so."""

    pin: str
    acr: str
    auth_time: int
    sid: str
    clients: set[str] = field(default_factory=set)


class Provider:
    """The pages and calls. Used from one loop."""

    def __init__(self, flows: Flows, slow_seconds: float) -> None:
        self._flows, self._slow_seconds = flows, slow_seconds
        self._visits: dict[str, Visit] = {}
        self._sessions: dict[str, Session] = {}

    def metadata(self) -> dict[str, Any]:
        """Return what discovery says (OpenID Connect Discovery 1.0, RFC 8414)."""
        issuer = self._flows.issuer
        signing = list(SIGNED_WITH)
        return {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "jwks_uri": f"{issuer}/jwks",
            "pushed_authorization_request_endpoint": f"{issuer}/par",
            "end_session_endpoint": f"{issuer}/end",
            "scopes_supported": ["openid"],
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["pairwise"],
            "acr_values_supported": [LEVEL_ONE, LEVEL_TWO],
            "claims_supported": ["sub", "individual_id", "name", "birthdate"],
            "claims_parameter_supported": True,
            "id_token_signing_alg_values_supported": signing,
            "userinfo_signing_alg_values_supported": signing,
            "userinfo_encryption_alg_values_supported": [ENCRYPTED_WITH[0]],
            "userinfo_encryption_enc_values_supported": [ENCRYPTED_WITH[1]],
            "token_endpoint_auth_methods_supported": [METHOD],
            "token_endpoint_auth_signing_alg_values_supported": signing,
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
            "ui_locales_supported": list(LANGUAGES),
        }

    async def push(self, request: Request) -> Response:
        """Take a pushed request."""
        return _answered(self._flows.push(await _call(request)))

    async def authorize(self, request: Request) -> Response:
        """Show the first page of an authorization, or say why there is none; only to a registered address is anybody sent with an error."""
        call = await _call(request)
        try:
            fields = self._flows.pulled(call.payload.datalist)
            call = Call("GET", call.uri, fields)
            self._flows.get_consent_grant(call)
        except OAuth2Error as error:
            address = getattr(error, "redirect_uri", None)
            if address:
                return self._sent_back(address, {"error": error.error}, call.payload.data)
            return _shown(trouble_page(_language(call.payload.data), error.description or error.error), status=400)
        browser = request.cookies.get(BROWSER_COOKIE) or chance.token_urlsafe(24)
        given = call.payload.data
        visit = Visit(
            chance.token_urlsafe(18),
            browser,
            self._flows.clients[given["client_id"]],
            dict(fields),
            _language(given),
            acr_asked(given),
            claims_asked(given),
        )
        session = self._sessions.get(browser)
        if session is not None and given.get("prompt") != "login":
            visit.pin, visit.acr = session.pin, session.acr
        if given.get("prompt") == "none":
            return self._sent_back(given["redirect_uri"], {"error": "login_required"}, given)
        while len(self._visits) >= VISITS_MAX:
            self._visits.pop(next(iter(self._visits)))
        self._visits[visit.flow] = visit
        response = _shown(next_page(visit, self._flows.accounts.find(visit.pin)), visit)
        response.set_cookie(BROWSER_COOKIE, browser, httponly=True, samesite="lax")
        return response

    async def visit(self, request: Request) -> Response:
        """Show the page a visit has come to, in the language asked for."""
        visit = self._visits.get(request.path_params["flow"])
        if visit is None or visit.browser != request.cookies.get(BROWSER_COOKIE):
            return _shown(trouble_page("vi", "no such visit"), status=404)
        language = request.query_params.get("language", "")
        visit.language = language if language in LANGUAGES else visit.language
        return _shown(next_page(visit, self._flows.accounts.find(visit.pin)), visit)

    async def step(self, request: Request) -> Response:
        """Take one step of a visit: number and code, face, decision."""
        form = (await _call(request)).payload.data
        visit = self._visits.get(form.get("flow", ""))
        if visit is None or visit.browser != request.cookies.get(BROWSER_COOKIE):
            return _shown(trouble_page("vi", "no such visit, or another browser's"), status=400)
        step = request.path_params["step"]
        account = self._flows.accounts.find(form.get("number", "").strip() if step == "prove" else visit.pin)
        if step == "prove":
            visit.tries += 1
            visit.pin = form.get("number", "").strip()
            if account is None or form.get("passcode") != PASSCODE or visit.tries > TRIES_MAX:
                return _shown(prove_page(visit, wrong=True), visit, status=422)
            visit.acr = LEVEL_ONE
        elif account is None or not visit.acr:
            return _shown(prove_page(visit), visit, status=422)
        elif step == "face":
            visit.acr = account.acr(LEVEL_TWO)
        elif step == "decide":
            return self._decided(visit, account, form.get("decision") == "allow")
        return _shown(next_page(visit, account), visit)

    def _decided(self, visit: Visit, account: Account, allowed: bool) -> Response:
        """Send the browser back to the client with a code, or with a refusal."""
        del self._visits[visit.flow]
        call = Call("GET", f"{self._flows.issuer}/authorize", visit.fields)
        grant = self._flows.get_consent_grant(call)
        granting = None
        if allowed and account.lie is not Lie.REFUSES:
            session = self._sessions.get(visit.browser)
            if session is None or session.pin != account.pin:
                session = self._sessions[visit.browser] = Session(
                    account.pin, visit.acr, int(time.time()), uuid.uuid4().hex
                )
            session.clients.add(visit.client.client_id)
            session.acr, session.auth_time = visit.acr, int(time.time())
            acr = LEVEL_ONE if account.lie is Lie.WEAKER else visit.acr
            granting = Granting(account, acr, session.auth_time, session.sid)
        status, _, headers = self._flows.create_authorization_response(call, grant_user=granting, grant=grant)
        address = dict(headers)["Location"]
        iss = {Lie.MIXED_UP: ELSEWHERE, Lie.SILENT: ""}.get(account.lie or Lie.SLOW, self._flows.issuer)
        return _redirect(address + (f"&{urlencode({'iss': iss})}" if iss else ""), status)

    async def token(self, request: Request) -> Response:
        """Give tokens for a code, once, to the client that proves itself."""
        call = await _call(request)
        code = self._flows.memory.codes.get(call.payload.data.get("code", ""))
        account = self._flows.accounts.find(code.pin) if code else None
        if account is not None and account.lie is Lie.SLOW:
            await asyncio.sleep(self._slow_seconds)
        if account is not None and account.lie is Lie.BROKEN:
            return PlainTextResponse("broken", status_code=500)
        # Making a key takes its time, so not on the loop.
        return _answered(await asyncio.to_thread(self._flows.create_token_response, call))

    async def userinfo(self, request: Request) -> Response:
        """Tell what a token is good for, about the person who allowed it."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        code = self._flows.code_of(token) if kind.lower() == "bearer" else None
        account = self._flows.accounts.find(code.pin) if code else None
        if code is None or account is None:
            return Response(status_code=401, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
        client = self._flows.clients[code.client_id]
        known = {"individual_id": account.pin, "name": account.name, "birthdate": account.birth_date}
        claims = {
            "iss": self._flows.issuer,
            "aud": client.client_id,
            "sub": self._flows.subject(account.pin, client),
            **{name: value for name, value in known.items() if name in code.claims},
        }
        body, media = userinfo_of(claims, account, client, self._flows.keys)
        return Response(body, media_type=media, headers={"Cache-Control": "no-store"})

    async def end(self, request: Request) -> Response:
        """End the session: at a client's word (RP-Initiated Logout 1.0), or at the visitor's; every client that was told of it is told of its end."""
        given = (await _call(request)).payload.data
        browser = request.cookies.get(BROWSER_COOKIE, "")
        session, client = self._sessions.get(browser), None
        if hint := given.get("id_token_hint"):
            client, sid = self._hinted(hint)
            if client is not None:
                browser, session = next(
                    ((key, one) for key, one in self._sessions.items() if one.sid == sid), (browser, None)
                )
        language = _language(given)
        if client is None and request.method != "POST":
            return _shown(out_page(language, done=session is None))
        if session is not None:
            self._sessions.pop(browser, None)
            await self._tell(session, but=client)
        back = given.get("post_logout_redirect_uri", "")
        if client is not None and back in client.after_logout:
            state = given.get("state")
            return _redirect(back + (f"?{urlencode({'state': state})}" if state else ""))
        return _shown(out_page(language, done=True))

    def _hinted(self, hint: str) -> tuple[Client | None, str]:
        """Return the client and the session an ID token of ours was given for, whether or not it has expired."""
        try:
            claims = jwt.decode(hint, self._flows.keys.verifying(), algorithms=list(SIGNED_WITH)).claims
        except (JoseError, ValueError):
            return None, ""
        return self._flows.clients.get(str(claims.get("aud"))), str(claims.get("sid", ""))

    async def _tell(self, session: Session, but: Client | None) -> None:
        """Tell clients that a session has ended (Back-Channel Logout 1.0); whoever does not answer learns it by its own limits."""
        async with httpx.AsyncClient(timeout=LOGOUT_SECONDS, trust_env=False) as line:
            for client_id in sorted(session.clients):
                client = self._flows.clients[client_id]
                if client == but or not client.told_of_logout_at:
                    continue
                now = int(time.time())
                claims = {
                    "iss": self._flows.issuer,
                    "sub": self._flows.subject(session.pin, client),
                    "aud": client_id,
                    "iat": now,
                    "exp": now + LOGOUT_TOKEN_SECONDS,
                    "jti": uuid.uuid4().hex,
                    "sid": session.sid,
                    "events": {LOGOUT_EVENT: {}},
                }
                key = self._flows.keys.signing(client.id_token_alg)
                token = signed(claims, key, client.id_token_alg, "logout+jwt")
                try:
                    await line.post(client.told_of_logout_at, data={"logout_token": token})
                except httpx.HTTPError:
                    continue

    def _sent_back(self, address: str, said: dict[str, str], given: Mapping[str, str]) -> Response:
        state = {"state": given["state"]} if given.get("state") else {}
        return _redirect(f"{address}?{urlencode({**said, **state, 'iss': self._flows.issuer})}")


def application(flows: Flows, slow_seconds: float = 10.0) -> Starlette:
    """Return the ASGI application."""
    provider = Provider(flows, slow_seconds)

    async def fixed(request: Request) -> Response:
        path = request.url.path
        if path == "/livez":
            return PlainTextResponse("ok\n")
        if path == "/style.css":
            return PlainTextResponse(STYLE, media_type="text/css")
        return JSONResponse(flows.keys.published() if path == "/jwks" else provider.metadata())

    calls: list[tuple[str, Callable[[Request], Awaitable[Response]], list[str]]] = [
        *((path, fixed, ["GET"]) for path in ("/livez", "/style.css", "/jwks", "/.well-known/openid-configuration")),
        ("/par", provider.push, ["POST"]),
        ("/authorize", provider.authorize, ["GET", "POST"]),
        ("/visit/{step:str}", provider.step, ["POST"]),
        ("/visit/{flow:str}", provider.visit, ["GET"]),
        ("/token", provider.token, ["POST"]),
        ("/userinfo", provider.userinfo, ["GET", "POST"]),
        ("/end", provider.end, ["GET", "POST"]),
    ]
    return Starlette(routes=[Route(path, call, methods=methods) for path, call, methods in calls])


async def _call(request: Request) -> Call:
    """Read a request's fields within a limit: of a form where one was sent, of the query otherwise."""
    text = request.url.query
    if request.method == "POST":
        body = await body_within(request, BODY_BYTES_MAX)
        text = (body or b"").decode("utf-8", "replace")
    fields = parse_qs(text, keep_blank_values=True, max_num_fields=100)
    return Call(request.method, str(request.url.replace(query="")), fields, request.headers)


def _answered(answer: tuple[int, Any, list[tuple[str, str]]]) -> Response:
    status, body, headers = answer
    return JSONResponse(body if body else {}, status_code=status, headers=dict(headers) | {"Cache-Control": "no-store"})


def _redirect(address: str, status: int = 303) -> Response:
    return RedirectResponse(address, status_code=status, headers={"Cache-Control": "no-store"})


def _shown(page: str, visit: Visit | None = None, status: int = 200) -> HTMLResponse:
    origin = ""
    if visit is not None:
        # Browsers hold the address a form's answer leads to against the policy, too.
        parts = urlsplit(visit.client.redirect_uris[0])
        origin = f" {parts.scheme}://{parts.netloc}"
    policy = (
        f"default-src 'none'; style-src 'self'; form-action 'self'{origin}; frame-ancestors 'none'; base-uri 'none'"
    )
    return HTMLResponse(
        page,
        status_code=status,
        headers={"Content-Security-Policy": policy, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"},
    )


def _language(given: Mapping[str, str]) -> str:
    first = (given.get("ui_locales") or "vi").split(" ")[0].partition("-")[0]
    return first if first in LANGUAGES else "vi"

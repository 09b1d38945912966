"""The app behind its page: it pulls over real HTTP with its own key, keeps what it has by version tags, and hears signed pushes of changes.

Written from `contracts/gateway/eid.yaml` alone, as the app's programmers would.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qs

import httpx
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from ansinh_sandbox.eid_phone.page import HIDDEN, home, welcome

# What is pulled, and its name in the answer.
SHOWN = {
    **{"card": "card", "book": "book", "payments": "payments", "files": "files", "documents": "documents"},
    **{"health": "book", "referrals": "referrals", "appointments": "appointments", "papers": "papers"},
}
AGE_SECONDS_MAX = 300
BODY_BYTES_MAX = 4_096
NUMBERS_KEPT_MAX = 100_000
HEARD_SHOWN_MAX = 10


class Phone:
    """One installation of the app: what it knows of the citizens who opened it."""

    def __init__(self, gateway: str, token: Callable[[], str], agency_keys: Sequence[dict[str, Any]]) -> None:
        self._gateway = gateway
        self._token = token
        self._keys = {str(one["kid"]): ECKey.import_key(one) for one in agency_keys}
        self._kept: dict[tuple[str, str, str], tuple[str, Any]] = {}
        self._watches: dict[str, str] = {}
        self._changed: dict[str, set[str]] = {}
        self._heard: dict[str, list[tuple[int, str]]] = {}
        self._numbers: set[str] = set()
        self.unchanged = 0

    def open(self, pin: str, key: str = "") -> str:
        """Return the page of a citizen, or of `key` whom the citizen may act for, pulled now; parts that did not change are not sent again.

        What the citizen may not read of another is not shown. Of changes the app is told for the citizen alone.
        """
        headers = {"authorization": f"Bearer {self._token()}"}
        with httpx.Client(base_url=self._gateway, headers=headers, timeout=10.0, trust_env=False) as line:
            if key and key != pin:
                return home({kind: self._pulled(line, kind, pin, key) for kind in SHOWN}, set(), back_to=pin)
            told = {kind: self._pulled(line, kind, pin, pin) for kind in (*SHOWN, "family")}
            watched = line.post("/v1/eid/watch", json=_body(pin, pin))
        if watched.status_code == 200 and watched.json()["watch"]:
            self._watches[watched.json()["watch"]["watch"]] = pin
        return home(told, self._changed.pop(pin, set()), self._heard.get(pin, []), pin)

    def _pulled(self, line: httpx.Client, kind: str, pin: str, key: str) -> Any:
        tag, has = self._kept.get((kind, pin, key), ("", None))
        answer = line.post(f"/v1/eid/{kind}", json=_body(pin, key), headers={"if-none-match": tag} if tag else {})
        if answer.status_code == 304:
            self.unchanged += 1
            return has
        if key != pin and answer.status_code == 403:
            return HIDDEN
        answer.raise_for_status()
        told = answer.json()[SHOWN.get(kind, kind)]
        self._kept[kind, pin, key] = answer.headers["etag"], told
        return told

    def hear(self, headers: dict[str, str], body: bytes, now: float) -> int:
        """Take a push; returns the status it is answered with: 204 heard (again: once), 400 not the agency's, or too old."""
        number, moment = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        head, dots, tail = headers.get("ansinh-signature", "").partition("..")
        if not moment.isdigit() or abs(now - int(moment)) > AGE_SECONDS_MAX or not dots:
            return 400
        try:
            found = jws.extract_compact(f"{head}..{tail}".encode(), b".".join([number.encode(), moment.encode(), body]))
            key = self._keys[str(found.headers().get("kid"))]
            if found.headers().get("typ") != "ansinh-push+jws" or not jws.validate_compact(found, key, ["ES256"]):
                return 400
            said = json.loads(body)
        except (JoseError, KeyError, ValueError):
            return 400
        if number not in self._numbers and len(self._numbers) < NUMBERS_KEPT_MAX:
            self._numbers.add(number)
            pin = self._watches.get(said["watch"])
            if pin:
                self._changed.setdefault(pin, set()).add(said["changed"])
                self._heard[pin] = [(int(moment), said["changed"]), *self._heard.get(pin, [])][:HEARD_SHOWN_MAX]
        return 204


def _body(pin: str, key: str) -> dict[str, str]:
    return {"key": key, "purpose": "own_record", "on_behalf_of": pin}


def _is_number(text: str) -> bool:
    return len(text) == 12 and text.isascii() and text.isdigit()


def application(phone: Phone) -> Starlette:
    """Return the app's addresses: the page, and where it hears of changes."""

    async def first(request: Request) -> Response:
        return _html(welcome())

    async def opened(request: Request) -> Response:
        form = parse_qs((await request.body())[:BODY_BYTES_MAX].decode("utf-8", "replace"))
        pin = form.get("pin", [""])[0]
        key = form.get("for", [pin])[0]
        if not (_is_number(pin) and _is_number(key)):
            return _html(welcome("Số định danh cá nhân có 12 chữ số."), 422)
        try:
            return _html(await run_in_threadpool(phone.open, pin, key))
        except httpx.HTTPError:
            return _html(welcome("Chưa lấy được dữ liệu. Thử lại sau."), 502)

    async def changes(request: Request) -> Response:
        body = await request.body()
        if len(body) > BODY_BYTES_MAX:
            return Response(status_code=413)
        return Response(status_code=phone.hear(dict(request.headers), body, time.time()))

    async def livez(request: Request) -> Response:
        return PlainTextResponse("ok\n")

    return Starlette(
        routes=[
            Route("/", first),
            Route("/", opened, methods=["POST"]),
            Route("/changes", changes, methods=["POST"]),
            Route("/livez", livez),
        ]
    )


def _html(text: str, status: int = 200) -> Response:
    policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
    return HTMLResponse(
        text, status, {"cache-control": "no-store", "content-security-policy": policy, "referrer-policy": "no-referrer"}
    )

"""The e-ID says that a session ended there: believed when it signed that, for us, now, once; and not otherwise."""

from __future__ import annotations

import time
import uuid
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from joserfc import jwt
from joserfc.jwk import ECKey

from ansinh.access.queries import sign_in_door
from ansinh.access.signed_calls import OUR_ID
from ansinh.database.sql import number
from ansinh.foundation.clock import RealClock
from ansinh.portal.door import keeping
from ansinh.portal.door.eid.proving import LOGOUT_EVENT
from ansinh.signin.operations import Arrival, let_citizen_in
from ansinh.signin.states import Channel

pytestmark = pytest.mark.django_db
ISSUER = "https://eid.example"
KEY = ECKey.generate_key("P-256", auto_kid=True)


@dataclass
class KnownProvider:
    """The e-ID with keys of the test's own."""

    issuer: str = ISSUER
    known: dict[str, ECKey] = field(default_factory=lambda: {str(KEY.kid): KEY})

    def key(self, key_id: str | None) -> ECKey | None:
        return self.known.get(key_id or "")


@pytest.fixture(autouse=True)
def _two_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "provider", KnownProvider)
    clock = RealClock()
    for sid in ("sid-1", "sid-2"):
        arrival = Arrival(7, 1, Channel.PORTAL, "", issuer=ISSUER, subject="pair", provider_session=sid)
        let_citizen_in(actor=sign_in_door(), reason="thử", clock=clock, arrival=arrival, entered_at=clock.now())


def said(**changed: Any) -> dict[str, Any]:
    """What a good message says, changed; None leaves a claim out."""
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": OUR_ID,
        "iat": now,
        "exp": now + 120,
        "jti": uuid.uuid4().hex,
        "sid": "sid-1",
        "sub": "pair",
        "events": {LOGOUT_EVENT: {}},
    } | changed
    return {name: value for name, value in claims.items() if value is not None}


def tell(claims: dict[str, Any], *, key: ECKey = KEY, kind: str = "logout+jwt") -> HttpResponse:
    """Send a message as the e-ID does, without the key against forged forms."""
    token = jwt.encode({"alg": "ES256", "kid": key.kid, "typ": kind}, claims, key, algorithms=["ES256"])
    return post(token)


def post(token: str) -> HttpResponse:
    """Send a token."""
    return Client(enforce_csrf_checks=True).post("/sign-in/ended", {"logout_token": token})  # type: ignore[return-value]


def left() -> int:
    """Return how many sessions there are."""
    return number("SELECT count(*) FROM signin_citizensession")


def test_a_logout_ends_the_session_it_names_once() -> None:
    message = said()
    answer = tell(message)
    assert (answer.status_code, answer.headers["Cache-Control"], left()) == (200, "no-store", 1)
    assert tell(message).status_code == 400
    assert tell(said(sid=None)).status_code == 200
    assert left() == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://another.example"},
        {"aud": "another-client"},
        {"aud": [OUR_ID, "another-client"]},
        {"exp": 1},
        {"exp": None},
        {"iat": int(time.time()) + 3_600},
        {"events": None},
        {"events": {}},
        {"events": {LOGOUT_EVENT: "yes"}},
        {"events": [LOGOUT_EVENT]},
        {"nonce": "n"},
        {"sub": None, "sid": None},
        {"sub": "", "sid": ""},
        {"sid": 7},
        {"sub": "pair\x00"},
        {"jti": None},
    ],
)
def test_a_message_that_does_not_hold_ends_nothing(changed: dict[str, Any]) -> None:
    assert tell(said(**changed)).status_code == 400
    assert left() == 2


def test_a_message_signed_by_another_or_of_another_kind_ends_nothing() -> None:
    stranger = ECKey.generate_key("P-256", {"kid": str(KEY.kid)})
    assert tell(said(), key=stranger).status_code == 400
    assert tell(said(), kind="at+jwt").status_code == 400
    assert left() == 2


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b.c",
        "....",
        "e30.e30.",
        "eyJhbGciOiJub25lIn0.e30.",
        "a" * 100_000,
        "ờ.ờ.ờ",
        "eyJhbGciOiJFUzI1NiIsImNyaXQiOlsiYjY0Il19.e30.AA",
    ],
)
def test_strange_bodies_end_nothing(token: str) -> None:
    # A body longer than any form of ours is refused before it is read.
    assert post(token).status_code in {400, 413}
    assert left() == 2


@pytest.mark.parametrize("dots", [2, 4])
def test_a_head_folded_beyond_reason_is_a_strange_body(dots: int) -> None:
    head = urlsafe_b64encode(b"[" * 20_000).rstrip(b"=").decode()
    assert post(head + ".e30" * dots).status_code == 400
    assert left() == 2

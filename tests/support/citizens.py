"""Citizens already signed in, for tests of pages: a session's row and its cookie, without the e-ID. How people really come in has tests of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.test import Client

from ansinh.access.queries import sign_in_door
from ansinh.foundation.clock import Clock, RealClock
from ansinh.portal.door.guard import cookie_name
from ansinh.signin.operations import Arrival, let_citizen_in
from ansinh.signin.states import Channel

if TYPE_CHECKING:
    from playwright.sync_api import Page


def session_key_of(
    person_id: int,
    level: int = 1,
    *,
    channel: Channel = Channel.PORTAL,
    device: str = "Chrome · Windows",
    clock: Clock | None = None,
) -> str:
    """Open a session in the database Django points at, and return its key."""
    now = clock or RealClock()
    arrival = Arrival(person_id=person_id, level=level, channel=channel, device=device)
    return let_citizen_in(actor=sign_in_door(), reason="thử", clock=now, arrival=arrival, entered_at=now.now())


def signed_in(at: Client | Page, person_id: int, level: int = 1, *, base: str = "http://127.0.0.1") -> str:
    """Sign a person in at Django's test client, or at a browser's page whose screens are at `base`; returns the session's key."""
    key = session_key_of(person_id, level)
    if isinstance(at, Client):
        at.cookies[cookie_name()] = key
    else:
        at.context.add_cookies([{"name": cookie_name(), "value": key, "url": base, "sameSite": "Lax"}])
    return key

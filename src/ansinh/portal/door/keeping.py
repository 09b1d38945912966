"""What the door keeps: its keys, the e-ID it asks, what a browser holds while it asks, and the e-ID's word for signing out there, sealed."""

from __future__ import annotations

import secrets as chance
from functools import cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from django.http import HttpRequest, HttpResponse

from ansinh.access.keys import kept_secret, signing_keys
from ansinh.access.signed_calls import OUR_ID
from ansinh.database.urls import secrets_folder
from ansinh.foundation.settings import settings
from ansinh.portal.door.eid.asking import Door
from ansinh.portal.door.eid.provider import Provider
from ansinh.portal.door.eid.proving import Us
from ansinh.portal.words import LANGUAGES

# Under these names the keys are kept in the folder of secrets, their public halves beside them.
SIGNING_KEYS, OPENING_KEYS = "citizens-door", "citizens-door-opening"
_SEAL = "citizens-door-seal"
CALLBACK = "/sign-in/callback"
BROWSER_SECONDS = 600
_BROWSER_LENGTH_MAX = 100
_DEVICE_LENGTH_MAX = 120
_BROWSERS = (
    ("Edg/", "Edge"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("coc_coc_browser/", "Cốc Cốc"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


@cache
def provider_at(issuer: str) -> Provider:
    """Return the e-ID at an address, with what it said of itself kept for all requests."""
    return Provider(issuer)


def provider() -> Provider:
    """Return the e-ID the settings name."""
    return provider_at(settings().eid_url)


def door() -> Door:
    """Return our side of the contract with the e-ID."""
    here = settings()
    secrets = secrets_folder(here)
    opening = signing_keys(secrets, OPENING_KEYS).signing
    return Door(Us(OUR_ID, opening), signing_keys(secrets, SIGNING_KEYS).signing, f"{here.public_url}{CALLBACK}")


def browser_cookie() -> str:
    """Return the name of the cookie that ties a request to the browser that began it."""
    return "__Host-ansinh-door" if settings().public_url.startswith("https://") else "ansinh-door"


def browser_of(request: HttpRequest) -> str:
    """Return what this browser holds while it signs in, or nothing."""
    return request.COOKIES.get(browser_cookie(), "")[:_BROWSER_LENGTH_MAX]


def language_of(browser: str) -> str:
    """Return the language somebody began to sign in with: the e-ID returns everybody to one address."""
    first = browser.partition(".")[0]
    return first if first in LANGUAGES else "vi"


def remember_browser(response: HttpResponse, browser: str, language: str) -> str:
    """Have the browser hold something while it signs in, the same for all its tabs; returns what."""
    _, _, kept = browser.partition(".")
    held = f"{language}.{kept or chance.token_urlsafe(24)}"
    set_cookie(response, browser_cookie(), held, BROWSER_SECONDS)
    return held


def set_cookie(response: HttpResponse, name: str, value: str, seconds: int | None) -> None:
    """Set a cookie no script reads, sent back when the e-ID returns somebody (Lax) and to no other site's requests; None: until the browser closes."""
    https = settings().public_url.startswith("https://")
    response.set_cookie(name, value, max_age=seconds, httponly=True, secure=https, samesite="Lax", path="/")


def device_of(request: HttpRequest) -> str:
    """Return a few words by which a person knows their own device: the browser and the system; empty when it says neither."""
    agent = request.headers.get("User-Agent", "")[:500]
    known = (next((name for mark, name in table if mark in agent), "") for table in (_BROWSERS, _SYSTEMS))
    return " · ".join(word for word in known if word)[:_DEVICE_LENGTH_MAX]


def sealed(id_token: str) -> str:
    """Return the e-ID's word as it is kept."""
    return _box(secrets_folder(settings())).encrypt(id_token.encode()).decode()


def opened(kept: str) -> str:
    """Return a kept word in plain; empty when there is none, or it was sealed with a key we no longer have."""
    try:
        return _box(secrets_folder(settings())).decrypt(kept.encode()).decode() if kept else ""
    except InvalidToken:
        return ""


@cache
def _box(folder: Path) -> Fernet:
    return Fernet(kept_secret(folder, _SEAL))

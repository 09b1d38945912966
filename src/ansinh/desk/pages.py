"""A page of the desk: its words, the way to the other language, and the headers that keep it to itself."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ansinh.desk.presenters import edition
from ansinh.desk.words import LANGUAGES, WORDS

FRAGMENT_HEADER = "X-Desk-Fragment"

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
_POLICY_WITH_CAMERA = _POLICY + "; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
_NOTHING_BUT_CAMERA = "camera=(self), microphone=(), geolocation=(), payment=(), usb=()"


def page(
    request: HttpRequest, template: str, language: str, here: str, status: int = 200, **shown: Any
) -> HttpResponse:
    """Return a page of the desk; `here` is its address below the language's root, so that the other language is one step away."""
    other = LANGUAGES[1 - LANGUAGES.index(language)]
    context = {
        "language": language,
        "words": WORDS[language],
        "root": root(language),
        "other_address": f"{root(other)}{here}",
        "other": other,
        "edition": edition(),
    }
    response = render(request, f"desk/{template}.html", context | shown, status=status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = _POLICY
    # Forms send where they come from, which the check against forged forms wants; other sites learn nothing.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def with_camera(response: HttpResponse) -> HttpResponse:
    """Permit the camera, and the WebAssembly that reads its pictures, on this page."""
    response.headers["Content-Security-Policy"] = _POLICY_WITH_CAMERA
    response.headers["Permissions-Policy"] = _NOTHING_BUT_CAMERA
    return response


def root(language: str) -> str:
    """Return the address of the desk in a language."""
    return "/desk/" if language == "vi" else "/en/desk/"

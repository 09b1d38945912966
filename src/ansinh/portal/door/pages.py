"""The door's pages: each says what happened, that nothing was lost, and what to do next."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from ansinh.portal.door.guard import door_address, may_lead_to_eid
from ansinh.portal.shell import page
from ansinh.portal.words import root
from ansinh.portal.words.door import WORDS
from ansinh.screens.components import Actions, Banner, Button, Form, Hidden, Link, Paragraph, Part
from ansinh.signin.states import Channel

RETRY_SECONDS = 60


def start_page(request: HttpRequest, language: str, wanted: dict[str, str], *, step_up: bool) -> HttpResponse:
    """Ask somebody to go to the e-ID, saying what it will tell us; `wanted` goes along."""
    words, kind = WORDS[language], "up" if step_up else "in"
    hidden: tuple[Part, ...] = tuple(Hidden(name, value) for name, value in sorted(wanted.items()))
    parts = (Form(hidden, words[f"{kind}_button"], action=door_address(language)), Paragraph(words["in_told"], "quiet"))
    return _page(request, language, words[f"{kind}_title"], parts, lead=words[f"{kind}_lead"])


def away_page(request: HttpRequest, language: str, wanted: dict[str, str]) -> HttpResponse:
    """Say that the e-ID does not answer."""
    words = WORDS[language]
    parts = (Paragraph(words["away_text"]), _ways(language, "again", wanted))
    response = _page(request, language, words["away_title"], parts, status=503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def slowed_page(request: HttpRequest, language: str, wait: int, wanted: dict[str, str]) -> HttpResponse:
    """Say how long to wait: too much came from this address that led nowhere."""
    words = WORDS[language]
    unit, count = ("slowed_seconds", wait) if wait < 60 else ("slowed_minutes", -(-wait // 60))
    text = Paragraph(words["slowed_text"].format(wait=words[unit].format(count=count)))
    response = _page(request, language, words["slowed_title"], (text, _ways(language, "again", wanted)), status=429)
    response.headers["Retry-After"] = str(wait)
    return response


def not_let_in_page(request: HttpRequest, language: str, why: str, wanted: dict[str, str]) -> HttpResponse:
    """Say why somebody is not let in: `distrust`, `level`, `declined`, `unverified` or `stranger`, and what they can do."""
    words = WORDS[language]
    parts: list[Part] = [Paragraph(words[f"{why}_text"])]
    if do := words.get(f"{why}_do"):
        parts.append(Banner(do, kind="info"))
    # The e-ID may still know whoever was there; without asking anew, it would send the same person again.
    anew = {**wanted, "again": "1"} if why != "distrust" else wanted
    parts.append(_ways(language, "begin" if why in {"distrust", "declined", "level"} else "another", anew))
    return _page(request, language, words[f"{why}_title"], parts, status=400 if why == "distrust" else 403)


def signed_out_page(request: HttpRequest, language: str) -> HttpResponse:
    """Say that nothing is left."""
    words = WORDS[language]
    parts = (Paragraph(words["out_text"]), _ways(language, "in_again", {"again": "1"}))
    return _page(request, language, words["out_title"], parts)


def wanted_of(next_path: str, level: int, channel: Channel) -> dict[str, str]:
    """Return what goes along while somebody signs in."""
    return {"next": next_path, "level": str(level), "from": channel.value}


def _ways(language: str, first: str, wanted: dict[str, str]) -> Actions:
    words = WORDS[language]
    return Actions(
        (
            Button(words[first], f"{door_address(language)}?{urlencode(wanted)}"),
            Link(words["back_home"], root(language)),
            Link(words["help"], f"{root(language)}help"),
        )
    )


def _page(
    request: HttpRequest,
    language: str,
    title: str,
    parts: list[Part] | tuple[Part, ...],
    *,
    status: int = 200,
    lead: str = "",
) -> HttpResponse:
    shown = {"lead": lead} if lead else {}
    response = page(request, language, title, parts, status=status, **shown)
    response.headers["Cache-Control"] = "no-store"
    return may_lead_to_eid(response)

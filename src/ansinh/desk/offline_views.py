"""The page for when the line is cut: a card's code is proven by its signature and a list fetched before, and asked about later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from ansinh.credentials.offline import SAID, Verdict
from ansinh.desk import proving
from ansinh.desk.asking import ask_for
from ansinh.desk.offline_words import OFFLINE_WORDS
from ansinh.desk.pages import page, root
from ansinh.desk.presenters import Fact, shown_day
from ansinh.desk.queries import count_waiting
from ansinh.desk.sessions import for_clerks
from ansinh.desk.verdicts import Tone
from ansinh.foundation.clock import Clock, RealClock, legal_day
from ansinh.signin.queries import SignedIn

CODE_LENGTH_MAX = 20_000
_TONES = {"good": Tone.GO, "unlisted": Tone.LOOK, "unknown_key": Tone.LOOK, "not_yet": Tone.LOOK}
_SHOWN = ("card_number", "share_percent", "facility_name", "valid_from", "valid_until")


def _to_the_door(request: HttpRequest, language: str, **_: Any) -> HttpResponse:
    return HttpResponseRedirect(f"{root(language)}sign-in")


@require_http_methods(["GET", "HEAD", "POST"])
@for_clerks(_to_the_door)
def offline_page(request: HttpRequest, language: str, who: SignedIn, agency_clock: Callable[[], Clock]) -> HttpResponse:
    """Prove a code without the gateway, say how old the list is, and send what waits once there is a line."""
    words, store, now = OFFLINE_WORDS[language], proving.kept(), RealClock().now()
    proving.refresh(store, now)
    shown: dict[str, Any] = {"who": who, "said": words, "length_max": CODE_LENGTH_MAX, "notice": "", "error": ""}
    text = request.POST.get("text", "").strip()[: CODE_LENGTH_MAX + 1]
    if request.method == "POST" and request.POST.get("act") == "send":
        sent = proving.send_waiting(who, lambda number, officer: ask_for(who, number, officer))
        shown["notice"] = words["sent"].format(count=sent)
    elif request.method == "POST" and text:
        verdict = proving.prove(text, who, store, legal_day(agency_clock().now()))
        shown |= _answer(verdict, language) if verdict else {"error": words["never_fetched"]}
    elif request.method == "POST":
        shown["error"] = words["empty"]
    waiting, fetched = count_waiting(who.subject.facility), store.fetched_at()
    shown["waiting"] = words["waiting"].format(count=waiting) if waiting else ""
    shown["fetched"] = (
        words["fetched"].format(age=_age(now - fetched, language)) if fetched else words["nothing_fetched"]
    )
    return page(request, "offline", language, "offline", status=422 if shown["error"] else 200, **shown)


def _answer(verdict: Verdict, language: str) -> dict[str, Any]:
    words, tone = OFFLINE_WORDS[language], _TONES.get(verdict.verdict, Tone.STOP)
    headline = SAID[verdict.verdict][0 if language == "vi" else 1]
    if verdict.good and verdict.list_over:
        tone, headline = Tone.LOOK, words["stale"]
    age = words["age"].format(age=_age(verdict.list_age, language)) if verdict.list_age is not None else words["no_age"]
    facts = [Fact(words[name], _shown(verdict.says[name])) for name in _SHOWN if verdict.says.get(name) is not None]
    return {
        "verdict": verdict.verdict,
        "tone": tone.value,
        "tone_word": words[f"tone_{tone.value}"],
        "headline": headline,
        "name": str(verdict.says.get("full_name", "")),
        "facts": facts,
        "age": age,
        "later": words["later"] if verdict.says.get("card_number") else "",
    }


def _shown(said: Any) -> str:
    """Return a claim as a clerk reads it: days as they are written here."""
    try:
        return shown_day(date.fromisoformat(said))
    except (TypeError, ValueError):
        return str(said)


def _age(age: timedelta, language: str) -> str:
    words, minutes = OFFLINE_WORDS[language], int(age.total_seconds()) // 60
    if minutes < 120:
        return words["minutes"].format(count=minutes)
    return (
        words["hours"].format(count=minutes // 60) if minutes < 48 * 60 else words["days"].format(count=minutes // 1440)
    )


def offline_routes(language: str, agency_clock: Callable[[], Clock]) -> list[URLPattern]:
    """Return the page's address in a language."""
    given: dict[str, Any] = {"language": language, "agency_clock": agency_clock}
    return [path(f"{root(language).lstrip('/')}offline", offline_page, given, name=f"desk-offline-{language}")]

"""The desk's pages. Each works as a plain form; a fragment of the one with the field is what its script puts in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ansinh.desk.asking import Clerk, look_up
from ansinh.desk.confirming import proven_again
from ansinh.desk.doors import DOORS
from ansinh.desk.offline_views import offline_routes
from ansinh.desk.pages import FRAGMENT_HEADER, page, root, with_camera
from ansinh.desk.patient_views import patient_routes
from ansinh.desk.presenters import (
    VerdictPresenter,
    count_in_words,
    look_presenters,
    script_words,
)
from ansinh.desk.queries import LOOKS_MAX, count_of_today, looks_of_today
from ansinh.desk.reading import TYPED_LENGTH_MAX
from ansinh.desk.sessions import IDLE_MAX, WARNED_BEFORE, for_clerks
from ansinh.desk.words import LANGUAGES, WORDS
from ansinh.foundation.clock import Clock, RealClock
from ansinh.places.queries import facility as facility_of_code
from ansinh.screens.sent import read_form
from ansinh.signin.queries import SignedIn

LOOKS_BESIDE = 6


def to_sign_in(request: HttpRequest, language: str, **_: Any) -> HttpResponse:
    """Answer somebody who is not signed in, or not any more: the sign-in page, with what they typed kept; a script is told by its status."""
    if FRAGMENT_HEADER in request.headers:
        return HttpResponse(status=401, headers={"Cache-Control": "no-store"})
    if request.method != "POST":
        return HttpResponseRedirect(f"{root(language)}sign-in")
    typed = request.POST.get("text", "")[:TYPED_LENGTH_MAX]
    words = WORDS[language]
    notice = words["expired"] if typed else words["expired_plain"]
    shown: dict[str, Any] = {"typed": typed, "notice": notice, "values": {}, "errors": {}}
    return page(request, "sign_in", language, "sign-in", status=403, **shown)


@require_GET
@for_clerks(to_sign_in)
def desk_page(request: HttpRequest, language: str, who: SignedIn, agency_clock: Callable[[], Clock]) -> HttpResponse:
    """Show the field, ready for the next patient."""
    return _desk(request, language, who, None, request.session.pop("typed", ""))


@require_POST
@for_clerks(to_sign_in)
def ask(request: HttpRequest, language: str, who: SignedIn, agency_clock: Callable[[], Clock]) -> HttpResponse:
    """Answer one scan or typed number: the whole page, or the fragment its script asks for."""
    texts = request.POST.getlist("text")
    if len(texts) != 1 or set(request.POST) - {"text", "csrfmiddlewaretoken"}:
        return form_refused(request)
    clerk = Clerk(who, request.session.session_key or "", language)
    verdict = look_up(texts[0], clerk, agency_clock())
    typed = texts[0][:TYPED_LENGTH_MAX] if verdict.verdict == "unreadable" else ""
    return _desk(request, language, who, verdict, typed)


@require_GET
@for_clerks(to_sign_in)
def today_page(request: HttpRequest, language: str, who: SignedIn) -> HttpResponse:
    """Show the officer's own look-ups of today."""
    now = RealClock().now()
    count = count_of_today(who.account, now)
    shown: dict[str, Any] = {
        "who": who,
        "looks": look_presenters(looks_of_today(who.account, now), language),
        "count": count_in_words(count, language),
        "more": WORDS[language]["today_more"].format(shown=LOOKS_MAX) if count > LOOKS_MAX else "",
        "facility": _facility_name(who),
    }
    return page(request, "today", language, "today", **shown)


@require_POST
@for_clerks(to_sign_in)
def stay(request: HttpRequest, language: str, who: SignedIn) -> HttpResponse:
    """Note that the officer is there, so that the session goes on."""
    if FRAGMENT_HEADER in request.headers:
        return HttpResponse(status=204)
    return HttpResponseRedirect(root(language))


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_clerks(to_sign_in)
def confirm_page(request: HttpRequest, language: str, who: SignedIn) -> HttpResponse:
    """Let an officer who was stopped for asking too much go on, after they proved both factors again."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        form = read_form(request, ("password", "code"), {})
        if not form.ours:
            return form_refused(request)
        errors = {name: WORDS[language][f"missing_{name}"] for name in form.missing}
        errors = errors or proven_again(who, form.values, request.META.get("REMOTE_ADDR", ""), language)
        if not errors:
            return HttpResponseRedirect(root(language))
    return page(request, "confirm", language, "confirm", status=422 if errors else 200, who=who, errors=errors)


@require_http_methods(["POST"])
def sign_out(request: HttpRequest, language: str) -> HttpResponse:
    """End the caller's own session, here and in the browser."""
    request.session.flush()
    response = HttpResponseRedirect(f"{root(language)}signed-out")
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


@require_GET
def signed_out(request: HttpRequest, language: str) -> HttpResponse:
    """Say that nothing is left on this machine."""
    return page(request, "signed_out", language, "signed-out")


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that is not ours, or too old to tell; nothing was done."""
    return _refused(request, "refused", 403)


def too_large(request: HttpRequest) -> HttpResponse:
    """Answer more than a page of the desk takes; nothing was read or kept."""
    return _refused(request, "large", 413)


def _refused(request: HttpRequest, told: str, status: int) -> HttpResponse:
    language = "en" if request.path.startswith("/en/") else "vi"
    if FRAGMENT_HEADER in request.headers:
        return HttpResponse(status=status)
    words = WORDS[language]
    shown = {"title": words[f"{told}_title"], "lead": words[f"{told}_lead"]}
    return page(request, "refused", language, "", status=status, **shown)


def _desk(
    request: HttpRequest, language: str, who: SignedIn, verdict: VerdictPresenter | None, typed: str
) -> HttpResponse:
    now = RealClock().now()
    fragment = FRAGMENT_HEADER in request.headers
    shown: dict[str, Any] = {
        "who": who,
        "facility": _facility_name(who),
        "verdict": verdict,
        "typed": typed,
        "typed_length_max": TYPED_LENGTH_MAX,
        "looks": look_presenters(looks_of_today(who.account, now, LOOKS_BESIDE), language),
        "count": count_in_words(count_of_today(who.account, now), language),
        "script_words": script_words(language),
        "idle_seconds": int(IDLE_MAX.total_seconds()),
        "warned_seconds": int(WARNED_BEFORE.total_seconds()),
        "fragment": fragment,
    }
    return with_camera(page(request, "answer" if fragment else "desk", language, "", **shown))


def _facility_name(who: SignedIn) -> str:
    place = facility_of_code(who.subject.facility)
    return place.name if place else who.subject.facility


def routes(agency_clock: Callable[[], Clock]) -> list[URLPattern]:
    """Return the desk's addresses in both languages; the agency's clock says which cards are expired."""
    found = []
    for language in LANGUAGES:
        below = root(language).lstrip("/")
        given: dict[str, Any] = {"language": language}
        timed = given | {"agency_clock": agency_clock}
        found += [
            path(f"{below}{address}", view, given, name=f"desk-{address}-{language}") for address, view in DOORS.items()
        ]
        found += [
            path(below, desk_page, timed, name=f"desk-{language}"),
            path(f"{below}ask", ask, timed, name=f"desk-ask-{language}"),
            path(f"{below}today", today_page, given, name=f"desk-today-{language}"),
            path(f"{below}confirm", confirm_page, given, name=f"desk-confirm-{language}"),
            path(f"{below}stay", stay, given, name=f"desk-stay-{language}"),
            path(f"{below}sign-out", sign_out, given, name=f"desk-sign-out-{language}"),
            path(f"{below}signed-out", signed_out, given, name=f"desk-signed-out-{language}"),
            *patient_routes(language),
            *offline_routes(language, agency_clock),
        ]
    return found

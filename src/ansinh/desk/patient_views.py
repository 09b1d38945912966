"""The doctor's pages: a patient's book on one page, one visit whole, the glass. Every step is a plain form; nothing needs scripts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ansinh.desk.adapters.gateway import Away
from ansinh.desk.adapters.health import HealthOutcome, NoGround, NotTold, Told
from ansinh.desk.pages import page, root
from ansinh.desk.patient_asking import PURPOSES, Doctor, Encounter, keep_encounter, open_encounter
from ansinh.desk.patient_presenters import patient_presenter, visit_presenter, who_is_it
from ansinh.desk.patient_words import WORDS
from ansinh.desk.queries import masked
from ansinh.desk.reading import TYPED_LENGTH_MAX, read
from ansinh.desk.sessions import for_clerks
from ansinh.foundation.errors import InvalidInput
from ansinh.places.queries import facility as facility_of_code
from ansinh.screens.sent import read_form
from ansinh.signin.queries import SignedIn

REASON_LENGTH_MAX = 300
HERE = "patient"


def to_sign_in(request: HttpRequest, language: str, **_: Any) -> HttpResponse:
    """Send somebody who is not signed in, or not any more, to the sign-in page."""
    return HttpResponseRedirect(f"{root(language)}sign-in")


@require_GET
@for_clerks(to_sign_in)
def patient_page(request: HttpRequest, language: str, who: SignedIn) -> HttpResponse:
    """Show the book of the encounter that is open, or the form that opens one."""
    encounter = open_encounter(request)
    if encounter is None:
        return _page(request, "patient_open", language, who, errors={}, values={"text": "", "purpose": ""})
    return _book(request, language, who, encounter, {})


@require_POST
@for_clerks(to_sign_in)
def open_patient(request: HttpRequest, language: str, who: SignedIn) -> HttpResponse:
    """Open an encounter: whose book, what for. The number goes into the server's session and nowhere else."""
    form = read_form(request, ("text", "purpose"), {})
    words, errors = WORDS[language], dict[str, str]()
    text, purpose = form.values["text"][:TYPED_LENGTH_MAX], form.values["purpose"]
    key = ""
    try:
        key = read(text).number if text.strip() else ""
    except InvalidInput as refusal:
        errors["text"] = refusal.vi if language == "vi" else refusal.en
    if not key and not errors:
        errors["text"] = words["missing_number"]
    if purpose not in {one.code for one in PURPOSES} or not form.ours:
        errors["purpose"] = words["bad_purpose"]
    if errors:
        values = {"text": text, "purpose": purpose}
        return _page(request, "patient_open", language, who, status=422, errors=errors, values=values)
    keep_encounter(request, Encounter(key, purpose))
    return HttpResponseRedirect(f"{root(language)}{HERE}")


@require_POST
@for_clerks(to_sign_in)
def close_patient(request: HttpRequest, language: str, who: SignedIn) -> HttpResponse:
    """Close the encounter; what was shown is kept nowhere."""
    keep_encounter(request, None)
    return HttpResponseRedirect(f"{root(language)}{HERE}")


@require_POST
@for_clerks(to_sign_in)
def break_glass(request: HttpRequest, language: str, who: SignedIn) -> HttpResponse:
    """Open the whole book in an emergency, with a reason the patient reads."""
    encounter = open_encounter(request)
    form = read_form(request, ("reason",), {})
    if encounter is None or not form.ours:
        return HttpResponseRedirect(f"{root(language)}{HERE}")
    question = {"key": encounter.key, "reason": form.values["reason"].strip()[: REASON_LENGTH_MAX + 1]}
    found = Doctor(who, language).ask("health:break-glass", question)
    if isinstance(found, Told):
        return HttpResponseRedirect(f"{root(language)}{HERE}")
    return _book(request, language, who, encounter, {"reason": _sentence(found, language)}, form.values["reason"])


@require_http_methods(["GET", "HEAD"])
@for_clerks(to_sign_in)
def visit_page(request: HttpRequest, language: str, who: SignedIn, visit: int) -> HttpResponse:
    """Show one visit of the open book whole."""
    encounter = open_encounter(request)
    if encounter is None:
        return HttpResponseRedirect(f"{root(language)}{HERE}")
    question = {"key": encounter.key, "purpose": encounter.purpose, "visit": str(visit)}
    found = Doctor(who, language).ask("health/visit", question)
    if isinstance(found, Told) and found.answer.get("visit"):
        shown = visit_presenter(found.answer["visit"], language)
        return _page(request, "patient_visit", language, who, here=f"{HERE}/{visit}", visit=shown)
    return _trouble(request, language, who, found)


def _book(
    request: HttpRequest, language: str, who: SignedIn, encounter: Encounter, errors: dict[str, str], reason: str = ""
) -> HttpResponse:
    doctor = Doctor(who, language)
    found = doctor.ask("health/summary", {"key": encounter.key, "purpose": encounter.purpose})
    standing = doctor.standing(encounter.key)
    name, about = who_is_it(standing, masked(encounter.key), language)
    shown: dict[str, Any] = {"name": name, "about": about, "errors": errors, "reason": reason}
    shown["purpose"] = WORDS[language][f"purpose_{encounter.purpose}"]
    status = 422 if errors else 200
    if isinstance(found, NoGround):
        return _page(request, "patient_no_ground", language, who, status=status, **shown)
    if not isinstance(found, Told):
        return _trouble(request, language, who, found)
    referrals = doctor.listed("referrals", encounter)
    appointments = doctor.listed("appointments", encounter)
    if not found.answer.get("found") and not referrals and not appointments:
        return _trouble(request, language, who, found)
    shown["patient"] = patient_presenter(found.answer, referrals, appointments, language)
    return _page(request, "patient", language, who, status=status, **shown)


def _trouble(request: HttpRequest, language: str, who: SignedIn, found: HealthOutcome) -> HttpResponse:
    status = 200 if isinstance(found, Told) else 503 if isinstance(found, Away) else 403
    return _page(request, "patient_trouble", language, who, status=status, sentence=_sentence(found, language))


def _sentence(found: HealthOutcome, language: str) -> str:
    words = WORDS[language]
    if isinstance(found, NotTold):
        return found.detail or words["away"]
    if isinstance(found, NoGround):
        return words["no_ground_lead"]
    return words["away"] if isinstance(found, Away) else words["nobody"]


def _page(
    request: HttpRequest,
    template: str,
    language: str,
    who: SignedIn,
    *,
    status: int = 200,
    here: str = HERE,
    **shown: Any,
) -> HttpResponse:
    place = facility_of_code(who.subject.facility)
    context: dict[str, Any] = {
        "who": who,
        "facility": place.name if place else who.subject.facility,
        "say": WORDS[language],
        "purposes": [(one.code, WORDS[language][f"purpose_{one.code}"]) for one in PURPOSES],
        "typed_length_max": TYPED_LENGTH_MAX,
        "reason_length_max": REASON_LENGTH_MAX,
    }
    return page(request, template, language, here, status=status, **context | shown)


def patient_routes(language: str) -> list[URLPattern]:
    """Return the doctor's addresses in a language."""
    below, given = root(language).lstrip("/"), {"language": language}
    return [
        path(f"{below}{HERE}", patient_page, given, name=f"desk-patient-{language}"),
        path(f"{below}{HERE}/open", open_patient, given, name=f"desk-patient-open-{language}"),
        path(f"{below}{HERE}/close", close_patient, given, name=f"desk-patient-close-{language}"),
        path(f"{below}{HERE}/break-glass", break_glass, given, name=f"desk-patient-glass-{language}"),
        path(f"{below}{HERE}/<int:visit>", visit_page, given, name=f"desk-patient-visit-{language}"),
    ]

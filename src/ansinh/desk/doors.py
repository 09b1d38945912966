"""The pages on which officers of facilities sign in and enrol. Nobody is known yet, so every failure says the same."""

from __future__ import annotations

import segno
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.utils.safestring import mark_safe
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from ansinh.access.queries import sign_in_door
from ansinh.database.urls import secrets_folder
from ansinh.desk.pages import page, root
from ansinh.desk.reading import TYPED_LENGTH_MAX
from ansinh.desk.sessions import begin, who_is_signed_in
from ansinh.desk.words import WORDS
from ansinh.foundation.clock import RealClock
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.settings import settings
from ansinh.screens.sent import Form, read_form
from ansinh.signin.operations import Enrolment, LetIn, NotLetIn, Proof, enrol_account, sign_in
from ansinh.signin.queries import facility_officer, offer_second_factor

OFFER_LENGTH_MAX = 500
QR_SCALE = 4


def no_entry(answer: NotLetIn, words: dict[str, str], otherwise: str) -> str:
    """Return why somebody is not let in, in words that tell nothing."""
    return words["slowed"].format(seconds=answer.wait_seconds) if answer.wait_seconds else words[otherwise]


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_page(request: HttpRequest, language: str) -> HttpResponse:
    """Let an officer of a facility in by password and second factor."""
    words = WORDS[language]
    if request.method != "POST":
        if who_is_signed_in(request) is not None:
            return HttpResponseRedirect(root(language))
        return page(request, "sign_in", language, "sign-in", values={}, errors={}, notice="", typed="")
    form = read_form(request, ("facility", "officer", "password", "code"), {"typed": TYPED_LENGTH_MAX})
    typed, errors, status = form.values["typed"] if form.ours else "", {}, 422
    if not form.ours:
        errors = {"facility": words["not_let_in"]}
    elif form.missing:
        errors = {name: words[f"missing_{name}"] for name in form.missing}
    else:
        answer = sign_in(
            actor=sign_in_door(),
            reason="đăng nhập bàn tiếp đón",
            clock=RealClock(),
            subject=facility_officer(form.values["facility"], form.values["officer"]),
            proof=Proof(form.values["password"], form.values["code"], request.META.get("REMOTE_ADDR", "")),
            secrets=secrets_folder(settings()),
        )
        if isinstance(answer, LetIn):
            begin(request, answer, typed)
            rotate_token(request)
            return HttpResponseRedirect(root(language))
        errors = {"facility": no_entry(answer, words, "not_let_in")}
        status = 429 if answer.wait_seconds else 422
    values = {name: form.values[name] for name in ("facility", "officer")}
    return page(
        request, "sign_in", language, "sign-in", status=status, values=values, errors=errors, notice="", typed=typed
    )


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def enrol_page(request: HttpRequest, language: str) -> HttpResponse:
    """Give an invited officer a password and a second factor."""
    words = WORDS[language]
    form = read_form(request, ("facility", "officer", "invitation", "password", "code"), {"offer": OFFER_LENGTH_MAX})
    errors: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        status = 422
        if not form.ours:
            errors = {"facility": words["not_enrolled"]}
        elif form.missing:
            errors = {name: words[f"missing_{name}"] for name in form.missing}
        else:
            outcome = _enrol(request, form, language)
            if not outcome:
                return HttpResponseRedirect(f"{root(language)}enrolled")
            errors = outcome
    offer = offer_second_factor("bàn tiếp đón", secrets_folder(settings()), RealClock().now(), form.values["offer"])
    drawn = segno.make(offer.uri, error="m", micro=False).svg_inline(
        scale=QR_SCALE, border=2, light="#fff", omitsize=False
    )
    return page(
        request,
        "enrol",
        language,
        "enrol",
        status=status,
        values={name: form.values[name] for name in ("facility", "officer", "invitation")},
        errors=errors,
        offer=offer.sealed,
        key=" ".join(offer.secret[at : at + 4] for at in range(0, len(offer.secret), 4)),
        qr=mark_safe(drawn),  # noqa: S308 - drawn by us from a secret of our own making
    )


def _enrol(request: HttpRequest, form: Form, language: str) -> dict[str, str]:
    """Return what was wrong, by field; nothing when the account is active."""
    words, values = WORDS[language], form.values
    try:
        answer = enrol_account(
            actor=sign_in_door(),
            reason="kích hoạt tài khoản bàn tiếp đón",
            clock=RealClock(),
            subject=facility_officer(values["facility"], values["officer"]),
            brought=Enrolment(values["invitation"], values["password"], values["offer"], values["code"]),
            address=request.META.get("REMOTE_ADDR", ""),
            secrets=secrets_folder(settings()),
        )
    except InvalidInput as refusal:
        return {str(refusal.facts.get("field", "code")): refusal.vi if language == "vi" else refusal.en}
    if isinstance(answer, LetIn):
        return {}
    return {"invitation": no_entry(answer, words, "not_enrolled")}


@require_GET
def enrolled_page(request: HttpRequest, language: str) -> HttpResponse:
    """Say that the account is active, and let its owner in."""
    notice = WORDS[language]["enrolled"]
    return page(request, "sign_in", language, "sign-in", values={}, errors={}, notice=notice, typed="")


DOORS = {"sign-in": sign_in_page, "enrol": enrol_page, "enrolled": enrolled_page}

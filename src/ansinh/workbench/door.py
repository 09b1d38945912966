"""How officers of the agency come in and leave: two factors, or an invitation the first time. Nobody is known yet, so every failure says the same."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ansinh.access.queries import sign_in_door
from ansinh.database.urls import secrets_folder
from ansinh.foundation.clock import RealClock
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.settings import settings
from ansinh.screens.components import (
    Actions,
    Banner,
    Button,
    Field,
    Form,
    Group,
    Hidden,
    Link,
    Paragraph,
    Part,
    Problem,
)
from ansinh.screens.drawing import code_of
from ansinh.screens.sent import read_form
from ansinh.signin.operations import Enrolment, LetIn, NotLetIn, Proof, enrol_account, sign_in
from ansinh.signin.queries import agency_officer, offer_second_factor
from ansinh.workbench.guard import NEXT_LENGTH_MAX, local_path
from ansinh.workbench.shell import page
from ansinh.workbench.words import root
from ansinh.workbench.words.door import WORDS

OFFER_LENGTH_MAX = 500
ANSWERS = ("officer", "password", "code")
ENROLLING = ("officer", "invitation", "password", "code")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_page(request: HttpRequest, language: str) -> HttpResponse:
    """Let an officer of the agency in by password and second factor."""
    words = WORDS[language]
    if request.method != "POST":
        return _sign_in(request, language, request.GET.get("next", ""), {}, {})
    form = read_form(request, ANSWERS, {"next": NEXT_LENGTH_MAX})
    errors, status = {name: words[f"missing_{name}"] for name in form.missing}, 422
    if not form.ours:
        errors = {"officer": words["not_let_in"]}
    if not errors:
        answer = sign_in(
            actor=sign_in_door(),
            reason="đăng nhập bàn làm việc",
            clock=RealClock(),
            subject=agency_officer(form.values["officer"]),
            proof=Proof(form.values["password"], form.values["code"], request.META.get("REMOTE_ADDR", "")),
            secrets=secrets_folder(settings()),
        )
        if isinstance(answer, LetIn):
            now = RealClock().now().timestamp()
            request.session.flush()
            request.session.update({"account": answer.account, "signed_in_at": now, "seen_at": now})
            rotate_token(request)
            return HttpResponseRedirect(local_path(form.values["next"], language))
        errors = {"officer": _no_entry(answer, language, "not_let_in")}
        status = 429 if answer.wait_seconds else 422
    return _sign_in(request, language, form.values["next"], form.values, errors, status=status)


def _sign_in(
    request: HttpRequest,
    language: str,
    following: str,
    values: dict[str, str],
    errors: dict[str, str],
    *,
    status: int = 200,
    notice: str = "",
) -> HttpResponse:
    words = WORDS[language]
    fields = (
        Hidden("next", local_path(following, language)),
        _field("officer", language, values, errors, fill="username"),
        _field("password", language, {}, errors, fill="current-password", secret=True),
        _field("code", language, {}, errors, fill="one-time-code", mode="numeric", width=6),
    )
    told = notice or (words["expired"] if following and not errors else "")
    parts: list[Part] = [Banner(told)] if told else []
    parts += [
        Group((Form(fields, words["button"], action=f"{root(language)}sign-in"),)),
        Paragraph(words["forgotten"], kind="quiet"),
        Actions((Link(words["first_time"], f"{root(language)}enrol"),)),
    ]
    problems = tuple(Problem(name, text) for name, text in errors.items())
    return page(request, language, words["title"], parts, lead=words["lead"], problems=problems, status=status)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def enrol_page(request: HttpRequest, language: str) -> HttpResponse:
    """Give an invited officer a password and a second factor."""
    words, errors, status = WORDS[language], {}, 200
    form = read_form(request, ENROLLING, {"offer": OFFER_LENGTH_MAX})
    if request.method == "POST":
        status = 422
        errors = (
            {name: words[f"missing_{name}"] for name in form.missing}
            if form.ours
            else {"officer": words["not_enrolled"]}
        )
        if not errors:
            errors = _enrol(request, form.values, language)
        if not errors:
            return HttpResponseRedirect(f"{root(language)}enrolled")
    offer = offer_second_factor("bàn làm việc", secrets_folder(settings()), RealClock().now(), form.values["offer"])
    key = " ".join(offer.secret[at : at + 4] for at in range(0, len(offer.secret), 4))
    fields = (
        Hidden("offer", offer.sealed),
        _field("officer", language, form.values, errors, fill="username"),
        _field("invitation", language, form.values, errors),
        _field("password", language, {}, errors, fill="new-password", secret=True, label="new_password"),
        code_of(offer.uri, words["scan"], words["key"].format(key=key)),
        _field("code", language, {}, errors, fill="one-time-code", mode="numeric", width=6),
    )
    parts = (Group((Form(fields, words["enrol_button"], action=f"{root(language)}enrol"),)),)
    problems = tuple(Problem(name, text) for name, text in errors.items())
    back = Link(words["title"], f"{root(language)}sign-in")
    return page(
        request,
        language,
        words["enrol_title"],
        parts,
        status=status,
        lead=words["enrol_lead"],
        problems=problems,
        back=back,
    )


def _enrol(request: HttpRequest, values: dict[str, str], language: str) -> dict[str, str]:
    """Return what was wrong, by field; nothing when the account is active."""
    try:
        answer = enrol_account(
            actor=sign_in_door(),
            reason="kích hoạt tài khoản bàn làm việc",
            clock=RealClock(),
            subject=agency_officer(values["officer"]),
            brought=Enrolment(values["invitation"], values["password"], values["offer"], values["code"]),
            address=request.META.get("REMOTE_ADDR", ""),
            secrets=secrets_folder(settings()),
        )
    except InvalidInput as refusal:
        return {str(refusal.facts.get("field", "code")): refusal.vi if language == "vi" else refusal.en}
    return {} if isinstance(answer, LetIn) else {"invitation": _no_entry(answer, language, "not_enrolled")}


@require_GET
def enrolled_page(request: HttpRequest, language: str) -> HttpResponse:
    """Say that the account is active, and let its owner in."""
    return _sign_in(request, language, "", {}, {}, notice=WORDS[language]["enrolled"])


@require_POST
def sign_out(request: HttpRequest, language: str) -> HttpResponse:
    """End the caller's own session, here and in the browser."""
    request.session.flush()
    response = HttpResponseRedirect(f"{root(language)}signed-out")
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


@require_GET
def signed_out(request: HttpRequest, language: str) -> HttpResponse:
    """Say that nothing is left on this machine."""
    words = WORDS[language]
    parts = (Actions((Button(words["again"], f"{root(language)}sign-in"),)),)
    return page(request, language, words["out_title"], parts, lead=words["out_lead"])


def _no_entry(answer: NotLetIn, language: str, otherwise: str) -> str:
    words = WORDS[language]
    return words["slowed"].format(seconds=answer.wait_seconds) if answer.wait_seconds else words[otherwise]


def _field(name: str, language: str, values: dict[str, str], errors: dict[str, str], **how: object) -> Field:
    words = WORDS[language]
    label = str(how.pop("label", name))
    given = {"hint": words.get(f"{label}_hint", ""), "value": values.get(name, ""), "error": errors.get(name, "")}
    return Field(name, words[label], **given, **how)  # type: ignore[arg-type]  # what a field may be told is checked by it


DOORS = {
    "sign-in": sign_in_page,
    "enrol": enrol_page,
    "enrolled": enrolled_page,
    "sign-out": sign_out,
    "signed-out": signed_out,
}

"""Papers in a wallet: offer them by a code and digits, permit a wallet that asks for them, and end them all when a phone is lost."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from ansinh.credentials.operations import (
    Clocks,
    decline_wallet,
    offer_credentials,
    permit_wallet,
    withdraw_credentials,
)
from ansinh.credentials.queries import (
    KINDS,
    Kind,
    WalletRequest,
    copies_held,
    offer_link,
    papers_ready,
    request_of,
    returned_to,
    wallet_name,
)
from ansinh.database.urls import secrets_folder
from ansinh.foundation.clock import VIET_NAM, RealClock
from ansinh.foundation.errors import NotFound, Refusal
from ansinh.foundation.settings import settings
from ansinh.portal.acts.steps import REASON, back_to
from ansinh.portal.door.guard import may_lead_to
from ansinh.portal.shell import home_link, page
from ansinh.portal.whose import Whose, own_page
from ansinh.portal.words.wallet import WORDS
from ansinh.screens.components import (
    Actions,
    Banner,
    Button,
    Choice,
    Choices,
    Empty,
    Form,
    Group,
    Heading,
    Hidden,
    Link,
    Paragraph,
    Part,
    Problem,
    Row,
    Summary,
)
from ansinh.screens.drawing import code_of

REQUEST_LENGTH_MAX = 2_000


@require_http_methods(["GET", "HEAD", "POST"])
@own_page(level=2, safe=False)
def wallet_page(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Ask which papers go into a wallet, and give the code it takes them by; or end all that are in one."""
    if whose.for_another:
        return _for_another(request, language)
    if request.method == "POST" and request.POST.get("act") == "end":
        return _ended(request, language, whose)
    chosen = request.POST.getlist("paper") if request.method == "POST" else []
    kinds = [kind for kind in Kind if kind.value in chosen]
    if kinds:
        return _offered(request, language, whose, kinds)
    problem = (Problem("paper", WORDS[language]["choose"]),) if request.method == "POST" else ()
    return _choosing(request, language, whose, problem)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page(level=2, safe=False)
@sensitive_variables()
def permit_page(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Ask a citizen whether a wallet may have the papers it asks for, and lead back to it with the answer (OpenID4VCI 1.0, section 5)."""
    given = request.POST if request.method == "POST" else request.GET
    client_id, request_uri = (given.get(name, "")[:REQUEST_LENGTH_MAX] for name in ("client_id", "request_uri"))
    asked = request_of(request_uri, client_id, RealClock().now(), _folder())
    if asked is None:
        return _over(request, language)
    if whose.for_another:
        return _for_another(request, language)
    answer = _ANSWERS.get(given.get("answer", "")) if request.method == "POST" else None
    try:
        back = answer(whose, asked, request_uri) if answer else ""
    except NotFound:
        back = ""  # the page says which paper there is none of
    except Refusal:
        return _over(request, language)
    return _away(back) if back else _asking(request, language, whose, asked, request_uri)


def _permitted(whose: Whose, asked: WalletRequest, request_uri: str) -> str:
    made = permit_wallet(
        actor=whose.actor,
        reason=REASON,
        clocks=Clocks(whose.clock, RealClock()),
        person_id=whose.person_id,
        client_id=asked.client_id,
        request_uri=request_uri,
        folder=_folder(),
    )
    return returned_to(made.request, code=made.code)


def _declined(whose: Whose, asked: WalletRequest, request_uri: str) -> str:
    decline_wallet(
        actor=whose.actor,
        reason=REASON,
        clock=RealClock(),
        client_id=asked.client_id,
        request_uri=request_uri,
        folder=_folder(),
    )
    return returned_to(asked, error="access_denied")


_ANSWERS = {"yes": _permitted, "no": _declined}


def _choosing(
    request: HttpRequest, language: str, whose: Whose, problems: tuple[Problem, ...], done: Sequence[Part] = ()
) -> HttpResponse:
    words, back = WORDS[language], back_to(language, "card", WORDS[language]["card"])
    ready = papers_ready(whose.person_id, whose.now)
    items = tuple(Choice(kind.value, _named(kind, language)) for kind in ready)
    error = problems[0].text if problems else ""
    asked = Choices("paper", words["papers"], items, error=error, several=True)
    parts: list[Part] = [*done]
    parts.append(Form((asked,), words["make"]) if ready else Empty(words["none"], words["none_text"], back))
    held = copies_held(whose.person_id, RealClock().now())
    if held:
        told = Paragraph(words["held_text"])
        end = Form((Hidden("act", "end"),), words["end"], kind="warning")
        parts.append(Group((told, end), title=words["held"].format(count=held)))
    return page(request, language, words["title"], parts, lead=words["lead"], back=back, problems=problems)


def _offered(request: HttpRequest, language: str, whose: Whose, kinds: Sequence[Kind]) -> HttpResponse:
    words = WORDS[language]
    made = offer_credentials(
        actor=whose.actor,
        reason=REASON,
        clocks=Clocks(whose.clock, RealClock()),
        person_id=whose.person_id,
        kinds=kinds,
        folder=_folder(),
    )
    link = offer_link(made.reference)
    until = f"{made.expires_at.astimezone(VIET_NAM):%H:%M}"
    parts: tuple[Part, ...] = (
        code_of(link, words["offer_described"], words["offer_text"]),
        Summary((Row(words["digits"], made.tx_code),)),
        Actions((Button(words["open"], link), back_to(language, "card/wallet", words["again"]))),
    )
    lead = words["offer_lead"].format(until=until)
    return page(request, language, words["offer_title"], parts, lead=lead, back=home_link(language))


def _ended(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    count = withdraw_credentials(actor=whose.actor, reason=REASON, clock=RealClock(), person_id=whose.person_id)
    done = (Banner(WORDS[language]["ended"].format(count=count), kind="good"),)
    return _choosing(request, language, whose, (), done)


def _asking(request: HttpRequest, language: str, whose: Whose, asked: WalletRequest, request_uri: str) -> HttpResponse:
    words, wallet = WORDS[language], wallet_name(asked.client_id)
    title = words["permit_title"].format(wallet=wallet)
    names = [_named(kind, language) for kind in asked.kinds]
    kept = (Hidden("client_id", asked.client_id), Hidden("request_uri", request_uri))
    ready = papers_ready(whose.person_id, whose.now)
    missing = [_named(kind, language) for kind in asked.kinds if kind not in ready]
    refusing = Form((*kept, Hidden("answer", "no")), words["decline"], kind="quiet")
    parts: list[Part]
    if missing:
        told = words["missing_text"].format(papers=", ".join(missing))
        refusing = Form((*kept, Hidden("answer", "no")), words["back_to_wallet"])
        parts = [Banner(words["missing"], told, "warning"), refusing]
    else:
        rows = (Row(words["wallet"], wallet), Row(words["returns"], _origin(asked.redirect_uri)))
        parts = [
            Heading(words["papers"]),
            *(Paragraph(name) for name in names),
            Summary(rows),
            Form((*kept, Hidden("answer", "yes")), words["permit"]),
            refusing,
        ]
    response = page(request, language, title, parts, lead="" if missing else words["permit_lead"])
    return may_lead_to(response, _origin(asked.redirect_uri))


def _away(address: str) -> HttpResponse:
    """Lead to an app's own scheme as well, which is only where its wallet was registered to be answered."""
    return HttpResponse(status=303, headers={"Location": address, "Cache-Control": "no-store"})


def _over(request: HttpRequest, language: str) -> HttpResponse:
    words = WORDS[language]
    parts = (Actions((Link(words["again"], back_to(language, "card/wallet", "").address),)),)
    return page(request, language, words["over"], parts, lead=words["over_text"], back=home_link(language), status=400)


def _for_another(request: HttpRequest, language: str) -> HttpResponse:
    words = WORDS[language]
    parts = (Banner(words["for_another"], words["for_another_text"], "warning"),)
    return page(request, language, words["title"], parts, back=home_link(language), status=403)


def _origin(address: str) -> str:
    """Return what a policy calls where an address leads: a host, or an app's own scheme."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in {"http", "https"} else f"{parts.scheme}:"


def _named(kind: Kind, language: str) -> str:
    said = KINDS[kind]
    return said.vi if language == "vi" else said.en


def _folder() -> Path:
    return secrets_folder(settings())


PAGES = {"card/wallet": wallet_page, "card/wallet/permit": permit_page}

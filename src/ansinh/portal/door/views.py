"""In with the national e-ID, back from it, and out again. Nobody is known yet, so each of these addresses is open; what comes is believed only when proven."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from ansinh.access.queries import sign_in_door
from ansinh.foundation.clock import Clock, RealClock
from ansinh.foundation.errors import InvalidInput, NotFound, PartnerTrouble
from ansinh.foundation.settings import settings
from ansinh.people.queries import person_of_number
from ansinh.portal.door import keeping
from ansinh.portal.door.eid.asking import (
    Secrets,
    Told,
    Wish,
    code_of,
    new_secrets,
    what_is_told,
    where_to_ask,
    where_to_leave,
)
from ansinh.portal.door.eid.distrust import Declined, Distrusted, Why
from ansinh.portal.door.eid.proving import logout_proven
from ansinh.portal.door.guard import citizen_at, cookie_name, local_path, session_key
from ansinh.portal.door.pages import away_page, not_let_in_page, signed_out_page, slowed_page, start_page, wanted_of
from ansinh.portal.words import root
from ansinh.signin.operations import (
    Arrival,
    EidRequest,
    EndedThere,
    end_provider_sessions,
    leave,
    let_citizen_in,
    open_request,
    raise_level,
    take_request,
    turn_away,
)
from ansinh.signin.queries import door_wait
from ansinh.signin.states import Channel

REASON = "đăng nhập cổng công dân"
AgencyClock = Callable[[], Clock]
_PIN_LENGTH = 12
# Parameters the e-ID returns with. More than one of a kind is no answer of its.
_RETURNED = ("state", "code", "iss", "error")
_RETURNED_LENGTH_MAX = 2_000


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_page(request: HttpRequest, language: str) -> HttpResponse:
    """Say what will happen, and lead to the e-ID."""
    given = request.POST if request.method == "POST" else request.GET
    next_path = local_path(given.get("next", root(language)))
    level = 2 if given.get("level") == "2" else 1
    channel = Channel.APP if given.get("from") == Channel.APP.value else Channel.PORTAL
    again = given.get("again") == "1"
    citizen = citizen_at(request)
    if citizen is not None and citizen.level >= level and not again:
        return HttpResponseRedirect(next_path)
    wanted = wanted_of(next_path, level, channel) | ({"again": "1"} if again else {})
    if request.method != "POST":
        return start_page(request, language, wanted, step_up=citizen is not None and not again)
    secrets, now = new_secrets(), RealClock()
    if wait := door_wait(_address(request), now.now()):
        return slowed_page(request, language, wait, wanted)
    try:
        wish = Wish(level, language, again)
        address = where_to_ask(keeping.provider(), keeping.door(), secrets, wish, now.now())
    except PartnerTrouble:
        return away_page(request, language, wanted)
    response = HttpResponseRedirect(address)
    response.status_code = 303
    browser = keeping.remember_browser(response, keeping.browser_of(request), language)
    asked = EidRequest(secrets.nonce, secrets.verifier, level, channel, language, next_path)
    door = sign_in_door()
    open_request(
        actor=door,
        reason=REASON,
        clock=now,
        state=secrets.state,
        browser=browser,
        request=asked,
        address=_address(request),
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@require_GET
@sensitive_variables()
def callback(request: HttpRequest, agency_clock: AgencyClock) -> HttpResponse:
    """Take somebody back from the e-ID: everything about the answer must hold, or nothing is done."""
    browser = keeping.browser_of(request)
    language = keeping.language_of(browser)
    returned = {name: request.GET.getlist(name) for name in _RETURNED}
    plain = {name: values[0] for name, values in returned.items() if values}
    bad = any(len(values) > 1 or any(len(one) > _RETURNED_LENGTH_MAX for one in values) for values in returned.values())
    try:
        if bad or not browser:
            raise NotFound("Không có yêu cầu.", "There is no request.")
        asked = take_request(
            actor=sign_in_door(),
            reason=REASON,
            clock=RealClock(),
            state=plain.get("state", ""),
            browser=browser,
            address=_address(request),
        )
    except NotFound:
        if wait := door_wait(_address(request), RealClock().now()):
            return slowed_page(request, language, wait, {})
        return _turned_away(request, language, "distrust", Why.STATE, {})
    wanted = wanted_of(asked.next_path, asked.level, asked.channel)
    secrets = Secrets(plain["state"], asked.nonce, asked.verifier)
    try:
        provider, door = keeping.provider(), keeping.door()
        told = what_is_told(provider, door, code_of(provider, plain), secrets, asked.level, RealClock().now())
    except PartnerTrouble:
        return away_page(request, asked.language, wanted)
    except Declined as no:
        kind = "declined" if no.error == "access_denied" else "distrust"
        return _turned_away(request, asked.language, kind, no.error, wanted)
    except Distrusted as distrusted:
        kind = "level" if distrusted.why is Why.LEVEL else "distrust"
        return _turned_away(request, asked.language, kind, distrusted.why, wanted)
    return _let_in(request, asked, told, wanted, agency_clock)


@sensitive_variables()
def _let_in(
    request: HttpRequest, asked: EidRequest, told: Told, wanted: dict[str, str], agency_clock: AgencyClock
) -> HttpResponse:
    number = told.number
    if not (len(number) == _PIN_LENGTH and number.isascii() and number.isdigit()):
        return _turned_away(request, asked.language, "unverified", "unverified", wanted)
    person_id = person_of_number("pin", number)
    if person_id is None:
        return _turned_away(request, asked.language, "stranger", "stranger", wanted)
    arrival = Arrival(
        person_id=person_id,
        level=min(told.level, 2),
        channel=asked.channel,
        device=keeping.device_of(request),
        language=asked.language,
        issuer=settings().eid_url,
        subject=told.subject,
        provider_session=told.session,
        id_token=keeping.sealed(told.id_token),
    )
    response = HttpResponseRedirect(asked.next_path)
    response.status_code = 303
    keeping.set_cookie(response, cookie_name(), _opened(request, arrival, agency_clock()), None)
    response.delete_cookie(keeping.browser_cookie())
    response.headers["Cache-Control"] = "no-store"
    return response


def _opened(request: HttpRequest, arrival: Arrival, clock: Clock) -> str:
    """Return the key of a new session: the same person's goes on, surer; whoever else was here is signed out."""
    former, key, now = citizen_at(request), session_key(request), clock.now()
    door = sign_in_door()
    if former is not None and former.person_id == arrival.person_id and former.level <= arrival.level:
        try:
            return raise_level(
                actor=door, reason=REASON, clock=RealClock(), former_key=key, arrival=arrival, entered_at=now
            )
        except NotFound:
            pass  # it ended meanwhile, or its record was merged: a new session does as well
    if key:
        leave(actor=door, reason=REASON, key=key)
    return let_citizen_in(actor=door, reason=REASON, clock=RealClock(), arrival=arrival, entered_at=now)


def _turned_away(request: HttpRequest, language: str, kind: str, why: str, wanted: dict[str, str]) -> HttpResponse:
    unproven_at = _address(request) if kind in {"distrust", "declined"} else ""
    turn_away(actor=sign_in_door(), reason=REASON, clock=RealClock(), why=str(why), unproven_at=unproven_at)
    return not_let_in_page(request, language, kind, wanted)


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


@require_POST
def sign_out(request: HttpRequest, language: str) -> HttpResponse:
    """End the session here and at the e-ID."""
    back = f"{settings().public_url}{root(language)}signed-out"
    kept = leave(actor=sign_in_door(), reason="đăng xuất", key=session_key(request))
    address = ""
    if kept:
        try:
            door = keeping.door()
            address = where_to_leave(keeping.provider(), keeping.opened(kept), back, door.us.client_id)
        except PartnerTrouble:
            address = ""  # here it has ended; there it ends by its own limits
    response = HttpResponseRedirect(address or f"{root(language)}signed-out")
    response.status_code = 303
    response.delete_cookie(cookie_name())
    response.headers["Clear-Site-Data"] = '"storage"'
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
def signed_out(request: HttpRequest, language: str) -> HttpResponse:
    """Say that somebody has signed out."""
    return signed_out_page(request, language)


@csrf_exempt
@require_POST
@sensitive_post_parameters()
def ended_there(request: HttpRequest) -> HttpResponse:
    """Hear from the e-ID that a session ended there (OpenID Connect Back-Channel Logout 1.0): its signature stands for the key against forged forms."""
    tokens = request.POST.getlist("logout_token")
    headers = {"Cache-Control": "no-store"}
    try:
        if len(tokens) != 1:
            raise Distrusted(Why.SHAPE)
        provider, now = keeping.provider(), RealClock()
        ended = logout_proven(tokens[0], provider, keeping.door().us, now.now())
        end_provider_sessions(
            actor=sign_in_door(),
            reason="định danh quốc gia báo đăng xuất",
            clock=now,
            issuer=provider.issuer,
            ended=EndedThere(ended.subject, ended.session, ended.token_id, ended.until),
        )
    except PartnerTrouble:
        return HttpResponse(status=503, headers=headers | {"Retry-After": "60"})
    except (Distrusted, InvalidInput) as refused:
        why = refused.why if isinstance(refused, Distrusted) else Why.REPLAY
        turn_away(actor=sign_in_door(), reason="định danh quốc gia báo đăng xuất", clock=RealClock(), why=str(why))
        return JsonResponse({"error": "invalid_request"}, status=400, headers=headers)
    return HttpResponse(status=200, headers=headers)


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """Publish the keys of our side, for the e-ID to read: one signs, what is told about people is encrypted to the other."""
    found = keeping.door()
    signing, opening = found.signing.as_dict(private=False), found.us.opening.as_dict(private=False)
    return JsonResponse(
        {"keys": [{**signing, "use": "sig", "alg": "ES256"}, {**opening, "use": "enc", "alg": "ECDH-ES"}]}
    )

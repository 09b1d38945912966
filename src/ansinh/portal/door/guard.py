"""Who may see a citizens' page: somebody signed in, as surely as the page asks. Others are led to the door, and back here afterwards."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ansinh.foundation.clock import RealClock
from ansinh.foundation.settings import settings
from ansinh.people.queries import resolve
from ansinh.signin.queries import Citizen, citizen_of

View = Callable[..., HttpResponse]

# Long enough for a page that a wallet led to with its request, which is sealed into the address.
NEXT_LENGTH_MAX = 1_500
FRAGMENT_HEADER = "HX-Request"


class CitizenRequest(HttpRequest):
    """A request of somebody who is signed in: what pages of citizens receive."""

    citizen: Citizen


def cookie_name() -> str:
    """Return the name of the cookie that holds a session's key. Browsers accept the prefix over https alone; it keeps neighbouring hosts from planting one."""
    return "__Host-ansinh-citizen" if settings().public_url.startswith("https://") else "ansinh-citizen"


def session_key(request: HttpRequest) -> str:
    """Return the key the browser holds, or nothing."""
    return request.COOKIES.get(cookie_name(), "")


def citizen_at(request: HttpRequest) -> Citizen | None:
    """Return who is signed in at this request, as the person their record stands for now; None when nobody is, or not any more."""
    found = citizen_of(session_key(request), RealClock().now())
    return None if found is None else replace(found, person_id=resolve(found.person_id))


def citizen_page(*, level: int = 1) -> Callable[[View], View]:
    """Let a view be reached by citizens who are signed in at this level or a surer one; it finds them at `request.citizen`.

    Others are sent to sign in, or to prove themselves more surely, and come back to the page; a fragment's script is told to send them.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            citizen = citizen_at(request)
            if citizen is None or citizen.level < level:
                return _to_the_door(request, level)
            request.citizen = citizen  # type: ignore[attr-defined]  # CitizenRequest says so to the view
            response = view(request, *args, **kwargs)
            response.headers.setdefault("Cache-Control", "no-store")
            return may_lead_to_eid(response)

        wrapped.__permission__ = f"citizen.level_{level}"  # type: ignore[attr-defined]  # read by the test that walks all routes
        wrapped.__level__ = level  # type: ignore[attr-defined]  # read by tests that walk all pages
        return wrapped

    return decorate


def may_lead_to_eid(response: HttpResponse) -> HttpResponse:
    """Let the page's forms be answered by a way to the e-ID, such as signing out there: browsers hold redirections of forms against the policy."""
    parts = urlsplit(settings().eid_url)
    return may_lead_to(response, f"{parts.scheme}://{parts.netloc}")


def may_lead_to(response: HttpResponse, origin: str) -> HttpResponse:
    """Let the page's forms be answered by a way to this origin."""
    policy = response.headers.get("Content-Security-Policy", "")
    if policy:
        allowed = policy.replace("form-action 'self'", f"form-action 'self' {origin}")
        response.headers["Content-Security-Policy"] = allowed
    return response


def door_address(language: str) -> str:
    """Return where citizens sign in."""
    return "/sign-in" if language == "vi" else "/en/sign-in"


def local_path(text: str) -> str:
    """Return a path of these screens as it is, or the citizen's home when the text is anything else: nobody is ever sent elsewhere."""
    plain = text.isascii() and text.isprintable() and "\\" not in text and len(text) <= NEXT_LENGTH_MAX
    return text if plain and text.startswith("/") and not text.startswith("//") else "/"


def _to_the_door(request: HttpRequest, level: int) -> HttpResponse:
    """What was being sent is not kept: a form is opened anew after signing in, at the page it stood on."""
    language = "en" if request.path.startswith("/en/") else "vi"
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else request.path
    address = f"{door_address(language)}?{urlencode({'next': local_path(back), 'level': level})}"
    if FRAGMENT_HEADER in request.headers:
        return HttpResponse(status=401, headers={"HX-Redirect": address, "Cache-Control": "no-store"})
    response = HttpResponseRedirect(address)
    response.status_code = 303 if request.method not in {"GET", "HEAD"} else 302
    response.headers["Cache-Control"] = "no-store"
    return response

"""Who is signed in at this request, and until when: 15 minutes at rest, 12 hours in all."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse

from ansinh.foundation.clock import RealClock
from ansinh.signin.operations import LetIn
from ansinh.signin.queries import SignedIn, signed_in
from ansinh.signin.states import SubjectKind

IDLE_MAX = timedelta(minutes=15)
WHOLE_MAX = timedelta(hours=12)
# How long before the end of a rest the page says so.
WARNED_BEFORE = timedelta(minutes=2)

View = Callable[..., HttpResponse]


def begin(request: HttpRequest, let_in: LetIn, typed: str) -> None:
    """Sign somebody in under a new session id; `typed` is what they had typed when the former session ended."""
    now = RealClock().now().timestamp()
    request.session.flush()
    request.session.update({"account": let_in.account, "signed_in_at": now, "seen_at": now, "typed": typed})


def who_is_signed_in(request: HttpRequest) -> SignedIn | None:
    """Return the officer of a facility behind the session, and note that they are there; None when nobody is, or not any more."""
    session, now = request.session, RealClock().now().timestamp()
    account = session.get("account")
    if account is None:
        return None
    rested, whole = now - session.get("seen_at", 0), now - session.get("signed_in_at", 0)
    who = signed_in(account)
    if (
        who is None
        or who.subject.kind is not SubjectKind.FACILITY_OFFICER
        or rested > IDLE_MAX.total_seconds()
        or whole > WHOLE_MAX.total_seconds()
    ):
        session.flush()
        return None
    session["seen_at"] = now
    return who


def for_clerks(expired: View) -> Callable[[View], View]:
    """Let a view be reached by officers of facilities who are signed in; it receives `who`. Others are answered by `expired`."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            who = who_is_signed_in(request)
            if who is None:
                return expired(request, *args, **kwargs)
            return view(request, *args, who=who, **kwargs)

        wrapped.__permission__ = "desk.keep_look"  # type: ignore[attr-defined]  # read by the test that walks all routes
        return wrapped

    return decorate

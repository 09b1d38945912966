"""Who is signed in at this request, and until when: 15 minutes at rest, 12 hours in all."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from ansinh.foundation.clock import RealClock
from ansinh.signin.operations import LetIn
from ansinh.signin.queries import OFFICER_IDLE_MAX as IDLE_MAX
from ansinh.signin.queries import OFFICER_WARNED_BEFORE as WARNED_BEFORE
from ansinh.signin.queries import OFFICER_WHOLE_MAX as WHOLE_MAX
from ansinh.signin.queries import SignedIn, officer_at
from ansinh.signin.states import SubjectKind

__all__ = ["IDLE_MAX", "WARNED_BEFORE", "WHOLE_MAX", "begin", "for_clerks", "who_is_signed_in"]

View = Callable[..., HttpResponse]


def begin(request: HttpRequest, let_in: LetIn, typed: str) -> None:
    """Sign somebody in under a new session id; `typed` is what they had typed when the former session ended."""
    now = RealClock().now().timestamp()
    request.session.flush()
    request.session.update({"account": let_in.account, "signed_in_at": now, "seen_at": now, "typed": typed})


def who_is_signed_in(request: HttpRequest) -> SignedIn | None:
    """Return the officer of a facility behind the session, and note that they are there; None when nobody is, or not any more."""
    return officer_at(request.session, SubjectKind.FACILITY_OFFICER, RealClock().now())


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

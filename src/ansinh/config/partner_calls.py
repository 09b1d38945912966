"""Where partners call us besides the gateway: the population register tells what happens to people as it happens."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from ansinh.access.queries import operator
from ansinh.config.partners import register_keys
from ansinh.config.queries import agency_clock
from ansinh.config.subscriptions import deliver_announcements
from ansinh.foundation.errors import Refusal
from ansinh.foundation.settings import settings
from ansinh.registry.adapters.notifications import (
    BODY_BYTES_MAX,
    BadNotification,
    acknowledgement,
    read_notification,
)
from ansinh.registry.procedures import take_notification

REASON = "CSDL quốc gia về dân cư báo sự kiện"


@csrf_exempt  # The message carries a signature of its own; no browser sends one.
def notify(request: HttpRequest) -> HttpResponse:
    """Take the register's notification: kept before it is acknowledged; 503 tells the register to send it again."""
    if request.method != "POST":
        return _trouble(405, "err.request.bad")
    if int(request.headers.get("content-length") or 0) > BODY_BYTES_MAX:
        return _trouble(413, "err.request.bad")
    keys = register_keys(settings())
    try:
        notified = read_notification(request.read(BODY_BYTES_MAX + 1), keys)
        take_notification(actor=operator(), reason=REASON, clock=agency_clock(), page=notified.page)
    except BadNotification as bad:
        return _trouble(bad.status, bad.code)
    except Refusal:
        return _trouble(503, "err.service.unavailable")
    deliver_announcements(reason=REASON, clock=agency_clock())
    return HttpResponse(acknowledgement(notified.message_id, keys.ours), content_type="application/json")


notify.__body_bytes_max__ = BODY_BYTES_MAX  # type: ignore[attr-defined]  # read by what bounds bodies


def _trouble(status: int, code: str) -> HttpResponse:
    answer = HttpResponse(f'{{"errors":[{{"code":"{code}"}}]}}', status=status, content_type="application/json")
    if status == 503:
        answer.headers["Retry-After"] = "60"
    return answer

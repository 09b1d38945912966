"""An officer who was stopped for asking too much proves both factors at the desk, and goes on."""

from __future__ import annotations

import pyotp
import pytest
from django.test import Client

from ansinh.ceilings.models import InForce, Restraint
from ansinh.ceilings.queries import officer_subject
from ansinh.desk import asking
from ansinh.desk.adapters.gateway import Refused
from ansinh.foundation.clock import RealClock
from ansinh.signin.models import Account
from tests.desk.test_sessions_and_forms import PASSWORD, _enrolled, _facilities, _form

pytestmark = pytest.mark.django_db
__all__ = ["_facilities"]

OFFICER = ("01002", "01002-01")


@pytest.fixture
def telephone() -> pyotp.TOTP:
    """The telephone of an officer who has enrolled."""
    return _enrolled(*OFFICER)


def _challenge() -> str:
    subject = officer_subject(*OFFICER)
    Restraint.objects.create(
        subject=subject,
        kind="officer",
        facility=OFFICER[0],
        step="challenge",
        cause="persons_an_hour",
        figures={},
        began_at=RealClock().now(),
        by_whom="gateway",
        reason="thử",
    )
    return subject


def _code(telephone: pyotp.TOTP) -> str:
    """A code as it shows minutes after the one before, which is never taken twice."""
    Account.objects.update(totp_step=0)
    return telephone.now()


def _signed_in(telephone: pyotp.TOTP) -> Client:
    client, code = Client(enforce_csrf_checks=True), _code(telephone)
    answer = _form(client, "/desk/sign-in", facility=OFFICER[0], officer=OFFICER[1], password=PASSWORD, code=code)
    assert answer.status_code == 302
    return client


def _step(subject: str) -> str:
    return InForce.objects.get(subject=subject).step


def test_both_factors_lift_the_challenge_once_a_day(telephone: pyotp.TOTP) -> None:
    client, subject = _signed_in(telephone), _challenge()
    assert "Xác nhận lại" in client.get("/desk/confirm").content.decode()
    wrong = _form(client, "/desk/confirm", password="không phải", code=_code(telephone))
    assert (wrong.status_code, _step(subject)) == (422, "challenge")
    right = _form(client, "/desk/confirm", password=PASSWORD, code=_code(telephone))
    assert (right.status_code, right.headers["Location"], _step(subject)) == (302, "/desk/", "lifted")
    _challenge()
    again = _form(client, "/desk/confirm", password=PASSWORD, code=_code(telephone))
    assert (again.status_code, _step(subject)) == (422, "challenge")
    assert "cơ quan bảo hiểm xã hội" in again.content.decode()


def test_nobody_signed_in_confirms_nothing() -> None:
    subject = _challenge()
    answer = Client().get("/desk/confirm")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/sign-in")
    assert InForce.objects.get(subject=subject).step == "challenge"


def test_a_challenged_officer_is_shown_the_way(telephone: pyotp.TOTP, monkeypatch: pytest.MonkeyPatch) -> None:
    client = _signed_in(telephone)
    monkeypatch.setattr(asking, "ask_standing", lambda *given, **named: Refused("challenge"))
    shown = _form(client, "/desk/ask", text="001000000001") if client.get("/desk/") else None
    assert shown is not None
    assert "/desk/confirm" in shown.content.decode()

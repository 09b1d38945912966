"""Officers of the agency already signed in, for tests of the workbench: rows of their roles and of a session. How they really come in has tests of its own."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from django.conf import settings as django_settings
from django.test import Client

from ansinh.access.models import Officer, RoleGrant
from ansinh.access.states import GrantState
from ansinh.foundation.clock import RealClock
from ansinh.signin.models import Account
from ansinh.signin.states import SubjectKind

if TYPE_CHECKING:
    from playwright.sync_api import Page


def officer_with(*roles: str, number: str = "", name: str = "Vũ Thị Nga") -> str:
    """Put an officer with these roles on the agency's list, as if two administrators had agreed; returns their number."""
    number = number or f"hanoi.{'-'.join(roles).replace('_', '-') or 'nobody'}"
    now = RealClock().now()
    Officer.objects.get_or_create(officer_no=number, defaults={"name": name, "unit": "BHXH thành phố Hà Nội"})
    for role in roles:
        given = {"prepared_by": "hanoi.first", "prepared_at": now, "approved_by": "hanoi.second", "approved_at": now}
        RoleGrant.objects.get_or_create(officer_id=number, role=role, state=GrantState.APPROVED.value, defaults=given)
    return number


def session_key_of(number: str, **kept: object) -> str:
    """Open a session of an officer in the database Django points at, and return its key; `kept` is put into the session besides."""
    now = RealClock().now()
    account, _ = Account.objects.get_or_create(
        kind=SubjectKind.AGENCY_OFFICER.value,
        facility="",
        officer=number,
        defaults={"password": "-", "totp_secret": "-", "invited_at": now, "enrolled_at": now},
    )
    session = import_module(django_settings.SESSION_ENGINE).SessionStore()
    moment = now.timestamp()
    session.update({"account": account.pk, "signed_in_at": moment, "seen_at": moment, **kept})
    session.save()
    return str(session.session_key)


def signed_in(at: Client | Page, *roles: str, number: str = "", base: str = "http://127.0.0.1") -> str:
    """Sign an officer with these roles in at Django's test client, or at a browser's page whose screens are at `base`; returns their number."""
    number = officer_with(*roles, number=number)
    key, name = session_key_of(number), django_settings.SESSION_COOKIE_NAME
    if isinstance(at, Client):
        at.cookies[name] = key
    else:
        at.context.add_cookies([{"name": name, "value": key, "url": base, "sameSite": "Strict"}])
    return number

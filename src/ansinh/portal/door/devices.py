"""Where a person is signed in, their latest sign-ins, and the end of sessions elsewhere."""

from __future__ import annotations

import re
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from ansinh.access.queries import actor_of_person
from ansinh.foundation.clock import VIET_NAM, RealClock
from ansinh.people.queries import records_of, resolve
from ansinh.portal.door.guard import citizen_page
from ansinh.portal.shell import home_link, page
from ansinh.portal.words.door import WORDS
from ansinh.screens.components import Banner, Form, Group, Heading, Hidden, Paragraph, Part, Row, Summary, Table, Tag
from ansinh.signin.operations import end_other_sessions
from ansinh.signin.queries import Citizen, Device, Entry, devices_of, entries_of

_SESSION_ID = re.compile(r"[0-9a-f]{16}")
ENTRIES_SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_page(level=1)
def devices_page(request: HttpRequest, language: str) -> HttpResponse:
    """Show the own devices and sign-ins; posted, end one session or all others."""
    words = WORDS[language]
    citizen: Citizen = request.citizen  # type: ignore[attr-defined]  # set by the guard
    parts: list[Part] = []
    records = records_of(resolve(citizen.person_id))
    if request.method == "POST":
        ended = end_other_sessions(
            actor=actor_of_person(citizen.person_id),
            reason="đăng xuất ở nơi khác",
            records=records,
            kept=citizen.session_id,
            only=_one(request.POST.get("session", "")),
        )
        parts.append(Banner(words["ended"].format(count=ended), kind="good"))
    now = RealClock().now()
    devices = devices_of(records, now)
    parts.append(Heading(words["devices_now"]))
    parts += [_device(one, one.session_id == citizen.session_id, language) for one in devices]
    if len(devices) > 1:
        parts.append(Form((), words["end_others"], kind="warning"))
    parts.append(_entries(entries_of(records, ENTRIES_SHOWN), language))
    parts.append(Paragraph(words["strange"], "quiet"))
    return page(request, language, words["devices_title"], parts, lead=words["devices_lead"], back=home_link(language))


def _one(session_id: str) -> str:
    """Return the session a form names; whatever names none ends none, rather than all others."""
    return session_id if not session_id or _SESSION_ID.fullmatch(session_id) else "-"


def _device(one: Device, here: bool, language: str) -> Part:
    words = WORDS[language]
    since = words["since"].format(when=_moment(one.opened_at), seen=_moment(one.seen_at))
    level = words["level"].format(level=one.level)
    shown: list[Part] = [Summary((Row(words[one.channel.value], since, note=level),))]
    shown.append(
        Tag(words["here"], "good")
        if here
        else Form((Hidden("session", one.session_id),), words["end_one"], kind="quiet")
    )
    return Group(tuple(shown), title=one.device or words["unknown_device"])


def _entries(entries: list[Entry], language: str) -> Part:
    words = WORDS[language]
    lines = tuple(
        (
            _moment(one.entered_at),
            f"{words[one.kind]} ({words['level'].format(level=one.level).lower()}, {words[one.channel.value].lower()})",
            one.device or words["unknown_device"],
        )
        for one in entries
    )
    return Table(words["entries_caption"], (words["when"], words["what"], words["device"]), lines)


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(VIET_NAM):%d/%m/%Y %H:%M}"

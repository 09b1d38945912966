"""The first page: what is a citizen's today, or what the portal is, for whoever is not signed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ansinh.benefits.file_states import CLOSED, FILE_KINDS
from ansinh.benefits.queries import entitlements_of, files_of
from ansinh.benefits.states import State
from ansinh.cards.queries import printed_card
from ansinh.confirmations.queries import asked_of
from ansinh.confirmations.states import WAITING
from ansinh.foundation.clock import Clock
from ansinh.foundation.period import Month
from ansinh.mandates.queries import may_act
from ansinh.mandates.states import What
from ansinh.notices.queries import told_to
from ansinh.payments.queries import payments_to
from ansinh.people.queries import person_as_known, records_of
from ansinh.portal.door.guard import citizen_at
from ansinh.portal.looks import who_looked
from ansinh.portal.navigation import WAYS, is_routed, is_there
from ansinh.portal.pages.card import card_state, state_tag
from ansinh.portal.pages.messages import subject_of
from ansinh.portal.pages.payments import version_on
from ansinh.portal.shell import page
from ansinh.portal.whose import Whose, own_page
from ansinh.portal.words import root
from ansinh.portal.words.home import WORDS
from ansinh.referrals.queries import papers_of
from ansinh.screens.components import Actions, Button, Group, Paragraph, Tag, Tile, Tiles
from ansinh.screens.saying import day, either, month
from ansinh.services.queries import applications_of, handed_on_of

NEW_DAYS = 30
IN_TILES = ("card", "payments", "health", "messages", "who-looked", "", "menu", "display", "figures", "services")


@require_safe
def home_page(request: HttpRequest, language: str, agency_clock: Callable[[], Clock]) -> HttpResponse:
    """Show the signed-in citizen their day; welcome others, and lead them to the door."""
    if citizen_at(request) is None:
        return _welcome(request, language)
    answer: HttpResponse = _today(request, language, agency_clock=agency_clock)
    return answer


def _welcome(request: HttpRequest, language: str) -> HttpResponse:
    words, base = WORDS[language], root(language)
    names = {way.address: way for way in WAYS}
    can = (("card", "card_text"), ("payments", "payments_text"), ("health", "health_text"), ("who-looked", "who_text"))
    parts = (
        Group((Paragraph(words["sign_in_text"]), Actions((Button(words["sign_in"], f"{base}sign-in"),)))),
        Tiles(
            tuple(
                Tile(names[way].name(language), f"{base}{way}", words[text], icon=names[way].icon) for way, text in can
            ),
            title=words["what"],
        ),
        Tiles(
            tuple(
                Tile(names[way].name(language), f"{base}{way}", icon=names[way].icon)
                for way in ("help", "figures", "display")
            ),
            title=words["without"],
        ),
    )
    return page(request, language, words["welcome"], parts, lead=words["welcome_lead"])


@own_page(noted="home")
def _today(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    words, base = WORDS[language], root(language)
    known = person_as_known(whose.person_id, whose.now)
    name = (known.fields["full_name"] if known else None) or "…"
    title = words["hello_for" if whose.for_another else "hello"].format(name=name)
    made = (make(whose, language) for make, what in TODAY if _may(whose, what))
    tiles = tuple(one for one in made if one is not None)
    others = tuple(
        Tile(way.name(language), f"{base}{way.address}", icon=way.icon)
        for way in WAYS
        if way.address not in IN_TILES and is_there(way)
    )
    return page(request, language, title, (Tiles(tiles, words["today"]), Tiles(others, words["others"])))


def _card(whose: Whose, language: str) -> Tile:
    words, address = WORDS[language], f"{root(language)}card"
    card = printed_card(whose.person_id)
    if card is None:
        return Tile(words["card"], address, words["card_none"], icon="card")
    until = words["card_until"].format(day=day(card.valid_until - timedelta(days=1)))
    shown = until if card_state(card, whose.today) == "active" else ""
    return Tile(words["card"], address, shown, tag=state_tag(card, whose.today, language), icon="card")


def _payment(whose: Whose, language: str) -> Tile:
    """Say when, not how much: sums are shown at the surer level of signing in."""
    words, address = WORDS[language], f"{root(language)}payments"
    paid = payments_to(whose.person_id)[:1]
    latest = words["last_payment"].format(day=day(paid[0].pay_on)) if paid else ""
    held = (version_on(right, whose.today) for right in entitlements_of(whose.person_id))
    if not any(one is not None and one.state == State.PAID for one in held):
        return Tile(words["next_payment"], address, latest or words["next_payment_none"], icon="money")
    now = Month.containing(whose.today).number()
    done = max((part[1] for one in paid for part in one.made_of), default=0)
    following = Month.of(done).plus(1).number() if done >= now else now
    value = words["next_payment_month"].format(month=month(following))
    return Tile(words["next_payment"], address, latest, value, icon="money")


def _appointment(whose: Whose, language: str) -> Tile:
    """Say on which day alone: where and what for is of the health book, which asks for the surer level."""
    words, address = WORDS[language], f"{root(language)}health/appointments"
    booked = [one.due_on for one in papers_of(whose.person_id, whose.today).appointments if one.standing == "booked"]
    value, text = (day(min(booked)), "") if booked else ("", words["appointment_none"])
    return Tile(words["appointment"], address, text, value, icon="calendar")


def _files(whose: Whose, language: str) -> Tile:
    words, base = WORDS[language], root(language)
    address = f"{base}services" if is_routed("services") else f"{base}help"
    applied = applications_of(whose.person_id, closed=False)
    # A benefit applied for here has its file in the deciding room too: it is one to its applicant.
    handed_on = handed_on_of(whose.person_id)
    filed = [
        one
        for one in files_of(whose.person_id)
        if one.state not in CLOSED and f"benefits.application:{one.application_id}" not in handed_on
    ]
    if not applied and not filed:
        return Tile(words["files"], address, words["files_none"], icon="services")
    names = [(one.service.vi, one.service.en) for one in applied] + [FILE_KINDS[one.kind] for one in filed]
    kinds = ", ".join(dict.fromkeys(either(name, language) for name in names))
    due = [one.promised_on for one in applied if one.promised_on] + [one.due_on for one in filed if one.due_on]
    count = len(applied) + len(filed)
    told = words["files_due" if due else "files_open"].format(count=count, day=day(min(due)) if due else "")
    address = f"{base}services/mine" if applied and is_routed("services/mine") else address
    return Tile(words["files"], address, kinds, told, icon="services")


def _confirmations(whose: Whose, language: str) -> Tile | None:
    """Lead to what relatives wait for; nothing where nobody does. It is asked of who is signed in alone."""
    waiting = [] if whose.for_another else [one for one in asked_of(whose.person_id) if one.state in WAITING]
    if not waiting:
        return None
    words = WORDS[language]
    until = words["confirm_until"].format(day=day(min(one.until_on for one in waiting)))
    tag = Tag(words["confirm_waiting"], "waiting")
    return Tile(words["confirm"], f"{root(language)}confirmations", until, str(len(waiting)), tag, icon="family")


def _messages(whose: Whose, language: str) -> Tile:
    words, address = WORDS[language], f"{root(language)}messages"
    since = whose.now - timedelta(days=NEW_DAYS)
    new = [one for one in told_to(whose.person_id, language, length=NEW_DAYS) if one.queued_at > since]
    if not new:
        return Tile(words["messages"], address, words["messages_none"], icon="message")
    subjects = ", ".join(dict.fromkeys(subject_of(one, language) for one in new))
    return Tile(words["messages"], address, subjects, str(len(new)), icon="message")


def _looks(whose: Whose, language: str) -> Tile:
    words, address = WORDS[language], f"{root(language)}who-looked"
    found = who_looked(whose.person_id, records_of(whose.person_id), whose.now, language).looks[:1]
    if not found:
        return Tile(words["looks"], address, words["looks_none"], icon="eye")
    tag = Tag(found[0].what)
    return Tile(words["looks"], address, f"{found[0].who}, {found[0].when}", tag=tag, icon="eye")


def _may(whose: Whose, what: What) -> bool:
    return may_act(whose.citizen.person_id, whose.person_id, what, whose.now) is not None


# What home tells of today, and what must be permitted for it, as on the page each leads to.
TODAY: tuple[tuple[Callable[[Whose, str], Tile | None], What], ...] = (
    (_confirmations, What.DECIDE),
    (_card, What.READ),
    (_payment, What.READ),
    (_appointment, What.HEALTH),
    (_files, What.READ),
    (_messages, What.READ),
    (_looks, What.DECIDE),
)
PAGES = {"": home_page}

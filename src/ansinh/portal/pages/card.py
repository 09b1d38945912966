"""The card: its QR code as printed, until when, how much is paid in a sentence, where, its history; and a slim page a citizen may keep on the device."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse

from ansinh.cards.queries import HistoryLine, PrintedCard, history_of, printed_card
from ansinh.cards.states import StandingStatus
from ansinh.places.queries import benefit_level, facility
from ansinh.portal.shell import home_link, page
from ansinh.portal.whose import Whose, own_page
from ansinh.portal.words import root
from ansinh.portal.words.card import WORDS
from ansinh.screens.components import (
    Actions,
    Banner,
    Button,
    Empty,
    Event,
    Group,
    Link,
    Paragraph,
    Part,
    Row,
    Summary,
    Tag,
    Timeline,
)
from ansinh.screens.drawing import code_of
from ansinh.screens.saying import day, masked, moment, money, percent

HISTORY_MAX = 50
ALL_PERCENT = 100


def card_state(card: PrintedCard, today: date) -> str:
    """Return the state of a card in one word of the words: active, expired, not_yet, suspended, withdrawn, reduced, managed."""
    if card.status == StandingStatus.ACTIVE:
        return "expired" if card.valid_until <= today else "not_yet" if card.valid_from > today else "active"
    return card.status.partition("_")[0]


def state_tag(card: PrintedCard, today: date, language: str) -> Tag:
    """Return the state of a card as a tag."""
    state = card_state(card, today)
    tone = {"active": "good", "managed": "neutral", "not_yet": "waiting"}.get(state, "bad")
    return Tag(WORDS[language][f"status_{state}"], tone)  # type: ignore[arg-type]  # the words of the table above


@own_page(noted="card")
def card_page(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Show the card."""
    words, base = WORDS[language], root(language)
    card = printed_card(whose.person_id)
    if card is None:
        nothing = Empty(words["none_title"], words["none_text"], Link(words["none_link"], f"{base}help"))
        return page(request, language, words["title"], (nothing,), back=home_link(language))
    parts: list[Part] = [*_what_to_do(card, whose.today, words), *_code(card, words)]
    parts.append(Summary(tuple(_facts(card, whose.today, language))))
    if card.text() and not whose.for_another:
        kept = f"{base}card/kept"
        keep = Button(words["keep"], kept, script="keep-card", about=words["kept"])
        drop = Button(words["drop"], kept, "quiet", script="drop-card", about=words["dropped"])
        parts.append(Group((Paragraph(words["keep_text"]), Actions((keep, drop, Link(words["kept_title"], kept))))))
    if not whose.for_another:
        parts.append(Actions((Link(words["wallet"], f"{base}card/wallet"),)))
    events = [_event(line, words) for line in history_of(whose.person_id)[-HISTORY_MAX:]]
    if events:
        parts.append(Timeline(tuple(reversed(events)), words["history"]))
    return page(request, language, words["title"], parts, back=home_link(language))


@own_page(noted="card")
def kept_page(request: HttpRequest, language: str, whose: Whose) -> HttpResponse:
    """Show what a hospital needs of the card, and nothing else: this page may be kept on the device."""
    words, base = WORDS[language], root(language)
    card = printed_card(whose.person_id)
    if card is None or not card.text():
        return page(request, language, words["kept_title"], (Empty(words["none_title"], words["none_text"]),))
    until = words["valid_range"].format(from_day=day(card.valid_from), until_day=_last_day(card))
    parts: tuple[Part, ...] = (
        *_code(card, words),
        Summary(
            (
                Row(words["holder"], card.full_name),
                Row(words["status"], state_tag(card, whose.today, language)),
                Row(words["valid"], until),
                Row(words["facility"], _facility_name(card.facility)),
            )
        ),
        Paragraph(words["kept_as_of"].format(at=moment(whose.now)), "quiet"),
        Actions((Link(words["more"], f"{base}card"),)),
    )
    return page(request, language, words["kept_title"], parts)


def _what_to_do(card: PrintedCard, today: date, words: Mapping[str, str]) -> list[Part]:
    state = card_state(card, today)
    told = words.get(f"what_to_do_{state}")
    if told is None:
        return []
    return [Banner(words[f"status_{state}"], told.format(day=day(card.valid_until)), "warning")]


def _code(card: PrintedCard, words: Mapping[str, str]) -> list[Part]:
    return [code_of(card.text(), words["code_described"], words["code_text"])] if card.text() else []


def _facts(card: PrintedCard, today: date, language: str) -> list[Row]:
    words = WORDS[language]
    valid = words["valid_range"].format(from_day=day(card.valid_from), until_day=_last_day(card))
    number = card.card_number or card.temporary_number
    found = [
        Row(words["holder"], card.full_name),
        *([Row(words["number"], masked(number))] if number else []),
        Row(words["status"], state_tag(card, today, language)),
        Row(words["valid"], valid),
        Row(words["facility"], _facility_name(card.facility)),
        _share(card, language),
    ]
    if card.five_years_on:
        found.append(Row(words["five_years"], day(card.five_years_on), words["five_years_text"]))
    if card.copay_year == today.year:
        exempt = words["copay_exempt"].format(day=day(card.copay_exempt_on)) if card.copay_exempt_on else ""
        found.append(Row(words["copay"].format(year=today.year), money(card.copay_total), exempt))
    if card.issuing_office:
        found.append(Row(words["office"], card.issuing_office))
    if card.next_valid_from:
        place = _facility_name(card.next_facility or card.facility)
        found.append(Row(words["next"].format(day=day(card.next_valid_from)), place))
    return found


def _share(card: PrintedCard, language: str) -> Row:
    """Say how much is paid, in a sentence (Law 25/2008/QH12 as amended, art. 22)."""
    words, level = WORDS[language], benefit_level(card.level)
    if level is None:
        return Row(words["share"], "–")
    share = percent(level.share_percent, language)
    told = words["share_all"] if level.share_percent >= ALL_PERCENT else words["share_text"].format(share=share)
    return Row(words["share"], share, told)


def _facility_name(code: str) -> str:
    found = facility(code)
    return found.name if found else code


def _last_day(card: PrintedCard) -> str:
    return day(card.valid_until - timedelta(days=1))


def _event(line: HistoryLine, words: Mapping[str, str]) -> Event:
    told = words.get(f"event_{line.event}", words["event_other"])
    place = _facility_name(line.facility) if line.facility and line.event == "facility_changed" else ""
    return Event(day(line.effect_on), f"{told} {masked(line.card_number)}", place)


PAGES = {"card": card_page, "card/kept": kept_page}

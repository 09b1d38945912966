"""What officers are shown about a person, section by section: each where a role reads it, for purposes it serves, bounded in length."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from ansinh.audit.operations import show_looks
from ansinh.benefits.file_states import FILE_KINDS
from ansinh.benefits.file_states import FILE_STATES as BENEFIT_STATES
from ansinh.benefits.operations import show_entitlements
from ansinh.benefits.queries import files_of
from ansinh.cards.queries import own_si_code, printed_card
from ansinh.cards.states import StandingStatus
from ansinh.disclosure.operations import look_at
from ansinh.foundation.clock import VIET_NAM
from ansinh.foundation.purpose import Purpose
from ansinh.lifeevents.queries import files as life_event_files
from ansinh.lifeevents.states import FILE_STATES as EVENT_STATES
from ansinh.lifeevents.states import KINDS as EVENT_KINDS
from ansinh.participation.operations import read_book
from ansinh.payments.queries import payments_to
from ansinh.people.queries import KnownPerson, Statement, person_as_known, statements_about
from ansinh.people.states import AUTHENTICATED, CERTAINTIES, FIELDS, SOURCES, VERDICTS
from ansinh.places.queries import commune, facility, provinces
from ansinh.screens.components import DateField, Form, Heading, Paragraph, Part, Row, Summary, Table, Tag
from ansinh.screens.saying import day, either, masked, moment, money, month
from ansinh.services.queries import applications_of
from ansinh.workbench.guard import Officer
from ansinh.workbench.pages.identity.comparing import capital
from ansinh.workbench.saying import looked, purpose
from ansinh.workbench.words.identity import WORDS as IDENTITY
from ansinh.workbench.words.money import WORDS as MONEY
from ansinh.workbench.words.person import WORDS

LINES_MAX = 12
LOOKS_MAX = 20


@dataclass(frozen=True, slots=True)
class Opened:
    """The person an officer has open: for which purpose, and why this look is made; `whole`: numbers are shown in full; `known_on`: as known at its end."""

    person: int
    purpose: Purpose
    reason: str
    whole: bool = False
    known_on: date | None = None

    def number(self, number: str | None) -> str:
        """Return a number as it may be seen now."""
        if not number:
            return "–"
        return number if self.whole else masked(number)

    def moment(self, officer: Officer) -> datetime:
        """Return the moment the record is wanted as known at."""
        if self.known_on is None:
            return officer.clock.now()
        return datetime.combine(self.known_on, time.max, VIET_NAM)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: its name in the audit, which permissions read it (any of them), for which purposes.

    `own_line`: its reading leaves a line itself. `masks`: numbers stand in it.
    """

    name: str
    permissions: tuple[str, ...]
    purposes: frozenset[Purpose]
    show: Callable[[Officer, Opened, str], list[Part]]
    own_line: bool = False
    masks: bool = False

    def serves(self, officer: Officer, purpose: Purpose) -> bool:
        """Tell whether the officer reads it for this purpose."""
        return purpose in self.purposes and any(officer.actor.may_for(one, purpose) for one in self.permissions)

    def reaches(self, officer: Officer, purpose: Purpose, province: str) -> bool:
        """Tell whether a permission that reads it is held where the person lives."""
        held = [officer.actor.provinces(one) for one in self.permissions if officer.actor.may_for(one, purpose)]
        return any(one is None or province in one for one in held)


def parts_of(officer: Officer, one: Opened, sections: Sequence[Section], language: str) -> list[Part]:
    """Return what stands on the page; the line of the look is left before anything is read."""
    known = person_as_known(one.person, one.moment(officer))
    province = ((known.fields["address"] if known else None) or "").partition("/")[0]
    reached = [section for section in sections if section.own_line or section.reaches(officer, one.purpose, province)]
    plain = [section.name for section in reached if not section.own_line]
    if plain:
        look_at(
            actor=officer.actor, reason=one.reason, person_id=one.person, purpose=one.purpose, sections=tuple(plain)
        )
    parts: list[Part] = []
    for section in reached:
        parts += section.show(officer, one, language)
    return parts


def _identity(officer: Officer, one: Opened, language: str) -> list[Part]:
    words, at = WORDS[language], one.moment(officer)
    known = person_as_known(one.person, at)
    picked = one.known_on or officer.today
    asked = DateField("known", words["known_on"], "", f"{picked.day:02}", f"{picked.month:02}", str(picked.year))
    choice = Form((asked,), words["known_button"], method="get", kind="quiet")
    if known is None:
        return [Heading(words["identity"]), Paragraph(words["not_known_yet"]), choice]
    said = [each for each in statements_about(one.person) if each.recorded_at <= at]
    rows = tuple(_field(name, known, said, one, language) for name in FIELDS if known.fields.get(name))
    rows += ((capital(words["si_code"]), one.number(own_si_code(one.person)), "–", "–", "–"),)
    columns = tuple(words[name] for name in ("field", "value", "source", "since", "certainty"))
    caption = words["identity_on"].format(day=day(one.known_on)) if one.known_on else words["identity"]
    verdict = either(VERDICTS[known.verdict], language) if known.verdict else words["never_authenticated"]
    tag = Tag(capital(verdict), "good" if known.verdict in AUTHENTICATED else "waiting")
    return [Summary((Row(words["authenticated"], tag),), words["register"]), Table(caption, columns, rows), choice]


def _field(
    name: str, known: KnownPerson, said: Sequence[Statement], one: Opened, language: str
) -> tuple[str | Part, ...]:
    value = known.fields[name] or ""
    by = next((each for each in said if each.field == name and each.value == value), None)
    return (
        capital(either(FIELDS[name], language)),
        one.number(value) if name == "pin" else _written(name, value, language),
        either(SOURCES.get(by.source, (by.source, by.source)), language) if by else "–",
        moment(by.recorded_at) if by else "–",
        either(CERTAINTIES[by.certainty], language) if by else "–",
    )


def _written(name: str, value: str, language: str) -> str:
    if name in {"birth_date", "died_on"}:
        return "/".join(reversed(value.split("-")))
    if name == "sex":
        return IDENTITY[language][f"sex_{value}"]
    if name == "address":
        province, _, code = value.partition("/")
        within = commune(code) if code else None
        called = {each.code: each.name for each in provinces()}.get(province, province)
        return f"{within.name if within else code}, {called}" if code else called
    return value


def _card(officer: Officer, one: Opened, language: str) -> list[Part]:
    words, card = WORDS[language], printed_card(one.person)
    if card is None:
        return [Heading(words["card"]), Paragraph(words["card_empty"])]
    place = facility(card.facility)
    over = card.status == StandingStatus.ACTIVE and card.valid_until <= officer.today
    rows = (
        Row(words["card_number"], one.number(card.card_number)),
        Row(words["state"], words["card_expired" if over else f"card_{card.status.partition('_')[0]}"]),
        Row(words["valid"], f"{day(card.valid_from)} – {day(card.valid_until)}"),
        Row(words["first_contact"], place.name if place else card.facility),
        Row(words["five_years"], day(card.five_years_on)),
    )
    return [Summary(rows, words["card"])]


def _book(officer: Officer, one: Opened, language: str) -> list[Part]:
    words = WORDS[language]
    found = read_book(
        actor=officer.actor,
        reason=one.reason,
        clock=officer.clock,
        person_id=one.person,
        purpose=one.purpose,
        known_on=one.known_on,
    )
    if not found.lines:
        return [Heading(words["book"]), Paragraph(words["book_empty"])]
    rows = tuple(
        (
            line.employer_name or "–",
            month(line.from_month),
            month(line.until_month) if line.until_month else words["now"],
            str(line.months),
            money(line.wage),
        )
        for line in found.lines[-LINES_MAX:]
    )
    columns = tuple(words[name] for name in ("employer", "from", "until", "months", "wage"))
    told = words["book_months"].format(months=found.totals.months, lines=len(found.lines))
    return [Table(words["book"], columns, rows, (3, 4)), Paragraph(told, kind="quiet")]


def _entitlements(officer: Officer, one: Opened, language: str) -> list[Part]:
    words = WORDS[language]
    known = one.moment(officer) if one.known_on else None
    found = show_entitlements(actor=officer.actor, reason=one.reason, person_id=one.person, known_on=known)
    if not found:
        return [Heading(words["entitlements"]), Paragraph(words["entitlements_empty"])]
    rows = tuple(
        (str(each.entitlement_id), MONEY[language][f"kind_{each.kind}"], day(each.opened_on)) for each in found
    )
    columns = (words["entitlement"], words["kind"], words["opened_on"])
    return [Table(words["entitlements"], columns, rows)]


def _payments(officer: Officer, one: Opened, language: str) -> list[Part]:
    words, found = WORDS[language], payments_to(one.person)[:LINES_MAX]
    if not found:
        return [Heading(words["payments"]), Paragraph(words["payments_empty"])]
    rows = tuple(
        (
            month(each.pay_month),
            day(each.pay_on),
            words[f"paid_{each.state}"],
            each.partner or "–",
            money(each.amount),
        )
        for each in found
    )
    columns = tuple(words[name] for name in ("pay_month", "pay_on", "state", "partner", "amount"))
    return [Table(words["payments"], columns, rows, (4,))]


def _files(officer: Officer, one: Opened, language: str) -> list[Part]:
    rows = tuple(
        (
            str(each.application_id),
            either(FILE_KINDS[each.kind], language),
            either(BENEFIT_STATES[each.state], language),
        )
        for each in files_of(one.person)[:LINES_MAX]
    )
    return _listed("files", rows, language)


def _applications(officer: Officer, one: Opened, language: str) -> list[Part]:
    rows = tuple(
        (
            each.reference,
            either((each.service.vi, each.service.en), language),
            either((each.state_vi, each.state_en), language),
        )
        for each in applications_of(one.person, length=LINES_MAX)
    )
    return _listed("applications", rows, language)


def _events(officer: Officer, one: Opened, language: str) -> list[Part]:
    rows = tuple(
        (str(each.file_id), either(EVENT_KINDS[each.kind], language), either(EVENT_STATES[each.state], language))
        for each in life_event_files(person_id=one.person, limit=LINES_MAX)
    )
    return _listed("events", rows, language)


def _listed(name: str, rows: tuple[tuple[str, ...], ...], language: str) -> list[Part]:
    words = WORDS[language]
    if not rows:
        return [Heading(words[name]), Paragraph(words["none_of_these"])]
    return [Table(words[name], (words["entitlement"], words["kind"], words["state"]), rows)]


def _looks(officer: Officer, one: Opened, language: str) -> list[Part]:
    words = WORDS[language]
    found = show_looks(actor=officer.actor, reason=one.reason, person_id=one.person, limit=LOOKS_MAX)
    rows = tuple(
        (
            moment(each.asked_at),
            looked(each.call, language),
            f"{each.facility} {each.officer}".strip() or "–",
            purpose(each.purpose, language),
            looked(each.result, language),
        )
        for each in found
    )
    columns = tuple(words[name] for name in ("when", "call", "who", "why", "result"))
    return [Table(words["looks"], columns, rows)]


_WORK = frozenset({Purpose.ADMINISTRATION})
_ANY = frozenset(Purpose) - {Purpose.OWN_RECORD, Purpose.EMERGENCY}
_IDENTIFYING = ("people.show_record", "participation.read_book", "benefits.show", "services.read", "payments.show")
SECTIONS: tuple[Section, ...] = (
    Section("identity", (*_IDENTIFYING, "disclosure.read_book", "cards.replace"), _ANY, _identity, masks=True),
    Section("card", ("cards.replace", "disclosure.read_book", "participation.read_book"), _ANY, _card, masks=True),
    Section("book", ("participation.read_book",), _ANY, _book, own_line=True),
    Section("entitlements", ("benefits.show",), _WORK, _entitlements, own_line=True),
    Section("payments", ("payments.show",), _WORK, _payments),
    Section("files", ("benefits.show",), _WORK, _files),
    Section("applications", ("services.read",), _WORK, _applications),
    Section("events", ("lifeevents.show",), _WORK, _events),
    Section("looks", ("audit.show_looks",), _WORK, _looks, own_line=True),
)

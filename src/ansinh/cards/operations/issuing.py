"""Issue cards: to everybody who takes part and has none, to one person, and a temporary number to a child without a card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ansinh.audit.operation import note, operation
from ansinh.cards.facilities import require_first_contact
from ansinh.cards.numbering import ISSUE, issue_by_pin, name_person, number_of, put_in_use
from ansinh.cards.queries import covered_until, insured
from ansinh.cards.recording import Changed, OnCard, bring_up, by, recorded_before
from ansinh.database.sql import execute, joining_sets, look_again_at, number, row
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, legal_day
from ansinh.foundation.errors import InvalidInput, Refusal
from ansinh.participation.operations import NewStretch, record_coverage
from ansinh.people.operations import give_numbers
from ansinh.places.queries import object_code
from ansinh.rules.health_insurance import NEWBORN_OBJECT_CODE, child_card_until, cover_starts_on, temporary_number


class ManagedElsewhere(Refusal):
    """The person's cards are issued by the office of the armed forces, or the person has died."""

    code = "managed_elsewhere"


class CoverStartsLater(Refusal):
    """By law cover begins, or a child's card ends, on another day than was asked for."""

    code = "cover_days_not_lawful"


class NoChildWithoutCard(Refusal):
    """A temporary number is for a child under six that has no card."""

    code = "no_child_without_card"


@dataclass(frozen=True, slots=True)
class NewCard:
    """Whom to issue a card, in which group, where, for which days; `paid_on` is the day of payment of who pays for themselves."""

    person_id: int
    stretch: NewStretch
    request_key: str
    paid_on: date | None = None


@operation(permission="cards.issue")
def issue_cards(*, actor: Actor, reason: str, clock: Clock, from_person: int, until_person: int) -> int:
    """Issue a card for every stretch of participation that has none yet, to persons in the half-open range of numbers; returns how many.

    The number follows from object code, benefit level, province and social-insurance code (Decision 1351/QD-BHXH of 2015); whoever has no such code is
    carded under their verified PIN (law 41/2024/QH15). Object codes the agency does not know get no card. People who are counted apart (armed forces) are
    carded by their own offices.
    """
    bounds = {"from": from_person, "until": until_person}
    execute("CREATE TEMP TABLE issued (person_id bigint, value text, valid_from date) ON COMMIT DROP")
    with joining_sets():
        issued = execute(_ISSUE, bounds)
    give_numbers(actor=actor, reason=reason, scheme="card", numbered="TABLE issued")
    execute("DROP TABLE issued")
    issued += issue_by_pin(by(actor, reason, clock), from_person, until_person)
    look_again_at("cards_card")
    note(issued=issued, from_person=from_person, until_person=until_person)
    return issued


@operation(permission="cards.issue")
def issue_card(*, actor: Actor, reason: str, clock: Clock, card: NewCard) -> Changed:
    """Record coverage and issue its card to one person; issuing a number that is in use prolongs it.

    Refuses `not_found`, `managed_elsewhere`, `invalid_input` (unknown object code, neither social-insurance code nor verified PIN), `not_first_contact`,
    `coverage_overlaps`, `cover_days_not_lawful` (a wait after a gap, or a child's card past its end: Law 46/2014/QH13 on art. 16(3)),
    `card_not_in_state`, `request_key_used`.
    """
    act, stretch = by(actor, reason, clock), card.stretch
    person = insured(card.person_id)
    if person.excluded or person.died:
        raise ManagedElsewhere(
            "Người này do cơ quan khác quản lý thẻ hoặc đã mất.",
            "This person's cards are managed elsewhere, or the person has died.",
            person_id=card.person_id,
        )
    _require_province(stretch.card_province)
    group = object_code(stretch.object_code)
    bears = number_of(card.person_id, group, stretch.card_province) if group else None
    if group is None or bears is None:
        raise InvalidInput(
            "Mã đối tượng không có trong danh mục, hoặc người này chưa có mã số BHXH hay số định danh đã xác thực.",
            "The object code is not on the list, or this person has neither a social-insurance code nor a verified personal number.",
            field="object_code" if group is None else "si_code",
        )
    on = OnCard(card.person_id, bears, stretch.valid_from, card.request_key)
    before = recorded_before(on, ISSUE)
    if before:
        note(already=before.event_id)
        return before
    require_first_contact(stretch.facility, stretch.valid_from)
    _require_lawful_days(card, person.born_on)
    record_coverage(actor=actor, reason=reason, clock=clock, person_id=card.person_id, stretch=stretch)
    issued = put_in_use(on, group, act)
    bring_up([card.person_id], act.today)
    return issued


def _require_province(province: str) -> None:
    if not (len(province) == 2 and province.isascii() and province.isdigit()):
        raise InvalidInput("Mã tỉnh gồm 2 chữ số.", "A province is two digits.", field="province")


def _require_lawful_days(card: NewCard, born_on: date | None) -> None:
    stretch = card.stretch
    if card.paid_on is not None:
        starts = cover_starts_on(card.paid_on, covered_until(card.person_id, stretch.valid_from))
        if stretch.valid_from < starts:
            raise CoverStartsLater(
                f"Đóng ngày {card.paid_on:%d/%m/%Y} thì thẻ có giá trị từ {starts:%d/%m/%Y}.",
                f"Paid on {card.paid_on}, cover begins on {starts}.",
                starts=starts.isoformat(),
            )
    if stretch.object_code == NEWBORN_OBJECT_CODE and born_on and stretch.valid_until > child_card_until(born_on):
        ends = child_card_until(born_on)
        raise CoverStartsLater(
            f"Thẻ trẻ em này có giá trị đến trước {ends:%d/%m/%Y}.",
            f"This child's card runs until before {ends}.",
            ends=ends.isoformat(),
        )


@operation(permission="cards.issue")
def give_temporary_number(*, actor: Actor, reason: str, clock: Clock, person_id: int, province: str) -> str:
    """Give a child under six without a card its temporary number, by which hospitals find it; the one it has if it has one.

    Refuses `not_found`, `invalid_input` (a province that is not two digits) and `no_child_without_card`.
    """
    act, today = by(actor, reason, clock), legal_day(clock.now())
    person = insured(person_id)
    known = row("SELECT number FROM cards_temporary WHERE person_id = %s", [person_id])
    if known:
        return str(known[0])
    if (
        person.born_on is None
        or child_card_until(person.born_on) <= today
        or person.died
        or covered_until(person_id, date.max)
    ):
        raise NoChildWithoutCard(
            "Chỉ cấp mã tạm cho trẻ dưới 6 tuổi chưa có thẻ.",
            "A temporary number is for a child under six that has no card.",
            person_id=person_id,
        )
    _require_province(province)
    value = temporary_number(province, number("SELECT nextval('cards_temporary_serial')"), today)
    execute(
        "INSERT INTO cards_temporary (person_id, number, province, valid_from, valid_until, given_at) VALUES (%s, %s, %s, %s, %s, %s)",
        [person_id, value, province, person.born_on, child_card_until(person.born_on), act.moment],
    )
    name_person(person_id, value, person.born_on, act)
    bring_up([person_id], today)
    note(person_id=person_id)
    return value


_ISSUE = """
WITH made AS (
    INSERT INTO cards_card (person_id, card_number, object_code, level, issued_on)
    SELECT c.person_id, c.object_code || o.level || c.card_province || i.value, c.object_code, o.level, min(c.valid_from)
    FROM participation_covered_v1 c
    JOIN places_objectcode o ON o.code = c.object_code
    JOIN people_identifier i ON i.person_id = c.person_id AND i.scheme = 'si_code' AND i.valid_until IS NULL
         AND i.person_id >= %(from)s AND i.person_id < %(until)s
    JOIN people_insured_v1 p ON p.person_id = c.person_id AND p.excluded IS NULL AND p.person_id >= %(from)s AND p.person_id < %(until)s
    WHERE c.person_id >= %(from)s AND c.person_id < %(until)s
    GROUP BY c.person_id, c.object_code, o.level, c.card_province, i.value
    ON CONFLICT DO NOTHING
    RETURNING person_id, card_number, issued_on
)
INSERT INTO issued SELECT person_id, card_number, issued_on FROM made
"""

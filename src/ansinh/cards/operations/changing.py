"""Replace a card by one of another number, and change the first-contact facility in its window."""

from __future__ import annotations

from ansinh.audit.operation import note, operation
from ansinh.cards.facilities import require_first_contact
from ansinh.cards.numbering import group_of, is_pin, put_in_use
from ansinh.cards.recording import (
    Change,
    Changed,
    NotInState,
    OnCard,
    bring_up,
    by,
    card_state,
    record,
    recorded_before,
    write,
)
from ansinh.cards.states import CardEvent, CardState, permitted
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import InvalidInput, NotFound, Refusal
from ansinh.participation.operations import CoverageChange, change_coverage
from ansinh.people.queries import resolve
from ansinh.places.queries import object_code
from ansinh.rules.health_insurance import change_window_open, next_change_window


class SameNumber(Refusal):
    """The new card would bear the number of the old one."""

    code = "same_card_number"


class OutsideWindow(Refusal):
    """The facility may not be changed on that day."""

    code = "outside_change_window"


@operation(permission="cards.replace")
def replace_card(
    *,
    actor: Actor,
    reason: str,
    clock: Clock,
    on: OnCard,
    new_object_code: str | None = None,
    new_province: str | None = None,
) -> Changed:
    """End a card and issue another under another group or province from the day of effect on (Law 25/2008/QH12 art. 19); answers with the new number.

    A lost or damaged card keeps its number and needs no replacement, and a card under a PIN always keeps it: refuses `same_card_number`. Further refusals:
    those of `suspend_card`, `not_covered`.
    """
    if is_pin(on.card_number):
        raise SameNumber(
            "Thẻ này mang số định danh cá nhân nên không đổi số; khi đổi đối tượng, hãy ghi đợt tham gia mới.",
            "This card bears its holder's personal number, which stays; for another group, record the new coverage.",
        )
    act = by(actor, reason, clock)
    code, province = new_object_code or on.card_number[:2], new_province or on.card_number[3:5]
    group = object_code(code)
    if group is None or not (len(province) == 2 and province.isascii() and province.isdigit()):
        raise InvalidInput(
            "Mã đối tượng hoặc mã tỉnh của thẻ mới không có trong danh mục.",
            "The object code or the province of the new card is not on the list.",
            field="new_object_code" if group is None else "new_province",
        )
    new_number = f"{code}{group.level}{province}{on.card_number[5:]}"
    if new_number == on.card_number:
        raise SameNumber(
            "Thẻ mới sẽ có cùng số với thẻ cũ; thẻ mất hoặc hỏng không cần đổi số.",
            "The new card would bear the same number; a lost or damaged card needs no other.",
        )
    change = Change(CardEvent.REPLACED, CardState.REPLACED, other_number=new_number)
    before = recorded_before(on, change)
    if before:
        note(already=before.event_id)
        return Changed(before.event_id, new_number, CardState.ISSUED, already=True)
    state = card_state(on, act)
    if not permitted(change.event, state, change.state):
        raise NotInState(
            f"Thẻ đang ở trạng thái “{state}” nên không thể đổi.",
            f"The card is {state}; it cannot be replaced.",
            state=state.value,
        )
    change_coverage(
        actor=actor,
        reason=reason,
        clock=clock,
        person_id=on.person_id,
        change=CoverageChange(on.card_number[:2], on.card_number[3:5], on.effect_on, new_object_code, new_province),
    )
    written = write(on, change, act)
    put_in_use(OnCard(on.person_id, new_number, on.effect_on, f"{on.request_key}#issued"), group, act)
    bring_up([on.person_id], act.today)
    return Changed(written.event_id, new_number, CardState.ISSUED)


@operation(permission="cards.change_facility")
def change_facility(*, actor: Actor, reason: str, clock: Clock, on: OnCard, facility: str) -> Changed:
    """Register the holder of a card with another first-contact facility from the day of effect on, which lies in the first days of a quarter.

    Law 51/2024/QH15 art. 26. Refuses `outside_change_window` with the next day it may be, `not_first_contact` for a facility of another kind, another's
    card to a person (`not_found`), and as `suspend_card` and `replace_card` do.
    """
    if actor.kind is ActorKind.PERSON and actor.reference != str(resolve(on.person_id)):
        raise NotFound("Không có thẻ này.", "There is no such card.", person=on.person_id)
    change = Change(CardEvent.FACILITY_CHANGED, CardState.ISSUED, facility=facility)
    before = recorded_before(on, change)
    if before:
        note(already=before.event_id)
        return before
    if not change_window_open(on.effect_on):
        opens = next_change_window(on.effect_on)
        raise OutsideWindow(
            f"Chỉ được đổi nơi đăng ký khám chữa bệnh ban đầu trong 15 ngày đầu mỗi quý; gần nhất là từ {opens:%d/%m/%Y}.",
            f"The first-contact facility may be changed in the first 15 days of a quarter only; next from {opens}.",
            opens=opens.isoformat(),
        )
    require_first_contact(facility, on.effect_on)
    changed = record(on, change, by(actor, reason, clock))
    change_coverage(
        actor=actor,
        reason=reason,
        clock=clock,
        person_id=on.person_id,
        change=CoverageChange(*group_of(on), on.effect_on, new_facility=facility),
    )
    bring_up([on.person_id], by(actor, reason, clock).today)
    return changed

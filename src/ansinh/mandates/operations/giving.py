"""A person offers a mandate, another agrees or declines, and either ends it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute, number, row
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import Clock, legal_day
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.mandates.keeping import (
    end,
    lock,
    no_mandate,
    require_full_age,
    tell,
)
from ansinh.mandates.models import LEVEL
from ansinh.mandates.states import GRANTABLE, MandateEvent, MandateKind, MandateState, What, after
from ansinh.people.matching.folding import folded_name
from ansinh.people.queries import person_of_number, records_of, resolve
from ansinh.signin.states import LevelTooLow

MANDATE_DAYS_MAX = 366
"""Where nothing else is agreed a mandate lasts a year (91/2015/QH13 art. 563); ours is never longer, so that nobody's is forgotten."""
OPEN_MANDATES_MAX = 20


@dataclass(frozen=True)
class Grant:
    """What a mandate grants to whom: the other's personal number and full name as on their card, the scopes, and its days, half-open."""

    pin: str
    full_name: str
    scopes: Sequence[What]
    valid_from: date
    valid_until: date


@operation(permission="mandates.give")
def offer_mandate(*, actor: Actor, reason: str, clock: Clock, person_id: int, level: int, grant: Grant) -> int:
    """Offer somebody a mandate to act for a person; it is in force once the other agrees (91/2015/QH13 art. 562-563). Returns its number.

    `level`: of the session. Refuses a level below 2 (`level_too_low`), another's offer (`not_found`), people who are not of full age, the person themselves,
    no scope, days that are too many or over (`invalid_input`), and with one answer a number nobody has and a name that is not its holder's (`not_found`).
    """
    giver = _own(actor, person_id)
    _require_level(level)
    today = legal_day(clock.now())
    scopes = _checked_scopes(grant)
    _require_days(grant, today)
    other = _named(grant.pin, grant.full_name)
    if other == giver:
        raise InvalidInput("Không tự ủy quyền cho chính mình.", "A mandate is for somebody else.", field="pin")
    require_full_age(giver, today)
    require_full_age(other, today)
    lock(giver)
    same = row(
        "SELECT mandate_id FROM mandates_mandate WHERE for_person_id = %s AND person_id = %s AND kind = 'delegate' AND state = 'offered' "
        "AND scopes = %s AND (valid_from, valid_until) = (%s, %s)",
        [giver, other, scopes, grant.valid_from, grant.valid_until],
    )
    if same:
        return int(same[0])
    _end_former(giver, other, actor, clock)
    _require_room(giver)
    mandate = number("SELECT nextval('mandates_mandate_number')")
    execute(
        "INSERT INTO mandates_mandate (for_person_id, mandate_id, person_id, kind, scopes, valid_from, valid_until, state, given_by, given_at, given_level)"
        " VALUES (%s, %s, %s, 'delegate', %s, %s, %s, 'offered', %s, %s, %s)",
        [giver, mandate, other, scopes, grant.valid_from, grant.valid_until, actor.named(), clock.now(), level],
    )
    tell(actor, reason, clock, other, "mandate_offered", mandate)
    note(person=giver, other=other, mandate=mandate)
    return mandate


@operation(permission="mandates.give")
def answer_mandate(
    *, actor: Actor, reason: str, clock: Clock, person_id: int, level: int, mandate_id: int, agreed: bool
) -> None:
    """Agree to a mandate one was offered, or decline it. Answered the same again, nothing changes.

    Refuses a level below 2 (`level_too_low`), a mandate not offered to this person (`not_found`), and one that waits no more (`wrong_state`).
    """
    other = _own(actor, person_id)
    _require_level(level)
    found = row(
        "SELECT for_person_id, state FROM mandates_mandate WHERE mandate_id = %s AND person_id = ANY(%s) AND kind = 'delegate' FOR UPDATE",
        [mandate_id, records_of(other)],
    )
    if found is None:
        raise no_mandate()
    giver, state = int(found[0]), MandateState(found[1])
    event = MandateEvent.ACCEPTED if agreed else MandateEvent.DECLINED
    note(person=giver, other=other, mandate=mandate_id)
    if state is after(MandateState.OFFERED, event):
        return
    reached = after(state, event)
    if agreed:
        require_full_age(other, legal_day(clock.now()))
        execute(
            "UPDATE mandates_mandate SET state = %s, agreed_by = %s, agreed_at = %s, agreed_level = %s WHERE for_person_id = %s AND mandate_id = %s",
            [reached.value, actor.named(), clock.now(), level, giver, mandate_id],
        )
    else:
        end(giver, mandate_id, reached, actor, clock)
    tell(actor, reason, clock, resolve(giver), "mandate_in_force" if agreed else "mandate_ended", mandate_id)


@operation(permission="mandates.give")
def revoke_mandate(*, actor: Actor, reason: str, clock: Clock, person_id: int, mandate_id: int) -> None:
    """End a mandate at once: either of the two may, at any level, without a reason (91/2015/QH13 art. 569). Ended already, nothing changes.

    Refuses a mandate that is neither's, and a guardianship, which only an authority ends (`not_found`).
    """
    person = _own(actor, person_id)
    found = row(
        "SELECT for_person_id, person_id, state FROM mandates_mandate WHERE mandate_id = %s AND (for_person_id = ANY(%s) OR person_id = ANY(%s)) "
        "AND kind = 'delegate' FOR UPDATE",
        [mandate_id, records_of(person), records_of(person)],
    )
    if found is None:
        raise no_mandate()
    giver, other, state = int(found[0]), int(found[1]), MandateState(found[2])
    note(person=giver, other=other, mandate=mandate_id)
    if state in {MandateState.REVOKED, MandateState.DECLINED}:
        return
    end(giver, mandate_id, after(state, MandateEvent.REVOKED), actor, clock)
    told = other if person == resolve(giver) else giver
    tell(actor, reason, clock, resolve(told), "mandate_ended", mandate_id)


def _own(actor: Actor, person_id: int) -> int:
    person = resolve(person_id)
    # Nobody gives, takes or uses a mandate in another's place.
    if actor.kind is not ActorKind.PERSON or actor.by or actor.reference != str(person):
        raise NotFound("Không tìm thấy hồ sơ.", "There is no such record.", person=person_id)
    return person


def _require_level(level: int) -> None:
    if level < LEVEL:
        raise LevelTooLow(
            "Việc này cần đăng nhập VNeID mức 2. Đăng nhập lại ở mức 2 rồi làm tiếp.",
            "This needs an e-ID sign-in at level 2. Sign in again at level 2 and go on.",
            level=level,
        )


def _checked_scopes(grant: Grant) -> list[str]:
    if not grant.scopes or any(one not in GRANTABLE for one in grant.scopes):
        raise InvalidInput("Chọn ít nhất một việc để ủy quyền.", "Choose at least one thing to grant.", field="scopes")
    return sorted({one.value for one in grant.scopes})


def _require_days(grant: Grant, today: date) -> None:
    days = (grant.valid_until - max(grant.valid_from, today)).days
    if not 0 < days <= MANDATE_DAYS_MAX or grant.valid_from > today + timedelta(days=MANDATE_DAYS_MAX):
        raise InvalidInput(
            f"Chọn ngày kết thúc sau hôm nay và không quá {MANDATE_DAYS_MAX} ngày.",
            f"Choose a last day after today, at most {MANDATE_DAYS_MAX} days away.",
            field="valid_until",
        )


def _require_room(giver: int) -> None:
    open_now = number(
        "SELECT count(*) FROM mandates_mandate WHERE for_person_id = %s AND state IN ('offered', 'in_force')", [giver]
    )
    if open_now >= OPEN_MANDATES_MAX:
        raise InvalidInput(
            f"Đã có {OPEN_MANDATES_MAX} ủy quyền. Chấm dứt bớt trước khi thêm.",
            f"There are {OPEN_MANDATES_MAX} mandates. End one before adding another.",
            field="pin",
        )


def _named(pin: str, full_name: str) -> int:
    person = person_of_number("pin", "".join(pin.split()))
    found = row("SELECT full_name FROM people_person WHERE person_id = %s", [person]) if person else None
    if person is None or found is None or folded_name(str(found[0])) != folded_name(full_name):
        raise NotFound(
            "Không có ai mang số định danh và họ tên này. Xem lại cả hai trên thẻ căn cước của người đó.",
            "Nobody has this number and this name. Check both on that person's citizen card.",
            field="pin",
        )
    return resolve(person)


def _end_former(giver: int, other: int, actor: Actor, clock: Clock) -> None:
    """A new mandate for the same person takes the place of the former one."""
    execute(
        "UPDATE mandates_mandate SET state = 'revoked', ended_by = %s, ended_at = %s WHERE for_person_id = ANY(%s) "
        "AND person_id = ANY(%s) AND kind = %s AND state IN ('offered', 'in_force')",
        [actor.named(), clock.now(), records_of(giver), records_of(other), MandateKind.DELEGATE.value],
    )

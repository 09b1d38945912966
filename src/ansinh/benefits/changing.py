"""How a change of an entitlement is recorded and takes effect: once a request, where the transition table permits it, in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ansinh.benefits.states import (
    TRANSITIONS,
    Cause,
    ChangeKind,
    CorrectionCause,
    EndedBecause,
    NotInState,
    OutOfOrder,
    RequestKeyUsed,
    State,
    SuspendedBecause,
)
from ansinh.benefits.timeline import (
    Life,
    Place,
    ended,
    last_change_of_state,
    life_of,
    moved,
    recalculated,
    reinstated,
    resumed,
    suspended,
    taken_up_again,
)
from ansinh.benefits.writing import Held, Mark, Written, hold, known_before_change, write
from ansinh.database.sql import execute, number, row
from ansinh.foundation.actor import By
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.period import Month

REQUEST_KEY_LENGTH_MAX = 100
FUTURE_MONTHS_MAX = 12
ACT_LENGTH_MAX = 300

_CAUSES: dict[ChangeKind, tuple[Cause, CorrectionCause]] = {
    ChangeKind.SUSPEND: (Cause.SUSPENSION, CorrectionCause.SUSPENSION),
    ChangeKind.RESUME: (Cause.RESUMPTION, CorrectionCause.RESUMPTION),
    ChangeKind.END: (Cause.END, CorrectionCause.END),
    ChangeKind.REINSTATE: (Cause.RESUMPTION, CorrectionCause.REINSTATEMENT),
    ChangeKind.RECALCULATE: (Cause.RECALCULATION, CorrectionCause.RECALCULATION),
    ChangeKind.TRANSFER: (Cause.TRANSFER, CorrectionCause.RECALCULATION),
}


@dataclass(frozen=True, slots=True)
class On:
    """Which entitlement, from which month (YYYYMM), by which act, and the key under which this request is done at most once."""

    person_id: int
    entitlement_id: int
    effect_month: int
    act: str
    request_key: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a change says besides: why, which amount with its explanation (JSON), where to."""

    kind: ChangeKind
    because: str | None = None
    amount: int | None = None
    facts: str | None = None
    place: Place | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """A change and what it did: versions written, corrections of months already frozen and their sum in đồng. Prepared ones did nothing yet."""

    change_id: int
    done: bool
    versions: int = 0
    corrections: int = 0
    corrections_amount: int = 0
    already: bool = False


def heard_before(on: On, content: Content) -> Changed | None:
    """Return what this request did before; raises RequestKeyUsed when its key was used for something else, InvalidInput for bad words."""
    for field, words, longest in (
        ("request_key", on.request_key, REQUEST_KEY_LENGTH_MAX),
        ("act", on.act, ACT_LENGTH_MAX),
    ):
        if not 0 < len(words.strip()) <= longest:
            raise InvalidInput(
                f"“{field}” cần có, không quá {longest} ký tự.",
                f"“{field}” is needed, at most {longest} characters.",
                field=field,
            )
    known = row(_HEARD, [on.person_id, on.request_key])
    if known is None:
        return None
    if tuple(known[1:6]) != (on.entitlement_id, content.kind, on.effect_month, content.because, content.amount):
        raise RequestKeyUsed(
            "Mã yêu cầu này đã dùng cho một biến động khác. Hãy dùng mã mới.",
            "This request key was used for another change. Use a new one.",
            change=int(known[0]),
        )
    return Changed(int(known[0]), bool(known[6]), already=True)


def record(on: On, content: Content, by: By, *, done: bool) -> int:
    """Append a change to the history, done or waiting for a second officer; returns its number."""
    change_id = number("SELECT nextval('benefits_change_number')")
    execute(
        """
        INSERT INTO benefits_change (person_id, change_id, entitlement_id, kind, effect_month, because, amount, facts, act, reason, request_key, due_on,
                                     prepared_by, prepared_at, done_at)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        """,
        [
            on.person_id,
            change_id,
            on.entitlement_id,
            content.kind.value,
            on.effect_month,
            content.because,
            content.amount,
            content.facts,
            on.act,
            by.reason,
            on.request_key,
            content.due_on,
            by.actor.named(),
            by.moment,
            by.moment if done else None,
        ],
    )
    return change_id


def permitted(on: On, content: Content, by: By) -> tuple[Held, Life]:
    """Return the entitlement, locked, and its life after the change; raises NotFound, NotInState, OutOfOrder, InvalidInput."""
    held = hold(on.person_id, on.entitlement_id)
    _require_month(held, on, content, by)
    state = held.life.state_in(_month_looked_at(held, on, content))
    if state not in TRANSITIONS[content.kind] or (state is State.ENDED and not _may_come_back(held, on, content)):
        raise NotInState(
            f"Ở tháng {on.effect_month} quyền hưởng đang “{state}” nên không thể “{content.kind}”.",
            f"In {on.effect_month} the entitlement is {state}; “{content.kind}” cannot be done to it. See `ansinh benefits show`.",
            state=state.value,
        )
    return held, life_after(held, on, content)


def take_effect(held: Held, life: Life, change_id: int, on: On, content: Content, by: By) -> Written:
    """Write what a change makes of an entitlement."""
    cause, settles = _CAUSES[content.kind]
    month = _month_of_mark(held, on, content)
    return write(held, life, Mark(cause, settles, on.act, month, by.moment, change_id, content.facts))


def life_after(held: Held, on: On, content: Content) -> Life:
    """Return the life of an entitlement after a change."""
    life, month, place, amount = held.life, on.effect_month, content.place, content.amount
    after: Life | None = None
    match content.kind:
        case ChangeKind.SUSPEND:
            after = suspended(life, month)
        case ChangeKind.RESUME if life.state_in(month) is State.ENDED:
            after = taken_up_again(life, month, _life_before_end(held))
        case ChangeKind.RESUME:
            after = resumed(life, month, arrears=True)
        case ChangeKind.END:
            after = ended(life, month, arrears=_arrears_at_end(held, content))
        case ChangeKind.REINSTATE:
            after = reinstated(life, _life_before_end(held))
        case ChangeKind.RECALCULATE if amount is not None:
            after = recalculated(life, month, amount)
        case ChangeKind.TRANSFER if place is not None:
            after = moved(life, month, place)
    if after is None:
        raise TypeError(f"{content.kind} lacks its amount or its place")
    return after


@dataclass(frozen=True, slots=True)
class Done:
    """A change that took effect: its number, why, and from which month."""

    change_id: int
    because: str | None
    effect_month: int


def last_done(held: Held, kind: ChangeKind) -> Done | None:
    """Return the last change of a kind that took effect, or None."""
    found = row(
        "SELECT change_id, because, effect_month FROM benefits_change WHERE person_id = %s AND entitlement_id = %s AND kind = %s AND done_at IS NOT NULL"
        " ORDER BY done_at DESC, change_id DESC LIMIT 1",
        [held.person_id, held.entitlement_id, kind.value],
    )
    return Done(int(found[0]), found[1], int(found[2])) if found else None


def _require_month(held: Held, on: On, content: Content, by: By) -> None:
    try:
        month = Month.of(on.effect_month)
    except ValueError as error:
        raise InvalidInput(
            f"“{on.effect_month}” không phải tháng; viết 202507.",
            f"{on.effect_month} is no month; write 202507.",
            field="effect_month",
        ) from error
    latest = Month.containing(by.today).plus(FUTURE_MONTHS_MAX)
    earliest = held.life.first
    if content.kind in {ChangeKind.SUSPEND, ChangeKind.RESUME}:
        earliest = last_change_of_state(held.life)
    if month > latest or (on.effect_month < earliest and content.kind is not ChangeKind.END):
        raise OutOfOrder(
            f"Tháng hiệu lực phải từ {earliest} (tháng đầu hoặc biến động gần nhất) đến {latest.number()}.",
            f"The month of effect must be from {earliest} (the first, or the last change) to {latest.number()}.",
            earliest=earliest,
        )


def _month_looked_at(held: Held, on: On, content: Content) -> int:
    """Return the month whose state decides: for an end before the first month, the first."""
    return max(on.effect_month, held.life.first) if content.kind is ChangeKind.END else on.effect_month


_HEARD = """
SELECT change_id, entitlement_id, kind, effect_month, because, amount, done_at IS NOT NULL FROM benefits_change
WHERE person_id = %s AND request_key = %s
"""


def _month_of_mark(held: Held, on: On, content: Content) -> int:
    if content.kind is ChangeKind.END:
        return max(on.effect_month, held.life.first)
    if content.kind is ChangeKind.RESUME and held.life.state_in(on.effect_month) is State.SUSPENDED:
        return last_change_of_state(held.life)
    return on.effect_month


def _may_come_back(held: Held, on: On, content: Content) -> bool:
    """Tell whether what ended may be paid again: after renunciation by resuming, after an end that was wrong by reinstating; a term that ran out never."""
    end = last_done(held, ChangeKind.END)
    if end is None or end.effect_month > on.effect_month:
        return False
    if content.kind is ChangeKind.REINSTATE:
        return end.because != EndedBecause.RENUNCIATION
    return end.because == EndedBecause.RENUNCIATION and _life_before_end(held).state_in(on.effect_month) is State.PAID


def _arrears_at_end(held: Held, content: Content) -> bool:
    """Tell whether months suspended until death are due to relatives: not those of somebody who was missing (Law 41/2024/QH15 art. 75)."""
    suspension = last_done(held, ChangeKind.SUSPEND)
    return (
        content.because == EndedBecause.DEATH
        and suspension is not None
        and suspension.because != SuspendedBecause.MISSING
    )


def _life_before_end(held: Held) -> Life:
    end = last_done(held, ChangeKind.END)
    assert end is not None
    return life_of(known_before_change(held, end.change_id))

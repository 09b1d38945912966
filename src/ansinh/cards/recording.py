"""How a change of a card is written: once a request, in order, where the transition table permits it, the standing brought up in the same transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date

from ansinh.audit.operation import note
from ansinh.cards.projection import PROJECT_PERSONS, SETTLE_PERSONS, WITHDRAW_PERSONS, among
from ansinh.cards.states import CardEvent, CardState, permitted
from ansinh.database.sql import execute, number, row, rows
from ansinh.foundation.actor import Actor, By
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import InvalidInput, NotFound, Refusal

REQUEST_KEY_LENGTH_MAX = 100
FUTURE_DAYS_MAX = 366

# Whose standings are brought up at the end of the block, by the day it is for.
_together: ContextVar[dict[date, set[int]] | None] = ContextVar("standings_together", default=None)


class NotInState(Refusal):
    """The card is in a state in which this cannot be done to it."""

    code = "card_not_in_state"


class OutOfOrder(Refusal):
    """The day of effect lies before the card was issued, or before a change already recorded, or too far ahead."""

    code = "effect_out_of_order"


class RequestKeyUsed(Refusal):
    """The key of this request was used for something else."""

    code = "request_key_used"


@dataclass(frozen=True, slots=True)
class OnCard:
    """Which card, from which day, and the key under which this request is done at most once."""

    person_id: int
    card_number: str
    effect_on: date
    request_key: str


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to a card, and what the history keeps besides."""

    event: CardEvent
    state: CardState
    other_number: str | None = None
    facility: str | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """The event written, or the one that had been written for the same request before."""

    event_id: int
    card_number: str
    state: CardState
    already: bool = False


def by(actor: Actor, reason: str, clock: Clock) -> By:
    """Return who acts, why and at the clock's moment."""
    return By(actor, reason, clock.now())


@contextmanager
def standings_together() -> Iterator[None]:
    """Bring standings up once, at the end of the block, for everybody whose cards it touches; belongs into the transaction that touches them.

    One statement for hundreds costs what it costs for two. Inside the block a standing is read as it was before; to everybody else cards and standings
    change together, as ever.
    """
    if _together.get() is not None:
        yield
        return
    waiting: dict[date, set[int]] = {}
    token = _together.set(waiting)
    try:
        yield
    finally:
        _together.reset(token)
    for today, persons in waiting.items():
        bring_up(sorted(persons), today)


def bring_up(persons: Sequence[int], today: date) -> int:
    """Bring cards and standings of persons, and of whom their records stand for, in line with `today`; returns how many standings changed.

    Among `standings_together` it is done at the end of that block, and nothing has changed yet.
    """
    waiting = _together.get()
    if waiting is not None:
        waiting.setdefault(today, set()).update(persons)
        return 0
    survivors = rows("SELECT person_id FROM people_alias WHERE alias_person_id = ANY(%s)", [list(persons)])
    whom = among(today, sorted({*persons, *(int(one[0]) for one in survivors)}))
    execute(SETTLE_PERSONS, whom)
    return execute(PROJECT_PERSONS, whom) + execute(WITHDRAW_PERSONS, whom)


def recorded_before(on: OnCard, change: Change) -> Changed | None:
    """Return what this request did before, if it was heard before; raises RequestKeyUsed when its key was used for something else."""
    if not 0 < len(on.request_key) <= REQUEST_KEY_LENGTH_MAX:
        raise InvalidInput(
            f"Cần mã yêu cầu, không quá {REQUEST_KEY_LENGTH_MAX} ký tự.",
            f"A request key of at most {REQUEST_KEY_LENGTH_MAX} characters is needed.",
            field="request_key",
        )
    known = row(
        "SELECT event_id, card_number, event, state, effect_on, other_number, facility FROM cards_event WHERE person_id = %s AND request_key = %s",
        [on.person_id, on.request_key],
    )
    if known is None:
        return None
    asked = (on.card_number, change.event, change.state, on.effect_on, change.other_number, change.facility)
    if tuple(known[1:]) != asked:
        raise RequestKeyUsed(
            "Mã yêu cầu này đã dùng cho một thay đổi khác. Hãy dùng mã mới.",
            "This request key was used for another change. Use a new one.",
            event_id=int(known[0]),
        )
    return Changed(int(known[0]), on.card_number, change.state, already=True)


def card_state(on: OnCard, by: By) -> CardState:
    """Lock a card and return its state after everything recorded, planned changes included.

    Raises NotFound for a card the person does not have, OutOfOrder for a day of effect before its issue or its last change, or more than a year ahead.
    """
    card = row(
        "SELECT issued_on FROM cards_card WHERE person_id = %s AND card_number = %s FOR UPDATE",
        [on.person_id, on.card_number],
    )
    if card is None:
        raise NotFound(
            "Người này không có thẻ với số đã nêu. Xem các thẻ bằng `ansinh cards show`.",
            "This person has no card of that number. See the cards with `ansinh cards show`.",
            person_id=on.person_id,
        )
    last = row(
        "SELECT state, effect_on FROM cards_event WHERE person_id = %s AND card_number = %s ORDER BY event_id DESC LIMIT 1",
        [on.person_id, on.card_number],
    )
    earliest = max(card[0], last[1]) if last else card[0]
    if on.effect_on < earliest or (on.effect_on - by.today).days > FUTURE_DAYS_MAX:
        raise OutOfOrder(
            f"Ngày hiệu lực phải từ {earliest:%d/%m/%Y} (ngày cấp hoặc thay đổi gần nhất) và không quá một năm tới.",
            f"The day of effect must be from {earliest.isoformat()} (issue or last change) on, and at most a year ahead.",
            earliest=earliest.isoformat(),
        )
    return CardState(last[0]) if last else CardState.ISSUED


def record(on: OnCard, change: Change, by: By) -> Changed:
    """Write a change of a card and bring the person's standing up; a request heard before changes nothing.

    Refusals: see `recorded_before` and `card_state`; NotInState when the transition table does not permit it.
    """
    before = recorded_before(on, change)
    if before:
        note(already=before.event_id)
        return before
    state = card_state(on, by)
    if not permitted(change.event, state, change.state):
        raise NotInState(
            f"Thẻ đang ở trạng thái “{state}” nên không thể thực hiện “{change.event}”.",
            f"The card is {state}; it cannot be {change.event}.",
            state=state.value,
        )
    changed = write(on, change, by)
    bring_up([on.person_id], by.today)
    return changed


def write(on: OnCard, change: Change, by: By) -> Changed:
    """Append to the history without asking anything; `record` asks."""
    event_id = number("SELECT nextval('cards_event_number')")
    execute(
        """
        INSERT INTO cards_event (person_id, event_id, card_number, event, state, effect_on, other_number, facility, reason, actor_kind, actor_reference,
                                 request_key, recorded_at)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        """,
        [
            on.person_id,
            event_id,
            on.card_number,
            change.event.value,
            change.state.value,
            on.effect_on,
            change.other_number,
            change.facility,
            by.reason,
            by.actor.kind.value,
            by.actor.reference,
            on.request_key,
            by.moment,
        ],
    )
    note(event=event_id, person_id=on.person_id, effect_on=on.effect_on.isoformat())
    return Changed(event_id, on.card_number, change.state)

"""Card numbers in use: a number is issued, or issued anew to somebody who returns to a group, and names its person."""

from __future__ import annotations

from datetime import date

from ansinh.cards.recording import By, Change, Changed, NotInState, OnCard, card_state, write
from ansinh.cards.states import CardEvent, CardState, permitted
from ansinh.database.sql import execute, row
from ansinh.people.operations import give_numbers

ISSUE = Change(CardEvent.ISSUED, CardState.ISSUED)


def put_in_use(on: OnCard, by: By) -> Changed:
    """Issue a number to its person from the day of effect, or anew if it was theirs; refuses a number that was withdrawn or is suspended."""
    known = row("SELECT FROM cards_card WHERE person_id = %s AND card_number = %s", [on.person_id, on.card_number])
    if known is None:
        execute(
            "INSERT INTO cards_card (person_id, card_number, object_code, level, issued_on) VALUES (%s, %s, %s, %s, %s)",
            [on.person_id, on.card_number, on.card_number[:2], int(on.card_number[2]), on.effect_on],
        )
        name_person(on.person_id, on.card_number, on.effect_on, by)
    else:
        state = card_state(on, by)
        if not permitted(CardEvent.ISSUED, state, CardState.ISSUED):
            raise NotInState(
                f"Số thẻ này đang ở trạng thái “{state}” nên không thể cấp.",
                f"This card number is {state}; it cannot be issued.",
                state=state.value,
            )
    return write(on, ISSUE, by)


def name_person(person_id: int, value: str, day: date, by: By) -> None:
    """Let a card number name a person from `day` on."""
    execute("CREATE TEMP TABLE numbered (person_id bigint, value text, valid_from date) ON COMMIT DROP")
    execute("INSERT INTO numbered VALUES (%s, %s, %s)", [person_id, value, day])
    give_numbers(actor=by.actor, reason=by.reason, scheme="card", numbered="numbered")
    execute("DROP TABLE numbered")

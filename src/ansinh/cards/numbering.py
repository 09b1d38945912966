"""Card numbers in use: a number is issued, or issued anew to somebody who returns to a group, and names its person.

From the day on which the PIN is the number nobody receives a social-insurance code any more, of which card numbers are made. Whoever has none is carded
under their PIN: it leads to them already, and stays the same whatever group they are in.
"""

from __future__ import annotations

from datetime import date

from ansinh.cards.queries import carried_pin, own_si_code
from ansinh.cards.recording import Change, Changed, NotInState, OnCard, bring_up, card_state, write
from ansinh.cards.states import CardEvent, CardState, permitted
from ansinh.database.sql import execute, joining_sets, row, rows
from ansinh.foundation.actor import By
from ansinh.foundation.identifiers import card_number
from ansinh.people.operations import give_numbers
from ansinh.places.queries import ObjectCode

ISSUE = Change(CardEvent.ISSUED, CardState.ISSUED)
PIN_LENGTH = 12
_ONE = "SELECT %(person)s::bigint AS person_id, %(value)s::text AS value, %(day)s::date AS valid_from"


def is_pin(number: str) -> bool:
    """Tell whether a card's number is its holder's PIN."""
    return len(number) == PIN_LENGTH and number.isascii() and number.isdigit()


def number_of(person_id: int, group: ObjectCode, province: str) -> str | None:
    """Return the number a record's card has in a group; None for who has neither a social-insurance code nor a verified PIN."""
    si_code = own_si_code(person_id)
    return card_number(group.code, group.level, province, si_code) if si_code else carried_pin(person_id)


def group_of(on: OnCard) -> tuple[str, str]:
    """Return object code and province of a card: its number says them, or, where that is a PIN, the coverage that reaches beyond the day of effect."""
    if not is_pin(on.card_number):
        return on.card_number[:2], on.card_number[3:5]
    found = row(
        "SELECT object_code, card_province FROM participation_covered_v1 WHERE person_id = %s AND valid_until > %s ORDER BY valid_from LIMIT 1",
        [on.person_id, on.effect_on],
    )
    return (str(found[0]), str(found[1])) if found else ("", "")


def put_in_use(on: OnCard, group: ObjectCode, by: By) -> Changed:
    """Issue a number to its person from the day of effect, or anew if it was theirs; refuses a number that was withdrawn or is suspended."""
    known = row("SELECT FROM cards_card WHERE person_id = %s AND card_number = %s", [on.person_id, on.card_number])
    if known is None:
        execute(
            "INSERT INTO cards_card (person_id, card_number, object_code, level, issued_on) VALUES (%s, %s, %s, %s, %s)",
            [on.person_id, on.card_number, group.code, group.level, on.effect_on],
        )
        if not is_pin(on.card_number):
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
    named = {"person": person_id, "value": value, "day": day}
    give_numbers(actor=by.actor, reason=by.reason, scheme="card", numbered=_ONE, named=named)


def issue_by_pin(by: By, from_person: int, until_person: int) -> int:
    """Issue cards under their PIN to covered persons of a range who have no social-insurance code; returns how many.

    Somebody whose PIN the register replaced gets a card under the new one, in the state of the old one, which ends.
    """
    bounds = {"from": from_person, "until": until_person}
    with joining_sets():
        issued = rows(_ISSUE_BY_PIN, bounds)
    if not issued:
        return 0
    formers = rows(
        _FORMER, {"persons": [one[0] for one in issued], "numbers": [one[1] for one in issued], "today": by.today}
    )
    for person, new, old, state, since in formers:
        _carry_over(OnCard(person, new, since, f"{old}#carried"), CardState(state), by)
        if permitted(CardEvent.REPLACED, CardState(state), CardState.REPLACED):
            ends = Change(CardEvent.REPLACED, CardState.REPLACED, other_number=new)
            write(OnCard(person, old, since, f"{old}#replaced"), ends, by)
    bring_up([one[0] for one in formers], by.today)
    return len(issued)


def _carry_over(on: OnCard, state: CardState, by: By) -> None:
    for event in (CardEvent.SUSPENDED, CardEvent.WITHDRAWN, CardEvent.REDUCED):
        if permitted(event, CardState.ISSUED, state):
            write(on, Change(event, state), by)


_ISSUE_BY_PIN = """
INSERT INTO cards_card (person_id, card_number, object_code, level, issued_on)
SELECT DISTINCT ON (c.person_id) c.person_id, i.value, c.object_code, o.level, greatest(c.valid_from, i.valid_from)
FROM participation_covered_v1 c
JOIN places_objectcode o ON o.code = c.object_code
JOIN people_identifier i ON i.person_id = c.person_id AND i.scheme = 'pin' AND i.valid_until IS NULL
     AND i.person_id >= %(from)s AND i.person_id < %(until)s
JOIN people_insured_v1 p ON p.person_id = c.person_id AND p.excluded IS NULL AND p.person_id >= %(from)s AND p.person_id < %(until)s
WHERE c.person_id >= %(from)s AND c.person_id < %(until)s
  AND NOT EXISTS (SELECT FROM people_identifier own WHERE own.person_id = c.person_id AND own.scheme = 'si_code' AND own.valid_until IS NULL
                  AND own.person_id >= %(from)s AND own.person_id < %(until)s)
ORDER BY c.person_id, c.valid_from
ON CONFLICT DO NOTHING
RETURNING person_id, card_number
"""

# Cards under an earlier PIN, in their last state, planned changes included; nothing is written before what was written last.
_FORMER = """
SELECT c.person_id, new.card_number, c.card_number, coalesce(last.state, 'issued'), greatest(%(today)s::date, c.issued_on, fresh.issued_on, last.effect_on)
FROM unnest(%(persons)s::bigint[], %(numbers)s::text[]) AS new (person_id, card_number)
JOIN cards_card fresh ON fresh.person_id = new.person_id AND fresh.card_number = new.card_number
JOIN cards_card c ON c.person_id = new.person_id AND c.card_number <> new.card_number AND c.card_number ~ '^[0-9]{12}$'
LEFT JOIN LATERAL (
    SELECT e.state, e.effect_on FROM cards_event e WHERE e.person_id = c.person_id AND e.card_number = c.card_number ORDER BY e.event_id DESC LIMIT 1
) AS last ON true
WHERE coalesce(last.state, 'issued') <> 'replaced'
"""

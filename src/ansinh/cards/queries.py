"""What others may ask about cards. Machines are answered by the function `published.standing_v1`, which leaves an audit row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from ansinh.cards.projection import DIFFERING, in_range
from ansinh.database.sql import joining_sets, number, row, rows
from ansinh.foundation.errors import NotFound
from ansinh.foundation.insurance_card import InsuranceCard, insurance_card_text
from ansinh.people.queries import Effect

# A range is one transaction; its length bounds memory, locks and what a crash repeats.
RANGE_LENGTH = 50_000


def ranges(first: int, after_last: int) -> list[tuple[int, int]]:
    """Return half-open ranges of person numbers, each at most RANGE_LENGTH long, that cover `first` to before `after_last`."""
    return [(start, min(start + RANGE_LENGTH, after_last)) for start in range(first, after_last, RANGE_LENGTH)]


def count_cards() -> int:
    """Return the number of cards ever issued."""
    return number("SELECT count(*) FROM cards_card")


def count_standings() -> int:
    """Return the number of persons who have a standing."""
    return number("SELECT count(*) FROM cards_standing")


def differing_standings(today: date, from_person: int, until_person: int) -> list[int]:
    """Return persons of the half-open range whose stored standing differs from what cards and participation say on `today`."""
    with transaction.atomic(), joining_sets():
        return [int(found[0]) for found in rows(DIFFERING, in_range(today, from_person, until_person))]


@dataclass(frozen=True, slots=True)
class Insured:
    """What issuing must know of a record: when born (unknown day or month: the first), whether counted apart, whether dead."""

    born_on: date | None
    excluded: str | None
    died: bool


def insured(person_id: int) -> Insured:
    """Return what issuing must know of a record; raises NotFound for a number that is no record, or one that was merged into another."""
    found = row(
        """
        SELECT birth_year, birth_month, birth_day, excluded, died_on FROM people_insured_v1 p
        WHERE person_id = %s AND NOT EXISTS (SELECT FROM people_alias a WHERE a.alias_person_id = p.person_id)
        """,
        [person_id],
    )
    if found is None:
        raise NotFound(
            "Không có hồ sơ này, hoặc đã gộp.", "There is no such record, or it was merged.", person_id=person_id
        )
    year, month, day, excluded, died_on = found
    return Insured(_day(year, month, day), excluded, died_on is not None)


def _day(year: int | None, month: int | None, day: int | None) -> date | None:
    """Return a birthday of which parts may be unknown; a day that never was (30 February, as some records say) becomes the first."""
    if year is None:
        return None
    try:
        return date(year, month or 1, day or 1)
    except ValueError:
        return date(year, month or 1, 1)


def own_si_code(person_id: int) -> str | None:
    """Return the social-insurance code a record carries now."""
    found = row(
        "SELECT value FROM people_identifier WHERE person_id = %s AND scheme = 'si_code' AND valid_until IS NULL",
        [person_id],
    )
    return str(found[0]) if found else None


def carried_pin(person_id: int) -> str | None:
    """Return the PIN a record carries now; a PIN that is only stated is nobody's yet."""
    found = row(
        "SELECT value FROM people_identifier WHERE person_id = %s AND scheme = 'pin' AND valid_until IS NULL",
        [person_id],
    )
    return str(found[0]) if found else None


def covered_until(person_id: int, before: date) -> date | None:
    """Return the first day after the last coverage that began before a day, or None for who was never covered."""
    found = row(
        "SELECT max(valid_until) FROM participation_covered_v1 WHERE person_id = %s AND valid_from < %s",
        [person_id, before],
    )
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of a card's history; the issue in bulk has no event and no actor of its own."""

    card_number: str
    event: str
    state: str
    effect_on: date
    other_number: str | None
    facility: str | None
    reason: str | None
    actor: str | None
    recorded_at: datetime | None


def history_of(person_id: int) -> list[HistoryLine]:
    """Return what happened to a record's cards, in the order of the days of effect; planned changes are last."""
    return [HistoryLine(*found) for found in rows(_HISTORY, {"person": person_id})]


def holder_of(card_number: str) -> int:
    """Return the record that holds a card, whose number may be a PIN; raises NotFound when nobody does."""
    found = row(
        "SELECT person_id FROM people_identifier WHERE value = %s AND resolves AND scheme IN ('card', 'pin')",
        [card_number],
    )
    if found is None:
        raise NotFound("Không có thẻ với số đã nêu.", "There is no card of that number.")
    return int(found[0])


def cards_of(person_id: int) -> list[tuple[str, str]]:
    """Return a record's card numbers with their states, the first issued first."""
    found = rows(
        "SELECT card_number, state FROM cards_card WHERE person_id = %s ORDER BY issued_on, card_number", [person_id]
    )
    return [(str(number), str(state)) for number, state in found]


def standing_of(person_id: int) -> dict[str, object] | None:
    """Return a person's standing as hospitals are told it, by column, or None for who has none."""
    found = row(f"SELECT {', '.join(TOLD)} FROM cards_standing WHERE person_id = %s", [person_id])
    return dict(zip(TOLD, found, strict=True)) if found else None


TOLD = (
    "card_number",
    "status",
    "object_code",
    "level",
    "area",
    "facility",
    "valid_from",
    "valid_until",
    "five_years_on",
    "former_card_number",
    "next_card_number",
    "next_valid_from",
    "next_facility",
    "temporary_number",
    "issuing_office",
    "copay_year",
    "copay_total",
    "copay_exempt_on",
    "changes_on",
)


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """What stands on a person's card; `born` is a day or as much of it as is known (`YYYY-MM-DD`, `YYYY-MM`, `YYYY`)."""

    card_number: str | None
    full_name: str
    born: str
    sex: str
    address: str
    facility: str
    object_code: str
    level: int
    area: str | None
    valid_from: date
    valid_until: date
    status: str
    five_years_on: date | None
    issuing_office: str
    copay_year: int | None
    copay_total: int
    copay_exempt_on: date | None
    next_valid_from: date | None
    next_facility: str | None
    temporary_number: str | None

    def text(self) -> str:
        """Return the text of the card's QR code; nothing where there is no card number."""
        if not self.card_number or not self.born:
            return ""
        return insurance_card_text(
            InsuranceCard(
                self.card_number, self.full_name, self.born, self.sex, self.address, self.facility, self.valid_from
            )
        )


def printed_card(person_id: int) -> PrintedCard | None:
    """Return what a person's card says, or None for who was never insured."""
    found = row(_PRINTED, [person_id])
    return PrintedCard(*found) if found else None


_PRINTED = """
SELECT card_number, full_name,
    concat_ws('-', birth_year, lpad(birth_month::text, 2, '0'), CASE WHEN birth_month IS NOT NULL THEN lpad(birth_day::text, 2, '0') END),
    coalesce(sex, ''), coalesce(address, ''), facility, object_code, level, area, valid_from, valid_until, status, five_years_on, coalesce(issuing_office, ''),
    copay_year, copay_total, copay_exempt_on, next_valid_from, next_facility, temporary_number
FROM cards_standing WHERE person_id = %s
"""

_HISTORY = """
SELECT card_number, event, state, effect_on, other_number, facility, reason, actor_kind || ':' || actor_reference, recorded_at FROM (
    SELECT e.card_number, e.event, e.state, e.effect_on, e.other_number, e.facility, e.reason, e.actor_kind, e.actor_reference, e.recorded_at, e.event_id
    FROM cards_event e WHERE e.person_id = %(person)s
    UNION ALL
    SELECT c.card_number, 'issued', 'issued', c.issued_on, NULL, NULL, NULL, NULL, NULL, NULL, 0 FROM cards_card c
    WHERE c.person_id = %(person)s AND NOT EXISTS (
        SELECT FROM cards_event e WHERE e.person_id = c.person_id AND e.card_number = c.card_number AND e.event = 'issued' AND e.effect_on = c.issued_on)
) AS lines ORDER BY effect_on, event_id
"""


def effects_on_cards(person_ids: Sequence[int]) -> list[Effect]:
    """Return which cards and standings a decision about these persons touches."""
    cards = rows(
        "SELECT person_id, card_number, state FROM cards_card WHERE person_id = ANY(%s) AND state <> 'replaced' ORDER BY 1, 2",
        [list(person_ids)],
    )
    standings = rows(
        "SELECT person_id, facility, valid_until FROM cards_standing WHERE person_id = ANY(%s) ORDER BY 1",
        [list(person_ids)],
    )
    return [
        *(Effect("cards", person, f"thẻ {card} ({state})", f"card {card} ({state})") for person, card, state in cards),
        *(
            Effect(
                "cards",
                person,
                f"tra cứu: {place}, hết hạn {end:%d/%m/%Y}",
                f"standing at {place} until {end.isoformat()}",
            )
            for person, place, end in standings
        ),
    ]

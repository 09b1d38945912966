"""Whom a submission is about: a number must lead to a person whose name and birth agree. Anything less goes to matching, never to a guess."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ansinh.database.sql import rows
from ansinh.healthbook.intake.entries import Entry, Said
from ansinh.people.matching.folding import folded_name


class Doubt(StrEnum):
    """Why it is not sure whom an entry is about."""

    NO_NUMBER = "no_number"
    NUMBER_UNKNOWN = "number_unknown"
    NUMBERS_DISAGREE = "numbers_disagree"
    NAME_DIFFERS = "name_differs"
    BIRTH_DIFFERS = "birth_differs"


@dataclass(frozen=True, slots=True)
class Person:
    """What must agree: folded name, and the parts of the birthday that are known."""

    person_id: int
    name: str
    year: int | None
    month: int | None
    day: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """The person, or the doubt, with whom it would have been."""

    person_id: int | None
    doubt: Doubt | None = None
    candidate: int | None = None


_RESOLVE = """
SELECT q.scheme, q.value, p.person_id, p.full_name, p.birth_year, p.birth_month, p.birth_day
FROM unnest(%(schemes)s::text[], %(values)s::text[]) AS q (scheme, value)
JOIN people_identifier i ON i.value = q.value AND i.scheme = q.scheme AND i.resolves AND i.scheme IN ('pin', 'si_code', 'card')
LEFT JOIN people_alias a ON a.alias_person_id = i.person_id
JOIN people_person p ON p.person_id = coalesce(a.person_id, i.person_id)
"""


def people_of(entries: Iterable[Entry]) -> dict[tuple[str, str], Person]:
    """Return who each number said in these entries leads to now, numbers nobody has left out."""
    asked = list({number for entry in entries for number in entry.said.numbers})
    if not asked:
        return {}
    found = rows(_RESOLVE, {"schemes": [scheme for scheme, _ in asked], "values": [value for _, value in asked]})
    return {
        (scheme, value): Person(person_id, folded_name(name), year, month, day)
        for scheme, value, person_id, name, year, month, day in found
    }


def identify(said: Said, known: Mapping[tuple[str, str], Person]) -> Found:
    """Return the one person all known numbers lead to, when name and birth agree with theirs; or why not."""
    if not said.numbers:
        return Found(None, Doubt.NO_NUMBER)
    people = {person.person_id: person for number in said.numbers if (person := known.get(number)) is not None}
    if not people:
        return Found(None, Doubt.NUMBER_UNKNOWN)
    if len(people) > 1:
        return Found(None, Doubt.NUMBERS_DISAGREE)
    (person,) = people.values()
    if folded_name(said.name) != person.name:
        return Found(None, Doubt.NAME_DIFFERS, person.person_id)
    if not _born_alike(said.born, person):
        return Found(None, Doubt.BIRTH_DIFFERS, person.person_id)
    return Found(person.person_id)


def _born_alike(born: str, person: Person) -> bool:
    """Compare what is known on both sides; zeros stand for what the paper does not say."""
    said: Sequence[str] = (born[:4], born[4:6], born[6:8])
    if len(born) < 4 or not born.isdigit() or person.year is None:
        return False
    kept = (person.year, person.month, person.day)
    return all(
        one is None or not part or int(part) == 0 or int(part) == one for part, one in zip(said, kept, strict=True)
    )

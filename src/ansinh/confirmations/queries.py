"""What others may ask: what somebody is asked to confirm, and what became of the confirmations a record waits for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ansinh.confirmations.states import ConfirmationState
from ansinh.database.sql import rows
from ansinh.people.queries import records_of

PAGE_LENGTH_MAX = 50


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A confirmation as it stands; `until_on` is the last day to answer."""

    person_id: int
    reference: str
    about: str
    asked_by_person_id: int | None
    question_vi: str
    question_en: str
    asked_at: datetime
    until_on: date
    state: ConfirmationState
    answered_at: datetime | None
    because: str


COLUMNS = "person_id, reference, about, asked_by_person_id, question_vi, question_en, asked_at, until_on, state, answered_at, because"


def asked_of(person_id: int) -> list[Confirmation]:
    """Return what somebody is or was asked, what waits first and then the newest, at most PAGE_LENGTH_MAX."""
    return _found(
        "person_id = ANY(%s) ORDER BY state NOT IN ('asked', 'unanswered'), asked_at DESC LIMIT %s",
        [records_of(person_id), PAGE_LENGTH_MAX],
    )


def confirmation(person_id: int, reference: str) -> Confirmation | None:
    """Return one of somebody's by its reference; None for any other."""
    return next((one for one in asked_of(person_id) if one.reference == reference), None)


def asked_about(about: str) -> list[Confirmation]:
    """Return everybody who was asked about a record, in the order they were asked."""
    return _found("about = %s ORDER BY asked_at, person_id", [about])


def _found(which: str, values: list[object]) -> list[Confirmation]:
    return [
        Confirmation(
            person, str(reference), about, by, vi, en, asked, until, ConfirmationState(state), answered, because
        )
        for person, reference, about, by, vi, en, asked, until, state, answered, because in rows(
            f"SELECT {COLUMNS} FROM confirmations_confirmation WHERE {which}", values
        )
    ]

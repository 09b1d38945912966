"""Look at a contribution book, and hand it out: as a paper, or as a signed file a stranger can prove. Every look leaves a line with its purpose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ansinh.access.keys import signing_keys
from ansinh.audit.operation import note, note_read, operation
from ansinh.documents.operations import NewPaper, issue_paper
from ansinh.documents.queries import Paper
from ansinh.documents.setting import set_paper
from ansinh.documents.signatures import KEYS_NAME
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import Clock, legal_day
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.foundation.purpose import Purpose
from ansinh.participation.queries.books import Book, book
from ansinh.participation.queries.statements import TEMPLATE, exported, statement
from ansinh.people.queries import person_as_known, resolve


@dataclass(frozen=True, slots=True)
class Issued:
    """A paper issued, with its bytes."""

    paper: Paper
    content: bytes


@operation(permission="participation.read_book", reads="contribution book")
def read_book(
    *, actor: Actor, reason: str, clock: Clock, person_id: int, purpose: Purpose, known_on: date | None = None
) -> Book:
    """Return a person's book as known today, or at the end of an earlier day. A person reads the own book and no other.

    Refuses an unknown record, and anybody else's book to a person (`not_found`), and a day to come (`invalid_input`).
    """
    today = legal_day(clock.now())
    day = known_on or today
    if day > today:
        raise InvalidInput(f"Ngày {day:%d/%m/%Y} chưa tới.", f"{day.isoformat()} has not come yet.", field="known_on")
    _must_exist(actor, person_id, clock)
    note_read(resolve(person_id), purpose)
    note(known_on=day.isoformat())
    return book(person_id, day)


@operation(permission="participation.issue_statement", reads="contribution book, statement")
def issue_statement(
    *, actor: Actor, reason: str, clock: Clock, person_id: int, purpose: Purpose, secrets: Path, language: str = "vi"
) -> Issued:
    """Issue the book of today as a PDF, signed with the key for papers in the folder of secrets. The same words on one day are one paper.

    Refuses what `read_book` refuses.
    """
    now = clock.now()
    _must_exist(actor, person_id, clock)
    note_read(resolve(person_id), purpose)
    told = statement(person_id, legal_day(now), language)
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    content = set_paper(TEMPLATE, told, day)
    new = NewPaper("contribution statement", "QTD", "application/pdf", content)
    return Issued(_issue(actor, reason, clock, person_id, new, secrets), content)


@operation(permission="participation.issue_statement", reads="contribution book, signed export")
def export_book(*, actor: Actor, reason: str, clock: Clock, person_id: int, purpose: Purpose, secrets: Path) -> Issued:
    """Issue the book of today as a JSON file with a detached signature (docs/howto/prove-a-contribution-book.md). Refuses what `read_book` refuses."""
    _must_exist(actor, person_id, clock)
    note_read(resolve(person_id), purpose)
    content = exported(person_id, legal_day(clock.now()))
    new = NewPaper("contribution book", "SBH", "application/json", content)
    return Issued(_issue(actor, reason, clock, person_id, new, secrets), content)


def _issue(actor: Actor, reason: str, clock: Clock, person_id: int, new: NewPaper, secrets: Path) -> Paper:
    key = signing_keys(secrets, KEYS_NAME).signing
    return issue_paper(actor=actor, reason=reason, clock=clock, person_id=resolve(person_id), new=new, key=key)


def _must_exist(actor: Actor, person_id: int, clock: Clock) -> None:
    """Denied and absent look alike."""
    others = actor.kind is ActorKind.PERSON and actor.reference != str(resolve(person_id))
    if others or person_as_known(person_id, clock.now()) is None:
        raise NotFound(f"Không có hồ sơ #{person_id}.", f"There is no record #{person_id}.", person=person_id)

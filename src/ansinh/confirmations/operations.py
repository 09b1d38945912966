"""Ask somebody to confirm, take in what they answer, and ask no more."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from ansinh.audit.operation import note, operation
from ansinh.confirmations.models import LEVEL
from ansinh.confirmations.states import TRANSITIONS, ConfirmationEvent, ConfirmationState
from ansinh.database.sql import execute, row
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import InvalidInput, NotFound, Refusal
from ansinh.notices.operations import Notice, send_message
from ansinh.people.queries import records_of, resolve
from ansinh.signin.states import LevelTooLow

WORDS_LENGTH_MAX = 300


class AnsweredAlready(Refusal):
    """Nothing is asked any more, or the answer was given."""

    code = "confirmation_answered"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody is asked: about which record, for whom, the question in both languages, and the last day to answer."""

    person_id: int
    about: str
    asked_by: int | None
    question: tuple[str, str]
    until_on: date


@operation(permission="confirmations.ask")
def ask_to_confirm(*, actor: Actor, reason: str, clock: Clock, wanted: Wanted) -> str:
    """Ask somebody to confirm, and tell them; asked about the same record again it is the same confirmation. Returns its reference."""
    person, reference = resolve(wanted.person_id), uuid.uuid4()
    new = row(
        "INSERT INTO confirmations_confirmation (person_id, reference, about, asked_by_person_id, question_vi, question_en, asked_at, until_on, state)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (person_id, about) DO NOTHING RETURNING reference",
        [
            person,
            reference,
            wanted.about,
            wanted.asked_by,
            *(one[:WORDS_LENGTH_MAX] for one in wanted.question),
            clock.now(),
            wanted.until_on,
            ConfirmationState.ASKED.value,
        ],
    )
    note(person=person, about=wanted.about, already=int(new is None))
    if new is None:
        known = row(
            "SELECT reference FROM confirmations_confirmation WHERE person_id = %s AND about = %s",
            [person, wanted.about],
        )
        assert known is not None
        return str(known[0])
    told = {"until": f"{wanted.until_on:%d/%m/%Y}"}
    fact = f"confirmations.confirmation:{reference.hex}"
    notice = Notice(person, "confirmation_wanted", told, fact, wanted.until_on)
    send_message(actor=actor, reason=reason, clock=clock, notice=notice)
    return str(reference)


@operation(permission="confirmations.answer")
def answer_confirmation(
    *, actor: Actor, reason: str, clock: Clock, level: int, reference: str, agreed: bool, because: str = ""
) -> None:
    """Agree to what one is asked, or decline it and say why; the same answer again changes nothing.

    Nobody answers for another. Refuses a level below 2 (`level_too_low`), what is not asked of this person (`not_found`), what is answered or not wanted
    any more (`confirmation_answered`), and words that are too long (`invalid_input`).
    """
    if level < LEVEL:
        raise LevelTooLow(
            "Việc này cần đăng nhập định danh điện tử mức 2.", "Sign in with your e-ID at level 2 to do this."
        )
    if actor.kind is not ActorKind.PERSON or actor.by:
        raise _not_asked()
    _answer(actor, clock, reference, agreed=agreed, because=because, person=int(actor.reference), level=level)


@operation(permission="confirmations.record")
def record_answer(*, actor: Actor, reason: str, clock: Clock, reference: str, agreed: bool, paper: str) -> None:
    """Record at the counter what somebody without the e-ID answered, naming the signed paper that was seen (`paper`).

    Refuses an unknown confirmation (`not_found`), one answered or not wanted any more (`confirmation_answered`), and a paper not named (`invalid_input`).
    """
    if not paper.strip():
        raise InvalidInput("Ghi rõ giấy đã xem.", "Name the paper that was seen.", field="paper")
    _answer(actor, clock, reference, agreed=agreed, because=paper, person=None, level=None)


@operation(permission="confirmations.ask")
def ask_no_more(*, actor: Actor, reason: str, clock: Clock, about: str, time_over: bool = False) -> int:
    """Ask nobody any more about a record: its time is over (answers that come late still count), or it is not wanted. Returns how many were open."""
    event = ConfirmationEvent.TIME_OVER if time_over else ConfirmationEvent.DROPPED
    before, following = TRANSITIONS[event]
    closed = execute(
        "UPDATE confirmations_confirmation SET state = %s, answered_at = NULL, answered_by = NULL WHERE about = %s AND state = ANY(%s)",
        [following.value, about, [one.value for one in before]],
    )
    note(about=about, closed=closed)
    return closed


def _answer(
    actor: Actor, clock: Clock, reference: str, *, agreed: bool, because: str, person: int | None, level: int | None
) -> None:
    words = " ".join(because.split())
    if len(words) > WORDS_LENGTH_MAX or not words.isprintable():
        raise InvalidInput(
            f"Lý do không quá {WORDS_LENGTH_MAX} ký tự.", f"At most {WORDS_LENGTH_MAX} characters.", field="because"
        )
    key = _key(reference)
    found = row(
        "SELECT person_id, state FROM confirmations_confirmation WHERE reference = %s AND (%s::bigint[] IS NULL OR person_id = ANY(%s)) FOR UPDATE",
        [key, *[None if person is None else records_of(person)] * 2],
    )
    if found is None:
        raise _not_asked()
    before, following = TRANSITIONS[ConfirmationEvent.AGREED if agreed else ConfirmationEvent.DECLINED]
    state = ConfirmationState(found[1])
    note(person=int(found[0]), reference=reference, agreed=int(agreed))
    if state is following:
        return
    if state not in before:
        raise AnsweredAlready(
            "Đề nghị này đã được trả lời hoặc không cần nữa.", "This was answered already, or is not wanted any more."
        )
    execute(
        "UPDATE confirmations_confirmation SET state = %s, answered_at = %s, answered_by = %s, level = %s, because = %s"
        " WHERE person_id = %s AND reference = %s",
        [following.value, clock.now(), actor.named(), level, words, found[0], key],
    )


def _key(reference: str) -> uuid.UUID:
    try:
        return uuid.UUID(reference)
    except ValueError as error:
        raise _not_asked() from error


def _not_asked() -> NotFound:
    return NotFound("Không có đề nghị xác nhận nào như vậy.", "You are asked no such thing.", field="reference")

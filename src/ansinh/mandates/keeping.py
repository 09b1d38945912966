"""What changes of mandates have in common: who may make them, how they end, whom they are told to."""

from __future__ import annotations

from datetime import date

from ansinh.database.sql import execute
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import Clock, legal_day
from ansinh.foundation.errors import InvalidInput, NotFound, Refusal
from ansinh.mandates.queries import circumstance_of
from ansinh.mandates.states import Circumstance, MandateState
from ansinh.notices.operations import Notice, send_message

PAPER_LENGTH_MAX = 200


class SamePerson(Refusal):
    """Whoever decides must be another than who prepared."""

    code = "same_person"


def lock(person: int) -> None:
    """Let one change at a time be made to whom may act for a person."""
    execute("SELECT pg_advisory_xact_lock(hashtext('mandates'), (%s %% 2147483647)::integer)", [person])


def end(for_person: int, mandate: int, state: MandateState, actor: Actor, clock: Clock) -> None:
    """Write that a mandate is over, since when and by whom."""
    execute(
        "UPDATE mandates_mandate SET state = %s, ended_by = %s, ended_at = %s WHERE for_person_id = %s AND mandate_id = %s",
        [state.value, actor.named(), clock.now(), for_person, mandate],
    )


def tell(actor: Actor, reason: str, clock: Clock, person: int, template: str, mandate: int) -> None:
    """Tell a person that something happened to a mandate of theirs; the message names nobody."""
    today = legal_day(clock.now())
    notice = Notice(person, template, {}, f"mandates.mandate:{mandate}", today)
    send_message(actor=actor, reason=reason, clock=clock, notice=notice)


def no_mandate() -> NotFound:
    """Return the refusal that says no more than that it is not in the list."""
    return NotFound(
        "Không có ủy quyền này trong danh sách của ông/bà.", "There is no such mandate in your list.", field="mandate"
    )


def checked_paper(text: str) -> str:
    """Return the words that name a paper; raises InvalidInput when empty, too long, or hiding something."""
    paper = " ".join(text.split())
    if not 0 < len(paper) <= PAPER_LENGTH_MAX or not paper.isprintable():
        raise InvalidInput(
            f"Ghi số và ngày của quyết định, không quá {PAPER_LENGTH_MAX} ký tự.",
            f"Give the decision's number and day, in at most {PAPER_LENGTH_MAX} characters.",
            field="paper",
        )
    return paper


def require_full_age(person: int, today: date) -> None:
    """Raise InvalidInput unless the person is of full age (91/2015/QH13 art. 20)."""
    if circumstance_of(person, today) is not Circumstance.ADULT:
        raise InvalidInput(
            "Người ủy quyền, người được ủy quyền và người giám hộ phải từ đủ 18 tuổi.",
            "Whoever gives or takes a mandate, or is a guardian, must be 18 or older.",
            field="person",
        )


def require_another(actor: Actor, maker: str) -> None:
    """Raise SamePerson unless an officer decides who did not prepare it."""
    if actor.kind is not ActorKind.OFFICER or actor.named() == maker:
        raise SamePerson(
            "Người duyệt phải là cán bộ khác người lập.",
            "Whoever approves must be another officer than who prepared it.",
        )

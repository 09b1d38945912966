"""Vouch for months: confirm them while the person works there, close them with two officers when the person leaves (41/2024/QH15 art. 28)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute, number, row
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.participation.corrections import SamePerson, checked_text, must_employ, require_officer, require_state
from ansinh.participation.declarations.applying import this_month
from ansinh.participation.spans import Owner, lock, owner_told, rewrite, spans_in_force
from ansinh.participation.timeline import Piece, clear_months, month_before, piece_in
from ansinh.people.queries import resolve


@dataclass(frozen=True, slots=True)
class Vouched:
    """The months of a person with an employer before `until_month` (YYYYMM, out), and the paper that shows them."""

    person_id: int
    employer_id: int
    until_month: int
    paper: str


@operation(permission="participation.confirm_months")
def confirm_months(*, actor: Actor, reason: str, clock: Clock, vouched: Vouched) -> int:
    """Confirm the months up to a month, in place of an earlier confirmation; returns the row's number. Confirming the same again changes nothing.

    Refuses months the book does not have (`invalid_input`) and an unknown employer (`not_found`).
    """
    vouched = _checked(vouched, this_month(clock.now()))
    return _put_in_force(vouched, "confirmed", actor, clock.now())


@operation(permission="participation.prepare_closing")
def prepare_closing(*, actor: Actor, reason: str, clock: Clock, vouched: Vouched) -> int:
    """Prepare the closing of a person's book with an employer they leave; another officer approves. Returns its number; the same one waiting is returned.

    Refuses months the book does not have (`invalid_input`), an unknown employer (`not_found`), another closing that waits (`wrong_state`), and an actor
    who is no officer (`same_person`).
    """
    require_officer(actor)
    vouched = _checked(vouched, this_month(clock.now()))
    lock(vouched.person_id)
    waiting = row(
        "SELECT attestation_id, until_month, paper FROM participation_attestation WHERE person_id = %s AND employer_id = %s AND state = 'prepared'",
        [vouched.person_id, vouched.employer_id],
    )
    if waiting:
        if waiting[1:] != (vouched.until_month, vouched.paper):
            require_state("prepared", ["decided"], "Lần chốt trước · The closing before")
        return int(waiting[0])
    closing = _next_id(vouched.person_id)
    execute(
        "INSERT INTO participation_attestation (person_id, attestation_id, kind, employer_id, until_month, paper, state, prepared_by, prepared_at) "
        "VALUES (%s, %s, 'closed', %s, %s, %s, 'prepared', %s, %s)",
        [
            vouched.person_id,
            closing,
            vouched.employer_id,
            vouched.until_month,
            vouched.paper,
            actor.named(),
            clock.now(),
        ],
    )
    note(person=vouched.person_id, closing=closing)
    return closing


@operation(permission="participation.decide_closing")
def decide_closing(*, actor: Actor, reason: str, clock: Clock, person_id: int, closing: int, approve: bool) -> None:
    """Approve a prepared closing, or refuse it. Approved, months that went on end there, and declarations no longer reach the closed ones.

    Approving it twice changes nothing. Refuses whoever prepared it (`same_person`), an unknown one (`not_found`), and one decided otherwise (`wrong_state`).
    """
    require_officer(actor)
    person_id = resolve(person_id)
    lock(person_id)
    found = row(
        "SELECT state, employer_id, until_month, prepared_by, approved_by FROM participation_attestation "
        "WHERE person_id = %s AND attestation_id = %s AND kind = 'closed' FOR UPDATE",
        [person_id, closing],
    )
    if found is None:
        raise NotFound(f"Không có lần chốt sổ số {closing}.", f"There is no closing {closing}.", closing=closing)
    state, employer_id, until_month, prepared_by, approved_by = found
    note(person=person_id, closing=closing)
    if approve and state == "in_force" and approved_by == actor.named():
        return
    require_state(state, ["prepared"], f"Chốt sổ · Closing {closing}")
    if actor.named() == prepared_by:
        raise SamePerson(
            "Người duyệt phải khác người lập.", "Whoever decides must be another than who prepared it.", closing=closing
        )
    if not approve:
        execute(
            "UPDATE participation_attestation SET state = 'refused', refused_by = %s WHERE person_id = %s AND attestation_id = %s",
            [actor.named(), person_id, closing],
        )
        return
    now = clock.now()
    owner = owner_told(Owner(person_id, employer_id), until_month)
    pieces = _pieces(owner)
    rewrite(owner, clear_months(pieces, until_month, _end_of_time_at(pieces, until_month)), f"closing {closing}", now)
    execute(_SUPERSEDE, [now, person_id, employer_id, "closed"])
    execute(
        "UPDATE participation_attestation SET state = 'in_force', approved_by = %s, approved_at = %s, recorded_at = %s "
        "WHERE person_id = %s AND attestation_id = %s",
        [actor.named(), now, now, person_id, closing],
    )


def _put_in_force(vouched: Vouched, kind: str, actor: Actor, now: datetime) -> int:
    lock(vouched.person_id)
    same = row(
        "SELECT attestation_id FROM participation_attestation WHERE person_id = %s AND employer_id = %s AND kind = %s AND until_month = %s "
        "AND paper = %s AND state = 'in_force' AND superseded_at IS NULL",
        [vouched.person_id, vouched.employer_id, kind, vouched.until_month, vouched.paper],
    )
    if same:
        return int(same[0])
    made = _next_id(vouched.person_id)
    execute(_SUPERSEDE, [now, vouched.person_id, vouched.employer_id, kind])
    execute(
        "INSERT INTO participation_attestation "
        "(person_id, attestation_id, kind, employer_id, until_month, paper, state, prepared_by, prepared_at, recorded_at) "
        "VALUES (%s, %s, %s, %s, %s, %s, 'in_force', %s, %s, %s)",
        [
            vouched.person_id,
            made,
            kind,
            vouched.employer_id,
            vouched.until_month,
            vouched.paper,
            actor.named(),
            now,
            now,
        ],
    )
    note(person=vouched.person_id, attestation=made)
    return made


# Always later than what it takes the place of, also under a clock that stands still.
_SUPERSEDE = """
UPDATE participation_attestation SET superseded_at = greatest(%s, recorded_at + interval '1 microsecond')
WHERE person_id = %s AND employer_id = %s AND kind = %s AND state = 'in_force' AND superseded_at IS NULL
"""


def _checked(vouched: Vouched, this_month: int) -> Vouched:
    """Return what is vouched for, under the record the person is known by."""
    checked_text("paper", vouched.paper)
    must_employ(vouched.employer_id)
    month = vouched.until_month
    last = this_month + 89 if this_month % 100 == 12 else this_month + 1
    real = 1 <= month % 100 <= 12 and 190001 < month <= last
    told = _pieces(owner_told(Owner(vouched.person_id, vouched.employer_id), month)) if real else []
    if not real or piece_in(told, month_before(month)) is None:
        raise InvalidInput(
            f"Sổ không có tháng ngay trước {month % 100:02}/{month // 100} ở đơn vị này.",
            f"The book has no month with this employer just before {month % 100:02}/{month // 100}.",
            field="until_month",
        )
    return replace(vouched, person_id=resolve(vouched.person_id))


def _pieces(owner: Owner) -> list[Piece]:
    return [one.piece for one in spans_in_force(owner.person_id, owner.employer_id, owner.scheme)]


def _end_of_time_at(pieces: list[Piece], month: int) -> int:
    """Return where the unbroken time a month lies in ends; the month itself where there is none."""
    while (more := piece_in(pieces, month)) is not None:
        month = more.end
    return month


def _next_id(person_id: int) -> int:
    return number(
        "SELECT coalesce(max(attestation_id), 0) + 1 FROM participation_attestation WHERE person_id = %s", [person_id]
    )

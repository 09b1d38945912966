"""Requests: how a decision about a person is proposed, approved by somebody else where it takes two, and carried out once."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from ansinh.audit.operation import note
from ansinh.database.sql import execute, number, row, rows
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import legal_day
from ansinh.foundation.errors import NotFound, Refusal
from ansinh.people import adopting, aliases, facts
from ansinh.people.queries.effects import Effect
from ansinh.people.recording import decide_in_turn
from ansinh.people.states import PIN_IS_THE_NUMBER_FROM, REQUEST_TRANSITIONS, RequestKind, RequestState

POPULATION_REGISTER = "population register"
NEVER = datetime(1, 1, 1, tzinfo=UTC)
CONFIRMED = "an officer confirmed"
DUPLICATE_CONFIRMED = "an officer confirmed; another record carries this number"
NUMBER_CORRECTED = "an officer corrected the number"


class SamePerson(Refusal):
    """One person would both prepare and approve."""

    code = "same_person"


class NotAsSeen(Refusal):
    """What the officer saw is no longer what is there."""

    code = "not_as_seen"


class WrongState(Refusal):
    """The request is not in a state from which this may be done."""

    code = "wrong_state"


class NumberTaken(Refusal):
    """The number names somebody else."""

    code = "number_taken"


class OnlyPin(Refusal):
    """From the day of the switch, new records have no number but the PIN."""

    code = "only_pin"

    def __init__(self) -> None:
        super().__init__(
            f"Từ {PIN_IS_THE_NUMBER_FROM:%d/%m/%Y} hồ sơ mới chỉ dùng số định danh cá nhân.",
            f"From {PIN_IS_THE_NUMBER_FROM.isoformat()} a new record has only a personal identification number.",
        )


@dataclass(frozen=True, slots=True)
class Proposed:
    """What an officer asks for: the columns of a request that its kind needs."""

    kind: RequestKind
    person_id: int
    needs_second: bool
    other_person_id: int | None = None
    register_pin: str | None = None
    field: str | None = None
    old_value: str | None = None
    new_value: str | None = None
    source: str | None = None
    evidence: str | None = None
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """Where a request stands, and which persons changed just now, for the rooms above to follow."""

    request: int
    state: RequestState
    persons: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Request(Proposed):
    request: int = 0
    state: str = ""
    prepared_by: str = ""
    prepared_at: datetime = NEVER
    approved_by: str | None = None


def require_officer(actor: Actor) -> None:
    """Raise SamePerson unless a named officer acts: identity is decided by people."""
    if actor.kind is not ActorKind.OFFICER:
        raise SamePerson(
            "Việc này cần cán bộ có tên; dùng --as.",
            "This takes an officer with a name; use --as.",
            actor=actor.kind.value,
        )


def propose(asked: Proposed, actor: Actor, reason: str, now: datetime, effects: Sequence[Effect]) -> Decided:
    """Keep a request with what it touches; carry it out at once where one officer may decide.

    The same request still waiting is returned as it is; another one about the same is refused (`wrong_state`).
    """
    if waiting := _same_waiting(asked):
        note(request=waiting)
        return Decided(waiting, RequestState.PREPARED)
    request = number(
        f"INSERT INTO people_request ({_WRITTEN}) VALUES ({', '.join(['%s'] * len(_WRITTEN.split(', ')))}) RETURNING request_id",
        [
            *(value for value in asdict(asked).values()),
            json.dumps([effect.stored() for effect in effects], ensure_ascii=False),
            reason,
            actor.reference,
            now,
        ],
    )
    note(request=request, kind=asked.kind.value, person=asked.person_id, effects=len(effects))
    if asked.needs_second:
        return Decided(request, RequestState.PREPARED)
    return _carry_out(_locked(request), actor.reference, now)


def approve(request: int, actor: Actor, now: datetime) -> Decided:
    """Carry out a request another officer prepared. Approving it twice changes nothing; raises SamePerson, NotFound, WrongState."""
    found = _locked(request)
    note(request=request, kind=found.kind, person=found.person_id)
    if found.state == RequestState.APPLIED and found.approved_by == actor.reference:
        return Decided(request, RequestState.APPLIED)
    if found.prepared_by == actor.reference:
        raise SamePerson(
            "Người duyệt phải khác người lập đề nghị.",
            "Whoever approves must be another than who prepared it.",
            request=request,
        )
    _must_be_open(found)
    execute(
        "UPDATE people_request SET approved_by = %s, approved_at = %s WHERE request_id = %s",
        [actor.reference, now, request],
    )
    return _carry_out(found, found.prepared_by, now)


def refuse(request: int, actor: Actor, now: datetime) -> None:
    """Refuse a request that waits; whoever prepared it may withdraw it this way. Raises NotFound, WrongState."""
    found = _locked(request)
    _must_be_open(found)
    execute(
        "UPDATE people_request SET state = 'refused', refused_by = %s, refused_at = %s WHERE request_id = %s",
        [actor.reference, now, request],
    )
    note(request=request, kind=found.kind, person=found.person_id)


def _carry_out(request: _Request, officer: str, now: datetime) -> Decided:
    persons = _ACTS[RequestKind(request.kind)](request, officer, now)
    execute("UPDATE people_request SET state = 'applied' WHERE request_id = %s", [request.request])
    return Decided(request.request, RequestState.APPLIED, persons)


def _confirm(request: _Request, officer: str, now: datetime) -> tuple[int, ...]:
    assert request.register_pin
    holder = holder_of(request.register_pin)
    if holder not in {None, request.person_id}:
        decide(request.person_id, ("duplicate", DUPLICATE_CONFIRMED, request.register_pin), officer, now)
        return (request.person_id,)
    decide(request.person_id, ("verified", CONFIRMED, request.register_pin), officer, now)
    facts.change(request.person_id, "pin", request.register_pin, facts.Said(POPULATION_REGISTER, "registered"), now)
    return (request.person_id,)


def _correct(request: _Request, officer: str, now: datetime) -> tuple[int, ...]:
    assert request.field
    if facts.value_of(request.person_id, request.field) != request.old_value:
        raise not_as_seen(request.person_id)
    if request.field == "pin":
        _correct_number(request, officer, now)
    certainty = "registered" if request.source == POPULATION_REGISTER else "evidenced"
    said = facts.Said(request.source or "", certainty, legal_day(now), request_id=request.request)
    facts.change(request.person_id, request.field, request.new_value, said, now)
    mark_due([request.person_id], "an officer corrected the record", now)
    return (request.person_id,)


def _correct_number(request: _Request, officer: str, now: datetime) -> None:
    if request.new_value and holder_of(request.new_value) not in {None, request.person_id}:
        raise NumberTaken(
            "Số định danh này đang là của hồ sơ khác; xem xét gộp hồ sơ.",
            "The number names another record; consider merging the two.",
            person=request.person_id,
        )
    if request.new_value:
        decide(request.person_id, ("verified", NUMBER_CORRECTED, request.new_value), officer, now)
        return
    decide(request.person_id, ("not_found", NUMBER_CORRECTED, None), None, now)
    execute(REFUSE_CANDIDATE, [request.person_id, request.old_value, officer, now])


def _adopt(request: _Request, officer: str, now: datetime) -> tuple[int, ...]:
    assert request.field
    assert request.source
    if request.undoes:
        persons = adopting.take_back(request.field, request.undoes, request.request, now)
    else:
        persons = adopting.adopt(request.field, request.source, request.request, request.prepared_at, now)
    note(adopted=len(persons))
    return persons


def _merge(request: _Request, officer: str, now: datetime) -> tuple[int, ...]:
    assert request.other_person_id
    return request.person_id, aliases.merge(request.person_id, request.other_person_id, now)


def _unmerge(request: _Request, officer: str, now: datetime) -> tuple[int, ...]:
    stood_for = aliases.unmerge(request.person_id)
    mark_due([request.person_id, stood_for], "an officer took a merge back", now)
    return request.person_id, stood_for


_ACTS: dict[RequestKind, Callable[[_Request, str, datetime], tuple[int, ...]]] = {
    RequestKind.CONFIRM: _confirm,
    RequestKind.CORRECT: _correct,
    RequestKind.ADOPT: _adopt,
    RequestKind.MERGE: _merge,
    RequestKind.UNMERGE: _unmerge,
}


def decide(person_id: int, verdict: tuple[str, str, str | None], officer: str | None, now: datetime) -> None:
    """Record a verdict (verdict, rule, register_pin) in place of the current one."""
    decide_in_turn()
    execute(_DECIDE, [now, person_id, person_id, now, *verdict, officer])


def mark_due(person_ids: Sequence[int], because: str, now: datetime) -> int:
    """Mark persons to be compared with the register again; returns how many there are."""
    return execute(MARK_DUE, {"persons": list(person_ids), "because": because, "now": now})


def holder_of(pin: str) -> int | None:
    """Return who carries a PIN now."""
    found = row(
        "SELECT person_id FROM people_identifier WHERE scheme = 'pin' AND value = %s AND valid_until IS NULL", [pin]
    )
    return int(found[0]) if found else None


def require_record(person_id: int) -> None:
    """Raise NotFound when there is no such record, WrongState when it was merged into another."""
    found = rows(
        "SELECT a.person_id FROM people_person p LEFT JOIN people_alias a ON a.alias_person_id = p.person_id WHERE p.person_id = %s",
        [person_id],
    )
    if not found:
        raise NotFound(f"Không có hồ sơ #{person_id}.", f"There is no record #{person_id}.", person=person_id)
    if found[0][0] is not None:
        raise WrongState(
            f"Hồ sơ #{person_id} đã được gộp vào #{found[0][0]}; xử lý hồ sơ đó.",
            f"Record #{person_id} was merged into #{found[0][0]}; decide about that one.",
            person=person_id,
        )


def not_as_seen(person_id: int) -> NotAsSeen:
    """Return the refusal of a change to something that changed meanwhile."""
    return NotAsSeen(
        "Giá trị cũ không còn đúng như đã thấy; xem lại hồ sơ rồi đề nghị lại.",
        "The old value is no longer as it was seen; look at the record again, then ask again.",
        person=person_id,
    )


def _same_waiting(asked: Proposed) -> int | None:
    found = row(
        f"SELECT request_id, {_ASKED} FROM people_request WHERE person_id = %s AND kind = %s AND field IS NOT DISTINCT FROM %s AND state = 'prepared'",
        [asked.person_id, asked.kind.value, asked.field],
    )
    if found is None:
        return None
    if list(found[1:]) != list(asdict(asked).values()):
        raise WrongState(
            f"Đề nghị số {found[0]} về cùng việc này đang chờ duyệt.",
            f"The request {found[0]} about the same is still waiting.",
            request=int(found[0]),
        )
    return int(found[0])


def _locked(request: int) -> _Request:
    found = row(
        f"SELECT {_ASKED}, request_id, state, prepared_by, prepared_at, approved_by FROM people_request WHERE request_id = %s FOR UPDATE",
        [request],
    )
    if found is None:
        raise NotFound(f"Không có đề nghị số {request}.", f"There is no request {request}.", request=request)
    return _Request(*found)


def _must_be_open(request: _Request) -> None:
    if RequestState.APPLIED not in REQUEST_TRANSITIONS[RequestState(request.state)]:
        raise WrongState(
            f"Đề nghị số {request.request} đang ở trạng thái “{request.state}”.",
            f"The request {request.request} is {request.state}.",
            request=request.request,
            state=request.state,
        )


_ASKED = "kind, person_id, needs_second, other_person_id, register_pin, field, old_value, new_value, source, evidence, undoes"
_WRITTEN = f"{_ASKED}, effects, reason, prepared_by, prepared_at"

# A verdict is always newer than the one it supersedes, also under a clock that stands still.
_DECIDE = """
WITH ended AS (
    UPDATE people_verdict SET superseded_at = greatest(%s, decided_at + interval '1 microsecond')
    WHERE person_id = %s AND superseded_at IS NULL RETURNING superseded_at
)
INSERT INTO people_verdict (person_id, decided_at, verdict, rule, register_pin, officer)
SELECT %s, coalesce((SELECT superseded_at FROM ended), %s), %s, %s, %s, %s
"""

MARK_DUE = """
INSERT INTO people_due (person_id, because, marked_at)
SELECT p.person_id, %(because)s, %(now)s FROM people_person p WHERE p.person_id = ANY(%(persons)s)
ON CONFLICT (person_id) DO UPDATE SET because = EXCLUDED.because, marked_at = EXCLUDED.marked_at
"""

REFUSE_CANDIDATE = """
INSERT INTO people_refusedcandidate (person_id, register_pin, refused_by, refused_at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING
"""

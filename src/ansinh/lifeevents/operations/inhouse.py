"""Events the agency finds by itself: find them, and hear of moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from ansinh.audit.operation import note, operation
from ansinh.database.sql import rows
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.period import Month
from ansinh.lifeevents.acting import Hand, hand, person_behind
from ansinh.lifeevents.contents import Move
from ansinh.lifeevents.files import File, locked, moved, step_ended, steps_of, told
from ansinh.lifeevents.hearing import conclude, withdrawn
from ansinh.lifeevents.inhouse import finding, opening
from ansinh.lifeevents.inhouse.answering import carried, ended_by_death
from ansinh.lifeevents.states import ENDED, IN_HOUSE, FileState, Happening, Kind, Office, Step, StepState
from ansinh.lifeevents.undoing import begin_undoing
from ansinh.participation.queries import terminations

MOVES_A_CALL_MAX = 500
FILES_A_CALL_MAX = 500
# An employer may correct its report, and a birth date be corrected, for so many days after a file was closed.
LOOKED_AT_AGAIN_DAYS = 92
# Declarations are about this month or one of the last ones; what came later than that, an officer takes up.
MONTHS_DECLARED_BACK = 2


@operation(permission="lifeevents.hear")
def find_events(*, actor: Actor, reason: str, clock: Clock, kind: Kind, after: int = 0) -> int | None:
    """Open a file for each event of a kind found in rows, of persons above a number; returns the last person looked at, None at the end.

    Each event has a name of its own, so that finding it again changes nothing. Refuses (`invalid_input`) a kind that is told, not found.
    """
    if kind not in _FOUND:
        raise InvalidInput("Việc này được báo, không tự tìm.", "This event is told, not found.", field="kind")
    by = hand(reason, clock)
    last, files = _FOUND[kind](by, after)
    for file in files:
        carried(file, by)
    note(kind=kind.value, opened=len(files))
    return last


@operation(permission="lifeevents.hear")
def look_again(*, actor: Actor, reason: str, clock: Clock, after: int = 0) -> int | None:
    """Undo files whose ground is gone, and close those of people who died: files above a number, at most FILES_A_CALL_MAX.

    Returns the last one looked at, None at the end.
    """
    by = hand(reason, clock)
    found = rows(
        "SELECT file_id FROM lifeevents_file WHERE kind = ANY(%s) AND file_id > %s AND (closed_on IS NULL OR state = 'done' AND closed_on > %s)"
        " ORDER BY file_id LIMIT %s",
        [sorted(kind.value for kind in IN_HOUSE), after, by.today - timedelta(days=LOOKED_AT_AGAIN_DAYS), FILES_A_CALL_MAX],
    )  # fmt: skip
    for (file_id,) in found:
        _looked_at(locked(int(file_id)), by)
    note(files=len(found))
    return int(found[-1][0]) if len(found) == FILES_A_CALL_MAX else None


@operation(permission="lifeevents.hear")
def hear_moves(*, actor: Actor, reason: str, clock: Clock, moves: Sequence[Move]) -> int:
    """Follow the register when people move to another province, or when it takes a move back; returns how many files were opened or undone.

    The same event again changes nothing, nor does a move within a province.
    """
    if len(moves) > MOVES_A_CALL_MAX:
        raise ValueError(f"at most {MOVES_A_CALL_MAX} a call")
    by = hand(reason, clock)
    done = sum(_moved(one, by) for one in moves)
    note(heard=len(moves), done=done)
    return done


def _retiring(by: Hand, after: int) -> tuple[int | None, list[File]]:
    found, month = finding.retiring(by.today, after), finding.next_month(by.today)
    opened = [opening.retirement_reached(one, month, by) for one in found]
    return _last([one.person_id for one in found], finding.EVENTS_A_CALL_MAX), _some(opened)


def _growing(by: Hand, after: int) -> tuple[int | None, list[File]]:
    found = finding.growing(by.today, after)
    opened = [opening.child_grown(one, by) for _, one in found if one is not None]
    return _last([person for person, _ in found], finding.EVENTS_A_CALL_MAX), _some(opened)


def _leaving(by: Hand, after: int) -> tuple[int | None, list[File]]:
    since = Month.containing(by.today).plus(-MONTHS_DECLARED_BACK).number()
    found, last = terminations(since, after)
    return last, _some([opening.job_lost(one, by) for one in found])


_FOUND: dict[Kind, Callable[[Hand, int], tuple[int | None, list[File]]]] = {
    Kind.RETIREMENT: _retiring,
    Kind.CHILD_GROWN: _growing,
    Kind.JOB_LOST: _leaving,
}


def _some(files: Sequence[File | None]) -> list[File]:
    return [one for one in files if one is not None]


def _last(persons: Sequence[int], page: int) -> int | None:
    return persons[-1] if len(persons) == page else None


def _looked_at(file: File, by: Hand) -> None:
    gone = finding.ground_gone(file)
    if gone is not None:
        told(file.file_id, Office.AGENCY, gone, by.now)
        if file.state is FileState.NOTICED:
            withdrawn(file, by)
        elif file.state in {FileState.REGISTERED, FileState.DONE}:
            begin_undoing(moved(file, Happening.CANCELLED, by.now), by)
    elif file.state in {FileState.NOTICED, FileState.REGISTERED} and finding.died(file):
        ended_by_death(file, by)


def _moved(move: Move, by: Hand) -> bool:
    person = person_behind(move.pin)
    if person is None:
        return False
    last = finding.last_move(person)
    before = last[1] if last else finding.province_on_record(person)
    if before == move.province or not before:
        return False
    if move.withdrawn and last is not None and locked(last[0]).content["from"] == move.province:
        return _taken_back(locked(last[0]), by)
    file = opening.moved_away(move, person, before, by)
    if file is None:
        return False
    if last is not None:
        _overtaken(locked(last[0]), by)
    carried(file, by)
    return True


def _taken_back(file: File, by: Hand) -> bool:
    told(file.file_id, Office.REGISTER, ("rút lại tin chuyển thường trú", "move taken back"), by.now)
    begin_undoing(moved(file, Happening.CANCELLED, by.now), by)
    return True


def _overtaken(file: File, by: Hand) -> None:
    """Who moved on chooses a facility there, not here."""
    waiting = steps_of(file.file_id).get(Step.FACILITY)
    if file.state is FileState.REGISTERED and waiting is not None and waiting.state not in ENDED:
        step_ended(file, Step.FACILITY, StepState.NOT_NEEDED, by.now)
        conclude(file, by)

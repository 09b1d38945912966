"""Exchange with the offices: take in what they say in the order they say it, and keep what became of what we sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from ansinh.audit.operation import note, operation
from ansinh.cards.operations import standings_together
from ansinh.database.sql import execute, rows
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, legal_day
from ansinh.foundation.errors import NotFound, Refusal
from ansinh.lifeevents.acting import Hand, hand
from ansinh.lifeevents.contents import DeathNotice, read
from ansinh.lifeevents.files import File, asked, case_opened, locked, number_of
from ansinh.lifeevents.hearing import (
    UNKNOWN,
    NotBelieved,
    answer_heard,
    conclude,
    counter_heard,
    notice_heard,
    register_heard,
)
from ansinh.lifeevents.inbox import Said, applied, heard_once, parked
from ansinh.lifeevents.states import OFFICES, FileState, Office, Outcome, Step, StepState, ToldState
from ansinh.lifeevents.undoing import go_on_undoing

ITEMS_A_CALL_MAX = 500
ASKED_A_CALL_MAX = 1_000
PARKED_A_CALL_MAX = 200
REFUSAL_LENGTH_MAX = 100


@dataclass(frozen=True, slots=True)
class Item:
    """An item of an office's feed."""

    no: int
    key: str
    file: str
    step: Step
    outcome: Outcome
    result: dict[str, Any]
    told_on: date


@dataclass(frozen=True, slots=True)
class Tried:
    """How many of the parked had their effect, and where the call ended when there are more."""

    applied: int
    last: str | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that was handed over: the day the office took it, or a word why it never will."""

    file_id: int
    message_no: int
    taken: date | str


@dataclass(frozen=True, slots=True)
class Heard:
    """How many items were applied, repeated and parked."""

    applied: int = 0
    repeated: int = 0
    parked: int = 0


@operation(permission="lifeevents.exchange")
def hear_office(*, actor: Actor, reason: str, clock: Clock, office: Office, items: Sequence[Item]) -> Heard:
    """Let the next items of an office's feed have their effect, in order, each once; with the position, one commit.

    What cannot have an effect now is parked with its reason, and the rest goes on.
    """
    if len(items) > ITEMS_A_CALL_MAX:
        raise ValueError(f"at most {ITEMS_A_CALL_MAX} a call")
    by = hand(reason, clock)
    counts = {ToldState.APPLIED: 0, ToldState.REPEATED: 0, ToldState.PARKED: 0}
    with standings_together():
        for item in items:
            counts[_heard(office, item, by)] += 1
    if items:
        execute(
            "INSERT INTO lifeevents_position (partner, after_no) VALUES (%s, %s)"
            " ON CONFLICT (partner) DO UPDATE SET after_no = greatest(lifeevents_position.after_no, excluded.after_no)",
            [office.value, items[-1].no],
        )
    note(**{state.value: count for state, count in counts.items()})
    return Heard(counts[ToldState.APPLIED], counts[ToldState.REPEATED], counts[ToldState.PARKED])


@operation(permission="lifeevents.exchange")
def note_deliveries(*, actor: Actor, reason: str, clock: Clock, deliveries: Sequence[Delivery]) -> None:
    """Keep on which of its days an office took each message; or, as a word, why it never will, which an officer must look at."""
    now = clock.now()
    taken = [(one.file_id, one.message_no, one.taken) for one in deliveries if isinstance(one.taken, date)]
    execute(
        "UPDATE lifeevents_message m SET acknowledged_at = %s, acknowledged_on = d.taken_on"
        " FROM unnest(%s::bigint[], %s::bigint[], %s::date[]) AS d (file_id, message_no, taken_on)"
        " WHERE m.file_id = d.file_id AND m.message_no = d.message_no AND m.acknowledged_at IS NULL",
        [now, *(list(column) for column in zip(*taken, strict=True))] if taken else [now, [], [], []],
    )
    for one in deliveries:
        if not isinstance(one.taken, date):
            _never_taken(one.file_id, one.message_no, one.taken[:REFUSAL_LENGTH_MAX], now)
    note(taken=len(taken), refused=len(deliveries) - len(taken))


def _never_taken(file_id: int, message_no: int, because: str, now: datetime) -> None:
    execute(
        "UPDATE lifeevents_message SET refused = %s WHERE file_id = %s AND message_no = %s AND acknowledged_at IS NULL",
        [because, file_id, message_no],
    )
    case_opened(locked(file_id), (f"không nhận thông điệp: {because}", f"a message was not taken: {because}"), now)


@operation(permission="lifeevents.exchange")
def ask_after(*, actor: Actor, reason: str, clock: Clock) -> int:
    """Ask offices after steps that passed their day without a word, once a day each; returns how many were asked."""
    now = clock.now()
    silent = rows(
        """
        SELECT s.file_id, s.step FROM lifeevents_step s
        WHERE s.state = %s AND s.due_on < %s AND s.office <> ALL(%s) AND NOT EXISTS (
            SELECT FROM lifeevents_message m
            WHERE m.file_id = s.file_id AND m.step = s.step AND (m.action = 'ask' AND m.made_on = %s OR m.acknowledged_at IS NULL AND m.refused IS NULL))
        ORDER BY s.due_on, s.file_id LIMIT %s
        """,
        [
            StepState.ASKED.value,
            legal_day(now),
            [Office.AGENCY.value, Office.RELATIVES.value],
            legal_day(now),
            ASKED_A_CALL_MAX,
        ],
    )
    for file_id, step in silent:
        file = locked(file_id)
        asked(file, Step(step), "ask", {"kind": step, "subject": file.subject}, now)
    note(asked=len(silent))
    return len(silent)


@operation(permission="lifeevents.exchange")
def let_parked_try_again(
    *, actor: Actor, reason: str, clock: Clock, after: str = "", limit: int = PARKED_A_CALL_MAX
) -> Tried:
    """Let parked words of offices and the register try once more, the oldest first; `after` is where the call before ended.

    What a hospital said and nobody believed waits for an officer, but for a number that has become known since.
    """
    by, done = hand(reason, clock), 0
    waiting = rows(_PARKED, {"hospital": Office.HOSPITAL.value, "unknown": UNKNOWN, "after": after, "limit": limit})
    for teller, key, what, content, told_on, _ in waiting:
        said = json.loads(content)
        try:
            with transaction.atomic():
                file = _again(Office(teller), key, what, said, told_on, by)
        except (Refusal, NotBelieved):
            continue
        applied(teller, key, file.file_id if file else None, by.now)
        done += 1
    note(applied=done)
    return Tried(done, str(waiting[-1][5]) if len(waiting) == limit else None)


# The place of one among the parked: when it came, and its name.
_PARKED = """
SELECT teller, told_key, what, content::text, told_on, place FROM (
    SELECT *, to_char(received_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS') || ' ' || teller || ' ' || told_key AS place
    FROM lifeevents_told t WHERE state = 'parked' AND (teller <> %(hospital)s OR because = %(unknown)s AND EXISTS (
        SELECT FROM people_identifier i WHERE i.scheme = 'pin' AND i.value = t.content->>'pin' AND i.resolves))) parked
WHERE place > %(after)s ORDER BY place LIMIT %(limit)s
"""


def _again(office: Office, key: str, what: str, said: dict[str, Any], told_on: date, by: Hand) -> File | None:
    if office is Office.HOSPITAL:
        return notice_heard(read(said, DeathNotice), by)
    if office is Office.REGISTER:
        day = said["died_on"]
        file = register_heard(said["pin"], date.fromisoformat(day) if day else None, by)
        return conclude(file, by) if file else None
    return _applied(
        office, Item(0, key, said["file"], Step(what), Outcome(said["outcome"]), said["result"], told_on), by
    )


def _heard(office: Office, item: Item, by: Hand) -> ToldState:
    content = {"file": item.file, "outcome": item.outcome.value, "result": item.result}
    said = Said(office, item.key, item.step.value, content, item.told_on)
    if heard_once(said, by.now) is not None:
        return ToldState.REPEATED
    try:
        with transaction.atomic():
            file = _applied(office, item, by)
    except Refusal as refused:
        parked(said, refused.code)
        return ToldState.PARKED
    said.belongs_to(file)
    return ToldState.APPLIED


def _applied(office: Office, item: Item, by: Hand) -> File | None:
    ours = number_of(item.file)
    if ours is None:
        file = counter_heard(item.step, item.result, by) if item.outcome is Outcome.DONE else None
        return conclude(file, by) if file else None
    file = locked(ours)
    if item.outcome is Outcome.WITHDRAWN and file.state not in {FileState.UNDOING, FileState.WITHDRAWN}:
        vi, en = OFFICES[office]
        raise NotFound(f"{vi}: không có yêu cầu rút nào.", f"{en}: no withdrawal was asked for.", file=file.file_id)
    file = answer_heard(file, item.step, item.outcome, item.result, by)
    if file.state is FileState.UNDOING:
        return go_on_undoing(file, by)
    return conclude(file, by)

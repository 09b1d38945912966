"""Carry files on: the agency's own steps, alerts about lateness, cases, and the comparison of a day's books."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from ansinh.audit.operation import note, operation
from ansinh.cards.operations import standings_together
from ansinh.database.sql import execute, rows
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, legal_day
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.lifeevents.acting import Hand, application_step, card_step, hand, lock_step, stop_step
from ansinh.lifeevents.confirming import confirmations_looked_at
from ansinh.lifeevents.files import File, StepNow, locked, steps_of, told
from ansinh.lifeevents.hearing import conclude, released
from ansinh.lifeevents.inhouse.acting import STEPS_OF_OURS
from ansinh.lifeevents.queries import books_of
from ansinh.lifeevents.receipts import alert_late_receipts, give_receipts
from ansinh.lifeevents.states import ENDED, OFFICES, FileState, Kind, Office, Step, planned
from ansinh.lifeevents.undoing import go_on_undoing
from ansinh.notices.operations import Notice, send_message
from ansinh.places.queries import add_working_days
from ansinh.rules.law import amount

FILES_A_CALL_MAX = 500
ALERTS_A_CALL_MAX = 1_000

_OWN: dict[Step, Callable[[File, StepNow, Hand], None]] = {
    Step.CARD: lambda file, _, by: card_step(file, by),
    Step.CARD_LOCKED: lambda file, _, by: lock_step(file, by),
    Step.PAYMENTS_STOPPED: lambda file, _, by: stop_step(file, by),
    Step.FUNERAL: application_step,
    Step.SURVIVORS: application_step,
    **STEPS_OF_OURS,
}


@operation(permission="lifeevents.carry_on")
def carry_on(*, actor: Actor, reason: str, clock: Clock, after: int = 0, waiting_too: bool = False) -> int | None:
    """Give receipts that are owed, and do what the agency itself can do now for open files above a number, at most FILES_A_CALL_MAX.

    Returns the last one's number, None at the end. Births and deaths whose next step is known to wait, for a number to be verified or officers to decide, are
    passed over unless asked for (`waiting_too`, once a day: what they wait for may be said otherwise). Safe to repeat: a step that waits still waits, and says
    for what.
    """
    by = hand(reason, clock)
    given = give_receipts(by)
    open_files = rows(
        f"SELECT f.file_id FROM lifeevents_file f WHERE f.closed_on IS NULL AND f.file_id > %(after)s AND ({'true' if waiting_too else _CAN_GO_ON})"
        " AND f.state IN ('registered', 'undoing') ORDER BY f.file_id LIMIT %(most)s",
        {"after": after, "most": FILES_A_CALL_MAX, "today": by.today},
    )
    with standings_together():
        for (file_id,) in open_files:
            _carried(locked(int(file_id)), by)
    note(files=len(open_files), receipts=given)
    return int(open_files[-1][0]) if len(open_files) == FILES_A_CALL_MAX else None


def _carried(file: File, by: Hand) -> None:
    if file.state is FileState.UNDOING:
        go_on_undoing(file, by)
        return
    steps = steps_of(file.file_id)
    held: frozenset[Step] = frozenset()
    if Step.CONFIRMATION in steps:
        if steps[Step.CONFIRMATION].state not in ENDED:
            confirmations_looked_at(file, steps[Step.CONFIRMATION], by)
        held, steps = released(file, by), steps_of(file.file_id)
    for now in steps.values():
        if now.state not in ENDED and now.step in _OWN and now.step not in held:
            _OWN[now.step](file, now, by)
    conclude(file, by)


@operation(permission="lifeevents.carry_on")
def raise_alerts(*, actor: Actor, reason: str, clock: Clock) -> int:
    """Raise an alert, with the reason and a new date, for each step that passed its day, and tell its applicant with an apology (Decree 63/2024).

    So for receipts that were not given within two working hours.

    Returns how many are new; twice on a day raises nothing more. A step that stands still for a supplement is not late.
    """
    now = clock.now()
    today, late = legal_day(now), rows(_LATE, {"today": legal_day(now), "most": ALERTS_A_CALL_MAX})
    new_due = add_working_days(today, amount("deadlines.new_date", today)) if late else None
    raised = alert_late_receipts(hand(reason, clock))
    for file_id, kind, step, due, office, waits_vi, waits_en, person in late:
        vi, en = OFFICES[Office(office)]
        because = (waits_vi or f"{vi} chưa trả lời", waits_en or f"no answer from {en} yet")
        raised += execute(_RAISE, [file_id, step, due, today, *because, new_due])
        one = planned(Kind(kind), Step(step))
        told(file_id, Office.AGENCY, (f"quá hạn: {one.vi} ({because[0]})", f"late: {one.en} ({because[1]})"), now)
        if person is not None and new_due is not None:
            days = {"file": str(file_id), "due_on": f"{due:%d/%m/%Y}", "new_due_on": f"{new_due:%d/%m/%Y}"}
            notice = Notice(int(person), "file_late", days, f"lifeevents.step:{file_id}-{step}", due)
            by = hand(reason, clock)
            send_message(actor=by.actor, reason=by.reason, clock=by.clock, notice=notice)
    note(raised=raised)
    return raised


@operation(permission="lifeevents.settle")
def settle_case(*, actor: Actor, reason: str, clock: Clock, file_id: int, case_no: int, how: str) -> None:
    """Settle what only a person could, saying how; refuses an unknown or settled case (`not_found`) and an empty word (`invalid_input`)."""
    if not how.strip():
        raise InvalidInput("Ghi rõ đã giải quyết thế nào.", "Say how it was settled.", field="how")
    changed = execute(
        "UPDATE lifeevents_case SET settled_at = %s, settled_by = %s, settled_how = %s WHERE file_id = %s AND case_no = %s AND settled_at IS NULL",
        [clock.now(), actor.named(), how, file_id, case_no],
    )
    if not changed:
        raise NotFound(
            "Không có việc này, hoặc đã giải quyết.", "There is no such case, or it is settled.", file=file_id
        )
    # What waited for a person only is taken as undone by that person.
    execute(
        "UPDATE lifeevents_effect SET undo = 'undone', undone_at = %s WHERE file_id = %s AND undo = 'person'"
        " AND NOT EXISTS (SELECT FROM lifeevents_case WHERE file_id = %s AND settled_at IS NULL)",
        [clock.now(), file_id, file_id],
    )
    note(file=file_id, case=case_no)


@operation(permission="lifeevents.exchange")
def note_compared(
    *,
    actor: Actor,
    reason: str,
    clock: Clock,
    office: Office,
    day: date,
    taken: tuple[int, str],
    told_there: tuple[int, str],
) -> bool:
    """Hold a day's books against an office's (how many messages it took and answers it told, with digests of both); returns whether they agree."""
    ours = books_of(office, day)
    equal = (ours.sent, ours.sent_sha256, ours.heard, ours.heard_sha256) == (*taken, *told_there)
    execute(
        _COMPARED,
        {
            "partner": office.value,
            "day": day,
            "now": clock.now(),
            "sent": ours.sent,
            "taken": taken[0],
            "heard": ours.heard,
            "told": told_there[0],
            "equal": equal,
        },
    )
    note(equal=int(equal))
    return equal


# Rows stay as they are written, and the last one counts: twice at one moment of the agency's clock, the second stands a breath later.
_COMPARED = """
INSERT INTO lifeevents_comparison (partner, on_day, compared_at, sent, taken, heard, told, equal)
SELECT %(partner)s, %(day)s, greatest(%(now)s, max(compared_at) + interval '1 microsecond'), %(sent)s, %(taken)s, %(heard)s, %(told)s, %(equal)s
FROM lifeevents_comparison WHERE partner = %(partner)s AND on_day = %(day)s
"""
# What the agency can do: anything about files of its own making; a step of its own that does not say what it waits for; a card whose number is verified; an
# application that is decided; relatives who have all answered, or whose
# time is over; everything that is being undone; and files whose last step ended without anybody looking.
_CAN_GO_ON = """
f.state = 'undoing' OR f.kind NOT IN ('birth', 'death')
OR EXISTS (SELECT FROM lifeevents_step s WHERE s.file_id = f.file_id AND s.office = 'agency' AND s.ended_at IS NULL AND (
    s.waits_vi = ''
    OR s.step = 'card' AND EXISTS (
        SELECT FROM people_identifier i WHERE i.person_id = f.person_id AND i.scheme = 'pin' AND i.valid_until IS NULL)
    OR s.step IN ('funeral', 'survivors') AND NOT EXISTS (
        SELECT FROM lifeevents_effect e JOIN benefits_application a ON a.application_id = e.reference::bigint
        WHERE e.file_id = f.file_id AND e.kind = 'application_filed' AND e.about->>'step' = s.step AND a.closed_on IS NULL)))
OR EXISTS (SELECT FROM lifeevents_step s WHERE s.file_id = f.file_id AND s.step = 'confirmation' AND s.ended_at IS NULL AND (
    s.due_on < %(today)s
    OR EXISTS (SELECT FROM confirmations_confirmation c WHERE c.about = 'lifeevents.file:' || f.file_id AND c.state = 'declined')
    OR NOT EXISTS (SELECT FROM confirmations_confirmation c WHERE c.about = 'lifeevents.file:' || f.file_id AND c.state = 'asked')))
OR NOT EXISTS (SELECT FROM lifeevents_step s WHERE s.file_id = f.file_id AND s.ended_at IS NULL)
"""
# The day promised last: the legal one, or the new one of an apology.
_LATE = """
SELECT s.file_id, f.kind, s.step, p.promised, s.office, s.waits_vi, s.waits_en, coalesce(f.applicant_person_id, f.person_id)
FROM lifeevents_step s JOIN lifeevents_file f USING (file_id)
CROSS JOIN LATERAL (SELECT coalesce(max(a.new_due_on), s.due_on) AS promised FROM lifeevents_alert a WHERE a.file_id = s.file_id AND a.step = s.step) p
WHERE s.state = 'asked' AND s.office <> 'relatives' AND s.due_on < %(today)s AND p.promised < %(today)s AND f.closed_on IS NULL
  AND NOT EXISTS (SELECT FROM lifeevents_pause w WHERE w.file_id = s.file_id AND w.ended_at IS NULL)
ORDER BY s.due_on, s.file_id LIMIT %(most)s
"""
_RAISE = """
INSERT INTO lifeevents_alert (file_id, step, due_on, raised_on, because_vi, because_en, new_due_on) VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""

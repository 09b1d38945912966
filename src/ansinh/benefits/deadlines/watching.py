"""Raise alerts about deadlines: before the last day, after it, and when an answer did not come. One statement's rows at a time, so memory is bounded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ansinh.benefits.deadlines.kinds import NEAR_DAYS, NEW_DATE, deadline
from ansinh.benefits.file_states import FILE_STATES, OPEN, PAUSED, AlertKind, FileState
from ansinh.database.sql import execute, rows
from ansinh.foundation.clock import legal_day
from ansinh.places.queries import WorkingCalendar, working_calendar

ALERTS_A_CALL_MAX = 10_000
_PAUSED = [state.value for state in sorted(PAUSED)]
_RUNNING = [state.value for state in sorted(OPEN - PAUSED)]

# state in which a file was late → why, in words that name nobody
REASONS: dict[FileState, tuple[str, str]] = {
    FileState.FILED: ("chưa thu thập dữ kiện", "facts were not gathered yet"),
    FileState.GATHERING: ("chưa có cán bộ lập quyết định", "no officer prepared a decision yet"),
    FileState.PREPARED: ("đã lập quyết định, chưa có người duyệt", "a decision is prepared, nobody approved it yet"),
}


@dataclass(frozen=True, slots=True)
class Late:
    """A file that passed the day promised, and the new day its applicant is told with an apology."""

    person_id: int
    application_id: int
    due_on: date
    new_due_on: date | None


@dataclass(frozen=True, slots=True)
class Watched:
    """How many alerts of each kind are new, and whom to tell about lateness."""

    raised: dict[str, int]
    late: tuple[Late, ...]


def watch(moment: datetime) -> Watched:
    """Raise every alert that is due at a moment and is not raised yet."""
    today, calendar = legal_day(moment), working_calendar()
    near, late, unanswered = _near(calendar, today), _late(calendar, today), _unanswered(today)
    counts = {AlertKind.NEAR.value: near, AlertKind.LATE.value: len(late), AlertKind.UNANSWERED.value: unanswered}
    return Watched(counts, tuple(late))


def decided_late(person_id: int, application_id: int, due: date, today: date) -> None:
    """Keep the alert of a file that was decided after its last day, with the reason; there is no new date to name."""
    _raise_late(Late(person_id, application_id, due, None), today, FileState.PREPARED)


def _raise_late(one: Late, today: date, state: FileState) -> bool:
    vi, en = REASONS.get(state, FILE_STATES[state])
    key = [one.person_id, one.application_id, AlertKind.LATE.value, one.due_on]
    return execute(_RAISE, [*key, today, vi, en, one.new_due_on]) == 1


def _near(calendar: WorkingCalendar, today: date) -> int:
    until = calendar.add_working_days(today, NEAR_DAYS)
    found = rows(_NEAR, {"states": _RUNNING, "today": today, "until": until, "most": ALERTS_A_CALL_MAX})
    words = ("sắp đến hạn giải quyết", "the last day is near")
    return sum(
        execute(_RAISE, [person, application, AlertKind.NEAR.value, due, today, *words, None])
        for person, application, due in found
    )


def _late(calendar: WorkingCalendar, today: date) -> list[Late]:
    """Raise one alert for a day passed; when the new date of the apology passes too, another for that one."""
    days = deadline(NEW_DATE, today).days
    new = calendar.add_working_days(today, days) if days else None
    found = rows(_LATE, {"states": _RUNNING, "today": today, "most": ALERTS_A_CALL_MAX})
    late = ((Late(person, number, promised, new), state) for person, number, state, promised in found)
    return [one for one, state in late if _raise_late(one, today, FileState(state))]


def _unanswered(today: date) -> int:
    found = rows(_UNANSWERED, {"states": _PAUSED, "today": today, "most": ALERTS_A_CALL_MAX})
    words = ("hết thời gian bổ sung hoặc xác nhận mà chưa có trả lời", "the time to bring papers or to confirm is over")
    return sum(
        execute(_RAISE, [person, application, AlertKind.UNANSWERED.value, until, today, *words, None])
        for person, application, until in found
    )


_RAISE = """
INSERT INTO benefits_alert (person_id, application_id, kind, due_on, raised_on, because_vi, because_en, new_due_on)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_NEAR = """
SELECT a.person_id, a.application_id, a.due_on FROM benefits_application a
WHERE a.state = ANY(%(states)s) AND a.due_on BETWEEN %(today)s AND %(until)s
  AND NOT EXISTS (SELECT FROM benefits_alert w WHERE (w.person_id, w.application_id, w.kind, w.due_on) = (a.person_id, a.application_id, 'near', a.due_on))
ORDER BY a.due_on, a.application_id LIMIT %(most)s
"""
# The day promised last: the legal one, or the new one of an apology.
_LATE = """
SELECT a.person_id, a.application_id, a.state, p.promised FROM benefits_application a
CROSS JOIN LATERAL (
    SELECT coalesce(max(w.new_due_on), a.due_on) AS promised FROM benefits_alert w
    WHERE w.person_id = a.person_id AND w.application_id = a.application_id AND w.kind = 'late' AND w.due_on >= a.due_on) p
WHERE a.state = ANY(%(states)s) AND a.due_on < %(today)s AND p.promised < %(today)s
ORDER BY p.promised, a.application_id LIMIT %(most)s
"""
_UNANSWERED = """
SELECT a.person_id, a.application_id, p.until_on FROM benefits_application a
JOIN benefits_pause p USING (person_id, application_id)
WHERE a.state = ANY(%(states)s) AND p.ended_at IS NULL AND p.until_on < %(today)s
  AND NOT EXISTS (SELECT FROM benefits_alert w
                  WHERE (w.person_id, w.application_id, w.kind, w.due_on) = (a.person_id, a.application_id, 'unanswered', p.until_on))
ORDER BY p.until_on, a.application_id LIMIT %(most)s
"""

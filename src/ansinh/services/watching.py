"""Raise alerts about deadlines: before the last day, after it, and when no supplement came. One statement's rows at a time, so memory is bounded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ansinh.benefits.deadlines.kinds import NEAR_DAYS, NEW_DATE, deadline
from ansinh.database.sql import execute, rows
from ansinh.foundation.clock import legal_day
from ansinh.places.queries import WorkingCalendar, working_calendar
from ansinh.services.catalogue import catalogue
from ansinh.services.rows import Application
from ansinh.services.states import OFFICES, RUNNING, AlertKind, ApplicationState, Office

ALERTS_A_CALL_MAX = 10_000
_RUNNING = sorted(one.value for one in RUNNING)


@dataclass(frozen=True, slots=True)
class Late:
    """An application that passed the day promised, and the new day its applicant is told with an apology."""

    person_id: int
    application_id: int
    receipt: str
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


def decided_late(one: Application, today: date) -> None:
    """Keep the alert of an application decided after its last day; there is no new date to name."""
    assert one.due_on is not None
    words = _because(one.state, one.told.office)
    execute(_RAISE, [one.person_id, one.application_id, AlertKind.LATE.value, one.due_on, today, *words, None])


def _because(state: ApplicationState, office: Office) -> tuple[str, str]:
    if state is ApplicationState.SUBMITTED:
        return "chưa có cán bộ tiếp nhận", "no officer received it yet"
    vi, en = OFFICES[office]
    return f"{vi} chưa giải quyết xong", f"{en} has not decided yet"


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
    raised = []
    for person, application, receipt, service, state, promised in found:
        words = _because(ApplicationState(state), catalogue()[service].office)
        key = [person, application, AlertKind.LATE.value, promised, today, *words, new]
        if execute(_RAISE, key) == 1:
            raised.append(Late(person, application, receipt, promised, new))
    return raised


def _unanswered(today: date) -> int:
    found = rows(_UNANSWERED, {"today": today, "most": ALERTS_A_CALL_MAX})
    words = ("hết thời gian bổ sung mà chưa có trả lời", "the time to bring a supplement is over")
    return sum(
        execute(_RAISE, [person, application, AlertKind.UNANSWERED.value, until, today, *words, None])
        for person, application, until in found
    )


_RAISE = """
INSERT INTO services_alert (person_id, application_id, kind, due_on, raised_on, because_vi, because_en, new_due_on)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_NEAR = """
SELECT a.person_id, a.application_id, a.due_on FROM services_application a
WHERE a.state = ANY(%(states)s) AND a.due_on BETWEEN %(today)s AND %(until)s
  AND NOT EXISTS (SELECT FROM services_alert w WHERE (w.person_id, w.application_id, w.kind, w.due_on) = (a.person_id, a.application_id, 'near', a.due_on))
ORDER BY a.due_on, a.application_id LIMIT %(most)s
"""
# The day promised last: the legal one, or the new one of an apology.
_LATE = """
SELECT a.person_id, a.application_id, a.receipt, a.service, a.state, p.promised FROM services_application a
CROSS JOIN LATERAL (
    SELECT coalesce(max(w.new_due_on), a.due_on) AS promised FROM services_alert w
    WHERE w.person_id = a.person_id AND w.application_id = a.application_id AND w.kind = 'late' AND w.due_on >= a.due_on) p
WHERE a.state = ANY(%(states)s) AND a.due_on < %(today)s AND p.promised < %(today)s
ORDER BY p.promised, a.application_id LIMIT %(most)s
"""
_UNANSWERED = """
SELECT a.person_id, a.application_id, p.until_on FROM services_application a
JOIN services_pause p USING (person_id, application_id)
WHERE a.state = 'waiting_supplement' AND p.ended_at IS NULL AND p.until_on < %(today)s
  AND NOT EXISTS (SELECT FROM services_alert w
                  WHERE (w.person_id, w.application_id, w.kind, w.due_on) = (a.person_id, a.application_id, 'unanswered', p.until_on))
ORDER BY p.until_on, a.application_id LIMIT %(most)s
"""

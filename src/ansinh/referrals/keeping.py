"""How the papers of a visit become rows: taken in, corrected, withdrawn, reinstated. In the caller's transaction, behind the person's lock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ansinh.database.sql import execute, rows
from ansinh.places.queries import CalendarUnknown, WorkingCalendar, working_calendar
from ansinh.referrals.rules import appointment_until, no_holidays, path_of, reach_of, valid_until
from ansinh.referrals.taking import APPOINTMENT, REFERRAL, TakenPaper, VisitPapers

# What a patient comes under who shows an appointment slip (MA_DOITUONG_KCB, Decision 3276/QĐ-BYT).
BY_APPOINTMENT = "1.5"


def lock(person_id: int) -> None:
    """Let nobody else change this person's papers until the transaction ends."""
    execute("SELECT pg_advisory_xact_lock(hashtext('referrals'), (%s %% 2147483647)::integer)", [person_id])


def apply_visit(person_id: int, visit: VisitPapers, now: datetime) -> dict[str, str | int]:
    """Make the papers of a visit what it says; returns how many were taken, changed and withdrawn."""
    papers = () if visit.withdrawn else visit.papers
    done: dict[str, str | int] = {"taken": 0, "changed": 0, "withdrawn": 0}
    for kind, put in _PUT.items():
        mine = {paper.number: paper for paper in papers if paper.kind == kind}
        if mine:
            calendar = _calendar()
            for paper in mine.values():
                outcome = put(person_id, visit, paper, calendar, now)
                if outcome:
                    done[outcome] = int(done[outcome]) + 1
        done["withdrawn"] = int(done["withdrawn"]) + _withdraw(kind, person_id, visit, list(mine), now)
    if not visit.withdrawn and visit.category == BY_APPOINTMENT and visit.admitted_on is not None:
        done["kept"] = _keep(person_id, visit, now)
    return done


def release_uses(person_id: int, facility: str, episode: str) -> int:
    """Give back the papers a visit was begun with that never took place; returns how many."""
    released = rows(
        "UPDATE referrals_use SET released_at = greatest(now(), used_at) WHERE person_id = %s AND facility = %s AND episode = %s "
        "AND released_at IS NULL RETURNING referral_id",
        [person_id, facility, episode],
    )
    for (referral_id,) in released:
        execute(
            "UPDATE referrals_referral r SET state = 'issued' WHERE person_id = %s AND referral_id = %s AND state = 'used' "
            "AND NOT EXISTS (SELECT FROM referrals_use u WHERE u.person_id = r.person_id AND u.referral_id = r.referral_id AND u.released_at IS NULL)",
            [person_id, referral_id],
        )
    kept = execute(
        "UPDATE referrals_appointment SET state = 'booked', kept_for = NULL, kept_at = NULL "
        "WHERE person_id = %s AND facility = %s AND kept_for = %s AND state = 'kept'",
        [person_id, facility, episode],
    )
    return len(released) + kept


def _calendar() -> WorkingCalendar:
    try:
        return working_calendar()
    except CalendarUnknown:
        return no_holidays()


def _put_referral(
    person_id: int, visit: VisitPapers, paper: TakenPaper, calendar: WorkingCalendar, now: datetime
) -> str:
    reach = reach_of(list(paper.diagnoses))
    found = rows(
        _PUT_REFERRAL,
        {
            "person": person_id,
            "facility": visit.facility,
            "number": paper.number,
            "episode": visit.episode,
            "to": paper.to_facility,
            "issued_on": paper.issued_on,
            "until": valid_until(paper.issued_on, reach, calendar),
            "reach": reach.value,
            "reason": paper.reason,
            "path": path_of(paper.reason).value,
            "diagnosis": paper.diagnoses[0] if paper.diagnoses else None,
            "text": paper.diagnosis_text,
            "doctor": paper.doctor,
            "sensitive": list(paper.sensitive),
            "receipt": visit.receipt,
            "now": now,
        },
    )
    return ("taken" if found[0][0] else "changed") if found else ""


def _put_appointment(
    person_id: int, visit: VisitPapers, paper: TakenPaper, calendar: WorkingCalendar, now: datetime
) -> str:
    if paper.due_on is None:
        return ""
    found = rows(
        _PUT_APPOINTMENT,
        {
            "person": person_id,
            "facility": visit.facility,
            "number": paper.number,
            "episode": visit.episode,
            "issued_on": paper.issued_on,
            "due_on": paper.due_on,
            "until": appointment_until(paper.due_on, calendar),
            "diagnosis": paper.diagnoses[0] if paper.diagnoses else None,
            "text": paper.diagnosis_text,
            "doctor": paper.doctor,
            "sensitive": list(paper.sensitive),
            "receipt": visit.receipt,
            "now": now,
        },
    )
    return ("taken" if found[0][0] else "changed") if found else ""


Put = Callable[[int, VisitPapers, TakenPaper, WorkingCalendar, datetime], str]
_PUT: dict[str, Put] = {REFERRAL: _put_referral, APPOINTMENT: _put_appointment}


def _withdraw(kind: str, person_id: int, visit: VisitPapers, staying: list[str], now: datetime) -> int:
    """What a visit no longer tells of is withdrawn; the uses a paper had stay what they were."""
    return execute(
        f"UPDATE referrals_{kind} SET state = 'withdrawn', withdrawn_at = %s "  # the kind is one of two words of ours
        "WHERE person_id = %s AND facility = %s AND episode = %s AND state <> 'withdrawn' AND NOT number = ANY(%s)",
        [now, person_id, visit.facility, visit.episode, staying],
    )


def _keep(person_id: int, visit: VisitPapers, now: datetime) -> int:
    """A visit by appointment keeps the one it lies in the window of, the oldest first; once a visit."""
    return execute(
        "UPDATE referrals_appointment SET state = 'kept', kept_for = %(episode)s, kept_at = %(now)s "
        "WHERE (person_id, appointment_id) = (SELECT person_id, appointment_id FROM referrals_appointment "
        "WHERE person_id = %(person)s AND facility = %(facility)s AND state = 'booked' AND episode <> %(episode)s "
        "AND %(day)s BETWEEN due_on AND valid_until ORDER BY due_on LIMIT 1) "
        "AND NOT EXISTS (SELECT FROM referrals_appointment k WHERE k.person_id = %(person)s AND k.facility = %(facility)s "
        "AND k.kept_for = %(episode)s AND k.state = 'kept')",
        {
            "person": person_id,
            "facility": visit.facility,
            "episode": visit.episode,
            "day": visit.admitted_on,
            "now": now,
        },
    )


# A paper that comes again unchanged is left alone, so that the same visit twice is one. A withdrawn one that comes again is in force again; one that was
# used meanwhile is used again. A moved appointment is told of anew.
_PUT_REFERRAL = """
INSERT INTO referrals_referral AS r (person_id, referral_id, facility, number, episode, to_facility, issued_on, valid_until, reach, reason, path,
    main_diagnosis, diagnosis_text, doctor, sensitive, receipt, recorded_at)
VALUES (%(person)s, (SELECT coalesce(max(referral_id), 0) + 1 FROM referrals_referral WHERE person_id = %(person)s), %(facility)s, %(number)s,
    %(episode)s, %(to)s, %(issued_on)s, %(until)s, %(reach)s, %(reason)s, %(path)s, %(diagnosis)s, %(text)s, %(doctor)s, %(sensitive)s, %(receipt)s,
    %(now)s)
ON CONFLICT (person_id, facility, number) DO UPDATE SET (episode, to_facility, issued_on, valid_until, reach, reason, path, main_diagnosis,
    diagnosis_text, doctor, sensitive, receipt, recorded_at, withdrawn_at, state) = (excluded.episode, excluded.to_facility, excluded.issued_on,
    excluded.valid_until, excluded.reach, excluded.reason, excluded.path, excluded.main_diagnosis, excluded.diagnosis_text, excluded.doctor,
    excluded.sensitive, excluded.receipt, excluded.recorded_at, NULL,
    CASE WHEN EXISTS (SELECT FROM referrals_use u WHERE u.person_id = r.person_id AND u.referral_id = r.referral_id AND u.released_at IS NULL)
        THEN 'used' ELSE 'issued' END)
WHERE (r.episode, r.to_facility, r.issued_on, r.valid_until, r.reason, r.main_diagnosis, r.diagnosis_text, r.doctor, r.sensitive, r.withdrawn_at)
    IS DISTINCT FROM (excluded.episode, excluded.to_facility, excluded.issued_on, excluded.valid_until, excluded.reason, excluded.main_diagnosis,
    excluded.diagnosis_text, excluded.doctor, excluded.sensitive, NULL::timestamptz)
RETURNING xmax = 0
"""
_PUT_APPOINTMENT = """
INSERT INTO referrals_appointment AS r (person_id, appointment_id, facility, number, episode, issued_on, due_on, valid_until, main_diagnosis,
    diagnosis_text, doctor, sensitive, receipt, recorded_at)
VALUES (%(person)s, (SELECT coalesce(max(appointment_id), 0) + 1 FROM referrals_appointment WHERE person_id = %(person)s), %(facility)s, %(number)s,
    %(episode)s, %(issued_on)s, %(due_on)s, %(until)s, %(diagnosis)s, %(text)s, %(doctor)s, %(sensitive)s, %(receipt)s, %(now)s)
ON CONFLICT (person_id, facility, number) DO UPDATE SET (episode, issued_on, due_on, valid_until, main_diagnosis, diagnosis_text, doctor, sensitive,
    receipt, recorded_at, withdrawn_at, state, reminded_at) = (excluded.episode, excluded.issued_on, excluded.due_on, excluded.valid_until,
    excluded.main_diagnosis, excluded.diagnosis_text, excluded.doctor, excluded.sensitive, excluded.receipt, excluded.recorded_at, NULL,
    CASE WHEN r.kept_for IS NOT NULL THEN 'kept' ELSE 'booked' END, CASE WHEN r.due_on = excluded.due_on THEN r.reminded_at END)
WHERE (r.episode, r.issued_on, r.due_on, r.main_diagnosis, r.diagnosis_text, r.doctor, r.sensitive, r.withdrawn_at)
    IS DISTINCT FROM (excluded.episode, excluded.issued_on, excluded.due_on, excluded.main_diagnosis, excluded.diagnosis_text, excluded.doctor,
    excluded.sensitive, NULL::timestamptz)
RETURNING xmax = 0
"""

"""How the papers of visits become rows: taken in, corrected, withdrawn, reinstated. In the caller's transaction, behind the persons' locks.

Visits are taken in turns of one visit a person, so that a statement can take a turn as a set and still nothing overtakes anything of the same person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from ansinh.database.sql import execute, rows
from ansinh.places.queries import CalendarUnknown, WorkingCalendar, working_calendar
from ansinh.referrals.rules import appointment_until, no_holidays, path_of, reach_of, valid_until
from ansinh.referrals.taking import APPOINTMENT, REFERRAL, TakenPaper, VisitPapers

# What a patient comes under who shows an appointment slip (MA_DOITUONG_KCB, Decision 3276/QĐ-BYT).
BY_APPOINTMENT = "1.5"

Placed = tuple[VisitPapers, TakenPaper]


def lock(person_ids: Sequence[int]) -> None:
    """Let nobody else change these persons' papers until the transaction ends; who locks several hands them in sorted."""
    execute(
        "SELECT pg_advisory_xact_lock(hashtext('referrals'), (person %% 2147483647)::integer) FROM unnest(%s::bigint[]) AS person",
        [list(person_ids)],
    )


def turns(visits: Iterable[VisitPapers]) -> list[list[VisitPapers]]:
    """Sort visits into turns: the first of each person, the second of those who have one, and so on."""
    found: list[list[VisitPapers]] = []
    already: Counter[int] = Counter()
    for visit in visits:
        turn = already[visit.person_id]
        already[visit.person_id] += 1
        if turn == len(found):
            found.append([])
        found[turn].append(visit)
    return found


def apply_visits(visits: Sequence[VisitPapers], now: datetime) -> Counter[str]:
    """Make the papers of a turn's visits what they say; returns how many were taken, changed, withdrawn, kept and released."""
    done: Counter[str] = Counter()
    told = [(visit, paper) for visit in visits if not visit.withdrawn for paper in visit.papers]
    calendar = _calendar() if told else no_holidays()
    for kind, columns in _COLUMNS.items():
        # A visit that tells of a number twice means the last.
        mine = {(visit.person_id, paper.number): (visit, paper) for visit, paper in told if paper.kind == kind}
        if mine:
            done.update(_put(kind, columns(list(mine.values()), calendar), now))
        done["withdrawn"] += _withdraw(kind, visits, list(mine), now)
    for visit in visits:
        if visit.withdrawn:
            done["released"] += _release_uses(visit.person_id, visit.facility, visit.episode)
        elif visit.category == BY_APPOINTMENT and visit.admitted_on is not None:
            done["kept"] += _keep(visit, now)
    return done


def _release_uses(person_id: int, facility: str, episode: str) -> int:
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


def _columns(placed: Sequence[Placed]) -> dict[str, list[object]]:
    """Return what papers of both kinds have, by column."""
    return {
        "persons": [visit.person_id for visit, _ in placed],
        "facilities": [visit.facility for visit, _ in placed],
        "episodes": [visit.episode for visit, _ in placed],
        "receipts": [visit.receipt for visit, _ in placed],
        "numbers": [paper.number for _, paper in placed],
        "issued": [paper.issued_on for _, paper in placed],
        "diagnoses": [paper.diagnoses[0] if paper.diagnoses else None for _, paper in placed],
        "texts": [paper.diagnosis_text for _, paper in placed],
        "doctors": [paper.doctor for _, paper in placed],
        "sensitive": [",".join(paper.sensitive) for _, paper in placed],  # words of ours, without commas
    }


def _referrals(placed: Sequence[Placed], calendar: WorkingCalendar) -> dict[str, list[object]]:
    reaches = [reach_of(list(paper.diagnoses)) for _, paper in placed]
    return _columns(placed) | {
        "to": [paper.to_facility for _, paper in placed],
        "reaches": [reach.value for reach in reaches],
        "until": [
            valid_until(paper.issued_on, reach, calendar) for (_, paper), reach in zip(placed, reaches, strict=True)
        ],
        "reasons": [paper.reason for _, paper in placed],
        "paths": [path_of(paper.reason).value for _, paper in placed],
    }


def _appointments(placed: Sequence[Placed], calendar: WorkingCalendar) -> dict[str, list[object]]:
    due = [(one, day) for one in placed if (day := one[1].due_on) is not None]
    return _columns([one for one, _ in due]) | {
        "due": [day for _, day in due],
        "until": [appointment_until(day, calendar) for _, day in due],
    }


_COLUMNS: dict[str, Callable[[Sequence[Placed], WorkingCalendar], dict[str, list[object]]]] = {
    REFERRAL: _referrals,
    APPOINTMENT: _appointments,
}


def _put(kind: str, columns: dict[str, list[object]], now: datetime) -> Counter[str]:
    statement = _PUT_REFERRAL if kind == REFERRAL else _PUT_APPOINTMENT
    return Counter("taken" if new else "changed" for (new,) in rows(statement, {**columns, "now": now}))


def _withdraw(kind: str, visits: Sequence[VisitPapers], staying: Sequence[tuple[int, str]], now: datetime) -> int:
    """What a visit no longer tells of is withdrawn; the uses a paper had stay what they were."""
    return execute(
        f"UPDATE referrals_{kind} r SET state = 'withdrawn', withdrawn_at = %(now)s "  # the kind is one of two words of ours
        "FROM unnest(%(persons)s::bigint[], %(facilities)s::text[], %(episodes)s::text[]) AS q (person_id, facility, episode) "
        "WHERE r.person_id = q.person_id AND r.facility = q.facility AND r.episode = q.episode AND r.state <> 'withdrawn' "
        "AND NOT EXISTS (SELECT FROM unnest(%(stay)s::bigint[], %(numbers)s::text[]) AS k (person_id, number) "
        "WHERE k.person_id = r.person_id AND k.number = r.number)",
        {
            "now": now,
            "persons": [visit.person_id for visit in visits],
            "facilities": [visit.facility for visit in visits],
            "episodes": [visit.episode for visit in visits],
            "stay": [person_id for person_id, _ in staying],
            "numbers": [number for _, number in staying],
        },
    )


def _keep(visit: VisitPapers, now: datetime) -> int:
    """A visit by appointment keeps the one it lies in the window of, the oldest first; once a visit."""
    return execute(
        "UPDATE referrals_appointment SET state = 'kept', kept_for = %(episode)s, kept_at = %(now)s "
        "WHERE (person_id, appointment_id) = (SELECT person_id, appointment_id FROM referrals_appointment "
        "WHERE person_id = %(person)s AND facility = %(facility)s AND state = 'booked' AND episode <> %(episode)s "
        "AND %(day)s BETWEEN due_on AND valid_until ORDER BY due_on LIMIT 1) "
        "AND NOT EXISTS (SELECT FROM referrals_appointment k WHERE k.person_id = %(person)s AND k.facility = %(facility)s "
        "AND k.kept_for = %(episode)s AND k.state = 'kept')",
        {
            "person": visit.person_id,
            "facility": visit.facility,
            "episode": visit.episode,
            "day": visit.admitted_on,
            "now": now,
        },
    )


# A paper that comes again unchanged is left alone, so that the same visit twice is one. A withdrawn one that comes again is in force again; one that was
# used meanwhile is used again. A moved appointment is told of anew. New ones are numbered on, those that are there already need no number.
_PUT_REFERRAL = """
INSERT INTO referrals_referral AS r (person_id, referral_id, facility, number, episode, to_facility, issued_on, valid_until, reach, reason, path,
    main_diagnosis, diagnosis_text, doctor, sensitive, receipt, recorded_at)
SELECT q.person_id, n.last + row_number() OVER (PARTITION BY q.person_id ORDER BY n.there, q.place), q.facility, q.number, q.episode, q.to_facility,
    q.issued_on, q.valid_until, q.reach, q.reason, q.path, q.main_diagnosis, q.diagnosis_text, q.doctor, string_to_array(q.sensitive, ','), q.receipt,
    %(now)s
FROM unnest(%(persons)s::bigint[], %(facilities)s::text[], %(numbers)s::text[], %(episodes)s::text[], %(to)s::text[], %(issued)s::date[],
    %(until)s::date[], %(reaches)s::text[], %(reasons)s::smallint[], %(paths)s::text[], %(diagnoses)s::text[], %(texts)s::text[], %(doctors)s::text[],
    %(sensitive)s::text[], %(receipts)s::text[]) WITH ORDINALITY AS q (person_id, facility, number, episode, to_facility, issued_on, valid_until, reach,
    reason, path, main_diagnosis, diagnosis_text, doctor, sensitive, receipt, place)
CROSS JOIN LATERAL (SELECT coalesce(max(o.referral_id), 0) AS last, coalesce(bool_or(o.facility = q.facility AND o.number = q.number), false) AS there
    FROM referrals_referral o WHERE o.person_id = q.person_id) n
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
SELECT q.person_id, n.last + row_number() OVER (PARTITION BY q.person_id ORDER BY n.there, q.place), q.facility, q.number, q.episode, q.issued_on,
    q.due_on, q.valid_until, q.main_diagnosis, q.diagnosis_text, q.doctor, string_to_array(q.sensitive, ','), q.receipt, %(now)s
FROM unnest(%(persons)s::bigint[], %(facilities)s::text[], %(numbers)s::text[], %(episodes)s::text[], %(issued)s::date[], %(due)s::date[],
    %(until)s::date[], %(diagnoses)s::text[], %(texts)s::text[], %(doctors)s::text[], %(sensitive)s::text[], %(receipts)s::text[]) WITH ORDINALITY
    AS q (person_id, facility, number, episode, issued_on, due_on, valid_until, main_diagnosis, diagnosis_text, doctor, sensitive, receipt, place)
CROSS JOIN LATERAL (SELECT coalesce(max(o.appointment_id), 0) AS last, coalesce(bool_or(o.facility = q.facility AND o.number = q.number), false) AS there
    FROM referrals_appointment o WHERE o.person_id = q.person_id) n
ON CONFLICT (person_id, facility, number) DO UPDATE SET (episode, issued_on, due_on, valid_until, main_diagnosis, diagnosis_text, doctor, sensitive,
    receipt, recorded_at, withdrawn_at, state, reminded_at) = (excluded.episode, excluded.issued_on, excluded.due_on, excluded.valid_until,
    excluded.main_diagnosis, excluded.diagnosis_text, excluded.doctor, excluded.sensitive, excluded.receipt, excluded.recorded_at, NULL,
    CASE WHEN r.kept_for IS NOT NULL THEN 'kept' ELSE 'booked' END, CASE WHEN r.due_on = excluded.due_on THEN r.reminded_at END)
WHERE (r.episode, r.issued_on, r.due_on, r.main_diagnosis, r.diagnosis_text, r.doctor, r.sensitive, r.withdrawn_at)
    IS DISTINCT FROM (excluded.episode, excluded.issued_on, excluded.due_on, excluded.main_diagnosis, excluded.diagnosis_text, excluded.doctor,
    excluded.sensitive, NULL::timestamptz)
RETURNING xmax = 0
"""

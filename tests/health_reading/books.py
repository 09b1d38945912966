"""Books of a few invented patients, and the published calls as the gateway makes them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from tests.audit.standing import list_officers, pin_of

MORNING = datetime(2025, 6, 3, 1, 30, tzinfo=UTC)
HERE, ELSEWHERE = "01001", "01817"
DOCTOR, OTHER_DOCTOR = "BS-17", "BS-18"
TREATMENT, REFERRAL, CLAIM, OWN_RECORD = 1, 3, 4, 6
KINDS = ("summary", "visit", "referrals", "appointments", "papers")
PARTS = {
    "summary": "book",
    "visit": "visit",
    "referrals": "referrals",
    "appointments": "appointments",
    "papers": "papers",
}
CHAPTERS = ("hiv", "mental", "sexual", "reproductive", "genetic")


@dataclass(frozen=True)
class Told:
    """What the gateway is told of one question."""

    result: int
    person_id: int
    answer: dict[str, Any]

    @property
    def part(self) -> Any:
        """Return what was told of the book, None where nothing was."""
        return next(value for name, value in self.answer.items() if name in PARTS.values())


def found_places(owner: psycopg.Connection) -> None:
    """Let two facilities be known, with officers on their lists."""
    for code, name in ((HERE, "Bệnh viện Đa khoa Mẫu"), (ELSEWHERE, "Bệnh viện Khác")):
        owner.execute(
            "INSERT INTO places_facility (code, name, level, province, commune) VALUES (%s, %s, 'basic', '01', '00001') ON CONFLICT DO NOTHING",
            [code, name],
        )
        list_officers(owner, [DOCTOR, OTHER_DOCTOR], code)


def add_person(owner: psycopg.Connection, person: int) -> None:
    """Give a person a personal number and a social-insurance code."""
    owner.execute(
        "INSERT INTO people_identifier (value, scheme, person_id, valid_from) VALUES (%s, 'pin', %s, '2020-01-01'), (%s, 'si_code', %s, '2020-01-01')",
        [pin_of(person), person, f"01{person:08d}", person],
    )


def add_visit(
    owner: psycopg.Connection,
    person: int,
    visit: int,
    *,
    facility: str = ELSEWHERE,
    admitted_at: datetime = MORNING - timedelta(days=30),
    diagnosis: str = "I10",
    text: str = "BOOK",
    sensitive: Sequence[str] = (),
    version: int = 1,
    current: bool = True,
) -> None:
    """Write a visit with a diagnosis, a medicine, a result and a note of its course, each carrying the text."""
    key = [person, admitted_at.year, visit, version]
    owner.execute(
        "INSERT INTO healthbook_visit (person_id, year, visit_id, version, current, facility, episode, received_no, receipt, recorded_at, superseded_at, "
        "care_kind, admitted_at, discharged_at, main_diagnosis, diagnosis_text, doctor, result, total, sensitive) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 'R', %s, %s, '01', %s, %s, %s, %s, 'BS-001', '2', 150000, %s)",
        [
            *key,
            current,
            facility,
            f"LK-{visit}",
            visit,
            admitted_at + timedelta(days=1),
            None if current else admitted_at + timedelta(days=2),
            admitted_at,
            admitted_at + timedelta(hours=3),
            diagnosis,
            text,
            list(sensitive),
        ],
    )
    owner.execute(
        "INSERT INTO healthbook_diagnosis (person_id, year, visit_id, version, position, icd10, main, traditional, sensitive) "
        "VALUES (%s, %s, %s, %s, 1, %s, true, false, %s)",
        [*key, diagnosis, next(iter(sensitive), None)],
    )
    owner.execute(
        "INSERT INTO healthbook_medicine (person_id, year, visit_id, version, position, name, dose, ordered_at, prescriber) "
        "VALUES (%s, %s, %s, %s, 1, %s, '2 viên', %s, 'BS-001')",
        [*key, f"thuốc {text}", admitted_at],
    )
    owner.execute(
        "INSERT INTO healthbook_result (person_id, year, visit_id, version, position, index_name, value) VALUES (%s, %s, %s, %s, 1, %s, '5.2')",
        [*key, f"chỉ số {text}"],
    )
    owner.execute(
        "INSERT INTO healthbook_progress (person_id, year, visit_id, version, position, text) VALUES (%s, %s, %s, %s, 1, %s)",
        [*key, f"diễn biến {text}"],
    )


def add_papers(owner: psycopg.Connection, person: int, paper: int, facility: str = ELSEWHERE) -> None:
    """Write a discharge paper, a referral paper and an appointment of a facility elsewhere."""
    owner.execute(
        "INSERT INTO healthbook_paper (person_id, year, paper_id, kind, number, facility, visit_id, version, current, "
        "issued_on, signed, content, receipt, recorded_at) "
        "VALUES (%s, 2025, %s, 'discharge', 'PAPERS', %s, 0, 1, true, '2025-05-05', true, '{\"CHAN_DOAN\": \"viêm\"}', 'R', %s)",
        [person, paper, facility, MORNING],
    )
    owner.execute(
        "INSERT INTO referrals_referral (person_id, referral_id, facility, number, episode, to_facility, issued_on, "
        "valid_until, reach, path, sensitive, receipt, recorded_at) "
        "VALUES (%s, 1, %s, 'REFERRALS', 'LK-R', NULL, '2025-06-02', '2025-06-16', 'once', 'right', '{}', 'R', %s)",
        [person, facility, MORNING],
    )
    owner.execute(
        "INSERT INTO referrals_appointment (person_id, appointment_id, facility, number, episode, issued_on, "
        "due_on, valid_until, sensitive, receipt, recorded_at) "
        "VALUES (%s, 1, %s, 'APPOINTMENTS', 'LK-A', '2025-06-02', '2025-06-20', '2025-07-04', '{}', 'R', %s)",
        [person, facility, MORNING],
    )


def add_whole_book(owner: psycopg.Connection, person: int, *, own: bool = True) -> None:
    """Write a book with one visit of each chapter elsewhere, papers, and a visit here whose text is OWN; visit ids follow from the person's number."""
    add_person(owner, person)
    first = person * 100
    add_visit(owner, person, first)
    for place, chapter in enumerate(CHAPTERS, start=1):
        add_visit(owner, person, first + place, text=chapter.upper(), sensitive=[chapter], diagnosis=f"B2{place}")
    if own:
        add_visit(owner, person, first + 9, facility=HERE, text="OWN", sensitive=["hiv"], diagnosis="B20")
    add_papers(owner, person, first)


def check_in(
    owner: psycopg.Connection,
    person: int,
    at: datetime = MORNING - timedelta(hours=1),
    *,
    inpatient: bool = False,
    facility: str = HERE,
) -> None:
    """Note that a person arrived at a facility."""
    owner.execute(
        "INSERT INTO healthbook_checkin (person_id, year, facility, episode, arrived_at, inpatient_at, received_no, receipt, recorded_at) "
        "VALUES (%s, %s, %s, %s, %s, %s, 1, 'R', %s)",
        [person, at.year, facility, f"LK-{person}", at, at if inpatient else None, at],
    )


def ask(
    line: psycopg.Connection,
    person: int,
    kind: str = "summary",
    *,
    facility: str = HERE,
    officer: str = DOCTOR,
    purpose: int = TREATMENT,
    citizen: int | None = None,
    which: int = 0,
    at: datetime = MORNING,
    refused: int = 0,
) -> Told:
    """Ask one question; `citizen`: an app asks, in the name of this person."""
    chain = line.execute("SELECT published.open_chain_v1(%s, 'test')", [at]).fetchone()
    assert chain is not None
    by_app = citizen is not None
    row = line.execute(
        f"SELECT * FROM published.health_{kind}_v1(%s, %s, %s::smallint[], %s::smallint[], %s, %s, %s, %s, %s::smallint[], %s, %s::bigint[])",
        [
            chain[0],
            at,
            [refused],
            [1],
            [pin_of(person)],
            [7],
            ["" if by_app else facility],
            ["" if by_app else officer],
            [OWN_RECORD if by_app else purpose],
            [pin_of(citizen) if citizen is not None else ""],
            [which],
        ],
    ).fetchone()
    assert row is not None
    return Told(row[0], row[1], json.loads(bytes(row[2])))


def break_glass(
    line: psycopg.Connection,
    person: int,
    *,
    officer: str = DOCTOR,
    reason: str = "hôn mê, cần biết tiền sử",
    at: datetime = MORNING,
) -> Told:
    """Break the glass."""
    chain = line.execute("SELECT published.open_chain_v1(%s, 'test')", [at]).fetchone()
    assert chain is not None
    row = line.execute(
        "SELECT * FROM published.health_glass_v1(%s, %s, '{0}'::smallint[], '{1}'::smallint[], %s, '{7}', %s, %s, %s)",
        [chain[0], at, [pin_of(person)], [HERE], [officer], [reason]],
    ).fetchone()
    assert row is not None
    return Told(row[0], row[1], json.loads(bytes(row[2])))


def hide(owner: psycopg.Connection, person: int, *chapters: str) -> None:
    """Let a patient hide chapters."""
    for chapter in chapters:
        owner.execute(
            "INSERT INTO disclosure_restriction (person_id, what, hidden_at) VALUES (%s, %s, %s)",
            [person, chapter, MORNING],
        )


def consent(
    owner: psycopg.Connection, person: int, *chapters: str, until: datetime = MORNING + timedelta(days=9)
) -> None:
    """Let a patient consent that HERE sees chapters."""
    for chapter in chapters:
        owner.execute(
            "INSERT INTO disclosure_consent (person_id, facility, what, given_at, valid_until) VALUES (%s, %s, %s, %s, %s)",
            [person, HERE, chapter, MORNING - timedelta(days=1), until],
        )


def looks(owner: psycopg.Connection, person: int) -> list[tuple[int, int, int, str, str]]:
    """Return (call, purpose, result, facility, officer) of every look at a person, in order."""
    return owner.execute(
        "SELECT call, purpose, result, facility, officer FROM audit_access WHERE person_id = %s ORDER BY asked_at, id",
        [person],
    ).fetchall()

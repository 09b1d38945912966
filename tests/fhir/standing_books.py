"""Books in a database: invented people, where they were treated, and who is at the facility now.

1 is at the facility 01001 and has something of everything, written there and at 01002, one visit there of a sensitive chapter; 2 was only ever treated at
01002; 3 is at 01001 and has nothing else; 4 was merged into 1; 5 has a long book at 01001; 6 to 30 have a visit each.
"""

from __future__ import annotations

import psycopg

from tests.audit.standing import add_people
from tests.support.database import OwnDatabase

PEOPLE = 30
OFFICER = "BS-17"
LONG = 120

_PEOPLE = """
INSERT INTO people_person (person_id, full_name, sex, birth_year, birth_month, birth_day, province, recorded_on)
SELECT person_id, full_name, sex, birth_year, birth_month, birth_day, CASE WHEN person_id <= 24 THEN '01' ELSE '79' END, '2024-12-01' FROM cards_standing
"""
_FACILITIES = """
INSERT INTO places_facility (code, name, level, province, commune) VALUES
    ('01001', 'Bệnh viện Mẫu', 'basic', '01', '00001'), ('01002', 'Bệnh viện "Tuyến Trên"', 'specialised', '01', '00001') ON CONFLICT DO NOTHING
"""
_DIAGNOSES = """
INSERT INTO places_diagnosis (code, title_en, leaf) VALUES ('I10', 'Essential (primary) hypertension', true), ('E11.9', 'Type 2 diabetes mellitus', true)
ON CONFLICT DO NOTHING
"""
_VISIT = """
INSERT INTO healthbook_visit (person_id, year, visit_id, version, current, facility, episode, received_no, receipt, recorded_at, care_kind, admitted_at,
    discharged_at, result, discharge_kind, doctor, reason, diagnosis_text, main_diagnosis, weight, sensitive)
VALUES (%(person)s, 2025, %(visit)s, %(version)s, %(current)s, %(facility)s, 'E' || %(visit)s, %(visit)s, 'R' || %(visit)s,
    %(at)s::timestamptz + interval '1 day', '01', %(at)s, %(at)s::timestamptz + interval '2 hours', '2', '1', '0012345/HNO-CCHN', 'Đau đầu', 'Tăng huyết áp',
    'I10', 52.50, %(sensitive)s)
"""
_DIAGNOSIS = "INSERT INTO healthbook_diagnosis (person_id, year, visit_id, version, position, icd10, main, traditional, sensitive) VALUES (%s, 2025, %s, %s, %s, %s, %s, false, %s)"  # noqa: E501
_REST = """
INSERT INTO healthbook_medicine (person_id, year, visit_id, version, position, code, name, strength, dose, quantity, unit, ordered_at)
VALUES (1, 2025, 101, 2, 1, '40.30', 'Amlodipin', '5mg', '1 viên/ngày', 30, 'Viên', '2025-05-02 09:00+07'),
       (1, 2025, 101, 2, 2, '40.48', 'Metformin', '500mg', '2 viên/ngày', 60.5, 'Viên', '2025-05-02 09:00+07');
INSERT INTO healthbook_service (person_id, year, visit_id, version, position, code, material, name, group_code, ordered_at, done_at)
VALUES (1, 2025, 101, 2, 1, '23.0075', false, 'Định lượng Glucose', '1', '2025-05-02 09:00+07', NULL),
       (1, 2025, 102, 1, 2, '10.0506', false, 'Phẫu thuật cắt ruột thừa', '8', NULL, '2025-03-02 09:00+07'),
       (1, 2025, 101, 2, 3, 'VT01', true, 'Bơm tiêm', '10', NULL, NULL);
INSERT INTO healthbook_result (person_id, year, visit_id, version, position, service_code, index_code, index_name, value, unit, resulted_at)
VALUES (1, 2025, 101, 2, 1, '23.0075', 'GLU', 'Glucose', '7.20', 'mmol/L', '2025-05-02 10:00+07'),
       (1, 2025, 101, 2, 2, '23.0075', 'HBS', 'HBsAg', 'Âm tính', NULL, '2025-05-02 10:00+07');
INSERT INTO healthbook_paper (person_id, year, paper_id, kind, number, facility, visit_id, version, current, issued_on, signed, content, receipt, recorded_at)
VALUES (1, 2025, 201, 'discharge', 'RV-1', '01002', 102, 1, true, '2025-03-03', true, '{"CHAN_DOAN_RV": "Viêm ruột thừa", "GHI_CHU": "Tái khám"}', 'R', now()),
       (1, 2025, 202, 'leave', 'NO-1', '01001', 101, 2, true, '2025-05-02', false, '{}', 'R', now());
INSERT INTO referrals_referral (person_id, referral_id, facility, number, episode, to_facility, issued_on, valid_until, reach, path, state, receipt,
    recorded_at, sensitive, main_diagnosis)
VALUES (1, 1, '01001', 'CT-1', 'E101', '01002', '2025-06-01', '2025-06-14', 'once', %(path)s, 'issued', 'R', now(), '{}', 'I10');
INSERT INTO referrals_appointment (person_id, appointment_id, facility, number, episode, issued_on, due_on, valid_until, receipt, recorded_at, sensitive)
VALUES (1, 1, '01001', 'HK-1', 'E101', '2025-05-02', '2025-06-05', '2025-06-15', 'R', now(), '{}');
INSERT INTO healthbook_allergy (person_id, allergy_id, statement, substance, facility, officer, recorded_at)
VALUES (1, 1, 'allergy', 'Penicillin', '01001', 'BS-17', now()), (5, 1, 'none_known', NULL, '01001', 'BS-17', now());
INSERT INTO healthbook_checkin (person_id, year, facility, episode, arrived_at, received_no, receipt, recorded_at)
VALUES (1, 2025, '01001', 'E900', '2025-06-02 08:00+07', 900, 'R', now()), (3, 2025, '01001', 'E901', '2025-06-02 08:00+07', 901, 'R', now());
INSERT INTO healthbook_episode (facility, episode, person_id, visit_id, year, versions, current_version, current_no)
VALUES ('01001', 'E101', 1, 101, 2025, 2, 2, 1);
INSERT INTO people_alias (alias_person_id, person_id, merged_into) VALUES (4, 1, 1)
"""


def fill(database: OwnDatabase) -> None:
    """Put everything in."""
    add_people(database, PEOPLE)
    with psycopg.connect(database.urls.owner) as owner:
        for statement in (_FACILITIES, _DIAGNOSES, _PEOPLE):
            owner.execute(statement)
        row = owner.execute(
            "SELECT substring(pg_get_constraintdef(oid) FROM '''([a-z_]+)''') FROM pg_constraint WHERE conname = 'referrals_referral_path_known'"
        ).fetchone()
        assert row is not None
        _visits(owner)
        for statement in _REST.split(";\n"):
            owner.execute(statement, {"path": row[0]} if "%(path)s" in statement else None)


def _visits(owner: psycopg.Connection) -> None:
    _visit(owner, 1, 101, "2025-05-02 08:00+07", version=1, current=False)
    _visit(owner, 1, 101, "2025-05-02 08:00+07", version=2)
    _visit(owner, 1, 102, "2025-03-01 08:00+07", facility="01002")
    _visit(owner, 1, 105, "2025-04-20 08:00+07", facility="01002", sensitive=["mental"])
    _visit(owner, 4, 103, "2025-01-15 08:00+07")
    _visit(owner, 2, 104, "2025-04-01 08:00+07", facility="01002")
    for number in range(LONG):
        _visit(owner, 5, 1000 + number, f"2025-0{1 + number // 30}-{1 + number % 28:02d} 08:00+07")
    for person in range(6, PEOPLE + 1):
        _visit(owner, person, 2000 + person, "2025-02-03 08:00+07")
    for person, visit, version, position, code, label in (
        (1, 101, 1, 1, "J06", None),
        (1, 101, 2, 1, "I10", None),
        (1, 101, 2, 2, "E119", None),
        (1, 102, 1, 1, "K35", None),
        (1, 102, 1, 2, "K66", None),
        (1, 105, 1, 1, "F32", "mental"),
        (2, 104, 1, 1, "I10", None),
        *((person, 2000 + person, 1, 1, "I10" if person < 25 else "C50", None) for person in range(6, PEOPLE + 1)),
    ):
        owner.execute(_DIAGNOSIS, [person, visit, version, position, code, position == 1, label])


def _visit(
    owner: psycopg.Connection,
    person: int,
    visit: int,
    at: str,
    *,
    version: int = 1,
    current: bool = True,
    facility: str = "01001",
    sensitive: list[str] | None = None,
) -> None:
    owner.execute(
        _VISIT,
        {
            "person": person,
            "visit": visit,
            "version": version,
            "current": current,
            "facility": facility,
            "at": at,
            "sensitive": sensitive or [],
        },
    )

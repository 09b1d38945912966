"""A person with a card, papers and a contribution book, and the addresses at which wallets call."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from ansinh.credentials.operations import Clocks
from ansinh.foundation.clock import FixedClock, RealClock

TODAY = date(2025, 6, 3)
MORNING = datetime(2025, 6, 3, 1, 30, tzinfo=UTC)
CLOCKS = Clocks(FixedClock(MORNING), RealClock())
CARD = "DN4010100000001"
PERSON = 1

STATEMENTS = (
    "INSERT INTO config_nation (nation_id, today, source) VALUES (1, '2025-06-03', 'test')",
    "INSERT INTO places_benefitlevel (level, share_percent, ceiling, beyond_scope, vi, en) VALUES (4, 80, true, false, 'Mức 4', 'L4') ON CONFLICT DO NOTHING",
    "INSERT INTO places_facility (code, name, level, province, commune) VALUES ('01001', 'Bệnh viện Mẫu', 'basic', '01', '00001') ON CONFLICT DO NOTHING",
    (
        "INSERT INTO people_person (person_id, full_name, sex, birth_year, birth_month, birth_day, commune, province, recorded_on)"
        " VALUES (1, 'Đặng Thị Mẫu', 'F', 1980, 1, 2, '00001', '01', '2020-01-01')"
    ),
    (
        "INSERT INTO cards_standing (person_id, pin, si_code, card_number, full_name, sex, birth_year, birth_month, birth_day, object_code, level, area,"
        " facility, valid_from, valid_until, status) VALUES (1, '001000000001', '0100000001', 'DN4010100000001', 'Đặng Thị Mẫu', 'F', 1980, 1, 2, 'DN', 4,"
        " 'K1', '01001', '2025-01-01', '2026-01-01', 'active')"
    ),
    (
        "INSERT INTO referrals_referral (person_id, referral_id, facility, number, episode, to_facility, issued_on, valid_until, reach, path, main_diagnosis,"
        " sensitive, receipt, recorded_at) VALUES (1, 1, '01001', 'GCT-1', 'LK-R', NULL, '2025-06-02', '2025-06-16', 'once', 'right', 'I10', '{}', 'R', now())"
    ),
    (
        "INSERT INTO referrals_appointment (person_id, appointment_id, facility, number, episode, issued_on, due_on, valid_until, sensitive, receipt,"
        " recorded_at) VALUES (1, 1, '01001', 'GHK-1', 'LK-A', '2025-06-02', '2025-06-20', '2025-07-04', '{}', 'R', now())"
    ),
    "INSERT INTO participation_employer (employer_id, code, name, kind, province, commune, region) VALUES (1, 'E1', 'Công ty', 'private', '01', '00001', 1)",
    (
        "INSERT INTO participation_span (person_id, span_id, employer_id, scheme, unemployment, from_month, until_month, wage, recorded_at)"
        " VALUES (1, 1, 1, 'compulsory', true, 201001, 202001, 5000000, '2020-02-01')"
    ),
)


@pytest.fixture
def person(db: None) -> int:
    """Give a person a card, a referral, an appointment and ten years of contributions."""
    with connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement)
    return PERSON


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep secrets in a folder of the test's own."""
    for module in ("ansinh.wallet.views", "ansinh.portal.acts.wallet"):
        monkeypatch.setattr(f"{module}.secrets_folder", lambda _: tmp_path / "secrets")
    return tmp_path / "secrets"


@pytest.fixture
def wallet(folder: Path, person: int) -> Client:
    """A client at the issuer's addresses."""
    return Client()

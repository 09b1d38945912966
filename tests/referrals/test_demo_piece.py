"""The piece the demo shows of referral papers, against a real gateway: used once, refused the second time, run again it says the same of the same paper."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ansinh.cli import demo_referral
from ansinh.cli.screen import out
from ansinh.config.operations import set_nation_day
from ansinh.database.sql import execute, rows
from ansinh.foundation.settings import settings
from tests.gateway.running import running_gateway
from tests.referrals.given import PATIENT, RECEIVER, found_facilities, referral, take
from tests.support.cast import ANYBODY_WITH_RIGHTS
from tests.support.database import OwnDatabase

PIN = "001180000071"


def test_a_hospital_uses_a_paper_once_and_hears_why_not_twice(
    fresh_database: OwnDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found_facilities()
    execute(
        "INSERT INTO people_person (person_id, full_name, sex, birth_year, birth_month, birth_day, commune, province, household, stated_number, recorded_on)"
        " VALUES (%s, 'Nguyễn Thị Hiền', 'F', 1980, 3, 12, '00001', '01', 1, %s, '2020-01-01')",
        [PATIENT, PIN],
    )
    execute(
        "INSERT INTO people_identifier (value, scheme, person_id, valid_from) VALUES (%s, 'pin', %s, '2020-01-01')",
        [PIN, PATIENT],
    )
    take(referral())
    set_nation_day(actor=ANYBODY_WITH_RIGHTS, reason="thử", today=date(2025, 6, 3), source="test")
    monkeypatch.setattr(demo_referral, "actor", lambda: ANYBODY_WITH_RIGHTS)
    monkeypatch.setattr(demo_referral, "actor_of_officer", lambda _: ANYBODY_WITH_RIGHTS)
    with running_gateway(fresh_database, tmp_path, workers=1) as gateway:
        monkeypatch.setenv("ANSINH_GATEWAY_PORT", gateway.base.rpartition(":")[2])
        monkeypatch.setenv("ANSINH_SECRETS", str(gateway.secrets))
        settings.cache_clear()
        try:
            with out.capture() as captured:
                said = demo_referral.referral_used_once()
        finally:
            monkeypatch.undo()
            settings.cache_clear()
    assert "GCT-2025-00071" in said
    assert "409 Giấy đã được sử dụng. Đã dùng lúc" in captured.get().replace("\n", " ")
    assert PIN not in captured.get()
    assert rows("SELECT facility FROM referrals_use") == [(RECEIVER,)]

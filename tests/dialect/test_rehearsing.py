"""The sandbox: magic numbers call up every code over HTTP, and no record or audit row is touched."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ansinh.access.operations import open_dialect_door
from ansinh.gateway.dialect import rehearsal as rehearsal_codes
from ansinh_sandbox.his import Patient, SignInRefused
from tests.dialect.counter import BORN, CARD_FIELDS, FACILITY, Counter
from tests.support.cast import ANYBODY_WITH_RIGHTS

CONTRACT = Path(__file__).parents[2] / "contracts/dialect/README.md"
ANYBODY = Patient("", "Phạm Thị Mẫu", BORN)
REFUSED = ("050", "051", "052", "053", "054", "055", "060", "061", "070", "100", "101", "205")
CODES = (*rehearsal_codes.TOLD, *REFUSED)


@pytest.fixture
def rehearsal(counter: Counter) -> Counter:
    open_dialect_door(actor=ANYBODY_WITH_RIGHTS, reason="thử", facility=FACILITY, sandbox=True)
    return counter


def test_magic_numbers_call_up_every_code(rehearsal: Counter) -> None:
    for code in CODES:
        for number in (f"DN4019900000{code}", f"9900000{code}", f"000099000{code}"):
            told = rehearsal.software.look_up(Patient(number, ANYBODY.name, ANYBODY.born))
            assert told["maKetQua"] == code
            assert list(told) == CARD_FIELDS
            assert told["ghiChu"]
    assert rehearsal.software.visits(Patient("9900000000", ANYBODY.name, BORN))["dsLichSuKCB2025"] == []
    assert rehearsal.software.co_payments(Patient("9900000000", ANYBODY.name, BORN))["MaKetQua"] == "200"
    assert rehearsal.software.co_payments(Patient("9900000060", ANYBODY.name, BORN))["MaKetQua"] == "060"
    assert rehearsal.rows("SELECT * FROM audit_access") == []


def test_a_refused_session_is_tried_once_more_and_no_oftener(rehearsal: Counter) -> None:
    assert rehearsal.software.look_up(Patient("9900000401", ANYBODY.name, BORN))["maKetQua"] == "401"
    assert rehearsal.software.sign_ins == 2


def test_who_rehearses_sees_tokens_expire_soon(rehearsal: Counter) -> None:
    assert rehearsal.software.sign_in().expires_at - datetime.now(UTC) <= timedelta(minutes=1)
    rehearsal.software.password = "wrong"
    with pytest.raises(SignInRefused):
        rehearsal.software.sign_in()


def test_the_contract_lists_every_magic_number() -> None:
    listed = set(re.findall(r"`…(\d{3})`", CONTRACT.read_text(encoding="utf-8")))
    assert listed == {*CODES, "401"}

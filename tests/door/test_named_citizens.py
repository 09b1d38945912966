"""The demo names people worth signing in as: alive, with a surer account, and each with something to see."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ansinh.cli import demo_door
from ansinh.database.sql import execute
from ansinh_sandbox.eid.accounts import level_of
from ansinh_sandbox.register.store import SCHEMA, STORE_FILE

pytestmark = pytest.mark.django_db


def _numbers() -> Iterator[str]:
    """Numbers of surer accounts, one after the other."""
    for n in range(1_000):
        if level_of(number := f"001160{n:06}") > 1:
            yield number


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> sqlite3.Connection:
    """A register in which the test enters people."""
    connection = sqlite3.connect(tmp_path / STORE_FILE, isolation_level=None)
    connection.executescript(SCHEMA)
    monkeypatch.setattr(demo_door, "register_store", lambda: tmp_path)
    return connection


def _lives(register: sqlite3.Connection, number: str, name: str, person_id: int, died_on: str | None = None) -> None:
    register.execute(
        "INSERT INTO person (pin, full_name, sex, birth_date, born_in_province, commune, province, household, ethnicity, registered_on, died_on) "
        "VALUES (?, ?, 'F', '1960-01-02', '01', '00004', '01', 1, '01', '2000-01-01', ?)",
        (number, name, died_on),
    )
    execute(
        "INSERT INTO people_identifier (value, scheme, person_id, valid_from) VALUES (%s, 'pin', %s, '2020-01-01')",
        [number, person_id],
    )


def test_named_citizens_are_alive_and_each_has_something_to_see(register: sqlite3.Connection) -> None:
    numbers = _numbers()
    dead, mother, patient = next(numbers), next(numbers), next(numbers)
    _lives(register, dead, "Người Đã Mất", 1, died_on="2025-01-01")
    _lives(register, mother, "Lê Thị Mẹ", 2)
    _lives(register, patient, "Trần Văn Bệnh", 3)
    execute(
        "INSERT INTO lifeevents_file (file_id, kind, subject, state, content, received_at) "
        "VALUES (1, 'birth', 'x', 'done', jsonb_build_object('mother_pin', %s::text), now())",
        [mother],
    )
    for person_id in (1, 3):
        execute(
            "INSERT INTO referrals_referral (person_id, referral_id, facility, number, episode, issued_on, valid_until, reach, path, sensitive, "
            "receipt, recorded_at) VALUES (%s, 1, '01001', 'a', 'e', %s, %s, 'once', 'right', '{}', 'r', now())",
            [person_id, date(2025, 7, 1), date(2999, 1, 1)],
        )
    assert [(one.number, one.name) for one in demo_door.named_citizens()] == [
        (mother, "Lê Thị Mẹ"),
        (patient, "Trần Văn Bệnh"),
    ]


def test_named_citizens_of_an_empty_nation_are_none(register: sqlite3.Connection) -> None:
    assert demo_door.named_citizens() == []

"""A facility at the compatible door: its account, its officer, and a patient for every code the look-up can answer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from ansinh.access.operations import open_dialect_door
from ansinh_sandbox.his import HospitalSoftware, Officer, Patient
from tests.gateway.running import RunningGateway, running_gateway
from tests.support.cast import ANYBODY_WITH_RIGHTS
from tests.support.database import OwnDatabase

FACILITY = "01004"
OTHER_FACILITY = "79001"
PASSWORD = "mật khẩu của phần mềm"
OFFICER = Officer("Trần Thị Hòa", "001190000017")
NAME = "Nguyễn Thị Thúy Hòa"
BORN = "03/05/1980"

# The names of the answer, in its order, as the letter's appendix gives them.
_FIELDS = """
maKetQua ghiChu maThe hoTen ngaySinh gioiTinh diaChi maDKBD cqBHXH gtTheTu gtTheDen maKV ngayDu5Nam maSoBHXH maTheCu
maTheMoi gtTheTuMoi gtTheDenMoi maDKBDMoi tenDKBDMoi dsLichSuKCB2018 dsLichSuKT2018
"""
CARD_FIELDS = _FIELDS.split()

_PLAIN = {"valid_from": "2025-01-01", "valid_until": "2026-01-01", "status": "active", "former": None, "next": None}
# Person → what differs from a plain valid card; the tests live on 3 June 2025.
STANDINGS: dict[int, dict[str, str | None]] = {
    1: {},
    2: {"status": "managed_army"},
    3: {"status": "managed_police"},
    4: {"valid_until": "2025-06-01", "next": "HT3790100000004"},
    5: {"next": "HT3790100000005"},
    6: {"valid_until": "2025-06-01"},
    7: {"status": "withdrawn"},
    8: {"status": "suspended"},
    9: {"status": "reduced"},
    10: {"status": "reduced_moved_out"},
    11: {"status": "reduced_moved_within"},
    12: {"status": "reduced_readded"},
    13: {"status": "reduced_stopped"},
    14: {"card": None, "temporary": "TE1010123456789"},
    15: {"valid_from": "2025-07-01"},
    16: {"former": "HS4010100000016"},
    17: {"birth_month": None, "birth_day": None},
    18: {"birth_year": None, "birth_month": None, "birth_day": None},
    **{person: {} for person in range(19, 60)},
}
NEVER_INSURED = 90


@dataclass
class Counter:
    """A running gateway with one facility's software in front of it."""

    gateway: RunningGateway
    database: OwnDatabase
    software: HospitalSoftware

    def code_of(self, number: str, name: str = NAME, born: str = BORN) -> str:
        """Look somebody up and return the code."""
        code: str = self.software.look_up(Patient(number, name, born))["maKetQua"]
        return code

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """Return rows of the database as its owner sees them."""
        with psycopg.connect(self.database.urls.owner) as connection:
            return connection.execute(query, values).fetchall()


def pin(person: int) -> str:
    """Return a patient's personal number."""
    return f"001180{person:06d}"


def card(person: int, letters: str = "DN", digit: int = 4, province: str = "01") -> str:
    """Return a patient's card number, or one that is nearly it."""
    return f"{letters}{digit}{province}{si_code(person)}"


def si_code(person: int) -> str:
    """Return a patient's social-insurance code."""
    return f"01{person:08d}"


def md5(password: str) -> str:
    """Return the digest a hospital's software sends."""
    return hashlib.md5(password.encode()).hexdigest()


def add_facilities(database: OwnDatabase) -> None:
    """Put two facilities on the map, with their officers, and open the compatible door for both."""
    with psycopg.connect(database.urls.owner) as connection:
        for facility in (FACILITY, OTHER_FACILITY):
            connection.execute(
                "INSERT INTO places_facility (code, name, level, province, commune) VALUES (%s, 'Bệnh viện mẫu', 'specialised', %s, '00004')",
                [facility, facility[:2]],
            )
        connection.execute(
            "INSERT INTO access_facilityofficer (facility, officer, name, active) VALUES (%s, %s, %s, true), (%s, '079190000018', 'Lê Văn Tám', true)",
            [FACILITY, OFFICER.citizen_id, OFFICER.name, OTHER_FACILITY],
        )
    for facility, password in ((FACILITY, PASSWORD), (OTHER_FACILITY, "khác")):
        open_dialect_door(
            actor=ANYBODY_WITH_RIGHTS, reason="thử", facility=facility, password_md5=md5(password).upper()
        )


def add_patients(database: OwnDatabase) -> None:
    """Insert everybody of STANDINGS with three numbers, and somebody who was never insured."""
    with psycopg.connect(database.urls.owner) as connection:
        for person, differing in STANDINGS.items():
            one = {
                **_PLAIN,
                "card": card(person),
                "temporary": None,
                "birth_year": "1980",
                "birth_month": "5",
                "birth_day": "3",
                **differing,
                "person": str(person),
                "pin": pin(person),
                "si_code": si_code(person),
                "name": NAME,
            }
            connection.execute(_STANDING, one)
        connection.execute(
            """
            INSERT INTO people_identifier (value, scheme, person_id, valid_from)
            SELECT value, scheme, person_id, '2020-01-01' FROM cards_standing,
                LATERAL (VALUES ('pin', pin), ('si_code', si_code), ('card', coalesce(card_number, temporary_number)),
                                ('card', next_card_number)) AS held (scheme, value)
            WHERE value IS NOT NULL
            """
        )
        connection.execute(
            "INSERT INTO people_identifier (value, scheme, person_id, valid_from) VALUES (%s, 'pin', %s, '2020-01-01')",
            [pin(NEVER_INSURED), NEVER_INSURED],
        )


_STANDING = """
INSERT INTO cards_standing (person_id, pin, si_code, card_number, temporary_number, full_name, sex, birth_year, birth_month, birth_day, object_code, level,
    area, facility, valid_from, valid_until, status, five_years_on, address, issuing_office, former_card_number, next_card_number, next_valid_from,
    next_valid_until, next_facility)
VALUES (%(person)s, %(pin)s, %(si_code)s, %(card)s, %(temporary)s, %(name)s, 'F', %(birth_year)s, %(birth_month)s, %(birth_day)s, 'DN', 4,
    'K1', '01004', %(valid_from)s, %(valid_until)s, %(status)s, '2028-02-01', 'Phường "Mẫu", Hà Nội', 'Bảo hiểm xã hội Thành phố Hà Nội', %(former)s,
    %(next)s::text, CASE WHEN %(next)s::text IS NOT NULL THEN date '2025-08-01' END, CASE WHEN %(next)s::text IS NOT NULL THEN date '2026-08-01' END,
    CASE WHEN %(next)s::text IS NOT NULL THEN '79001' END)
"""


@contextmanager
def open_counter(database: OwnDatabase, folder: Path, *, workers: int = 1) -> Iterator[Counter]:
    """Run a gateway over patients and facilities for the block."""
    add_facilities(database)
    add_patients(database)
    with running_gateway(database, folder, workers=workers) as gateway:
        software = HospitalSoftware(gateway.base, FACILITY, PASSWORD, OFFICER)
        try:
            yield Counter(gateway, database, software)
        finally:
            software.close()

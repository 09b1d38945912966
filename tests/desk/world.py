"""A clinic's morning for the desk's tests: a database, a gateway and the screens as real processes, and patients of every kind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import psycopg

from ansinh.access.operations import register_facility_officer
from ansinh.cli.serve import start_screens
from ansinh.config.operations import set_nation_day
from ansinh.desk.operations import open_desk
from ansinh.foundation.clock import RealClock
from ansinh.foundation.settings import settings
from ansinh.signin.operations import invite_account
from ansinh.signin.queries import facility_officer
from tests.audit.standing import add_people, pin_of
from tests.gateway.running import NATION_DAY, RunningGateway, free_port, running_gateway
from tests.support.cast import ANYBODY_WITH_RIGHTS
from tests.support.database import OwnDatabase

PASSWORD = "sen tháng sáu bên hồ"
FACILITIES = (
    ("01001", "Trạm Y tế phường Hoàn Kiếm", "primary"),
    ("01002", "Phòng khám đa khoa Sen Vàng", "basic"),
    ("01004", "Bệnh viện Phổi Trung ương", "specialised"),
)
HERE = "01002"
NAMES = (
    "Đặng Thị Quỳnh Như",
    "Nguyễn Văn Hòa",
    "Lò Thị Ửng",
    "Trần Đức Thắng",
    "Vũ Ngọc Ánh",
    "Phạm Gia Bảo",
    "Hồ Thị Mỹ Lệ",
    "Bùi Quang Nghĩa",
)
# Patients by what the desk says of them; each is changed from one who is valid at HERE.
PATIENTS = {
    "valid_here": (1, "facility = '01002'"),
    "expired": (2, "facility = '01002', valid_until = '2025-05-01'"),
    "suspended": (3, "facility = '01002', status = 'suspended'"),
    "withdrawn": (4, "facility = '01002', status = 'withdrawn'"),
    "valid_elsewhere": (5, "facility = '01004'"),
    "not_yet": (6, "facility = '01002', valid_from = '2025-07-01'"),
    "reduced": (7, "facility = '01002', status = 'reduced'"),
    "armed_forces": (8, "facility = '01002', status = 'managed_army'"),
}
NOBODY = "001199999999"


@dataclass
class World:
    """Where the screens and the gateway of this morning are, and whom to ask about."""

    base: str
    gateway: RunningGateway
    database: OwnDatabase
    folder: Path
    officers: int = field(default=0)

    def number_of(self, verdict: str) -> str:
        """Return the personal number of the patient of whom the desk says this."""
        return NOBODY if verdict == "nobody" else pin_of(PATIENTS[verdict][0])

    def name_of(self, verdict: str) -> str:
        """Return the patient's name."""
        return NAMES[PATIENTS[verdict][0] - 1]

    def citizen_card(self, verdict: str, *, name: str | None = None, born: str = "02031980") -> str:
        """Return the QR text of the patient's citizen card."""
        shown = name or self.name_of(verdict)
        return f"{self.number_of(verdict)}||{shown}|{born}|Nữ|Phường Hoàn Kiếm, Hà Nội|15062022"

    def invite(self, facility: str = HERE) -> tuple[str, str]:
        """Put a new officer on the facility's list and invite them; returns their number and the one-time code."""
        self.officers += 1
        officer = f"{facility}-{self.officers:02d}"
        who = ANYBODY_WITH_RIGHTS
        register_facility_officer(actor=who, reason="thử", facility=facility, officer=officer, name="Vũ Thị Nga")
        open_desk(actor=who, reason="thử", facility=facility)
        subject = facility_officer(facility, officer)
        return officer, invite_account(actor=who, reason="thử", clock=RealClock(), subject=subject).code

    def rows(self, query: str, given: list[Any]) -> list[tuple[Any, ...]]:
        """Look into the database as its owner."""
        with psycopg.connect(self.database.urls.owner) as connection:
            return connection.execute(query, given).fetchall()

    def sql(self, statement: str) -> None:
        """Change the database as its owner, behind everybody's back."""
        with psycopg.connect(self.database.urls.owner) as connection:
            connection.execute(statement)


@contextmanager
def morning(database: OwnDatabase, folder: Path) -> Iterator[World]:
    """Let a morning begin on an empty database, which Django and the settings already point at."""
    _people(database)
    set_nation_day(actor=ANYBODY_WITH_RIGHTS, reason="thử", today=date.fromisoformat(NATION_DAY), source="desk")
    port = free_port()
    former = {name: os.environ.get(name) for name in ("ANSINH_SCREENS_PORT", "ANSINH_GATEWAY_PORT", "ANSINH_SECRETS")}
    with ExitStack() as programs:
        gateway = programs.enter_context(running_gateway(database, folder, workers=1))
        os.environ["ANSINH_SCREENS_PORT"] = str(port)
        os.environ["ANSINH_GATEWAY_PORT"] = gateway.base.rpartition(":")[2]
        os.environ["ANSINH_SECRETS"] = str(gateway.secrets)
        settings.cache_clear()
        try:
            start_screens(programs)
            yield World(f"http://127.0.0.1:{port}", gateway, database, folder)
        finally:
            for name, value in former.items():
                os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)
            settings.cache_clear()


def _people(database: OwnDatabase) -> None:
    add_people(database, len(PATIENTS))
    with psycopg.connect(database.urls.owner) as connection:
        for code, name, level in FACILITIES:
            connection.execute(
                "INSERT INTO places_facility (code, name, level, province, commune) VALUES (%s, %s, %s, '01', '00004') "
                "ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name, level = EXCLUDED.level",
                [code, name, level],
            )
        for person_id, changes in PATIENTS.values():
            connection.execute(
                f"UPDATE cards_standing SET full_name = %s, {changes} WHERE person_id = %s",
                [NAMES[person_id - 1], person_id],
            )

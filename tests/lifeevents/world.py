"""A hospital, three offices and a few people, by a clock that moves: the offices are the sandbox's own, reached without a wire."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from ansinh.access.roles import BenefitApprover, BenefitOfficer, all_permissions
from ansinh.benefits.opening import NewEntitlement, open_entitlement
from ansinh.benefits.states import Kind as BenefitKind
from ansinh.benefits.timeline import Place as HomeOfPayment
from ansinh.database.sql import execute, rows
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import VIET_NAM, FixedClock
from ansinh.foundation.errors import PartnerTrouble
from ansinh.lifeevents import operations, queries
from ansinh.lifeevents.adapters.office_exchange import FeedItem, OfficeBooks
from ansinh.lifeevents.procedures import Desk, Round
from ansinh.lifeevents.queries import FileShown
from ansinh.lifeevents.states import PARTNERS, Kind, Office
from ansinh_sandbox.offices.office import Message, NotOurs, Other
from ansinh_sandbox.offices.office import Office as Sandbox
from ansinh_sandbox.offices.registrations import ByItself
from ansinh_sandbox.offices.scenarios import Faults, Scenario
from ansinh_sandbox.offices.store import Store

SYSTEM = Actor(ActorKind.SYSTEM, "test", all_permissions())
PREPARES = Actor(ActorKind.OFFICER, "hanoi.hoa", BenefitOfficer.permissions)
APPROVES = Actor(ActorKind.OFFICER, "hanoi.duc", BenefitApprover.permissions)
REASON = "thử"
MOTHER_PIN, DEAD_PIN, WIDOW_PIN = "001190000001", "001050000002", "001155000003"
MOTHER, DEAD, WIDOW = 201, 202, 203
CERTIFICATE = "00012.GCS.01001.25"
FACILITY = "01001"


@dataclass
class Direct:
    """A line to an office that is a call; `away` is one that cannot be reached."""

    office: Sandbox
    away: bool = False

    def deliver(self, messages: Sequence[queries.Pending]) -> list[date | str]:
        """Hand over."""
        self._reached()
        return [self._taken(one) for one in messages]

    def _taken(self, one: queries.Pending) -> date | str:
        said = json.loads(one.body)
        try:
            return self.office.take(
                Message(one.message_id, one.action, said["file"], said["content"], one.body.encode())
            )[1]
        except (Other, NotOurs):
            return "err.message.bad"

    def feed(self, after: int) -> Sequence[FeedItem]:
        """Return the feed."""
        self._reached()
        found = self.office.store.rows("SELECT no, id, body FROM told WHERE no > ? ORDER BY no LIMIT 500", (after,))
        return [msgspec.convert({"no": n, "id": i, **json.loads(b)}, FeedItem, strict=False) for n, i, b in found]

    def books(self, day: date) -> OfficeBooks:
        """Return the books."""
        return msgspec.convert(self.office.store.books(day), OfficeBooks, strict=False)

    def _reached(self) -> None:
        if self.away:
            raise PartnerTrouble(self.office.name, "no answer", temporary=True)


@dataclass
class World:
    """Everybody, and the time."""

    folder: Path
    faults: Faults = field(default_factory=Faults)
    now: datetime = datetime(2025, 7, 15, 9, tzinfo=VIET_NAM)

    def __post_init__(self) -> None:
        self.lines = {
            office: Direct(Sandbox(office.value, Store(self.folder, office.value), self.faults, ByItself()))
            for office in PARTNERS
        }
        self.live()

    @property
    def clock(self) -> FixedClock:
        """Return the agency's clock."""
        return FixedClock(self.now)

    @property
    def said(self) -> dict[str, Any]:
        """Who acts, why and when."""
        return {"actor": SYSTEM, "reason": REASON, "clock": self.clock}

    @property
    def desk(self) -> Desk:
        """The desk of life events."""
        return Desk(SYSTEM, REASON, self.clock, self.lines)

    def close(self) -> None:
        """Close the offices."""
        for line in self.lines.values():
            line.office.store.close()

    def live(self) -> None:
        """Let the offices work until today."""
        for line in self.lines.values():
            line.office.live(self.now.date())

    def later(self, days: int = 1) -> Round:
        """Let days pass one by one, with the rounds of each."""
        done = Round()
        for _ in range(days):
            self.now += timedelta(days=1)
            self.live()
            done = done.plus(self.rounds())
        return done

    def rounds(self) -> Round:
        """Exchange until nothing more happens today: offices answer what they were sent."""
        done = Round()
        while True:
            now = self.desk.round()
            self.live()
            done = done.plus(now)
            if not (now.delivered or now.heard):
                return done

    def scenario(self, office: Office, subject: str, scenario: Scenario) -> None:
        """Let an office treat a subject in a certain way."""
        with self.lines[office].office.store.change() as store:
            store.execute("INSERT OR REPLACE INTO scenario VALUES (?, ?)", (subject, scenario.value))

    # What people do

    def born(self, certificate: str = CERTIFICATE, **more: Any) -> int:
        """A hospital sends a birth certificate."""
        content = {
            "certificate": certificate,
            "facility": FACILITY,
            "mother_pin": MOTHER_PIN,
            "mother_name": "Phạm Thị Lan",
            "born_at": "2025-07-14T03:20:00+07:00",
            "sex": "F",
            "weight_g": 3200,
        } | more
        file = operations.hear_hospital(**self.said, kind=Kind.BIRTH, paper=f"GCS-{certificate}", content=content)
        assert file is not None
        return file

    def file_birth(self, certificate: str = CERTIFICATE, **more: Any) -> int:
        """A parent files."""
        content = {
            "certificate": certificate,
            "applicant_pin": MOTHER_PIN,
            "full_name": "Phạm Lan Anh",
            "first_contact_facility": FACILITY,
            "home": "01/00004",
        } | more
        return operations.file_birth(**self.said, content=content)

    def died(self, paper: str = "BT-1", **more: Any) -> int | None:
        """A hospital sends a death notice."""
        content = {
            "certificate": "00001.GBT.01001.25",
            "facility": FACILITY,
            "pin": DEAD_PIN,
            "full_name": "Người Thử",
            "birth_date": "1950-03-02",
            "died_at": "2025-07-13T22:10:00+07:00",
        } | more
        return operations.hear_hospital(**self.said, kind=Kind.DEATH, paper=paper, content=content)

    def file_death(self, *picks: str, **more: Any) -> int:
        """The widow files."""
        content = {
            "applicant_pin": WIDOW_PIN,
            "pin": DEAD_PIN,
            "died_at": "2025-07-13T22:10:00+07:00",
            "picks": list(picks),
        } | more
        return operations.file_death(**self.said, content=content)

    def shown(self, file_id: int) -> FileShown:
        """Return a file."""
        return queries.file_shown(file_id)

    def states(self, file_id: int) -> dict[str, str]:
        """Return where each step stands."""
        return {one.step.value: one.state.value for one in self.shown(file_id).steps}


def settle_people() -> None:
    """A mother, a pensioner and his wife, with verified numbers."""
    people = (
        (MOTHER, "Phạm Thị Lan", "F", 1990, 5, 6, MOTHER_PIN),
        (DEAD, "Người Thử", "M", 1950, 3, 2, DEAD_PIN),
        (WIDOW, "Người Vợ", "F", 1955, 6, 1, WIDOW_PIN),
    )
    for person, name, sex, year, month, day, pin in people:
        execute(
            "INSERT INTO people_person (person_id, full_name, sex, birth_year, birth_month, birth_day, commune, province, recorded_on) "
            "VALUES (%s, %s, %s, %s, %s, %s, '00004', '01', '2020-01-01')",
            [person, name, sex, year, month, day],
        )
        execute(
            "INSERT INTO people_identifier (value, scheme, person_id, valid_from) VALUES (%s, 'pin', %s, '2020-01-01')",
            [pin, person],
        )
    execute(
        "INSERT INTO places_facility (code, name, level, province, commune) VALUES (%s, 'Bệnh viện Thử', 'basic', '01', '00004')",
        [FACILITY],
    )
    execute(
        "INSERT INTO people_load (source, first_person_id, persons) VALUES ('test', 1, 1000)",
    )


def pension(amount: int = 5_000_000, since: int = 202507) -> int:
    """Let the man draw a pension; returns the entitlement."""
    return pension_of(DEAD, amount, since)


def pension_of(person: int, amount: int = 5_000_000, since: int = 202507) -> int:
    """Let somebody draw a pension; returns the entitlement."""
    new = NewEntitlement(
        person_id=person,
        kind=BenefitKind.PENSION,
        insured_person_id=person,
        from_month=since,
        amount=amount,
        act="QĐ 1",
        opened_on=date(since // 100, since % 100, 1),
        decision_id=next(_decisions),
        place=HomeOfPayment("01", "00004", True),
    )
    return open_entitlement(new, datetime(2025, 1, 1, tzinfo=VIET_NAM)).entitlement_id


_decisions = iter(range(1, 10**9))


def verify(person: int, pin: str, on: date) -> None:
    """Let a number be found to be this person's, as the engine does in the night."""
    execute(
        "INSERT INTO people_identifier (value, scheme, person_id, valid_from) VALUES (%s, 'pin', %s, %s)",
        [pin, person, on],
    )


def parked() -> list[tuple[str, str]]:
    """Return what waits for a person, and why."""
    return [
        (str(a), str(b)) for a, b in rows("SELECT what, because FROM lifeevents_told WHERE state = 'parked' ORDER BY 1")
    ]

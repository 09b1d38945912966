"""Days of births and deaths as a process of its own, which may be killed anywhere: papers come twice and out of order, offices refuse or take back."""

from __future__ import annotations

import contextlib
import json
import os
import random
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ansinh.config.django")

import django

django.setup()

import httpx  # noqa: E402 - models load once Django is set up

from ansinh.config.partners import life_events_desk  # noqa: E402
from ansinh.database.sql import execute  # noqa: E402
from ansinh.foundation.clock import VIET_NAM, FixedClock  # noqa: E402
from ansinh.foundation.errors import Refusal  # noqa: E402
from ansinh.foundation.settings import settings  # noqa: E402
from ansinh.lifeevents import operations, queries  # noqa: E402
from ansinh.lifeevents.states import FileState, Kind  # noqa: E402
from tests.lifeevents.world import FACILITY, REASON, SYSTEM  # noqa: E402

FIRST_DAY = date(2025, 7, 14)
DAYS = 12
# Numbers of the invented people: who dies, their widows, mothers.
DEAD, WIDOWS, MOTHERS = 1_000_000, 2_000_000, 3_000_000


def pin(base: int, number: int) -> str:
    """Return the personal number of somebody invented."""
    return f"001{base // 1_000_000}{number:08d}"


def certificate(number: int) -> str:
    """Return the number of a birth certificate."""
    return f"{number:06d}.GCS.{FACILITY}.25"


def live(deaths: int, births: int, seed: int, progress: Path) -> None:
    """Live the days that were not lived to their end."""
    day = date.fromisoformat(progress.read_text()) if progress.exists() else FIRST_DAY
    while day < FIRST_DAY + timedelta(days=DAYS):
        _live_day(day, deaths, births, seed)
        day += timedelta(days=1)
        progress.with_suffix(".part").write_text(day.isoformat())
        progress.with_suffix(".part").replace(progress)


def _live_day(day: date, deaths: int, births: int, seed: int) -> None:
    clock = FixedClock(datetime(day.year, day.month, day.day, 9, tzinfo=VIET_NAM))
    said: dict[str, Any] = {"actor": SYSTEM, "reason": REASON, "clock": clock}
    for kind, number, what in _happenings(day, deaths, births, seed):
        _happen(said, kind, number, what)
    with life_events_desk(settings(), clock, REASON, SYSTEM) as desk:
        for _ in range(3):
            desk.round()
            _offices(day)
        for file in queries.files(FileState.WAITING_PAPERS, limit=200):
            _quietly(lambda file=file: operations.supplement_file(**said, file_id=file.file_id, content={}))
        _verify(day)
        desk.round()
        desk.chase()


def _happenings(day: date, deaths: int, births: int, seed: int) -> list[tuple[Kind, int, str]]:
    """Return what is said today, in an order of its own: each thing on some day, some again on a later one."""
    chance = random.Random(f"{seed}")
    said: dict[date, list[tuple[Kind, int, str]]] = {}
    for kind, count, tellers in (
        (Kind.DEATH, deaths, ("hospital", "widow", "register", "counter")),
        (Kind.BIRTH, births, ("hospital", "parent")),
    ):
        for number in range(count):
            for what in tellers:
                if what in {"register", "counter"} and chance.random() < 0.5:
                    continue
                for _ in range(2 if chance.random() < 0.2 else 1):
                    on = FIRST_DAY + timedelta(days=chance.randrange(4))
                    said.setdefault(on, []).append((kind, number, what))
    today = said.get(day, [])
    random.Random(f"{seed}:{day}").shuffle(today)
    # A parent can file only what the hospital has sent.
    return sorted(today, key=lambda one: one[2] == "parent")


def _happen(said: dict[str, Any], kind: Kind, number: int, what: str) -> None:
    if kind is Kind.BIRTH:
        _born(said, number, what)
        return
    dead = pin(DEAD, number)
    died_at = "2025-07-10T10:00:00+07:00"
    if what == "hospital":
        content = {
            "certificate": f"{number}",
            "facility": FACILITY,
            "pin": dead,
            "full_name": "Người Mất",
            "birth_date": "1950-03-02",
            "died_at": died_at,
        }
        _quietly(lambda: operations.hear_hospital(**said, kind=Kind.DEATH, paper=f"GBT-{number}", content=content))
    elif what == "widow":
        form = {"applicant_pin": pin(WIDOWS, number), "pin": dead, "died_at": died_at, "picks": ["funeral"]}
        _quietly(lambda: operations.file_death(**said, content=form))
    elif what == "register":
        told = [(dead, date(2025, 7, 10), f"event-{number}")]
        _quietly(lambda: operations.hear_register(**said, deaths=told))
    else:
        body = {"kind": "death", "subject": f"person:{DEAD + number}", "content": {"pin": dead, "died_at": died_at}}
        httpx.post(f"{settings().civil_status_url}/counter", json=body, trust_env=False).raise_for_status()


def _born(said: dict[str, Any], number: int, what: str) -> None:
    if what == "hospital":
        content = {
            "certificate": certificate(number),
            "facility": FACILITY,
            "mother_pin": pin(MOTHERS, number),
            "mother_name": "Người Mẹ",
            "born_at": "2025-07-10T10:00:00+07:00",
            "sex": "FM"[number % 2],
            "weight_g": 3_000,
        }
        operations.hear_hospital(**said, kind=Kind.BIRTH, paper=certificate(number), content=content)
        return
    form = {
        "certificate": certificate(number),
        "applicant_pin": pin(MOTHERS, number),
        "full_name": "Người Con",
        "first_contact_facility": FACILITY,
        "home": "01/00004",
    }
    _quietly(lambda: operations.file_birth(**said, content=form))


def _verify(day: date) -> None:
    """Find newborns to be whom their numbers say, as the engine does in the night."""
    execute(
        """
        INSERT INTO people_identifier (value, scheme, person_id, valid_from)
        SELECT stated_number, 'pin', person_id, %s FROM people_person p
        WHERE stated_number IS NOT NULL AND NOT EXISTS (SELECT FROM people_identifier i WHERE i.person_id = p.person_id AND i.scheme = 'pin')
        ON CONFLICT DO NOTHING
        """,
        [day],
    )


def _offices(day: date) -> None:
    here = settings()
    for address in (here.civil_status_url, here.police_url, here.social_assistance_url):
        httpx.post(f"{address}/day", json={"day": day.isoformat()}, trust_env=False, timeout=120).raise_for_status()


def _quietly(act: Any) -> None:
    with contextlib.suppress(Refusal):
        act()


if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    live(asked["deaths"], asked["births"], asked["seed"], Path(asked["progress"]))

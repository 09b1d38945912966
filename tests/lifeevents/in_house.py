"""People to whom something happens that the agency finds by itself."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ansinh.cards.operations import issue_cards, project_standing
from ansinh.cards.queries import standing_of
from ansinh.config.daily import find_life_events
from ansinh.database.sql import execute, rows
from ansinh.foundation.clock import VIET_NAM, FixedClock
from ansinh.lifeevents.queries import FileShown, file_shown, files
from ansinh.lifeevents.states import Kind
from ansinh.participation.operations import receive_declaration
from tests.benefits.filed import pay
from tests.lifeevents.world import REASON, SYSTEM, World
from tests.participation.declared import csv_of

WOMAN, WORKER, CHILD, PARENT = 301, 302, 303, 304
WOMAN_PIN, WORKER_PIN, CHILD_PIN, PARENT_PIN = "001168000301", "001090000302", "001219000303", "001192000304"
EMPLOYER = "HH0100001"
HOME, THERE = "01", "79"
_LONG_AGO = datetime(2025, 1, 1, tzinfo=VIET_NAM)


def settle_workers(*, woman_years: int = 25) -> None:
    """A woman of 56 years and 8 months in August 2025, a man with a job, a child of six and its mother."""
    execute(
        "INSERT INTO participation_employer (employer_id, code, name, kind, province, commune, region) "
        "VALUES (1, %s, 'Công ty Thử', 'enterprise', '01', '00004', 1)",
        [EMPLOYER],
    )
    for person, sex, born, pin in (
        (WOMAN, "F", (1968, 12, 20), WOMAN_PIN),
        (WORKER, "M", (1990, 2, 14), WORKER_PIN),
        (CHILD, "F", (2019, 5, 5), CHILD_PIN),
        (PARENT, "F", (1992, 1, 1), PARENT_PIN),
    ):
        execute(
            "INSERT INTO people_person (person_id, full_name, sex, birth_year, birth_month, birth_day, commune, province, recorded_on) "
            "VALUES (%s, 'Người Thử', %s, %s, %s, %s, '00004', '01', '2015-01-01')",
            [person, sex, *born],
        )
        execute(
            "INSERT INTO people_identifier (value, scheme, person_id, valid_from) VALUES (%s, 'pin', %s, '2015-01-01'), (%s, 'si_code', %s, '2015-01-01')",
            [pin, person, f"01{person:08}", person],
        )
    pay(WOMAN, (2025 - woman_years) * 100 + 1, 202508, 9_000_000)
    pay(WORKER, 202001, None, 10_000_000)
    cover(WORKER, "DN", date(2025, 1, 1), date(2026, 1, 1))
    cover(CHILD, "TE", date(2019, 5, 5), date(2025, 10, 1))
    carded()


def cover(person: int, code: str, since: date, until: date, facility: str = "01001") -> None:
    """Let somebody be covered."""
    execute(
        "INSERT INTO participation_coverage (person_id, coverage_id, object_code, facility, card_province, valid_from, valid_until, recorded_at)"
        " VALUES (%s, 1, %s, %s, '01', %s, %s, %s)",
        [person, code, facility, since, until, _LONG_AGO],
    )


def carded(day: datetime = datetime(2025, 7, 15, 9, tzinfo=VIET_NAM)) -> None:
    """Give everybody covered a card."""
    who: dict[str, Any] = {
        "actor": SYSTEM,
        "reason": REASON,
        "clock": FixedClock(day),
        "from_person": 1,
        "until_person": 1_000,
    }
    issue_cards(**who)
    project_standing(**who)


def found(world: World) -> None:
    """Let the day's round find what there is."""
    find_life_events(**world.said)


def file_of(kind: Kind, person: int) -> FileShown | None:
    """Return the newest file of a kind about somebody."""
    numbers = [one.file_id for one in files(person_id=person) if one.kind is kind]
    return file_shown(numbers[0]) if numbers else None


def leaves(world: World, month: str = "2025-07", start: str = "2025-08", act: str = "end", **more: Any) -> None:
    """The employer reports that the man left."""
    line = {"act": act, "number": WORKER_PIN, "from": start} | more
    receive_declaration(**world.said, content=csv_of(line, employer=EMPLOYER, month=month))


def covered(person: int) -> list[tuple[str, date, date]]:
    """Return somebody's cover in force."""
    return [
        (str(code), since, until)
        for code, since, until in rows(
            "SELECT object_code, valid_from, valid_until FROM participation_covered_v1 WHERE person_id = %s ORDER BY valid_from",
            [person],
        )
    ]


def days_without_cover(person: int, since: date, until: date) -> int:
    """Return how many days of a span no cover holds."""
    held = {
        day
        for _, start, end in covered(person)
        for day in range(max(start, since).toordinal(), min(end, until).toordinal())
    }
    return (until - since).days - len(held)


def status(person: int) -> dict[str, object]:
    """Return somebody's standing."""
    return standing_of(person) or {}

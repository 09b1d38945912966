"""A few insured people with cards, and the room's operations with the fixed cast."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from ansinh.cards import operations
from ansinh.cards.operations import Changed, OnCard
from ansinh.database.sql import execute, row
from ansinh.foundation.clock import VIET_NAM, FixedClock
from tests.support.cast import ANYBODY_WITH_RIGHTS

TODAY = date(2025, 7, 10)
"""A day in the window in which facilities may be changed."""
REASON = "thử"
LAST_DAY = date(2026, 1, 1)


def clock(day: date = TODAY) -> FixedClock:
    """Return the agency's clock at nine in the morning of a day."""
    return FixedClock(datetime(day.year, day.month, day.day, 9, tzinfo=VIET_NAM))


def si_code(person: int) -> str:
    """Return the social-insurance code of an invented person."""
    return f"01{person:08}"


def number_of(person: int, code: str = "DN", level: int = 4, province: str = "01") -> str:
    """Return the card number of an invented person in a group."""
    return f"{code}{level}{province}{si_code(person)}"


def add_person(person: int, **columns: Any) -> int:
    """Insert an insured record with its social-insurance code."""
    plain = {"full_name": "Nguyễn Văn An", "sex": "M", "birth_year": 1980, "birth_month": 5, "birth_day": 4}
    made = {
        **plain,
        "commune": "00004",
        "province": "01",
        "recorded_on": date(2015, 1, 1),
        **columns,
        "person_id": person,
    }
    execute(
        f"INSERT INTO people_person ({', '.join(made)}) VALUES ({', '.join(['%s'] * len(made))})", list(made.values())
    )
    execute(
        "INSERT INTO people_identifier (value, scheme, person_id, valid_from) VALUES (%s, 'si_code', %s, '2015-01-01')",
        [si_code(person), person],
    )
    return person


def add_coverage(person: int, **columns: Any) -> None:
    """Insert a stretch of coverage; what is left out is a plain one's of the whole year 2025."""
    known = row("SELECT count(*) FROM participation_coverage WHERE person_id = %s", [person])
    plain = {"object_code": "DN", "facility": "01001", "card_province": "01", "valid_from": date(2025, 1, 1)}
    made = {**plain, "valid_until": LAST_DAY, **columns, "person_id": person, "coverage_id": (known or [0])[0] + 1}
    execute(
        f"INSERT INTO participation_coverage ({', '.join(made)}) VALUES ({', '.join(['%s'] * len(made))})",
        list(made.values()),
    )


def add_facilities() -> None:
    """Insert a commune station, two basic hospitals, one of them closed, and a specialised one."""
    for code, level, until in (
        ("01001", "basic", None),
        ("01002", "primary", None),
        ("01003", "basic", date(2025, 1, 1)),
        ("01004", "specialised", None),
    ):
        execute(
            "INSERT INTO places_facility (code, name, level, province, commune, valid_until) VALUES (%s, %s, %s, '01', '00004', %s)",
            [code, f"Cơ sở {code}", level, until],
        )


def issue_all(day: date = TODAY) -> int:
    """Issue cards to everybody and project."""
    who: dict[str, Any] = {
        "actor": ANYBODY_WITH_RIGHTS,
        "reason": REASON,
        "clock": clock(day),
        "from_person": 1,
        "until_person": 10_000,
    }
    issued = operations.issue_cards(**who)
    operations.project_standing(**who)
    return issued


def project_all(day: date) -> int:
    """Project everybody on a day; returns how many standings changed."""
    return operations.project_standing(
        actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=clock(day), from_person=1, until_person=10_000
    )


def project_due(day: date) -> int:
    """Run the daily operation until nobody is due; returns how many persons it looked at."""
    looked = 0
    while count := operations.project_due(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=clock(day)):
        looked += count
    return looked


def act(
    operation: Callable[..., Changed],
    person: int,
    effect_on: date = TODAY,
    *,
    number: str | None = None,
    key: str | None = None,
    today: date = TODAY,
    **more: Any,
) -> Changed:
    """Run an operation on a person's card; the key of the request is new unless one is given."""
    on = OnCard(person, number or number_of(person), effect_on, key or f"k{next(_keys)}")
    return operation(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=clock(today), on=on, **more)


def standing(person: int, *columns: str) -> Any:
    """Return columns of a person's standing: one bare, several as a tuple, None for who has none."""
    found = row(f"SELECT {', '.join(columns)} FROM cards_standing WHERE person_id = %s", [person])
    return found[0] if found and len(columns) == 1 else found


def days(count: int) -> timedelta:
    """Return so many days."""
    return timedelta(days=count)


_keys = iter(range(1, 10**9))

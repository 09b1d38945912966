"""A family for tests: parents by the register, a child who grows up, grandparents, a stranger; and officers who record what courts decide."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ansinh.access.queries import actor_of_person
from ansinh.access.roles import all_permissions
from ansinh.database.sql import execute
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import VIET_NAM, FixedClock
from ansinh.mandates.operations import (
    Decision,
    Grant,
    answer_mandate,
    decide_guardian,
    offer_mandate,
    prepare_guardian,
)
from ansinh.mandates.states import What

REASON = "thử"
MORNING = FixedClock(datetime(2025, 7, 21, 9, tzinfo=VIET_NAM))
TODAY = MORNING.at.date()
LAN = Actor(ActorKind.OFFICER, "lan", all_permissions())
MINH = Actor(ActorKind.OFFICER, "minh", all_permissions())

MOTHER, FATHER, GRANDMOTHER, NEIGHBOUR, COUSIN = 61_001, 61_002, 61_003, 61_004, 61_005
TODDLER, TEENAGER, GROWN = 61_010, 61_011, 61_012
_PEOPLE: dict[int, tuple[str, str, str, date]] = {
    MOTHER: ("001185000001", "Phạm Thị Hiền", "F", date(1985, 3, 4)),
    FATHER: ("001083000002", "Đặng Văn Quý", "M", date(1983, 6, 7)),
    GRANDMOTHER: ("001143000003", "Lê Thị Ứng", "F", date(1943, 1, 1)),
    NEIGHBOUR: ("001090000004", "Hồ Văn Xa", "M", date(1990, 10, 10)),
    COUSIN: ("001210000005", "Đặng Thị Út", "F", date(2010, 2, 2)),
    TODDLER: ("001221000010", "Đặng Thị Quỳnh Như", "F", date(2021, 4, 5)),
    TEENAGER: ("001209000011", "Đặng Văn Thiếu", "M", date(2009, 7, 30)),
    GROWN: ("001207000012", "Đặng Văn Lớn", "M", date(2007, 7, 21)),
}


def pin_of(person: int) -> str:
    """Return somebody's personal number."""
    return _PEOPLE[person][0]


def name_of(person: int) -> str:
    """Return somebody's name."""
    return _PEOPLE[person][1]


def settle_family() -> None:
    """Put everybody on record with us and in the register's mirror; the three youngest are the parents' children."""
    for person, (pin, name, sex, born) in _PEOPLE.items():
        parents = (pin_of(FATHER), pin_of(MOTHER)) if person in {TODDLER, TEENAGER, GROWN} else (None, None)
        add_person(person, pin, name, sex, born, parents=parents)


def add_person(
    person: int, pin: str, name: str, sex: str, born: date, *, parents: tuple[str | None, str | None] = (None, None)
) -> None:
    """Put one person on record with us and in the register's mirror."""
    execute(
        "INSERT INTO people_person (person_id, full_name, sex, birth_year, birth_month, birth_day, commune, province, recorded_on)"
        " VALUES (%s, %s, %s, %s, %s, %s, '00004', '01', '2015-01-01')",
        [person, name, sex, born.year, born.month, born.day],
    )
    execute(
        "INSERT INTO people_identifier (scheme, value, person_id, valid_from) VALUES ('pin', %s, %s, '2015-01-01')",
        [pin, person],
    )
    in_register(pin, full_name=name, sex=sex, born=born, father_pin=parents[0], mother_pin=parents[1])


def in_register(pin: str, *, born: date, **about: Any) -> None:
    """Let the register's mirror hold somebody."""
    columns = {
        "pin": pin, "birth_year": born.year, "birth_month": born.month, "birth_day": born.day, "commune": "00004", "province": "01", "household": 1,
        "registered_on": "2015-01-01", "version": 1, "feed_no": 0, "valid_from": "2015-01-01", "recorded_at": MORNING.at, **about,
    }  # fmt: skip
    marks = ", ".join(f"%({name})s" for name in columns)
    execute(f"INSERT INTO registry_person ({', '.join(columns)}) VALUES ({marks})", columns)


def grant(other: int, *scopes: What, until: date = date(2025, 12, 31)) -> Grant:
    """Return a grant to somebody, from today."""
    return Grant(pin_of(other), name_of(other), scopes or (What.READ,), TODAY, until)


def given(giver: int, other: int, *scopes: What, until: date = date(2025, 12, 31), agreed: bool = True) -> int:
    """Let somebody give another a mandate, and the other agree."""
    mandate = offer_mandate(
        actor=actor_of_person(giver),
        reason=REASON,
        clock=MORNING,
        person_id=giver,
        level=2,
        grant=grant(other, *scopes, until=until),
    )
    if agreed:
        answer_mandate(
            actor=actor_of_person(other),
            reason=REASON,
            clock=MORNING,
            person_id=other,
            level=2,
            mandate_id=mandate,
            agreed=True,
        )
    return mandate


def guarded(ward: int, guardian: int) -> int:
    """Let two officers record a guardian."""
    mandate = prepare_guardian(
        actor=LAN, reason=REASON, clock=MORNING, decision=Decision(guardian, ward, "Quyết định 12/2025/QĐST-DS", TODAY)
    )
    decide_guardian(actor=MINH, reason=REASON, clock=MORNING, mandate_id=mandate, approved=True)
    return mandate


def die(person: int, on: date) -> None:
    """Let somebody be dead."""
    execute("UPDATE people_person SET died_on = %s WHERE person_id = %s", [on, person])

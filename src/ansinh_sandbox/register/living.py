"""Living: day after day the register is told of births, deaths and changes, and tells them on as events.

Births and deaths are those of the nation's own files, which a register that begins to live first puts back; everything else is invented, the same for the
same seed. A day is one transaction: whoever is killed goes on with the day that was not ended.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ansinh_sandbox.register.record import COLUMNS, FIELDS, as_record
from ansinh_sandbox.register.store import FORMAT, STORE_FILE, NotLoaded, connect
from ansinh_sandbox.register.telling import Told, tell

# How many of 100,000 people a day: what is not in the nation's files.
RATES = {
    "address_change": 8.0, "name_change": 0.3, "correction": 0.5, "marriage": 1.0, "pin_cancelled": 0.05,
    "false_death": 0.05, "wrong_move": 0.2, "false_birth": 0.02,
}  # fmt: skip
# The day of a month on which even a small nation sees one.
_AT_LEAST_ONE = {
    "name_change": 5,
    "correction": 8,
    "marriage": 9,
    "pin_cancelled": 12,
    "false_death": 3,
    "wrong_move": 10,
    "false_birth": 6,
}
DAYS_UNTIL_TOLD = 1
DAYS_UNTIL_WITHDRAWN = 7
TRIES_MAX = 50

Progress = Callable[[int], None]
Person = dict[str, Any]


class OutOfOrder(Exception):
    """The register has lived these days already, or would leave some out."""


@dataclass
class Day:
    """A day being lived: its chances, its connection, what was told."""

    on: date
    connection: sqlite3.Connection
    chance: random.Random
    people: int
    told: int = 0

    def say(self, kind: str, pin: str, happened_on: date, **more: Any) -> Told:
        """Tell an event of this day."""
        self.told += 1
        return tell(self.connection, kind, pin, (happened_on, self.on), **more)


def live(
    folder: Path,
    *,
    begin: date | None,
    until: date,
    seed: int = 2025,
    intensity: float = 1.0,
    progress: Progress = lambda told: None,
) -> int:
    """Live the days from where the register is (the first time: from `begin`) until `until` (out); returns how many events were told.

    Births and deaths from `begin` on are put back first, so that a snapshot taken now does not know them. Raises OutOfOrder, NotLoaded.
    """
    if not (folder / STORE_FILE).is_file():
        raise NotLoaded(f"there is no register in {folder}; load a nation first")
    connection = connect(folder / STORE_FILE)
    try:
        if connection.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
            raise NotLoaded(f"the register in {folder} was written by another version; load the nation again")
        day = _reached(connection, begin, seed)
        (kept_seed,) = connection.execute("SELECT seed FROM life").fetchone()
        told = 0
        while day < until:
            told += _live_day(connection, day, int(kept_seed), intensity)
            progress(told)
            day += timedelta(days=1)
        return told
    finally:
        connection.close()


def _reached(connection: sqlite3.Connection, begin: date | None, seed: int) -> date:
    """Return the day the register has reached; one that has not lived yet is put back to `begin`."""
    row = connection.execute("SELECT began_on, lived_until FROM life").fetchone()
    if row is not None:
        if begin is not None and begin not in {date.fromisoformat(row[0]), date.fromisoformat(row[1])}:
            raise OutOfOrder(f"the register has lived from {row[0]} until {row[1]}; it can only go on")
        return date.fromisoformat(row[1])
    if begin is None:
        raise OutOfOrder("the register has not lived yet: say from which day it begins")
    first_death = (begin - timedelta(days=DAYS_UNTIL_TOLD)).isoformat()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO unborn SELECT * FROM person WHERE registered_on >= ?", (begin.isoformat(),))
    connection.execute("DELETE FROM person WHERE registered_on >= ?", (begin.isoformat(),))
    connection.execute("INSERT INTO undead SELECT pin, died_on FROM person WHERE died_on >= ?", (first_death,))
    connection.execute("UPDATE person SET died_on = NULL WHERE died_on >= ?", (first_death,))
    connection.execute("INSERT INTO life VALUES (?, ?, ?)", (begin.isoformat(), begin.isoformat(), seed))
    connection.execute("COMMIT")
    return begin


def _live_day(connection: sqlite3.Connection, on: date, seed: int, intensity: float) -> int:
    connection.execute("BEGIN IMMEDIATE")
    (people,) = connection.execute("SELECT coalesce(max(rowid), 0) FROM person").fetchone()
    day = Day(on, connection, random.Random(f"{seed}:{on}"), int(people))  # noqa: S311 - an invented nation
    _births(day)
    _deaths(day)
    _withdrawals(day)
    for kind in _invented(day, intensity):
        _HAPPENINGS[kind](day)
    connection.execute("UPDATE life SET lived_until = ?", ((on + timedelta(days=1)).isoformat(),))
    connection.execute("COMMIT")
    return day.told


def _invented(day: Day, intensity: float) -> list[str]:
    kinds: list[str] = []
    for kind, rate in RATES.items():
        expected = day.people * rate * intensity / 100_000
        count = int(expected) + (day.chance.random() < expected % 1)
        kinds += [kind] * max(count, int(_AT_LEAST_ONE.get(kind) == day.on.day))
    day.chance.shuffle(kinds)
    return kinds


def _births(day: Day) -> None:
    rows = day.connection.execute(
        f"SELECT {COLUMNS} FROM unborn WHERE registered_on = ? ORDER BY pin", (day.on.isoformat(),)
    ).fetchall()
    for row in rows:
        born = as_record(row)
        day.say("birth", born["pin"], _born_on(born, day.on), record=born)
    day.connection.execute("DELETE FROM unborn WHERE registered_on = ?", (day.on.isoformat(),))


def _born_on(record: Person, otherwise: date) -> date:
    text = str(record["birth_date"])
    return min(date.fromisoformat(text), otherwise) if len(text) == 10 else otherwise


def _deaths(day: Day) -> None:
    died_on = (day.on - timedelta(days=DAYS_UNTIL_TOLD)).isoformat()
    for (pin,) in day.connection.execute(
        "SELECT pin FROM undead WHERE died_on = ? ORDER BY pin", (died_on,)
    ).fetchall():
        day.say("death", pin, date.fromisoformat(died_on), changes={"died_on": died_on})
    day.connection.execute("DELETE FROM undead WHERE died_on = ?", (died_on,))


def _withdrawals(day: Day) -> None:
    """Withdraw what was told wrongly a week ago, unless something else was told about the person meanwhile."""
    wrong = day.connection.execute(
        "SELECT e.event_id FROM event e JOIN mistake m USING (event_id) JOIN person p ON p.pin = e.pin AND p.version = e.sequence"
        " WHERE m.withdrawn_on = ? AND e.withdrawn_by IS NULL ORDER BY e.feed_no",
        (day.on.isoformat(),),
    ).fetchall()
    for (event_id,) in wrong:
        pin, happened_on = day.connection.execute(
            "SELECT pin, told_on FROM event WHERE event_id = ?", (event_id,)
        ).fetchone()
        day.say("withdrawal", pin, date.fromisoformat(happened_on), withdraws=event_id)


def _mistaken(day: Day, told: Told) -> None:
    later = (day.on + timedelta(days=DAYS_UNTIL_WITHDRAWN)).isoformat()
    day.connection.execute("INSERT INTO mistake VALUES (?, ?)", (told.event_id, later))


def _somebody(day: Day, fits: Callable[[Person], bool] = lambda person: True) -> Person | None:
    """Pick a living person whose number is in force and whose death is not yet to come."""
    for _ in range(TRIES_MAX):
        row = day.connection.execute(
            f"SELECT {COLUMNS} FROM person WHERE rowid = ? AND died_on IS NULL AND cancelled_on IS NULL"
            " AND pin NOT IN (SELECT pin FROM undead)",
            (day.chance.randint(1, day.people),),
        ).fetchone()
        if row is not None and fits(found := as_record(row)):
            return found
    return None


def _pairs(day: Day, fits: Callable[[Person], bool] = lambda person: True) -> Iterator[tuple[Person, Person]]:
    one, other = _somebody(day, fits), _somebody(day)
    if one is not None and other is not None and one["pin"] != other["pin"]:
        yield one, other


def _days_ago(day: Day, most: int) -> date:
    return day.on - timedelta(days=day.chance.randint(0, most))


def _address_change(day: Day) -> None:
    for person, there in _pairs(day):
        day.say("address_change", person["pin"], _days_ago(day, 5), changes=_home_of(there))


def _home_of(person: Person) -> Person:
    return {name: person[name] for name in ("commune", "province", "household")}


def _name_change(day: Day) -> None:
    for person, namesake in _pairs(day):
        if person["sex"] == namesake["sex"]:
            given = str(namesake["full_name"]).split()[-1]
            name = " ".join([*str(person["full_name"]).split()[:-1], given])
            if name != person["full_name"]:
                day.say("name_change", person["pin"], _days_ago(day, 3), changes={"full_name": name})


def _correction(day: Day) -> None:
    person = _somebody(day, lambda one: len(one["birth_date"]) == 10)
    if person is not None:
        born = date.fromisoformat(person["birth_date"])
        other = born.replace(day=born.day % 28 + 1)
        day.say("correction", person["pin"], day.on, changes={"birth_date": other.isoformat()})


def _marriage(day: Day) -> None:
    def single(person: Person) -> bool:
        return person["spouse_pin"] is None and int(person["birth_date"][:4]) < day.on.year - 20

    one = _somebody(day, single)
    other = _somebody(day, lambda person: single(person) and one is not None and person["sex"] != one["sex"])
    if one is not None and other is not None:
        wedding = _days_ago(day, 10)
        day.say("marriage", one["pin"], wedding, changes={"spouse_pin": other["pin"]})
        day.say("marriage", other["pin"], wedding, changes={"spouse_pin": one["pin"], **_home_of(one)})


def _pin_cancelled(day: Day) -> None:
    """Cancel a number and issue another to the same human."""
    person = _somebody(day, lambda one: one["replaces"] is None)
    if person is None:
        return
    fresh = _free_pin(day, str(person["pin"])[:6])
    today = day.on.isoformat()
    day.say("pin_cancelled", person["pin"], day.on, changes={"cancelled_on": today, "replaced_by": fresh})
    issued = person | {"pin": fresh, "replaces": person["pin"], "version": 1, "registered_on": today}
    day.say("pin_issued", fresh, day.on, record=issued)


def _free_pin(day: Day, prefix: str) -> str:
    for _ in range(TRIES_MAX):
        pin = f"{prefix}{day.chance.randrange(10**6):06d}"
        taken = "SELECT 1 FROM person WHERE pin = ? UNION ALL SELECT 1 FROM unborn WHERE pin = ?"
        if day.connection.execute(taken, (pin, pin)).fetchone() is None:
            return pin
    raise RuntimeError(f"no number is free under {prefix}")


def _false_death(day: Day) -> None:
    person = _somebody(day)
    if person is not None:
        died_on = _days_ago(day, 3)
        _mistaken(day, day.say("death", person["pin"], died_on, changes={"died_on": died_on.isoformat()}))


def _wrong_move(day: Day) -> None:
    for person, there in _pairs(day):
        _mistaken(day, day.say("address_change", person["pin"], _days_ago(day, 5), changes=_home_of(there)))


def _false_birth(day: Day) -> None:
    """Register a child that never was."""
    mother = _somebody(day, lambda one: one["sex"] == "F")
    if mother is not None:
        pin = _free_pin(
            day, str(mother["pin"])[:3] + ("3" if day.chance.random() < 0.5 else "2") + day.on.strftime("%y")
        )
        child = dict.fromkeys(FIELDS) | _home_of(mother) | {
            "pin": pin, "full_name": mother["full_name"], "sex": "F" if pin[3] == "3" else "M", "birth_date": day.on.isoformat(),
            "mother_pin": mother["pin"], "registered_on": day.on.isoformat(), "version": 1,
        }  # fmt: skip
        _mistaken(day, day.say("birth", pin, day.on, record=child))


_HAPPENINGS: dict[str, Callable[[Day], None]] = {
    "address_change": _address_change, "name_change": _name_change, "correction": _correction, "marriage": _marriage,
    "pin_cancelled": _pin_cancelled, "false_death": _false_death, "wrong_move": _wrong_move, "false_birth": _false_birth,
}  # fmt: skip

"""What civil status tells the population register: births, deaths, and that one of them was no such thing. Straight into the register's store, as one house."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from ansinh_sandbox.register.record import FIELDS
from ansinh_sandbox.register.store import STORE_FILE, connect
from ansinh_sandbox.register.telling import tell

TRIES_MAX = 1_000
_CENTURY_DIGIT = {(19, "M"): "0", (19, "F"): "1", (20, "M"): "2", (20, "F"): "3"}


class Registrations(Protocol):
    """Where births and deaths are entered; each entry returns the name of the event it became."""

    def birth(self, child: dict[str, Any], on: date) -> tuple[str, str]:
        """Enter a child and return its number and the event."""

    def death(self, pin: str, died_on: date, on: date) -> str:
        """Enter a death and return the event; empty when the register does not know the number, or knows the death."""

    def withdrawn(self, event: str, pin: str, on: date) -> None:
        """Take an entry back."""


def issued_number(mother_pin: str, born_on: date, sex: str, chance: random.Random) -> str:
    """Return a personal number as the law forms it: place, century and sex, year, and six drawn digits."""
    place = mother_pin[:3] if len(mother_pin) == 12 else "001"
    digit = _CENTURY_DIGIT.get((born_on.year // 100, sex), "2")
    return f"{place}{digit}{born_on:%y}{chance.randrange(10**6):06d}"


class InRegister:
    """The register's own store."""

    def __init__(self, folder: Path) -> None:
        self._connection = connect(folder / STORE_FILE)

    def birth(self, child: dict[str, Any], on: date) -> tuple[str, str]:
        """Enter a child at its mother's home."""
        born_on = date.fromisoformat(child["born_at"][:10])
        chance = random.Random(f"{child['certificate']}")  # noqa: S311 - invented people
        store = self._connection
        store.execute("BEGIN IMMEDIATE")
        try:
            pin = next(
                pin
                for pin in (issued_number(child["mother_pin"], born_on, child["sex"], chance) for _ in range(TRIES_MAX))
                if not self._taken(pin)
            )
            home = store.execute(
                "SELECT commune, province, household FROM person WHERE pin = ?", (child["mother_pin"],)
            ).fetchone() or (child["commune"], child["province"], 0)
            record = dict.fromkeys(FIELDS) | {
                "pin": pin,
                "full_name": child["full_name"],
                "sex": child["sex"],
                "birth_date": born_on.isoformat(),
                "commune": home[0],
                "province": home[1],
                "household": home[2],
                "mother_pin": child["mother_pin"] or None,
                "father_pin": child.get("father_pin") or None,
                "registered_on": on.isoformat(),
                "version": 1,
            }
            told = tell(store, "birth", pin, (born_on, on), record=record)
        except BaseException:
            store.execute("ROLLBACK")
            raise
        store.execute("COMMIT")
        return pin, told.event_id

    def death(self, pin: str, died_on: date, on: date) -> str:
        """Enter a death."""
        store = self._connection
        store.execute("BEGIN IMMEDIATE")
        try:
            alive = store.execute(
                "SELECT 1 FROM person WHERE pin = ? AND died_on IS NULL AND cancelled_on IS NULL", (pin,)
            ).fetchone()
            event = (
                tell(store, "death", pin, (died_on, on), changes={"died_on": died_on.isoformat()}).event_id
                if alive
                else ""
            )
            store.execute("DELETE FROM undead WHERE pin = ?", (pin,))
        except BaseException:
            store.execute("ROLLBACK")
            raise
        store.execute("COMMIT")
        return event

    def withdrawn(self, event: str, pin: str, on: date) -> None:
        """Take an entry back, once."""
        store = self._connection
        store.execute("BEGIN IMMEDIATE")
        try:
            standing = store.execute(
                "SELECT 1 FROM event WHERE event_id = ? AND withdrawn_by IS NULL", (event,)
            ).fetchone()
            if standing:
                tell(store, "withdrawal", pin, (on, on), withdraws=event)
        except BaseException:
            store.execute("ROLLBACK")
            raise
        store.execute("COMMIT")

    def _taken(self, pin: str) -> bool:
        found = self._connection.execute(
            "SELECT 1 FROM person WHERE pin = ? UNION ALL SELECT 1 FROM unborn WHERE pin = ?", (pin, pin)
        ).fetchone()
        return found is not None


class ByItself:
    """Civil status without a register beside it: numbers are issued, and nobody else hears of them."""

    def birth(self, child: dict[str, Any], on: date) -> tuple[str, str]:
        """Issue a number."""
        born_on = date.fromisoformat(child["born_at"][:10])
        chance = random.Random(child["certificate"])  # noqa: S311 - invented people
        return issued_number(child["mother_pin"], born_on, child["sex"], chance), ""

    def death(self, pin: str, died_on: date, on: date) -> str:
        """Enter nothing."""
        return ""

    def withdrawn(self, event: str, pin: str, on: date) -> None:
        """Take nothing back."""

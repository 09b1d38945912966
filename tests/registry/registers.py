"""A small register that lives some days, reached without its wire or as a process of its own."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from ansinh.access.keys import published_keys, signing_keys
from ansinh.database.sql import rows
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, FixedClock
from ansinh.registry import procedures, queries
from ansinh.registry.adapters.register_exchange import RegisterExchange
from ansinh.registry.adapters.signed_calls import PartnerKeys, SignedCalls
from ansinh.registry.checks import checks
from ansinh.registry.mirror import COLUMNS, SELECTED, record_from
from ansinh.registry.operations import Compared
from ansinh.registry.procedures import Pulled
from ansinh.registry.record import Record
from ansinh_sandbox.register.faults import HONEST, Faults
from ansinh_sandbox.register.living import live
from ansinh_sandbox.register.loading import load
from ansinh_sandbox.register.record import COLUMNS as THEIR_COLUMNS
from ansinh_sandbox.register.record import as_record
from ansinh_sandbox.register.service import ROUTES, Register
from ansinh_sandbox.register.starting import KEY_NAME
from ansinh_sandbox.register.store import STORE_FILE, Store
from ansinh_sandbox.signed_messages import own_key
from tests.sandbox.nations import write_register
from tests.support.cast import ANYBODY_WITH_RIGHTS, JULY

BEGIN = date(2025, 6, 1)
REASON = "test"


@dataclass(frozen=True)
class Known:
    """Who acts, why and when: what every operation of these tests is called with."""

    actor: Actor = ANYBODY_WITH_RIGHTS
    reason: str = REASON
    clock: Clock = JULY

    @classmethod
    def days_later(cls, days: int) -> Known:
        """Return the same, some days later."""
        return cls(clock=FixedClock(JULY.now() + timedelta(days=days)))


class DirectCalls(SignedCalls):
    """Signed calls that reach the register without a wire."""

    def __init__(self, register: Register, keys: PartnerKeys) -> None:
        super().__init__("http://register.invalid", keys, pause=lambda seconds: None)
        self._register = register

    def _post(self, path: str, body: bytes) -> bytes:
        return self._register.answer(body, ROUTES[path])


@dataclass(frozen=True)
class SmallRegister:
    """A register's folder and both sides' keys."""

    store: Path
    secrets: Path

    @classmethod
    def of(cls, folder: Path, people: int, *, seed: int = 2025) -> SmallRegister:
        """Load a register of so many people, put back to BEGIN; another seed, other events."""
        load(write_register(folder / "nation", people), folder / "store")
        live(folder / "store", begin=BEGIN, until=BEGIN, seed=seed)
        signing_keys(folder / "secrets", "social-security")
        return cls(folder / "store", folder / "secrets")

    def copy_to(self, folder: Path) -> SmallRegister:
        """Return another register that is the same so far."""
        shutil.copytree(self.store, folder / "store")
        shutil.copytree(self.secrets, folder / "secrets")
        return SmallRegister(folder / "store", folder / "secrets")

    def live(self, until: date, *, intensity: float = 1.0) -> int:
        """Live on; returns how many events were told."""
        return live(self.store, begin=None, until=until, intensity=intensity)

    def keys(self) -> PartnerKeys:
        """Return what signing both ways needs."""
        ours = signing_keys(self.secrets, "social-security").signing
        return PartnerKeys(ours, partial(published_keys, self.secrets, KEY_NAME))

    @contextmanager
    def exchange(self, faults: Faults = HONEST) -> Iterator[RegisterExchange]:
        """Reach the register without its wire, honest or not."""
        key = own_key(self.secrets, KEY_NAME)
        store = Store(self.store)
        register = Register(store, self.secrets, key, faults)
        reached = RegisterExchange(DirectCalls(register, self.keys()))
        try:
            yield reached
        finally:
            reached.close()
            register.close()
            store.close()

    def over_the_wire(self, port: int) -> RegisterExchange:
        """Reach the register's own process."""
        return RegisterExchange(SignedCalls(f"http://127.0.0.1:{port}", self.keys(), pause=lambda seconds: None))

    def people(self) -> dict[str, Record]:
        """Return everybody the register has, as it has them."""
        found = self.rows(f"SELECT {THEIR_COLUMNS} FROM person")
        return {row[0]: msgspec.convert(as_record(row), Record) for row in found}

    def told(self, what: str = "feed_no") -> list[tuple[Any, ...]]:
        """Return something of every event told."""
        return self.rows(f"SELECT {what} FROM event")

    def write(self, statement: str) -> None:
        """Write into the register's own store, before it lives on."""
        with sqlite3.connect(self.store / STORE_FILE) as connection:
            connection.execute(statement)
        connection.close()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Look into the register's own store."""
        connection = sqlite3.connect(self.store / STORE_FILE)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()


def pulled(register: SmallRegister, known: Known, faults: Faults = HONEST) -> Pulled:
    """Read the register's feed to its end."""
    with register.exchange(faults) as source:
        return procedures.pull_events(actor=known.actor, reason=known.reason, clock=known.clock, source=source)


def retried(register: SmallRegister, known: Known, faults: Faults = HONEST) -> Pulled:
    """Ask the register again for what is parked."""
    with register.exchange(faults) as source:
        return procedures.retry_parked(actor=known.actor, reason=known.reason, clock=known.clock, source=source)


def reconciled(register: SmallRegister, known: Known, *, heal: bool = True) -> Compared:
    """Compare with the register, and put right what differs."""
    with register.exchange() as source:
        return procedures.reconcile(actor=known.actor, reason=known.reason, clock=known.clock, source=source, heal=heal)


def in_states() -> dict[str, int]:
    """Return how many events are in each state."""
    return queries.count_events()


def broken() -> list[str]:
    """Return the names of the room's checks that do not hold, with who offends."""
    return [f"{check.name}: {', '.join(check.offending)}" for check in checks() if not check.ok]


def mirrored() -> dict[str, Record]:
    """Return everybody the mirror has."""
    return {
        found[0]: record_from(dict(zip(COLUMNS, found, strict=True)))
        for found in rows(f"SELECT {SELECTED} FROM registry_person")
    }


def copied(register: SmallRegister, known: Known) -> None:
    """Take a snapshot of the register as it is."""
    with register.exchange() as source:
        procedures.take_snapshot(actor=known.actor, reason=known.reason, clock=known.clock, source=source)

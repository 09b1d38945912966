"""The agency's days of the campaign, a process of its own that may be killed anywhere: whoever comes after goes on with the part that was not ended.

Started as a program with one argument, a `Told` as JSON. Every part of a day is safe to repeat: what was said is then said again.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from datetime import time as clock_time
from functools import cache, partial
from pathlib import Path
from typing import Any

import httpx
from django.db import connection

from ansinh.access.queries import actor_of_officer
from ansinh.benefits.operations import approve_change, decide_application, freeze_month, prepare_decision
from ansinh.benefits.queries import changes_waiting
from ansinh.cli.acting import actor
from ansinh.cli.benchmarks.lifeevents.cast import (
    DEAD,
    FACILITY,
    FIRST_MONTH,
    MOTHER,
    PROVINCE,
    RELATIVE,
    born_at,
    certificate,
    child_name,
    commune_of,
)
from ansinh.cli.benchmarks.lifeevents.story import FIRST_DAY, Telling, day_of, story
from ansinh.cli.benchmarks.watching import forget_highest, highest_mib
from ansinh.cli.benefits import load_payees
from ansinh.cli.cards import issue_all, project_all
from ansinh.cli.demo_benefits import APPROVES, PREPARES, appoint_benefit_officers
from ansinh.cli.demo_officers import appoint_officers
from ansinh.cli.nation import load_agency
from ansinh.cli.people import verify_all
from ansinh.cli.registry import snapshot_all
from ansinh.config.partners import life_events_desk, register_exchange
from ansinh.config.subscriptions import deliver_announcements
from ansinh.database.sql import number, rows
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import VIET_NAM, FixedClock
from ansinh.foundation.errors import Refusal
from ansinh.foundation.settings import settings
from ansinh.lifeevents import operations
from ansinh.lifeevents.states import Kind
from ansinh.places.operations import load_reference
from ansinh.registry.procedures import pull_events
from ansinh_sandbox.offices.registrations import InRegister

REASON = "chiến dịch sinh, tử"
TELLINGS_A_PART = 250
DIED_AT = "2025-07-10T10:00:00+07:00"
DIED_ON = date(2025, 7, 10)
# Whoever was born is compared with the register every third evening, the way the engine runs in the night.
VERIFIED_EVERY = 3
# Of the allowances filed for, officers decide one in so many; the others wait for them. Of what only a person can settle, they settle half.
DECIDED_OF = 20
DRAINED_IN_DAYS = 2
WAIT_SECONDS_MAX = 120.0
WAIT_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Told:
    """What the process is told: how many deaths and births by which seed, on how many days, its folder, who is killed after how many statements.

    `postmaster` is the database's process, 0 where it is not to be killed.
    """

    deaths: int
    births: int
    seed: int
    days: int
    folder: str
    kills: Sequence[tuple[str, int]]
    postmaster: int


class Notes:
    """What is remembered from one process to the next: the part lived last, the kills done, and what parts took."""

    def __init__(self, folder: Path) -> None:
        self._done, self._kills, self._took = folder / "done", folder / "kills", folder / "took"

    @property
    def done(self) -> int:
        """How many parts were lived to their end."""
        return int(self._done.read_text()) if self._done.exists() else 0

    @property
    def kills(self) -> int:
        """How many kills were done."""
        return int(self._kills.read_text()) if self._kills.exists() else 0

    def end(self, part: int, took: dict[str, Any]) -> None:
        """Remember that a part ended."""
        with self._took.open("a") as file:
            file.write(json.dumps(took) + "\n")
        _replace(self._done, part + 1)

    def kill(self) -> None:
        """Remember a kill, before it is done."""
        _replace(self._kills, self.kills + 1)


def _replace(file: Path, number: int) -> None:
    fresh = file.with_suffix(".new")
    fresh.write_text(str(number))
    fresh.replace(file)


class Counted:
    """Counts statements and the time they take."""

    def __init__(self) -> None:
        self.count, self.seconds = 0, 0.0

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        """Let a statement run."""
        self.count += 1
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds += time.perf_counter() - began


class Statements(Counted):
    """Kills whoever is to be killed after so many statements: between any two of them, inside transactions and out."""

    def __init__(self, told: Told, notes: Notes) -> None:
        super().__init__()
        self._told, self._notes = told, notes
        self._since, self._next = 0, self._following()

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        """Let a statement run, unless somebody is to be killed before it."""
        if self._next and self.count - self._since >= self._next[1]:
            self._strike(self._next[0])
        return super().__call__(execute, sql, params, many, context)

    def _following(self) -> tuple[str, int] | None:
        done = self._notes.kills
        return self._told.kills[done] if done < len(self._told.kills) else None

    def _strike(self, whom: str) -> None:
        self._notes.kill()
        self._since, self._next = self.count, self._following()
        if whom == "worker":
            os.kill(os.getpid(), signal.SIGKILL)
        elif whom == "database":
            os.kill(self._told.postmaster, signal.SIGKILL)
        else:
            with contextlib.suppress(ProcessLookupError, FileNotFoundError):
                os.kill(int((Path(self._told.folder) / f"{whom}.pid").read_text()), signal.SIGKILL)


class Days:
    """The days, part by part."""

    def __init__(self, told: Told) -> None:
        self._told, self._folder = told, Path(told.folder)
        self._notes = Notes(self._folder)
        self._statements = Statements(told, self._notes)
        self._register = InRegister(self._folder / "register")

    def live(self) -> None:
        """Live what was not lived yet."""
        for part, (name, act) in enumerate(self._parts()):
            if part < self._notes.done:
                continue
            if part == 1:
                # Nobody is killed before the first day begins.
                self._statements.count = 0
            with contextlib.ExitStack() as counted:
                if part:
                    counted.enter_context(connection.execute_wrapper(self._statements))
                before, began, cpu = (
                    (self._statements.count, self._statements.seconds),
                    time.perf_counter(),
                    time.process_time(),
                )
                forget_highest()
                act()
            self._notes.end(
                part,
                {
                    "part": name,
                    "seconds": round(time.perf_counter() - began, 3),
                    "cpu": round(time.process_time() - cpu, 3),
                    "database": round(self._statements.seconds - before[1], 3),
                    "statements": self._statements.count - before[0],
                    "peak_mib": highest_mib(),
                },
            )

    def _parts(self) -> Iterator[tuple[str, Callable[[], object]]]:
        yield "settle", lambda: settle(self._folder)
        said = story(self._told.seed, self._told.deaths, self._told.births, self._told.days)
        for nth in range(self._told.days):
            day = _Day(nth, self._register)
            for first in range(0, len(said[nth]), TELLINGS_A_PART):
                part = said[nth][first : first + TELLINGS_A_PART]
                yield "say", partial(_tell, day, part)
            for _ in range(2):
                yield "exchange", day.exchange
                yield "offices", day.offices
            yield "supplement", day.supplement
            yield "register", day.follow_register
            if nth % VERIFIED_EVERY == VERIFIED_EVERY - 1:
                yield "verify", partial(verify_all, REASON, day.clock)
            yield "officers", day.officers
            yield "exchange", day.exchange
            yield "chase", day.chase
            yield "compare", day.compare
        yield "last", _Day(self._told.days, self._register).last


def settle(folder: Path, *, frozen: bool = True) -> None:
    """Take the nation in, find everybody to be whom their numbers say, give pensions and cards, and fix what two months owe. May be done again."""
    load_reference(actor=actor(), reason=REASON, clock=FixedClock(_at(FIRST_DAY)))
    nation = folder / "nation"
    load_agency(nation, REASON, today=FIRST_DAY)
    snapshot_all(REASON)
    verify_all(REASON, FixedClock(_at(FIRST_DAY)))
    load_payees(nation, REASON, owed_from=FIRST_MONTH)
    issue_all(REASON)
    project_all(REASON)
    appoint_officers()
    appoint_benefit_officers()
    for month in (FIRST_MONTH, FIRST_MONTH + 1) if frozen else ():
        freeze_month(actor=actor(), reason=REASON, clock=FixedClock(_at(FIRST_DAY)), month=month)


def _tell(day: _Day, part: Sequence[Telling]) -> None:
    """Let some things of a day be said, one after the other."""
    for one in part:
        day.say(one)


def _at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, clock_time(hour), VIET_NAM)


class _Day:
    """One day: what is said, and the evening's work."""

    def __init__(self, number: int, register: InRegister) -> None:
        self.number, self.date = number, day_of(number)
        self.clock = FixedClock(_at(self.date))
        self._register = register

    def say(self, one: Telling) -> None:
        """Let something be said; what is refused is refused."""
        with contextlib.suppress(Refusal):
            getattr(self, f"_{one.kind}_{one.what}")(one.number)

    def exchange(self) -> None:
        """Speak with the offices."""
        with self._desk() as desk:
            desk.round()

    def offices(self) -> None:
        """Let every office work until the evening."""
        here = settings()
        for address in (here.civil_status_url, here.police_url, here.social_assistance_url):
            _post(f"{address}/day", {"day": self.date.isoformat()})

    def supplement(self) -> None:
        """Let applicants hand in what was wanted of them."""
        wanted = rows("SELECT DISTINCT file_id FROM lifeevents_step WHERE state = 'correction' ORDER BY 1")
        for (file,) in wanted:
            with contextlib.suppress(Refusal):
                operations.supplement_file(**self._said(PREPARES), file_id=file, content={})

    def follow_register(self) -> None:
        """Read the register's feed to its end, and let people and life events react."""
        with register_exchange(settings()) as register:
            pull_events(**self._said(), source=register)
        deliver_announcements(reason=REASON, clock=self.clock)

    def officers(self) -> None:
        """Let officers decide some of what was filed, approve what was prepared by the machine, and settle half of what only a person can."""
        for (application,) in rows(_GATHERED, [DECIDED_OF]):
            with contextlib.suppress(Refusal):
                prepare_decision(**self._said(PREPARES), application=application)
                decide_application(**self._said(APPROVES), application=application)
        while waiting := [one for one in changes_waiting() if one.prepared_by == "system:life_events"]:
            for one in waiting:
                approve_change(**self._said(APPROVES), person_id=one.person_id, change_id=one.change_id)
        for file, case in rows(
            "SELECT file_id, case_no FROM lifeevents_case WHERE settled_at IS NULL AND file_id % 2 = 0"
        ):
            operations.settle_case(**self._said(PREPARES), file_id=file, case_no=case, how="đã giải quyết")

    def chase(self) -> None:
        """Ask after what is overdue."""
        with self._desk() as desk:
            desk.chase()

    def compare(self) -> None:
        """Hold the day's books against the offices'; an office that is away is asked another day."""
        with self._desk() as desk:
            desk.compare(self.date)

    def last(self) -> None:
        """Let everything that can still happen happen, with every office there, and compare every day."""
        self.offices()
        with self._desk() as desk:
            while desk.round().away:
                time.sleep(WAIT_SECONDS)
            for nth in range(self.number + 1):
                desk.compare(day_of(nth))

    @contextlib.contextmanager
    def _desk(self) -> Iterator[Any]:
        with life_events_desk(settings(), self.clock, REASON, actor()) as desk:
            yield desk

    def _said(self, officer: str = "") -> dict[str, Any]:
        return {"actor": _officer(officer) if officer else actor(), "reason": REASON, "clock": self.clock}

    # What is said

    def _death_hospital(self, number: int) -> None:
        paper = {
            "certificate": f"{number:06d}.GBT.{FACILITY}.25",
            "facility": FACILITY,
            "pin": DEAD.pin(number),
            "full_name": DEAD.name(number),
            "birth_date": DEAD.birth_date(number).isoformat(),
            "died_at": DIED_AT,
        }
        operations.hear_hospital(**self._said(), kind=Kind.DEATH, paper=f"GBT-{number}/0", content=paper)

    def _death_relative(self, number: int) -> None:
        form = {
            "applicant_pin": RELATIVE.pin(number),
            "pin": DEAD.pin(number),
            "died_at": DIED_AT,
            "picks": ["funeral"],
        }
        if number % 4 == 0:
            form["picks"] = ["funeral", "funeral_support"]
        operations.file_death(**self._said(PREPARES), content=form)

    def _death_register(self, number: int) -> None:
        self._register.death(DEAD.pin(number), DIED_ON, self.date)

    def _death_counter(self, number: int) -> None:
        content = {"pin": DEAD.pin(number), "died_at": DIED_AT}
        subject = f"person:{number + 1}"
        _post(f"{settings().civil_status_url}/counter", {"kind": "death", "subject": subject, "content": content})

    def _death_withdraw(self, number: int) -> None:
        self._withdraw("death", f"person:{number + 1}")

    def _death_taken_back(self, number: int) -> None:
        operations.hear_withdrawal(**self._said(), papers=f"GBT-{number}")

    def _birth_hospital(self, number: int) -> None:
        paper = {
            "certificate": certificate(number),
            "facility": FACILITY,
            "mother_pin": MOTHER.pin(number),
            "mother_name": MOTHER.name(number),
            "born_at": born_at(number),
            "sex": "FM"[number % 2],
            "weight_g": 3_000,
        }
        operations.hear_hospital(**self._said(), kind=Kind.BIRTH, paper=f"GCS-{number}/0", content=paper)

    def _birth_parent(self, number: int) -> None:
        form = {
            "certificate": certificate(number),
            "applicant_pin": MOTHER.pin(number),
            "full_name": child_name(number),
            "first_contact_facility": FACILITY,
            "home": f"{PROVINCE}/{commune_of(number)}",
        }
        operations.file_birth(**self._said(PREPARES), content=form)

    def _birth_withdraw(self, number: int) -> None:
        self._withdraw("birth", certificate(number))

    def _birth_taken_back(self, number: int) -> None:
        operations.hear_withdrawal(**self._said(), papers=f"GCS-{number}")

    def _withdraw(self, kind: str, subject: str) -> None:
        for (file,) in rows("SELECT file_id FROM lifeevents_file WHERE kind = %s AND subject = %s", [kind, subject]):
            with contextlib.suppress(Refusal):
                operations.withdraw_file(**self._said(PREPARES), file_id=file)


@cache
def _officer(number_: str) -> Actor:
    return actor_of_officer(number_)


_GATHERED = """
SELECT application_id FROM benefits_application
WHERE kind = 'funeral' AND state = 'gathering' AND insured_person_id %% %s = 0 ORDER BY 1
"""


@cache
def _http() -> httpx.Client:
    return httpx.Client(trust_env=False, timeout=WAIT_SECONDS_MAX)


def _post(address: str, said: dict[str, Any]) -> None:
    """Say something to a program that may just be starting again."""
    until = time.monotonic() + WAIT_SECONDS_MAX
    while True:
        try:
            _http().post(address, json=said).raise_for_status()
            return
        except httpx.TransportError:
            if time.monotonic() > until:
                raise
            time.sleep(WAIT_SECONDS)


def main(told: str) -> None:
    """Live the days that were not lived; when the database goes away the process ends in error, and is to be started again."""
    Days(Told(**json.loads(told))).live()


def main_backlog(part: str, folder: str, first_day: str = "0") -> None:
    """Settle, or drain what is filed, beginning on a day of the story, and print what it cost.

    A drain is two evenings of exchange with every office, and the night between them in which newborns are verified.
    """
    if part == "settle":
        settle(Path(folder), frozen=False)
        return
    statements = Counted()
    files = number("SELECT count(*) FROM lifeevents_file WHERE closed_on IS NULL")
    register = InRegister(Path(folder) / "register")
    began, cpu, waiting = time.perf_counter(), time.process_time(), 0.0
    with connection.execute_wrapper(statements):
        for evening in range(DRAINED_IN_DAYS):
            day = _Day(int(first_day) + evening, register)
            for _ in range(3):
                day.exchange()
                before = time.perf_counter()
                day.offices()
                waiting += time.perf_counter() - before
            day.exchange()
            if evening == 0:
                day.follow_register()
                verify_all(REASON, day.clock)
    seconds, spent = time.perf_counter() - began, time.process_time() - cpu
    told = {
        "n": files,
        "seconds": round(seconds, 1),
        "offices_seconds": round(waiting, 1),
        "per_thousand_seconds": round(seconds / files * 1_000, 1),
        "cpu_ms": round(spent / files * 1_000, 2),
        "database_ms": round(statements.seconds / files * 1_000, 2),
        "statements": round(statements.count / files, 1),
        "peak_mib": highest_mib(),
        "open": number("SELECT count(*) FROM lifeevents_file WHERE closed_on IS NULL"),
    }
    sys.stdout.write(json.dumps(told) + "\n")

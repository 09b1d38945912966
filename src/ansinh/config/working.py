"""What a worker carries out: payment runs, the files of their answers, and what recurs. Nothing that recurs starts money."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial

from ansinh.access.keys import signing_keys
from ansinh.access.queries import actor_of_officer, operator
from ansinh.benefits.operations import watch_deadlines
from ansinh.config.health import keep_books
from ansinh.config.online import carry_services_on, deliver_notices
from ansinh.config.payments import accounts_to_ask, name_provider, payment_desk
from ansinh.config.queries import agency_clock
from ansinh.config.relief import owed_of
from ansinh.database.sql import rows
from ansinh.database.urls import secrets_folder
from ansinh.durable.verbs import StepFailed, declare, every, step
from ansinh.eid.procedures import PUSH_KEYS, deliver_changes
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import RealClock, legal_day
from ansinh.foundation.settings import settings
from ansinh.holders.procedures import ask_banks
from ansinh.holders.queries import unanswered
from ansinh.participation.operations import retry_parked
from ansinh.payments import carrying
from ansinh.payments.carrying import Pauses, Wiring
from ansinh.payments.procedures import Desk, Tally, chase
from ansinh.reporting.operations import CLOSED_AFTER, close_days

REASON = "xử lý tự động"
COLLECT_SECONDS = 60
PUSH_SECONDS = 30
HOURLY, DAILY = 3_600, 86_400
# What the schedule may do that operators may not: nothing about money.
_SCHEDULE = Actor(ActorKind.SYSTEM, "schedule", frozenset({"participation.declare", "reporting.count"}))
_CHASED = "SELECT DISTINCT run_id FROM payments_batch WHERE state IN ('sending', 'unknown') ORDER BY 1"


def declare_work(pauses: Pauses | None = None) -> None:
    """Declare every workflow and rhythm, before a worker is launched."""
    wiring = Wiring(_desk, owed_of, _Names(), pauses or Pauses())
    for name, queue, function in (
        (carrying.RUN, "runs", carrying.carry_run),
        (carrying.BATCH, "partners", carrying.carry_batch),
        (carrying.TAKE, "partners", carrying.take),
        (carrying.FILE, "files", carrying.match),
        (carrying.COLLECT, "rhythms", carrying.collect),
    ):
        declare(name, queue, partial(function, wiring))
    every(COLLECT_SECONDS, carrying.COLLECT)
    for name, seconds, work in RECURRING:
        declare(name, "rhythms", partial(_once, name, work))
        every(seconds, name)


class _Names:
    """Banks asked whose the accounts are that a run pays into for the first time."""

    def left(self, run_id: int) -> int:
        """Return how many accounts have no fresh answer."""
        return len(unanswered(accounts_to_ask(run_id), agency_clock().now()))

    def ask(self, desk: Desk, run_id: int) -> int:
        """Ask about them, and return how many answers there are more."""
        before = self.left(run_id)
        with name_provider(settings()) as provider_of:
            ask_banks(operator(), REASON, desk.clock, accounts_to_ask(run_id), provider_of)
        return before - self.left(run_id)


@contextmanager
def _desk(officer: str | None) -> Iterator[Desk]:
    actor = actor_of_officer(officer) if officer else operator()
    with payment_desk(settings(), agency_clock(), REASON, actor) as desk:
        yield desk


def _once(name: str, work: Callable[[], dict[str, int]]) -> None:
    """What recurs is not tried again before its next time; what went wrong is in the log of its steps."""
    try:
        step(name.rpartition(".")[2], work)
    except StepFailed:
        return


def _watch_deadlines() -> dict[str, int]:
    return watch_deadlines(actor=operator(), reason=REASON, clock=agency_clock())


def _retry_parked() -> dict[str, int]:
    return retry_parked(actor=_SCHEDULE, reason=REASON, clock=agency_clock())


def _chase() -> dict[str, int]:
    """Ask after what hangs of runs that nobody handed to a worker."""
    tally = Tally()
    with _desk(None) as desk:
        for (run_id,) in rows(_CHASED):
            chase(desk, run_id, tally)
    return dict(tally.states)


def _carry_services_on() -> dict[str, int]:
    return carry_services_on(actor=operator(), reason=REASON, clock=agency_clock())


def _deliver_notices() -> dict[str, int]:
    return asdict(deliver_notices(settings(), actor=operator(), reason=REASON, clock=agency_clock()))


def _close_days() -> dict[str, int]:
    """Count the figures, so that leaders read those of the evening before."""
    clock = agency_clock()
    until = legal_day(clock.now() - CLOSED_AFTER)
    return {"days": close_days(actor=_SCHEDULE, reason=REASON, clock=clock, until=until)}


def _push_changes() -> dict[str, int]:
    key = signing_keys(secrets_folder(settings()), PUSH_KEYS).signing
    return deliver_changes(actor=operator(), reason=REASON, clock=RealClock(), key=key)


RECURRING: tuple[tuple[str, int, Callable[[], dict[str, int]]], ...] = (
    ("benefits.watch", HOURLY, _watch_deadlines),
    ("participation.retry", DAILY, _retry_parked),
    ("payments.chase", DAILY, _chase),
    ("reporting.close", DAILY, _close_days),
    ("healthbook.keep", DAILY, lambda: keep_books(settings())),
    ("eid.push", PUSH_SECONDS, _push_changes),
    ("services.carry", HOURLY, _carry_services_on),
    ("notices.deliver", HOURLY, _deliver_notices),
)

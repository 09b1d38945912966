"""A worker that pays a month as a process of its own, and is killed at the commit it is told, as by a power cut: no clean-up, no rollback by us.

`work` is what such a process runs. Every statement that changes the database ends in a commit counted here, whether a transaction's or its own.
"""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ansinh.config.django")

import django

django.setup()

import httpx  # noqa: E402 - models load once Django is set up
from django.db import connection  # noqa: E402

from ansinh.access.keys import published_keys, signing_keys  # noqa: E402
from ansinh.database.sql import number, row  # noqa: E402
from ansinh.foundation.actor import Actor  # noqa: E402
from ansinh.payments import operations  # noqa: E402
from ansinh.payments.adapters.bank_over_http import BANK_KEYS, OUR_KEYS, BankKeys, BankOverHttp  # noqa: E402
from ansinh.payments.adapters.drop_folder import DropFolder  # noqa: E402
from ansinh.payments.adapters.iso20022 import AnswerReader, CreditTransferWriter, Payer  # noqa: E402
from ansinh.payments.handover.bank import Abilities  # noqa: E402
from ansinh.payments.operations import RunOrder  # noqa: E402
from ansinh.payments.procedures import Desk, Partner, build_all, collect_all, list_forms, send_ready  # noqa: E402
from ansinh_sandbox import post  # noqa: E402
from tests.payments.world import BIDV, JULY_1, MAKER, POST, REASON, TREASURER, VCB, at, run_state, sign  # noqa: E402
from tests.support.database import OwnDatabase, point_django_at, point_settings_at  # noqa: E402

CONTRACT = Abilities(can_ask=True, refuses_duplicates=False, lateness_max=timedelta(0))
TRIES_MAX = 40
ROUNDS_MAX = 3
_HAS = "SELECT 1 FROM payments_message WHERE partner = %s AND direction = 'in' AND sha256 = %s"
_UNSIGNED = "SELECT count(*) FROM payments_batch WHERE run_id = %s AND state IN ('new', 'sealed')"


@dataclass(frozen=True)
class Task:
    """A run to pay: in which database, through banks at which address, with files where; until which day the banks live; the hours since the month began."""

    database: OwnDatabase
    banks: str
    folder: Path
    act: str
    owed: str
    day: date
    hours: int = 0


@dataclass(frozen=True)
class Death:
    """At which commit a worker is killed, and whether just before or just after it."""

    commit: int
    after: bool


def work(task: Task, death: Death | None) -> None:
    """Pay the run to its end, wherever it stands, or die on the way; leaves beside its files how many commits it made."""
    point_settings_at(task.database)
    point_django_at(task.database.urls)
    passed = _count_commits(death)
    with httpx.Client(trust_env=False, timeout=60) as line:
        pay(task, line)
    (task.folder / "commits").write_text(str(passed()), "utf-8")


def pay(task: Task, line: httpx.Client) -> int:
    """Go on with the run from wherever it stands until it is closed, and return its number."""
    clock = at(JULY_1 + timedelta(hours=task.hours))
    order = RunOrder(pay_on=date(2025, 7, 2), months=(202507,), act=task.act)
    run_id = operations.create_run(actor=MAKER, reason=REASON, clock=clock, order=order)
    if run_state(run_id) == "closed":
        return run_id
    build_all(desk_of_task(task, line, MAKER), run_id, task.owed)
    for _ in range(ROUNDS_MAX):
        if number(_UNSIGNED, [run_id]):
            sign(run_id, task.folder)
        carry_out(task, line, run_id)
        if not operations.reroute_orders(actor=MAKER, reason=REASON, clock=clock, run_id=run_id):
            break
    operations.close_run(actor=MAKER, reason=REASON, clock=clock, run_id=run_id)
    return run_id


def carry_out(task: Task, line: httpx.Client, run_id: int) -> None:
    """Hand over until nothing waits or hangs, let banks and post live, and take their answers in."""
    desk = desk_of_task(task, line, TREASURER)
    for _ in range(TRIES_MAX):
        if not send_ready(desk, run_id).states:
            break
    else:
        raise AssertionError("a bank does not take its messages")
    line.post(f"{task.banks}/day", json={"day": task.day.isoformat()}).raise_for_status()
    post.live(task.folder / "partners", date(2025, 7, 7))
    collect_all(desk)


def desk_of_task(task: Task, line: httpx.Client, actor: Actor) -> Desk:
    """Return somebody at work on a task, with its banks and the post."""
    secrets = task.folder / "secrets"
    keys = BankKeys(signing_keys(secrets, OUR_KEYS).signing, lambda: published_keys(secrets, BANK_KEYS))
    partners = {POST: Partner(DropFolder(POST, task.folder / "partners", ".csv"), *list_forms())}
    for code in (VCB, BIDV):
        bank = BankOverHttp(code, task.banks, CONTRACT, keys, line, _taken_from(code))
        payer = Payer("Bảo hiểm xã hội Việt Nam", f"{code}0000001", code)
        partners[code] = Partner(bank, CreditTransferWriter(payer), AnswerReader())
    return Desk(actor, REASON, at(JULY_1 + timedelta(hours=task.hours)), secrets, partners)


def _taken_from(partner: str) -> Callable[[bytes], bool]:
    return lambda digest: row(_HAS, [partner, digest]) is not None


def _count_commits(death: Death | None) -> Callable[[], int]:
    """Count this process's commits, killing it at the one named. Returns how to read the count."""
    numbers = itertools.count(1)
    last = 0
    plain = connection._commit  # type: ignore[attr-defined]  # every transaction of Django's ends here

    def passing(change: Callable[[], Any]) -> Any:
        nonlocal last
        last = next(numbers)
        if death == Death(last, after=False):
            os.kill(os.getpid(), signal.SIGKILL)
        answer = change()
        if death == Death(last, after=True):
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    def alone(execute: Callable[..., Any], sql: Any, parameters: Any, many: bool, context: Any) -> Any:
        if not connection.get_autocommit() or str(sql).lstrip().startswith("SELECT"):
            return execute(sql, parameters, many, context)
        return passing(lambda: execute(sql, parameters, many, context))

    connection._commit = lambda: passing(plain)  # type: ignore[attr-defined]  # Django keeps it private: every commit passes here
    connection.execute_wrappers.append(alone)
    return lambda: last

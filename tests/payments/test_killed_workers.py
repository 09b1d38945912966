"""Killed at any commit, a run of payments goes on to its end under another worker, and each payee is credited exactly once: by the banks' own books.

Real PostgreSQL, real banks over HTTP of which one loses messages and answers, the post, and workers that are processes of their own. `make test` kills at a
sample of the commits, before and after; `make campaign` at every one. And what unkind banks do: refuse, keep silent, tell twice, pay twice.
"""

from __future__ import annotations

import csv
import multiprocessing
import random
import signal
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest

from ansinh.database.sql import number, row, rows
from ansinh.payments.checks import checks
from ansinh.payments.operations.answers import settle_case
from ansinh.payments.operations.runs import NotZero
from ansinh.payments.queries import differences_of, open_cases, paid_into_accounts
from tests.payments.month_worker import Death, Task, pay, work
from tests.payments.world import (
    BIDV,
    JULY_1,
    MAKER,
    POST,
    REASON,
    VCB,
    Owed,
    add_payee,
    at,
    owed_select,
    run_state,
)
from tests.sandbox_banks.test_over_the_wire import served
from tests.support.campaign import CAMPAIGN, WriteDown
from tests.support.database import OwnDatabase

SEED = 20250701
SAMPLE = 6
COMMITS_MAX = 400
OUTLIVED = 4
# Neither bank refuses a message it has: what is sent twice is paid twice. One loses messages, and answers to them.
FAULTS = f"{VCB}:refuses_duplicates=0;{BIDV}:refuses_duplicates=0,lose_request=0.3,lose_answer=0.3"
# Of each run: an honest bank's, the unsure bank's, one whose account is closed and who is paid in cash after all, one paid in cash from the start.
PAYEES = ((VCB, "0099"), (BIDV, "0099"), (BIDV, "0004"), (VCB, None))
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.payments.month_worker"])


@dataclass
class Town:
    """A database, banks, and runs to be paid one after another."""

    database: OwnDatabase
    folder: Path
    line: httpx.Client
    runs: int = 0

    def task(self, payees: tuple[tuple[str, str | None], ...] = PAYEES) -> Task:
        """Return a new run's task, with payees of its own."""
        self.runs += 1
        owed = []
        for place, (bank, ending) in enumerate(payees, start=1):
            person = self.runs * 10 + place
            add_payee(person, f"9999{person:06}{ending}" if ending else None, bank=bank)
            owed.append(Owed(person, 1_000_000 + person))
        day = date(2024, 12, 1) + timedelta(days=2 * self.runs)
        return Task(self.database, str(self.line.base_url), self.folder, f"QĐ {self.runs}", owed_select(owed), day)

    def killed_at(self, death: Death | None) -> bool:
        """Pay a run with a worker that dies, then with one that goes on; tells whether the first did die, and checks the books of both sides."""
        task = self.task()
        died = self._worked(task, death)
        if died:
            assert not self._worked(replace(task, hours=1), None)
        self.compare(task)
        return died

    def _worked(self, task: Task, death: Death | None) -> bool:
        process = _FORKS.Process(target=work, args=(task, death))
        process.start()
        process.join()
        assert process.exitcode in {0, -signal.SIGKILL}, death
        return process.exitcode != 0

    def commits(self) -> int:
        """Return how many commits a run takes that nobody disturbs."""
        assert not self.killed_at(None)
        return int((self.folder / "commits").read_text("utf-8"))

    def compare(self, task: Task) -> None:
        """Hold the run's books against those of banks and post: each payee once, to the đồng."""
        found = row("SELECT run_id FROM payments_run WHERE act = %s", [task.act])
        assert found is not None
        (run_id,) = found
        assert run_state(run_id) == "closed"
        assert [one for one in differences_of(run_id) if not one.zero] == []
        assert number("SELECT coalesce(sum(amount), 0) FROM payments_posting WHERE run_id = %s", [run_id]) == 0
        people = rows("SELECT person_id, amount FROM payments_attempt WHERE run_id = %s AND attempt_no = 1", [run_id])
        assert len(people) == len(PAYEES)
        theirs, by_post = credits(self.folder), handed_out(self.folder)
        ours = {one.end_to_end_id: one.amount for one in paid_into_accounts(run_id)}
        in_cash = dict(
            rows(
                "SELECT payments_end_to_end_id(pay_month, order_id, attempt_no), amount FROM payments_attempt_now"
                " WHERE run_id = %s AND channel <> 'account' AND state = 30",
                [run_id],
            )
        )
        named = {name for (name,) in rows(_NAMES, [run_id])}
        assert Counter(ours.items()) == Counter(one for one in theirs if one[0] in named)
        assert Counter(in_cash.items()) == Counter(one for one in by_post if one[0] in named)
        settled = rows(
            "SELECT DISTINCT person_id, amount FROM payments_attempt_now WHERE run_id = %s AND state IN (30, 40)",
            [run_id],
        )
        assert sorted(settled) == sorted(people)


_NAMES = "SELECT payments_end_to_end_id(pay_month, order_id, attempt_no) FROM payments_attempt WHERE run_id = %s"


def credits(folder: Path) -> list[tuple[str, int]]:
    """Return every credit in the banks' own books."""
    found = []
    for code in (VCB, BIDV):
        with sqlite3.connect(folder / f"{code}.sqlite") as books:
            found += books.execute("SELECT end_to_end_id, amount FROM credit").fetchall()
    return found


def handed_out(folder: Path) -> list[tuple[str, int]]:
    """Return every line of the post's own book."""
    with (folder / "partners" / POST / "paid.csv").open(encoding="utf-8", newline="") as book:
        return [(name, int(amount)) for name, amount in csv.reader(book)]


@pytest.fixture
def town(fresh_database: OwnDatabase, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Town]:
    """A database and banks with money of ours, one of them losing what is said unless the test says what is wrong with them."""
    with served(tmp_path, getattr(request, "param", FAULTS)) as line:
        for code in (VCB, BIDV):
            told = {"amount": 10_000_000_000, "reference": "T"}
            line.post(f"/banks/{code}/deposits", json=told).raise_for_status()
        yield Town(fresh_database, tmp_path, line)


def all_checks_hold() -> bool:
    """Tell whether nothing that must be true of payments is false."""
    return all(one.ok for one in checks())


def test_a_worker_killed_at_some_commits_is_made_good(town: Town) -> None:
    commits, chance = town.commits(), random.Random(SEED)
    # One of each part of the month.
    chosen = [chance.randint(1 + part * commits // SAMPLE, (part + 1) * commits // SAMPLE) for part in range(SAMPLE)]
    died = [town.killed_at(Death(commit, after=bool(place % 2))) for place, commit in enumerate(chosen)]
    assert sum(died) >= SAMPLE - 1, (commits, chosen, died)
    assert all_checks_hold()
    assert open_cases() == []


@pytest.mark.campaign
@pytest.mark.skipif(not CAMPAIGN, reason="runs under make campaign")
def test_a_worker_killed_at_every_commit_is_made_good(town: Town, write_down: WriteDown) -> None:
    killed = Counter[bool]()
    for after in (False, True):
        outlived = 0
        for commit in range(1, COMMITS_MAX):
            died = town.killed_at(Death(commit, after))
            killed[after] += died
            # Lost answers make one run longer than another: the end is where several in a row came to theirs.
            outlived = 0 if died else outlived + 1
            if outlived == OUTLIVED:
                break
    assert killed[False] > SAMPLE
    assert killed[True] > SAMPLE
    assert all_checks_hold()
    assert open_cases() == []
    write_down(runs=town.runs, killed_before_commit=killed[False], killed_after_commit=killed[True], faults=FAULTS)


def test_a_bank_that_pays_twice_is_noticed_and_one_that_loses_answers_pays_once(town: Town) -> None:
    task = town.task(((VCB, "0040"), (VCB, "0099"), (BIDV, "0099")))
    with httpx.Client(trust_env=False, timeout=60) as line, pytest.raises(NotZero):
        pay(task, line)
    run_id = number("SELECT run_id FROM payments_run WHERE act = %s", [task.act])
    ours = {one.end_to_end_id: one.amount for one in paid_into_accounts(run_id)}
    theirs = Counter(credits(town.folder))
    assert sorted(theirs.values()) == [1, 1, 2]
    assert dict(theirs.keys()) == ours
    (case,) = open_cases(run_id)
    (twice,) = [one for one, times in theirs.items() if times == 2]
    assert (case.kind, case.amount) == ("paid_against_rule", twice[1])
    assert [one.name for one in checks() if not one.ok] == ["payments.banks_paid_once"]
    assert run_state(run_id) != "closed"


@pytest.mark.parametrize("town", [f"{VCB}:answer_twice;{BIDV}:silent_days=4,answer_twice"], indirect=True)
def test_banks_that_are_silent_for_days_and_tell_everything_twice_pay_once(town: Town) -> None:
    task = town.task(((VCB, "0080"), (VCB, "0099"), (BIDV, "0099"), (BIDV, "0004")))
    with httpx.Client(trust_env=False, timeout=60) as line:
        with pytest.raises(NotZero):
            pay(task, line)
        pay(replace(task, day=task.day + timedelta(days=7)), line)
    town.compare(task)
    assert all_checks_hold()


@pytest.mark.parametrize("town", [f"{BIDV}:refuse_file,lose_answer=0.5"], indirect=True)
def test_whole_files_refused_are_paid_in_cash_once_a_person_has_looked(town: Town) -> None:
    task = town.task()
    with httpx.Client(trust_env=False, timeout=60) as line:
        with pytest.raises(NotZero):
            pay(task, line)
        (case,) = open_cases()
        assert case.kind == "batch_refused"
        settle_case(
            actor=MAKER,
            reason=REASON,
            clock=at(JULY_1),
            person_id=case.person_id,
            case_id=case.case_id,
            outcome="gửi lại bằng tiền mặt",
        )
        pay(task, line)
    town.compare(task)
    assert len(credits(town.folder)) == 1
    assert all_checks_hold()

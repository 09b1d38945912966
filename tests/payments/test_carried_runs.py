"""A run carried by durable workers that are killed: after each death another goes on, each payee is credited once, and nothing waits for a person."""

from __future__ import annotations

import multiprocessing
import signal
from collections import Counter
from dataclasses import dataclass, field

import pytest

from ansinh.database.sql import number
from ansinh.durable.checks import checks as checks_of_work
from ansinh.payments.queries import open_cases
from tests.payments.carrying_worker import ANSWERING, BUILDING, HANDING_OVER, Told, carry, later
from tests.payments.month_worker import Death, Task
from tests.payments.test_killed_workers import FAULTS, Town, all_checks_hold
from tests.payments.test_killed_workers import town as town_of_banks
from tests.support.campaign import CAMPAIGN, WriteDown

COMMITS_MAX, OUTLIVED = 600, 4
# One death in the build, one in the hand-over, one among the answers: early in each, for a fast machine commits seldom.
SAMPLE = (
    (BUILDING, Death(6, after=False)),
    (HANDING_OVER, Death(4, after=True)),
    (ANSWERING, Death(2, after=False)),
)
PROGRESS_SECONDS_MAX = 60
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.payments.carrying_worker", "tests.payments.month_worker"])


@dataclass
class Workers:
    """Workers in a town, one after another."""

    town: Town
    seconds_to_progress: list[float] = field(default_factory=list)

    def killed_at(self, death: Death, part: str = BUILDING) -> bool:
        """Let a worker carry a run and die; then itself again, or another that takes over. Tells whether it died, and compares both sides' books."""
        task = self.town.task()
        died = self._carried(task, Told("one", death=death, part=part))
        if died:
            other = Told("two", lost_seconds=0.5) if self.town.runs % 2 else Told("one")
            assert not self._carried(later(task), other)
            self.seconds_to_progress.append(float((self.town.folder / "progress").read_text("utf-8")))
        self.town.compare(task)
        return died

    def _carried(self, task: Task, told: Told) -> bool:
        process = _FORKS.Process(target=carry, args=(task, told))
        process.start()
        process.join()
        assert process.exitcode in {0, -signal.SIGKILL}, told
        return process.exitcode != 0


town = town_of_banks


@pytest.fixture
def workers(town: Town) -> Workers:
    """Workers in a town of real banks."""
    return Workers(town)


def nothing_is_left() -> bool:
    """Tell whether all checks hold, of payments and of durable work, and no case waits."""
    return all_checks_hold() and all(one.ok for one in checks_of_work()) and open_cases() == []


def test_a_worker_killed_at_some_commits_of_steps_and_engine_is_made_good(workers: Workers) -> None:
    died = [workers.killed_at(death, part) for part, death in SAMPLE]
    assert all(died), died
    assert nothing_is_left()
    assert number("SELECT count(*) FROM durable.workflow_status WHERE recovery_attempts > 1") > 0


@pytest.mark.campaign
@pytest.mark.skipif(not CAMPAIGN, reason="runs under make campaign")
def test_a_worker_killed_at_every_commit_of_steps_and_engine_is_made_good(
    workers: Workers, write_down: WriteDown
) -> None:
    killed = Counter[bool]()
    for after in (False, True):
        outlived = 0
        for commit in range(1, COMMITS_MAX):
            died = workers.killed_at(Death(commit, after))
            killed[after] += died
            # Lost answers make one run longer than another: the end is where several in a row came to theirs.
            outlived = 0 if died else outlived + 1
            if outlived == OUTLIVED:
                break
    assert nothing_is_left()
    slowest = max(workers.seconds_to_progress)
    assert slowest <= PROGRESS_SECONDS_MAX
    write_down(
        runs=workers.town.runs,
        killed_before_commit=killed[False],
        killed_after_commit=killed[True],
        slowest_seconds_to_progress=round(slowest, 1),
        faults=FAULTS,
    )

"""A run carried by a worker from its build to its close, as durable work: one chunk, one file or one batch a step.

What comes next is read from the tables of payments each time, so that a command, a worker and another worker may go on with the same run at once. People are
waited for: what only an officer may do (check, re-route, close) is done in the name of who handed the run over, with the permissions that officer has today.

    run:<run>     build, names, check … send, reroute, close        batch:<batch>   hand over, ask
    take:<partner>:<number>   take files in                         file:<digest>   match
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from django.db import transaction

from ansinh.database.sql import execute, number, row, rows
from ansinh.durable.queries import never_enqueued, unfinished
from ansinh.durable.verbs import Facts, StepFailed, enqueue, step, wait, wake
from ansinh.payments import operations, procedures
from ansinh.payments.procedures import Desk
from ansinh.payments.runs.closing import UNPAID, UNSETTLED
from ansinh.payments.runs.run import Run, read_run
from ansinh.payments.states import BatchState, RunState

RUN, BATCH, COLLECT, TAKE, FILE = (
    "payments.run",
    "payments.batch",
    "payments.collect",
    "payments.take",
    "payments.file",
)
# A batch nobody hands over for so long has lost its worker, or its command.
LOST_AFTER = timedelta(seconds=60)
# What came back goes out again once all results are there, or after so long.
REROUTE_AFTER = timedelta(days=1)
NAMES_ASKED_MAX = 3
_SENT_BACK = """
SELECT count(*) FROM payments_sentback WHERE run_id = %s AND taken_up_at IS NULL
    AND seal_no = (SELECT max(seal_no) FROM payments_seal s WHERE s.run_id = payments_sentback.run_id)
"""
_UNDER_WAY = (RunState.SENDING, RunState.SENT, RunState.SETTLING)


class NameCheck(Protocol):
    """Asks the banks for the names of accounts that are new; a step of the run before its check, where the wiring has one."""

    def left(self, run_id: int) -> int:
        """Return how many questions are not answered yet."""
        ...

    def ask(self, desk: Desk, run_id: int) -> int:
        """Ask the next ones, and return how many were answered."""
        ...


@dataclass(frozen=True)
class Pauses:
    """Seconds a worker waits: for people and results (`look`), after a failure, and before each question after an unanswered hand-over."""

    look: float = 3_600
    failed: float = 120
    ask: tuple[float, ...] = (90, 900, 1_800, 7_200)


@dataclass(frozen=True)
class Wiring:
    """What carrying needs of its surroundings: a desk for the worker (None) or for an officer, what is owed, and the name check if there is one."""

    desk: Callable[[str | None], AbstractContextManager[Desk]]
    owed: Callable[[Run], str]
    names: NameCheck | None = None
    pauses: Pauses = Pauses()


def run_key(run_id: int) -> str:
    """Return the key under which a run is carried."""
    return f"run:{run_id}"


def carry_run(wiring: Wiring, run_id: int) -> None:
    """Carry a run until it is closed or aborted."""
    asked = 0
    while True:
        try:
            next_one = step("look", partial(_look, wiring, run_id, asked))
            deed = str(next_one["deed"])
            if deed == "end":
                return
            if deed == "names":
                # Busy is not wrong: banks that do not answer are asked again, a few times, and the check goes on without them.
                if asked:
                    wait(wiring.pauses.failed)
                asked += 1
            if deed != "wait":
                step(deed, partial(_do, wiring, deed, run_id))
                continue
            wait(wiring.pauses.look)
        except StepFailed as failed:
            _keep_failure(run_id, failed)
            wait(wiring.pauses.failed)


def carry_batch(wiring: Wiring, batch_id: int) -> None:
    """Hand a batch over, and ask after it, until its partner has it or it is no more."""
    asked = 0
    while True:
        try:
            deed = str(step("look", lambda: _next_of_batch(wiring, batch_id))["deed"])
            if deed == "end":
                step("tell", lambda: _wake_run_of(batch_id))
                return
            if deed == "hand_over":
                asked = 0
                step("hand_over", lambda: _hand_over(wiring, batch_id))
                continue
            wait(wiring.pauses.ask[min(asked, len(wiring.pauses.ask) - 1)])
            if deed == "ask":
                asked += 1
                step("ask", lambda: _ask(wiring, batch_id))
        except StepFailed:
            wait(wiring.pauses.failed)


def collect(wiring: Wiring) -> None:
    """Let the files of every partner be taken in, each by itself: a slow one holds nobody up."""
    step("partners", lambda: _enqueue_takes(wiring))


def take(wiring: Wiring, partner: str) -> None:
    """Take in what a partner laid ready, and let each file that is not matched be matched."""
    try:
        step("take", lambda: _take(wiring, partner))
    except StepFailed:
        return  # the next collection asks again
    step("files", _enqueue_files)


def match(wiring: Wiring, message_no: int) -> None:
    """Match a file chunk by chunk, then let the runs that wait for results look again."""
    while True:
        try:
            if not step("match", lambda: _match(wiring, message_no))["left"]:
                break
        except StepFailed:
            wait(wiring.pauses.failed)
    step("tell", _wake_runs)


def _look(wiring: Wiring, run_id: int, asked: int) -> Facts:
    return {"deed": next_deed(wiring, read_run(run_id), asked)}


def next_deed(wiring: Wiring, run: Run, asked: int = 0) -> str:
    """Return what a worker does next for a run: `wait` where only people may go on, `end` when nothing is left."""
    if run.state in {RunState.CLOSED, RunState.ABORTED}:
        return "end"
    if run.state is RunState.BUILDING:
        return "build"
    if run.state is RunState.BUILT and number(_SENT_BACK, [run.run_id]):
        return "wait"  # until its maker has looked
    if run.state is RunState.BUILT:
        names = wiring.names is not None and asked < NAMES_ASKED_MAX and wiring.names.left(run.run_id)
        return "names" if names else "check"
    if run.state is RunState.FUNDED or run.state in _UNDER_WAY:
        return _under_way(wiring, run)
    return "wait"  # a person must act: nobody's schedule starts or signs money


def _under_way(wiring: Wiring, run: Run) -> str:
    going = [
        _batch_key(batch_id)
        for (batch_id,) in rows(
            "SELECT batch_id FROM payments_batch WHERE run_id = %s AND state IN ('ready', 'sending', 'unknown')",
            [run.run_id],
        )
    ]
    if never_enqueued(going):
        return "send"
    with_ = {"month": run.pay_month, "run": run.run_id}
    states = dict(rows("SELECT state, count(*) FROM payments_batch WHERE run_id = %s GROUP BY 1", [run.run_id]))
    if run.state is RunState.FUNDED or going or states.get(BatchState.SEALED):
        return "wait"
    if states.get(BatchState.NEW):
        return "check"
    awaited = number(UNSETTLED, with_)
    if number(UNPAID, with_) and (not awaited or _sent_long_ago(wiring, run)):
        return "reroute"
    cases = number("SELECT count(*) FROM payments_case WHERE run_id = %s AND settled_at IS NULL", [run.run_id])
    return "wait" if awaited or cases or run.state is RunState.SENDING else "close"


def _sent_long_ago(wiring: Wiring, run: Run) -> bool:
    last = row("SELECT max(tried_at) FROM payments_batch WHERE run_id = %s", [run.run_id])
    with wiring.desk(None) as desk:
        return last is not None and last[0] is not None and desk.clock.now() - last[0] >= REROUTE_AFTER


def _do(wiring: Wiring, deed: str, run_id: int) -> Facts:
    if deed == "send":
        return _enqueue_batches(run_id)
    run = read_run(run_id)
    with wiring.desk(_carrier(run)) as desk:
        by: dict[str, Any] = {"actor": desk.actor, "reason": desk.reason, "clock": desk.clock, "run_id": run_id}
        if deed == "build":
            built = operations.build_run(**by, owed=wiring.owed(run))
            return {"left": built.left, "orders": built.orders, "amount": built.amount}
        if deed == "names":
            assert wiring.names is not None
            return {"answered": wiring.names.ask(desk, run_id)}
        if deed == "check":
            done = operations.check_run(**by)
            return {"seal_no": done.seal_no, "found": sum(done.findings.values())}
        if deed == "reroute":
            return {"attempts": operations.reroute_orders(**by)}
        return {"figures": operations.close_run(**by)}


def _carrier(run: Run) -> str:
    """Return the officer who handed the run over: who made it."""
    return (run.made_by or run.created_by).partition(":")[2]


def _enqueue_batches(run_id: int) -> Facts:
    found = rows(
        "SELECT batch_id, partner FROM payments_batch WHERE run_id = %s AND state IN ('ready', 'sending', 'unknown')",
        [run_id],
    )
    with transaction.atomic():
        for batch_id, partner in found:
            enqueue(BATCH, _batch_key(batch_id), "partners", partner, batch_id=batch_id)
    return {"batches": len(found)}


def _batch_key(batch_id: int) -> str:
    return f"batch:{batch_id}"


def _next_of_batch(wiring: Wiring, batch_id: int) -> Facts:
    state, partner, tried_at = _batch(batch_id)
    with wiring.desk(None) as desk:
        known = desk.partners.get(partner)
        if state == BatchState.READY:
            return {"deed": "hand_over" if known and procedures.is_open(known, desk.clock.now()) else "wait"}
        lost = state == BatchState.SENDING and tried_at is not None and desk.clock.now() - tried_at >= LOST_AFTER
        if state == BatchState.UNKNOWN or lost:
            return {"deed": "ask" if known else "wait"}
    return {"deed": "wait" if state == BatchState.SENDING else "end"}


def _hand_over(wiring: Wiring, batch_id: int) -> Facts:
    """Hand it over; where it is found on its way, this step was cut off before: what became of it is unknown, and asked."""
    state, partner, _ = _batch(batch_id)
    with wiring.desk(None) as desk:
        if state == BatchState.READY:
            return {"state": procedures.hand_over(desk, batch_id, desk.partners[partner]).value}
        if state == BatchState.SENDING:
            return {"state": procedures.give_up_try(desk, batch_id).value}
    return {"state": state}


def _ask(wiring: Wiring, batch_id: int) -> Facts:
    state, partner, _ = _batch(batch_id)
    with wiring.desk(None) as desk:
        if state == BatchState.SENDING:
            state = procedures.give_up_try(desk, batch_id).value
        if state == BatchState.UNKNOWN:
            state = procedures.ask_after(desk, batch_id, desk.partners[partner]).value
    return {"state": state}


def _batch(batch_id: int) -> tuple[str, str, datetime | None]:
    found = row("SELECT state, partner, tried_at FROM payments_batch WHERE batch_id = %s", [batch_id])
    assert found is not None, f"there is no batch {batch_id}"
    return str(found[0]), str(found[1]), found[2]


def _enqueue_takes(wiring: Wiring) -> Facts:
    count = 0
    with wiring.desk(None) as desk, transaction.atomic():
        # Any number that is never used again; the agency's clock may stand still.
        stamp = number("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")
        for partner in desk.partners:
            if not unfinished(f"take:{partner}:"):
                enqueue(TAKE, f"take:{partner}:{stamp}", "partners", partner, partner=partner)
                count += 1
    return {"partners": count}


def _take(wiring: Wiring, partner: str) -> Facts:
    with wiring.desk(None) as desk:
        tally = procedures.collect_from(desk, partner)
    return {"files": tally.files, "known": tally.known_files, "silent": len(tally.silent)}


def _enqueue_files() -> Facts:
    """Let every file be matched of which chunks are left, whoever took it in."""
    waiting = rows(
        "SELECT DISTINCT m.message_no, encode(m.sha256, 'hex') FROM payments_chunk c JOIN payments_message m ON m.message_no = c.subject_id"
        " WHERE c.subject = 'message' AND c.done_at IS NULL"
    )
    with transaction.atomic():
        for message_no, digest in waiting:
            enqueue(FILE, f"file:{digest}:{message_no}", "files", message_no=message_no)
    return {"files": len(waiting)}


def _match(wiring: Wiring, message_no: int) -> Facts:
    with wiring.desk(None) as desk:
        done = operations.match_file(actor=desk.actor, reason=desk.reason, clock=desk.clock, message_no=message_no)
    return {"matched": done.matched, "left": done.left}


def _wake_runs() -> Facts:
    found = rows("SELECT run_id FROM payments_run WHERE state IN ('sending', 'sent', 'settling')")
    for (run_id,) in found:
        wake(run_key(run_id))
    return {"runs": len(found)}


def _wake_run_of(batch_id: int) -> Facts:
    wake(run_key(number("SELECT run_id FROM payments_batch WHERE batch_id = %s", [batch_id])))
    return {}


def _keep_failure(run_id: int, failed: StepFailed) -> None:
    """A mistake is kept beside the run, not in its state."""

    def keep() -> Facts:
        execute(
            "UPDATE payments_run SET work = %s, work_error = %s WHERE run_id = %s", [failed.step, failed.kind, run_id]
        )
        return {}

    with suppress(StepFailed):  # the database itself may be away
        step("tell", keep)

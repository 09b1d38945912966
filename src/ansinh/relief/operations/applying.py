"""What an emergency does to a run: several months in one order, payments that go another way, and the way back when it is withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute, rows
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, legal_day
from ansinh.foundation.errors import InvalidInput
from ansinh.payments import operations as payments
from ansinh.payments.operations import Diversion, RunOrder
from ansinh.payments.queries import Run, run_of
from ansinh.payments.states import RunState
from ansinh.relief.emergency import Emergency, NotInForce, read_emergency, require_in_force
from ansinh.relief.states import EmergencyState
from ansinh.relief.ways import keep_moves, way_back, way_there

_BEFORE_HAND_OVER = frozenset(
    {
        RunState.DRAFT,
        RunState.BUILDING,
        RunState.BUILT,
        RunState.CHECKED,
        RunState.APPROVED,
        RunState.AUTHORISED,
        RunState.FUNDED,
    }
)
_OVER = frozenset({RunState.CLOSED, RunState.ABORTED})


@dataclass(frozen=True)
class Diverted:
    """What one act did: the run, persons now paid by account, at home, in cash; and runs given up as a whole."""

    run_id: int
    to_account: int
    to_home: int
    to_cash: int
    aborted: bool = False


@operation(permission="relief.open_run")
def open_run(*, actor: Actor, reason: str, clock: Clock, emergency_id: int, pay_on: date) -> int:
    """Open the run that pays the emergency's months together, in draft, and return its number; again is the same run. Building claims each month once, so
    that the normal run of a later month finds nothing left to pay here.

    Refuses `not_found`, `not_in_force`, and (`invalid_input`) an emergency without months to combine.
    """
    emergency = read_emergency(emergency_id, held=True)
    require_in_force(emergency, legal_day(clock.now()))
    if not emergency.months:
        raise InvalidInput(
            f"Tình huống khẩn cấp {emergency_id} không gộp tháng nào.",
            f"Emergency {emergency_id} combines no months.",
            field="months",
        )
    provinces = tuple(
        str(one)
        for (one,) in rows(
            "SELECT DISTINCT province FROM relief_area WHERE emergency_id = %s ORDER BY 1", [emergency_id]
        )
    )
    act = f"{emergency.act} (khẩn cấp số {emergency_id})"
    run_id = payments.create_run(
        actor=actor,
        reason=reason,
        clock=clock,
        order=RunOrder(pay_on, emergency.months, act, provinces=provinces),
    )
    _join(emergency_id, run_id, actor, clock, opened=True)
    note(emergency=emergency_id, run=run_id)
    return run_id


@operation(permission="relief.recall")
def recall_list(*, actor: Actor, reason: str, clock: Clock, emergency_id: int, batch_id: int, run_id: int) -> None:
    """Commit that a list is asked back from the post, before the post is called; asking again is another question about the same recall.

    Refuses `not_found`, `not_in_force`, and `not_in_state` a list the post does not have.
    """
    emergency = read_emergency(emergency_id)
    require_in_force(emergency, legal_day(clock.now()))
    payments.tell_recall(actor=actor, reason=reason, clock=clock, batch_id=batch_id, outcome="asked")
    execute(
        "INSERT INTO relief_recall (emergency_id, batch_id, run_id, asked_by, asked_at) VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [emergency_id, batch_id, run_id, actor.named(), clock.now()],
    )
    note(emergency=emergency_id, batch=batch_id)


@operation(permission="relief.divert")
def divert_run(*, actor: Actor, reason: str, clock: Clock, emergency_id: int, run_id: int) -> Diverted:
    """Send what a run has not handed over the emergency's way, all of it in this one transaction; doing it again moves only what became movable since.

    Cash attempts are cancelled and attempts to confirmed accounts, or home, stand in their place; they must be sealed and signed like any round. What is with
    the post stays there until its recall is confirmed, what may be with a bank stays where it is. Refuses `not_found`, `not_in_force`, `not_in_state`.
    """
    emergency = read_emergency(emergency_id, held=True)
    require_in_force(emergency, legal_day(clock.now()))
    run = run_of(run_id)
    _join(emergency_id, run_id, actor, clock, opened=False)
    moved = _send(actor, reason, clock, emergency, run, back=False)
    note(emergency=emergency_id, run=run_id, account=moved.to_account, home=moved.to_home, cash=moved.to_cash)
    return moved


@operation(permission="relief.withdraw")
def withdraw_emergency(*, actor: Actor, reason: str, clock: Clock, emergency_id: int) -> list[Diverted]:
    """Withdraw an emergency, also half-way, and say what came of it run by run; withdrawing again changes nothing.

    What was handed over stays as it went. What was not goes back to the post's counters, and a run the emergency opened of which nothing was handed over is
    given up, so that each month is due again in its own run. Refuses `not_found`, and `not_in_force` one that has ended.
    """
    emergency = read_emergency(emergency_id, held=True)
    if emergency.state is EmergencyState.WITHDRAWN:
        return []
    if emergency.state is EmergencyState.ENDED:
        raise NotInForce(
            f"Tình huống khẩn cấp {emergency_id} đã kết thúc.",
            f"Emergency {emergency_id} has ended.",
            emergency=emergency_id,
        )
    done = []
    joined = rows("SELECT run_id, opened FROM relief_run WHERE emergency_id = %s ORDER BY run_id", [emergency_id])
    for run_id, opened in joined:
        run = run_of(int(run_id))
        if opened and run.state in _BEFORE_HAND_OVER:
            payments.abort_run(actor=actor, reason=reason, clock=clock, run_id=run.run_id)
            done.append(Diverted(run.run_id, 0, 0, 0, aborted=True))
        elif run.state not in _OVER:
            done.append(_send(actor, reason, clock, emergency, run, back=True))
    execute(
        "UPDATE relief_emergency SET state = 'withdrawn', ended_by = %s, ended_at = %s WHERE emergency_id = %s",
        [actor.named(), clock.now(), emergency_id],
    )
    execute("UPDATE relief_area SET in_force = false WHERE emergency_id = %s", [emergency_id])
    note(emergency=emergency_id, runs=len(done))
    return done


def _send(actor: Actor, reason: str, clock: Clock, emergency: Emergency, run: Run, *, back: bool) -> Diverted:
    orders = way_back(emergency, run) if back else way_there(emergency, run)
    attempts = payments.reroute_orders(
        actor=actor, reason=reason, clock=clock, run_id=run.run_id, diversion=Diversion(orders)
    )
    if not attempts:
        return Diverted(run.run_id, 0, 0, 0)
    return Diverted(run.run_id, *keep_moves(emergency, run, back=back, by=actor.named(), now=clock.now()))


def _join(emergency_id: int, run_id: int, actor: Actor, clock: Clock, *, opened: bool) -> None:
    execute(
        "INSERT INTO relief_run (emergency_id, run_id, opened, joined_by, joined_at) VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [emergency_id, run_id, opened, actor.named(), clock.now()],
    )

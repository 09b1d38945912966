"""What is done about orders: those that came back go out another way, one is withheld, resumed or released."""

from __future__ import annotations

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute, number, row
from ansinh.durable.verbs import wake
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.payments.orders.diverting import Diversion, divert, hold_batches
from ansinh.payments.orders.rerouting import reroute
from ansinh.payments.runs.aborting import release_one
from ansinh.payments.runs.run import NotInState, Run, locked_run, move, require_state
from ansinh.payments.states import ORDER_TRANSITIONS, OrderState, RunState

_UNDER_WAY = (RunState.SENDING, RunState.SENT, RunState.SETTLING)
_NOT_HANDED_OVER = (RunState.BUILT, RunState.CHECKED, RunState.APPROVED, RunState.AUTHORISED, RunState.FUNDED)
_VERBS = {"withhold": OrderState.WITHHELD, "resume": OrderState.OPEN, "release": OrderState.RELEASED}


@operation(permission="payments.reroute_orders")
def reroute_orders(*, actor: Actor, reason: str, clock: Clock, run_id: int, diversion: Diversion | None = None) -> int:
    """Give every open order without a live attempt a new one, in a round of batches of its own that must be sealed and signed; returns how many.

    A newer confirmed account is used where there is one, else cash. An order whose attempt is live, unknown included, gets none.
    With a `diversion`, the orders it names go its way instead, those included that are ready but not handed over: their batches are taken back and lined up
    anew in this one transaction, also before the run is under way. Refuses `not_in_state`.
    """
    if diversion is not None:
        hold_batches(run_id)
    run = locked_run(run_id)
    if diversion is None:
        require_state(run, *_UNDER_WAY)
        round_no, attempts = reroute(run, clock.now())
    else:
        require_state(run, *_NOT_HANDED_OVER, *_UNDER_WAY)
        round_no, attempts = divert(run, diversion, clock.now())
        _require_something_to_send(run)
    note(run=run_id, round=round_no, attempts=attempts)
    return attempts


@operation(permission="payments.hold_order")
def hold_order(*, actor: Actor, reason: str, clock: Clock, run_id: int, person_id: int, verb: str) -> str:
    """Withhold, resume or release the order of a payee in a run and return its state; the reason is kept in the audit.

    Withholding and releasing cancel an attempt that is in no seal yet. Release makes the obligations due again. Refuses `not_found`, `invalid_input`, and
    `not_in_state` when the attempt is sealed or on its way, or the order is not in a state for it.
    """
    after = _VERBS.get(verb)
    if after is None or actor.kind is not ActorKind.OFFICER:
        raise InvalidInput(
            "Cán bộ chọn withhold, resume hoặc release.", "An officer says withhold, resume or release.", field="verb"
        )
    run, now = locked_run(run_id), clock.now()
    found = row(
        "SELECT order_id, state FROM payments_order WHERE pay_month = %s AND person_id = %s AND run_id = %s FOR UPDATE",
        [run.pay_month, person_id, run_id],
    )
    if found is None:
        raise NotFound("Người này không có lệnh chi trong đợt.", "This person has no order in the run.", run=run_id)
    order_id, state = int(found[0]), OrderState(found[1])
    note(run=run_id, order=order_id, before=state.value, after=after.value)
    wake(f"run:{run_id}")
    if state is after:
        return state.value
    if after not in ORDER_TRANSITIONS[state]:
        raise _not_in_state(order_id, state.value)
    if after is not OrderState.OPEN:
        _require_unsealed(run, person_id, order_id)
        if run.state == RunState.CHECKED:
            move(run, RunState.BUILT, now)
    if after is OrderState.RELEASED:
        release_one(run, person_id, order_id, now)
        return after.value
    where = [run.pay_month, person_id, order_id]
    execute(
        "UPDATE payments_order SET state = %s WHERE pay_month = %s AND person_id = %s AND order_id = %s",
        [after.value, *where],
    )
    if after is OrderState.WITHHELD:
        execute(
            "UPDATE payments_attempt SET ended = 61 WHERE pay_month = %s AND person_id = %s AND order_id = %s AND ended IS NULL",
            where,
        )
    return after.value


def _require_something_to_send(run: Run) -> None:
    """A run that is funded is sealed no more before it is under way, so it must not be left with nothing to begin with."""
    if run.state == RunState.FUNDED and not number(
        "SELECT count(*) FROM payments_batch WHERE run_id = %s AND state = 'ready'", [run.run_id]
    ):
        raise NotInState(
            f"Đợt chi {run.run_id} đã bố trí tiền và không còn tệp lệnh nào khác để gửi; hãy hủy đợt chi rồi lập lại.",
            f"Run {run.run_id} is funded and has nothing else to send; abort it and build it again.",
            run=run.run_id,
        )


def _require_unsealed(run: Run, person_id: int, order_id: int) -> None:
    sealed = number(
        "SELECT count(*) FROM payments_attempt a JOIN payments_batch b USING (batch_id) WHERE a.pay_month = %s AND a.person_id = %s AND a.order_id = %s"
        " AND a.ended IS NULL AND b.state NOT IN ('new', 'sealed')",
        [run.pay_month, person_id, order_id],
    )
    signed = number(
        "SELECT count(*) FROM payments_approval WHERE run_id = %s AND seal_no = (SELECT max(seal_no) FROM payments_seal WHERE run_id = %s)",
        [run.run_id] * 2,
    )
    if sealed or (signed and run.state not in {RunState.BUILT, *_UNDER_WAY, RunState.CLOSED}):
        raise _not_in_state(order_id, "sealed")


def _not_in_state(order_id: int, state: str) -> NotInState:
    return NotInState(
        f"Lệnh chi {order_id} đang ở trạng thái “{state}”; muốn giữ lại một lệnh đã niêm phong thì kiểm tra lại đợt chi trước.",
        f"Order {order_id} is “{state}”; to withhold one that is sealed, check the run again first.",
        order=order_id,
        state=state,
    )

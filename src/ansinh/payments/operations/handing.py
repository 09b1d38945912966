"""The two commits around a hand-over: the intention before the call, and what came of it after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from ansinh.access.keys import signing_keys
from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute, number, row
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.payments.answers.reasons import tells_of_a_first
from ansinh.payments.handover.bank import Abilities, Writer
from ansinh.payments.handover.cash import hand_cash
from ansinh.payments.handover.messages import keep_message, kept_body
from ansinh.payments.handover.recalling import cancel_recalled
from ansinh.payments.handover.refusing import open_batch_case, refuse_batch
from ansinh.payments.runs.run import NotInState, locked_run, move
from ansinh.payments.runs.sealing import KEY_NAME, require_whole
from ansinh.payments.states import BATCH_TRANSITIONS, BatchState, RunState

# So many times must a bank say that it has no such message before the same bytes go out again.
NOT_KNOWN_MIN = 3
# A try whose worker never came back is looked at after this time.
LOST_AFTER = timedelta(minutes=5)


@dataclass(frozen=True)
class Try:
    """A hand-over about to be made: the very bytes, under the id they always have."""

    batch_id: int
    partner: str
    message_id: str
    body: bytes
    try_no: int


@operation(permission="payments.hand_over")
def begin_try(*, actor: Actor, reason: str, clock: Clock, batch_id: int, writer: Writer, secrets: Path) -> Try:
    """Commit the intention to hand a ready batch over, and return the bytes: `sending` stands before anything leaves the house.

    The lines must be those sealed, the seal signed by two officers, the money set aside, and the message read again. Refuses `not_in_state`, `seal_broken`,
    `message_wrong`; then nothing leaves.
    """
    now = clock.now()
    run_id, state, tries, partner, message_id = _locked_batch(batch_id)
    run = locked_run(run_id)
    _require(batch_id, state, BatchState.SENDING)
    funded = number(
        "SELECT count(*) FROM payments_batch b JOIN payments_funding f ON (f.run_id, f.seal_no, f.partner) = (b.run_id, b.seal_no, b.partner)"
        " WHERE b.batch_id = %s",
        [batch_id],
    )
    if not funded:
        raise NotInState(f"Chưa bố trí tiền tại {partner}.", f"No money is set aside at {partner}.", batch=batch_id)
    written = keep_message(run, batch_id, writer, now)
    require_whole(run, batch_id, signing_keys(secrets, KEY_NAME), written)
    execute(
        "UPDATE payments_batch SET state = 'sending', state_at = %s, tries = tries + 1, tried_at = %s, not_known = 0 WHERE batch_id = %s",
        [now, now, batch_id],
    )
    _tell(batch_id, "try", tries + 1, None, now)
    if run.state == RunState.FUNDED:
        move(run, RunState.SENDING, now)
    note(run=run_id, batch=batch_id, try_no=tries + 1)
    return Try(batch_id, partner, message_id, kept_body(batch_id), tries + 1)


@operation(permission="payments.hand_over")
def end_try(
    *,
    actor: Actor,
    reason: str,
    clock: Clock,
    batch_id: int,
    outcome: str,
    detail: str = "",
    abilities: Abilities | None = None,
) -> BatchState:
    """Commit what came of a try, or of asking after one, and return the batch's state.

    `outcome`: taken | refused | no_answer (of a try), known | not_known | busy (of a question). The same bytes become ready again only after the bank's
    `lateness_max` and `NOT_KNOWN_MIN` answers that it does not know them, or at once where it cannot be asked and refuses duplicates by contract; counter and
    state change in this one commit. An outcome that comes late changes nothing, except that a partner has the message.
    """
    now = clock.now()
    run_id, state, tries, _, _ = _locked_batch(batch_id)
    # Proof that the partner has it counts even after its absence was taken for proven: else the same bytes would go a second time.
    late_proof = state is BatchState.READY and tries > 0 and outcome in {"taken", "known"}
    if state not in {BatchState.SENDING, BatchState.UNKNOWN} and not late_proof:
        return state
    _tell(batch_id, outcome, tries, detail or None, now)
    after: BatchState = state
    if outcome in {"taken", "known"}:
        after = BatchState.SENT
        run = locked_run(run_id)
        hand_cash(run.pay_month, batch_id, now)
    elif outcome == "refused" and tells_of_a_first(detail):
        # Not a failure, and no proof of success either: paid another way now, it might be paid twice.
        after = BatchState.UNKNOWN
        open_batch_case(batch_id, "ask_first_result", detail, now)
    elif outcome == "refused":
        after = BatchState.REFUSED
        refuse_batch(batch_id, detail, now)
    elif outcome == "no_answer":
        after = BatchState.UNKNOWN
    elif outcome == "not_known":
        after = _after_not_known(batch_id, abilities, now)
    if after is not state:
        execute("UPDATE payments_batch SET state = %s, state_at = %s WHERE batch_id = %s", [after.value, now, batch_id])
    if after in {BatchState.SENT, BatchState.REFUSED}:
        _end_sending(run_id, now)
    note(run=run_id, batch=batch_id, outcome=outcome, state=after.value)
    return after


@operation(permission="payments.hand_over")
def tell_recall(*, actor: Actor, reason: str, clock: Clock, batch_id: int, outcome: str) -> int:
    """Commit that a batch was recalled, or what its partner said to it; returns how many attempts ended by it.

    `outcome`: asked (committed before the partner is called) | confirmed | too_late | unknown. Only a confirmed recall ends what is not paid by then, and
    brings its cash back; else everything stays on its way. A recall told late or twice changes nothing. Refuses `not_in_state` a batch nobody has.
    """
    now = clock.now()
    # Answers are matched one at a time; a payment told in this very moment is either before the recall or after it.
    execute("SELECT pg_advisory_xact_lock(hashtext('payments.match'))")
    run_id, state, tries, _, _ = _locked_batch(batch_id)
    if state is BatchState.ANSWERED or state is BatchState.REFUSED:
        return 0
    if state not in {BatchState.SENT, BatchState.ACKNOWLEDGED}:
        raise NotInState(
            f"Tệp lệnh {batch_id} đang ở trạng thái “{state}”; chỉ thu hồi được tệp đối tác đã nhận.",
            f"Batch {batch_id} is “{state}”; only one its partner has can be recalled.",
            batch=batch_id,
            state=state.value,
        )
    _tell(batch_id, f"recall_{outcome}", tries, None, now)
    cancelled = cancel_recalled(batch_id, now) if outcome == "confirmed" else 0
    note(run=run_id, batch=batch_id, outcome=outcome, cancelled=cancelled)
    return cancelled


def _after_not_known(batch_id: int, abilities: Abilities | None, now: datetime) -> BatchState:
    """Count the answer; only enough of them, late enough, prove absence."""
    execute("UPDATE payments_batch SET not_known = not_known + 1 WHERE batch_id = %s", [batch_id])
    found = row("SELECT not_known, tried_at FROM payments_batch WHERE batch_id = %s", [batch_id])
    assert found is not None
    assert abilities is not None, "whoever asked says what the bank's contract is"
    asked_enough = found[0] >= NOT_KNOWN_MIN if abilities.can_ask else abilities.refuses_duplicates
    if not asked_enough or now - found[1] < (abilities.lateness_max if abilities.can_ask else timedelta(0)):
        return BatchState.UNKNOWN
    execute("UPDATE payments_batch SET not_known = 0 WHERE batch_id = %s", [batch_id])
    return BatchState.READY


def _end_sending(run_id: int, now: datetime) -> None:
    """Once no batch of the first round waits to go or hangs, the run is sent."""
    run = locked_run(run_id)
    if run.state != RunState.SENDING:
        return
    open_ones = number(
        "SELECT count(*) FROM payments_batch WHERE run_id = %s AND round = 0 AND state IN ('new', 'sealed', 'ready', 'sending', 'unknown')",
        [run_id],
    )
    if not open_ones:
        move(run, RunState.SENT, now)


def _locked_batch(batch_id: int) -> tuple[int, BatchState, int, str, str]:
    found = row(
        "SELECT run_id, state, tries, partner, message_id FROM payments_batch WHERE batch_id = %s FOR UPDATE",
        [batch_id],
    )
    if found is None:
        raise NotInState(f"Không có tệp lệnh {batch_id}.", f"There is no batch {batch_id}.", batch=batch_id)
    return int(found[0]), BatchState(found[1]), int(found[2]), str(found[3]), str(found[4])


def _require(batch_id: int, state: BatchState, after: BatchState) -> None:
    if after not in BATCH_TRANSITIONS[state]:
        raise NotInState(
            f"Tệp lệnh {batch_id} đang ở trạng thái “{state}”, không thể chuyển sang “{after}”.",
            f"Batch {batch_id} is “{state}” and cannot become “{after}”.",
            batch=batch_id,
            state=state.value,
        )


def _tell(batch_id: int, event: str, try_no: int, detail: str | None, now: datetime) -> None:
    execute(
        "INSERT INTO payments_batchevent (batch_id, event, try_no, detail, happened_at) VALUES (%s, %s, %s, %s, %s)",
        [batch_id, event, try_no, detail, now],
    )

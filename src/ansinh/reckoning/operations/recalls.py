"""A message that was handed over and should not be carried out: asked back, and what the partner said entered like any other answer."""

from __future__ import annotations

import json
from datetime import datetime

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute, row, rows
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import InvalidInput, NotFound, Refusal
from ansinh.payments.answers.told import Answer
from ansinh.payments.operations import Recalled, Received, take_file
from ansinh.payments.states import AttemptEvent, BatchState

_ON_ITS_WAY = (BatchState.SENDING, BatchState.UNKNOWN, BatchState.SENT, BatchState.ACKNOWLEDGED)
# Every line that has no end yet; a message has at most 50,000.
_LINES = """
SELECT payments_end_to_end_id(pay_month, order_id, attempt_no) FROM payments_attempt
WHERE pay_month = %s AND batch_id = %s AND ended IS NULL ORDER BY line
"""


class CannotRecall(Refusal):
    """The message was not handed over, or every line of it has its result."""

    code = "not_in_state"


@operation(permission="reckoning.recall")
def begin_recall(*, actor: Actor, reason: str, clock: Clock, batch_id: int) -> tuple[str, str] | None:
    """Keep that a message is asked back, before its partner is asked; returns partner and message id, or None once the partner has confirmed.

    Refuses `not_found`, `invalid_input` a machine, and `not_in_state` a message that was never handed over or is answered.
    """
    if actor.kind is not ActorKind.OFFICER:
        raise InvalidInput("Cán bộ quyết định việc thu hồi lệnh.", "An officer decides a recall.", field="actor")
    found = row("SELECT partner, message_id, state FROM payments_batch WHERE batch_id = %s FOR UPDATE", [batch_id])
    if found is None:
        raise NotFound(f"Không có tệp lệnh {batch_id}.", f"There is no batch {batch_id}.", batch=batch_id)
    note(batch=batch_id)
    if row("SELECT 1 FROM reckoning_recall WHERE batch_id = %s AND outcome = 'confirmed'", [batch_id]):
        return None
    if BatchState(found[2]) not in _ON_ITS_WAY:
        raise CannotRecall(
            f"Tệp lệnh {batch_id} đang ở trạng thái “{found[2]}”; chỉ thu hồi được lệnh đã bàn giao và chưa có kết quả.",
            f"Batch {batch_id} is “{found[2]}”; only what was handed over and has no result yet can be recalled.",
            batch=batch_id,
            state=str(found[2]),
        )
    execute(
        "INSERT INTO reckoning_recall (batch_id, asked_by, asked_at, reason) VALUES (%s, %s, %s, %s) ON CONFLICT (batch_id) DO NOTHING",
        [batch_id, actor.named(), clock.now(), reason],
    )
    return str(found[0]), str(found[1])


@operation(permission="reckoning.recall")
def end_recall(*, actor: Actor, reason: str, clock: Clock, batch_id: int, recalled: Recalled) -> int | None:
    """Keep what the partner said to a recall; a confirmed one is taken in as the answer to every line. Returns that answer's number, to be matched.

    The payments are cancelled by the rules for answers: what was paid meanwhile stays paid and becomes a case. Refuses `not_found`.
    """
    found = row(
        "SELECT b.partner, b.message_id, b.pay_month, c.outcome, c.message_no FROM reckoning_recall c JOIN payments_batch b USING (batch_id)"
        " WHERE batch_id = %s FOR UPDATE OF c",
        [batch_id],
    )
    if found is None:
        raise NotFound(f"Chưa ai thu hồi tệp lệnh {batch_id}.", f"Nobody recalled batch {batch_id}.", batch=batch_id)
    partner, message_id, pay_month, outcome, message_no = found
    note(batch=batch_id, recalled=recalled.value)
    if outcome == Recalled.CONFIRMED.value:
        return int(message_no)
    now, taken = clock.now(), None
    if recalled is Recalled.CONFIRMED:
        body = json.dumps({"recalled": message_id, "by": partner}).encode()
        file = Received(f"recall-{message_id}", body)
        answers = _cancelled(int(pay_month), batch_id, str(message_id), now)
        taken = take_file(
            actor=actor, reason=reason, clock=clock, partner=str(partner), file=file, answers=answers
        ).message_no
    execute(
        "UPDATE reckoning_recall SET outcome = %s, told_at = %s, message_no = %s WHERE batch_id = %s",
        [recalled.value, now, taken, batch_id],
    )
    return taken


def _cancelled(pay_month: int, batch_id: int, message_id: str, now: datetime) -> list[Answer]:
    """Read before they are copied into staging: one connection does not ask while it copies."""
    found = rows(_LINES, [pay_month, batch_id])
    return [Answer(str(name), AttemptEvent.CANCELLED, f"recall {message_id}", now, "recalled") for (name,) in found]

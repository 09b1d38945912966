"""Two signatures over a seal, by two people who made nothing of it; and the money set aside for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ansinh.access.keys import signing_keys
from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute, row, rows
from ansinh.durable.verbs import wake
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import Refusal
from ansinh.payments.runs.run import NotInState, Run, locked_run, move, require_state
from ansinh.payments.runs.sealing import APPROVE, AUTHORISE, KEY_NAME, signed
from ansinh.payments.states import RunState

REASON_LENGTH_MAX = 500


class SamePerson(Refusal):
    """Whoever made, sealed or approved it may not sign it (again)."""

    code = "same_person"


class FundsMissing(Refusal):
    """A bank does not hold what is to be paid through it."""

    code = "funds_missing"


@operation(permission="payments.approve_run")
def approve_run(*, actor: Actor, reason: str, clock: Clock, run_id: int, secrets: Path, agreed: bool = True) -> int:
    """Sign the run's newest seal as first checker and return the seal's number; signing again changes nothing. Not `agreed`: send it back to its maker.

    What is sent back has no signatures any more and must be checked, sealed and signed anew; the reason is what its maker reads.
    Refuses `not_in_state`, and `same_person` whoever created, built or sealed the run.
    """
    run = locked_run(run_id)
    if not agreed:
        return _send_back(actor, reason, clock, run, (RunState.CHECKED, RunState.APPROVED))
    seal_no, made_by, sealed_by, round_no = _newest_seal(run)
    if round_no == 0:
        require_state(run, RunState.CHECKED, RunState.APPROVED)
    if _signer(run_id, seal_no, APPROVE) == actor.named():
        return seal_no
    _require_other(actor, run, {made_by, sealed_by, run.created_by})
    _sign(actor, clock, secrets, (run_id, seal_no, APPROVE, made_by, sealed_by, None))
    if round_no == 0:
        move(run, RunState.APPROVED, clock.now())
    return seal_no


@operation(permission="payments.authorise_run")
def authorise_run(*, actor: Actor, reason: str, clock: Clock, run_id: int, secrets: Path, agreed: bool = True) -> int:
    """Sign the run's newest seal as second checker and return the seal's number; signing again changes nothing. Not `agreed`: send it back to its maker.

    Refuses `not_in_state`, and `same_person` whoever created, built, sealed or approved the run.
    """
    run = locked_run(run_id)
    if not agreed:
        return _send_back(actor, reason, clock, run, (RunState.APPROVED, RunState.AUTHORISED))
    seal_no, made_by, sealed_by, round_no = _newest_seal(run)
    if round_no == 0:
        require_state(run, RunState.APPROVED, RunState.AUTHORISED)
    if _signer(run_id, seal_no, AUTHORISE) == actor.named():
        return seal_no
    first = _signer(run_id, seal_no, APPROVE)
    if first is None:
        raise NotInState(
            f"Đợt chi {run_id} chưa được duyệt lần một: ansinh pay run approve {run_id}",
            f"Run {run_id} is not approved yet: ansinh pay run approve {run_id}",
            run=run_id,
        )
    _require_other(actor, run, {made_by, sealed_by, run.created_by, first})
    _sign(actor, clock, secrets, (run_id, seal_no, AUTHORISE, made_by, sealed_by, first))
    if round_no == 0:
        move(run, RunState.AUTHORISED, clock.now())
    return seal_no


@operation(permission="payments.fund_run")
def fund_run(
    *, actor: Actor, reason: str, clock: Clock, run_id: int, available: Mapping[str, int] | None = None
) -> int:
    """Set aside, bank by bank, what the newest seal sends there, and make its batches ready; returns how many became so.

    `available` is what each bank (BIN) or province's post (`P01`) holds in đồng; without it what is needed is taken as given by treasury.
    Refuses `not_in_state` before both signatures, and `funds_missing` naming the bank; then nothing is set aside anywhere.
    """
    run, now = locked_run(run_id), clock.now()
    seal_no, _, _, round_no = _newest_seal(run)
    if round_no == 0:
        require_state(run, RunState.AUTHORISED, RunState.FUNDED, RunState.SENDING)
    if _signer(run_id, seal_no, AUTHORISE) is None:
        raise NotInState(f"Đợt chi {run_id} chưa đủ hai chữ ký.", f"Run {run_id} lacks a signature.", run=run_id)
    for partner, needed in rows(
        "SELECT partner, sum(amount)::bigint FROM payments_batch WHERE run_id = %s AND seal_no = %s AND state = 'sealed' GROUP BY 1 ORDER BY 1",
        [run_id, seal_no],
    ):
        held = needed if available is None else available.get(partner, 0)
        if held < needed:
            raise FundsMissing(
                f"Tại {partner} cần {needed} đồng, hiện có {held} đồng. Chuyển thêm tiền rồi chạy lại.",
                f"{partner} needs {needed} đồng and holds {held}. Transfer more, then run this again.",
                partner=partner,
                needed=needed,
                available=held,
            )
        execute(
            "INSERT INTO payments_funding (run_id, seal_no, partner, needed, available, earmarked_by, earmarked_at) VALUES (%s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [run_id, seal_no, partner, needed, held, actor.named(), now],
        )
    ready = execute(
        "UPDATE payments_batch SET state = 'ready', state_at = %s WHERE run_id = %s AND seal_no = %s AND state = 'sealed'",
        [now, run_id, seal_no],
    )
    if round_no == 0 and run.state == RunState.AUTHORISED:
        move(run, RunState.FUNDED, now)
    wake(f"run:{run_id}")
    note(run=run_id, seal_no=seal_no, batches=ready)
    return ready


def _send_back(actor: Actor, reason: str, clock: Clock, run: Run, permitted: tuple[RunState, ...]) -> int:
    """Take a sealed run back to before its check; a worker leaves it alone until its maker has looked."""
    require_state(run, *permitted)
    seal_no, made_by, sealed_by, _ = _newest_seal(run)
    _require_other(actor, run, {made_by, sealed_by, run.created_by})
    execute(
        "INSERT INTO payments_sentback (run_id, seal_no, officer, reason, sent_back_at) VALUES (%s, %s, %s, %s, %s)",
        [run.run_id, seal_no, actor.named(), reason.strip()[:REASON_LENGTH_MAX], clock.now()],
    )
    move(run, RunState.BUILT, clock.now())
    note(run=run.run_id, seal_no=seal_no, sent_back=1)
    return seal_no


def _newest_seal(run: Run) -> tuple[int, str, str, int]:
    found = row(
        "SELECT seal_no, made_by, sealed_by, round FROM payments_seal WHERE run_id = %s ORDER BY seal_no DESC LIMIT 1",
        [run.run_id],
    )
    if found is None:
        require_state(run, RunState.CHECKED)
        raise NotInState(f"Đợt chi {run.run_id} chưa niêm phong.", f"Run {run.run_id} is not sealed.", run=run.run_id)
    return int(found[0]), str(found[1]), str(found[2]), int(found[3])


def _signer(run_id: int, seal_no: int, step: int) -> str | None:
    found = row(
        "SELECT officer FROM payments_approval WHERE run_id = %s AND seal_no = %s AND step = %s",
        [run_id, seal_no, step],
    )
    return str(found[0]) if found else None


def _require_other(actor: Actor, run: Run, others: set[str]) -> None:
    if actor.kind is not ActorKind.OFFICER or actor.named() in others:
        raise SamePerson(
            f"Người lập, người duyệt và người cho phép chi đợt {run.run_id} phải là ba cán bộ khác nhau.",
            f"Maker, first and second checker of run {run.run_id} must be three different officers.",
            run=run.run_id,
        )


def _sign(actor: Actor, clock: Clock, secrets: Path, approval: tuple[int, int, int, str, str, str | None]) -> None:
    run_id, seal_no, step, made_by, sealed_by, first = approval
    if _signer(run_id, seal_no, step) is not None:
        raise NotInState(
            f"Đợt chi {run_id} đã có chữ ký bước này.",
            f"Run {run_id} carries a signature for this step already.",
            run=run_id,
        )
    signature = signed(run_id, seal_no, step, actor.named(), signing_keys(secrets, KEY_NAME))
    execute(
        "INSERT INTO payments_approval (run_id, seal_no, step, officer, made_by, sealed_by, first_by, signature, signed_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [run_id, seal_no, step, actor.named(), made_by, sealed_by, first, signature, clock.now()],
    )
    note(run=run_id, seal_no=seal_no, step=step)

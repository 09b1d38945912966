"""A run as the steps see it, and how it passes from state to state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ansinh.database.sql import execute, row
from ansinh.foundation.errors import NotFound, Refusal
from ansinh.payments.states import RUN_TRANSITIONS, RunState

CHANGE_RUN = "UPDATE payments_run SET state = %s, changed_at = %s, made_by = coalesce(made_by, %s) WHERE run_id = %s"


class NotInState(Refusal):
    """A run, batch or order is in a state that does not permit the step."""

    code = "not_in_state"


@dataclass(frozen=True)
class Run:
    """One act of paying; `provinces` and `kinds` None: all of them."""

    run_id: int
    pay_month: int
    pay_on: date
    rhythm: str
    months: tuple[int, ...]
    provinces: tuple[str, ...] | None
    kinds: tuple[str, ...] | None
    act: str
    state: RunState
    created_by: str
    made_by: str | None


def locked_run(run_id: int) -> Run:
    """Return the run, held until the transaction ends; raises NotFound."""
    return _run(run_id, " FOR UPDATE")


def read_run(run_id: int) -> Run:
    """Return the run as it stands; raises NotFound."""
    return _run(run_id, "")


def _run(run_id: int, lock: str) -> Run:
    found = row(
        "SELECT run_id, pay_month, pay_on, rhythm, months, provinces, kinds, act, state, created_by, made_by FROM payments_run"
        f" WHERE run_id = %s{lock}",
        [run_id],
    )
    if found is None:
        raise NotFound(
            f"Không có đợt chi số {run_id}. Xem danh sách: ansinh pay run list",
            f"There is no run {run_id}. List them: ansinh pay run list",
            run=run_id,
        )
    number, pay_month, pay_on, rhythm, months, provinces, kinds, act, state, created_by, made_by = found
    return Run(
        number,
        pay_month,
        pay_on,
        rhythm,
        tuple(months),
        tuple(provinces) if provinces is not None else None,
        tuple(kinds) if kinds is not None else None,
        act,
        RunState(state),
        created_by,
        made_by,
    )


def require_state(run: Run, *permitted: RunState) -> None:
    """Refuse (`not_in_state`) a run that is in none of the states."""
    if run.state not in permitted:
        wanted = ", ".join(permitted)
        raise NotInState(
            f"Đợt chi {run.run_id} đang ở trạng thái “{run.state}”; bước này cần: {wanted}.",
            f"Run {run.run_id} is “{run.state}”; this step needs: {wanted}.",
            run=run.run_id,
            state=run.state.value,
        )


def move(run: Run, after: RunState, at: datetime, maker: str | None = None) -> None:
    """Take the run to another state, where the table permits it; `maker` is kept if nobody is yet."""
    if after not in RUN_TRANSITIONS[run.state]:
        require_state(run, *(state for state, afters in RUN_TRANSITIONS.items() if after in afters))
    execute(CHANGE_RUN, [after.value, at, maker, run.run_id])

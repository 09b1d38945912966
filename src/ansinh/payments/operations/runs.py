"""A run from draft to sealed, its end, and its abortion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute, look_again_at, number, row
from ansinh.durable.verbs import enqueue, wake
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import InvalidInput, Refusal
from ansinh.foundation.period import Month
from ansinh.payments.ledger.chart import FUND_OF_KIND
from ansinh.payments.runs.aborting import release_everything, release_unpaid
from ansinh.payments.runs.batching import next_round
from ansinh.payments.runs.building import Built, build_chunk, ensure_plan
from ansinh.payments.runs.checking import find
from ansinh.payments.runs.closing import STANDING, UNPAID, UNSETTLED, differences
from ansinh.payments.runs.indicating import publish
from ansinh.payments.runs.run import NotInState, Run, locked_run, move, require_state
from ansinh.payments.runs.sealing import seal_round
from ansinh.payments.states import RunState

MONTHS_MAX = 12
_BEFORE_HAND_OVER = (
    RunState.DRAFT,
    RunState.BUILDING,
    RunState.BUILT,
    RunState.CHECKED,
    RunState.APPROVED,
    RunState.AUTHORISED,
    RunState.FUNDED,
)
_BIG = ("payments_obligation", "payments_order", "payments_attempt", "payments_posting")


class OnlyOfficer(Refusal):
    """A person must do this, not a machine or a schedule."""

    code = "only_officer"


class NotZero(Refusal):
    """Two sides of a hand-over differ, or something is still awaited: the run cannot be closed."""

    code = "not_zero"


@dataclass(frozen=True)
class RunOrder:
    """What a run is to pay: months of benefit, provinces and kinds (None: all), the legal act, the day."""

    pay_on: date
    months: tuple[int, ...]
    act: str
    rhythm: str = "monthly"
    provinces: tuple[str, ...] | None = None
    kinds: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Checked:
    """What a check found, and the seal it ended with."""

    findings: dict[str, int]
    round: int
    seal_no: int
    seal: str


@operation(permission="payments.create_run")
def create_run(*, actor: Actor, reason: str, clock: Clock, order: RunOrder) -> int:
    """Open a run in draft and return its number; the same order again is the same run. A schedule may do this, and nothing after it.

    Refuses (`invalid_input`) months that are none or more than a year's, unknown kinds, a rhythm that is not monthly, one_off or unemployment, no act.
    """
    months = tuple(sorted(set(order.months)))
    if not 0 < len(months) <= MONTHS_MAX or not all(_is_month(month) for month in months):
        raise InvalidInput(
            f"Cần từ 1 đến {MONTHS_MAX} tháng hưởng dạng YYYYMM.",
            f"Give 1 to {MONTHS_MAX} benefit months as YYYYMM.",
            field="months",
        )
    unknown = sorted(set(order.kinds or ()) - set(FUND_OF_KIND))
    if unknown or order.kinds == ():
        raise InvalidInput(
            f"Không có loại chế độ {', '.join(unknown)}; có: {', '.join(FUND_OF_KIND)}.",
            f"There are no kinds {', '.join(unknown)}; there are: {', '.join(FUND_OF_KIND)}.",
            field="kinds",
        )
    if order.rhythm not in {"monthly", "one_off", "unemployment"}:
        raise InvalidInput(
            "Nhịp chi phải là monthly, one_off hoặc unemployment.",
            "The rhythm must be monthly, one_off or unemployment.",
            field="rhythm",
        )
    if not order.act.strip():
        raise InvalidInput("Cần nêu văn bản làm căn cứ chi.", "A legal act is needed.", field="act")
    provinces, kinds = (
        sorted(set(order.provinces)) if order.provinces else None,
        sorted(set(order.kinds)) if order.kinds else None,
    )
    key = f"{order.rhythm}:{order.pay_on}:{months}:{provinces}:{kinds}:{order.act.strip()}"
    now, pay_month = clock.now(), order.pay_on.year * 100 + order.pay_on.month
    made = row(
        "INSERT INTO payments_run (request_key, pay_month, pay_on, rhythm, months, provinces, kinds, act, created_by, created_at, changed_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (request_key) DO NOTHING RETURNING run_id",
        [
            key,
            pay_month,
            order.pay_on,
            order.rhythm,
            list(months),
            provinces,
            kinds,
            order.act.strip(),
            actor.named(),
            now,
            now,
        ],
    )
    run_id = int(made[0]) if made else number("SELECT run_id FROM payments_run WHERE request_key = %s", [key])
    note(run=run_id, already_known=int(made is None))
    return run_id


@operation(permission="payments.build_run")
def build_run(*, actor: Actor, reason: str, clock: Clock, run_id: int, owed: str, by_worker: bool = False) -> Built:
    """Build the next chunk of a run from what is owed, and say how far it is; whoever repeats it until nothing is left has built the run.

    `by_worker`: build nothing now, and let a worker carry the run from here to its close, in this officer's name; people sign in between.

    `owed` is a SELECT of the room above: person_id, entitlement_id, component, month, correction, amount, kind, province, commune, urban; percent signs
    doubled. Refuses `only_officer`, `not_in_state`, and (`invalid_input`) a run for which nothing is owed.
    """
    _require_officer(actor)
    run, now = locked_run(run_id), clock.now()
    if by_worker:
        enqueue("payments.run", f"run:{run_id}", "runs", run_id=run_id)
        note(run=run_id, by_worker=1)
    if run.state not in {RunState.DRAFT, RunState.BUILDING} and run.state != RunState.ABORTED:
        return Built(0, 0, 0, 0)
    require_state(run, RunState.DRAFT, RunState.BUILDING)
    if run.state == RunState.DRAFT:
        move(run, RunState.BUILDING, now, actor.named())
    if by_worker:
        return Built(0, 0, 0, 0)
    ensure_plan(run, owed)
    built = build_chunk(run, owed, now)
    if not built.left:
        move(locked_run(run_id), RunState.BUILT, now)
        look_again_at(*_BIG)
    note(run=run_id, orders=built.orders, amount=built.amount, chunks_left=built.left)
    return built


@operation(permission="payments.check_run")
def check_run(*, actor: Actor, reason: str, clock: Clock, run_id: int, by_worker: bool = False) -> Checked:
    """Check the run against the last one, withhold who is dead or paid under another name, and seal what is left; a new seal has no signatures yet.

    `by_worker`: seal nothing now, take the run back to before its check and let a worker do it; the signatures are void from now on.
    Once the run is under way this seals its re-routed attempts that are not ready yet instead. Refuses `only_officer`, `not_in_state`.
    """
    _require_officer(actor)
    run, now = locked_run(run_id), clock.now()
    if by_worker:
        _leave_check_to_worker(run, now)
        return Checked({}, 0, 0, "")
    under_way = run.state in {RunState.SENDING, RunState.SENT, RunState.SETTLING}
    findings: dict[str, int] = {}
    round_no = 0
    if under_way:
        round_no = next_round(run_id) - 1
        if round_no == 0 or not number(
            "SELECT count(*) FROM payments_batch WHERE run_id = %s AND state IN ('new', 'sealed')", [run_id]
        ):
            raise NotInState(
                f"Đợt chi {run_id} không có lệnh chuyển lại nào chờ niêm phong.",
                f"Run {run_id} has no re-routed attempts that wait for a seal.",
                run=run_id,
            )
    else:
        require_state(run, RunState.BUILT, RunState.CHECKED, RunState.APPROVED, RunState.AUTHORISED)
        findings = find(run, now)
        move(run, RunState.CHECKED, now)
    seal_no, seal = seal_round(run, round_no, actor.named(), now)
    note(
        run=run_id,
        seal_no=seal_no,
        seal=seal,
        round=round_no,
        **{f"found_{kind}": count for kind, count in findings.items()},
    )
    return Checked(findings, round_no, seal_no, seal)


@operation(permission="payments.abort_run")
def abort_run(*, actor: Actor, reason: str, clock: Clock, run_id: int) -> int:
    """Give everything back before anything was handed over; the obligations are due again. Returns how many orders were released.

    Refuses `only_officer`, and `not_in_state` once the first hand-over has begun.
    """
    _require_officer(actor)
    run, now = locked_run(run_id), clock.now()
    if run.state == RunState.ABORTED:
        return 0
    require_state(run, *_BEFORE_HAND_OVER)
    move(run, RunState.ABORTED, now)
    released = release_everything(run, now)
    note(run=run_id, orders_released=released)
    return released


@operation(permission="payments.close_run")
def close_run(*, actor: Actor, reason: str, clock: Clock, run_id: int) -> int:
    """Close a run whose sums agree and of which nothing is awaited, and publish its figures with the seal; returns how many figures.

    Orders withheld or not collected are released: what they gathered is due again, for a later run.

    Refuses `only_officer`, `not_in_state`, and `not_zero` naming the hand-over that differs or what is still open.
    """
    _require_officer(actor)
    run, now = locked_run(run_id), clock.now()
    if run.state == RunState.CLOSED:
        return 0
    require_state(run, RunState.SENT, RunState.SETTLING)
    wrong = [one.name for one in differences(run) if not one.zero]
    if wrong:
        raise NotZero(
            f"Đợt chi {run_id} lệch ở: {'; '.join(wrong)}. Xem: ansinh pay run explain-difference {run_id}",
            f"Run {run_id} differs at: {'; '.join(wrong)}. See: ansinh pay run explain-difference {run_id}",
            run=run_id,
        )
    with_ = {"month": run.pay_month, "run": run_id}
    awaited, unpaid = number(UNSETTLED, with_), number(UNPAID, with_)
    cases = number("SELECT count(*) FROM payments_case WHERE run_id = %s AND settled_at IS NULL", [run_id])
    if awaited or unpaid or cases:
        raise NotZero(
            f"Đợt chi {run_id} còn {awaited} lệnh chờ kết quả, {unpaid} lệnh chưa chi lại và {cases} hồ sơ chưa xử lý.",
            f"Run {run_id} still awaits {awaited} results, {unpaid} orders to pay again, and {cases} cases.",
            run=run_id,
        )
    released = release_unpaid(run, now)
    if number(STANDING, with_):
        raise NotZero(
            f"Sổ cái đợt chi {run_id} còn số dư chưa giải thích.",
            f"The ledger of run {run_id} keeps a balance nobody explained.",
            run=run_id,
        )
    if run.state == RunState.SENT:
        move(run, RunState.SETTLING, now)
        run = locked_run(run_id)
    move(run, RunState.CLOSED, now)
    figures = publish(run, now)
    note(run=run_id, figures=figures, orders_released=released)
    return figures


def _leave_check_to_worker(run: Run, now: datetime) -> None:
    require_state(run, RunState.BUILT, RunState.CHECKED, RunState.APPROVED, RunState.AUTHORISED)
    if run.state is not RunState.BUILT:
        move(run, RunState.BUILT, now)
    execute(
        "UPDATE payments_sentback SET taken_up_at = %s WHERE run_id = %s AND taken_up_at IS NULL", [now, run.run_id]
    )
    enqueue("payments.run", f"run:{run.run_id}", "runs", run_id=run.run_id)
    wake(f"run:{run.run_id}")
    note(run=run.run_id, by_worker=1)


def _require_officer(actor: Actor) -> None:
    if actor.kind is not ActorKind.OFFICER:
        raise OnlyOfficer(
            "Bước này phải do cán bộ thực hiện: ansinh --as CÁN_BỘ …",
            "An officer must do this: ansinh --as OFFICER …",
            actor=actor.named(),
        )


def _is_month(number_of_month: int) -> bool:
    try:
        Month.of(number_of_month)
    except ValueError:
        return False
    return True


__all__ = [
    "Built",
    "Checked",
    "NotZero",
    "OnlyOfficer",
    "RunOrder",
    "abort_run",
    "build_run",
    "check_run",
    "close_run",
    "create_run",
]

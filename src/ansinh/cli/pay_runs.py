"""`ansinh pay run`: one act of paying, step by step. Every step may be repeated."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from ansinh.cli.acting import actor
from ansinh.cli.screen import counted, out, print_json, progress_bar, titled_table
from ansinh.config.payments import payment_desk
from ansinh.config.queries import agency_clock
from ansinh.config.relief import owed_of
from ansinh.database.urls import secrets_folder
from ansinh.foundation.clock import VIET_NAM
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.settings import settings
from ansinh.payments import operations, queries
from ansinh.payments.operations import RunOrder
from ansinh.payments.procedures import Tally, build_all, collect_all, send_ready
from ansinh.payments.states import KINDS_OF_RHYTHM, RunState

app = typer.Typer(no_args_is_help=True, help="One act of paying, from draft to close.")

Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the audit.")]
SendBack = Annotated[bool, typer.Option("--send-back", help="Send it back to its maker instead; they read the reason.")]
STORY_REASON = "xem một khoản chi"
Run = Annotated[int, typer.Argument(help="Number of the run; list: ansinh pay run list", metavar="RUN", min=1)]


@app.command()
def create(
    pay_on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day of payment.")],
    month: Annotated[list[int], typer.Option(help="A benefit month, YYYYMM; several for a combined payment.")],
    act: Annotated[str, typer.Option(help="The legal act the payment rests on.")],
    province: Annotated[list[str] | None, typer.Option(help="Only this province; several may be given.")] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(help="Only this kind of benefit, or those of a rhythm: monthly, unemployment, one_off; several."),
    ] = None,
    reason: Reason = "lập đợt chi",
    as_json: Json = False,
) -> None:
    """Open a run in draft. Example: ansinh --as hanoi.lan pay run create --pay-on 2025-07-02 --month 202507 --act "Quyết định 1" """
    kinds = tuple(sorted(one for word in kind for one in KINDS_OF_RHYTHM.get(word, {word}))) if kind else None
    order = RunOrder(pay_on.date(), tuple(month), act, _rhythm_of(kinds), tuple(province) if province else None, kinds)
    run_id = operations.create_run(actor=actor(), reason=reason, clock=agency_clock(), order=order)
    _show_step(run_id, as_json=as_json)


@app.command()
def build(
    run: Run,
    by_worker: Annotated[
        bool, typer.Option("--by-worker", help="Let a worker (ansinh work) carry the run from here to its close.")
    ] = False,
    reason: Reason = "lập danh sách chi trả",
    as_json: Json = False,
) -> None:
    """Build obligations, orders and attempts from what is owed; goes on where it was cut off. Example: ansinh --as hanoi.lan pay run build 1"""
    if by_worker:
        owed = owed_of(queries.run_of(run))
        operations.build_run(
            actor=actor(), reason=reason, clock=agency_clock(), run_id=run, owed=owed, by_worker=by_worker
        )
        _show_step(run, as_json=as_json, by_worker=True)
        return
    with (
        payment_desk(settings(), agency_clock(), reason, actor()) as desk,
        progress_bar("Lập lệnh chi", None) as advance,
    ):
        orders, amount = build_all(desk, run, owed_of(queries.run_of(run)), advance)
    _show_step(run, as_json=as_json, orders_built=orders, amount_built=amount)


@app.command()
def check(run: Run, reason: Reason = "kiểm tra đợt chi", as_json: Json = False) -> None:
    """Check against last month, withhold who must not be paid, and seal. Example: ansinh --as hanoi.lan pay run check 1"""
    done = operations.check_run(actor=actor(), reason=reason, clock=agency_clock(), run_id=run)
    _show_step(run, as_json=as_json, findings=done.findings, round=done.round, seal_no=done.seal_no, seal=done.seal)


@app.command()
def approve(run: Run, reason: Reason = "duyệt đợt chi", send_back: SendBack = False, as_json: Json = False) -> None:
    """Sign the seal as first checker. Example: ansinh --as hanoi.minh pay run approve 1"""
    seal_no = operations.approve_run(
        actor=actor(),
        reason=reason,
        clock=agency_clock(),
        run_id=run,
        secrets=secrets_folder(settings()),
        agreed=not send_back,
    )
    _show_step(run, as_json=as_json, seal_no=seal_no)


@app.command()
def authorise(run: Run, reason: Reason = "chuẩn chi", send_back: SendBack = False, as_json: Json = False) -> None:
    """Sign the seal as second checker. Example: ansinh --as hanoi.thu pay run authorise 1"""
    seal_no = operations.authorise_run(
        actor=actor(),
        reason=reason,
        clock=agency_clock(),
        run_id=run,
        secrets=secrets_folder(settings()),
        agreed=not send_back,
    )
    _show_step(run, as_json=as_json, seal_no=seal_no)


@app.command()
def send(
    run: Run,
    available: Annotated[
        list[str] | None, typer.Option(help="What a bank holds, BIN=ĐỒNG; without any, what is needed.")
    ] = None,
    reason: Reason = "bàn giao lệnh chi",
    as_json: Json = False,
) -> None:
    """Set the money aside and hand the messages over; asks after those without an answer. Example: ansinh --as hanoi.duc pay run send 1"""
    clock = agency_clock()
    if (
        any(batch.state == "sealed" for batch in queries.batches_of(run))
        or queries.run_of(run).state == RunState.AUTHORISED
    ):
        held = _held(available) if available else None
        operations.fund_run(actor=actor(), reason=reason, clock=clock, run_id=run, available=held)
    with payment_desk(settings(), clock, reason, actor()) as desk:
        tally = send_ready(desk, run)
    _show_tally(run, tally, as_json=as_json)


@app.command()
def collect(run: Run, reason: Reason = "nhận kết quả chi trả", as_json: Json = False) -> None:
    """Take in and match what banks and the post laid ready, of every run. Example: ansinh --as hanoi.duc pay run collect 1"""
    with payment_desk(settings(), agency_clock(), reason, actor()) as desk:
        tally = collect_all(desk)
    _show_tally(run, tally, as_json=as_json)


@app.command()
def reroute(run: Run, reason: Reason = "chuyển lại lệnh bị trả về", as_json: Json = False) -> None:
    """Give what came back another attempt; then check, approve, authorise and send again. Example: ansinh --as hanoi.lan pay run reroute 1"""
    attempts = operations.reroute_orders(actor=actor(), reason=reason, clock=agency_clock(), run_id=run)
    _show_step(run, as_json=as_json, attempts=attempts)


@app.command()
def hold(
    run: Run,
    person: Annotated[int, typer.Argument(help="Record number.", min=1)],
    verb: Annotated[str, typer.Argument(help="withhold, resume or release.")],
    reason: Annotated[str, typer.Option(help="Why; kept in the audit.")],
) -> None:
    """Withhold, resume or release one payee's order. Example: ansinh --as hanoi.lan pay run hold 1 42 withhold --reason "xác minh" """
    state = operations.hold_order(
        actor=actor(), reason=reason, clock=agency_clock(), run_id=run, person_id=person, verb=verb
    )
    out.print(f"Lệnh chi: {state}")


@app.command()
def abort(
    run: Run, reason: Annotated[str, typer.Option(help="Why; kept in the audit.")], as_json: Json = False
) -> None:
    """Give everything back before anything was handed over. Example: ansinh --as hanoi.lan pay run abort 1 --reason "sai tháng" """
    released = operations.abort_run(actor=actor(), reason=reason, clock=agency_clock(), run_id=run)
    _show_step(run, as_json=as_json, orders_released=released)


@app.command()
def close(run: Run, reason: Reason = "khóa sổ đợt chi", as_json: Json = False) -> None:
    """Close a run whose sums agree, and publish its figures. Example: ansinh --as hanoi.lan pay run close 1"""
    figures = operations.close_run(actor=actor(), reason=reason, clock=agency_clock(), run_id=run)
    _show_step(run, as_json=as_json, figures=figures)


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the newest runs. Example: ansinh pay run list"""
    found = queries.runs()
    if as_json:
        print_json([asdict(one) for one in found])
        return
    table = titled_table(
        "Đợt chi · Runs",
        "Số · Run",
        "Ngày chi · Pay day",
        "Nhịp · Rhythm",
        "Tháng · Months",
        "Trạng thái · State",
        "Lệnh · Orders",
        "Số tiền · Amount",
    )
    for one in found:
        months = ", ".join(map(str, one.months))
        table.add_row(
            str(one.run_id),
            f"{one.pay_on:%d/%m/%Y}",
            one.rhythm,
            months,
            one.state,
            counted(one.orders),
            counted(one.amount),
        )
    out.print(table)


@app.command()
def show(
    run: Run,
    person: Annotated[int | None, typer.Option(help="The whole story of this payee's payment.", min=1)] = None,
    reason: Reason = STORY_REASON,
    as_json: Json = False,
) -> None:
    """Show a run: state, batches, signatures, findings, ledger; or one person's payment. Example: ansinh pay run show 1 --person 42"""
    if person is not None:
        show_story(run, person, as_json=as_json, reason=reason)
    else:
        _show_run(run, as_json=as_json)


@app.command("explain-difference")
def explain_difference(run: Run, as_json: Json = False) -> None:
    """Compare both sides of every hand-over; exit code 1 where they differ. Example: ansinh pay run explain-difference 1"""
    found = queries.differences_of(run)
    if as_json:
        print_json([{**asdict(one), "zero": one.zero} for one in found])
    else:
        table = titled_table(
            "Đối chiếu · Hand-overs",
            "Chỗ bàn giao · Hand-over",
            "Số tiền · Amount",
            "Bên kia · Other",
            "Số lượng · Count",
            "Bên kia · Other",
            "",
        )
        for one in found:
            sign = "[green]✔[/green]" if one.zero else f"[red]✘ {counted(one.amount - one.other_amount)}[/red]"
            table.add_row(
                one.name,
                counted(one.amount),
                counted(one.other_amount),
                counted(one.count),
                counted(one.other_count),
                sign,
            )
        out.print(table)
    if not all(one.zero for one in found):
        raise typer.Exit(1)


def _rhythm_of(kinds: tuple[str, ...] | None) -> str:
    """A run of unemployment benefit, or of one-off benefits, alone has its own rhythm and is compared with runs of its own."""
    own = (rhythm for rhythm in ("unemployment", "one_off") if kinds and set(kinds) <= KINDS_OF_RHYTHM[rhythm])
    return next(own, "monthly")


def _held(available: list[str]) -> dict[str, int]:
    held = {}
    for one in available:
        partner, _, amount = one.partition("=")
        if not amount.isdigit():
            raise InvalidInput(
                f"“{one}” không có dạng BIN=ĐỒNG.", f"“{one}” has not the form BIN=ĐỒNG.", field="available"
            )
        held[partner] = int(amount)
    return held


def _show_step(run_id: int, *, as_json: bool, **more: object) -> None:
    told = {"run": run_id, "state": queries.run_of(run_id).state.value, **more}
    if as_json:
        print_json(told)
    else:
        out.print(" · ".join(f"{name} {value}" for name, value in told.items()), markup=False)


def _show_tally(run_id: int, tally: Tally, *, as_json: bool) -> None:
    _show_step(
        run_id,
        as_json=as_json,
        batches=tally.states,
        files=tally.files,
        known_files=tally.known_files,
        matched=tally.matched,
        silent=tally.silent,
    )


def _show_run(run_id: int, *, as_json: bool) -> None:
    run = queries.run_of(run_id)
    told = {
        "run": run_id,
        "state": run.state.value,
        "pay_on": run.pay_on.isoformat(),
        "months": run.months,
        "act": run.act,
        "batches": [asdict(one) for one in queries.batches_of(run_id)],
        "signatures": [asdict(one) for one in queries.signatures_of(run_id)],
        "findings": {
            kind: {"found": found, "withheld": withheld}
            for kind, (found, withheld) in queries.findings_of(run_id).items()
        },
        "attempts": queries.attempts_by_state(run_id),
        "ledger": {one.account: one.amount for one in queries.balances_of(run_id)},
    }
    if as_json:
        print_json(told)
        return
    out.print(
        f"Đợt chi {run_id}: {run.state} · chi ngày {run.pay_on:%d/%m/%Y} · tháng {', '.join(map(str, run.months))} · {run.act}",
        markup=False,
    )
    table = titled_table(
        "Tệp lệnh · Batches",
        "Vòng · Round",
        "Nơi nhận · Partner",
        "Mã · Message",
        "Lệnh · Lines",
        "Số tiền · Amount",
        "Trạng thái · State",
    )
    for one in queries.batches_of(run_id):
        table.add_row(str(one.round), one.partner, one.message_id, counted(one.lines), counted(one.amount), one.state)
    out.print(table)
    for name in ("findings", "attempts", "ledger"):
        out.print(f"{name}: {told[name]}", markup=False)


def show_story(run_id: int, person: int, *, as_json: bool, reason: str = STORY_REASON) -> None:
    """Print everything that happened to one person's payment in a run; that person sees who looked."""
    steps = queries.story_of(actor=actor(), reason=reason, run_id=run_id, person_id=person)
    if as_json:
        print_json([asdict(one) for one in steps])
        return
    table = titled_table(
        "Một khoản chi · One payment", "Lúc · At", "Việc · What", "Số tiền · Amount", "Chi tiết · Detail"
    )
    for one in steps:
        table.add_row(
            f"{one.happened_at.astimezone(VIET_NAM):%d/%m/%Y %H:%M}", one.what, counted(one.amount), one.detail
        )
    out.print(table)

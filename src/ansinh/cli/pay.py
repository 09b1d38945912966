"""`ansinh pay`: payment runs from draft to close, and what waits for a person."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from ansinh.cli import pay_accounts, pay_emergency, pay_ledger, pay_names, pay_recoveries, pay_runs, pay_share
from ansinh.cli.acting import actor
from ansinh.cli.screen import counted, out, print_json
from ansinh.config.payments import payment_desk
from ansinh.config.queries import agency_clock
from ansinh.foundation.settings import settings
from ansinh.payments import operations, queries
from ansinh.reckoning.procedures import call_back

app = typer.Typer(no_args_is_help=True, help="Payment runs, accounts of payees, and what waits for a person.")
app.add_typer(pay_runs.app, name="run")
app.add_typer(pay_accounts.app, name="account")
app.add_typer(pay_emergency.app, name="emergency")
app.add_typer(pay_ledger.app, name="ledger")
app.command()(pay_share.share)
app.command()(pay_share.outreach)
app.add_typer(pay_names.app, name="names")
app.add_typer(pay_recoveries.app, name="recoveries")
app.add_typer(pay_recoveries.unclaimed_app, name="unclaimed")

Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]


@app.command()
def cases(
    run: Annotated[int | None, typer.Option(help="Only those of this run.", min=1)] = None, as_json: Json = False
) -> None:
    """List what waits for a person: impossible answers, deaths, unknown payments. Example: ansinh pay cases --run 3"""
    found = queries.open_cases(run)
    if as_json:
        print_json(
            [
                {
                    "case": c.case_id,
                    "person": c.person_id,
                    "kind": c.kind,
                    "order": c.order_id,
                    "amount": c.amount,
                    "detail": c.detail,
                }
                for c in found
            ]
        )
        return
    table = Table(title="Hồ sơ cần xử lý · Cases", title_justify="left")
    for column in (
        "Số · Case",
        "Người · Person",
        "Loại · Kind",
        "Lệnh · Order",
        "Số tiền · Amount",
        "Chi tiết · Detail",
    ):
        table.add_column(column)
    for one in found:
        table.add_row(
            str(one.case_id), str(one.person_id), one.kind, str(one.order_id or ""), counted(one.amount), one.detail
        )
    out.print(table)


@app.command()
def settle(
    person: Annotated[int, typer.Argument(help="Record number, 0 for cases about files.", min=0)],
    case: Annotated[int, typer.Argument(help="Number of the case; list: ansinh pay cases", min=1)],
    outcome: Annotated[str, typer.Argument(help="What was found out.")],
    reason: Annotated[str, typer.Option(help="Why; kept in the audit.")] = "xử lý hồ sơ chi trả",
) -> None:
    """Settle a case with what was found out. Safe to repeat. Example: ansinh --as hanoi.lan pay settle 0 12 "sao kê khớp" """
    operations.settle_case(
        actor=actor(), reason=reason, clock=agency_clock(), person_id=person, case_id=case, outcome=outcome
    )
    out.print("Đã xử lý. · Settled.")


@app.command()
def recall(
    batch: Annotated[int, typer.Argument(help="Number of the batch; list: ansinh pay run show RUN", min=1)],
    reason: Annotated[str, typer.Option(help="Why it should not be paid; kept in the audit.")],
    as_json: Json = False,
) -> None:
    """Ask a bank or the post not to carry a message out; safe to repeat. Example: ansinh --as hanoi.duc pay recall 12 --reason "sai danh sách" """
    with payment_desk(settings(), agency_clock(), reason, actor()) as desk:
        partners = desk.partners
        outcome, cancelled = call_back(
            actor(), reason, agency_clock(), batch, lambda name: partners[name].bank if name in partners else None
        )
    if as_json:
        print_json({"batch": batch, "outcome": outcome, "cancelled": cancelled})
    else:
        out.print(f"Thu hồi lệnh · Recall: {outcome}; {cancelled} khoản đã hủy · cancelled")
    if outcome != "confirmed":
        raise typer.Exit(1)

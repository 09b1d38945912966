"""`ansinh pay recoveries`, `ansinh pay unclaimed`: money that has to come back, and money nobody collected."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from ansinh.cli.acting import actor
from ansinh.cli.screen import counted, out, print_json, titled_table
from ansinh.config.queries import agency_clock
from ansinh.reckoning import operations, queries
from ansinh.reckoning.operations import Repayment
from ansinh.reckoning.states import RecoveryState

app = typer.Typer(no_args_is_help=True, help="Money that has to come back.")
unclaimed_app = typer.Typer(no_args_is_help=True, help="Money nobody collected.")

Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the audit.")]
Month = Annotated[int, typer.Option(help="The month, YYYYMM.")]
Person = Annotated[int, typer.Argument(help="Record number.", metavar="PERSON", min=1)]
Recovery = Annotated[int, typer.Argument(help="Number of the recovery; list: ansinh pay recoveries list", min=1)]


@app.command("open")
def open_(month: Month, reason: Reason = "rà soát khoản chi thừa", as_json: Json = False) -> None:
    """Find what was paid after death, and beyond what was owed. Safe to repeat. Example: ansinh --as hanoi.lan pay recoveries open --month 202507"""
    found = operations.open_recoveries(actor=actor(), reason=reason, clock=agency_clock(), month=month)
    if as_json:
        print_json(found)
        return
    out.print(
        f"Chi sau khi mất: {found['paid_after_death']}, chi thừa: {found['overpaid']}, đã có hồ sơ: {found['covered']}. · "
        f"Paid after death {found['paid_after_death']}, overpaid {found['overpaid']}, covered {found['covered']}."
    )


@app.command("list")
def list_(
    state: Annotated[RecoveryState | None, typer.Option(help="Only those of this state.")] = None, as_json: Json = False
) -> None:
    """List recoveries. Example: ansinh pay recoveries list --state open"""
    found = queries.recoveries(state.value if state else None)
    if as_json:
        print_json([asdict(one) for one in found])
        return
    table = titled_table(
        "Khoản phải thu hồi · Recoveries",
        "Số · No.", "Người · Person", "Lý do · Cause", "Trạng thái · State", "Số tiền · Amount", "Còn lại · Left", "Xin xóa · Write-off asked",
    )  # fmt: skip
    for one in found:
        sums = (counted(one.amount), counted(one.remaining), "✓" if one.write_off_asked else "")
        table.add_row(str(one.recovery_id), str(one.person_id), one.cause, one.state, *sums)
    out.print(table)


@app.command()
def show(person: Person, recovery: Recovery, reason: Reason = "xem khoản thu hồi", as_json: Json = False) -> None:
    """Show what happened to a recovery. Example: ansinh --as hanoi.lan pay recoveries show 42 3"""
    found = queries.recovery_of(actor=actor(), reason=reason, person_id=person, recovery_id=recovery)
    if as_json:
        print_json([asdict(one) for one in found])
        return
    table = titled_table(
        f"Khoản thu hồi {recovery} · Recovery",
        "Lúc · At",
        "Việc · Event",
        "Số tiền · Amount",
        "Còn lại · Left",
        "Chứng từ · Receipt",
        "Cán bộ · Officer",
    )
    for one in found:
        table.add_row(
            f"{one.happened_at:%d/%m/%Y}",
            one.event,
            counted(one.amount),
            counted(one.left_after),
            one.reference or "",
            one.officer,
        )
    out.print(table)


@app.command()
def demand(person: Person, recovery: Recovery, reason: Reason = "yêu cầu nộp lại", as_json: Json = False) -> None:
    """Demand what is left and tell the payee. Safe to repeat. Example: ansinh --as hanoi.lan pay recoveries demand 42 3"""
    state = operations.demand_recovery(
        actor=actor(), reason=reason, clock=agency_clock(), person_id=person, recovery_id=recovery
    )
    _show_state(recovery, state, as_json=as_json)


@app.command()
def repaid(
    person: Person,
    recovery: Recovery,
    amount: Annotated[int, typer.Option(help="What came, in đồng.", min=1)],
    reference: Annotated[str, typer.Option(help="The bank's reference, as its statement shows it.")],
    bank: Annotated[str, typer.Option(help="BIN of the bank where it came.")],
    reason: Reason = "ghi tiền nộp lại",
    as_json: Json = False,
) -> None:
    """Enter a repayment, once. Example: ansinh --as hanoi.duc pay recoveries repaid 42 3 --amount 500000 --reference FT1 --bank 970436"""
    state = operations.record_repayment(
        actor=actor(),
        reason=reason,
        clock=agency_clock(),
        person_id=person,
        recovery_id=recovery,
        repayment=Repayment(amount, reference, bank),
    )
    _show_state(recovery, state, as_json=as_json)


@app.command("ask-write-off")
def ask_write_off(
    person: Person,
    recovery: Recovery,
    reason: Annotated[str, typer.Option(help="Why; kept in the audit.")],
    as_json: Json = False,
) -> None:
    """Ask that what is left be written off. Example: ansinh --as hanoi.lan pay recoveries ask-write-off 42 3 --reason "không còn người thừa kế" """
    state = operations.ask_write_off(
        actor=actor(), reason=reason, clock=agency_clock(), person_id=person, recovery_id=recovery
    )
    _show_state(recovery, state, as_json=as_json)


@app.command("decide-write-off")
def decide_write_off(
    person: Person,
    recovery: Recovery,
    agree: Annotated[bool, typer.Option("--agree/--refuse", help="Write off what is left, or leave it demanded.")],
    reason: Annotated[str, typer.Option(help="Why; kept in the audit.")],
    as_json: Json = False,
) -> None:
    """Decide a write-off another officer asked for. Example: ansinh --as hanoi.thu pay recoveries decide-write-off 42 3 --agree --reason "đủ căn cứ" """
    state = operations.decide_write_off(
        actor=actor(), reason=reason, clock=agency_clock(), person_id=person, recovery_id=recovery, agreed=agree
    )
    _show_state(recovery, state, as_json=as_json)


@unclaimed_app.command("set-aside")
def set_aside(
    month: Month,
    after_months: Annotated[int, typer.Option(help="Months of payment nobody came in.", min=1, max=24)] = 6,
    reason: Reason = "ngừng in danh sách người không nhận tiền",
    as_json: Json = False,
) -> None:
    """Set aside what nobody collected for months. Safe to repeat. Example: ansinh --as hanoi.lan pay unclaimed set-aside --month 202507"""
    found = operations.set_aside_unclaimed(
        actor=actor(), reason=reason, clock=agency_clock(), month=month, after_months=after_months
    )
    if as_json:
        print_json(found)
    else:
        out.print(
            f"{counted(found['persons'])} người, {counted(found['amount'])} ₫. · {found['persons']} persons set aside."
        )


@unclaimed_app.command("list")
def list_unclaimed(as_json: Json = False) -> None:
    """List what is set aside. Example: ansinh pay unclaimed list"""
    found = queries.unclaimed()
    if as_json:
        print_json([asdict(one) for one in found])
        return
    table = titled_table(
        "Tiền chưa có người nhận · Unclaimed",
        "Người · Person",
        "Tỉnh · Province",
        "Tháng · Months",
        "Số tiền · Amount",
        "Chi tháng · Paid in",
    )
    for one in found:
        table.add_row(str(one.person_id), one.province, str(one.months), counted(one.amount), str(one.pay_month or ""))
    out.print(table)


@unclaimed_app.command()
def claim(person: Person, reason: Reason = "người hưởng đến nhận", as_json: Json = False) -> None:
    """Give a payee what was set aside, with the next open list. Example: ansinh --as hanoi.lan pay unclaimed claim 42"""
    found = operations.claim_unclaimed(actor=actor(), reason=reason, clock=agency_clock(), person_id=person)
    if as_json:
        print_json(found)
    else:
        out.print(
            f"{counted(found['amount'])} ₫, chi cùng tháng {found['pay_month']}. · Paid with {found['pay_month']}."
        )


def _show_state(recovery: int, state: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"recovery": recovery, "state": state})
    else:
        out.print(f"Khoản thu hồi {recovery}: {state}")

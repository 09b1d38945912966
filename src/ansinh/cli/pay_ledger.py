"""`ansinh pay ledger`: banks' statements against our books, their differences, and a month's trial balance."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ansinh.cli.acting import actor
from ansinh.cli.screen import counted, out, print_json, titled_table
from ansinh.config.payments import account_at
from ansinh.config.queries import agency_clock
from ansinh.foundation.errors import InvalidInput
from ansinh.reckoning import operations, queries
from ansinh.reckoning.procedures import reckon

app = typer.Typer(no_args_is_help=True, help="Statements of banks against our books, and the trial balance.")

Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the audit.")]
Month = Annotated[int, typer.Option(help="The month, YYYYMM.")]


@app.command("reckon")
def reckon_(reason: Reason = "đối chiếu sao kê ngân hàng", as_json: Json = False) -> None:
    """Read what statements came and hold every bank against our books. Safe to repeat. Example: ansinh pay ledger reckon"""
    done = reckon(actor(), reason, agency_clock(), account_at)
    if as_json:
        print_json(asdict(done))
        return
    out.print(
        f"{done.files} tệp, {done.statements} sao kê; {done.opened} chênh lệch mới, {done.explained} đã được giải thích. · "
        f"{done.statements} statements; {done.opened} differences opened, {done.explained} explained."
    )


@app.command()
def balances(as_json: Json = False) -> None:
    """Show what stands on each account, and each bank's newest statement against our books. Example: ansinh pay ledger balances"""
    accounts, banks = queries.account_balances(), queries.bank_balances(account_at)
    if as_json:
        told = [{"account": one.account, "key": one.key, "balance": one.closing} for one in accounts]
        print_json({"accounts": told, "banks": [asdict(one) for one in banks]})
        return
    table = titled_table("Số dư · Balances", "Tài khoản · Account", "Tên · Name", "Nợ · Debit", "Có · Credit")
    for one in accounts:
        sides = (counted(max(one.closing, 0)), counted(max(-one.closing, 0)))
        table.add_row(f"{one.account} {one.key}", f"{one.vi} · {one.en}", *sides)
    out.print(table)
    table = titled_table(
        "Ngân hàng · Banks",
        "BIN",
        "Ngày · Day",
        "Đầu ngày · Opening",
        "Cuối ngày · Closing",
        "Sổ ta · Ours",
        "Lệch · Beyond",
        "Hồ sơ · Cases",
    )
    for bank in banks:
        sums = (bank.opening, bank.closing, bank.ours, bank.beyond, bank.open_differences)
        table.add_row(bank.bank, f"{bank.on_day:%d/%m/%Y}", *map(counted, sums))
    out.print(table)


@app.command()
def differences(as_json: Json = False) -> None:
    """List where banks and we differ. Example: ansinh pay ledger differences"""
    found = queries.open_differences()
    if as_json:
        print_json([asdict(one) for one in found])
        return
    table = titled_table(
        "Chênh lệch chờ xử lý · Differences",
        "Số · Case",
        "BIN",
        "Ngày · Day",
        "Loại · Kind",
        "Số tiền · Amount",
        "Chi tiết · Detail",
    )
    for one in found:
        words = " ".join(filter(None, (one.reference, one.detail)))
        table.add_row(
            str(one.case_id), one.bank, f"{one.on_day:%d/%m/%Y}", one.kind, counted(one.amount), words, style=None
        )
    out.print(table)


@app.command()
def settle(
    bank: Annotated[str, typer.Argument(help="BIN of the bank, 6 digits.")],
    case: Annotated[int, typer.Argument(help="Number of the difference; list: ansinh pay ledger differences", min=1)],
    outcome: Annotated[str, typer.Argument(help="What was found out.")],
    reason: Reason = "xử lý chênh lệch với ngân hàng",
) -> None:
    """Settle a difference with what was found out. Safe to repeat. Example: ansinh --as hanoi.duc pay ledger settle 970436 3 "ngân hàng đã hoàn lại" """
    operations.settle_difference(
        actor=actor(), reason=reason, clock=agency_clock(), bank=bank, case_id=case, outcome=outcome
    )
    out.print("Đã xử lý. · Settled.")


@app.command("trial-balance")
def trial_balance(
    month: Month,
    xlsx: Annotated[Path | None, typer.Option(help="Write it as a workbook too.", dir_okay=False)] = None,
    as_json: Json = False,
) -> None:
    """Show a month's trial balance, and write it as a workbook. Example: ansinh pay ledger trial-balance --month 202507 --xlsx 202507.xlsx"""
    if xlsx is not None and not xlsx.parent.is_dir():
        raise InvalidInput(f"Không có thư mục {xlsx.parent}.", f"There is no folder {xlsx.parent}.", field="xlsx")
    found = queries.write_trial_balance(month, xlsx) if xlsx else queries.trial_balance(month)
    if as_json:
        lines = [{**asdict(one), "closing": one.closing} for one in found.lines]
        print_json({"month": month, "zero": found.zero, "sums": found.columns(), "lines": lines, "file": xlsx})
    else:
        show_trial_balance(found)
    if not found.zero:
        raise typer.Exit(1)


def show_trial_balance(found: queries.TrialBalance) -> None:
    """Print a trial balance as a table: balances with their sign, plus debit."""
    table = titled_table(
        f"Bảng cân đối số phát sinh {found.month % 100:02}/{found.month // 100} (đồng) · Trial balance",
        "Tài khoản · Account", "Tên · Name", "Đầu kỳ · Opening", "Nợ · Debited", "Có · Credited", "Cuối kỳ · Closing",
    )  # fmt: skip
    for column in table.columns[2:]:
        column.justify = "right"
    for one in found.lines:
        table.add_row(
            f"{one.account} {one.key}", one.vi, *map(counted, (one.opening, one.debited, one.credited, one.closing))
        )
    opening_debit, opening_credit, debited, credited, closing_debit, closing_credit = found.columns()
    sums = (opening_debit - opening_credit, debited, credited, closing_debit - closing_credit)
    table.add_row("", "Cộng · Total", *map(counted, sums), style="bold")
    out.print(table)

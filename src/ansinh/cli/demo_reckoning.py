"""What the demo holds against each other at a month's end: banks' statements and our books, the trial balance, what is asked back, shares and their seal."""

from __future__ import annotations

from pathlib import Path

from ansinh.access.queries import actor_of_officer
from ansinh.cli.demo_payments import MAKER, TREASURER
from ansinh.cli.pay_ledger import show_trial_balance
from ansinh.cli.screen import counted
from ansinh.config.payments import account_at
from ansinh.config.queries import agency_clock
from ansinh.reckoning import operations, queries
from ansinh.reckoning.procedures import reckon

REASON = "trình diễn: đối soát cuối tháng"


def reckon_month(month: int, folder: Path | None = None) -> str:
    """Read the banks' statements, open what has to come back, close the month's books, and return it in words; what was done already is found done.

    With a folder the trial balance is written there as a workbook.
    """
    clock = agency_clock()
    done = reckon(actor_of_officer(TREASURER), REASON, clock, account_at)
    found = operations.open_recoveries(actor=actor_of_officer(MAKER), reason=REASON, clock=clock, month=month)
    banks = queries.bank_balances(account_at)
    beyond = sum(abs(bank.beyond) for bank in banks)
    balance = (
        queries.write_trial_balance(month, folder / f"trial-balance-{month}.xlsx")
        if folder
        else queries.trial_balance(month)
    )
    asked = found["paid_after_death"] + found["overpaid"]
    return (
        f"{done.statements} sao kê của {len(banks)} ngân hàng, lệch {counted(beyond)} ₫, {len(queries.open_differences())} chênh lệch chờ xử lý; "
        f"thu hồi mới {asked}; bảng cân đối {'cân' if balance.zero else 'KHÔNG cân'}"
    )


def show_books(month: int) -> None:
    """Print the trial balance of a month."""
    show_trial_balance(queries.trial_balance(month))

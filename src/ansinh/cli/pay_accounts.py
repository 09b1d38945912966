"""`ansinh pay account`: where payees are paid."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ansinh.cli.acting import actor
from ansinh.cli.nation import source_of
from ansinh.cli.screen import counted, out, print_json
from ansinh.config.queries import agency_clock
from ansinh.payments import operations
from ansinh.payments.operations import NewAccount
from ansinh.people.operations import load_insured

app = typer.Typer(no_args_is_help=True, help="Where payees are paid.")

Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the audit.")]
Person = Annotated[int, typer.Argument(help="Record number.", metavar="PERSON", min=1)]


@app.command()
def load(
    folder: Annotated[Path, typer.Argument(help="A nation's folder, as `ansinh nation create` prints it.")],
    reason: Reason = "nạp tài khoản người hưởng từ hệ thống cũ",
    as_json: Json = False,
) -> None:
    """Take in the accounts of the former system's payees. Safe to run twice. Example: ansinh pay account load FOLDER"""
    made = load_accounts_of(folder, reason)
    if as_json:
        print_json({"accounts": made})
    else:
        out.print(f"{counted(made)} tài khoản. · {made} accounts.")


def load_accounts_of(folder: Path, reason: str) -> int:
    """Take in the accounts of a nation's payees, whose people come first; returns how many."""
    source, agency = source_of(folder), folder / "agency"
    before = load_insured(actor=actor(), reason=reason, source=source, file=agency / "insured.parquet")
    return operations.load_accounts(
        actor=actor(),
        reason=reason,
        clock=agency_clock(),
        source=source,
        file=agency / "payee.parquet",
        persons_before=before,
    )


@app.command("file")
def file_(
    person: Person,
    bank: Annotated[str, typer.Argument(help="BIN of the bank, 6 digits.")],
    account: Annotated[str, typer.Argument(help="Account.")],
    holder: Annotated[str, typer.Argument(help="Holder, as the bank prints the name.")],
    relation: Annotated[str, typer.Option(help="own, guardian or proxy.")] = "own",
    reason: Reason = "người hưởng đổi tài khoản",
    as_json: Json = False,
) -> None:
    """Take a payee's new account in and send them a one-time code. Example: ansinh --as hanoi.lan pay account file 42 970436 0011 "NGUYEN VAN AN" """
    account_id = operations.file_account(
        actor=actor(),
        reason=reason,
        clock=agency_clock(),
        person_id=person,
        account=NewAccount(bank, account, holder, relation),
    )
    if as_json:
        print_json({"account_id": account_id})
    else:
        out.print(f"Đã nhận, số {account_id}; chờ mã xác nhận. · Filed as {account_id}; confirm it with the code.")


@app.command()
def confirm(
    person: Person,
    account_id: Annotated[int, typer.Argument(help="Number of the filed account.", min=1)],
    code: Annotated[str, typer.Option(prompt=True, help="The six digits the payee was sent.")],
    reason: Reason = "người hưởng xác nhận tài khoản",
) -> None:
    """Confirm a filed account with its one-time code. Example: ansinh --as hanoi.lan pay account confirm 42 7"""
    done = operations.confirm_account(
        actor=actor(), reason=reason, clock=agency_clock(), person_id=person, account_id=account_id, code=code
    )
    out.print("Đã xác nhận. · Confirmed." if done else "Sai mã. · Wrong code.")
    if not done:
        raise typer.Exit(2)


@app.command()
def stop(
    person: Person,
    because: Annotated[str, typer.Argument(help="Blocked, holder dead, asked for cash.")],
    reason: Reason = "ngừng chi qua tài khoản",
) -> None:
    """Pay a person's accounts no more from the next build on. Safe to repeat. Example: ansinh --as hanoi.lan pay account stop 42 "đã chuyển tiền mặt" """
    stopped = operations.stop_account(
        actor=actor(), reason=reason, clock=agency_clock(), person_id=person, because=because
    )
    out.print(f"Đã ngừng {stopped} tài khoản. · {stopped} stopped.")

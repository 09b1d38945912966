"""`ansinh dialect`: the compatible door, through which hospitals' older software asks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from ansinh.access import operations, queries
from ansinh.access.keys import write_private
from ansinh.access.operations import DialectSignIn
from ansinh.cli.acting import actor
from ansinh.cli.screen import out, print_json
from ansinh.database.urls import secrets_folder
from ansinh.foundation.settings import settings

app = typer.Typer(no_args_is_help=True, help="The compatible door, for hospitals' older software.")

Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the audit.")]
Facility = Annotated[str, typer.Argument(help="Facility code, 5 characters.")]
Md5 = Annotated[
    str | None,
    typer.Option("--password-md5", help="MD5 of the password its software has already; without it one is made."),
]
PasswordFile = Annotated[Path | None, typer.Option(help="Where to write a password made here; readable by you only.")]


@app.command("open")
def open_door(
    facility: Facility,
    password_md5: Md5 = None,
    network: Annotated[
        list[str] | None, typer.Option(help="An address its software calls from; may be repeated; none: any.")
    ] = None,
    sandbox: Annotated[bool, typer.Option(help="Only rehearse: magic numbers, nobody's record.")] = False,
    password_file: PasswordFile = None,
    reason: Reason = "kết nối phần mềm bệnh viện qua cổng tương thích",
) -> None:
    """Let a facility's older software in; open a closed door again. Safe to run twice. Example: ansinh dialect open 01004 --network 203.0.113.8"""
    made = operations.open_dialect_door(
        actor=actor(),
        reason=reason,
        facility=facility,
        password_md5=password_md5,
        networks=network or [],
        sandbox=sandbox,
    )
    _hand_over(made, password_file)


@app.command("password")
def replace_password(
    facility: Facility, password_md5: Md5 = None, password_file: PasswordFile = None, reason: Reason = "thay mật khẩu"
) -> None:
    """Replace a facility's password; tokens under the former one end within minutes. Example: ansinh dialect password 01004"""
    made = operations.replace_dialect_password(
        actor=actor(), reason=reason, facility=facility, password_md5=password_md5
    )
    _hand_over(made, password_file)


@app.command("close")
def close_door(facility: Facility, reason: Annotated[str, typer.Option(help="Why; kept in the audit.")]) -> None:
    """Close the door for a facility, at once. Example: ansinh dialect close 01004 --reason "đã chuyển sang cổng mới" """
    operations.close_dialect_door(actor=actor(), reason=reason, facility=facility)
    out.print("Đã đóng. · Closed.")


@app.command("doors")
def doors(as_json: Json = False) -> None:
    """List the facilities that have an account at the compatible door. Example: ansinh dialect doors"""
    known = queries.dialect_doors()
    if as_json:
        print_json(
            [
                {
                    "facility": one.facility,
                    "username": one.username,
                    "state": one.state,
                    "sandbox": one.sandbox,
                    "networks": list(one.networks),
                    "shut_seconds": one.shut_seconds,
                }
                for one in known
            ]
        )
        return
    table = Table(title="Cổng tương thích · Compatible door", title_justify="left")
    for name in (
        "Cơ sở · Facility",
        "Tài khoản · User",
        "Trạng thái · State",
        "Thử · Sandbox",
        "Địa chỉ · Networks",
        "Khóa (s) · Shut (s)",
    ):
        table.add_column(name)
    for one in known:
        shut = str(one.shut_seconds) if one.shut_seconds else ""
        table.add_row(one.facility, one.username, one.state, "✓" if one.sandbox else "", ", ".join(one.networks), shut)
    out.print(table)


def _hand_over(made: DialectSignIn, password_file: Path | None) -> None:
    """Write a password made here where asked, or into the folder of secrets; it is kept nowhere else."""
    out.print(f"Tài khoản · user name: {made.username}")
    if made.password is None:
        return
    target = password_file or secrets_folder(settings()) / "dialect" / f"{made.username}.password"
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_private(target, f"{made.password}\n")
    out.print(f"Mật khẩu, chỉ ghi một lần · password, written this once: {target}")

"""`ansinh healthbook certificate`: with which certificates facilities sign their papers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ansinh.cli.acting import actor
from ansinh.cli.screen import out, print_json, titled_table
from ansinh.config.queries import agency_clock
from ansinh.foundation.clock import VIET_NAM
from ansinh.healthbook import operations, queries
from ansinh.healthbook.queries import Registered

FILE_BYTES_MAX = 65_536

app = typer.Typer(no_args_is_help=True, help="Certificates that facilities sign their papers with.")

Facility = Annotated[str, typer.Argument(help="The facility (5 characters).")]
Reason = Annotated[str, typer.Option(help="Why; kept with the act.")]
Json = Annotated[bool, typer.Option("--json", help="JSON for machines.")]


@app.command()
def register(
    facility: Facility,
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="An X.509 certificate, PEM or DER; no private key.")
    ],
    reason: Reason,
    as_json: Json = False,
) -> None:
    """Register a facility's certificate; papers signed by other keys are refused from then on.

    Example: ansinh --as bhxh.it healthbook certificate register 01004 hospital.pem --reason "công văn đăng ký"
    """
    with file.open("rb") as opened:
        content = opened.read(FILE_BYTES_MAX)
    registered = operations.register_certificate(
        actor=actor(), reason=reason, clock=agency_clock(), facility=facility, content=content
    )
    if as_json:
        print_json(_plain(registered))
    else:
        out.print(f"✔ {registered.fingerprint}  {registered.subject}", markup=False)


@app.command()
def withdraw(
    facility: Facility,
    fingerprint: Annotated[str, typer.Argument(help="SHA-256 fingerprint, as `list` shows it.")],
    reason: Reason,
) -> None:
    """Take a facility's certificate out of use from now on; safe to run twice.

    Example: ansinh --as bhxh.it healthbook certificate withdraw 01004 9f86d0… --reason "mất khóa"
    """
    operations.withdraw_certificate(
        actor=actor(), reason=reason, clock=agency_clock(), facility=facility, fingerprint=fingerprint
    )
    out.print("✔ đã thu hồi · withdrawn")


@app.command(name="list")
def show(facility: Facility, as_json: Json = False) -> None:
    """List a facility's certificates, newest first. Example: ansinh healthbook certificate list 01004"""
    found = queries.certificates_of(facility)
    if as_json:
        print_json([_plain(one) for one in found])
        return
    table = titled_table(
        f"Chứng thư số · Certificates {facility}", "SHA-256", "chủ thể · subject", "đến · until", "trạng thái · state"
    )
    for one in found:
        until = f"{one.valid_until.astimezone(VIET_NAM):%d/%m/%Y}"
        state = f"thu hồi {one.withdrawn_at.astimezone(VIET_NAM):%d/%m/%Y}" if one.withdrawn_at else "đăng ký"
        table.add_row(one.fingerprint, one.subject, until, state)
    out.print(table)


def _plain(one: Registered) -> dict[str, object]:
    return {name: getattr(one, name) for name in Registered.__slots__}

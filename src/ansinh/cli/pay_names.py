"""`ansinh pay names`: banks asked whose accounts are, before money goes there."""

from __future__ import annotations

from typing import Annotated

import typer

from ansinh.cli.acting import actor
from ansinh.cli.screen import counted, out, print_json, titled_table
from ansinh.config.payments import accounts_filed_by, accounts_to_ask, name_provider
from ansinh.config.queries import agency_clock
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.settings import settings
from ansinh.holders.procedures import ask_banks

app = typer.Typer(no_args_is_help=True, help="Whose an account is, as its bank says.")


@app.callback()
def names() -> None:
    """Ask banks whose accounts are."""


@app.command()
def ask(
    run: Annotated[int | None, typer.Option(help="The accounts filed with us that this run pays into.", min=1)] = None,
    person: Annotated[int | None, typer.Option(help="The accounts this person filed.", min=1)] = None,
    everybody: Annotated[
        bool, typer.Option("--everybody", help="Also accounts the former system paid into for years.")
    ] = False,
    reason: Annotated[str, typer.Option(help="Why; kept in the audit.")] = "đối chiếu tên chủ tài khoản",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for machines.")] = False,
) -> None:
    """Ask about accounts that have no fresh answer, before a run is checked. Safe to repeat. Example: ansinh --as hanoi.lan pay names ask --run 3"""
    if (run is None) == (person is None):
        raise InvalidInput("Chọn --run hoặc --person.", "Say --run or --person.", field="run")
    wanted = accounts_to_ask(run, everybody=everybody) if run is not None else accounts_filed_by(person or 0)
    with name_provider(settings()) as provider_of:
        found = ask_banks(actor(), reason, agency_clock(), wanted, provider_of)
    told = {"accounts": len(wanted), **found}
    if as_json:
        print_json(told)
        return
    table = titled_table("Tên chủ tài khoản · Holders", "Kết quả · Answer", "Số · Count")
    for state, count in told.items():
        table.add_row(state, counted(count))
    out.print(table)

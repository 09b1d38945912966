"""`ansinh audit`: prove the audit whole, and tell who looked at a person."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from ansinh.audit.operations import show_looks, sign_heads
from ansinh.audit.queries import Look, Verification, unsigned_chains, verify_chains
from ansinh.cli.acting import actor
from ansinh.cli.screen import counted, err, out, print_json, progress_bar
from ansinh.config.queries import agency_clock
from ansinh.database.urls import secrets_folder
from ansinh.foundation.clock import VIET_NAM
from ansinh.foundation.settings import settings

app = typer.Typer(no_args_is_help=True, help="Prove the audit whole; tell who looked at a person.")

Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]
TROUBLES_SHOWN_MAX = 20


@app.command()
def verify(as_json: Json = False) -> None:
    """Prove every chain and every look-up again; exit code 1 and where it is broken otherwise. Example: ansinh audit verify"""
    with progress_bar("Kiểm tra nhật ký", None):
        found = verify_chains()
    if as_json:
        print_json({"ok": found.whole, **asdict(found)})
    else:
        _say(found)
    if not found.whole:
        raise typer.Exit(1)


def _say(found: Verification) -> None:
    out.print(
        f"{counted(found.rows)} lượt tra cứu, {counted(found.links)} mắt xích, {counted(found.chains)} chuỗi; "
        f"{counted(found.rows_without_link)} lượt không thuộc mắt xích nào; "
        f"{counted(found.signed_heads)} đầu chuỗi đã ký. · "
        f"{counted(found.rows)} look-ups in {counted(found.links)} links of {counted(found.chains)} chains."
    )
    if found.whole:
        out.print("[green]✔ Nguyên vẹn · Whole[/green]")
    for sentence in found.troubles[:TROUBLES_SHOWN_MAX]:
        err.print(f"✘ {sentence}", markup=False)
    if len(found.troubles) > TROUBLES_SHOWN_MAX:
        err.print(f"… {len(found.troubles) - TROUBLES_SHOWN_MAX} more (--json shows up to 1,000)")


@app.command()
def sign(
    reason: Annotated[str, typer.Option(help="Why; kept in the audit.")] = "ký định kỳ đầu chuỗi nhật ký",
    as_json: Json = False,
) -> None:
    """Sign the heads of all chains that have grown; `ansinh serve` does so each minute. Example: ansinh audit sign"""
    signed = sign_grown_chains(reason)
    if as_json:
        print_json({"signed": signed})
    else:
        out.print(f"Đã ký {counted(signed)} đầu chuỗi. · Signed {counted(signed)} heads.")


def sign_grown_chains(reason: str) -> int:
    """Sign what has grown and return how many; leaves no line in the audit when there is nothing to sign."""
    if not unsigned_chains():
        return 0
    return sign_heads(actor=actor(), reason=reason, clock=agency_clock(), secrets=secrets_folder(settings()))


@app.command()
def show(
    person_id: Annotated[int, typer.Argument(help="The person's record number.", min=1)],
    limit: Annotated[int, typer.Option(help="How many, the newest first.", min=1, max=1_000)] = 20,
    reason: Annotated[str, typer.Option(help="Why you look; kept in the audit.")] = "xem ai đã tra cứu",
    as_json: Json = False,
) -> None:
    """Show who looked at a person, the newest first; that is written down too. Example: ansinh audit show 1000017"""
    looks = show_looks(actor=actor(), reason=reason, person_id=person_id, limit=limit)
    if as_json:
        print_json({"person_id": person_id, "looks": [asdict(look) for look in looks]})
    else:
        out.print(looks_table(looks))


def looks_table(looks: list[Look]) -> Table:
    """Return looks as a table for people."""
    table = Table(title="Ai đã tra cứu · Who looked", title_justify="left")
    for name in (
        "Lúc · At",
        "Cơ sở · Facility",
        "Người tra · Officer",
        "Xem gì · What",
        "Mục đích · Purpose",
        "Bằng · By",
        "Kết quả · Result",
        "Số · Audit id",
    ):
        table.add_column(name)
    for look in looks:
        at = look.asked_at.astimezone(VIET_NAM).strftime("%d/%m/%Y %H:%M:%S")
        who = (
            f"{look.officer} (X-Road {look.through}{f', {look.for_user}' if look.for_user else ''})"
            if look.through
            else look.officer
        )
        purpose = f"{look.purpose}: {look.reason}" if look.reason else look.purpose
        table.add_row(at, look.facility, who, look.call, purpose, look.key_kind, look.result, str(look.audit_id))
    return table

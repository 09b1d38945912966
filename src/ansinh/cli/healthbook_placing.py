"""`ansinh healthbook waiting`: visits and papers about somebody not known for sure, and whom an officer finds them to be about."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from ansinh.cli.acting import actor
from ansinh.cli.screen import out, print_json, titled_table
from ansinh.config.queries import agency_clock
from ansinh.foundation.clock import VIET_NAM
from ansinh.healthbook import operations, queries

app = typer.Typer(no_args_is_help=True, help="Entries about somebody not known for sure: list, place, dismiss.")

Facility = Annotated[str, typer.Argument(help="The facility (5 characters).")]
Receipt = Annotated[str, typer.Argument(help="The receipt of the submission.")]
EntryNo = Annotated[int, typer.Argument(help="The entry of the submission, from 1.")]
Reason = Annotated[str, typer.Option(help="What was looked at; kept with the act.")]
Json = Annotated[bool, typer.Option("--json", help="JSON for machines.")]

_DOUBTS = {
    "no_number": "không có số giấy tờ · no number",
    "number_unknown": "số chưa có trong hồ sơ · number unknown",
    "numbers_disagree": "các số của nhiều người · numbers of several people",
    "name_differs": "khác họ tên · another name",
    "birth_differs": "khác ngày sinh · another birth date",
}


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List what waits, the oldest first. Example: ansinh healthbook waiting list"""
    found = queries.unplaced(queries.UNPLACED_LENGTH_MAX)
    if as_json:
        print_json([asdict(one) for one in found])
        return
    table = titled_table(
        "Chờ xác định · Waiting", "Cơ sở · Facility", "Mã giao dịch · Receipt", "Mục · Entry", "Vì sao · Why", "Có thể là · Maybe", "Từ · Since"
    )  # fmt: skip
    for one in found:
        maybe = f"#{one.candidate}" if one.candidate is not None else "–"
        since = f"{one.opened_at.astimezone(VIET_NAM):%d/%m/%Y %H:%M}"
        table.add_row(one.facility, one.receipt, str(one.entry), _DOUBTS.get(one.reason, one.reason), maybe, since)
    out.print(table)


@app.command()
def place(
    facility: Facility,
    receipt: Receipt,
    entry: EntryNo,
    person: Annotated[int, typer.Argument(help="The record it is about.")],
    reason: Reason,
) -> None:
    """Say whom an entry is about; it goes into their book, and what it begins (a birth, a death) begins, when submissions are next worked off.

    Example: ansinh --as hanoi.mai healthbook waiting place 01004 R-1 1 12 --reason "đối chiếu căn cước của mẹ"
    """
    operations.place_entry(
        actor=actor(),
        reason=reason,
        clock=agency_clock(),
        facility=facility,
        receipt=receipt,
        entry=entry,
        person_id=person,
    )
    out.print("Đã xác định; chạy ansinh healthbook work. · Placed.")


@app.command()
def dismiss(facility: Facility, receipt: Receipt, entry: EntryNo, reason: Reason) -> None:
    """Say that nobody can be found; the facility corrects and sends again. Example: ansinh healthbook waiting dismiss 01004 R-1 1 --reason "không tìm được" """
    operations.dismiss_entry(
        actor=actor(), reason=reason, clock=agency_clock(), facility=facility, receipt=receipt, entry=entry
    )
    out.print("Đã trả lại cơ sở. · Dismissed.")

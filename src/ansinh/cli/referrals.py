"""`ansinh healthbook referral`: referral papers and appointments: look, check, use, print, remind. Whoever looks names a purpose, which the audit keeps."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from ansinh.cli.acting import actor
from ansinh.cli.book_words import Json, Person, PurposeOption, Reason, purpose_of, record_of
from ansinh.cli.screen import counted, out, print_json, titled_table
from ansinh.config.queries import agency_clock
from ansinh.database.urls import secrets_folder
from ansinh.foundation.purpose import Purpose
from ansinh.foundation.settings import settings
from ansinh.referrals import operations
from ansinh.referrals.queries import Found, PapersOf, Referral, Shown, year_long_diseases
from ansinh.referrals.states import VERDICT_WORDS

app = typer.Typer(no_args_is_help=True, help="Referral papers and re-examination appointments.")

STANDINGS = {
    "issued": "còn hạn · valid",
    "used": "đã dùng · used",
    "withdrawn": "thu hồi · withdrawn",
    "expired": "hết hạn · expired",
    "booked": "đã hẹn · booked",
    "kept": "đã đến · kept",
    "missed": "đã lỡ · missed",
}
Issuer = Annotated[str, typer.Option(help="The facility that issued the paper (5 characters).")]
Number = Annotated[str, typer.Option(help="The number on the paper.")]
At = Annotated[str, typer.Option("--at", help="The facility it is shown at (5 characters).")]


@app.command("list")
def list_papers(
    person: Person, reason: Reason, purpose: PurposeOption = Purpose.ADMINISTRATION.code, as_json: Json = False
) -> None:
    """List a person's papers and appointments. Example: ansinh --as hanoi.lan healthbook referral list 42 --reason "khách hỏi" """
    found = operations.read_papers(
        actor=actor(),
        reason=reason,
        clock=agency_clock(),
        person_id=record_of(person),
        purpose=purpose_of(purpose),
    )
    if as_json:
        print_json(plain(found))
    else:
        show_papers(found)


@app.command()
def check(person: Person, reason: Reason, issuer: Issuer, number: Number, at: At, as_json: Json = False) -> None:
    """Say what a paper is good for at a facility; exit code 1 when it cannot be used.

    Example: ansinh healthbook referral check 42 --issuer 01097 --number GCT-1 --at 01004 --reason "tiếp đón"
    """
    shown = Shown(record_of(person), issuer, number, at, "")
    found = operations.check_referral(actor=actor(), reason=reason, clock=agency_clock(), shown=shown)
    _tell(found, as_json=as_json)
    if found.verdict.value != "usable":
        raise typer.Exit(1)


@app.command()
def use(
    person: Person,
    reason: Reason,
    issuer: Issuer,
    number: Number,
    at: At,
    visit: Annotated[str, typer.Option(help="The facility's own number of the visit (MA_LK).")],
    as_json: Json = False,
) -> None:
    """Use a paper for a visit; a second visit is refused with when and where.

    Example: ansinh healthbook referral use 42 --issuer 01097 --number GCT-1 --at 01004 --visit LK-1 --reason "tiếp đón"
    """
    shown = Shown(record_of(person), issuer, number, at, visit)
    _tell(operations.use_referral(actor=actor(), reason=reason, clock=agency_clock(), shown=shown), as_json=as_json)


@app.command("print")
def print_paper(
    person: Person,
    paper: Annotated[int, typer.Argument(help="The paper's place in the list.")],
    reason: Reason,
    file: Annotated[Path, typer.Option("--out", help="PDF to write; its signature is written beside it.")],
    appointment: Annotated[bool, typer.Option("--appointment", help="An appointment slip, not a referral.")] = False,
    purpose: PurposeOption = Purpose.ADMINISTRATION.code,
) -> None:
    """Issue a paper as a signed PDF with a QR code. Example: ansinh --as hanoi.gd healthbook referral print 42 1 --out giay.pdf --reason "in lại" """
    clock, secrets, record = agency_clock(), secrets_folder(settings()), record_of(person)
    if appointment:
        made = operations.print_appointment(
            actor=actor(),
            reason=reason,
            clock=clock,
            person_id=record,
            appointment_id=paper,
            purpose=purpose_of(purpose),
            secrets=secrets,
        )
    else:
        made = operations.print_referral(
            actor=actor(),
            reason=reason,
            clock=clock,
            person_id=record,
            referral_id=paper,
            purpose=purpose_of(purpose),
            secrets=secrets,
        )
    file.write_bytes(made.content)
    file.with_name(file.name + ".jws").write_text(made.paper.signature + "\n", encoding="ascii")
    out.print(f"Đã ghi · Written: {file} ({made.paper.number}, {counted(len(made.content))} byte)")


@app.command()
def remind(
    reason: Reason,
    days: Annotated[int, typer.Option(help="How many days ahead.", min=0, max=30)] = operations.REMIND_DAYS_AHEAD,
) -> None:
    """Remind people of appointments due soon, each once. Example: ansinh healthbook referral remind --reason "nhắc hẹn hằng ngày" """
    told = operations.send_reminders(actor=actor(), reason=reason, clock=agency_clock(), days_ahead=days)
    out.print(f"Đã nhắc · Reminded: {counted(told)}")


@app.command("year-long")
def year_long(as_json: Json = False) -> None:
    """List the diseases whose papers are valid for a year. Example: ansinh healthbook referral year-long"""
    listed = year_long_diseases()
    if as_json:
        print_json([{"first": one.first, "last": one.last, "vi": one.vi, "en": one.en} for one in listed])
        return
    table = titled_table("Giấy chuyển có giá trị một năm · Papers valid for a year", "ICD-10", "Bệnh", "Disease")
    for one in listed:
        table.add_row(one.first if one.first == one.last else f"{one.first}–{one.last}", one.vi, one.en)
    out.print(table)


def show_papers(found: PapersOf) -> None:
    """Print papers and appointments as two short tables."""
    table = titled_table(
        "Giấy chuyển · Referral papers", "", "Số · No.", "Từ · From", "Đến · To", "Giá trị · Valid", ""
    )
    for one in found.referrals:
        days = f"{_day(one.issued_on)} – {_day(one.valid_until)}"
        to = one.to_facility_name or "—"
        table.add_row(str(one.referral_id), one.number, one.facility_name, to, days, _standing(one))
    out.print(table)
    table = titled_table("Lịch hẹn · Appointments", "", "Số · No.", "Cơ sở · Facility", "Ngày · Day", "")
    for slip in found.appointments:
        until = f"{_day(slip.due_on)} (→ {_day(slip.valid_until)})"
        table.add_row(str(slip.appointment_id), slip.number, slip.facility_name, until, STANDINGS[slip.standing])
    out.print(table)


def plain(found: PapersOf) -> dict[str, object]:
    """Return papers as JSON has them."""
    return {
        "person": found.person_id,
        "referrals": [
            {name: getattr(one, name) for name in ("referral_id", "facility", "number", "to_facility", "issued_on")}
            | {"valid_until": one.valid_until, "reach": one.reach, "path": one.path, "standing": one.standing}
            | {"uses": [{"facility": use.facility, "episode": use.episode, "at": use.at} for use in one.uses]}
            for one in found.referrals
        ],
        "appointments": [
            {name: getattr(one, name) for name in ("appointment_id", "facility", "number", "due_on", "valid_until")}
            | {"standing": one.standing}
            for one in found.appointments
        ],
    }


def _standing(one: Referral) -> str:
    used = f" {one.uses[0].at_local:%d/%m %H:%M} {one.uses[0].facility}" if one.uses else ""
    return f"{STANDINGS[one.standing]}{used}"


def _tell(found: Found, *, as_json: bool) -> None:
    if as_json:
        used = {"facility": found.used.facility, "at": found.used.at} if found.used else None
        print_json({"verdict": found.verdict.value, "used": used})
        return
    vi, en = VERDICT_WORDS[found.verdict]
    out.print(vi, en, markup=False)
    if found.used is not None:
        out.print(
            f"{found.used.at_local:%H:%M %d/%m/%Y}, {found.used.facility} {found.used.facility_name}", markup=False
        )


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"

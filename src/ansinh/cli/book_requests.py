"""`ansinh book …`: what officers decide about contribution books. Every decision needs `--as OFFICER` and a reason."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from ansinh.cli.acting import actor
from ansinh.cli.book_words import Json, Person, Reason, month, record_of
from ansinh.cli.screen import counted, out, print_json
from ansinh.config.queries import agency_clock
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.participation import operations, queries
from ansinh.participation.operations import Months, Vouched
from ansinh.participation.states import WORK

NO_UNEMPLOYMENT = "no-unemployment"

app = typer.Typer(no_args_is_help=True)

Request = Annotated[int, typer.Argument(help="Request number, as `ansinh book requests` shows it.", metavar="REQUEST")]
Employer = Annotated[str, typer.Option("--employer", help="Code of the employer.")]


@app.command()
def requests(as_json: Json = False) -> None:
    """Show corrections and closings that wait. Example: ansinh book requests"""
    waiting, closings = queries.book_requests_open(), queries.closings_open()
    if as_json:
        print_json({"requests": [asdict(one) for one in waiting], "closings": [asdict(one) for one in closings]})
        return
    table = Table(title="Đề nghị điều chỉnh, chốt sổ · Corrections, closings", title_justify="left")
    for column in (
        "Số · No.",
        "Hồ sơ · Record",
        "Điều sai · Wrong",
        "Giấy tờ · Evidence",
        "Chuẩn bị · Prepared",
        "Người lập · By",
    ):
        table.add_column(column)
    for one in waiting:
        table.add_row(
            str(one.request),
            f"#{one.person_id}",
            one.wrong,
            one.evidence,
            _prepared(one),
            one.prepared_by or one.filed_by,
        )
    for closing in closings:
        until = month(queries.month_before(closing.until_month))
        told = f"chốt đến hết · close through {until}, {closing.employer_name}"
        table.add_row(f"C{closing.closing}", f"#{closing.person_id}", "–", closing.paper, told, closing.prepared_by)
    out.print(table)


@app.command()
def request(
    person: Person,
    wrong: Annotated[str, typer.Option(help="What is wrong, in the person's words.")],
    evidence: Annotated[str, typer.Option(help="The paper that shows it.")],
    reason: Reason,
    as_json: Json = False,
) -> None:
    """File a correction for a person. Example: ansinh --as hanoi.thu book request 42 --wrong "thiếu năm 2012" --evidence "HĐLĐ số 7" --reason "tại quầy" """
    filed = operations.file_request(
        actor=actor(), reason=reason, clock=agency_clock(), person_id=record_of(person), wrong=wrong, evidence=evidence
    )
    _tell(filed, as_json=as_json)


@app.command()
def prepare(
    number: Request,
    first_and_last: Annotated[
        tuple[str, str], typer.Option("--months", help="First and last month: 2012-01 2012-12; - as last: they go on.")
    ],
    reason: Reason,
    employer: Annotated[str | None, typer.Option(help="Code of the employer; none for voluntary insurance.")] = None,
    wage: Annotated[
        int | None, typer.Option(help="Monthly wage in đồng; without one the months are taken out.")
    ] = None,
    mark: Annotated[
        list[str] | None, typer.Option(help=f"{', '.join(WORK)} or {NO_UNEMPLOYMENT}; may be given again.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Say which months a request puts into the book. Example: ansinh --as hanoi.thu book prepare 7 --employer HH0101 --months 2012-01 2012-12 --wage 5000000"""
    first, last = first_and_last
    marks = mark or []
    works = [one for one in marks if one != NO_UNEMPLOYMENT]
    months = Months(
        employer_id=_employer(employer) if employer else None,
        scheme="compulsory" if employer else "voluntary",
        from_month=_month(first, "--months"),
        until_month=None if last == "-" else _month_after(last, "--months"),
        wage=wage,
        unemployment=employer is not None and NO_UNEMPLOYMENT not in marks,
        work=works[0] if works else "normal",
    )
    operations.prepare_request(actor=actor(), reason=reason, clock=agency_clock(), request=number, months=months)
    _tell(number, as_json=as_json)


@app.command()
def approve(number: Request, reason: Reason, as_json: Json = False) -> None:
    """Approve what another officer prepared. Example: ansinh --as hanoi.nam book approve 7 --reason "đủ giấy tờ" """
    operations.approve_request(actor=actor(), reason=reason, clock=agency_clock(), request=number)
    _tell(number, as_json=as_json)


@app.command()
def reject(number: Request, reason: Reason, as_json: Json = False) -> None:
    """Refuse a request; the reason is told to the person. Example: ansinh --as hanoi.nam book reject 7 --reason "hợp đồng không có chữ ký" """
    operations.refuse_request(actor=actor(), reason=reason, clock=agency_clock(), request=number)
    _tell(number, as_json=as_json)


@app.command()
def confirm(
    person: Person,
    employer: Employer,
    through: Annotated[str, typer.Option(help="Last month confirmed, 2025-06.")],
    paper: Annotated[str, typer.Option(help="The paper that shows it.")],
    reason: Reason,
    as_json: Json = False,
) -> None:
    """Confirm months with an employer. Example: ansinh --as hanoi.thu book confirm 42 --employer HH0101 --through 2025-06 --paper "D02" --reason "đủ" """
    vouched = _vouched(person, employer, through, paper)
    made = operations.confirm_months(actor=actor(), reason=reason, clock=agency_clock(), vouched=vouched)
    if as_json:
        print_json({"person": vouched.person_id, "attestation": made})
    else:
        out.print("Đã xác nhận. · Confirmed.")


@app.command()
def close(
    person: Person,
    employer: Employer,
    through: Annotated[str, typer.Option(help="Last month with the employer, 2025-06.")],
    paper: Annotated[str, typer.Option(help="The paper that shows it.")],
    reason: Reason,
    as_json: Json = False,
) -> None:
    """Prepare a closing; another decides. Example: ansinh --as hanoi.thu book close 42 --employer HH0101 --through 2025-06 --paper "QĐ 7" --reason "nghỉ" """
    vouched = _vouched(person, employer, through, paper)
    closing = operations.prepare_closing(actor=actor(), reason=reason, clock=agency_clock(), vouched=vouched)
    if as_json:
        print_json({"person": vouched.person_id, "closing": closing, "state": "prepared"})
    else:
        out.print(
            f"Chờ cán bộ khác. · Waits for another officer: ansinh --as … book decide-closing {vouched.person_id} {closing}",
            soft_wrap=True,
        )


@app.command("decide-closing")
def decide_closing(
    person: Person,
    closing: Annotated[int, typer.Argument(help="Number of the closing.", metavar="CLOSING")],
    reason: Reason,
    refuse: Annotated[bool, typer.Option("--refuse", help="Refuse it instead of approving.")] = False,
    as_json: Json = False,
) -> None:
    """Approve or refuse a closing another officer prepared. Example: ansinh --as hanoi.nam book decide-closing 42 1 --reason "đủ giấy tờ" """
    record = record_of(person)
    operations.decide_closing(
        actor=actor(), reason=reason, clock=agency_clock(), person_id=record, closing=closing, approve=not refuse
    )
    if as_json:
        print_json({"person": record, "closing": closing, "state": "refused" if refuse else "in_force"})
    else:
        out.print("Đã từ chối. · Refused." if refuse else "Đã chốt sổ. · Closed.")


def _tell(number: int, *, as_json: bool) -> None:
    found = queries.book_request(number)
    assert found is not None
    if as_json:
        print_json(asdict(found))
        return
    what = {
        "filed": f"chờ cán bộ chuẩn bị. · Waits for an officer: ansinh --as … book prepare {number} …",
        "prepared": f"chờ cán bộ khác duyệt. · Waits for another officer: ansinh --as … book approve {number}",
        "applied": "đã ghi vào sổ. · In the book.",
        "refused": "đã từ chối. · Refused.",
    }[found.state]
    out.print(f"Đề nghị {number} {what}", markup=False, soft_wrap=True)


def _prepared(one: queries.BookRequest) -> str:
    if one.act is None or one.from_month is None:
        return "–"
    last = None if one.until_month is None else queries.month_before(one.until_month)
    amount = "bỏ · out" if one.act == "clear" else counted(one.wage)
    return f"{month(one.from_month)} – {month(last)} {one.employer or one.scheme}: {amount}"


def _vouched(person: str, employer: str, through: str, paper: str) -> Vouched:
    return Vouched(record_of(person), _employer(employer), _month_after(through, "--through"), paper)


def _employer(code: str) -> int:
    found = queries.employer_of_code(code)
    if found is None:
        raise NotFound("Không có đơn vị mang mã này.", "No employer has this code.", field="employer")
    return found


def _month(text: str, option: str) -> int:
    digits = text.replace("-", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) == 6 and 1 <= int(digits[4:]) <= 12):
        raise InvalidInput(f"{option}: ghi như 2025-06.", f"{option}: write it like 2025-06.", field=option)
    return int(digits)


def _month_after(text: str, option: str) -> int:
    last = _month(text, option)
    return last + 89 if last % 100 == 12 else last + 1

"""`ansinh book`: contribution books: look, hand out, take declarations in. Whoever looks at a book names a purpose, which the audit keeps."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from ansinh.access.keys import published_keys, signing_keys
from ansinh.cli import book_requests
from ansinh.cli.acting import actor
from ansinh.cli.book_words import Json, Person, PurposeOption, Reason, month, purpose_of, record_of
from ansinh.cli.screen import counted, out, print_json
from ansinh.config.queries import agency_clock
from ansinh.database.urls import secrets_folder
from ansinh.documents.setting import picture_paper
from ansinh.documents.signatures import KEYS_NAME, proven
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.foundation.purpose import Purpose
from ansinh.foundation.settings import settings
from ansinh.participation import operations, queries
from ansinh.participation.operations import Issued
from ansinh.participation.queries import Book, Receipt, month_before
from ansinh.participation.states import SCHEMES, WORK

FILE_BYTES_MAX = 20_000_000

app = typer.Typer(
    no_args_is_help=True,
    help="Contribution books: look at one, hand it out signed, take employers' declarations in, correct and close.",
)
app.add_typer(book_requests.app)


@app.command()
def show(
    person: Person,
    reason: Reason,
    purpose: PurposeOption = Purpose.ADMINISTRATION.code,
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As known at the end of that day.")] = None,
    as_json: Json = False,
) -> None:
    """Show a book: months by kind, each stretch, gaps, months told twice. Example: ansinh --as hanoi.lan book show 42 --reason "khách hỏi" --on 2025-06-30"""
    found = operations.read_book(
        actor=actor(),
        reason=reason,
        clock=agency_clock(),
        person_id=record_of(person),
        purpose=purpose_of(purpose),
        known_on=on.date() if on else None,
    )
    if as_json:
        print_json({"person": found.person_id, **queries.plain(found)})
    else:
        _print_book(found)


@app.command()
def statement(
    person: Person,
    reason: Reason,
    file: Annotated[Path, typer.Option("--out", help="PDF to write; its signature is written beside it.")],
    purpose: PurposeOption = Purpose.ADMINISTRATION.code,
    language: Annotated[str, typer.Option(help="vi or en.")] = "vi",
    picture: Annotated[Path | None, typer.Option(help="Also write the first page as a PNG picture.")] = None,
    as_json: Json = False,
) -> None:
    """Issue a statement as a signed PDF. Example: ansinh --as hanoi.lan book statement 42 --out book.pdf --reason "khách xin giấy" """
    if language not in {"vi", "en"}:
        raise InvalidInput("Chọn vi hoặc en.", "Choose vi or en.", field="language")
    clock, number = agency_clock(), record_of(person)
    issued = operations.issue_statement(
        actor=actor(),
        reason=reason,
        clock=clock,
        person_id=number,
        purpose=purpose_of(purpose),
        secrets=secrets_folder(settings()),
        language=language,
    )
    if picture is not None:
        told = queries.statement(number, clock.now().date(), language)
        picture.write_bytes(picture_paper(queries.STATEMENT_TEMPLATE, told, clock.now()))
    _hand_out(issued, file, as_json=as_json)


@app.command()
def export(
    person: Person,
    reason: Reason,
    file: Annotated[Path, typer.Option("--out", help="JSON file to write; its signature is written beside it.")],
    purpose: PurposeOption = Purpose.ADMINISTRATION.code,
    as_json: Json = False,
) -> None:
    """Export a book as JSON with a detached signature. Example: ansinh --as hanoi.lan book export 42 --out book.json --reason "theo yêu cầu" """
    issued = operations.export_book(
        actor=actor(),
        reason=reason,
        clock=agency_clock(),
        person_id=record_of(person),
        purpose=purpose_of(purpose),
        secrets=secrets_folder(settings()),
    )
    _hand_out(issued, file, as_json=as_json)


@app.command()
def prove(
    file: Annotated[
        Path, typer.Argument(help="A paper or export of the agency; FILE.jws lies beside it.", exists=True)
    ],
    keys: Annotated[
        Path | None, typer.Option(help="The agency's public keys; those of this installation unless told.", exists=True)
    ] = None,
    as_json: Json = False,
) -> None:
    """Prove that a file is as the agency issued it; exit code 1 when not. Example: ansinh book prove book.json --keys papers.public.jwks.json"""
    beside = file.with_name(file.name + ".jws")
    if not beside.exists():
        raise NotFound(
            f"Thiếu chữ ký {beside.name} bên cạnh {file.name}.",
            f"The signature {beside.name} is missing.",
            file=beside.name,
        )
    _must_fit(file)
    _must_fit(beside)
    folder = keys.parent if keys else secrets_folder(settings())
    name = keys.name.removesuffix(".public.jwks.json") if keys else KEYS_NAME
    holds = proven(file.read_bytes(), beside.read_text("ascii", "replace"), published_keys(folder, name))
    if as_json:
        print_json({"file": file.name, "proven": holds})
    else:
        out.print(
            "Chữ ký đúng. · The signature holds." if holds else "Chữ ký KHÔNG đúng. · The signature does NOT hold."
        )
    if not holds:
        raise typer.Exit(1)


@app.command()
def declare(
    file: Annotated[Path, typer.Argument(help="A declaration: CSV as contracts/participation says.", exists=True)],
    reason: Reason,
    as_json: Json = False,
) -> None:
    """Take a declaration in; exit code 1 when lines are rejected or parked. Example: ansinh --as hanoi.thu book declare 2025-06.csv --reason "kê khai" """
    _must_fit(file)
    made = operations.receive_declaration(actor=actor(), reason=reason, clock=agency_clock(), content=file.read_bytes())
    _print_receipt(made, as_json=as_json)
    if made.states.get("rejected") or made.states.get("parked"):
        raise typer.Exit(1)


@app.command()
def lines(
    receipt: Annotated[str, typer.Argument(help="EMPLOYER/MONTH/VERSION, as the receipt says.", metavar="RECEIPT")],
    state: Annotated[list[str] | None, typer.Option(help="Only lines in this state; may be given again.")] = None,
    after: Annotated[int, typer.Option(min=0, help="Only lines after this one.")] = 0,
    as_json: Json = False,
) -> None:
    """Show what became of a declaration's lines. Example: ansinh book lines HH0101/202506/1 --state rejected --state parked"""
    found = _receipt_of(receipt)
    decided = queries.decided_lines(found.employer, found.month, found.version, state or (), after)
    if as_json:
        print_json(
            {
                "receipt": found.reference,
                "lines": [{name: value for name, value in asdict(one).items() if name != "raw"} for one in decided],
            }
        )
        return
    for one in decided:
        out.print(f"{one.line}: {one.act or '–'} {one.state}", markup=False)
        for trouble in one.troubles:
            out.print(f"    {trouble['code']}: {trouble['vi']}\n      {trouble['en']}", markup=False, soft_wrap=True)


@app.command()
def retry(
    reason: Reason,
    length: Annotated[int, typer.Option(min=1, max=1_000, help="How many at most.")] = 100,
    as_json: Json = False,
) -> None:
    """Try parked lines again, whose people may be known by now. Example: ansinh --as hanoi.thu book retry --reason "hằng ngày" """
    states = operations.retry_parked(actor=actor(), reason=reason, clock=agency_clock(), length=length)
    if as_json:
        print_json(states)
    else:
        out.print(", ".join(f"{state} {counted(number)}" for state, number in states.items()) or "Không có. · None.")


@app.command()
def keys(as_json: Json = False) -> None:
    """Show where the public keys lie that strangers prove papers with. Example: ansinh book keys"""
    secrets = secrets_folder(settings())
    signing_keys(secrets, KEYS_NAME)
    file = secrets / f"{KEYS_NAME}.public.jwks.json"
    if as_json:
        print_json({"file": str(file), "keys": list(published_keys(secrets, KEYS_NAME))})
    else:
        out.print(str(file), markup=False)


def _hand_out(issued: Issued, file: Path, *, as_json: bool) -> None:
    file.write_bytes(issued.content)
    beside = file.with_name(file.name + ".jws")
    beside.write_text(issued.paper.signature, encoding="ascii")
    if as_json:
        print_json(
            {"number": issued.paper.number, "sha256": issued.paper.sha256, "file": str(file), "signature": str(beside)}
        )
    else:
        out.print(f"{issued.paper.number}: {file}, {beside}", markup=False, soft_wrap=True)


def _print_book(found: Book) -> None:
    totals = found.totals
    out.print(
        f"Hồ sơ #{found.person_id}, tính trước tháng {month(found.upto)}: {counted(totals.months)} tháng · months "
        f"(bắt buộc · compulsory {counted(totals.compulsory)}, tự nguyện · voluntary {counted(totals.voluntary)}, "
        f"BHTN · unemployment {counted(totals.unemployment)}, trước 2014 · before 2014 {counted(totals.before_2014)})",
        soft_wrap=True,
    )
    table = Table(title="Quá trình đóng · Contributions", title_justify="left")
    for column in ("Từ · From", "Đến hết · Through", "Đơn vị · Employer", "Loại · Scheme"):
        table.add_column(column)
    for column in ("Tháng · Months", "Lương · Wage"):
        table.add_column(column, justify="right", no_wrap=True)
    for former, line in zip((None, *found.lines), found.lines, strict=False):
        employer = "" if former and former.employer == line.employer else line.employer_name or "–"
        work = "" if line.work == "normal" else f", {WORK[line.work][0]}"
        table.add_row(
            month(line.from_month),
            month(None if line.until_month is None else month_before(line.until_month)),
            employer,
            SCHEMES[line.scheme][0] + (" + BHTN" if line.unemployment else "") + work,
            counted(line.months),
            counted(line.wage),
        )
    out.print(table)
    for finding in (*found.overlaps, *found.gaps):
        out.print(f"  • {finding.vi}\n    {finding.en}", markup=False, soft_wrap=True)
    if found.gaps:
        out.print(f"    {queries.GAP_HELP[0]}\n    {queries.GAP_HELP[1]}", markup=False, soft_wrap=True)
    for one in found.attested:
        out.print(
            f"  ✓ {one.employer_name}: {one.kind}, đến hết · through {month(month_before(one.until_month))} ({one.paper})",
            markup=False,
            soft_wrap=True,
        )


def _must_fit(file: Path) -> None:
    """Refuse a file that is too large before it is read."""
    if file.stat().st_size > FILE_BYTES_MAX:
        raise InvalidInput(f"{file.name} quá lớn.", f"{file.name} is too large.", field="file")


def _receipt_of(reference: str) -> Receipt:
    employer, _, rest = reference.partition("/")
    declared, _, version = rest.partition("/")
    found = None
    if declared.isdigit() and version.isdigit() and len(declared) == 6 and len(version) < 6:
        found = queries.receipt(employer, int(declared), int(version))
    if found is None:
        raise NotFound("Không có biên nhận này.", "There is no such receipt.")
    return found


def _print_receipt(made: Receipt, *, as_json: bool) -> None:
    if as_json:
        print_json({"receipt": made.reference, **asdict(made)})
        return
    states = ", ".join(f"{state} {counted(number)}" for state, number in made.states.items())
    out.print(f"Biên nhận · Receipt {made.reference}: {counted(made.lines)} dòng · lines ({states})", soft_wrap=True)
    if made.states.get("rejected") or made.states.get("parked"):
        out.print(f"Xem · See: ansinh book lines {made.reference} --state rejected --state parked", soft_wrap=True)

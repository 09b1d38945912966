"""`ansinh healthbook`: hospitals' files judged on a desk, and what their tables are."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from ansinh.cli import healthbook_certificates, healthbook_placing, healthbook_reading, overuse, referrals
from ansinh.cli.screen import out, print_json, titled_table
from ansinh.foundation.errors import InvalidInput
from ansinh.healthbook.formats import documenting, tables
from ansinh.healthbook.formats.checking import Checked, check_file
from ansinh.healthbook.formats.line_errors import LineError
from ansinh.healthbook.formats.package import Known
from ansinh.healthbook.states import SubmissionKind

app = typer.Typer(no_args_is_help=True, help="The electronic health book: what hospitals submit.")
app.add_typer(overuse.app, name="overuse")
app.add_typer(referrals.app, name="referral")
app.add_typer(healthbook_reading.app, name="access")
app.add_typer(healthbook_certificates.app, name="certificate")
app.add_typer(healthbook_placing.app, name="waiting")
app.command()(healthbook_reading.show)

Json = Annotated[bool, typer.Option("--json", help="JSON for machines.")]


class Kind(StrEnum):
    """Kind of a file, as its door would say."""

    CHECK_IN = "check-in"
    QD_130 = "130"
    QD_4750 = "4750"
    QD_3176 = "3176"
    QD_4210 = "4210"
    ASSESSMENT = "assessment"
    PAPERS = "papers"
    DEATH = "death"
    BIRTH = "birth"


_KINDS = {
    Kind.CHECK_IN: SubmissionKind.CHECK_IN,
    Kind.QD_130: SubmissionKind.ENCOUNTER_130,
    Kind.QD_4750: SubmissionKind.ENCOUNTER_4750,
    Kind.QD_3176: SubmissionKind.ENCOUNTER_3176,
    Kind.QD_4210: SubmissionKind.OLD_ENCOUNTER,
    Kind.ASSESSMENT: SubmissionKind.ASSESSMENT,
    Kind.PAPERS: SubmissionKind.PAPERS,
    Kind.DEATH: SubmissionKind.DEATH_NOTICE,
    Kind.BIRTH: SubmissionKind.BIRTH_CERTIFICATE,
}


@app.command(name="check-file")
def judge_file(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="An XML file as hospital software sends it.")
    ],
    kind: Annotated[Kind | None, typer.Option(help="What the file is; left out, its root element tells.")] = None,
    facility: Annotated[str | None, typer.Option(help="The facility that sends (5 characters).")] = None,
    as_json: Json = False,
) -> None:
    """Judge a hospital's file line by line, without a database. Example: ansinh healthbook check-file visit.xml --kind 4750

    Exit codes: 0 it would be accepted; 1 it has errors that reject it. Persons and the list of facilities are not looked up.
    """
    checked = check_file(file, _KINDS[kind] if kind else None, Known(sender=facility))
    if as_json:
        print_json(_plain(checked))
    else:
        _show(file, checked)
    if not checked.accepted:
        raise typer.Exit(1)


@app.command(name="tables")
def describe(
    table: Annotated[str | None, typer.Argument(help="A table such as XML3 or CT07; left out, all are listed.")] = None,
    as_json: Json = False,
) -> None:
    """Tell what tables hospitals send, or every field of one. Example: ansinh healthbook tables XML3"""
    if table is None:
        _list_tables(as_json)
        return
    code = table.upper()
    if code not in tables.CODES:
        raise InvalidInput(
            f"Không có bảng “{table[:20]}”. Các bảng: {', '.join(tables.CODES)}.",
            f"There is no table “{table[:20]}”. The tables are {', '.join(tables.CODES)}.",
            field="table",
        )
    if as_json:
        print_json(tables.told(code.lower()))
        return
    for line in documenting.about(code):
        out.print(line, markup=False)
    shown = titled_table(
        code, "chỉ tiêu · field", "kiểu · type", "cỡ · size", "bắt buộc · needed", "mã, dạng · codes, form"
    )
    for field in documenting.lines(code):
        shown.add_row(field.name, field.type, field.size, escape(field.needed), escape(field.rule))
    out.print(shown)


def _list_tables(as_json: bool) -> None:
    if as_json:
        print_json([{"code": code, **_titles(code)} for code in tables.CODES])
        return
    shown = titled_table("Bảng bệnh viện gửi · tables that hospitals send", "bảng · table", "tên", "title", "fields")
    for code in tables.CODES:
        titles = _titles(code)
        shown.add_row(code, titles["title_vi"], titles["title_en"], str(len(tables.told(code.lower())["fields"])))
    out.print(shown)


def _titles(code: str) -> dict[str, str]:
    told = tables.told(code.lower())
    return {"title_vi": told["title_vi"], "title_en": told["title_en"]}


def _plain(checked: Checked) -> dict[str, object]:
    package = checked.package
    return {
        "accepted": checked.accepted,
        "kind": package.kind.name.lower() if package.kind is not None else None,
        "facility": package.facility,
        "signed": package.signature,
        "episodes": [{code: len(rows) for code, rows in episode.tables.items()} for episode in package.episodes],
        "errors": [error.plain() for error in checked.errors],
    }


def _show(file: Path, checked: Checked) -> None:
    package = checked.package
    rejecting = [error for error in checked.errors if error.rejects]
    milder = [error for error in checked.errors if not error.rejects]
    verdict = (
        "[green]✔ nhận được · would be accepted[/green]" if checked.accepted else "[red]✘ bị từ chối · refused[/red]"
    )
    out.print(f"{verdict}  ", end="")
    out.print(file.name, markup=False)
    counts = ", ".join(_count(code, rows) for episode in package.episodes[:5] for code, rows in episode.tables.items())
    out.print(f"  {len(package.episodes)} hồ sơ · files: {counts or '–'}", markup=False)
    for title, found in (("lỗi · errors", rejecting), ("cảnh báo · warnings", milder)):
        if found:
            out.print(_errors(f"{len(found)} {title}", found))


def _count(code: str, rows: list[dict[str, str]]) -> str:
    return f"{code} ×{len(rows)}" if len(rows) > 1 else code


def _errors(title: str, errors: Iterable[LineError]) -> Table:
    shown = titled_table(title, "ở đâu · where", "mã · code", "nói gì · what")
    for error in errors:
        where = f"{error.table or '–'}{f' #{error.row}' if error.row else ''} {error.field}"
        placed = where if error.episode == 1 else f"({error.episode}) {where}"
        shown.add_row(escape(placed), error.code, escape(f"{error.vi}\n{error.en}"))
    return shown

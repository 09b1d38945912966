"""`ansinh report`: the figures at any date, against any other date."""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from ansinh.cli.acting import actor
from ansinh.cli.screen import counted, out, print_json
from ansinh.config.queries import agency_clock
from ansinh.database.folder import data_folder
from ansinh.foundation.clock import Clock, legal_day
from ansinh.foundation.settings import settings
from ansinh.places.queries import provinces
from ansinh.reporting.document.issuing import published_figures, write_report, write_reports
from ansinh.reporting.operations import close_days, count_days
from ansinh.reporting.queries import (
    CUT_OFFS,
    Figure,
    figures,
    figures_by_province,
    indicator,
    last_whole_month,
    open_data,
    sources_of,
)

app = typer.Typer(no_args_is_help=True, help="The figures at any date, against any other date.")


REASON = "báo cáo Đề án 06"
COMPARE = date(2024, 12, 31)
_COMPARE = datetime.combine(COMPARE, datetime.min.time())


class Format(StrEnum):
    """How figures are printed."""

    TABLE = "table"
    JSON = "json"


class ReportFormat(StrEnum):
    """What the report is made as."""

    TABLE = "table"
    JSON = "json"
    HTML = "html"
    PDF = "pdf"
    XLSX = "xlsx"
    DOCX = "docx"


class ReportLanguage(StrEnum):
    """What language the report is written in."""

    VI = "vi"
    EN = "en"


@app.callback()
def choose() -> None:
    """The figures at any date, against any other date."""


@app.command()
def project06(
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day counted; today unless told.")
    ] = None,
    compare: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Day to compare with.")] = _COMPARE,
    form: Annotated[
        ReportFormat,
        typer.Option("--format", help="table on the screen; json for machines; html, pdf, xlsx, docx as a file."),
    ] = ReportFormat.TABLE,
    language: Annotated[ReportLanguage, typer.Option("--lang", help="Vietnamese or English.")] = ReportLanguage.VI,
    of_province: Annotated[
        str | None, typer.Option("--province", help="Code of one province; the nation unless told.")
    ] = None,
    monthly: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m"], help="One month against the month before, instead of two days."),
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--output", help="File to write; project06-DAY-LANG.FORMAT here unless told.")
    ] = None,
) -> None:
    """Count the figures of Project 06 afresh and report them. Example: ansinh report project06 --as-of 2025-06-30 --format pdf --lang vi"""
    count_days(actor=actor(), reason=REASON)
    day = as_of.date() if as_of else legal_day(agency_clock().now())
    before = compare.date()
    if monthly:
        before = monthly.date() - timedelta(days=1)
        day = last_whole_month(monthly.date() + timedelta(days=31))
    if form is ReportFormat.TABLE:
        out.print(_table(figures(day, before, of_province), day, before))
        return
    made = write_report(day, before, language.value, form.value, of_province, monthly=monthly is not None)
    if to is None and form is ReportFormat.JSON:
        sys.stdout.buffer.write(made)
        return
    of = f"{day:%Y-%m}" if monthly else str(day)
    file = to or Path(_name(f"{of_province}-{of}" if of_province else of, language.value, form.value))
    file.write_bytes(made)
    out.print(f"{file} · {counted(len(made))} byte")


@app.command()
def province(
    key: Annotated[str, typer.Argument(help="Key of an indicator, such as pay.account_share.urban.")],
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day counted; today unless told.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="table for people, json for machines.")] = Format.TABLE,
) -> None:
    """Count afresh and print a figure of each province. Example: ansinh report province pay.account_share.urban"""
    count_days(actor=actor(), reason=REASON)
    day = as_of.date() if as_of else legal_day(agency_clock().now())
    found = figures_by_province(key, day)
    if form is Format.JSON:
        told = [{"province": code, "value": value} for code, value in found]
        print_json({"key": key, "as_of": day, "provinces": told})
        return
    unit = next(one.indicator.unit for one in figures(day, day) if one.indicator.key == key)
    table = Table(title=f"{key} · {day:%d/%m/%Y}", title_justify="left")
    table.add_column("Tỉnh · Province")
    table.add_column("Giá trị · Value", justify="right")
    names = {one.code: one.name for one in provinces()}
    for code, value in found:
        table.add_row(f"{code} {names.get(code, '')}".strip(), counted(value, unit))
    out.print(table)


@app.command("open-data")
def open_data_files(
    folder: Annotated[Path, typer.Argument(help="Folder to write to; made if missing.", metavar="DIR")],
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Published up to the last whole month; today unless told."),
    ] = None,
) -> None:
    """Write the figures everybody may have, small ones hidden, with their dictionary. Example: ansinh report open-data ./open --as-of 2025-06-30"""
    count_days(actor=actor(), reason=REASON)
    made = open_data(as_of.date() if as_of else legal_day(agency_clock().now()))
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        (folder / name).write_bytes(content)
        out.print(f"{folder / name} · {counted(len(content))} byte")


@app.command("indicator")
def one_indicator(key: Annotated[str, typer.Argument(help="Key of an indicator, such as people.pin_share.")]) -> None:
    """Tell what an indicator means, who owns it, and the query over raw rows it comes from. Example: ansinh report indicator people.pin_share"""
    one = indicator(key)
    lines = {
        "Chỉ tiêu · Indicator": (one.key, one.vi, one.en),
        "Định nghĩa · Definition": (one.definition_vi, one.definition_en),
        "Chủ quản · Owner": (one.owner_vi, one.owner_en),
        "Phiên bản · Version": (str(one.version),),
        "Chốt số · Cut-off": CUT_OFFS[one.cut_off],
        "Mục tiêu · Target": (counted(one.target, one.unit), one.target_source),
        "Chia theo · By": one.dimensions,
        "Công bố · Public": ("có · yes" if one.public else "không · no", one.small_cells),
    }
    for head, texts in lines.items():
        out.print(f"[bold]{head}[/bold]: {' · '.join(text for text in texts if text)}")
    for source in sources_of(one):
        out.print(
            f"\n[bold]{source.name}[/bold]: {', '.join(series for series in one.formula.series if series in source.series)}"
        )
        out.print(source.cells, markup=False, highlight=False)


@app.command("close")
def close(
    until: Annotated[datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="Days before this one are closed.")],
) -> None:
    """Count, and close days that are over, so that their look-ups are not read again. Example: ansinh report close --until 2025-07-01"""
    days = close_days(actor=actor(), reason=REASON, clock=agency_clock(), until=until.date())
    out.print(f"Đã khóa đến trước {until:%d/%m/%Y} · Closed: {counted(days)} số đếm ngày")


def count_and_show(clock: Clock) -> str:
    """Count every figure afresh, write the report as of today against the end of 2024 in both languages, and print its main figures."""
    days = count_days(actor=actor(), reason=REASON)
    today = legal_day(clock.now())
    main = [one for one in figures(today, COMPARE) if one.indicator.key in published_figures()]
    out.print(_table(main, today, COMPARE))
    folder = data_folder(settings()) / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    forms = (ReportFormat.HTML.value, ReportFormat.PDF.value)
    for language, form, made in write_reports(today, COMPARE, [one.value for one in ReportLanguage], forms):
        file = folder / _name(today, language, form)
        file.write_bytes(made)
        out.print(f"  {file}")
    return f"{counted(days)} số đếm ngày"


def _name(day: date | str, language: str, form: str) -> str:
    return f"project06-{day}-{language}.{form}"


def _table(found: list[Figure], day: date, compare: date) -> Table:
    ends = (f"{day:%d/%m/%Y}", f"{compare:%d/%m/%Y}")
    table = Table(title=f"Đề án 06: số liệu đến {ends[0]}, so với {ends[1]} · Project 06", title_justify="left")
    table.add_column("Chỉ tiêu · Indicator")
    for column in (*ends, "Mục tiêu · Target"):
        table.add_column(column, justify="right")
    for figure in found:
        unit = figure.indicator.unit
        table.add_row(
            f"{figure.indicator.vi}\n[dim]{figure.indicator.en} · {figure.indicator.key}[/dim]",
            counted(figure.value, unit),
            counted(figure.compare_value, unit),
            counted(figure.indicator.target, unit),
        )
    return table

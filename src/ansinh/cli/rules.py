"""`ansinh rules`: what the law says on a day, and what it makes of a situation."""

from __future__ import annotations

import json
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from ansinh.cli.screen import out, print_json
from ansinh.foundation.errors import InvalidInput, Refusal
from ansinh.rules.careers.averages import Line
from ansinh.rules.law import parameters as all_parameters
from ansinh.rules.situations import Case, read_cases
from ansinh.rules.situations.answers import Answer

app = typer.Typer(no_args_is_help=True, help="The law: dated values, and what it makes of a situation.")

Json = Annotated[bool, typer.Option("--json", help="JSON for machines.")]


class Language(StrEnum):
    """Language of an explanation."""

    VI = "vi"
    EN = "en"


@app.command()
def calculate(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="One question or a list, YAML or JSON.")],
    explain: Annotated[Language | None, typer.Option(help="Also tell each step in this language.")] = None,
    as_json: Json = False,
) -> None:
    """Work out what is due in the situations of a file. Example: ansinh rules calculate docs/howto/situations/pension.yaml --explain vi

    With --json: a list with `results` and `steps` for each question; a question that cannot be answered has `refused` instead, and the exit code is 2.
    """
    answered = [(case, _answer(case)) for case in read_cases(file)]
    if as_json:
        print_json([_plain(case, answer) for case, answer in answered])
    else:
        for place, (case, answer) in enumerate(answered, start=1):
            _show(place, case, answer, explain)
    if any(isinstance(answer, Refusal) for _, answer in answered):
        raise typer.Exit(2)


@app.command()
def parameters(
    on: Annotated[str | None, typer.Option(help="A day such as 2026-07-01; today when left out.")] = None,
    name: Annotated[str, typer.Option(help="Only names that contain this.")] = "",
    as_json: Json = False,
) -> None:
    """List every value of law in force on a day, with the article it comes from. Example: ansinh rules parameters --on 2026-07-01 --name pension"""
    try:
        day = date.fromisoformat(on) if on else date.today()  # noqa: DTZ011 - a legal day of the reader's own calendar
    except ValueError as error:
        raise InvalidInput(
            f"“{on}” không phải là ngày. Ghi như 2026-07-01.",
            f"“{on}” is no day. Write it like 2026-07-01.",
            field="on",
        ) from error
    found = []
    for parameter in all_parameters().values():
        if name not in parameter.name:
            continue
        try:
            dated = parameter.in_force(day)
        except LookupError:
            continue
        found.append((parameter, dated))
    if as_json:
        print_json(
            [
                {
                    "name": parameter.name,
                    "value": dated.value,
                    "unit": parameter.unit,
                    "since": dated.day,
                    "reference": dated.reference,
                    "confidence": dated.confidence,
                    "vi": parameter.vi,
                    "en": parameter.description,
                }
                for parameter, dated in found
            ]
        )
        return
    table = Table(title=f"Pháp luật ngày {day:%d/%m/%Y} · the law on {day.isoformat()}")
    for title in ("tham số · parameter", "giá trị · value", "đơn vị · unit", "từ · since", "căn cứ · source"):
        table.add_column(title, overflow="fold")
    for parameter, dated in found:
        table.add_row(parameter.name, _figure(dated.value), parameter.unit, f"{dated.day:%d/%m/%Y}", dated.reference)
    out.print(table)


def _answer(case: Case) -> Answer | Refusal:
    """Return an answer, or the refusal of this question alone: its neighbours are answered all the same."""
    try:
        return case.answer()
    except Refusal as refusal:
        return refusal


def _plain(case: Case, answer: Answer | Refusal) -> dict[str, Any]:
    if isinstance(answer, Refusal):
        told: dict[str, Any] = {"refused": {"code": answer.code, "vi": answer.vi, "en": answer.en}}
    else:
        told = answer.plain()
    return {"title": case.title, **told}


def _show(place: int, case: Case, answer: Answer | Refusal, explain: Language | None) -> None:
    out.rule(case.title or f"Câu hỏi {place} · question {place}", align="left")
    if isinstance(answer, Refusal):
        out.print(f"[red]✘[/red] {answer.vi}\n  {answer.en}")
        return
    grid = Table.grid(padding=(0, 2))
    for one in answer.results:
        value = json.dumps(one.value, ensure_ascii=False) if isinstance(one.value, dict) else _figure(one.value)
        grid.add_row(one.key, f"[bold]{value}[/bold]", "₫" if one.unit == "currency-VND" else one.unit)
    out.print(grid)
    if explain is None:
        return
    vietnamese = explain is Language.VI
    for number, step in enumerate(answer.explanation.steps, start=1):
        who = f"{step.person}: " if step.person else ""
        out.print(f"{number:>3}. {who}{step.vi if vietnamese else step.en}", markup=False, highlight=False)
        cited = step.reference_vi if vietnamese else step.reference
        sources_of = [one.reference_vi if vietnamese else one.reference for one in step.parameters]
        sources = "; ".join(one for one in dict.fromkeys(sources_of) if one != cited)
        out.print(f"     [{cited}{' · ' + sources if sources else ''}]", markup=False, highlight=False, style="dim")
        if step.lines:
            out.print(_lines(step.lines))
    applied = [one for step in answer.explanation.steps for one in step.parameters]
    unsure = sorted({one.name for one in applied if one.confidence == "general"})
    if unsure:
        out.print("     Cần đối chiếu với văn bản gốc · to be confirmed in the text: " + ", ".join(unsure), style="dim")


def _lines(lines: tuple[Line, ...]) -> Table:
    """Return the table of an average salary: years, months, pay, coefficient, amount."""
    table = Table(box=None, padding=(0, 2))
    for title in ("năm · year", "tháng · months", "mức đóng · pay", "mức điều chỉnh · ×", "thành tiền · amount"):
        table.add_column(title, justify="right")
    for line in lines:
        coefficient = f"{line.coefficient_hundredths / 100:.2f}".replace(".", ",")
        amount = _figure((line.amount_hundredths + 50) // 100)
        table.add_row(str(line.year), str(line.months), _figure(line.wage), coefficient, amount)
    return table


def _figure(value: object) -> str:
    if isinstance(value, bool):
        return "có · yes" if value else "không · no"
    if value is None:
        return "—"
    if isinstance(value, int):
        return f"{value:,}".replace(",", ".")
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    return str(value)

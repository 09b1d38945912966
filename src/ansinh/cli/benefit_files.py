"""`ansinh benefits kinds|apply|state|files|file|prepare|decide|withdraw|decision|simulate|deadlines`: files from application to decision."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

import typer

from ansinh.benefits.file_states import FILE_KINDS, Channel, FileKind, FileState
from ansinh.benefits.operations import (
    Asked,
    Decided,
    Filed,
    decide_application,
    file_application,
    prepare_decision,
    show_file,
    show_simulation,
    state_facts,
    watch_deadlines,
    withdraw_application,
)
from ansinh.benefits.queries import (
    STATEMENTS,
    Wish,
    alerts,
    all_deadlines,
    decision,
    file_of_decision,
    files,
    files_of,
    pauses,
)
from ansinh.cli import benefit_screens as screens
from ansinh.cli.acting import actor
from ansinh.cli.rules import Language
from ansinh.cli.screen import out, print_json
from ansinh.config.queries import agency_clock
from ansinh.foundation.clock import VIET_NAM, legal_day
from ansinh.foundation.errors import InvalidInput

app = typer.Typer()

Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the audit.")]
Explain = Annotated[Language, typer.Option(help="Tell facts and steps in this language.")]
FileNumber = Annotated[int, typer.Argument(help="Number of the file, as `ansinh benefits files` lists it.")]
Stated = Annotated[
    list[str] | None, typer.Argument(help="What the applicant states, KEY=VALUE; `ansinh benefits kinds` lists what.")
]


@app.command()
def kinds(as_json: Json = False) -> None:
    """List the kinds of files and what may be stated in each, with the paper that shows it. Example: ansinh benefits kinds"""
    if as_json:
        print_json({kind.value: [asdict(one) for one in STATEMENTS[kind]] for kind in FileKind})
        return
    for kind, (vi, en) in FILE_KINDS.items():
        out.print(f"[bold]{kind}[/bold]  {vi} · {en}")
        for one in STATEMENTS[kind]:
            out.print(f"    {one.key} ({one.form}): {one.vi} · {one.en}. {one.paper_vi}, {one.where_vi}", style="dim")


@app.command()
def apply(
    kind: Annotated[FileKind, typer.Argument(help="What is asked for.")],
    person: Annotated[int, typer.Argument(help="Record number of who asks, and is paid.")],
    stated: Stated = None,
    insured: Annotated[int | None, typer.Option(help="Record number of the deceased.")] = None,
    channel: Annotated[Channel, typer.Option(help="By whom it came in.")] = Channel.OFFICER,
    received: Annotated[str | None, typer.Option(help="When, such as 2025-07-15T16:00; now when left out.")] = None,
    as_json: Json = False,
) -> None:
    """Take in a file; what registers know is not asked for. Example: ansinh --as hanoi.mai benefits apply retirement 8120"""
    clock = agency_clock()
    asked = Asked(kind, person, _moment(received) or clock.now(), channel, insured, _stated(stated))
    _show(file_application(actor=actor(), reason="tiếp nhận hồ sơ đề nghị hưởng", clock=clock, asked=asked), as_json)


@app.command()
def state(
    number: FileNumber,
    stated: Stated = None,
    awaiting: Annotated[str | None, typer.Option(help="Wait for a confirmation: whose, without a name.")] = None,
    reason: Reason = "bổ sung hồ sơ",
    as_json: Json = False,
) -> None:
    """Add what the applicant states with papers. Example: ansinh --as hanoi.mai benefits state 12 work_ended=2025-07-31"""
    who, clock = actor(), agency_clock()
    filed = state_facts(
        actor=who, reason=reason, clock=clock, application=number, stated=_stated(stated), awaiting=awaiting
    )
    _show(filed, as_json)


@app.command(name="files")
def list_files(
    in_state: Annotated[FileState | None, typer.Option("--state", help="Only in this state; open ones else.")] = None,
    kind: Annotated[FileKind | None, typer.Option(help="Only of this kind.")] = None,
    person: Annotated[int | None, typer.Option(help="All of this person, closed ones too.")] = None,
    length: Annotated[int, typer.Option(min=1, max=200, help="At most so many.")] = 50,
    as_json: Json = False,
) -> None:
    """List files, those due first first. Example: ansinh benefits files --state prepared"""
    found = files_of(person)[:length] if person is not None else files(state=in_state, kind=kind, length=length)
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        out.print(screens.files_table(found, legal_day(agency_clock().now())))


@app.command()
def file(
    number: FileNumber, explain: Explain = Language.VI, reason: Reason = "xem hồ sơ", as_json: Json = False
) -> None:
    """Show a file: what is known, missing, its clock, its decision as taken; leaves a line. Example: ansinh --as hanoi.mai benefits file 12"""
    found = show_file(actor=actor(), reason=reason, application=number)
    if as_json:
        plain = asdict(found)
        print_json({**plain.pop("file"), **plain})
        return
    screens.show_file(found.file, list(found.pauses), list(found.alerts))
    for one in found.decisions:
        screens.show_decision(one, explain)


@app.command()
def prepare(number: FileNumber, reason: Reason = "lập quyết định", as_json: Json = False) -> None:
    """Prepare the decision on a file with the law's answer. Example: ansinh --as hanoi.mai benefits prepare 12"""
    _decided(prepare_decision(actor=actor(), reason=reason, clock=agency_clock(), application=number), as_json)


@app.command()
def decide(
    number: FileNumber,
    send_back: Annotated[str | None, typer.Option(help="Not approved, and why: it is to be prepared anew.")] = None,
    reason: Reason = "duyệt quyết định",
    as_json: Json = False,
) -> None:
    """Approve the decision another officer prepared on a file, or send it back. Example: ansinh --as hanoi.son benefits decide 12"""
    decided = decide_application(
        actor=actor(), reason=reason, clock=agency_clock(), application=number, send_back=send_back
    )
    _decided(decided, as_json)


@app.command()
def withdraw(number: FileNumber, reason: Reason = "người nộp rút hồ sơ", as_json: Json = False) -> None:
    """Close a file the applicant wants no more. Example: ansinh --as hanoi.mai benefits withdraw 12"""
    _show(withdraw_application(actor=actor(), reason=reason, clock=agency_clock(), application=number), as_json)


@app.command(name="decision")
def show_decision(
    number: Annotated[int, typer.Argument(help="Number of the decision.")],
    explain: Explain = Language.VI,
    reason: Reason = "xem quyết định",
    as_json: Json = False,
) -> None:
    """Show a decision exactly as it was taken, whatever changed since; leaves a line. Example: ansinh --as hanoi.mai benefits decision 7"""
    shown = show_file(actor=actor(), reason=reason, application=file_of_decision(number))
    found = next(one for one in shown.decisions if one.decision_id == number)
    if as_json:
        print_json(asdict(found))
    else:
        screens.show_decision(found, explain)


@app.command()
def simulate(
    person: Annotated[int, typer.Argument(help="Record number.")],
    age: Annotated[int | None, typer.Option(help="At this age; the legal one when left out.")] = None,
    wage: Annotated[
        int | None, typer.Option(help="Monthly wage from now on, đồng; the last one when left out.")
    ] = None,
    growth: Annotated[float, typer.Option(help="Yearly growth above prices, per cent.")] = 0.0,
    pays_on: Annotated[bool, typer.Option("--pays-on/--stops", help="Whether contributions go on.")] = True,
    explain: Explain = Language.VI,
    as_json: Json = False,
) -> None:
    """Simulate “my pension at 62” over the real book; leaves a line. Example: ansinh --as hanoi.mai benefits simulate 8120 --age 62 --growth 2"""
    wish = Wish(age, wage, growth, pays_on)
    found = show_simulation(
        actor=actor(), reason="giả lập lương hưu", clock=agency_clock(), person_id=person, wish=wish
    )
    if as_json:
        print_json(asdict(found))
    else:
        screens.show_simulation(found, explain)


@app.command()
def deadlines(
    watch: Annotated[bool, typer.Option("--watch", help="Raise the alerts that are due.")] = False,
    on: Annotated[str | None, typer.Option(help="The law of this day; today when left out.")] = None,
    reason: Reason = "theo dõi thời hạn giải quyết",
    as_json: Json = False,
) -> None:
    """Show legal deadlines with their sources, what is due, and the alerts raised. Example: ansinh benefits deadlines --watch"""
    clock = agency_clock()
    raised = watch_deadlines(actor=actor(), reason=reason, clock=clock) if watch else {}
    day = _day(on) or legal_day(clock.now())
    found, told = all_deadlines(day), alerts()
    if as_json:
        lines = [{"kind": kind, **asdict(one)} for kind, one in found]
        print_json({"on": day, "deadlines": lines, "raised": raised, "alerts": [asdict(one) for one in told]})
        return
    out.print(screens.deadlines_table(found, day))
    if told:
        out.print(screens.alerts_table(told))
    if watch:
        words = {"near": "sắp đến hạn", "late": "quá hạn", "unanswered": "chưa trả lời"}
        out.print("Cảnh báo mới · new alerts: " + ", ".join(f"{words[kind]} {n}" for kind, n in raised.items()))


def _show(filed: Filed, as_json: bool) -> None:
    if as_json:
        print_json(asdict(filed.file))
    else:
        screens.show_file(filed.file, pauses(filed.application_id), alerts(filed.application_id))


def _decided(decided: Decided, as_json: bool) -> None:
    if as_json:
        print_json(asdict(decided) | {"decision": asdict(decision(decided.decision_id))})
    else:
        screens.show_decision(decision(decided.decision_id))


def _stated(words: list[str] | None) -> dict[str, Any]:
    """Return statements written KEY=VALUE; raises InvalidInput for anything else."""
    found: dict[str, Any] = {}
    for word in words or []:
        key, equals, value = word.partition("=")
        if not equals or not key or key in found:
            raise InvalidInput(
                f"“{word}”: ghi KHÓA=GIÁ-TRỊ, mỗi khóa một lần.",
                f"“{word}”: write KEY=VALUE, each key once.",
                field="stated",
            )
        found[key] = value
    return found


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise _no_day(text, "2025-07-15T16:00") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=VIET_NAM)


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise _no_day(text, "2025-07-15") from error


def _no_day(text: str, example: str) -> InvalidInput:
    return InvalidInput(
        f"“{text}” không phải là ngày. Ghi như {example}.", f"“{text}” is no day. Write it like {example}.", field="day"
    )

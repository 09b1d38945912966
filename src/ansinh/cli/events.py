"""`ansinh events`: births, deaths and what the agency finds by itself, from notice to result: what stands where, until when, and who has it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from ansinh.cli.acting import actor
from ansinh.cli.screen import out, print_json, titled_table
from ansinh.config.daily import find_life_events
from ansinh.config.partners import life_events_desk
from ansinh.config.queries import agency_clock
from ansinh.foundation.clock import VIET_NAM, legal_day
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.settings import settings
from ansinh.lifeevents import operations, queries
from ansinh.lifeevents.queries import FileShown
from ansinh.lifeevents.states import FOUND, KINDS, OFFICES, STEP_STATES, FileState, Kind, Office, planned, state_words

app = typer.Typer(no_args_is_help=True, help="Life events through all offices: find, file, follow, undo.")
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Form = Annotated[Path, typer.Argument(help="A JSON file with the form; - reads standard input.")]
FileNo = Annotated[int, typer.Argument(help="The number of the file.")]
CONTENT_BYTES_MAX = 256 * 1024
# Demonstrations live some days ahead of the nation's day.
HEARD_AHEAD_DAYS = 31


@app.command("hear")
def hear(
    kind: Kind,
    paper: Annotated[str, typer.Argument(help="What the hospital calls the paper, such as its receipt.")],
    form: Form,
    as_json: Json = False,
) -> None:
    """Take in a hospital's birth certificate or death notice. Example: ansinh events hear birth GCS-1 certificate.json"""
    file = operations.hear_hospital(**_said("giấy của cơ sở y tế"), kind=kind, paper=paper, content=_content(form))
    _tell(file, as_json=as_json)


@app.command("file")
def file_(kind: Kind, form: Form, as_json: Json = False) -> None:
    """Take in what a parent or relative files. Example: ansinh events file death form.json --as hanoi.mai"""
    act: Callable[..., int] = operations.file_birth if kind is Kind.BIRTH else operations.file_death
    _tell(act(**_said("nộp hồ sơ liên thông"), content=_content(form)), as_json=as_json)


@app.command()
def find(as_json: Json = False) -> None:
    """Find whom something happens to: retirement next month, a child's card that ends, a job lost; daily. Example: ansinh events find"""
    before = queries.counts()
    find_life_events(**_said("tìm việc phát sinh trong ngày"))
    found = {
        kind.value: sum(queries.counts().get(kind.value, {}).values()) - sum(before.get(kind.value, {}).values())
        for kind in FOUND
    }
    if as_json:
        print_json(found)
        return
    for kind in FOUND:
        vi, en = KINDS[kind]
        out.print(f"{vi}: {found[kind.value]} hồ sơ mới · {en}: {found[kind.value]} new", markup=False)


@app.command()
def supplement(file: FileNo, form: Form, as_json: Json = False) -> None:
    """Hand in what an office wanted, or what a person answers to a file that opened itself. Example: ansinh events supplement 7 more.json"""
    operations.supplement_file(**_said("bổ sung hồ sơ"), file_id=file, content=_content(form))
    _tell(file, as_json=as_json)


@app.command()
def withdraw(file: FileNo, as_json: Json = False) -> None:
    """Withdraw a file before it is registered. Example: ansinh events withdraw 7"""
    operations.withdraw_file(**_said("người nộp rút hồ sơ"), file_id=file)
    _tell(file, as_json=as_json)


@app.command("round")
def round_(as_json: Json = False) -> None:
    """Send what waits, hear what offices say, carry files on; safe at any moment. Example: ansinh events round"""
    with life_events_desk(settings(), agency_clock(), "trao đổi liên thông", actor()) as desk:
        done = desk.round()
    if as_json:
        print_json(asdict(done))
        return
    out.print(f"Đã gửi {done.delivered}, đã nhận {done.heard} · {done.delivered} sent, {done.heard} heard")
    for office in done.away:
        out.print(f"Không trả lời · no answer: {office}", style="yellow")


@app.command()
def chase(as_json: Json = False) -> None:
    """Ask offices after overdue steps and raise alerts with an apology; daily. Example: ansinh events chase"""
    with life_events_desk(settings(), agency_clock(), "đôn đốc hồ sơ liên thông", actor()) as desk:
        asked, raised = desk.chase()
    if as_json:
        print_json({"asked": asked, "alerts": raised})
        return
    out.print(f"Đã hỏi {asked} việc quá hạn, {raised} cảnh báo mới · {asked} asked after, {raised} new alerts")


@app.command()
def compare(
    on: Annotated[str, typer.Option(help="The day, such as 2025-07-31; today when left out.")] = "",
    as_json: Json = False,
) -> None:
    """Hold a day's books against every office's; exit code 1 where they differ. Example: ansinh events compare --on 2025-07-31"""
    clock = agency_clock()
    try:
        day = date.fromisoformat(on) if on else legal_day(clock.now())
    except ValueError as error:
        raise InvalidInput("Ngày viết dạng 2025-07-31.", "A day is written as 2025-07-31.", field="on") from error
    with life_events_desk(settings(), clock, "đối chiếu sổ liên thông", actor()) as desk:
        agreed = desk.compare(day)
    if as_json:
        print_json({"day": day.isoformat(), "agreed": agreed})
    else:
        for office, equal in agreed.items():
            out.print(f"{office}: {'khớp · agrees' if equal else 'LỆCH · DIFFERS'}")
    if not all(agreed.values()):
        raise typer.Exit(1)


@app.command("list")
def list_(
    state: Annotated[FileState | None, typer.Option(help="Only files in this state.")] = None,
    person: Annotated[int | None, typer.Option(help="Only files of, or by, this record.")] = None,
    as_json: Json = False,
) -> None:
    """List files, the newest first. Example: ansinh events list --state registered"""
    found = queries.files(state, person)
    if as_json:
        print_json([asdict(one) for one in found])
        return
    table = titled_table(
        "Hồ sơ liên thông · Files", "Số · No.", "Việc · Event", "Tình trạng · State", "Hạn · Due", "Chờ · Waits for"
    )
    for one in found:
        due = f"{one.due_on:%d/%m/%Y}" if one.due_on else "–"
        table.add_row(str(one.file_id), KINDS[one.kind][0], state_words(one.kind, one.state)[0], due, one.waits_vi)
    out.print(table)


@app.command()
def show(file: FileNo, as_json: Json = False) -> None:
    """Show a file: steps with clock and office, its story, what it did elsewhere. Example: ansinh events show 7"""
    shown = queries.file_shown(file)
    if shown.line.about is not None:
        shown = operations.show_file(actor=actor(), reason="xem hồ sơ liên thông", file_id=file)
    if as_json:
        print_json(asdict(shown))
        return
    show_file(shown)


@app.command()
def status(as_json: Json = False) -> None:
    """Show counts by state, messages with each office, what is parked and open cases. Example: ansinh events status"""
    counts, exchanged, parked, cases = queries.counts(), queries.exchanged(), queries.parked_items(), queries.cases()
    if as_json:
        print_json(
            {
                "files": counts,
                "messages": [
                    {"office": a, "sent": b, "acknowledged": c, "pending": d, "refused": e}
                    for a, b, c, d, e in exchanged
                ],
                "parked": [{"teller": a, "what": b, "because": c, "since": d, "paper": e} for a, b, c, d, e in parked],
                "cases": [asdict(one) for one in cases],
                "receipts_late": [{"file": a, "due_at": b, "given_at": c} for a, b, c in queries.late_receipts()],
            }
        )
        return
    for kind, states in counts.items():
        told = ", ".join(f"{state_words(Kind(kind), FileState(state))[0]}: {files}" for state, files in states.items())
        out.print(f"{KINDS[Kind(kind)][0]}: {told}", markup=False)
    table = titled_table(
        "Thông điệp · Messages", "Cơ quan", "Đã gửi · Sent", "Đã nhận · Taken", "Đang chờ · Pending", "Từ chối"
    )
    for office, sent, acknowledged, pending, refused in exchanged:
        table.add_row(office, str(sent), str(acknowledged), str(pending), str(refused))
    out.print(table)
    for teller, what, because, _, paper in parked:
        out.print(f"Để riêng · parked: {teller} {what} {paper}: {because}", markup=False)
    for number, due, given in queries.late_receipts():
        told = f"gửi {_moment(given)} · given" if given else "chưa gửi · not given"
        out.print(f"Giấy tiếp nhận quá hạn · receipt late: {number}, hạn {_moment(due)}, {told}", markup=False)
    for case in cases:
        out.print(f"Cần người xử lý · case {case.file_id}/{case.case_no}: {case.vi} · {case.en}", markup=False)


@app.command("partners")
def partners_(as_json: Json = False) -> None:
    """Show what stands between us and each office, and every day whose books differ; exit code 1 where any do. Example: ansinh events partners"""
    found = queries.partners()
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        table = titled_table(
            "Đối tác · Partners",
            "Cơ quan · Office",
            "Đã gửi · Sent",
            "Đã nhận · Taken",
            "Đang chờ · Pending",
            "Từ chối · Refused",
            "Chờ từ · Since",
            "Ngày đã đối chiếu · Days compared",
            "Lệch · Differ",
        )
        for one in found:
            since = _moment(one.pending_since) if one.pending_since else "–"
            counts = (one.sent, one.acknowledged, one.pending, one.refused)
            days = (str(one.days_compared), str(len(one.differing)))
            table.add_row(OFFICES[one.office][0], *(str(count) for count in counts), since, *days)
        out.print(table)
        for one in found:
            for day in one.differing:
                out.print(
                    f"LỆCH · DIFFERS {OFFICES[one.office][0]} {day.on_day:%d/%m/%Y}: gửi {day.sent}, họ nhận {day.taken}; họ báo {day.told}, nhận {day.heard}"
                    f" · sent {day.sent}, taken {day.taken}; told {day.told}, heard {day.heard}",
                    markup=False,
                    soft_wrap=True,
                )
    if any(one.differing for one in found):
        raise typer.Exit(1)


@app.command()
def heard(
    since: Annotated[str, typer.Option(help="The first day, such as 2025-07-01; today when left out.")] = "",
    as_json: Json = False,
) -> None:
    """Show by partner and day what was heard, what had its effect and what is parked. Example: ansinh events heard --since 2025-07-01"""
    today = legal_day(agency_clock().now())
    try:
        first = date.fromisoformat(since) if since else today
    except ValueError as error:
        raise InvalidInput("Ngày viết dạng 2025-07-31.", "A day is written as 2025-07-31.", field="since") from error
    found = queries.heard_by_day(first, today + timedelta(days=HEARD_AHEAD_DAYS))
    if as_json:
        names = ("partner", "day", "received", "applied", "parked")
        print_json([dict(zip(names, one, strict=True)) for one in found])
        return
    table = titled_table(
        "Sự kiện · Events",
        "Đơn vị · Partner",
        "Ngày · Day",
        "Nhận · Received",
        "Thực hiện · Applied",
        "Để riêng · Parked",
    )
    for partner, day, received, applied, parked in found:
        table.add_row(OFFICES[Office(partner)][0], f"{day:%d/%m/%Y}", str(received), str(applied), str(parked))
    out.print(table)


@app.command()
def link(
    paper: Annotated[str, typer.Argument(help="What the hospital calls the notice; see: ansinh events status")],
    person: Annotated[int, typer.Argument(help="The record it is about.")],
    as_json: Json = False,
) -> None:
    """Say whom a death notice that waits is about; the procedure goes on. Example: ansinh events link 01001/BA-7/0 12 --as hanoi.mai"""
    file = operations.link_paper(**_said("xác định giấy báo tử"), paper=paper, person_id=person)
    _tell(file, as_json=as_json)


@app.command()
def settle(
    file: FileNo,
    case: Annotated[int, typer.Argument(help="The number of the case.")],
    how: Annotated[str, typer.Option(help="How it was settled.")],
) -> None:
    """Settle what only a person could. Example: ansinh events settle 7 1 --how "đã thu hồi" --as hanoi.mai"""
    operations.settle_case(**_said("giải quyết việc liên thông"), file_id=file, case_no=case, how=how)
    out.print("Đã ghi. · Noted.")


def show_file(shown: FileShown) -> None:
    """Print a file as a readable timeline with clock and offices."""
    line = shown.line
    out.print(
        f"Hồ sơ {line.file_id}: {KINDS[line.kind][0]} · {state_words(line.kind, line.state)[0]} · nhận {_moment(line.received_at)}",
        markup=False,
        soft_wrap=True,
    )
    table = titled_table(
        "Các bước · Steps",
        "Việc · Step",
        "Cơ quan · Office",
        "Tình trạng · State",
        "Hạn · Due",
        "Xong · Ended",
        "Chờ · Waits for",
    )
    for one in shown.steps:
        table.add_row(
            planned(line.kind, one.step).vi,
            OFFICES[one.office][0],
            STEP_STATES[one.state][0],
            f"{one.due_on:%d/%m/%Y}" if one.due_on else "–",
            _moment(one.ended_at) if one.ended_at else "–",
            one.waits_vi,
        )
    out.print(table)
    story = titled_table("Diễn biến · Story", "Lúc · At", "Ai · Who", "Việc gì · What")
    for told in shown.story:
        story.add_row(_moment(told.happened_at), OFFICES[told.office][0], f"{told.vi} · {told.en}")
    out.print(story)
    for case in shown.cases:
        done = f" (đã xử lý: {case.settled_by})" if case.settled_by else ""
        out.print(f"Việc cần người · case {case.case_no}: {case.vi} · {case.en}{done}", markup=False)


def _moment(at: Any) -> str:
    return f"{at.astimezone(VIET_NAM):%d/%m/%Y %H:%M}"


def _tell(file: int | None, *, as_json: bool) -> None:
    if file is None:
        if as_json:
            print_json({"file": None})
        else:
            out.print(
                "Không mở hồ sơ: người này không thuộc cơ quan, hoặc cần cán bộ xem. · No file opened. See: ansinh events status"
            )
        return
    if as_json:
        print_json(asdict(queries.file_shown(file).line))
        return
    show_file(queries.file_shown(file))


def _said(reason: str) -> dict[str, Any]:
    return {"actor": actor(), "reason": reason, "clock": agency_clock()}


def _content(form: Path) -> dict[str, Any]:
    body = sys.stdin.buffer.read(CONTENT_BYTES_MAX + 1) if str(form) == "-" else _read(form)
    try:
        if len(body) > CONTENT_BYTES_MAX:
            raise ValueError("too long")
        content = json.loads(body)
        if not isinstance(content, dict):
            raise ValueError("no object")
    except (ValueError, RecursionError) as error:
        raise InvalidInput(
            f"{form} không phải một tờ khai JSON (tối đa 256 KiB).",
            f"{form} is no JSON form (at most 256 KiB).",
            field="form",
        ) from error
    return content


def _read(form: Path) -> bytes:
    try:
        with form.open("rb") as file:
            return file.read(CONTENT_BYTES_MAX + 1)
    except OSError as error:
        raise InvalidInput(f"Không đọc được {form}.", f"{form} cannot be read.", field="form") from error

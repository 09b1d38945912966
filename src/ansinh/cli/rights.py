"""`ansinh rights`: requests about personal data and disputed looks, answered by the data-protection officer; guardians and employers' representatives."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer

from ansinh.cli.acting import actor
from ansinh.cli.screen import out, print_json, titled_table
from ansinh.config.queries import agency_clock
from ansinh.foundation.clock import VIET_NAM, legal_day
from ansinh.mandates.operations import (
    Decision,
    RepresentativePaper,
    decide_guardian,
    decide_representative,
    end_guardian,
    end_representative,
    prepare_guardian,
    prepare_representative,
)
from ansinh.mandates.queries import guardians_waiting, representatives_waiting
from ansinh.rights.operations import acknowledge_request, answer_request, report_breach, watch_requests
from ansinh.rights.queries import RequestShown, breaches_open, findings, requests_open
from ansinh.rights.states import KIND_WORDS, STATE_WORDS, Outcome

app = typer.Typer(
    no_args_is_help=True, help="Requests about personal data, disputed looks, guardians, representatives."
)

Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the audit.")]
RequestNumber = Annotated[int, typer.Argument(help="Number of the request.")]
MandateNumber = Annotated[int, typer.Argument(help="Number of the guardianship or representative.")]
Paper = Annotated[str, typer.Argument(help="Number and day of the paper.")]
Until = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day, not included.")]
_DESK = "giải quyết yêu cầu về dữ liệu cá nhân"


@app.command(name="list")
def show_list(as_json: Json = False) -> None:
    """List what waits for an answer, the soonest due first, and breaches to report. Example: ansinh rights list"""
    waiting, breaches = requests_open(), breaches_open()
    if as_json:
        print_json({"open": [_plain(one) for one in waiting], "breaches": [_plain(one) for one in breaches]})
        return
    table = titled_table(
        "Yêu cầu chờ trả lời · requests open", "Số", "Loại · kind", "Hạn · due", "Tình trạng", "Nội dung"
    )
    for one in waiting:
        said = f"{one.call} · {one.facility} {one.officer}" if one.look_id is not None else one.about
        table.add_row(
            str(one.request_id), KIND_WORDS[one.kind][0], _moment(one.due_at), STATE_WORDS[one.state][0], said
        )
    out.print(table)
    for one in breaches:
        due = _moment(one.breach_due_at) if one.breach_due_at else ""
        out.print(f"Báo cáo vi phạm trước {due} · report the breach of request {one.request_id}")


@app.command()
def look_into(request: RequestNumber, reason: Reason = _DESK) -> None:
    """Say that a request is being looked into. Example: ansinh --as bvdl-01 rights look-into 3"""
    acknowledge_request(actor=actor(), reason=reason, clock=agency_clock(), request_id=request)
    out.print("Đã ghi nhận · noted")


@app.command()
def answer(
    request: RequestNumber,
    outcome: Annotated[Outcome, typer.Argument(help="granted, partly, refused; of a dispute justified, unjustified.")],
    words: Annotated[str, typer.Argument(help="The answer the person reads.")],
    reason: Reason = _DESK,
) -> None:
    """Answer a request; its person is told. Example: ansinh --as bvdl-01 rights answer 3 unjustified "Không có lượt khám nào." """
    answer_request(
        actor=actor(), reason=reason, clock=agency_clock(), request_id=request, outcome=outcome, answer=words
    )
    out.print("Đã trả lời · answered")


@app.command()
def breach(request: RequestNumber, reference: Paper, reason: Reason = _DESK) -> None:
    """Note that an unjustified look was reported to the authority. Example: ansinh --as bvdl-01 rights breach 3 "CV 12/2025" """
    report_breach(actor=actor(), reason=reason, clock=agency_clock(), request_id=request, reference=reference)
    out.print("Đã ghi · recorded")


@app.command(name="findings")
def show_findings(as_json: Json = False) -> None:
    """List whose looks were found unjustified. Example: ansinh rights findings"""
    found = findings()
    if as_json:
        print_json([{"facility": one.facility, "officer": one.officer, "times": one.times} for one in found])
        return
    table = titled_table("Lượt xem sai quy định · unjustified looks", "Cơ sở", "Cán bộ", "Số lần", "Gần nhất")
    for one in found:
        table.add_row(one.facility, one.officer, str(one.times), _moment(one.last_found_at))
    out.print(table)


@app.command()
def watch(reason: Reason = "theo dõi thời hạn", as_json: Json = False) -> None:
    """Raise alerts for what is late, and empty downloads nobody fetched. Daily. Example: ansinh rights watch"""
    counts = watch_requests(actor=actor(), reason=reason, clock=agency_clock())
    if as_json:
        print_json(counts)
        return
    out.print(
        f"Quá hạn · late: {counts['late']}; vi phạm · breaches: {counts['breaches']}; dọn · emptied: {counts['emptied']}"
    )


@app.command()
def guardian(
    person: Annotated[int, typer.Argument(help="Record of the guardian.")],
    ward: Annotated[int, typer.Argument(help="Record of the ward.")],
    paper: Paper,
    until: Until = None,
    reason: Reason = "ghi nhận giám hộ",
) -> None:
    """Record a guardian; another officer approves. Example: ansinh --as cd-01 rights guardian 12 34 "QĐ 5/2025" """
    decision = Decision(person, ward, paper, _today(), until.date() if until else None)
    number = prepare_guardian(actor=actor(), reason=reason, clock=agency_clock(), decision=decision)
    out.print(f"Chờ cán bộ thứ hai duyệt · waits for a second officer: {number}")


@app.command()
def representative(
    person: Annotated[int, typer.Argument(help="Record of the representative.")],
    employer: Annotated[str, typer.Argument(help="Code of the employer.")],
    paper: Paper,
    until: Until = None,
    reason: Reason = "ghi nhận người đại diện đơn vị",
) -> None:
    """Record who declares for an employer; another officer approves. Example: ansinh --as thu-01 rights representative 12 DV0001 "GGT 1/2025" """
    named = RepresentativePaper(paper, _today(), until.date() if until else None)
    number = prepare_representative(
        actor=actor(), reason=reason, clock=agency_clock(), person_id=person, employer_code=employer, decision=named
    )
    out.print(f"Chờ cán bộ thứ hai duyệt · waits for a second officer: {number}")


@app.command()
def waiting(as_json: Json = False) -> None:
    """List guardians and representatives that wait for a second officer. Example: ansinh rights waiting"""
    guardians = [
        (one.mandate_id, "guardian", one.person_id, str(one.for_person_id)) for one in guardians_waiting(_today())
    ]
    listed = guardians + [
        (one.mandate_id, "representative", one.person_id, one.code) for one in representatives_waiting()
    ]
    if as_json:
        print_json([dict(zip(("number", "kind", "person", "for"), one, strict=True)) for one in listed])
        return
    table = titled_table("Chờ duyệt · waiting", "Số", "Loại · kind", "Hồ sơ · record", "Cho · for")
    for number, kind, person, other in listed:
        table.add_row(str(number), kind, str(person), other)
    out.print(table)


@app.command()
def approve(
    number: MandateNumber,
    refuse: Annotated[bool, typer.Option("--refuse", help="Refuse instead.")] = False,
    reason: Reason = "duyệt quyền làm thay",
) -> None:
    """Approve, or refuse, a guardian or representative another officer recorded. Example: ansinh --as cd-02 rights approve 7"""
    is_guardian = any(one.mandate_id == number for one in guardians_waiting(_today()))
    decide = decide_guardian if is_guardian else decide_representative
    decide(actor=actor(), reason=reason, clock=agency_clock(), mandate_id=number, approved=not refuse)
    out.print("Đã quyết định · decided")


@app.command()
def end(
    number: MandateNumber,
    of_employer: Annotated[bool, typer.Option("--employer", help="It is a representative.")] = False,
    reason: Reason = "chấm dứt quyền làm thay",
) -> None:
    """End a guardianship, or with --employer a representative, at once. Example: ansinh --as cd-01 rights end 7"""
    finish = end_representative if of_employer else end_guardian
    finish(actor=actor(), reason=reason, clock=agency_clock(), mandate_id=number)
    out.print("Đã chấm dứt · ended")


def _today() -> date:
    return legal_day(agency_clock().now())


def _moment(at: datetime) -> str:
    return f"{at.astimezone(VIET_NAM):%H:%M %d/%m/%Y}"


def _plain(one: RequestShown) -> dict[str, str | int | None]:
    return {
        "request": one.request_id,
        "kind": one.kind.value,
        "about": one.about,
        "words": one.words,
        "facility": one.facility,
        "officer": one.officer,
        "due_at": one.due_at.isoformat(),
        "state": one.state.value,
        "outcome": one.outcome.value if one.outcome else None,
        "breach_due_at": one.breach_due_at.isoformat() if one.breach_due_at else None,
    }

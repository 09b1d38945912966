"""`ansinh services`: what people apply for, from the counter's side: take in, receive, ask, hand on, answer; and what goes on by itself."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from ansinh.cli.acting import actor
from ansinh.cli.screen import out, print_json, titled_table
from ansinh.config.online import carry_services_on, deliver_notices
from ansinh.config.queries import agency_clock
from ansinh.database.urls import secrets_folder
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.purpose import Purpose
from ansinh.foundation.settings import settings
from ansinh.services import operations, queries
from ansinh.services.states import ApplicationState, Office

app = typer.Typer(no_args_is_help=True, help="Applications for services: receive, ask, hand on, answer.")
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Reference = Annotated[str, typer.Argument(help="The application's reference, as `ansinh services list` shows it.")]
Vi = Annotated[str, typer.Option("--vi", help="The words in Vietnamese.")]
En = Annotated[str, typer.Option("--en", help="The words in English.")]
FORM_BYTES_MAX = 64 * 1024


@app.command()
def kinds(as_json: Json = False) -> None:
    """Show what may be applied for. Example: ansinh services kinds"""
    found = queries.catalogue()
    if as_json:
        print_json(
            {
                code: {"vi": one.vi, "en": one.en, "basis": one.basis, "office": one.office}
                for code, one in found.items()
            }
        )
        return
    table = titled_table("Dịch vụ · Services", "Mã · Code", "Tên · Name", "Căn cứ · By law", "Nơi giải quyết · Office")
    for code, one in found.items():
        table.add_row(code, f"{one.vi} · {one.en}", one.basis, one.office)
    out.print(table)


@app.command("list")
def list_(
    state: Annotated[ApplicationState | None, typer.Option(help="Only those in this state.")] = None,
    office: Annotated[Office | None, typer.Option(help="Only those this office decides.")] = None,
    length: Annotated[int, typer.Option(help="How many, those due first first.")] = 50,
    as_json: Json = False,
) -> None:
    """Show open applications, those due first first. Example: ansinh services list --office benefits"""
    found = queries.queue(state=state, office=office, length=length)
    if as_json:
        print_json([{**asdict(one), "service": one.service.code} for one in found])
        return
    table = titled_table(
        "Hồ sơ · Applications",
        "Mã · Reference",
        "Biên nhận · Receipt",
        "Dịch vụ · Service",
        "Ở đâu · Where",
        "Hạn · Due",
    )
    for one in found:
        due = _day(one.due_on) + (" (trễ · late)" if one.late else "")
        table.add_row(one.reference, one.receipt, one.service.vi, f"{one.state_vi}: {one.holder_vi}", due)
    out.print(table)


@app.command()
def show(reference: Reference, as_json: Json = False) -> None:
    """Show an application with answers, files and story; who looks is written down. Example: ansinh services show 3f… --as hanoi.mai"""
    one = operations.show_application(**_said("xem hồ sơ"), reference=reference)
    if as_json:
        print_json({**asdict(one), "service": one.service.code})
        return
    out.print(f"{one.service.vi} · {one.service.en} · {one.receipt or '—'}", style="bold", markup=False)
    out.print(
        f"{one.state_vi} · {one.state_en}; {one.holder_vi} · {one.holder_en}; hạn · due {_day(one.promised_on)}",
        markup=False,
    )
    for key, value in one.answers.items():
        out.print(f"  {key}: {value}", markup=False)
    for file in one.attachments:
        if file.removed_at is None:
            out.print(
                f"  tệp · file {file.attachment_id}: {file.paper}, {file.media_type}, {file.size:,} B", markup=False
            )
    for line in one.lines:
        out.print(f"{line.happened_at:%d/%m/%Y %H:%M}  {line.vi} · {line.en}  ({line.by})", markup=False)
    for vi, en, value in one.result_facts:
        out.print(f"  {vi} · {en}: {value}", markup=False)


@app.command()
def submit(
    person: Annotated[int, typer.Argument(help="The person's record number.")],
    service: Annotated[str, typer.Argument(help="The service's code.")],
    key: Annotated[str, typer.Option(help="The number of the paper form: the same once more is the same application.")],
    why: Annotated[str, typer.Option(help="Why they do not apply themselves, and which paper was seen.")],
    form: Annotated[Path, typer.Option(help="A JSON file with the answers.")],
    as_json: Json = False,
) -> None:
    """Apply for somebody without a phone. Example: ansinh services submit 812 card_reissue --key M1-00017 --why "…" --form form.json --as hanoi.lan"""
    answers = operations.Form(person, service, key, _answers(form), why)
    receipt = operations.submit_application(**_said("nộp thay tại bộ phận một cửa"), form=answers)
    if as_json:
        print_json(asdict(receipt))
        return
    out.print(f"{receipt.number}, mã · reference {receipt.reference}, hẹn · due {_day(receipt.due_on)}", markup=False)


@app.command()
def receive(reference: Reference) -> None:
    """Take a submitted application in hand. Example: ansinh services receive 3f… --as hanoi.lan"""
    operations.receive_application(**_said("tiếp nhận hồ sơ"), reference=reference)
    out.print("Đã tiếp nhận · received")


@app.command()
def ask(
    reference: Reference,
    vi: Vi,
    en: En,
    wanted: Annotated[
        list[str] | None, typer.Option(help="A question or paper of the catalogue; may be repeated.")
    ] = None,
) -> None:
    """Ask for a supplement; the clock stands still. Example: ansinh services ask 3f… --vi "…" --en "…" --wanted death_extract --as hanoi.lan"""
    operations.ask_supplement(**_said("yêu cầu bổ sung"), reference=reference, because=(vi, en), wanted=wanted or [])
    out.print("Đã yêu cầu bổ sung · supplement asked for")


@app.command()
def forward(reference: Reference) -> None:
    """Hand an application to the office that decides it. Example: ansinh services forward 3f… --as hanoi.hoa"""
    state = operations.forward_application(**_said("chuyển giải quyết"), reference=reference)
    out.print(f"Đã chuyển · handed on: {state.value}")


@app.command()
def refuse(reference: Reference, vi: Vi, en: En) -> None:
    """Refuse an application with the reason its applicant reads. Example: ansinh services refuse 3f… --vi "…" --en "…" --as hanoi.hoa"""
    operations.refuse_application(**_said("không giải quyết"), reference=reference, because=(vi, en))
    out.print("Đã từ chối · refused")


@app.command()
def answer(reference: Reference, vi: Vi, en: En) -> None:
    """Tell the applicant something; the state stays. Example: ansinh services answer 3f… --vi "…" --en "…" --as hanoi.lan"""
    operations.answer_application(**_said("trả lời người nộp"), reference=reference, words=(vi, en))
    out.print("Đã trả lời · answered")


@app.command()
def open_file(
    reference: Reference,
    attachment: Annotated[int, typer.Argument(help="The file's number.")],
    into: Annotated[Path, typer.Option(help="Where to write it.")],
    purpose: Annotated[str, typer.Option(help="What for.")] = Purpose.ADMINISTRATION.code,
) -> None:
    """Write an attachment to a file; whom it is about sees who opened it. Example: ansinh services open-file 3f… 12 --into a.pdf --as hanoi.hoa"""
    known = {one.code: one for one in Purpose}
    if purpose not in known:
        raise InvalidInput(
            f"Mục đích: {', '.join(known)}.", f"The purpose is one of {', '.join(known)}.", field="purpose"
        )
    said = {**_said("xem tệp đính kèm"), "reference": reference, "attachment_id": attachment}
    _, media_type, content = operations.read_attachment(**said, purpose=known[purpose])
    into.write_bytes(content)
    out.print(f"{media_type}, {len(content):,} B → {into}", markup=False)


@app.command()
def result(reference: Reference, into: Annotated[Path, typer.Option(help="Where to write the PDF.")]) -> None:
    """Write the result of a decided application as a signed PDF. Example: ansinh services result 3f… --into result.pdf --as hanoi.lan"""
    issued = operations.issue_result(**_said("trả kết quả"), reference=reference, secrets=secrets_folder(settings()))
    into.write_bytes(issued.content)
    out.print(f"{issued.paper.number} → {into}", markup=False)


@app.command()
def verify(code: Annotated[str, typer.Argument(help="The text of the QR code.")]) -> None:
    """Tell whether a result is a true one; exit 1 when not. Example: ansinh services verify 'ANSINH|KQ|TN-2025-00000012|…' --as hanoi.lan"""
    if not operations.verify_result(actor=actor(), reason="kiểm tra giấy kết quả", code=code):
        out.print("Không đúng · not a true one", style="red")
        raise typer.Exit(1)
    out.print("Đúng · true")


@app.command()
def work(as_json: Json = False) -> None:
    """Hear the deciding offices, carry applications on, raise alerts; safe at any moment. Example: ansinh services work"""
    raised = carry_services_on(**_said("giải quyết hồ sơ trực tuyến"))
    if as_json:
        print_json(raised)
        return
    out.print(", ".join(f"{kind}: {count}" for kind, count in raised.items()))


@app.command()
def tell(as_json: Json = False) -> None:
    """Hand out notices by the channel whose turn it is; safe at any moment. Example: ansinh services tell"""
    done = deliver_notices(settings(), **_said("gửi thông báo"))
    if as_json:
        print_json(asdict(done))
        return
    out.print(
        f"Gửi {done.sent}, tới nơi {done.delivered}, không được {done.failed + done.refused}, còn chờ {done.waiting}"
    )


def _said(reason: str) -> dict[str, Any]:
    return {"actor": actor(), "reason": reason, "clock": agency_clock()}


def _answers(form: Path) -> dict[str, Any]:
    try:
        told = json.loads(form.read_bytes()[:FORM_BYTES_MAX])
    except (OSError, ValueError) as error:
        raise InvalidInput("Không đọc được tệp JSON.", "The JSON file cannot be read.", field="form") from error
    if not isinstance(told, dict):
        raise InvalidInput("Tệp cần là một đối tượng JSON.", "The file must hold a JSON object.", field="form")
    return told


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "—"

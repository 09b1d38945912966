"""`ansinh pay emergency`: storms and epidemics, from the declaration to the report of who was reached. Every step may be repeated."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from ansinh.cli.acting import actor
from ansinh.cli.pay_emergency_views import show_emergencies, show_report
from ansinh.cli.screen import out, print_json
from ansinh.config.queries import agency_clock
from ansinh.config.relief import relief_desk
from ansinh.database.urls import secrets_folder
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.settings import settings
from ansinh.relief import operations, queries
from ansinh.relief.operations import NewEmergency, SignedList
from ansinh.relief.procedures import apply as apply_to_run

app = typer.Typer(no_args_is_help=True, help="Payments in storms and epidemics.")

Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the audit.")]
Number = Annotated[
    int, typer.Argument(help="Number of the emergency; list: ansinh pay emergency list", metavar="EMERGENCY", min=1)
]
Run = Annotated[int, typer.Option(help="Number of the run; list: ansinh pay run list", min=1)]
_DAY = ["%Y-%m-%d"]
FILE_BYTES_MAX = 16 << 20


@app.command()
def declare(
    name: Annotated[str, typer.Option(help="What happened, such as a storm's name.")],
    act: Annotated[str, typer.Option(help="The legal act it rests on.")],
    days: Annotated[str, typer.Option(help="First day and the day after the last, as 2025-08-01/2025-09-01.")],
    places: Annotated[list[str], typer.Option("--place", help="A province (2 digits) or commune (5 digits); several.")],
    month: Annotated[list[int] | None, typer.Option(help="A month to pay together, YYYYMM; several.")] = None,
    channel: Annotated[
        list[str] | None, typer.Option(help="account: cash goes to confirmed accounts; home: the rest is brought home.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Declare an emergency; it changes nothing until another officer approves it.

    Example: ansinh --as hanoi.lan pay emergency declare --name "Bão 1" --act "Công văn 1" --days 2025-08-01/2025-09-01
    --place 22 --place 24 --month 202508 --month 202509 --channel account --channel home
    """
    since, until = _days(days)
    channels = set(channel or ())
    if channels - {"account", "home"}:
        raise InvalidInput("--channel là account hoặc home.", "--channel is account or home.", field="channel")
    new = NewEmergency(
        name,
        act,
        since,
        until,
        tuple(one for one in places if len(one) == 2),  # a province's code
        tuple(one for one in places if len(one) != 2),
        tuple(month or ()),
        to_account="account" in channels,
        otherwise="home" if "home" in channels else "cash",
    )
    number = operations.declare_emergency(actor=actor(), reason="tình huống khẩn cấp", clock=agency_clock(), new=new)
    _show_step(number, as_json=as_json)


@app.command()
def approve(number: Number, reason: Reason = "phê duyệt tình huống khẩn cấp", as_json: Json = False) -> None:
    """Put it in force, as an officer who did not declare it. Example: ansinh --as hanoi.minh pay emergency approve 1"""
    operations.approve_emergency(actor=actor(), reason=reason, clock=agency_clock(), emergency_id=number)
    _show_step(number, as_json=as_json)


@app.command("open-run")
def open_run(
    number: Number,
    pay_on: Annotated[datetime, typer.Option(formats=_DAY, help="The day of payment.")],
    reason: Reason = "gộp chi các tháng",
    as_json: Json = False,
) -> None:
    """Open the run that pays its months together; then build, check, sign and send it as any run.

    Example: ansinh --as hanoi.lan pay emergency open-run 1 --pay-on 2025-08-04
    """
    run_id = operations.open_run(
        actor=actor(), reason=reason, clock=agency_clock(), emergency_id=number, pay_on=pay_on.date()
    )
    _show_step(number, as_json=as_json, run=run_id)


@app.command()
def apply(number: Number, run: Run, reason: Reason = "chuyển cách chi khẩn cấp", as_json: Json = False) -> None:
    """Recall the run's lists from the post, and send what is not handed over by account or home; then check, sign and send.

    Example: ansinh --as hanoi.lan pay emergency apply 1 --run 3
    """
    with relief_desk(settings(), agency_clock(), reason, actor()) as desk:
        done = apply_to_run(desk, number, run)
    moved = asdict(done.diverted)
    _show_step(number, as_json=as_json, recalls=done.recalls, **moved)


@app.command()
def withdraw(
    number: Number, reason: Annotated[str, typer.Option(help="Why; kept in the audit.")], as_json: Json = False
) -> None:
    """Withdraw it, also half-way: what was sent stays, what was not goes back. Example: ansinh --as hanoi.lan pay emergency withdraw 1 --reason "bão tan" """
    done = operations.withdraw_emergency(actor=actor(), reason=reason, clock=agency_clock(), emergency_id=number)
    _show_step(number, as_json=as_json, runs=[asdict(one) for one in done])


@app.command()
def end(number: Number, reason: Reason = "kết thúc tình huống khẩn cấp", as_json: Json = False) -> None:
    """End it: nothing more goes its way. Example: ansinh --as hanoi.lan pay emergency end 1"""
    operations.end_emergency(actor=actor(), reason=reason, clock=agency_clock(), emergency_id=number)
    _show_step(number, as_json=as_json)


@app.command()
def lists(
    number: Number,
    run: Run,
    folder: Annotated[Path, typer.Option(help="Where the lists are laid, made if missing.")],
    reason: Reason = "in danh sách chi trả không cần mạng",
    as_json: Json = False,
) -> None:
    """Sign the lists and lay them as files and papers (PDF), their digest printed.

    Example: ansinh --as hanoi.lan pay emergency lists 1 --run 3 --folder lists
    """
    made = operations.sign_lists(
        actor=actor(),
        reason=reason,
        clock=agency_clock(),
        emergency_id=number,
        run_id=run,
        secrets=secrets_folder(settings()),
    )
    laid = [path.name for one in made for path in lay_list(folder, one)]
    told = [
        {
            "list": one.message_id,
            "sha256": one.sha256,
            "lines": one.lines,
            "amount": one.amount,
            "pages": len(one.papers),
        }
        for one in made
    ]
    if as_json:
        print_json({"emergency": number, "run": run, "lists": told, "files": laid})
        return
    for one in told:
        out.print(f"{one['list']} · {one['lines']} dòng · {one['amount']} ₫ · SHA-256 {one['sha256']}", markup=False)
    out.print(f"{len(laid)} tệp trong {folder} · files", markup=False)


@app.command()
def results(
    file: Annotated[Path, typer.Argument(help="Results by line number (CSV).", exists=True, dir_okay=False)],
    reason: Reason = "nhận kết quả danh sách chi trả",
    as_json: Json = False,
) -> None:
    """Take in what became of a list, line by line, in any order, as often as it comes. Example: ansinh --as hanoi.duc pay emergency results FILE"""
    if file.stat().st_size > FILE_BYTES_MAX:
        raise InvalidInput(
            f"Tệp lớn hơn {FILE_BYTES_MAX} byte.", f"The file is longer than {FILE_BYTES_MAX} bytes.", field="file"
        )
    taken = operations.take_results(
        actor=actor(), reason=reason, clock=agency_clock(), name=file.name, body=file.read_bytes()
    )
    if as_json:
        print_json(asdict(taken))
    else:
        known = " · đã nhận trước đây, known" if taken.known else ""
        out.print(f"{taken.lines} dòng, {taken.matched} khớp · lines matched{known}")


@app.command()
def report(number: Number, as_json: Json = False) -> None:
    """Tell who was reached: persons and đồng by province, commune and channel, who was not and why. Example: ansinh pay emergency report 1"""
    found = queries.report_of(number)
    if as_json:
        print_json(asdict(found))
    else:
        show_report(found)


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the newest emergencies. Example: ansinh pay emergency list"""
    found = queries.emergencies()
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        show_emergencies(found)


def lay_list(folder: Path, made: SignedList) -> list[Path]:
    """Lay a list's machine form, signature and papers in a folder and return them; each file appears whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {f"{made.message_id}.csv": made.body, f"{made.message_id}.csv.jws": made.signature.encode()}
    files |= {f"{made.message_id}-{place:03d}.pdf": paper for place, paper in enumerate(made.papers, start=1)}
    for name, content in files.items():
        growing = folder / f"{name}.part"
        growing.write_bytes(content)
        growing.replace(folder / name)
    return [folder / name for name in files]


def _days(text: str) -> tuple[date, date]:
    since, _, until = text.partition("/")
    try:
        return date.fromisoformat(since), date.fromisoformat(until)
    except ValueError as error:
        raise InvalidInput(
            f"“{text}” không có dạng 2025-08-01/2025-09-01.",
            f"“{text}” has not the form 2025-08-01/2025-09-01.",
            field="days",
        ) from error


def _show_step(number: int, *, as_json: bool, **more: object) -> None:
    told = {"emergency": number, "state": queries.emergency_of(number).state.value, **more}
    if as_json:
        print_json(told)
    else:
        out.print(" · ".join(f"{name} {value}" for name, value in told.items()), markup=False)

"""`ansinh registry`: keep the mirror of the population register, and settle with it what differs."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from ansinh.cli.acting import actor
from ansinh.cli.screen import counted, err, out, print_json, progress_bar
from ansinh.config.cleaning import follow_replies
from ansinh.config.daily import daily_work
from ansinh.config.partners import register_exchange
from ansinh.config.queries import agency_clock
from ansinh.config.subscriptions import PEOPLE, deliver_announcements
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import InvalidInput, PartnerTrouble
from ansinh.foundation.settings import settings
from ansinh.registry import procedures, queries
from ansinh.registry.operations import EVIDENCE, let_try_again, note_inquiries, report_error
from ansinh.registry.procedures import Pulled
from ansinh.registry.states import OPEN_REPORTS, PARKING_REASONS, PUBLIC_NAMES, REPORT_NAMES

app = typer.Typer(no_args_is_help=True, help="Keep the mirror of the population register, and settle what differs.")

Reason = Annotated[str, typer.Option(help="Why; kept in the audit.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]
_ROUTINE = "đồng bộ định kỳ với CSDL quốc gia về dân cư"


@app.command()
def snapshot(
    anew: Annotated[bool, typer.Option("--anew", help="Ask for a new copy even if one is unfinished.")] = False,
    reason: Reason = _ROUTINE,
    as_json: Json = False,
) -> None:
    """Take in the whole register; cut off at any moment, it goes on where it ended. Example: ansinh registry snapshot"""
    changed = snapshot_all(reason, anew=anew)
    if as_json:
        print_json({"changed": changed, "people": queries.count_people()})
    else:
        out.print(f"Đã ghi nhận {counted(changed)} người · {counted(changed)} records new or changed")


@app.command()
def pull(reason: Reason = _ROUTINE, as_json: Json = False) -> None:
    """Read the register's events to the end, ask again for what is missing, apply them, and let people react. Example: ansinh registry pull"""
    pulled, reacted = pull_all(reason, agency_clock())
    _show_pulled(pulled, reacted, as_json=as_json)


@app.command()
def retry(
    event: Annotated[str | None, typer.Option(help="Let this one event try again as it is, instead.")] = None,
    reason: Reason = "thử lại sự kiện đang tạm để riêng",
    as_json: Json = False,
) -> None:
    """Ask the register again for every parked event, and apply what comes whole. Example: ansinh registry retry"""
    clock = agency_clock()
    if event is not None:
        let_try_again(actor=actor(), reason=reason, event_id=event)
        settled = procedures.apply_due(actor=actor(), reason=reason, clock=clock)
        counts = queries.count_events()
        pulled = Pulled(0, settled, counts.get("waiting", 0), counts.get("parked", 0))
    else:
        with register_exchange(settings()) as source:
            pulled = procedures.retry_parked(actor=actor(), reason=reason, clock=clock, source=source)
    _show_pulled(pulled, deliver_announcements(reason=reason, clock=clock), as_json=as_json)


@app.command()
def reconcile(
    heal: Annotated[bool, typer.Option("--heal/--no-heal", help="Put right what differs.")] = True,
    reason: Reason = "đối soát hằng ngày với CSDL quốc gia về dân cư",
    as_json: Json = False,
) -> None:
    """Compare counts and digests with the register by province, and put right what differs. Example: ansinh registry reconcile

    Exit code 1 when something is left that could not be put right.
    """
    clock = agency_clock()
    with register_exchange(settings()) as source:
        found = procedures.reconcile(actor=actor(), reason=reason, clock=clock, source=source, heal=heal)
    deliver_announcements(reason=reason, clock=clock)
    if as_json:
        print_json(
            {
                "feed_no": found.feed_no, "persons": found.persons, "buckets": found.buckets,
                "differing": list(found.differing), "healed": found.healed, "left": found.left,
                "our_digest": found.our_digest, "their_digest": found.their_digest,
            }
        )  # fmt: skip
    else:
        out.print(
            f"Đối soát {counted(found.persons)} người trong {counted(found.buckets)} nhóm: {len(found.differing)} nhóm lệch, "
            f"{counted(found.healed)} bản ghi được phục hồi, còn {counted(found.left)} · buckets that differ: {', '.join(found.differing) or '–'}"
        )
    if found.left:
        raise typer.Exit(1)


@app.command()
def day(reason: Reason = "việc hằng ngày với CSDL quốc gia về dân cư", as_json: Json = False) -> None:
    """Do the day's work: read the feed, let people and cards follow, compare both sides and heal. Example: ansinh registry day

    Exit code 1 when something is left that could not be put right.
    """
    with daily_work(settings()) as daily, progress_bar("Việc hằng ngày với CSDL dân cư", None):
        heard = daily.hear(actor=actor(), reason=reason, clock=agency_clock())
    last = heard.compared[-1]
    if as_json:
        compared = [
            {"differing": list(one.differing), "healed": one.healed, "left": one.left} for one in heard.compared
        ]
        print_json({"received": heard.pulled.received, "announced": heard.acted_on, "compared": compared})
    else:
        _show_pulled(heard.pulled, heard.acted_on, as_json=False)
        healed = sum(one.healed for one in heard.compared)
        out.print(
            f"Đối soát {counted(last.persons)} người: phục hồi {counted(healed)}, còn lệch {counted(last.left)} · healed, left"
        )
    if last.left:
        raise typer.Exit(1)


@app.command()
def inquire(
    pins: Annotated[
        Path | None,
        typer.Option(help="File of numbers to ask about, one a line; left out: only go on with what waits."),
    ] = None,
    reason: Reason = _ROUTINE,
    as_json: Json = False,
) -> None:
    """Ask the register about many numbers at once and take its answers in; cut off, it goes on. Example: ansinh registry inquire --pins numbers.txt"""
    clock = agency_clock()
    if pins is not None:
        note_inquiries(actor=actor(), reason=reason, clock=clock, pins=_pins_in(pins))
    with register_exchange(settings()) as source, progress_bar("Hỏi CSDL dân cư", None) as advance:
        changed = procedures.settle_inquiries(
            actor=actor(), reason=reason, clock=clock, source=source, progress=advance
        )
    deliver_announcements(reason=reason, clock=clock)
    if as_json:
        print_json({"changed": changed})
    else:
        out.print(f"{counted(changed)} bản ghi thay đổi · records changed")


@app.command()
def status(as_json: Json = False) -> None:
    """Show how far the mirror is: people, events by state, gaps, the last comparison. Example: ansinh registry status"""
    feed, events, compared = queries.feed_position(), queries.count_events(), queries.last_comparison()
    people, unread = queries.count_people(), queries.count_unread(PEOPLE)
    if as_json:
        print_json(
            {
                "people": people,
                "feed": asdict(feed) if feed else None,
                "events": events,
                "unread_announcements": unread,
                "compared": asdict(compared) if compared else None,
            }
        )
        return
    table = Table(title="Bản ghi nhận CSDL dân cư · The register, mirrored", title_justify="left", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_row("Người · people", counted(people))
    if feed is not None:
        table.add_row("Đã đọc đến sự kiện · read up to event", f"{counted(feed.cursor)} / {counted(feed.head)}")
        table.add_row("Đủ đến · whole up to", counted(feed.whole_until))
    for state, number in events.items():
        table.add_row(f"{PUBLIC_NAMES[state][0]} · {state}", counted(number))
    table.add_row("Thông tin chưa chuyển · announcements not yet read", counted(unread))
    if compared is not None:
        table.add_row(
            "Đối soát gần nhất, nhóm lệch · last comparison, buckets that differed", counted(len(compared.differing))
        )
    out.print(table)


@app.command(name="open-list")
def open_list(as_json: Json = False) -> None:
    """Show what both sides have open: our parked events and error reports, and what the register has still to decide. Example: ansinh registry open-list

    Where the register does not answer, our side is shown without theirs, and the exit code is 3.
    """
    theirs, trouble = _their_open_reports()
    parked = queries.parked_events()
    ours = [report for state in OPEN_REPORTS for report in queries.reports_in(state, 200)]
    if as_json:
        reports = [
            {"reference": one.reference, "field": one.field, "evidence": one.evidence, "state": one.state}
            for one in ours
        ]
        print_json(
            {
                "parked": [asdict(one) for one in parked],
                "reports": reports,
                "register": theirs,
            }
        )
        _leave_unasked(trouble)
        return
    table = Table(title="Việc còn mở · What is open", title_justify="left")
    for column in ("Bên · Side", "Việc · What", "Mã · Reference", "Tình trạng · State"):
        table.add_column(column)
    for event in parked:
        table.add_row("BHXH", f"sự kiện · event {event.kind or ''}", event.event_id, PARKING_REASONS[event.reason][0])
    for report in ours:
        table.add_row(
            "BHXH",
            f"{report.field} ({EVIDENCE[report.evidence][0]})",
            str(report.reference),
            REPORT_NAMES[report.state][0],
        )
    for reference in theirs or ():
        table.add_row("CSDL dân cư", "báo sai sót · error report", reference, "chưa quyết định · to be decided")
    out.print(table)
    _leave_unasked(trouble)


def _their_open_reports() -> tuple[list[str] | None, PartnerTrouble | None]:
    """Return the references of what the register has still to decide, or why it could not be asked."""
    try:
        with register_exchange(settings()) as source:
            return [one.reference for one in source.open_reports()], None
    except PartnerTrouble as trouble:
        return None, trouble


def _leave_unasked(trouble: PartnerTrouble | None) -> None:
    """Say that the list is of one side only, and end with exit code 3, where the register could not be asked."""
    if trouble is None:
        return
    err.print(
        f"Không hỏi được CSDL dân cư ({trouble.what}); trên đây chỉ là phần của BHXH. Thử lại sau."
        " · The register could not be asked; above is our side only. Try again later.",
        markup=False,
        soft_wrap=True,
    )
    raise typer.Exit(3)


@app.command(name="report-error")
def report_one(
    field: Annotated[str, typer.Option(help="full_name, sex, birth_date or died_on.")],
    stated: Annotated[str, typer.Option(help="What the evidence says; empty: the field should be empty.")],
    evidence: Annotated[str, typer.Option(help=f"One of: {', '.join(EVIDENCE)}.")],
    reason: Annotated[str, typer.Option(help="Why; kept in the audit.")],
    pin: Annotated[
        str, typer.Option(prompt="Số định danh · PIN", hide_input=True, help="Whose record; asked for unless given.")
    ],
) -> None:
    """Report an error of the register, to be sent with the next exchange; needs --as OFFICER.

    Example: ansinh --as CB01 registry report-error --field sex --stated F --evidence birth_certificate --reason "giấy khai sinh"
    """
    reference = report_error(
        actor=actor(), reason=reason, clock=agency_clock(), pin=pin, field=field, stated=stated, evidence=evidence
    )
    out.print(f"Đã ghi nhận báo sai sót {reference} · recorded")


@app.command(name="exchange-reports")
def exchange(reason: Reason = _ROUTINE, as_json: Json = False) -> None:
    """Send error reports and take the register's replies in; corrections come with the next pull. Example: ansinh registry exchange-reports"""
    with register_exchange(settings()) as source:
        changed = procedures.exchange_reports(actor=actor(), reason=reason, clock=agency_clock(), source=source)
    follow_replies(reason=reason, clock=agency_clock())
    states = queries.count_reports()
    if as_json:
        print_json({"changed": changed, "reports": states})
    else:
        words = ", ".join(f"{REPORT_NAMES[state][0]}: {counted(number)}" for state, number in states.items())
        out.print(f"{counted(changed)} thay đổi · changed; {words or '–'}")


def snapshot_all(reason: str, *, anew: bool = False) -> int:
    """Take in the whole register, with a bar; returns how many records are new or changed."""
    with register_exchange(settings()) as source, progress_bar("Sao CSDL dân cư", None) as advance:
        return procedures.take_snapshot(
            actor=actor(), reason=reason, clock=agency_clock(), source=source, anew=anew, progress=advance
        )


def pull_all(reason: str, clock: Clock) -> tuple[Pulled, int]:
    """Read and apply the register's events, with a bar, and let people react; returns what was pulled and how many announcements were acted on."""
    with register_exchange(settings()) as source, progress_bar("Nhận sự kiện từ CSDL dân cư", None) as advance:
        pulled = procedures.pull_events(actor=actor(), reason=reason, clock=clock, source=source, progress=advance)
    return pulled, deliver_announcements(reason=reason, clock=clock)


def _pins_in(file: Path) -> list[str]:
    """Return the numbers of a file; refuses (`invalid_input`) one that cannot be read or holds anything else."""
    try:
        numbers = file.read_text("ascii").split()
    except (OSError, UnicodeDecodeError):
        numbers = []
    if not numbers or not all(len(number) == 12 and number.isdigit() for number in numbers):
        raise InvalidInput(
            "Tệp phải gồm các số định danh 12 chữ số, mỗi dòng một số.",
            "The file must hold numbers of 12 digits, one a line.",
            field="pins",
        )
    return numbers


def _show_pulled(pulled: Pulled, reacted: int, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "received": pulled.received,
                "settled": pulled.settled,
                "waiting": pulled.waiting,
                "parked": pulled.parked,
                "announced": reacted,
            }
        )
        return
    out.print(
        f"Nhận {counted(pulled.received)} sự kiện, xử lý {counted(pulled.settled)}; chờ {counted(pulled.waiting)}, tạm để riêng {counted(pulled.parked)}"
        f" · received, settled; waiting, parked. Thông tin đã chuyển · announcements acted on: {counted(reacted)}"
    )

"""`ansinh ceilings`: how much anybody may ask about people, who was stopped, and letting them go on."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Annotated

import typer

from ansinh.ceilings import operations, queries
from ansinh.ceilings.operations import CeilingValues
from ansinh.ceilings.states import CeilingState
from ansinh.cli.acting import actor
from ansinh.cli.screen import out, print_json, titled_table
from ansinh.foundation.clock import VIET_NAM, RealClock

app = typer.Typer(no_args_is_help=True, help="Ceilings against mass look-up: who was stopped, and letting them go on.")

Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the audit.")]
Waiting = Annotated[bool, typer.Option("--waiting", help="Those a second officer has yet to decide.")]


@app.command("list")
def list_ceilings(waiting: Waiting = False, as_json: Json = False) -> None:
    """List the ceilings that hold. Example: ansinh ceilings list --waiting"""
    known = queries.ceilings(CeilingState.PREPARED if waiting else CeilingState.APPROVED)
    if as_json:
        print_json([asdict(one) for one in known])
        return
    table = titled_table(
        "Mức trần · Ceilings", "Số", "Đối tượng", "Hạng", "/s", "người/giờ", "người/ngày", "trượt/giờ", "liền số/giờ"
    )
    for one in known:
        table.add_row(
            str(one.ceiling), one.subject or one.kind, one.level, str(one.rate_per_second), str(one.persons_an_hour),
            str(one.persons_a_day), str(one.misses_an_hour), str(one.neighbours_an_hour),
        )  # fmt: skip
    out.print(table)


@app.command()
def prepare(
    kind: Annotated[str, typer.Argument(help="officer, facility, client, address, app or citizen.")],
    values: Annotated[
        str,
        typer.Argument(
            help="Questions a second/persons an hour/persons a day/misses an hour/neighbouring numbers an hour."
        ),
    ],
    reason: Reason,
    level: Annotated[str, typer.Option(help="Facilities' level: primary, basic, specialised or *.")] = "*",
    subject: Annotated[str, typer.Option(help="One subject, such as “facility 01004”.")] = "",
) -> None:
    """Propose a ceiling; another officer approves it.

    Example: ansinh --as hanoi.lan ceilings prepare facility 400/9000/50000/900/600 --subject "facility 01004" --reason "mở thêm khu khám"
    """
    numbers = values.split("/")
    if len(numbers) != len(fields(CeilingValues)) or not all(one.isascii() and one.isdigit() for one in numbers):
        raise typer.BadParameter("five numbers with / between, such as 10/400/2000/60/80", param_hint="values")
    made = operations.prepare_ceiling(
        actor=actor(),
        reason=reason,
        clock=RealClock(),
        kind=kind,
        values=CeilingValues(*map(int, numbers)),
        level=level,
        subject=subject,
    )
    out.print(f"Đề nghị số {made}; một cán bộ khác duyệt bằng: ansinh --as OFFICER ceilings approve {made}")


@app.command()
def approve(ceiling: int, reason: Reason = "đồng ý mức trần") -> None:
    """Agree to a ceiling another officer proposed. Example: ansinh --as hanoi.minh ceilings approve 13"""
    operations.approve_ceiling(actor=actor(), reason=reason, clock=RealClock(), ceiling=ceiling)
    out.print("Đã duyệt. · Approved.")


@app.command()
def refuse(ceiling: int, reason: Reason) -> None:
    """Refuse a proposed ceiling. Example: ansinh --as hanoi.minh ceilings refuse 13 --reason "chưa cần" """
    operations.refuse_ceiling(actor=actor(), reason=reason, ceiling=ceiling)
    out.print("Đã từ chối. · Refused.")


@app.command()
def restraints(as_json: Json = False) -> None:
    """List who is slowed, challenged or suspended now, and why. Example: ansinh ceilings restraints"""
    known = queries.restraints(RealClock().now())
    if as_json:
        print_json([asdict(one) for one in known])
        return
    table = titled_table(
        "Đang hạn chế · Restraints",
        "Số",
        "Đối tượng · Subject",
        "Bước · Step",
        "Vì · Cause",
        "Từ · Since",
        "Số đếm · Figures",
    )
    for one in known:
        figures = ", ".join(f"{name} {count}" for name, count in one.figures.items())
        table.add_row(
            str(one.restraint), one.subject, one.step, one.cause, f"{one.began_at.astimezone(VIET_NAM):%d/%m %H:%M:%S}", figures
        )  # fmt: skip
    out.print(table)


@app.command()
def lift(restraint: int, reason: Reason) -> None:
    """Let a subject go on, its counts begun anew. Example: ansinh --as hanoi.lan ceilings lift 7 --reason "đã gọi xác minh với bệnh viện" """
    operations.lift_restraint(actor=actor(), reason=reason, clock=RealClock(), restraint=restraint)
    out.print("Đã mở lại. · Lifted.")


@app.command()
def alerts(
    facility: Annotated[str | None, typer.Option(help="Those to one facility instead of the agency's.")] = None,
    as_json: Json = False,
) -> None:
    """List the alerts nobody acknowledged yet. They name nobody. Example: ansinh ceilings alerts"""
    known = queries.alerts(facility)
    if as_json:
        print_json([asdict(one) for one in known])
        return
    table = titled_table(
        "Cảnh báo · Alerts",
        "Số",
        "Biện pháp · Restraint",
        "Loại · Kind",
        "Cơ sở",
        "Bước · Step",
        "Vì · Cause",
        "Lúc · At",
    )
    for one in known:
        table.add_row(
            str(one.alert), str(one.restraint), one.kind, one.facility, one.step, one.cause,
            f"{one.raised_at.astimezone(VIET_NAM):%d/%m %H:%M:%S}",
        )  # fmt: skip
    out.print(table)


@app.command()
def acknowledge(alert: int, reason: Reason = "đã nhận cảnh báo") -> None:
    """Say that an alert is being looked into. Example: ansinh --as hanoi.lan ceilings acknowledge 12"""
    operations.acknowledge_alert(actor=actor(), reason=reason, clock=RealClock(), alert=alert)
    out.print("Đã ghi nhận. · Acknowledged.")


@app.command()
def busiest(limit: int = 20, as_json: Json = False) -> None:
    """List who was counted most on the newest day, to set ceilings by. Example: ansinh ceilings busiest"""
    known = queries.busiest(limit)
    if as_json:
        print_json([{"subject": s, "facility": f, "persons": p, "misses": m} for s, f, p, m in known])
        return
    table = titled_table(
        "Tra cứu nhiều nhất · Busiest", "Đối tượng · Subject", "Cơ sở · Facility", "Người · Persons", "Trượt · Misses"
    )
    for subject, facility, persons, misses in known:
        table.add_row(subject, facility, str(persons), str(misses))
    out.print(table)

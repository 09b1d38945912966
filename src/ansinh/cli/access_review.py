"""`ansinh access review`: who holds what, and what governance should look at."""

from __future__ import annotations

from typing import Annotated

import typer

from ansinh.access.queries import HeldRole, access_review
from ansinh.cli.screen import out, print_json, titled_table
from ansinh.foundation.clock import VIET_NAM, RealClock

_WORDS = {
    "unused": "90 ngày không dùng · unused",
    "expiring": "sắp hết hạn · expiring",
    "conflict": "xung đột · conflict",
    "dismissed": "đã nghỉ · dismissed",
}


def review(
    findings: Annotated[bool, typer.Option("--findings", help="Only what needs a decision.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for machines.")] = False,
) -> None:
    """Review who holds which role: since when, given by whom, where, until when, last used, conflicts. Example: ansinh access review --findings"""
    held = [one for one in access_review(RealClock().now()) if one.findings or not findings]
    if as_json:
        print_json([_told(one) for one in held])
        return
    heads = ("Cán bộ · Officer", "Vai trò · Role", "Tỉnh · Where", "Từ – đến · When", "Do · By", "Dùng · Last used", "")
    table = titled_table("Rà soát quyền · Access review", *heads)
    for one in held:
        when = f"{one.since.astimezone(VIET_NAM):%d/%m/%Y} –"
        until = f" {one.until.astimezone(VIET_NAM):%d/%m/%Y}" if one.until else ""
        table.add_row(
            one.officer_no,
            one.role + (f" ← {one.covers}" if one.covers else ""),
            ", ".join(one.provinces) if one.provinces is not None else "cả nước",
            when + until,
            ", ".join(one.given_by),
            f"{one.last_used_at.astimezone(VIET_NAM):%d/%m/%Y}" if one.last_used_at else "–",
            ", ".join(_WORDS[finding] for finding in one.findings),
        )
    out.print(table)


def _told(one: HeldRole) -> dict[str, object]:
    return {
        "grant": one.grant,
        "officer": one.officer_no,
        "name": one.name,
        "role": one.role,
        "provinces": one.provinces,
        "since": one.since.isoformat(),
        "until": one.until.isoformat() if one.until else None,
        "covers": one.covers,
        "given_by": one.given_by,
        "last_used_at": one.last_used_at.isoformat() if one.last_used_at else None,
        "findings": one.findings,
    }

"""`ansinh pay share`, `ansinh pay outreach`: how many are paid into an account, and where those live who are not."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from typing import Annotated

import typer

from ansinh.cli.screen import counted, out, print_json, titled_table
from ansinh.places.queries import provinces
from ansinh.reporting.queries import Published, communes, missing, published

Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]


class Rhythm(StrEnum):
    """How often a run pays."""

    MONTHLY = "monthly"
    UNEMPLOYMENT = "unemployment"
    ONE_OFF = "one_off"


Run = Annotated[int | None, typer.Option(help="Another closed run than the newest.", min=1)]
Kind = Annotated[Rhythm, typer.Option(help="Monthly benefits, unemployment, or what is paid once.")]


def share(rhythm: Kind = Rhythm.MONTHLY, run: Run = None, as_json: Json = False) -> None:
    """Show what a closed run published, by province, with the gap in persons to the urban target. Example: ansinh pay share --rhythm unemployment"""
    found = published(rhythm.value, run)
    lines = [
        {
            "province": province,
            "persons": of["account_share.persons"][1],
            "by_account": of["account_share.persons"][0],
            "share": _percent(*of["account_share.persons"]),
            "share_of_money": _percent(*of["account_share.amount"]),
            "urban": of["account_share.urban"][1],
            "urban_by_account": of["account_share.urban"][0],
            "urban_share": _percent(*of["account_share.urban"]),
            "urban_missing": missing(*of["account_share.urban"]),
        }
        for province, of in found.figures.items()
    ]
    if as_json:
        print_json({**_tied(found), "provinces": lines})
        return
    table = titled_table(
        f"Chi qua tài khoản, đợt {found.run_id}, niêm phong {found.seal[:12]}, phiên bản {found.version} · By account",
        "Tỉnh · Province", "Người · Persons", "% người · persons", "% tiền · money", "Đô thị · Urban", "% đô thị · urban", "Còn thiếu tới 60 % · Missing",
    )  # fmt: skip
    names = {one.code: one.name for one in provinces()} | {"00": "Cả nước"}
    for one in lines:
        code = str(one["province"])
        cells = (
            one["persons"],
            one["share"],
            one["share_of_money"],
            one["urban"],
            one["urban_share"],
            one["urban_missing"],
        )
        table.add_row(f"{code} {names.get(code, '')}".strip(), *(counted(cell) for cell in cells))  # type: ignore[arg-type]  # figures
    out.print(table)


def outreach(
    province: Annotated[str | None, typer.Option(help="Only this province, by its code.")] = None,
    rhythm: Kind = Rhythm.MONTHLY,
    run: Run = None,
    as_json: Json = False,
) -> None:
    """List communes by how many payees are still paid in cash, for those who call on them. Example: ansinh pay outreach --province 01"""
    found = published(rhythm.value, run)
    lines = communes(found, province)
    if as_json:
        print_json(
            {
                **_tied(found),
                "communes": [{**asdict(one), "in_cash": one.in_cash, "missing": one.missing} for one in lines],
            }
        )
        return
    table = titled_table(
        f"Còn nhận tiền mặt, đợt {found.run_id} · Still in cash",
        "Tỉnh · Province", "Xã, phường · Commune", "Đô thị · Urban", "Tiền mặt · In cash", "Tổng · All", "%", "Còn thiếu tới 60 % · Missing",
    )  # fmt: skip
    for one in lines:
        cells = (one.in_cash, one.persons, _percent(one.by_account, one.persons), one.missing)
        table.add_row(one.province, one.commune, "✓" if one.urban else "", *map(counted, cells))
    out.print(table)


def _tied(found: Published) -> dict[str, object]:
    return {
        "run": found.run_id,
        "pay_month": found.pay_month,
        "rhythm": found.rhythm,
        "seal_no": found.seal_no,
        "seal": found.seal,
        "version": found.version,
        "counted_at": found.counted_at,
        "urban_target": 60,
    }


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 2) if whole else None

"""`ansinh benefits`: what people are owed: load, show, adjust by decree, freeze months, and list who reaches an age."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from ansinh.benefits import operations
from ansinh.benefits.operations import ENTITLEMENTS_A_RANGE_MAX
from ansinh.benefits.queries import (
    Page,
    Reaching,
    adjustments,
    count_adjusted_in,
    frozen_months,
    losing_survivors_benefit,
    ranges_of_payees,
    reaching_retirement,
    reaching_social_pension,
    sums_of,
)
from ansinh.benefits.states import Scope
from ansinh.cli import benefit_changes, benefit_files
from ansinh.cli.acting import actor
from ansinh.cli.benefit_changes import Json, month_of
from ansinh.cli.nation import manifest, source_of
from ansinh.cli.screen import counted, out, print_json, progress_bar
from ansinh.config.queries import agency_clock
from ansinh.foundation.clock import legal_day
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.period import Month
from ansinh.people.operations import load_insured

app = typer.Typer(
    no_args_is_help=True,
    help="What people are owed: files and decisions, entitlements, their changes, adjustments, frozen months.",
)
app.add_typer(benefit_changes.app)
app.add_typer(benefit_files.app)

MonthOption = Annotated[str, typer.Option("--month", help="Such as 2025-07; this month unless told.")]
Province = Annotated[str | None, typer.Option(help="Province, 2 digits; all unless told.")]
LISTS: dict[str, Callable[[int, Page], list[Reaching]]] = {
    "retirement": reaching_retirement,
    "children": losing_survivors_benefit,
    "social": reaching_social_pension,
}


@app.command()
def load(
    folder: Annotated[Path, typer.Argument(help="A nation's folder, as `ansinh nation create` prints it.")],
    owed_from: Annotated[str, typer.Option(help="First month we owe, such as 2025-06; this month unless told.")] = "",
    reason: Annotated[str, typer.Option(help="Why; kept in the audit.")] = "nhận danh sách chi trả của hệ thống trước",
    as_json: Json = False,
) -> None:
    """Take in who was being paid by the system before ours. Safe to run twice. Example: ansinh benefits load ~/nation --owed-from 2025-06"""
    began = time.perf_counter()
    loaded = load_payees(folder, reason, owed_from=_month(owed_from))
    told = {"entitlements": loaded, "seconds": round(time.perf_counter() - began, 2)}
    if as_json:
        print_json(told)
    else:
        out.print(f"{counted(loaded)} quyền hưởng trong {told['seconds']} giây. · {loaded} entitlements.")


def load_payees(folder: Path, reason: str, *, owed_from: int) -> int:
    """Take in the payees of a nation whose people are loaded; returns how many entitlements there are. Months before `owed_from` were paid by others."""
    manifest(folder)
    file = folder / "agency" / "payee.parquet"
    if not file.exists():
        return 0
    source, who = source_of(folder), actor()
    before = load_insured(actor=who, reason=reason, source=source, file=folder / "agency" / "insured.parquet")
    with progress_bar("Nạp người hưởng", None):
        return operations.load_entitlements(
            actor=who,
            reason=reason,
            clock=agency_clock(),
            source=source,
            file=file,
            persons_before=before,
            owed_from=owed_from,
        )


@app.command("list")
def list_(month: MonthOption = "", province: Province = None, as_json: Json = False) -> None:
    """Show how many are paid and suspended in a month, by kind, the months frozen and the adjustments. Example: ansinh benefits list --month 2025-07"""
    asked = _month(month)
    sums, frozen, decrees = sums_of(asked, province), frozen_months(), adjustments()
    if as_json:
        print_json(
            {
                "month": asked,
                "kinds": [
                    {"kind": one.kind, "state": one.state, "entitlements": one.entitlements, "owed": one.owed}
                    for one in sums
                ],
                "frozen": [
                    dict(zip(("month", "obligations", "amount", "corrections", "corrections_amount"), one, strict=True))
                    for one in frozen
                ],
                "adjustments": [
                    dict(zip(("month", "scope", "act", "prepared_by", "approved_by"), one, strict=True))
                    for one in decrees
                ],
            }
        )
        return
    table = _table(
        f"Đang hưởng tháng {asked} · Entitlements",
        "Loại · Kind",
        "Trạng thái · State",
        "Số người · Count",
        "Phải chi · Owed ₫",
    )
    for one in sums:
        table.add_row(one.kind, one.state, counted(one.entitlements), counted(one.owed))
    out.print(table)
    for number, obligations, amount, corrections, more in frozen:
        out.print(
            f"Đã chốt {number}: {counted(obligations)} khoản, {counted(amount)} ₫; {counted(corrections)} truy lĩnh và thu hồi, {counted(more)} ₫ · frozen"
        )
    for number, scope, act, _, approved in decrees:
        out.print(
            f"Điều chỉnh {number} ({scope}): {act} – {'đã duyệt · approved' if approved else 'chờ duyệt · waiting'}"
        )


@app.command()
def adjust(
    month: Annotated[str, typer.Argument(help="Month of the adjustment, such as 2026-07.")],
    act: Annotated[str, typer.Option(help="Prepare it by this act.")] = "",
    approve: Annotated[bool, typer.Option("--approve", help="Approve what another officer prepared.")] = False,
    scope: Annotated[Scope, typer.Option(help="For whom.")] = Scope.PENSIONS,
    reason: Annotated[str, typer.Option(help="Why; kept in the audit.")] = "điều chỉnh theo nghị định",
    as_json: Json = False,
) -> None:
    """Adjust everybody by decree: prepare (--act), approve by another (--approve), then run. Safe to run twice, and after a crash.

    Example: ansinh --as hanoi.thu benefits adjust 2026-07 --act 162/2026/NĐ-CP; then --as hanoi.minh … --approve; then ansinh benefits adjust 2026-07
    """
    asked, clock = month_of(month), agency_clock()
    if act:
        made = operations.prepare_adjustment(
            actor=actor(), reason=reason, clock=clock, month=asked, scope=scope, act=act
        )
        _say(
            {"month": asked, "prepared": made},
            "Đã lập đợt điều chỉnh; chờ người khác duyệt. · Prepared.",
            as_json=as_json,
        )
        return
    if approve:
        approved = operations.approve_adjustment(actor=actor(), reason=reason, clock=clock, month=asked, scope=scope)
        _say({"month": asked, "approved": approved}, "Đã duyệt. · Approved.", as_json=as_json)
        return
    told = adjust_all(asked, scope, reason)
    words = f"{counted(told['versions'])} mức hưởng mới, {counted(told['corrections'])} truy lĩnh, trong {told['seconds']} giây. · {told['versions']} versions."
    _say(told, words, as_json=as_json)


def adjust_all(month: int, scope: Scope, reason: str) -> dict[str, Any]:
    """Work an approved adjustment through, range by range, with a bar; returns what it wrote, the seconds and the memory at its highest."""
    began, versions, corrections = time.perf_counter(), 0, 0
    who, clock = actor(), agency_clock()
    with progress_bar("Điều chỉnh mức hưởng", count_adjusted_in(scope)) as advance:
        for first, last in ranges_of_payees(ENTITLEMENTS_A_RANGE_MAX):
            done = operations.adjust_range(
                actor=who, reason=reason, clock=clock, month=month, scope=scope, from_person=first, until_person=last
            )
            versions, corrections = versions + done.versions, corrections + done.corrections
            advance(done.versions)
    return {
        "month": month,
        "scope": scope.value,
        "versions": versions,
        "corrections": corrections,
        "seconds": round(time.perf_counter() - began, 2),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


@app.command()
def freeze(
    month: Annotated[str, typer.Argument(help="The month after the last frozen, such as 2025-07.")],
    open_only: Annotated[
        bool, typer.Option("--open", help="Between months: hand over one-off benefits and open corrections alone.")
    ] = False,
    reason: Annotated[str, typer.Option(help="Why; kept in the audit.")] = "chốt danh sách chi trả",
    as_json: Json = False,
) -> None:
    """Fix what a month owes and hand it to payments. Safe to run twice. Example: ansinh benefits freeze 2025-07"""
    freezes = operations.freeze_open if open_only else operations.freeze_month
    done = freezes(actor=actor(), reason=reason, clock=agency_clock(), month=month_of(month))
    told = {
        "month": done.month,
        "obligations": done.obligations,
        "amount": done.amount,
        "corrections": done.corrections,
        "corrections_amount": done.corrections_amount,
        "already": done.already,
    }
    before = "Đã chốt từ trước" if done.already else "Đã chốt"
    words = (
        f"{before} tháng {done.month}: {counted(done.obligations)} khoản, {counted(done.amount)} ₫; "
        f"{counted(done.corrections)} truy lĩnh và thu hồi, {counted(done.corrections_amount)} ₫. · Frozen."
    )
    _say(told, words, as_json=as_json)


@app.command()
def deaths(
    reason: Annotated[str, typer.Option(help="Why; kept in the audit.")] = "đã mất theo CSDL dân cư",
    as_json: Json = False,
) -> None:
    """End what is still owed to persons known to have died. Run daily. Example: ansinh benefits deaths"""
    told = follow_deaths(reason)
    words = f"{counted(told['ended'])} quyền hưởng chấm dứt, {counted(told['overpaid'])} ₫ chi sau khi mất phải thu hồi. · {told['ended']} ended."
    _say(told, words, as_json=as_json)


def follow_deaths(reason: str) -> dict[str, int]:
    """End entitlements of the dead until none is left; returns how many, and what was frozen for months after death, in đồng."""
    ended, overpaid = 0, 0
    while (done := operations.end_for_deaths(actor=actor(), reason=reason, clock=agency_clock())).entitlements:
        ended, overpaid = ended + done.entitlements, overpaid + done.overpaid
    return {"ended": ended, "overpaid": overpaid}


@app.command()
def retiring(
    month: MonthOption = "",
    kind: Annotated[str, typer.Option("--list", help=f"One of {', '.join(LISTS)}.")] = "retirement",
    province: Province = None,
    after: Annotated[int, typer.Option(help="Go on after this record number.", min=0)] = 0,
    limit: Annotated[int, typer.Option(help="How many at most.", min=1, max=1_000)] = 100,
    as_json: Json = False,
) -> None:
    """List who reaches an age in a month (next month unless told): retirement, a child's 18th year, the social pension. Example: ansinh benefits retiring"""
    if kind not in LISTS:
        raise InvalidInput(
            f"Danh sách là một trong: {', '.join(LISTS)}.", f"The list is one of: {', '.join(LISTS)}.", field="list"
        )
    asked = month_of(month) if month else Month.of(_month("")).plus(1).number()
    found = LISTS[kind](asked, Page(province, after, limit))
    if as_json:
        people = [_plain(one) for one in found]
        print_json(
            {
                "month": asked,
                "list": kind,
                "people": people,
                "next_after": found[-1].person_id if len(found) == limit else None,
            }
        )
        return
    table = _table(
        f"Đến tuổi trong tháng {asked} · Reaching an age",
        "Hồ sơ · Record",
        "Tỉnh · Province",
        "Giới · Sex",
        "Sinh · Born",
        "Từ tháng · From",
    )
    for one in found:
        table.add_row(f"#{one.person_id}", one.province, one.sex or "–", one.born, str(one.from_month))
    out.print(table)
    if len(found) == limit:
        out.print(f"Còn nữa: --after {found[-1].person_id} · More: --after {found[-1].person_id}")


def _plain(one: Reaching) -> dict[str, Any]:
    told = {"person": one.person_id, "province": one.province, "sex": one.sex, "born": one.born}
    return {**told, "from_month": one.from_month, "entitlement": one.entitlement_id}


def _month(text: str) -> int:
    return month_of(text) if text else Month.containing(legal_day(agency_clock().now())).number()


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, justify="right" if "Count" in column or "₫" in column else "left")
    return table


def _say(told: dict[str, Any], words: str, *, as_json: bool) -> None:
    if as_json:
        print_json(told)
    else:
        out.print(words, markup=False)

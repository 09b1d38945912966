"""`ansinh people …`: what officers decide about identity. Every decision needs `--as OFFICER` and a reason; nothing here takes a person's number."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from ansinh.cli.acting import actor
from ansinh.cli.screen import counted, out, print_json
from ansinh.config.effects import EFFECTS
from ansinh.config.following import decide_and_follow
from ansinh.config.queries import agency_clock
from ansinh.foundation.clock import VIET_NAM, legal_day
from ansinh.foundation.errors import NotFound
from ansinh.people import operations, queries
from ansinh.people.operations import Correction, Decided
from ansinh.people.states import FIELDS, RequestState
from ansinh.reporting.queries import figures_by_province

app = typer.Typer(no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept in the audit.")]
Person = Annotated[int, typer.Argument(help="Record number, as `ansinh people candidates` shows it.", metavar="PERSON")]
Request = Annotated[int, typer.Argument(help="Request number.", metavar="REQUEST")]


@app.command()
def candidates(
    person: Annotated[int | None, typer.Argument(help="Show who is offered for one record.", metavar="PERSON")] = None,
    province: Annotated[str | None, typer.Option(help="Only of one province, by its code.")] = None,
    length: Annotated[int, typer.Option(min=1, max=200, help="How many at most.")] = 20,
    as_json: Json = False,
) -> None:
    """Show records that wait for a person's eyes, or who is offered for one, side by side. Example: ansinh people candidates 42"""
    if person is not None:
        _show_offered(person, as_json=as_json)
        return
    found = queries.open_candidates(province, length)
    now = agency_clock().now()
    lines = [(one, (now - one.since).days) for one in found]
    if as_json:
        print_json(
            [{"person": one.person_id, "province": one.province, "rule": one.rule, "days": days} for one, days in lines]
        )
        return
    table = _table(
        "Hồ sơ nghi vấn · Doubtful records",
        "Hồ sơ · Record",
        "Tỉnh · Province",
        "Lý do · Reason",
        "Ứng viên",
        "Ngày chờ · Days",
    )
    for one, days in lines:
        table.add_row(f"#{one.person_id}", one.province, one.rule, counted(one.offered), counted(days))
    out.print(table)


@app.command()
def confirm(
    person: Person,
    candidate: Annotated[int, typer.Option(help="Rank of the candidate.", min=1)],
    reason: Reason,
    as_json: Json = False,
) -> None:
    """Confirm that a record is one of its candidates. Example: ansinh --as hanoi.lan people confirm 42 --candidate 1 --reason "đã gọi điện" """
    pin = _pin_of(person, candidate)
    clock = agency_clock()

    def act() -> Decided:
        return operations.confirm_candidate(
            actor=actor(), reason=reason, clock=clock, person_id=person, register_pin=pin, effects=EFFECTS
        )

    _tell(decide_and_follow(act, reason=reason, clock=clock), as_json=as_json)


@app.command()
def refuse(
    person: Person,
    candidate: Annotated[int, typer.Option(help="Rank of the candidate.", min=1)],
    reason: Reason,
    as_json: Json = False,
) -> None:
    """Say that a record is not this candidate, who is never offered again. Example: ansinh --as hanoi.lan people refuse 42 --candidate 2 --reason "khác" """
    left = operations.refuse_candidate(
        actor=actor(), reason=reason, clock=agency_clock(), person_id=person, register_pin=_pin_of(person, candidate)
    )
    if as_json:
        print_json({"person": person, "left": left})
    else:
        out.print(f"Đã loại; còn {counted(left)} ứng viên. · Refused; {left} left.")


@app.command()
def correct(
    person: Person,
    field: Annotated[str, typer.Option(help=f"One of {', '.join(FIELDS)}.")],
    new: Annotated[str, typer.Option(help="The right value: 1980-05-04, M or F, 01/00004; empty for none.")],
    evidence: Annotated[str, typer.Option(help="The paper that shows it.")],
    reason: Reason,
    source: Annotated[str, typer.Option(help="Who says so.")] = "civil status",
    as_json: Json = False,
) -> None:
    """Ask that a field be corrected; what it holds now is taken as seen. Example: ansinh --as hanoi.lan people correct 42 --field sex --new F …"""
    clock = agency_clock()
    known = queries.person_as_known(person, clock.now())
    if known is None:
        raise NotFound(f"Không có hồ sơ #{person}.", f"There is no record #{person}.", person=person)
    correction = Correction(field, known.fields.get(field), new or None, source, evidence)

    def act() -> Decided:
        return operations.request_correction(
            actor=actor(), reason=reason, clock=clock, person_id=person, correction=correction, effects=EFFECTS
        )

    _tell(decide_and_follow(act, reason=reason, clock=clock), as_json=as_json)


@app.command()
def differences(
    field: Annotated[str | None, typer.Option(help="Show some of this field …")] = None,
    rule: Annotated[str | None, typer.Option(help="… that this rule found.")] = None,
    as_json: Json = False,
) -> None:
    """Show on what the agency and the register differ, in groups, or some of one group. Example: ansinh people differences --field sex --rule model"""
    if field and rule:
        sample = queries.differences_sampled(field, rule)
        if as_json:
            print_json([asdict(one) for one in sample])
            return
        table = _table(f"{field}: {rule}", "Hồ sơ · Record", "Cơ quan · Ours", "CSDL dân cư · Register")
        for one in sample:
            table.add_row(f"#{one.person_id}", one.ours or "–", one.registered or "–")
        out.print(table)
        return
    groups = queries.difference_groups()
    if as_json:
        print_json([asdict(one) for one in groups])
        return
    table = _table(
        "Sai lệch · Differences", "Trường · Field", "Quy tắc · Rule", "Trạng thái · State", "Hồ sơ · Records"
    )
    for group in groups:
        table.add_row(group.field, group.rule, group.state, counted(group.persons))
    out.print(table)


@app.command()
def adopt(
    field: Annotated[str, typer.Option(help="The field on which the register's word shall hold …")],
    rule: Annotated[str, typer.Option(help="… for everyone with a difference this rule found.")],
    reason: Reason,
    as_json: Json = False,
) -> None:
    """Propose to take the register's word for a whole group. Example: ansinh --as hanoi.lan people adopt --field sex --rule number.exact --reason "đã xem" """
    decided = operations.prepare_adoption(actor=actor(), reason=reason, clock=agency_clock(), field=field, rule=rule)
    _tell(decided, as_json=as_json)


@app.command()
def undo(request: Request, reason: Reason, as_json: Json = False) -> None:
    """Propose to take a correction or an adoption back. Example: ansinh --as hanoi.lan people undo 7 --reason "nhầm người" """
    clock = agency_clock()

    def act() -> Decided:
        return operations.undo_correction(actor=actor(), reason=reason, clock=clock, request=request, effects=EFFECTS)

    _tell(decide_and_follow(act, reason=reason, clock=clock), as_json=as_json)


@app.command()
def merge(
    alias: Annotated[int, typer.Argument(help="The record to merge.", metavar="RECORD")],
    survivor: Annotated[int, typer.Argument(help="The record it stands for from then on.", metavar="INTO")],
    reason: Reason,
    as_json: Json = False,
) -> None:
    """Propose that a record be merged into another; another officer approves. Example: ansinh --as hanoi.lan people merge 43 42 --reason "cùng một người" """
    decided = operations.prepare_merge(
        actor=actor(), reason=reason, clock=agency_clock(), alias=alias, survivor=survivor, effects=EFFECTS
    )
    _tell(decided, as_json=as_json)


@app.command()
def unmerge(
    alias: Annotated[int, typer.Argument(help="The merged record.", metavar="RECORD")],
    reason: Reason,
    as_json: Json = False,
) -> None:
    """Propose that a merged record stand for itself again; another officer approves. Example: ansinh --as hanoi.lan people unmerge 43 --reason "hai người" """
    decided = operations.prepare_unmerge(
        actor=actor(), reason=reason, clock=agency_clock(), alias=alias, effects=EFFECTS
    )
    _tell(decided, as_json=as_json)


@app.command()
def requests(as_json: Json = False) -> None:
    """Show what waits for a second officer. Example: ansinh people requests"""
    found = queries.requests_waiting()
    if as_json:
        print_json([asdict(one) for one in found])
        return
    table = _table(
        "Chờ người thứ hai duyệt · Waiting for a second officer",
        "Số · No.",
        "Việc · What",
        "Hồ sơ · Record",
        "Người lập · By",
        "Tác động · Touches",
    )
    for one in found:
        about = f"#{one.person_id}" + (f" → #{one.other_person_id}" if one.other_person_id else "")
        touches = "; ".join(f"#{effect['person_id']} {effect['vi']}" for effect in one.effects[:5])
        table.add_row(str(one.request), f"{one.kind} {one.field or ''}".strip(), about, one.prepared_by, touches)
    out.print(table)


@app.command()
def approve(request: Request, reason: Reason, as_json: Json = False) -> None:
    """Approve what another officer prepared. Example: ansinh --as hanoi.minh people approve 7 --reason "đủ giấy tờ" """
    clock = agency_clock()

    def act() -> Decided:
        return operations.approve_request(actor=actor(), reason=reason, clock=clock, request=request)

    _tell(decide_and_follow(act, reason=reason, clock=clock), as_json=as_json)


@app.command()
def reject(request: Request, reason: Reason, as_json: Json = False) -> None:
    """Refuse what another officer prepared, or withdraw your own. Example: ansinh --as hanoi.minh people reject 7 --reason "thiếu giấy tờ" """
    operations.refuse_request(actor=actor(), reason=reason, clock=agency_clock(), request=request)
    _tell(Decided(request, RequestState.REFUSED), as_json=as_json)


@app.command()
def history(
    person: Person,
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As known at the end of that day.")] = None,
    as_json: Json = False,
) -> None:
    """Show who said what about a record, when and how sure, and what officers decided. Example: ansinh people history 42 --on 2024-12-31"""
    at = on.replace(hour=23, minute=59, second=59, microsecond=999_999, tzinfo=VIET_NAM) if on else agency_clock().now()
    known = queries.person_as_known(person, at)
    if known is None:
        raise NotFound(f"Chưa có hồ sơ #{person}.", f"There was no record #{person} yet.", person=person)
    said = [one for one in queries.statements_about(person) if one.recorded_at <= at]
    decided = [one for one in queries.requests_about(person) if one.prepared_at <= at]
    if as_json:
        print_json(
            {
                "known": asdict(known),
                "said": [asdict(one) for one in said],
                "requests": [asdict(one) for one in decided],
            }
        )
        return
    stands = f" → #{known.merged_into}" if known.merged_into else ""
    out.print(f"Hồ sơ #{person}{stands}: {known.verdict or 'chưa đối chiếu'} ({known.rule or '–'})", markup=False)
    table = _table(
        "Ai nói gì · Who said what",
        "Trường · Field",
        "Giá trị · Value",
        "Nguồn · Source",
        "Biết từ · Known since",
        "Tin cậy · Certainty",
        "",
    )
    for one in said:
        since = f"{one.recorded_at.astimezone(VIET_NAM):%d/%m/%Y}"
        table.add_row(
            FIELDS[one.field][0] if one.field in FIELDS else one.field,
            one.value or "–",
            one.source,
            since,
            one.certainty,
            one.state,
        )
    out.print(table)
    for line in decided:
        out.print(
            f"Đề nghị {line.request}: {line.kind} {line.field or ''} {line.state} ({line.prepared_by}, {line.approved_by or '–'})",
            markup=False,
        )


@app.command()
def switch(
    province: Annotated[str | None, typer.Option(help="Say why the rest of this province has no PIN yet.")] = None,
    as_json: Json = False,
) -> None:
    """Show how far each province is from SI codes to PINs, and who is left and why. Example: ansinh people switch --province 01"""
    progress, left = queries.switch_by_province(), queries.numbers_missing(province)
    if as_json:
        print_json(
            {
                "provinces": [{**asdict(one), "share": one.share} for one in progress],
                "left": [asdict(one) for one in left],
            }
        )
        return
    table = _table(
        "Từ mã số BHXH sang số định danh · From SI code to PIN",
        "Tỉnh · Province",
        "Người có mã · Holders",
        "Có số định danh · With PIN",
        "%",
    )
    for one in progress:
        table.add_row(one.province, counted(one.holders), counted(one.with_pin), counted(one.share, "percent"))
    out.print(table)
    reasons: dict[str, int] = {}
    for gap in left:
        reason = f"{gap.verdict or 'chưa đối chiếu · not compared yet'}: {gap.rule or '–'}"
        reasons[reason] = reasons.get(reason, 0) + gap.persons
    why = _table("Ai còn lại và vì sao · Who is left and why", "Lý do · Reason", "Người · Persons")
    for reason, persons in sorted(reasons.items(), key=lambda one: -one[1]):
        why.add_row(reason, counted(persons))
    out.print(why)


@app.command()
def progress(
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="At the end of that day; today unless told.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show authentication by province at any date, from the counters of `ansinh report project06`. Example: ansinh people progress --on 2024-12-31"""
    day = on.date() if on else legal_day(agency_clock().now())
    found: dict[str, dict[str, float | int | None]] = {}
    for key, _ in _PROGRESS:
        for province, value in figures_by_province(key, day):
            found.setdefault(province, {})[key] = value
    if as_json:
        print_json(
            {"on": day, "provinces": [{"province": province, **values} for province, values in sorted(found.items())]}
        )
        return
    table = _table(
        f"Xác thực theo tỉnh đến {day:%d/%m/%Y} · by province", "Tỉnh · Province", *(words for _, words in _PROGRESS)
    )
    for province, values in sorted(found.items()):
        table.add_row(
            province, *(counted(values.get(key), "percent" if key.endswith("share") else "") for key, _ in _PROGRESS)
        )
    out.print(table)


_PROGRESS = (
    ("people.authenticated", "Đã xác thực · Authenticated"),
    ("people.participants_authenticated", "Người tham gia · Participants"),
    ("people.participants_share", "% người tham gia"),
    ("people.pin_share", "% có số định danh · with PIN"),
    ("people.candidates_open", "Nghi vấn · Doubtful"),
    ("people.candidates_age", "Ngày chờ · Days"),
)


def _show_offered(person: int, *, as_json: bool) -> None:
    known = queries.person_as_known(person, agency_clock().now())
    if known is None:
        raise NotFound(f"Không có hồ sơ #{person}.", f"There is no record #{person}.", person=person)
    offered = queries.candidates_of(person)
    if as_json:
        print_json({"person": asdict(known), "candidates": [asdict(one) for one in offered]})
        return
    headings = [f"{one.rank}" + (f" (của #{one.holder})" if one.holder else "") for one in offered]
    table = _table(f"Hồ sơ #{person} và ứng viên · and candidates", "", "Cơ quan · Ours", *headings)
    for field in ("full_name", "birth_date", "sex", "address"):
        ours = known.fields[field]
        theirs = [(one.registered or {}).get(field) for one in offered]
        table.add_row(
            FIELDS[field][0],
            ours or "–",
            *(f"{value or '–'}" if value == ours else f"[bold red]{value or '–'}[/]" for value in theirs),
        )
    table.add_row("điểm · score", "", *(counted(one.score) for one in offered))
    for part in sorted({part for one in offered for part in one.detail or {}}):
        table.add_row(part, "", *(str((one.detail or {}).get(part, "")) for one in offered))
    out.print(table)


def _pin_of(person: int, rank: int) -> str:
    for one in queries.candidates_of(person):
        if one.rank == rank:
            return one.register_pin
    raise NotFound(
        f"Hồ sơ #{person} không có ứng viên số {rank}.",
        f"Record #{person} has no candidate {rank}.",
        person=person,
        rank=rank,
    )


def _tell(decided: Decided, *, as_json: bool) -> None:
    line = queries.request_line(decided.request)
    if as_json:
        print_json({"request": decided.request, "state": decided.state.value, "effects": line.effects})
        return
    for effect in line.effects:
        out.print(f"  • #{effect['person_id']} {effect['vi']} · {effect['en']}", markup=False)
    words = {
        RequestState.PREPARED: f"Đề nghị {decided.request} chờ cán bộ khác duyệt. · Waits for another officer: ansinh --as … people approve {decided.request}",
        RequestState.APPLIED: f"Đề nghị {decided.request} đã thực hiện. · Done.",
        RequestState.REFUSED: f"Đề nghị {decided.request} đã bị từ chối. · Refused.",
    }
    out.print(words[decided.state], markup=False, soft_wrap=True)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column)
    return table

"""`ansinh people …`: what there is to see about identity: doubtful records, differences, requests, histories, provinces."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, time
from typing import Annotated

import typer

from ansinh.cli.identity_tables import PROGRESS, asked, progress_table, requests_table, words_of
from ansinh.cli.screen import counted, out, print_json, titled_table
from ansinh.config.queries import agency_clock
from ansinh.foundation.clock import VIET_NAM, legal_day
from ansinh.foundation.errors import NotFound
from ansinh.people import queries
from ansinh.people.matching.explaining import rule_words
from ansinh.people.states import CERTAINTIES, FIELDS, REQUEST_WORDS, SOURCES, VALUE_STATES, VERDICTS
from ansinh.places.queries import provinces
from ansinh.reporting.queries import figures, figures_by_province

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
    table = titled_table(
        "Hồ sơ nghi vấn · Doubtful records",
        "Hồ sơ · Record",
        "Tỉnh · Province",
        "Lý do · Reason",
        "Ứng viên",
        "Ngày chờ · Days",
    )
    says = rule_words()
    for one, days in lines:
        table.add_row(
            f"#{one.person_id}", one.province, says.get(one.rule, one.rule), counted(one.offered), counted(days)
        )
    out.print(table)


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
        table = titled_table(f"{field}: {rule}", "Hồ sơ · Record", "Cơ quan · Ours", "CSDL dân cư · Register")
        for one in sample:
            table.add_row(f"#{one.person_id}", one.ours or "–", one.registered or "–")
        out.print(table)
        return
    groups = [one for one in queries.difference_groups() if field in {None, one.field} and rule in {None, one.rule}]
    if as_json:
        print_json([asdict(one) for one in groups])
        return
    table = titled_table(
        "Sai lệch · Differences", "Trường · Field", "Quy tắc · Rule", "Trạng thái · State", "Hồ sơ · Records"
    )
    for group in groups:
        table.add_row(group.field, group.rule, group.state, counted(group.persons))
    table.caption = "Xem từng hồ sơ · Records of a group: ansinh people differences --field FIELD --rule RULE"
    out.print(table)


@app.command()
def requests(as_json: Json = False) -> None:
    """Show what waits for a second officer. Example: ansinh people requests"""
    found = queries.requests_waiting()
    if as_json:
        print_json([asdict(one) for one in found])
        return
    out.print(requests_table(found))


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
    why = rule_words().get(known.rule or "", known.rule or "")
    verdict = words_of(VERDICTS, known.verdict) if known.verdict else "chưa đối chiếu · not compared yet"
    out.print(
        f"Hồ sơ · Record #{person}{stands}: {verdict}" + (f" ({why})" if why else ""), markup=False, soft_wrap=True
    )
    table = titled_table(
        "Ai nói gì · Who said what",
        "Trường · Field",
        "Giá trị · Value",
        "Nguồn · Source",
        "Biết từ · Known since",
        "Tin cậy · Certainty",
        "Tình trạng · State",
    )
    for one in said:
        table.add_row(
            words_of(FIELDS, one.field),
            one.value or "–",
            words_of(SOURCES, one.source),
            f"{one.recorded_at.astimezone(VIET_NAM):%d/%m/%Y}",
            words_of(CERTAINTIES, one.certainty),
            words_of(VALUE_STATES, one.state),
        )
    out.print(table)
    for line in decided:
        by = f"{line.prepared_by}, {line.approved_by}" if line.approved_by else line.prepared_by
        out.print(
            f"Đề nghị · Request {line.request}: {asked(line)}; {words_of(REQUEST_WORDS, line.state)} ({by})",
            markup=False,
            soft_wrap=True,
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
    table = titled_table(
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
    why = titled_table("Ai còn lại và vì sao · Who is left and why", "Lý do · Reason", "Người · Persons")
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
    for key, _ in PROGRESS:
        for province, value in figures_by_province(key, day):
            found.setdefault(province, {})[key] = value
    apart = queries.excluded_by_province(datetime.combine(day, time.max, VIET_NAM))
    names = {one.code: one.name for one in provinces()}
    nation = {one.indicator.key: one.value for one in figures(day, day)}
    if as_json:
        lines = [
            {"province": province, "name": names.get(province), "excluded": apart.get(province, 0), **values}
            for province, values in sorted(found.items())
        ]
        total = {"excluded": sum(apart.values()), **{key: nation[key] for key, _ in PROGRESS}}
        print_json({"on": day, "provinces": lines, "total": total})
        return
    shown = [
        (f"{province} {names.get(province, '')}".strip(), values, apart.get(province, 0))
        for province, values in sorted(found.items())
    ]
    title = f"Xác thực theo tỉnh đến {day:%d/%m/%Y} · by province"
    out.print(progress_table(title, [*shown, ("Cả nước · Nation", nation, sum(apart.values()))]))


def _show_offered(person: int, *, as_json: bool) -> None:
    known = queries.person_as_known(person, agency_clock().now())
    if known is None:
        raise NotFound(f"Không có hồ sơ #{person}.", f"There is no record #{person}.", person=person)
    offered = queries.candidates_of(person)
    if as_json:
        print_json({"person": asdict(known), "candidates": [asdict(one) for one in offered]})
        return
    headings = [f"{one.rank}" + (f" (của #{one.holder})" if one.holder else "") for one in offered]
    table = titled_table(f"Hồ sơ #{person} và ứng viên · and candidates", "", "Cơ quan · Ours", *headings)
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
        table.add_row(_PARTS.get(part, part), "", *(_part((one.detail or {}).get(part)) for one in offered))
    out.print(table)


_PARTS = {"posterior": "xác suất · posterior"}


def _part(value: object) -> str:
    return f"{value:.4f}" if isinstance(value, float) else str(value or "–")

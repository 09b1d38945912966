"""`ansinh people …`: what officers decide about identity. Every decision needs `--as OFFICER` and a reason; nothing here takes a person's number."""

from __future__ import annotations

from typing import Annotated

import typer

from ansinh.cli.acting import actor
from ansinh.cli.screen import counted, out, print_json
from ansinh.config.cleaning import keep_ours
from ansinh.config.effects import EFFECTS
from ansinh.config.following import decide_and_follow
from ansinh.config.queries import agency_clock
from ansinh.foundation.errors import NotFound
from ansinh.people import operations, queries
from ansinh.people.operations import Correction, Decided
from ansinh.people.states import FIELDS, RequestState

app = typer.Typer(no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept in the audit.")]
Person = Annotated[int, typer.Argument(help="Record number, as `ansinh people candidates` shows it.", metavar="PERSON")]
Request = Annotated[int, typer.Argument(help="Request number.", metavar="REQUEST")]


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
def keep(
    person: Person,
    field: Annotated[str, typer.Option(help="The field on which the agency's value stays.")],
    reason: Reason,
    evidence: Annotated[
        str | None, typer.Option("--report", help="Also tell the register it is wrong, with this kind of evidence.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Keep the agency's value against the register's. Example: ansinh --as hanoi.lan people keep 42 --field sex --report birth_certificate --reason "…" """
    keep_ours(actor=actor(), reason=reason, clock=agency_clock(), person_id=person, field=field, evidence=evidence)
    if as_json:
        print_json({"person": person, "field": field, "reported": evidence is not None})
    else:
        out.print("Giữ giá trị của cơ quan. · Kept." if evidence is None else "Đã báo CSDL dân cư. · Reported.")


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
        whose = f"#{effect['person_id']} " if effect["person_id"] else ""
        out.print(f"  • {whose}{effect['vi']} · {effect['en']}", markup=False)
    words = {
        RequestState.PREPARED: f"Đề nghị {decided.request} chờ cán bộ khác duyệt. · Waits for another officer: ansinh --as … people approve {decided.request}",
        RequestState.APPLIED: f"Đề nghị {decided.request} đã thực hiện. · Done.",
        RequestState.REFUSED: f"Đề nghị {decided.request} đã bị từ chối. · Refused.",
    }
    out.print(words[decided.state], markup=False, soft_wrap=True)

"""`ansinh access`: officers and their roles; hospitals' machines, their keys and tokens."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from ansinh.access import operations, queries
from ansinh.access.operations import Administrator, GrantTerms, OnboardedClient
from ansinh.access.tokens import BOOK_READ, STANDING_READ
from ansinh.cli.access_review import review
from ansinh.cli.acting import actor
from ansinh.cli.onboarding import keep_key, onboard, read_jwk
from ansinh.cli.screen import out, print_json, titled_table
from ansinh.database.urls import secrets_folder
from ansinh.desk.operations import open_desk
from ansinh.foundation.clock import VIET_NAM, RealClock
from ansinh.foundation.settings import settings
from ansinh.signin.operations import invite_account
from ansinh.signin.queries import facility_officer

app = typer.Typer(no_args_is_help=True, help="Officers and their roles; hospitals' machines, their keys and tokens.")
officer_app = typer.Typer(no_args_is_help=True, help="Register and dismiss officers.")
role_app = typer.Typer(no_args_is_help=True, help="Give and take roles; two officers are needed to give one.")
client_app = typer.Typer(no_args_is_help=True, help="Let hospitals' machines in.")
facility_app = typer.Typer(no_args_is_help=True, help="The officers in whose name a hospital's machines may ask.")
for name, part in (("officer", officer_app), ("role", role_app), ("client", client_app), ("facility", facility_app)):
    app.add_typer(part, name=name)
app.command()(onboard)
app.command()(review)

Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the audit.")]
OfficerNo = Annotated[str, typer.Argument(help="Officer number, such as hanoi.lan.")]
GrantNo = Annotated[int, typer.Argument(help="Number of the grant; list: ansinh access role waiting")]
ClientId = Annotated[str, typer.Argument(help="Client, such as 01004-1; list: ansinh access clients")]
Facility = Annotated[str, typer.Argument(help="Facility code, 5 characters.")]
PublicKey = Annotated[
    Path | None, typer.Option(help="File with the hospital's own public key (JWK); without it a pair is made.")
]
KeyFile = Annotated[Path | None, typer.Option(help="Where to write the private key made here; readable by you only.")]


@app.command()
def found(
    first: OfficerNo,
    first_name: str,
    second: OfficerNo,
    second_name: str,
    unit: Annotated[str, typer.Option(help="Where both work.")] = "BHXH Việt Nam",
    reason: Reason = "lập quản trị viên đầu tiên",
) -> None:
    """Register the first two administrators; afterwards every role takes two people. Safe to run twice.

    Example: ansinh access found hanoi.lan "Trần Thị Lan" hanoi.minh "Lê Văn Minh"
    """
    two = [Administrator(first, first_name, unit), Administrator(second, second_name, unit)]
    made = operations.found_administration(actor=actor(), reason=reason, clock=RealClock(), administrators=two)
    out.print(f"{made} quản trị viên mới. · {made} new administrators.")


@app.command()
def officers(as_json: Json = False) -> None:
    """List officers and their roles. Example: ansinh access officers"""
    known = queries.officers()
    if as_json:
        print_json(
            [
                {"officer": o.officer_no, "name": o.name, "unit": o.unit, "active": o.active, "roles": o.roles}
                for o in known
            ]
        )
        return
    table = titled_table(
        "Cán bộ · Officers", "Số hiệu · Number", "Họ tên · Name", "Đơn vị · Unit", "Vai trò · Roles", ""
    )
    for one in known:
        table.add_row(
            one.officer_no, one.name, one.unit, ", ".join(one.roles), "" if one.active else "đã nghỉ · dismissed"
        )
    out.print(table)


@app.command()
def roles(as_json: Json = False) -> None:
    """List the roles and what each permits. Example: ansinh access roles"""
    known = queries.roles()
    if as_json:
        print_json([{"role": name, "vi": vi, "en": en, "permissions": may} for name, vi, en, may in known])
        return
    table = titled_table("Vai trò · Roles", "Role", "Vai trò", "Quyền · Permissions")
    for name, vi, _, may in known:
        table.add_row(name, vi, ", ".join(may))
    out.print(table)


@app.command()
def clients(as_json: Json = False) -> None:
    """List the machine clients. Example: ansinh access clients"""
    known = queries.clients()
    if as_json:
        print_json(
            [
                {
                    "client": c.client_id,
                    "facility": c.facility,
                    "name": c.name,
                    "scope": c.scope,
                    "state": c.state,
                    "rate_per_second": c.rate_per_second,
                    "keys": c.key_ids,
                }
                for c in known
            ]
        )
        return
    table = titled_table(
        "Máy khách · Clients",
        "Client",
        "Cơ sở · Facility",
        "Tên · Name",
        "Phạm vi · Scope",
        "Mỗi giây · A second",
        "Trạng thái · State",
    )
    for one in known:
        table.add_row(one.client_id, one.facility, one.name, one.scope, str(one.rate_per_second), one.state)
    out.print(table)


@officer_app.command("add")
def add_officer(
    officer_no: OfficerNo,
    name: str,
    unit: Annotated[str, typer.Option(help="Where they work.")],
    reason: Reason = "tiếp nhận cán bộ",
) -> None:
    """Register an officer, without any role yet. Safe to run twice. Example: ansinh --as hanoi.lan access officer add hue.hoa "Võ Thị Hoa" --unit Huế"""
    new = operations.register_officer(actor=actor(), reason=reason, officer_no=officer_no, name=name, unit=unit)
    out.print("Đã ghi nhận. · Registered." if new else "Đã có từ trước. · Known already.")


@officer_app.command("dismiss")
def dismiss_officer(officer_no: OfficerNo, reason: Reason = "thôi việc") -> None:
    """Let an officer act no more. Example: ansinh --as hanoi.lan access officer dismiss hue.hoa"""
    operations.dismiss_officer(actor=actor(), reason=reason, officer_no=officer_no)
    out.print("Đã cho thôi. · Dismissed.")


@role_app.command("prepare")
def prepare_role(
    officer_no: OfficerNo,
    role: Annotated[str, typer.Argument(help="Role; list: ansinh access roles")],
    reason: Reason = "phân công nhiệm vụ",
    province: Annotated[
        list[str] | None, typer.Option(help="Holds here only; may be repeated. Code, such as 46.")
    ] = None,
    begins: Annotated[datetime | None, typer.Option(help="Not before this day.")] = None,
    ends: Annotated[datetime | None, typer.Option(help="Ends by itself on this day.")] = None,
    covers: Annotated[str | None, typer.Option(help="Lend this officer's role for the time, 90 days at most.")] = None,
) -> None:
    """Propose a role for an officer; another approves it. Example: ansinh --as hanoi.lan access role prepare hue.hoa card_officer --province 46"""
    first, last = (day.replace(tzinfo=VIET_NAM) if day else None for day in (begins, ends))
    terms = GrantTerms(frozenset(province) if province else None, first, last, covers)
    grant = operations.prepare_role_grant(
        actor=actor(), reason=reason, clock=RealClock(), officer_no=officer_no, role=role, terms=terms
    )
    out.print(f"Đề nghị số {grant}; một cán bộ khác duyệt bằng: ansinh --as OFFICER access role approve {grant}")


@role_app.command("waiting")
def waiting_roles(as_json: Json = False) -> None:
    """List the grants that a second officer has yet to decide. Example: ansinh access role waiting"""
    grants = queries.grants_waiting()
    if as_json:
        print_json(
            [{"grant": g.grant, "officer": g.officer_no, "role": g.role, "prepared_by": g.prepared_by} for g in grants]
        )
        return
    table = titled_table(
        "Đề nghị chờ duyệt · Waiting", "Số · No.", "Cán bộ · Officer", "Vai trò · Role", "Người đề nghị · Prepared by"
    )
    for one in grants:
        table.add_row(str(one.grant), one.officer_no, one.role, one.prepared_by)
    out.print(table)


@role_app.command("approve")
def approve_role(grant: GrantNo, reason: Reason = "đồng ý phân công") -> None:
    """Agree to a grant that another officer prepared. Example: ansinh --as hanoi.minh access role approve 3"""
    operations.approve_role_grant(actor=actor(), reason=reason, clock=RealClock(), grant=grant)
    out.print("Đã duyệt. · Approved.")


@role_app.command("refuse")
def refuse_role(grant: GrantNo, reason: Annotated[str, typer.Option(help="Why; kept in the audit.")]) -> None:
    """Refuse a grant that waits. Example: ansinh --as hanoi.minh access role refuse 3 --reason "chưa cần" """
    operations.refuse_role_grant(actor=actor(), reason=reason, clock=RealClock(), grant=grant)
    out.print("Đã từ chối. · Refused.")


@role_app.command("end")
def end_role(grant: GrantNo, reason: Annotated[str, typer.Option(help="Why; kept in the audit.")]) -> None:
    """Take a role away. Example: ansinh --as hanoi.minh access role end 3 --reason "chuyển việc" """
    operations.end_role_grant(actor=actor(), reason=reason, clock=RealClock(), grant=grant)
    out.print("Đã thu hồi. · Ended.")


@client_app.command("add")
def add_client(
    facility: Facility,
    name: Annotated[
        str, typer.Argument(help="What the machine is called, such as the name of the hospital's software.")
    ],
    scope: Annotated[list[str] | None, typer.Option(help="What it may ask; may be repeated.")] = None,
    public_key: PublicKey = None,
    key_file: KeyFile = None,
    reason: Reason = "kết nối phần mềm của cơ sở khám chữa bệnh",
) -> None:
    """Let a hospital's machine in. Safe to run twice. Example: ansinh access client add 01004 "HIS Bạch Mai" --key-file his.key.json"""
    made = operations.register_client(
        actor=actor(),
        reason=reason,
        facility=facility,
        name=name,
        scope=scope or [STANDING_READ],
        public_key=read_jwk(public_key),
    )
    hand_over(made, key_file)


@client_app.command("add-app")
def add_app(
    name: Annotated[str, typer.Argument(help="What the app is called.")],
    scope: Annotated[list[str] | None, typer.Option(help="What it may ask; may be repeated.")] = None,
    public_key: PublicKey = None,
    key_file: KeyFile = None,
    reason: Reason = "kết nối ứng dụng định danh điện tử",
) -> None:
    """Let in an app citizens sign in to. Safe to run twice. Example: ansinh access client add-app "Ứng dụng định danh" --key-file app.key.json"""
    made = operations.register_client(
        actor=actor(),
        reason=reason,
        facility=operations.APP,
        name=name,
        scope=scope or [BOOK_READ],
        public_key=read_jwk(public_key),
    )
    hand_over(made, key_file)


@client_app.command("change")
def change_client(
    client_id: ClientId,
    scope: Annotated[list[str] | None, typer.Option(help="What it may ask from now on; may be repeated.")] = None,
    rate: Annotated[int | None, typer.Option(help="Look-ups a second it may ask from now on.")] = None,
    reason: Reason = "điều chỉnh phạm vi kết nối",
) -> None:
    """Change what a client may ask, and how much. Example: ansinh --as hanoi.lan access client change 01004-1 --scope standing:read --rate 200"""
    operations.change_client(actor=actor(), reason=reason, client_id=client_id, scope=scope or (), rate_per_second=rate)
    out.print("Đã đổi. · Changed.")


@client_app.command("add-key")
def add_client_key(
    client_id: ClientId, public_key: PublicKey = None, key_file: KeyFile = None, reason: Reason = "thay khóa định kỳ"
) -> None:
    """Add a second key, valid beside the first. Example: ansinh --as hanoi.lan access client add-key 01004-1 --public-key new.jwk.json"""
    made = operations.add_client_key(actor=actor(), reason=reason, client_id=client_id, public_key=read_jwk(public_key))
    hand_over(made, key_file)


# The id is an option's value, since one in sixty-four begins with a hyphen.
@client_app.command("retire-key")
def retire_client_key(
    client_id: ClientId,
    kid: Annotated[str, typer.Option(help="Id of the key; list: ansinh access clients --json")],
    reason: Reason = "thay khóa định kỳ",
) -> None:
    """Take a key out of use at once. Example: ansinh --as hanoi.lan access client retire-key 01004-1 --kid KID"""
    operations.retire_client_key(actor=actor(), reason=reason, client_id=client_id, kid=kid)
    out.print("Đã cho khóa nghỉ. · Retired.")


@client_app.command("suspend")
def suspend_client(client_id: ClientId, reason: Annotated[str, typer.Option(help="Why; kept in the audit.")]) -> None:
    """Give a client no more tokens. Example: ansinh --as hanoi.lan access client suspend 01004-1 --reason "nghi lộ khóa" """
    operations.suspend_client(actor=actor(), reason=reason, client_id=client_id)
    out.print("Đã tạm dừng. · Suspended.")


@client_app.command("restore")
def restore_client(client_id: ClientId, reason: Annotated[str, typer.Option(help="Why; kept in the audit.")]) -> None:
    """Let a suspended client in again. Example: ansinh --as hanoi.lan access client restore 01004-1 --reason "đã thay khóa" """
    operations.restore_client(actor=actor(), reason=reason, client_id=client_id)
    out.print("Đã mở lại. · Restored.")


@client_app.command("token")
def issue_token(client_id: ClientId, reason: Reason = "thử kết nối", as_json: Json = False) -> None:
    """Print a short-lived access token for a client, for trials. Example: ansinh access client token 01004-1"""
    issued = operations.issue_token(
        actor=actor(), reason=reason, clock=RealClock(), client_id=client_id, secrets=secrets_folder(settings())
    )
    if as_json:
        print_json({"access_token": issued.access_token, "token_type": "Bearer", "expires_in": issued.expires_in})
    else:
        typer.echo(issued.access_token)


@app.command("rotate-keys")
def rotate_keys(reason: Reason = "thay khóa định kỳ") -> None:
    """Sign tokens with a new key; those of the former stay valid until they expire. Example: ansinh --as hanoi.lan access rotate-keys"""
    kid = operations.rotate_token_keys(actor=actor(), reason=reason, secrets=secrets_folder(settings()))
    out.print(f"Khóa mới · new key: {kid}")


@facility_app.command("add")
def add_facility_officer(
    facility: Facility,
    officer: Annotated[str, typer.Argument(help="The officer's number at the facility, such as 01004-03.")],
    name: str,
    reason: Reason = "cập nhật danh sách cán bộ của cơ sở",
) -> None:
    """Put somebody on a facility's list. Safe to run twice. Example: ansinh --as hanoi.lan access facility add 01004 01004-03 "Vũ Thị Nga" """
    operations.register_facility_officer(actor=actor(), reason=reason, facility=facility, officer=officer, name=name)
    out.print("Đã ghi vào danh sách. · Listed.")


@facility_app.command("end")
def end_facility_officer(
    facility: Facility, officer: str, reason: Reason = "cập nhật danh sách cán bộ của cơ sở"
) -> None:
    """Take somebody off a facility's list. Example: ansinh --as hanoi.lan access facility end 01004 01004-03"""
    operations.end_facility_officer(actor=actor(), reason=reason, facility=facility, officer=officer)
    out.print("Đã đưa ra khỏi danh sách. · Taken off.")


@app.command("officer-account")
def officer_account(
    facility: Facility,
    officer: Annotated[str, typer.Argument(help="Officer's number there; list them first: ansinh access facility add")],
    reason: Reason = "mở tài khoản bàn tiếp đón",
    as_json: Json = False,
) -> None:
    """Invite a facility's officer to the clerk's desk; prints a one-time code. Example: ansinh access officer-account 01004 01004-03

    The officer opens /desk/enrol, types the code, and chooses a password and a second factor. Inviting again begins the account anew.
    """
    open_desk(actor=actor(), reason=reason, facility=facility)
    subject = facility_officer(facility, officer)
    invited = invite_account(actor=actor(), reason=reason, clock=RealClock(), subject=subject)
    address = f"{settings().public_url}/desk/enrol"
    if as_json:
        print_json({"code": invited.code, "until": invited.until.isoformat(), "address": address})
        return
    out.print(
        f"Mã kích hoạt, chỉ hiện một lần · one-time code: {invited.code}\n"
        f"Dùng trước · use before {invited.until.astimezone(VIET_NAM):%d/%m/%Y %H:%M}: {address}"
    )


def hand_over(made: OnboardedClient, key_file: Path | None) -> None:
    """Write the private key where asked, or into the folder of secrets; it is kept nowhere else."""
    if made.private_key is None:
        out.print(f"Máy khách · client: {made.client_id}")
        return
    target = key_file or secrets_folder(settings()) / "clients" / f"{made.client_id}.private.jwk.json"
    keep_key(made, target)
    out.print(
        f"Máy khách · client: {made.client_id}\nKhóa bí mật, chỉ ghi một lần · private key, written this once: {target}"
    )

"""`ansinh access onboard`: everything a hospital needs before its software asks for the first time, in one command that may be repeated."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from ansinh.access import operations
from ansinh.access.keys import write_private
from ansinh.access.tokens import FACILITY_SCOPES, SANDBOX, STANDING_READ
from ansinh.cli.acting import actor
from ansinh.cli.screen import out, print_json
from ansinh.database.urls import secrets_folder
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import RealClock
from ansinh.foundation.errors import InvalidInput, NotPermitted
from ansinh.foundation.settings import settings
from ansinh_sandbox.hospital_tokens import Software, TokenRefused

LISTING = "access.register_facility_officer"
# A number that no person has; its ending makes the sandbox answer with a card in order.
REHEARSED_KEY = "001180000000"
ANSWER_SECONDS_MAX = 10.0


@dataclass
class Onboarded:
    """What was done, for people and machines."""

    facility: str
    client: str
    key_file: str | None
    officers: list[str]
    gateway: str
    dialect: dict[str, str | None] | None = None
    first_look_up: dict[str, Any] | None = None
    next_steps: list[str] = field(default_factory=list)


def onboard(
    facility: Annotated[str, typer.Argument(help="Facility code, 5 characters.")],
    name: Annotated[str, typer.Option(help="What its software is called.")],
    officer: Annotated[list[str], typer.Option(help="Who may ask, as NUMBER:NAME; may be repeated.")],
    key: Annotated[Path | None, typer.Option(help="File with the hospital's own public key (JWK).")] = None,
    make_key: Annotated[
        Path | None, typer.Option(help="Make a pair and write its private half into this folder.")
    ] = None,
    dialect: Annotated[bool, typer.Option(help="Also open the compatible door for its older software.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for machines.")] = False,
) -> None:
    """Let a hospital in: client, key, officers, and a first look-up in the sandbox. Safe to run twice. An administrator does it (--as).

    Example: ansinh --as hanoi.lan access onboard 01004 --name "HIS Bạch Mai" --officer "01004-03:Vũ Thị Nga" --make-key keys
    """
    who, reason = actor(), f"kết nối cơ sở {facility}"
    if (key is None) == (make_key is None):
        raise InvalidInput(
            "Chọn một: --key (khóa công khai của bệnh viện) hoặc --make-key THƯMỤC.",
            "Choose one: --key (the hospital's public key) or --make-key FOLDER.",
            field="key",
        )
    if not who.may(LISTING):
        raise NotPermitted(LISTING)  # said before anything is done
    listed = [_officer(text) for text in officer]
    public = read_jwk(key)
    client = operations.register_client(
        actor=who, reason=reason, facility=facility, name=name, scope=[*FACILITY_SCOPES], public_key=public
    )
    if public is not None:
        operations.add_client_key(actor=who, reason=reason, client_id=client.client_id, public_key=public)
    key_file = _kept(client, make_key) if make_key is not None else None
    for number, called in listed:
        operations.register_facility_officer(actor=who, reason=reason, facility=facility, officer=number, name=called)
    done = Onboarded(
        facility, client.client_id, str(key_file) if key_file else None, [n for n, _ in listed], _gateway()
    )
    if dialect:
        door = operations.open_dialect_door(actor=who, reason=reason, facility=facility)
        done.dialect = {"username": door.username, "password": door.password}
    done.first_look_up = _first_look_up(who, done, key_file)
    done.next_steps = _next_steps(done)
    _say(done, as_json)


def read_jwk(file: Path | None) -> dict[str, Any] | None:
    """Return the key in a file; raises InvalidInput when there is none in it."""
    if file is None:
        return None
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidInput(
            f"Không đọc được khóa trong {file}.", f"No key can be read from {file}.", field="public_key"
        ) from error
    if not isinstance(read, dict):
        raise InvalidInput(f"{file} không phải một JWK.", f"{file} is no JWK.", field="public_key")
    return read


def keep_key(made: operations.OnboardedClient, target: Path) -> None:
    """Write a private key that was made here; it is kept nowhere else."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_private(target, json.dumps(made.private_key, indent=1))


def _kept(client: operations.OnboardedClient, folder: Path) -> Path:
    target = folder / f"{client.client_id}.private.jwk.json"
    if client.private_key is not None:
        keep_key(client, target)
    elif not target.exists():
        raise InvalidInput(
            f"Máy khách {client.client_id} đã có khóa, chỉ ghi ra một lần và không nằm trong {folder}. "
            f"Thêm khóa mới: ansinh access client add-key {client.client_id}",
            f"The client {client.client_id} has its key, which was written once and is not in {folder}. "
            f"Add another: ansinh access client add-key {client.client_id}",
            field="make_key",
        )
    return target


def _officer(text: str) -> tuple[str, str]:
    number, colon, called = text.partition(":")
    if not colon or not number.strip() or not called.strip():
        raise InvalidInput(
            f"“{text}” sai dạng; cần SỐHIỆU:HỌ TÊN.", f"“{text}” has not the form NUMBER:NAME.", field="officer"
        )
    return number.strip(), called.strip()


def _gateway() -> str:
    here = settings()
    return f"http://{here.gateway_host}:{here.gateway_port}"


def _first_look_up(who: Actor, done: Onboarded, key_file: Path | None) -> dict[str, Any] | None:
    """Ask the sandbox as the hospital will; with its own key where we have it. None: nobody listens at the gateway."""
    question = {"key": REHEARSED_KEY, "purpose": "treatment", "officer": done.officers[0]}
    try:
        if key_file is not None:
            software = Software(done.client, json.loads(key_file.read_text(encoding="utf-8")))
            token = software.token(done.gateway, f"{STANDING_READ} {SANDBOX}")
        else:
            token = operations.issue_token(
                actor=who,
                reason="tra cứu thử khi kết nối",
                clock=RealClock(),
                client_id=done.client,
                secrets=secrets_folder(settings()),
                rehearsing=True,
            ).access_token
        headers = {"authorization": f"Bearer {token}"}
        answer = httpx.post(
            f"{done.gateway}/v1/standing", json=question, headers=headers, timeout=ANSWER_SECONDS_MAX, trust_env=False
        )
    except httpx.TransportError:
        return None
    except TokenRefused as refused:
        return {"status": 401, "answer": {"detail": str(refused)}}
    return {"status": answer.status_code, "answer": answer.json()}


def _next_steps(done: Onboarded) -> list[str]:
    steps = [f"docs/howto/onboard-a-hospital.md · {done.gateway}/v1/openapi.json"]
    if done.first_look_up is None:
        steps.append("ansinh serve, rồi chạy lại lệnh này · then run this command again")
    if done.key_file is not None:
        steps.append(f"Chuyển {done.key_file} cho bệnh viện rồi xóa đi · hand it to the hospital, then delete it")
    steps.append(f"Khi đổi khóa · to change keys: ansinh access client add-key {done.client}")
    return steps


def _say(done: Onboarded, as_json: bool) -> None:
    if as_json:
        print_json(vars(done))
        return
    out.print(f"Cơ sở · facility       {done.facility}\nMáy khách · client     {done.client}")
    out.print(f"Người tra cứu · asks   {', '.join(done.officers)}", markup=False)
    if done.dialect is not None:
        password = done.dialect["password"] or "đã cấp từ trước · given before"
        out.print(f"Cổng tương thích · compatible door: {done.dialect['username']}  {password}", markup=False)
    if done.first_look_up is None:
        out.print("Chưa tra cứu thử: cổng chưa chạy. · No first look-up: the gateway does not run.")
    else:
        told = done.first_look_up["answer"]
        standing = told.get("standing") or {}
        words = (
            f"{standing.get('full_name')}, {standing.get('card_number')}, {standing.get('advice')}"
            if standing
            else told.get("detail")
        )
        out.print(f"Tra cứu thử · first look-up: {done.first_look_up['status']}  {words}", markup=False)
    for step in done.next_steps:
        out.print(f"→ {step}", markup=False)

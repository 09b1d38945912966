"""`ansinh cards …`: a card as a code on paper or a telephone, proven by its signature where there is no network, and offered to a wallet."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import segno
import typer

from ansinh.access.queries import actor_of_person
from ansinh.cli.acting import actor
from ansinh.cli.screen import counted, out, print_json
from ansinh.config.queries import agency_clock
from ansinh.credentials.offline import SAID, Kept, NotFetched, Verdict
from ansinh.credentials.operations import Clocks, offer_credentials, register_wallet, show_card
from ansinh.credentials.queries import offer_link
from ansinh.credentials.states import Kind
from ansinh.database.urls import secrets_folder
from ansinh.foundation.clock import RealClock, legal_day
from ansinh.foundation.errors import Refusal
from ansinh.foundation.settings import settings

app = typer.Typer(no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]
Person = Annotated[int, typer.Argument(help="Record number.", metavar="PERSON", min=1)]
Folder = Annotated[
    Path, typer.Option("--kept", help="Folder of the keys, lists and look-ups kept for days without a network.")
]


class NothingKept(Refusal):
    """The issuer's keys were never fetched into this folder, or the network does not answer."""

    code = "nothing_kept"


@app.command("show-code")
def show_code(
    person: Person,
    file: Annotated[Path | None, typer.Option(help="Write the QR code to this SVG file.")] = None,
    reason: Annotated[str, typer.Option(help="Why; kept in the audit.")] = "người dân mở mã thẻ",
) -> None:
    """Print a person's card as the text of a QR code, good for some days. Example: ansinh cards show-code 42 --file card.svg"""
    text = show_card(
        actor=actor_of_person(person),
        reason=reason,
        clocks=_clocks(),
        person_id=person,
        folder=secrets_folder(settings()),
    )
    if file is not None:
        segno.make(text, error="l", micro=False).save(str(file), kind="svg", scale=3, border=2)
    sys.stdout.write(text + "\n")


@app.command("offer")
def offer(
    person: Person,
    kind: Annotated[list[Kind] | None, typer.Option("--paper", help="Which papers; repeat for several.")] = None,
    reason: Annotated[str, typer.Option(help="Why; kept in the audit.")] = "người dân nhận giấy tờ vào ví",
    as_json: Json = False,
) -> None:
    """Offer a person papers as credentials: a link for a wallet, and the digits it will ask for. Example: ansinh cards offer 42 --paper health_card"""
    made = offer_credentials(
        actor=actor_of_person(person),
        reason=reason,
        clocks=_clocks(),
        person_id=person,
        kinds=kind or [Kind.HEALTH_CARD],
        folder=secrets_folder(settings()),
    )
    told = {"link": offer_link(made.reference), "tx_code": made.tx_code, "expires_at": made.expires_at.isoformat()}
    if as_json:
        print_json(told)
        return
    for name, value in told.items():
        out.print(f"{name:12} {value}", soft_wrap=True)


@app.command("add-wallet")
def add_wallet(
    client_id: Annotated[str, typer.Argument(help="What the wallet calls itself when it asks.", metavar="CLIENT")],
    redirect: Annotated[list[str], typer.Option(help="Where exactly it may be answered; repeat for several.")],
    name: Annotated[str, typer.Option(help="What citizens read that it is called.")],
    reason: Annotated[str, typer.Option(help="Why; kept in the audit.")] = "kết nối ứng dụng ví",
) -> None:
    """Let a wallet ask citizens for their papers. Example: ansinh cards add-wallet vn.example.vi --name "Ví Mẫu" --redirect vn.example.vi:/papers"""
    register_wallet(
        actor=actor(), reason=reason, clock=RealClock(), client_id=client_id, name=name, redirect_uris=redirect
    )
    out.print("Đã đăng ký ví. · The wallet is registered.")


@app.command("fetch-offline")
def fetch_offline(
    kept: Folder, issuer: Annotated[str, typer.Option(help="Who issues the cards.")] = "", as_json: Json = False
) -> None:
    """Fetch what proves cards without a network: the issuer's keys and status lists. Example: ansinh cards fetch-offline --kept trust"""
    try:
        lists = Kept(kept).fetch(issuer or f"{settings().public_url}/credentials", RealClock().now())
    except NotFetched as no:
        raise NothingKept(f"Chưa tải được: {no}.", f"Could not fetch: {no}. What was kept stays.") from no
    if as_json:
        print_json({"lists": lists})
    else:
        out.print(f"Đã tải khóa và {counted(lists)} danh sách. · Fetched the keys and {lists} lists.")


@app.command("verify-offline")
def verify_offline(
    kept: Folder,
    officer: Annotated[str, typer.Option(help="Who looks, by the number on the facility's list.")],
    text: Annotated[str, typer.Argument(help="Text of the QR code; - reads it from standard input.")] = "-",
    today: Annotated[
        datetime | None, typer.Option(help="The day, YYYY-MM-DD; else today.", formats=["%Y-%m-%d"])
    ] = None,
    as_json: Json = False,
) -> None:
    """Prove a card's QR code without a network; the look-up is sent later. Exit 1 when it proves nothing.

    Example: ansinh cards verify-offline --kept trust --officer BS-17
    """
    now, store = RealClock().now(), Kept(kept)
    try:
        verdict = store.verify(
            sys.stdin.read() if text == "-" else text, now, today.date() if today else legal_day(now)
        )
    except NotFetched as no:
        raise NothingKept(
            "Chưa có khóa của nơi cấp thẻ. Khi có mạng, chạy: ansinh cards fetch-offline.",
            "The issuer's keys were never fetched. When there is a network, run: ansinh cards fetch-offline.",
        ) from no
    store.keep_look(verdict, now, officer)
    _tell(verdict, as_json)
    if not verdict.good:
        raise typer.Exit(1)


@app.command("send-offline")
def send_offline(
    kept: Folder,
    token_file: Annotated[Path, typer.Option(help="File with the facility's access token.")],
    gateway: Annotated[str, typer.Option(help="Where the gateway is.")] = "",
    as_json: Json = False,
) -> None:
    """Look up at the gateway, once there is a network, every card that was shown without one. Example: ansinh cards send-offline --kept trust --token-file t"""
    token = token_file.read_text(encoding="utf-8").strip()
    sent, waiting = Kept(kept).send_looks(gateway or settings().gateway_public_url, token)
    if as_json:
        print_json({"sent": sent, "waiting": waiting})
    else:
        out.print(f"Đã gửi {counted(sent)} lượt, còn {counted(waiting)}. · Sent {sent}, {waiting} wait.")


def _tell(verdict: Verdict, as_json: bool) -> None:
    minutes = None if verdict.list_age is None else int(verdict.list_age / timedelta(minutes=1))
    if as_json:
        print_json(
            {
                "verdict": verdict.verdict,
                "good": verdict.good,
                "says": verdict.says,
                "list_age_minutes": minutes,
                "list_over": verdict.list_over,
            }
        )
        return
    vi, en = SAID[verdict.verdict]
    out.print(f"[bold]{vi}[/bold] · {en}")
    for name, value in verdict.says.items():
        out.print(f"  {name:16} {value}")
    if minutes is not None:
        over = " – quá cũ, cần tải lại · too old, fetch again" if verdict.list_over else ""
        out.print(f"  Danh sách trạng thái cũ {counted(minutes)} phút · status list {minutes} minutes old{over}")


def _clocks() -> Clocks:
    return Clocks(agency_clock(), RealClock())

"""`ansinh demo`: an empty machine becomes a running agency, step by step, each with its seconds and its figure."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import psycopg
import typer
from django.db import connections
from rich.panel import Panel
from rich.table import Table

from ansinh.cli import nation as nation_commands
from ansinh.cli.acting import actor
from ansinh.cli.cards import issue_all, project_all
from ansinh.cli.check import check_table
from ansinh.cli.db import ensure_up, run_migrations
from ansinh.cli.demo_benefits import STEPS as BENEFITS_STEPS
from ansinh.cli.demo_benefits import appoint_benefit_officers, show_decisions
from ansinh.cli.demo_cards import live_cards, meet_every_answer
from ansinh.cli.demo_ceilings import raise_ceilings_for_the_morning
from ansinh.cli.demo_door import citizens_sign_in, show_citizens
from ansinh.cli.demo_evening import evening_at_the_app
from ansinh.cli.demo_life import live_life_events, show_life_events
from ansinh.cli.demo_months import EVE, live_months, show_comparisons
from ansinh.cli.demo_morning import OFFICER_NAME, first_hospital, hospital_morning, show_who_looked, tell_one_person
from ansinh.cli.demo_officers import STEPS as OFFICERS_STEPS
from ansinh.cli.demo_officers import appoint_officers
from ansinh.cli.demo_payments import (
    appoint_payment_officers,
    compare_books,
    forget_partners,
    load_payees_and_accounts,
    pay_month,
    show_payments,
)
from ansinh.cli.demo_reckoning import reckon_month, show_books
from ansinh.cli.demo_services import live_services, show_services
from ansinh.cli.demo_storm import live_storm, pay_the_others, show_storm
from ansinh.cli.demo_visits import live_a_month
from ansinh.cli.people import shares, show_verdicts, verify_all
from ansinh.cli.registry import open_list, snapshot_all
from ansinh.cli.report import count_and_show
from ansinh.cli.screen import counted, err, out
from ansinh.cli.serve import start_gateway, start_partners, start_screens, told_to_stop, wait_for_the_end
from ansinh.config.checks import all_checks
from ansinh.config.queries import agency_clock, nation_day
from ansinh.database.folder import data_folder
from ansinh.database.roles import DATABASE, prepare_embedded
from ansinh.database.server import EmbeddedServer
from ansinh.database.sql import row
from ansinh.foundation.clock import VIET_NAM, Clock, FixedClock, legal_day
from ansinh.foundation.errors import Refusal
from ansinh.foundation.settings import settings
from ansinh.places.operations import load_reference
from ansinh.reporting.queries import participants_by_verdict

# The agency compares itself with the end of 2024, so its first round of authentication lies before that.
FIRST_ROUND = datetime(2024, 12, 20, 12, tzinfo=VIET_NAM)
_STARTED = "đã khởi động"
REASON = "trình diễn với quốc gia mô phỏng"


class Journey:
    """The steps of the demo as they were lived: name, what came out, seconds."""

    def __init__(self) -> None:
        self.began = time.perf_counter()
        self.steps: list[tuple[str, str, float]] = []

    def step(self, name: str, work: Callable[[], str]) -> str:
        """Do a step, time it, print its line, and return what came out."""
        began = time.perf_counter()
        outcome = work()
        seconds = time.perf_counter() - began
        self.steps.append((name, outcome, seconds))
        out.print(f"[green]✔[/green] {name:<46} {outcome:<58} [bold]{seconds:7.1f} s[/bold]", soft_wrap=True)
        return outcome

    @property
    def seconds(self) -> float:
        """Seconds since the first step began."""
        return time.perf_counter() - self.began


def demo(
    people: Annotated[int, typer.Option(min=1_000, max=10_000_000, help="How many people the nation has.")] = 20_000,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, another nation.")] = 2025,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Go on serving at the end.")] = True,
    times: Annotated[
        Path | None, typer.Option(help="Also write the seconds of each step to this file, as JSON.")
    ] = None,
) -> None:
    """Invent a nation, take it in, authenticate, card and look it up, and report. Example: ansinh demo --people 20000 --no-serve

    Everything is made up and deterministic by seed. Safe to run twice: what was done already is found done. Another size or seed takes the place of the
    invented nation that was there; real people are never touched.
    """
    journey = Journey()
    out.rule("Ansinh · trình diễn · demo")
    folder = nation_commands.nation_folder(people, seed)
    started = journey.step("Cơ sở dữ liệu · database", _database) == _STARTED
    journey.step("Tạo bảng · migrate", _migrate)
    journey.step("Tạo quốc gia mô phỏng · invent a nation", lambda: _invent(folder, people, seed))
    _make_room(folder, journey)
    try:
        with ExitStack() as programs:
            _live(journey, folder, people, seed, programs)
            if serve:
                _goodbye(journey, serving=True)
                wait_for_the_end(told_to_stop())
    finally:
        if started and not serve:
            EmbeddedServer(data_folder(settings())).down()
    if times:
        times.write_text(
            json.dumps({name: round(seconds, 3) for name, _, seconds in journey.steps}, ensure_ascii=False), "utf-8"
        )
    if not serve:
        _goodbye(journey, serving=False)


def _live(journey: Journey, folder: Path, people: int, seed: int, programs: ExitStack) -> None:
    journey.step("Dữ liệu tham chiếu · reference data", _reference)
    journey.step(
        "Nạp CSDL dân cư · population register",
        lambda: f"{counted(nation_commands.load_register(folder, replace=True))} người",
    )
    journey.step("Nạp dữ liệu cơ quan · agency's records", lambda: _agency(folder))
    journey.step("Người hưởng, tài khoản · payees", lambda: load_payees_and_accounts(folder))
    start_partners(programs)
    journey.step("Sao CSDL dân cư · mirror the register", lambda: f"{counted(snapshot_all(REASON))} người mới hoặc đổi")
    journey.step("Xác thực đến 20/12/2024 · authenticate", lambda: _verify(FixedClock(FIRST_ROUND)))
    journey.step("Cấp thẻ BHYT · issue cards", lambda: f"{counted(issue_all(REASON))} thẻ")
    journey.step("Bảng tra cứu · standing table", lambda: f"{counted(project_all(REASON))} dòng thay đổi")
    appoint_officers()
    appoint_payment_officers()
    journey.step("Chi trả tháng 6 · pay June", lambda: pay_month(202506, date(2025, 6, 2)))
    journey.step("Sống tháng 6–7 từng ngày · June and July", lambda: _two_months(folder))
    journey.step("Chi trả tháng 7 · pay July", lambda: pay_month(202507, legal_day(agency_clock().now())))
    journey.step("Đối chiếu sổ ngân hàng · banks' own books", lambda: f"{compare_books()}; {reckon_month(202507)}")
    for name, work in OFFICERS_STEPS:
        journey.step(name, work)
    appoint_benefit_officers()
    for name, work in BENEFITS_STEPS:
        journey.step(name, work)
    journey.step("Cùng chi trả, báo giảm, trẻ sơ sinh · cards live", lambda: live_cards(folder))
    journey.step("Xác thực phần còn lại · authenticate the rest", lambda: _verify(agency_clock()))
    journey.step("Thẻ và bảng tra cứu mới · cards again", _cards_again)
    journey.step(
        "Lịch sử tra cứu · past look-ups", lambda: f"{counted(nation_commands.load_lookups(folder, REASON))} lượt"
    )
    raise_ceilings_for_the_morning()
    start_gateway(programs)
    journey.step("Một sáng ở bệnh viện · a hospital morning", lambda: hospital_morning(folder, people, seed))
    journey.step(
        "Gặp mọi mã kết quả · every answer there is", lambda: meet_every_answer(first_hospital(people), OFFICER_NAME)
    )
    journey.step("Một tối trên ứng dụng định danh · books in the app", lambda: evening_at_the_app(folder, people, seed))
    live_a_month(journey.step, folder)
    journey.step("Ai đã tra cứu một người · who looked", lambda: show_who_looked(folder, people, seed))
    journey.step("Nhắn tin cho một người · notify a person", tell_one_person)
    journey.step("Sinh, tử qua các cơ quan · births and deaths", live_life_events)
    journey.step("Dịch vụ công trực tuyến · online services", live_services)
    journey.step("Bão ở bốn tỉnh, tháng 8 · a storm in August", live_storm)
    journey.step("Chi trả tháng 8 cho mọi người khác · the others", pay_the_others)
    start_screens(programs)
    journey.step("Công dân đăng nhập · citizens sign in", lambda: citizens_sign_in(folder, seed))
    _show_what_came_of_it()
    journey.step("Báo cáo · report", lambda: count_and_show(agency_clock()))
    results = list(all_checks(agency_clock()))
    out.print()
    out.print(check_table(results))
    broken = [result.name for result in results if not result.ok]
    if broken:
        raise Refusal(f"Kiểm tra không đạt: {', '.join(broken)}", f"Checks failed: {', '.join(broken)}")


def _show_what_came_of_it() -> None:
    out.print()
    show_comparisons()
    out.print()
    open_list(as_json=False)
    out.print()
    show_verdicts(as_json=False, new=None)
    _show_participants()
    out.print()
    show_decisions()
    out.print()
    show_payments()
    show_books(202507)
    out.print()
    show_storm()
    out.print()
    show_life_events()
    out.print()
    show_services()
    out.print()
    show_citizens()


def _database() -> str:
    return _STARTED if ensure_up(settings()) == "started" else "đang chạy sẵn"


def _migrate() -> str:
    return f"{len(run_migrations())} bước"


def _invent(folder: Path, people: int, seed: int) -> str:
    nation_commands.create_nation(folder, people, seed)
    rows = sum(int(file["rows"]) for file in nation_commands.manifest(folder)["files"].values())
    return f"{counted(people)} người, {counted(rows)} dòng"


def _make_room(folder: Path, journey: Journey) -> None:
    """Start with an empty database when another invented nation lives in it; refuse when its people may be real."""
    source = nation_commands.source_of(folder)
    there = row("SELECT source FROM config_nation")
    if there and there[0] == source:
        return
    people = row("SELECT EXISTS (SELECT FROM people_person)")
    if not (there or (people and people[0])):
        return
    if there is None or settings().database_url is not None:
        raise Refusal(
            "Cơ sở dữ liệu đang có dữ liệu khác. Chạy demo với thư mục riêng: ANSINH_DATA=/một/thư/mục/khác make demo",
            "The database holds other data. Run the demo in a folder of its own: ANSINH_DATA=/another/folder make demo",
        )
    err.print("Thay quốc gia mô phỏng cũ · Replacing the invented nation that was here")
    journey.step("Dọn cơ sở dữ liệu · empty the database", _empty_database)


def _empty_database() -> str:
    server = EmbeddedServer(data_folder(settings()))
    connections.close_all()
    with psycopg.connect(server.superuser_url(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        prepare_embedded(connection, server.superuser_url(DATABASE))
    forget_partners()
    return _migrate()


def _reference() -> str:
    loaded = load_reference(actor=actor(), reason=REASON, clock=agency_clock())
    return f"{len(loaded)} bộ, {counted(sum(one.changes.rows for one in loaded))} dòng"


def _verify(clock: Clock) -> str:
    found = verify_all(REASON, clock)
    return f"{counted(found.compared)} hồ sơ so, {counted(found.new)} kết quả mới"


def _two_months(folder: Path) -> str:
    last_day, source = nation_commands.last_day_of(folder), nation_commands.source_of(folder)
    return live_months(last_day, source, REASON).words()


def _show_participants() -> None:
    before, after = shares(participants_by_verdict())
    out.print(
        f"Người tham gia được xác thực · participants authenticated: {counted(before, 'percent')} trước, {counted(after, 'percent')} sau bước liên kết "
        "· before and after linkage",
        soft_wrap=True,
    )


def _cards_again() -> str:
    return f"{counted(issue_all(REASON))} thẻ, {counted(project_all(REASON))} dòng thay đổi"


def _agency(folder: Path) -> str:
    loaded = nation_commands.load_agency(folder, REASON, today=nation_day() or EVE)
    return ", ".join(
        f"{counted(loaded[name])} {word}"
        for name, word in (("persons", "hồ sơ"), ("spans", "đợt đóng"), ("coverages", "đợt BHYT"))
    )


def _goodbye(journey: Journey, *, serving: bool) -> None:
    table = Table.grid(padding=(0, 2))
    for name, _, seconds in journey.steps:
        table.add_row(name, f"{seconds:.1f} s")
    table.add_row("[bold]Tổng cộng · total[/bold]", f"[bold]{journey.seconds:.1f} s[/bold]")
    out.print(Panel(table, title="Giây mỗi bước · seconds per phase", expand=False))
    here = settings()
    if serving:
        lines = [
            f"Mở trang · open        [bold]http://{here.screens_host}:{here.screens_port}[/bold]",
            f"Cổng tra cứu · gateway http://{here.gateway_host}:{here.gateway_port}/v1/standing",
            "Ctrl-C để dừng · Ctrl-C to stop",
        ]
    else:
        lines = [
            "Chạy lại và phục vụ · run again and serve   make demo",
            "Báo cáo · the report                        .venv/bin/ansinh report project06",
            "Kiểm tra · the proof                        .venv/bin/ansinh check",
        ]
    out.print(Panel("\n".join(lines), title="Tiếp theo · next", expand=False))

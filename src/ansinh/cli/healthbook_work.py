"""`ansinh healthbook work`, `pack`, `states`: settling what facilities submitted, packing raw bytes away, and how far it is."""

from __future__ import annotations

import gc
import time
from datetime import date
from typing import Annotated

import typer
from rich.table import Table

from ansinh.cli.acting import actor
from ansinh.cli.benchmarks.watching import highest_mib
from ansinh.cli.screen import counted, out, print_json, progress_bar
from ansinh.config.health import means
from ansinh.config.queries import agency_clock
from ansinh.foundation.clock import legal_day
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.settings import settings
from ansinh.healthbook import queries
from ansinh.healthbook.operations import match_waiting, pack_away
from ansinh.healthbook.procedures import LENGTH_MAX, Worker

Json = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]
REST_SECONDS = 0.5
MATCH_SECONDS = 60.0
GARBAGE_THRESHOLD = 100_000


def work(
    once: Annotated[bool, typer.Option("--once", help="End when nothing waits any more.")] = False,
    length: Annotated[int, typer.Option(min=1, max=LENGTH_MAX, help="Submissions settled in one commit.")] = LENGTH_MAX,
    as_json: Json = False,
) -> None:
    """Read what facilities submitted into the health book; several may run beside one another. Example: ansinh healthbook work --once"""
    clock = agency_clock()
    worker = Worker(actor(), clock, means(settings(), clock), length=length)
    _collect_garbage_seldom()
    began, cpu_began = time.perf_counter(), time.process_time()
    states: dict[str, int] = {}
    match_waiting(actor=actor(), reason=_MATCH, clock=clock)
    with progress_bar("hồ sơ · submissions", queries.count_waiting_to_be_read() if once else None) as advance:
        matched_at = time.monotonic()
        while True:
            for settled in worker.work_off():
                for state, count in settled.states.items():
                    states[state] = states.get(state, 0) + count
                advance(settled.submissions)
            if once:
                break
            time.sleep(REST_SECONDS)
            if time.monotonic() - matched_at > MATCH_SECONDS:
                match_waiting(actor=actor(), reason=_MATCH, clock=clock)
                matched_at = time.monotonic()
    seconds = time.perf_counter() - began
    submissions = sum(states.values())
    if as_json:
        cpu_seconds = time.process_time() - cpu_began
        print_json(
            {
                "submissions": submissions,
                "states": states,
                "seconds": round(seconds, 3),
                "cpu_seconds": round(cpu_seconds, 3),
                "peak_mib": highest_mib(),
            }
        )
    else:
        out.print(
            f"{counted(submissions)} hồ sơ, {seconds:.1f} giây · submissions: "
            + ", ".join(f"{state} {counted(count)}" for state, count in sorted(states.items()))
        )


def pack(
    before: Annotated[
        str | None,
        typer.Option(help="Pack months that ended before this day (YYYY-MM-DD); left out: before this month."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Move raw bytes of settled submissions into packs, their digests proven. Example: ansinh healthbook pack --before 2025-06-01"""
    clock = agency_clock()
    day = _day(before) if before else legal_day(clock.now()).replace(day=1)
    packs = means(settings(), clock).packs
    if packs is None:
        raise InvalidInput(
            "Chưa có nơi lưu gói. Đặt ANSINH_PACKS_URL hoặc ANSINH_DATA.",
            "There is nowhere to keep packs. Set ANSINH_PACKS_URL or ANSINH_DATA.",
            field="packs",
        )
    made = members = size = 0
    with progress_bar("gói · packs", None) as advance:
        while packed := pack_away(
            actor=actor(), reason="chuyển hồ sơ gốc vào gói lưu trữ", clock=clock, before=day, packs=packs
        ):
            made, members, size = made + 1, members + packed.members, size + packed.bytes
            advance(packed.members)
    if as_json:
        print_json({"packs": made, "submissions": members, "bytes": size})
    else:
        out.print(f"{counted(made)} gói, {counted(members)} hồ sơ · packs, submissions; {size / 1e6:.1f} MB")


def states(as_json: Json = False) -> None:
    """Show how many submissions are in which state, and what waits for matching. Example: ansinh healthbook states"""
    found = queries.states()
    if as_json:
        print_json({"states": found, "unplaced": len(queries.unplaced(queries.UNPLACED_LENGTH_MAX))})
        return
    table = Table("Trạng thái · State", "Hồ sơ · Submissions")
    for state, count in found.items():
        table.add_row(state, counted(count))
    out.print(table)


def _collect_garbage_seldom() -> None:
    """What a claim holds lives until it is settled and has hardly a cycle: looking for garbage in it again and again finds none."""
    gc.set_threshold(GARBAGE_THRESHOLD, 10, 10)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(
            f"“{text}” không phải ngày. Dùng dạng 2025-06-01.", f"“{text}” is no day. Use 2025-06-01.", field="before"
        ) from error


_MATCH = "đối chiếu lại hồ sơ chưa xác định người bệnh"

"""What the demo loads into health books: a month of visits, submitted over HTTP and read into the book; over-use looked for; one book on one screen."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction

from ansinh.access.operations import (
    issue_token,
    open_dialect_door,
    register_client,
    replace_dialect_password,
)
from ansinh.access.tokens import SUBMISSION_WRITE
from ansinh.cli.acting import actor
from ansinh.cli.demo_referral import referral_used_once
from ansinh.cli.healthbook_reading import show_own_book
from ansinh.cli.overuse import show_findings
from ansinh.cli.screen import counted, progress_bar
from ansinh.config.health import means
from ansinh.config.queries import agency_clock
from ansinh.database.folder import data_folder
from ansinh.database.sql import row
from ansinh.database.urls import secrets_folder
from ansinh.foundation.clock import RealClock, legal_day
from ansinh.foundation.errors import Refusal
from ansinh.foundation.settings import settings
from ansinh.healthbook.procedures import Worker
from ansinh.healthbook.queries import count_waiting_to_be_read
from ansinh.overuse.operations import find_overuse
from ansinh.overuse.queries import findings
from ansinh_sandbox.his import HospitalSoftware, Officer
from ansinh_sandbox.submitting import Sent, Upload, submit_all, submit_as_older_software
from ansinh_synthetic.visits import Kind
from ansinh_synthetic.visits.keeping import PACK, keep, kept_sendings
from ansinh_synthetic.visits.streaming import Period, visits_of_nation

REASON = "trình diễn: một tháng khám chữa bệnh"
NAME = "HIS gửi hồ sơ mô phỏng"
# The busiest hospitals send in some seconds what they send in a month; every other one would need a token of its own, too.
HOUSES_MAX = 200
RATE_PER_SECOND = 10_000
PLANTED = 4
FINDINGS_SHOWN_MAX = 6
OLDER_SENDINGS = 12
_OLDER_PATHS = {Kind.CHECK_IN: "/api/qd130/checkInKcbQd4750", Kind.ENCOUNTER: "/api/qd130/guiHoSoXmlQD4750"}


@dataclass(frozen=True)
class Month:
    """A month of visits on disk, and the houses that will send theirs."""

    folder: Path
    houses: tuple[str, ...]
    sent_until: str

    def uploads(self, *, of: frozenset[str]) -> Iterator[tuple[Kind, Upload]]:
        """Yield what these houses send up to now, in the order of sending."""
        for kind, facility, sent_at, _, content in kept_sendings(self.folder):
            if facility in of and sent_at <= self.sent_until:
                yield kind, Upload(facility, content)


def invent_month(folder: Path) -> tuple[Month, str]:
    """Write the month before the nation's day unless it is there, and choose the busiest houses; returns it with words."""
    now = agency_clock().now()
    until = legal_day(now) - timedelta(days=2)
    first = until.replace(day=1)
    target = data_folder(settings()) / "visits" / f"{folder.name}-{first:%Y%m}"
    if not (target / "manifest.json").exists():
        with progress_bar("Viết lượt khám chữa bệnh", None) as advance:
            keep(
                target,
                visits_of_nation(folder, Period(first.isoformat(), until.isoformat(), planted=PLANTED)),
                progress=advance,
            )
    weights = Counter(facility for _, facility, *_ in kept_sendings(target))
    houses = tuple(facility for facility, _ in weights.most_common(HOUSES_MAX))
    size = (target / PACK).stat().st_size / 1e6
    words = f"{counted(sum(weights.values()))} lần gửi của {counted(len(weights))} cơ sở, {size:.0f} MB"
    return Month(target, houses, f"{legal_day(now):%Y%m%d}2359"), words


def submit_month(month: Month) -> str:
    """Let the houses in and send their month through the native door, some of it through the services of older software; returns it in words."""
    here = settings()
    # One commit for all houses: their tokens are used only after it.
    with transaction.atomic():
        tokens = {facility: _token(facility) for facility in month.houses}
    with progress_bar("Gửi hồ sơ · submit", None) as advance:
        sent = submit_all(here.gateway_host, here.gateway_port, tokens, _told(month, advance))
    if sent.refusals:
        raise Refusal(
            f"Cổng tiếp nhận trả lại: {dict(sent.refusals)}", f"The door refused submissions: {dict(sent.refusals)}"
        )
    return f"{_rates(sent)}; {_older(month)}"


def _told(month: Month, advance: object) -> Iterator[Upload]:
    for _, upload in month.uploads(of=frozenset(month.houses)):
        if callable(advance):
            advance(1)
        yield upload


def _rates(sent: Sent) -> str:
    return (
        f"{counted(len(sent.receipts))} lần gửi, {counted(round(len(sent.receipts) / sent.seconds))}/s, "
        f"{sent.bytes / 1e6 / sent.seconds:.0f} MB/s, p99 {sent.percentile(0.99):.0f} ms"
    )


def _token(facility: str) -> str:
    clock, who = RealClock(), actor()
    client = register_client(
        actor=who,
        reason=REASON,
        facility=facility,
        name=NAME,
        scope=[SUBMISSION_WRITE],
        rate_per_second=RATE_PER_SECOND,
    )
    token = issue_token(
        actor=who, reason=REASON, clock=clock, client_id=client.client_id, secrets=secrets_folder(settings())
    )
    return token.access_token


def _older(month: Month) -> str:
    """Send some files again as one house's older software does: the same bytes by another door are the same visits."""
    here, facility = settings(), month.houses[0]
    open_dialect_door(actor=actor(), reason=REASON, facility=facility)
    password = replace_dialect_password(actor=actor(), reason=REASON, facility=facility).password or ""
    base = f"http://{here.gateway_host}:{here.gateway_port}"
    software = HospitalSoftware(base, facility, password, Officer("Cán bộ mô phỏng", f"{facility}-01"))
    codes: Counter[str] = Counter()
    try:
        for kind, upload in month.uploads(of=frozenset([facility])):
            if kind in _OLDER_PATHS and codes.total() < OLDER_SENDINGS:
                told = submit_as_older_software(software, _OLDER_PATHS[kind], kind.value, upload.content)
                codes[str(told["maKetQua"])] += 1
    finally:
        software.close()
    if set(codes) - {"200"}:
        raise Refusal(
            f"Dịch vụ tương thích trả lời mã {dict(codes)}.", f"The compatible services answered {dict(codes)}."
        )
    return f"phần mềm cũ: {codes.total()} lần gửi lại"


def read_month() -> str:
    """Read what was submitted into the book, as `ansinh healthbook work --once` does; returns rate and outcome in words."""
    clock = agency_clock()
    worker = Worker(actor(), clock, means(settings(), clock))
    states: Counter[str] = Counter()
    began = time.perf_counter()
    with progress_bar("Đọc vào sổ · settle", count_waiting_to_be_read()) as advance:
        for settled in worker.work_off():
            states.update(settled.states)
            advance(settled.submissions)
    seconds = max(time.perf_counter() - began, 1e-6)
    words = ", ".join(f"{state} {counted(count)}" for state, count in sorted(states.items()))
    return f"{counted(states.total())} hồ sơ, {counted(round(states.total() / seconds))}/s; {words}"


def look_for_overuse() -> str:
    """Look for visits that cannot be, print some with their reasons, and return how many there are in words."""
    until: date = legal_day(agency_clock().now()) + timedelta(days=15)
    found = find_overuse(
        actor=actor(), reason=REASON, clock=agency_clock(), since=until - timedelta(days=60), until=until
    )
    if listed := findings(limit=FINDINGS_SHOWN_MAX):
        show_findings(listed)
    return f"{counted(sum(found.values()))} phát hiện mới chờ cán bộ giám định, không từ chối lượt nào"


_FULLEST = """
SELECT person_id FROM healthbook_visit v WHERE current AND sensitive = '{}' GROUP BY person_id
ORDER BY count(*) + 3 * count(*) FILTER (WHERE to_facility IS NOT NULL OR referral_number IS NOT NULL) DESC, person_id LIMIT 1
"""


def show_one_book() -> str:
    """Show the book of somebody who came often, as that person sees it, on one screen; returns how many visits in words."""
    somebody = row(_FULLEST)
    if somebody is None:
        return "chưa có sổ nào"
    book = show_own_book(int(somebody[0]), REASON)
    return f"{counted(len((book.book or {}).get('visits', [])))} lượt khám của một người trên một màn hình"


def live_a_month(journey: Callable[[str, Callable[[], str]], object], folder: Path) -> None:
    """Live a month of visits, step by step; `journey` takes each step's name and work."""
    month: list[Month] = []

    def invent() -> str:
        made, words = invent_month(folder)
        month.append(made)
        return words

    journey("Một tháng khám chữa bệnh · a month of visits", invent)
    journey("Cơ sở gửi hồ sơ · hospitals submit", lambda: submit_month(month[0]))
    journey("Đọc vào sổ sức khỏe · into the health book", read_month)
    journey("Lượt khám bất thường · over-use", look_for_overuse)
    journey("Giấy chuyển dùng một lần · a referral, once", referral_used_once)
    journey("Sổ của một người · one person's book", show_one_book)

"""June and July of the invented nation, lived through the population register: a day's events are told, heard, followed and compared before the next begins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from rich.table import Table

from ansinh.cli.acting import actor
from ansinh.cli.nation import FIRST_DAY_LIVED, register_store
from ansinh.cli.screen import counted, out, progress_bar
from ansinh.config.daily import DayHeard, daily_work
from ansinh.config.operations import set_nation_day
from ansinh.config.queries import agency_clock, nation_day
from ansinh.foundation.settings import settings
from ansinh.registry.operations import Compared
from ansinh.registry.queries import LastComparison, comparisons
from ansinh_sandbox.register.living import live
from ansinh_sandbox.register.slips import slip

EVE = FIRST_DAY_LIVED - timedelta(days=1)
# On this day some records of the register change without anybody being told.
SLIP_ON = date(2025, 6, 15)
SLIPPED_PERSONS = 2
COMPARISONS_SHOWN = 200


@dataclass
class Lived:
    """What happened on the days lived: events told, settled and acted on, and what each evening's comparison found."""

    days: int = 0
    told: int = 0
    settled: int = 0
    acted_on: int = 0
    compared: list[Compared] = field(default_factory=list)

    def add(self, told: int, heard: DayHeard) -> None:
        """Add a day."""
        self.days += 1
        self.told += told
        self.settled += heard.pulled.settled
        self.acted_on += heard.acted_on
        self.compared += heard.compared

    def words(self) -> str:
        """Return it in a line."""
        equal = sum(not one.differing for one in self.compared)
        return (
            f"{counted(self.days)} ngày, {counted(self.told)} sự kiện, {counted(self.acted_on)} chuyển tiếp, "
            f"đối soát khớp {equal}/{len(self.compared)}"
        )


def live_months(last_day: date, source: str, reason: str) -> Lived:
    """Live every day up to `last_day` that was not lived yet; cut off anywhere, it goes on with the day that was not ended.

    The register lives a day and tells it, the agency hears all of it under that day's clock and compares both sides in the evening.
    """
    lived, who = Lived(), actor()
    day = max(nation_day() or EVE, FIRST_DAY_LIVED)
    with daily_work(settings()) as daily, progress_bar("Sống từng ngày", (last_day - day).days + 1) as advance:
        while day <= last_day:
            set_nation_day(actor=who, reason=reason, today=day, source=source)
            told = live(register_store(), begin=None, until=day + timedelta(days=1))
            if day == SLIP_ON and told:
                slip(register_store(), persons=SLIPPED_PERSONS)
            lived.add(told, daily.hear(actor=who, reason=reason, clock=agency_clock()))
            advance(1)
            day += timedelta(days=1)
    return lived


def show_comparisons() -> None:
    """Print the comparisons worth seeing: those that differed, what asking again made of them, and the last."""
    kept = list(reversed(comparisons(COMPARISONS_SHOWN)))
    worth = sorted(
        {place + step for place, one in enumerate(kept) if one.differing for step in (0, 1) if place + step < len(kept)}
        | {len(kept) - 1}
    )
    table = Table(title="Đối soát với CSDL dân cư · Reconciled with the register", title_justify="left")
    columns: dict[str, Callable[[LastComparison], str]] = {
        "Ngày\nDay": lambda one: f"{one.compared_at:%d/%m/%Y}",
        "Người\nPeople": lambda one: counted(one.persons),
        "Mã băm của ta\nOur hash": lambda one: _hash(one.our_digest),
        "Của CSDL dân cư\nTheirs": lambda one: _hash(one.their_digest),
        "Nhóm lệch\nBuckets that differ": lambda one: ", ".join(one.differing) or "khớp · equal",
        "Phục hồi\nHealed": lambda one: counted(one.healed),
        "Còn\nLeft": lambda one: counted(one.left),
    }
    for name in columns:
        table.add_column(name, justify="left" if "Nhóm" in name else "right", no_wrap=True)
    for place in worth:
        table.add_row(*(cell(kept[place]) for cell in columns.values()))
    out.print(table)


def _hash(digest: int | None) -> str:
    return "–" if digest is None else f"{digest & ((1 << 64) - 1):016x}"

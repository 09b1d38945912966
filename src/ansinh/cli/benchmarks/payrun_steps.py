"""The two parts of a benchmark's run, each in a process of its own: paying through null banks, and taking their answers in."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import psutil

from ansinh.cli.screen import print_json
from ansinh.config.payments import bank_forms
from ansinh.database.sql import driver, rows
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import VIET_NAM, FixedClock
from ansinh.payments import operations
from ansinh.payments.operations import (
    Abilities,
    Delivered,
    Header,
    Knows,
    PaymentLine,
    Recalled,
    Receipt,
    Received,
    RunOrder,
    Totals,
    Writer,
)
from ansinh.payments.procedures import Desk, Partner, build_all, collect_all, list_forms, send_ready

REASON = "bench"
CLOCK = FixedClock(datetime(2025, 7, 2, 9, tzinfo=VIET_NAM))
_DONE = (
    "create_run",
    "build_run",
    "check_run",
    "approve_run",
    "authorise_run",
    "fund_run",
    "hand_over",
    "take_answers",
)
_MAY = frozenset(f"payments.{name}" for name in _DONE)
_OWED = "SELECT * FROM bench_owed"
_ABILITIES = Abilities(can_ask=True, refuses_duplicates=True, lateness_max=timedelta(minutes=30))
Result = TypeVar("Result")


@dataclass
class NullBank:
    """A bank that takes everything and does nothing; its answers, if there are any, lie in a folder."""

    partner: str
    answers: Path
    bytes_taken: int = 0
    messages: int = 0
    abilities: Abilities = _ABILITIES

    def deliver(self, body: bytes, message_id: str) -> Receipt:
        """Take the message and forget it."""
        self.bytes_taken += len(body)
        self.messages += 1
        return Receipt(Delivered.TAKEN)

    def ask(self, message_id: str) -> Knows:
        """Know every message."""
        return Knows.KNOWN

    def collect(self) -> Iterator[Received]:
        """Yield the answers that lie ready, one in memory at a time."""
        for file in sorted(self.answers.glob("*.xml")):
            yield Received(file.name, file.read_bytes())

    def recall(self, message_id: str) -> Recalled:
        """Be too late."""
        return Recalled.TOO_LATE


@dataclass
class TimedWriter:
    """A writer whose reading-again is timed apart."""

    inner: Writer
    seconds: float = 0.0
    cpu_seconds: float = 0.0

    def write(self, header: Header, lines: Iterable[PaymentLine]) -> bytes:
        """Return the message."""
        return self.inner.write(header, lines)

    def verify(self, body: bytes) -> Totals:
        """Read the message again, by the clock."""
        began, cpu = time.perf_counter(), time.process_time()
        found = self.inner.verify(body)
        self.seconds += time.perf_counter() - began
        self.cpu_seconds += time.process_time() - cpu
        return found


def main() -> None:
    """Carry out the part named by the first argument in the folder named by the second, and print what it took."""
    part, folder = sys.argv[1], Path(sys.argv[2])
    print_json(_pay(folder) if part == "pay" else _answer(folder))


def _pay(folder: Path) -> dict[str, Any]:
    """Build, check and seal, sign and hand over; seconds and CPU are those of all of it but the reading-again."""
    steps: dict[str, float] = {}
    before = _cpu()
    order = RunOrder(pay_on=date(2025, 7, 2), months=(202507,), act="Danh sách chi trả tháng 7/2025")
    run_id = operations.create_run(actor=_officer("maker"), reason=REASON, clock=CLOCK, order=order)
    desk = Desk(_officer("maker"), REASON, CLOCK, folder / "secrets", {})
    orders, _ = _timed(steps, "build", lambda: build_all(desk, run_id, _OWED))
    maker = _officer("maker")
    _timed(
        steps,
        "check_and_seal",
        lambda: operations.check_run(actor=maker, reason=REASON, clock=CLOCK, run_id=run_id),
    )
    _timed(steps, "sign_and_fund", lambda: _sign(run_id, folder / "secrets"))
    partners = _partners(folder)
    hands = Desk(_officer("treasurer"), REASON, CLOCK, folder / "secrets", partners)
    _timed(steps, "write_and_hand_over", lambda: send_ready(hands, run_id))
    writers = [one.writer for one in partners.values() if isinstance(one.writer, TimedWriter)]
    banks = [one.bank for one in partners.values() if isinstance(one.bank, NullBank)]
    verify = sum(one.seconds for one in writers)
    steps["write_and_hand_over"] = round(steps["write_and_hand_over"] - verify, 2)
    return {
        "orders": orders,
        "steps": steps,
        "verify_seconds": round(verify, 2),
        "cpu_seconds": _cpu() - before - sum(one.cpu_seconds for one in writers),
        "server_seen": _server_seen(),
        "messages": sum(one.messages for one in banks),
        "message_mib": sum(one.bytes_taken for one in banks) >> 20,
        "peak_mib": _peak_mib(),
    }


def _answer(folder: Path) -> dict[str, Any]:
    """Take in, match and post what the banks answered."""
    steps: dict[str, float] = {}
    desk = Desk(_officer("treasurer"), REASON, CLOCK, folder / "secrets", _partners(folder))
    tally = _timed(steps, "take_match_and_post", lambda: collect_all(desk))
    return {"matched": tally.matched, "seconds": sum(steps.values()), "steps": steps, "peak_mib": _peak_mib()}


def _sign(run_id: int, secrets: Path) -> None:
    operations.approve_run(actor=_officer("first"), reason=REASON, clock=CLOCK, run_id=run_id, secrets=secrets)
    operations.authorise_run(actor=_officer("second"), reason=REASON, clock=CLOCK, run_id=run_id, secrets=secrets)
    operations.fund_run(actor=_officer("treasurer"), reason=REASON, clock=CLOCK, run_id=run_id)


def _partners(folder: Path) -> dict[str, Partner]:
    """Return every partner of the run: banks with the forms of banks, the post with its lists."""
    found = {}
    for (name,) in rows("SELECT DISTINCT partner FROM payments_batch ORDER BY 1"):
        writer, reader = bank_forms(name) if name.isdigit() else list_forms()
        found[name] = Partner(NullBank(name, folder / "answers" / name), TimedWriter(writer), reader)
    return found


def _timed(steps: dict[str, float], name: str, step: Callable[[], Result]) -> Result:
    began = time.perf_counter()
    result = step()
    steps[name] = round(time.perf_counter() - began, 2)
    return result


def _officer(name: str) -> Actor:
    return Actor(ActorKind.OFFICER, f"bench.{name}", _MAY)


def _server_seen() -> bool:
    """The server's processes can be looked at only where it is reached by a socket of this machine."""
    return driver().info.host.startswith("/")


def _cpu() -> float:
    """Return the CPU seconds of this process and of the server's process that serves it."""
    ours = time.process_time()
    if not _server_seen():
        return ours
    theirs = psutil.Process(driver().info.backend_pid).cpu_times()
    return ours + float(theirs.user + theirs.system)


def _peak_mib() -> int:
    """Return the most memory this program held; the kernel's figure for the process counts also what its parent held when it was started."""
    for line in Path("/proc/self/status").read_text("utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) >> 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10

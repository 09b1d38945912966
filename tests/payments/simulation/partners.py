"""Banks and the post behind a bad line: the sandbox's own code and books, requests and answers lost, late, dark, twice, files out of order."""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from ansinh.foundation.clock import VIET_NAM
from ansinh.foundation.errors import PartnerTrouble
from ansinh.payments.handover.bank import Abilities, Delivered, Knows, Recalled, Receipt, Received
from ansinh_sandbox import post
from ansinh_sandbox.banks.bank import Bank
from tests.payments.simulation.engine import Crash, SimulatedClock

LATENESS_MAX = timedelta(minutes=30)
DARK_MINUTES = 20


@dataclass
class Line:
    """How bad the line to a partner is: shares of calls; `dark_from`: nothing passes for twenty minutes (a switch-over)."""

    lose_request: float = 0.0
    lose_answer: float = 0.0
    late: float = 0.0
    crash: float = 0.0
    busy: float = 0.0
    dark_from: datetime | None = None


@dataclass
class SimulatedBank:
    """A bank of the sandbox, with its own books, behind a line."""

    bank: Bank
    abilities: Abilities
    line: Line
    clock: SimulatedClock
    chance: random.Random
    has: Callable[[str, bytes], bool]
    on_its_way: list[tuple[datetime, str, bytes]] = field(default_factory=list)
    partner: str = field(init=False)

    def __post_init__(self) -> None:
        self.partner = self.bank.code

    def deliver(self, body: bytes, message_id: str) -> Receipt:
        """Carry a message over the line: it may be lost, arrive later, or arrive unanswered; the worker may be lost before or after."""
        self._pass("deliver")
        if self._falls(self.line.lose_request):
            raise self._trouble("no connection")
        if self._falls(self.line.late):
            later = self.clock.now() + self.chance.random() * LATENESS_MAX
            self.on_its_way.append((later, message_id, body))
            raise self._trouble("no answer")
        said = self.bank.deliver(message_id, body)
        if self._falls(self.line.crash):
            raise Crash
        if self._falls(self.line.lose_answer):
            raise self._trouble("no answer")
        return Receipt(Delivered.REFUSED, "HTTP 409") if said == "other" else Receipt(Delivered.TAKEN)

    def ask(self, message_id: str) -> Knows:
        """Ask the bank."""
        self._pass("ask")
        if self._falls(self.line.busy):
            return Knows.BUSY
        return Knows.KNOWN if self.bank.knows(message_id) else Knows.NOT_KNOWN

    def collect(self) -> Iterator[Received]:
        """Yield what lies ready that we have not, in any order, and now and then what we have."""
        self._pass("collect")
        files = self.bank.store.files(0, 10_000)
        self.chance.shuffle(files)
        for one in files:
            body = self.bank.store.file(one.file_no)
            assert body is not None
            if not self.has(self.partner, hashlib.sha256(body).digest()) or self._falls(0.05):
                yield Received(one.name, body)
                if self._falls(self.line.lose_answer / 4):
                    raise self._trouble("cut off")

    def recall(self, message_id: str) -> Recalled:
        """Ask for a message back."""
        return Recalled(self.bank.recall(message_id))

    def live(self) -> None:
        """Let arrive what was late, and live until the clock's day."""
        arrived = [one for one in self.on_its_way if one[0] <= self.clock.now()]
        self.on_its_way = [one for one in self.on_its_way if one[0] > self.clock.now()]
        for _, message_id, body in arrived:
            self.bank.deliver(message_id, body)
        self.bank.live(self.clock.moment.astimezone(VIET_NAM).date())

    def _pass(self, what: str) -> None:
        dark = self.line.dark_from
        if dark is not None and dark <= self.clock.now() < dark + timedelta(minutes=DARK_MINUTES):
            raise self._trouble(f"{what}: dark")

    def _falls(self, rate: float) -> bool:
        return self.chance.random() < rate

    def _trouble(self, what: str) -> PartnerTrouble:
        return PartnerTrouble(self.partner, what, temporary=True)


def live_post(folder: Path, day: date, chance: random.Random) -> None:
    """Let the post pay from its lists; now and then it returns what it has returned before once more, under another name."""
    post.live(folder, day)
    for told in sorted(folder.glob("P*/out/done/*.csv")):
        if chance.random() < 0.1:
            shutil.copy(told, told.parents[1] / f"again-{chance.randrange(10**9)}.csv")

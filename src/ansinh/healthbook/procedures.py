"""The worker: claims, settles, and goes on whatever happens to a file, to the connection or to the worker beside it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock
from ansinh.healthbook.events import Means
from ansinh.healthbook.intake import claims
from ansinh.healthbook.intake.versions import MetAnother
from ansinh.healthbook.operations import Settled, claim_submissions, give_up_claim, settle_claim

REASON = "đưa hồ sơ cơ sở gửi vào sổ sức khỏe điện tử"
AGAIN_MAX = 8
LENGTH_MAX = claims.SUBMISSIONS_MAX
RECONNECTS_MAX = 240
RECONNECT_SECONDS = 0.25

T = TypeVar("T")
_log = logging.getLogger("ansinh.healthbook")


class Worker:
    """Works off what facilities submitted. `sleep` waits between attempts to reach the database."""

    def __init__(
        self,
        actor: Actor,
        clock: Clock,
        means: Means,
        *,
        length: int = LENGTH_MAX,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._actor = actor
        self._clock = clock
        self._means = means
        self._length = length
        self._sleep = sleep

    def work_off(self) -> Iterator[Settled]:
        """Settle claim after claim until nothing waits; raises OperationalError when the database stays away."""
        while True:
            claimed = self._kept_trying(self._claim)
            if claimed is None:
                return
            settled = self._settle(claimed)
            if settled is not None:
                yield settled

    def _claim(self) -> claims.Claim | None:
        return claim_submissions(actor=self._actor, reason=REASON, clock=self._clock, length=self._length)

    def _settle(self, claimed: claims.Claim) -> Settled | None:
        for _ in range(AGAIN_MAX):
            try:
                return self._settled(claimed)
            except MetAnother:
                continue
            except (OperationalError, InterfaceError) as trouble:
                _log.warning("settling broken off", extra={"kind": type(trouble).__name__})
                connection.close()
                self._kept_trying(lambda: self._give_up(claimed))
                return None
            except Exception as trouble:
                # The claim stays without its lock, so its submissions are read one at a time next, and the one that cannot be borne is parked.
                _log.exception("settling failed", extra={"kind": type(trouble).__name__})
                return None
            finally:
                self._let_go(claimed.claim_no)
        self._give_up(claimed)
        return None

    def _settled(self, claimed: claims.Claim) -> Settled:
        return settle_claim(actor=self._actor, reason=REASON, clock=self._clock, claim=claimed, means=self._means)

    def _give_up(self, claimed: claims.Claim) -> None:
        give_up_claim(actor=self._actor, reason=REASON, claim_no=claimed.claim_no)

    def _let_go(self, claim_no: int) -> None:
        try:
            claims.let_go(claim_no)
        except (OperationalError, InterfaceError):
            connection.close()  # The lock goes with the session.

    def _kept_trying(self, work: Callable[[], T]) -> T:
        for _ in range(RECONNECTS_MAX):
            try:
                return work()
            except (OperationalError, InterfaceError):
                connection.close()
                self._sleep(RECONNECT_SECONDS)
        return work()

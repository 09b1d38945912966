"""Whatever order of sending, trouble, lost answers and crashes: a fact is told once, and states move only along the table."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from ansinh.database.sql import rows
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import FixedClock
from ansinh.foundation.errors import PartnerTrouble
from ansinh.notices.operations import Notice, keep_address, send_message
from ansinh.notices.procedures import deliver_due
from ansinh.notices.provider import Receipt
from ansinh.notices.states import OPEN, TRANSITIONS

pytestmark = pytest.mark.django_db

SENDER = Actor(ActorKind.SYSTEM, "notices", frozenset({"notices.send", "notices.deliver", "notices.keep_address"}))
NOTICE = Notice(1, "payment_sent", {"month": "07/2025"}, "payments.order:1", date(2025, 7, 1))
ACTIONS = ["accepted", "delivered", "failed", "refused", "trouble", "answer_lost", "crash_before", "crash_after"]


_KEY_LENGTH = len("00000000-0000-0000-0000-000000000000")


class Killed(Exception):
    """Our process ends here, in the middle of its work."""


class CarefulProvider:
    """Keeps its side of the agreement and checks ours: one body per key."""

    def __init__(self) -> None:
        self.plan: list[str] = []
        self.carried: dict[str, tuple[str, str]] = {}
        self.ends: dict[str, str] = {}

    def send(self, key: str, kind: str, address: str, text: str, language: str, letter: bytes | None = None) -> Receipt:
        """Carry a message unless it was carried before; then do what is planned."""
        action = self._next()
        if action in {"trouble", "crash_before"}:
            self._fall(action)
        assert self.carried.setdefault(key, (address, text)) == (address, text), "a retry was another message"
        if action in {"answer_lost", "crash_after"}:
            self._fall(action)
        return Receipt(key, self._status(key, action), action)

    def ask(self, reference: str) -> Receipt:
        """Tell what became of a message."""
        action = self._next()
        if action not in {"accepted", "delivered", "failed", "refused"}:
            self._fall(action)
        return Receipt(reference, self._status(reference, action), action)

    def _status(self, key: str, action: str) -> str:
        """An end once told stays."""
        if action == "accepted":
            return self.ends.get(key, action)
        return self.ends.setdefault(key, action)

    def _next(self) -> str:
        return self.plan.pop(0) if self.plan else "accepted"

    def _fall(self, action: str) -> None:
        if action.startswith("crash"):
            raise Killed
        raise PartnerTrouble("message provider", "no answer", temporary=True)


class Messages(RuleBasedStateMachine):
    """A few people, a few facts, and time that only goes on."""

    @initialize()
    def begin(self) -> None:
        """Start from nothing, in a transaction that is taken back at the end."""
        self.block: Any = transaction.atomic()
        self.block.__enter__()
        self.provider = CarefulProvider()
        self.now = datetime(2025, 7, 1, tzinfo=UTC)
        self.sent: dict[tuple[int, str], str] = {}
        self.seen: dict[str, tuple[str, object]] = {}
        # Two people can be reached from the start; the third only once an address is given.
        for person in (1, 2):
            self.keep_address(person=person, last=0)
            self.send(person=person, number=1)
        # The second has somewhere else to be told when the telephone fails.
        keep_address(actor=SENDER, reason="test", person_id=2, kind="email", address="hai@example.vn")

    @rule(person=st.integers(1, 3), number=st.integers(1, 2))
    def send(self, person: int, number: int) -> None:
        """Tell a fact, perhaps again."""
        notice = replace(NOTICE, person_id=person, fact=f"payments.order:{number}")
        key = send_message(actor=SENDER, reason="test", clock=FixedClock(self.now), notice=notice)
        assert self.sent.setdefault((person, notice.fact), str(key.message_id)) == str(key.message_id)

    @rule(person=st.integers(1, 3), last=st.integers(0, 9))
    def keep_address(self, person: int, last: int) -> None:
        """Give an address, or another one."""
        keep_address(actor=SENDER, reason="test", person_id=person, kind="sms", address=f"+8491234567{last}")

    @rule(
        plan=st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=6),
        hours=st.sampled_from([0, 1, 1, 30]),
        moved=st.integers(0, 9),
    )
    def deliver(self, plan: list[str], hours: int, moved: int) -> None:
        """Let time pass, perhaps move somebody, and hand over what is due, until done or killed."""
        self.keep_address(person=1, last=moved)
        self.now += timedelta(hours=hours, minutes=3)
        self.provider.plan = plan
        with contextlib.suppress(Killed):
            deliver_due(actor=SENDER, reason="test", clock=FixedClock(self.now), provider=self.provider)

    @invariant()
    def told_once_and_along_the_table(self) -> None:
        """Every carried message is one of ours, and no state was skipped backwards or left after its end."""
        if not hasattr(self, "block"):
            return
        carried = {key[:_KEY_LENGTH] for key in self.provider.carried}
        assert carried <= set(self.sent.values())
        # By each channel once: another channel has another key, the same one the same.
        tried = rows("SELECT message_id::text, count(*) FROM notices_attempt GROUP BY message_id")
        for message_id, channels in tried:
            assert sum(key.startswith(message_id) for key in self.provider.carried) <= channels <= 2
        for message_id, state, settled_at in rows("SELECT message_id::text, state, settled_at FROM notices_message"):
            before, settled_before = self.seen.get(message_id, (state, settled_at))
            if before not in OPEN:
                assert (state, settled_at) == (before, settled_before)
            reachable = {before} | {end for start, end in TRANSITIONS if start == before}
            reachable |= {end for start, end in TRANSITIONS if start in reachable}
            assert state in reachable
            if state in {"sent", "delivered"}:
                assert message_id in carried
            self.seen[message_id] = (state, settled_at)

    def teardown(self) -> None:
        """Take everything back."""
        if hasattr(self, "block"):
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)


def test_messages_in_any_order_are_told_once() -> None:
    run_state_machine_as_test(
        Messages,
        settings=settings(
            max_examples=30, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )

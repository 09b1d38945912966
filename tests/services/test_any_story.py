"""Whatever applicants, officers and days do to an application in whatever order: one state, a clock that holds, one receipt, nothing offends."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from ansinh.access.queries import actor_of_person
from ansinh.benefits.operations import decide_application, prepare_decision
from ansinh.benefits.queries import files_of
from ansinh.database.sql import number
from ansinh.foundation.clock import VIET_NAM, FixedClock
from ansinh.foundation.errors import Refusal
from ansinh.services import checks, operations, queries
from ansinh.services.states import CLOSED, RUNNING, ApplicationState
from tests.benefits.filed import DUC, WIDOW
from tests.services.applied import HOA, LAN, REASON, carry_on, form, settle_people, submit
from tests.support.cast import ANYBODY_WITH_RIGHTS

pytestmark = pytest.mark.django_db
WORDS = ("lời", "words")


class Story(RuleBasedStateMachine):
    """One form of the widow, three officers, and days that pass."""

    @initialize()
    def begin(self) -> None:
        """Start from nothing, in a transaction that is taken back at the end."""
        self.block: Any = transaction.atomic()
        self.block.__enter__()
        settle_people()
        self.clock = FixedClock(datetime(2025, 7, 15, 9, tzinfo=VIET_NAM))
        self.receipt = submit(clock=self.clock)
        self.ended: tuple[ApplicationState, Any] | None = None

    @property
    def said(self) -> dict[str, Any]:
        """Return when, why and which."""
        return {"reason": REASON, "clock": self.clock, "reference": self.receipt.reference}

    @rule(days=st.integers(1, 6))
    def wait(self, days: int) -> None:
        """Let days pass; each night the agency carries on."""
        for _ in range(days):
            self.clock = FixedClock(self.clock.at + timedelta(days=1))
            carry_on(self.clock)
            operations.watch_deadlines(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=self.clock)

    @rule()
    def submit_again(self) -> None:
        """Press the button once more."""
        assert submit(form(), self.clock) == self.receipt

    @rule(what=st.sampled_from(["receive", "ask", "forward", "refuse", "answer", "supplement", "withdraw", "decide"]))
    def act(self, what: str) -> None:
        """Do something, whether it may be done or not."""
        with contextlib.suppress(Refusal):
            self._do(what)

    def _do(self, what: str) -> None:
        applicant = actor_of_person(WIDOW)
        match what:
            case "receive":
                operations.receive_application(actor=LAN, **self.said)
            case "ask":
                operations.ask_supplement(actor=LAN, because=WORDS, **self.said)
            case "forward":
                operations.forward_application(actor=HOA, **self.said)
            case "refuse":
                operations.refuse_application(actor=HOA, because=WORDS, **self.said)
            case "answer":
                operations.answer_application(actor=LAN, words=WORDS, **self.said)
            case "supplement":
                operations.supplement_application(actor=applicant, answers={}, **self.said)
            case "withdraw":
                operations.withdraw_application(actor=applicant, **self.said)
            case "decide":
                for file in files_of(WIDOW):
                    decided: dict[str, Any] = {
                        "reason": REASON,
                        "clock": self.clock,
                        "application": file.application_id,
                    }
                    prepare_decision(actor=HOA, **decided)
                    decide_application(actor=DUC, **decided)

    @invariant()
    def holds(self) -> None:
        """The story is sound, the end stays, and money flows once at most."""
        if not hasattr(self, "block"):
            return
        offending = [one.name for one in checks.checks(self.clock.at.date()) if not one.ok]
        # A day that has begun since the last night is not watched yet.
        assert not offending, offending
        one = queries.application(WIDOW, self.receipt.reference)
        assert one is not None
        if self.ended:
            assert (one.state, one.closed_on) == self.ended
        if one.state in CLOSED:
            self.ended = (one.state, one.closed_on)
        assert (one.wanted is not None) is (one.state is ApplicationState.WAITING_SUPPLEMENT)
        assert one.state not in RUNNING or (one.due_on is not None and one.due_on >= self.receipt.due_on)  # type: ignore[operator]  # funeral claims have one
        assert number("SELECT count(*) FROM benefits_entitlement WHERE kind = 'funeral'") <= 1
        assert number("SELECT count(*) FROM services_application") == 1

    def teardown(self) -> None:
        """Take everything back."""
        if hasattr(self, "block"):
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)


def test_any_story_of_an_application_is_sound() -> None:
    run_state_machine_as_test(
        Story,
        settings=settings(
            max_examples=8, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )

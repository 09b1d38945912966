"""Months at random: whatever banks say, in whatever order and however often, sums agree, nobody is paid twice, and the ledger is zero."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ansinh.database.sql import execute, number, row, rows
from ansinh.foundation.errors import Refusal
from ansinh.payments import operations
from ansinh.payments.checks import checks
from ansinh.payments.queries import differences_of
from ansinh.payments.states import AttemptEvent, AttemptState, effect_of
from tests.payments.world import JULY_1, MAKER, REASON, Owed, add_payee, at, built_run, sign, states, tell
from tests.support.campaign import CAMPAIGN, WriteDown

CLOCK = at(JULY_1)
PEOPLE = range(1, 6)
MONTHS, STEPS = (1_000, 40) if CAMPAIGN else (10, 14)


class Month(RuleBasedStateMachine):
    """One run of five payees: three by account, two in cash. Banks answer as they like; officers do what they may."""

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.atomic()
        self.point.__enter__()
        self.folder = tempfile.TemporaryDirectory()
        self.told = 0

    @initialize()
    def build(self) -> None:
        for person in PEOPLE:
            add_payee(person, f"{person:04}" if person <= 3 else None)
        owed = [Owed(person, 1_000 * person) for person in PEOPLE] + [
            Owed(1, -100, month=202501, correction=1),
            Owed(2, 50, kind="cadre", entitlement_id=2),
        ]
        self.run = built_run(owed, Path(self.folder.name))
        sign(self.run, Path(self.folder.name))

    @rule(outcome=st.sampled_from(["taken", "refused", "no_answer", "crash"]), pick=st.integers(0, 9))
    def hand_over(self, outcome: str, pick: int) -> None:
        ready = rows("SELECT batch_id FROM payments_batch WHERE state = 'ready' ORDER BY 1")
        if not ready:
            return
        batch_id = ready[pick % len(ready)][0]
        # The message and both signatures are proven elsewhere; here only what a hand-over leaves behind matters.
        execute(
            "UPDATE payments_batch SET state = 'sending', tries = tries + 1, tried_at = now() WHERE batch_id = %s",
            [batch_id],
        )
        _keep(batch_id)
        execute("UPDATE payments_run SET state = 'sending' WHERE state = 'funded'")
        if outcome != "crash":
            self._end(batch_id, outcome)

    @rule(outcome=st.sampled_from(["known", "busy"]))
    def ask(self, outcome: str) -> None:
        for (batch_id,) in rows("SELECT batch_id FROM payments_batch WHERE state IN ('sending', 'unknown')"):
            self._end(batch_id, outcome)

    def _end(self, batch_id: int, outcome: str) -> None:
        actor = MAKER.__class__(MAKER.kind, "worker", frozenset({"payments.hand_over"}))
        operations.end_try(actor=actor, reason=REASON, clock=CLOCK, batch_id=batch_id, outcome=outcome)

    @rule(
        lines=st.lists(
            st.tuples(
                st.integers(0, 20),
                st.sampled_from(list(AttemptEvent)),
                st.integers(1, 2),
                st.sampled_from(["", "AC04", "MD07", "XX"]),
                st.booleans(),
            ),
            min_size=1,
            max_size=6,
        )
    )
    def answer(self, lines: list[tuple[int, AttemptEvent, int, str, bool]]) -> None:
        attempts = rows(
            "SELECT payments_end_to_end_id(pay_month, order_id, attempt_no), partner, amount FROM payments_attempt WHERE run_id = %s ORDER BY 1",
            [self.run],
        )
        by_partner: dict[str, list[list[str]]] = {}
        for which, kind, reference, reason, right in lines:
            payment, partner, amount = attempts[which % len(attempts)]
            line = [payment, str(int(kind)), f"r{reference}", reason, str(amount if right else amount + 1)]
            by_partner.setdefault(partner, []).append(line)
        for partner, told in by_partner.items():
            self.told += 1
            tell(partner, *told, name=f"f{self.told}")

    @rule()
    def reroute(self) -> None:
        if row("SELECT state FROM payments_run WHERE run_id = %s", [self.run]) in {
            ("sending",),
            ("sent",),
            ("settling",),
        }:
            operations.reroute_orders(actor=MAKER, reason=REASON, clock=CLOCK, run_id=self.run)
            if number("SELECT count(*) FROM payments_batch WHERE state = 'new'"):
                sign(self.run, Path(self.folder.name))

    @rule(person=st.sampled_from(PEOPLE), verb=st.sampled_from(["withhold", "resume", "release"]))
    def hold(self, person: int, verb: str) -> None:
        try:
            with transaction.atomic():
                operations.hold_order(
                    actor=MAKER, reason=REASON, clock=CLOCK, run_id=self.run, person_id=person, verb=verb
                )
        except Refusal:
            return

    @precondition(lambda self: hasattr(self, "run"))
    @rule()
    def close(self) -> None:
        try:
            with transaction.atomic():
                operations.close_run(actor=MAKER, reason=REASON, clock=CLOCK, run_id=self.run)
        except Refusal:
            return
        balances = dict(rows("SELECT account, sum(amount)::bigint FROM payments_posting GROUP BY 1"))
        assert all(not balances.get(account) for account in (200, 210, 300_001)), balances
        assert all(state in {20, 30, 40, 50, 60, 61} for _, _, state in states(self.run))

    @invariant()
    def sums_agree(self) -> None:
        if hasattr(self, "run"):
            wrong = [one for one in differences_of(self.run) if not one.zero]
            assert not wrong, wrong
            broken = [one for one in checks() if not one.ok and one.name != "payments.banks_paid_once"]
            assert not broken, broken

    @invariant()
    def money_goes_once(self) -> None:
        if not hasattr(self, "run"):
            return
        twice = rows("SELECT order_id FROM payments_attempt WHERE ended IS NULL GROUP BY 1 HAVING count(*) > 1")
        assert not twice
        # What is out of the house for an order, by the ledger, is never more than the order.
        more: list[Any] = rows(
            "SELECT order_id FROM payments_posting WHERE account >= 1000000 OR account = 240 GROUP BY 1"
            " HAVING -sum(amount) > (SELECT max(o.amount) FROM payments_order o WHERE o.order_id = payments_posting.order_id) OR sum(amount) > 0"
        )
        assert not more

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.point.__exit__(None, None, None)
        self.folder.cleanup()


def _keep(batch_id: int) -> None:
    execute(
        "INSERT INTO payments_message (direction, partner, message_id, batch_id, sha256, size_bytes, lines, amount, body, kept_at)"
        " SELECT 'out', partner, message_id, batch_id, sha256(message_id::bytea), 0, lines, amount, '', now() FROM payments_batch WHERE batch_id = %s"
        " ON CONFLICT DO NOTHING",
        [batch_id],
    )


@pytest.mark.campaign
@pytest.mark.django_db
def test_months_at_random(write_down: WriteDown) -> None:
    found = settings(
        max_examples=MONTHS,
        stateful_step_count=STEPS,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Month, settings=found)
    write_down(months=MONTHS, steps_at_most=STEPS)


@pytest.mark.parametrize("event", list(AttemptEvent))
def test_no_event_brings_an_ended_attempt_back(event: AttemptEvent) -> None:
    for state in (
        AttemptState.REJECTED,
        AttemptState.UNCOLLECTED,
        AttemptState.RETURNED,
        AttemptState.CANCELLED,
        AttemptState.WITHHELD,
    ):
        assert effect_of(event, state) != 1

"""Storms at random: declared, approved, applied, withdrawn and ended beside runs of one and two months, with posts that give lists back, or do not.

Whatever the order: nobody is handed a month twice (by the posts' and the bank's own books), sums agree, the ledger is zero, and what was done is what is told.
"""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from ansinh.database.sql import number, rows
from ansinh.foundation.errors import Refusal
from ansinh.payments import checks as payment_checks
from ansinh.payments import operations
from ansinh.payments.operations import Recalled
from ansinh.payments.queries import differences_of
from ansinh.relief import checks as relief_checks
from ansinh.relief import operations as relief
from ansinh.relief.queries import emergencies, report_of
from tests.payments.world import MAKER, REASON, VCB, BankDouble, add_account
from tests.relief.world import (
    CHECKER,
    CLOCK,
    OTHER,
    VILLAGE,
    PostDouble,
    add_person,
    add_places,
    apply,
    build,
    carry,
    collect,
    list_lines,
    normal_run,
    owed,
    post_tells,
    sign,
    storm,
)
from tests.support.campaign import CAMPAIGN, WriteDown

PEOPLE = range(1, 6)
WHERE = {4: VILLAGE, 5: OTHER}
STORMS, STEPS = (400, 40) if CAMPAIGN else (8, 15)
DECLARATIONS = (
    {"provinces": ("01",), "otherwise": "home"},
    {"provinces": ("01",), "otherwise": "cash", "months": (202507, 202508)},
    {"provinces": (), "communes": (VILLAGE,), "otherwise": "home", "to_account": False},
    {"provinces": ("01", "02"), "otherwise": "home", "months": (202508,), "name": "Bão lớn"},
)
MONTHS = {202507: date(2025, 7, 4), 202508: date(2025, 8, 4)}


class Post(PostDouble):
    """A post that keeps its word: what it gave back it does not pay, and what it told of it does not give back."""

    def __init__(self, partner: str) -> None:
        super().__init__(partner)
        self.given_back: set[str] = set()
        self.told: dict[str, set[int]] = {}

    def recall(self, message_id: str) -> Recalled:
        """Give back what was not begun."""
        said = super().recall(message_id)
        if said is Recalled.CONFIRMED and self.told.get(message_id):
            return Recalled.TOO_LATE
        if said is Recalled.CONFIRMED:
            self.given_back.add(message_id)
        return said


class Storms(RuleBasedStateMachine):
    """Five payees in two provinces, the first by account; two months; officers, posts and a bank do as they like."""

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.atomic()
        self.point.__enter__()
        self.folder = tempfile.TemporaryDirectory()
        self.secrets = Path(self.folder.name)
        self.posts = {name: Post(name) for name in ("P01", "P02", "H01", "H02")}
        self.bank = BankDouble(VCB)
        self.runs: list[int] = []

    @initialize(which=st.sampled_from(range(4)), sent=st.booleans(), then=st.sampled_from(list(Recalled)))
    def begin(self, which: int, sent: bool, then: Recalled) -> None:
        """July's run is built, perhaps with the posts already, when a storm is declared, approved and applied."""
        add_places()
        for person in PEOPLE:
            add_person(person, "0001" if person == 1 else None, commune=WHERE.get(person, "00004"))
        self.run_of_a_month(202507)
        if sent:
            self.sign_and_carry(network=True)
        self.confirm_an_account(2)
        self.declare(which, approved=True)
        self.apply(then, network=True, carried=True)

    @rule(month=st.sampled_from(sorted(MONTHS)))
    def run_of_a_month(self, month: int) -> None:
        with self._permitted():
            self.runs.append(normal_run(owed(*PEOPLE, months=(month,)), month, MONTHS[month]))

    @rule(which=st.sampled_from(range(len(DECLARATIONS))), approved=st.booleans())
    def declare(self, which: int, approved: bool) -> None:
        with self._permitted():
            emergency = relief.declare_emergency(
                actor=MAKER, reason=REASON, clock=CLOCK, new=storm(**DECLARATIONS[which])
            )
            if approved:
                relief.approve_emergency(actor=CHECKER, reason=REASON, clock=CLOCK, emergency_id=emergency)

    @rule()
    def months_together(self) -> None:
        for one in emergencies():
            with self._permitted():
                run_id = relief.open_run(
                    actor=MAKER, reason=REASON, clock=CLOCK, emergency_id=one.emergency_id, pay_on=date(2025, 7, 6)
                )
                places = set(one.provinces)
                people = [who for who in PEOPLE if ("02" if who == 5 else "01") in places]
                self.runs.append(run_id)
                build(run_id, owed(*people, months=tuple(one.months)))

    @rule(says=st.sampled_from(list(Recalled)), network=st.booleans(), carried=st.booleans())
    def apply(self, says: Recalled, network: bool, carried: bool) -> None:
        for post in self.posts.values():
            post.recall_says, post.network = says, network
        for one in emergencies():
            for run_id in set(self.runs):
                with self._permitted():
                    apply(one.emergency_id, run_id, self.posts)
        for post in self.posts.values():
            post.network = True
        if carried:
            self.sign_and_carry(network)

    @rule(person=st.sampled_from([2, 3, 4, 5]))
    def confirm_an_account(self, person: int) -> None:
        if not number("SELECT count(*) FROM payments_account WHERE person_id = %s", [person]):
            add_account(person, f"000{person}")

    @rule(verb=st.sampled_from(["withdraw", "end"]), pick=st.integers(0, 3), half_way=st.booleans())
    def leave(self, verb: str, pick: int, half_way: bool) -> None:
        if half_way:
            self.apply(Recalled.CONFIRMED, network=True, carried=False)
        found = emergencies()
        if found:
            step = relief.withdraw_emergency if verb == "withdraw" else relief.end_emergency
            with self._permitted():
                step(actor=MAKER, reason=REASON, clock=CLOCK, emergency_id=found[pick % len(found)].emergency_id)

    @rule(network=st.booleans())
    def sign_and_carry(self, network: bool) -> None:
        for run_id in sorted(set(self.runs)):
            with self._permitted():
                sign(run_id, self.secrets)
        for post in self.posts.values():
            post.network = network
        for run_id in sorted(set(self.runs)):
            with self._permitted():
                carry(run_id, {VCB: self.bank, **self.posts}, self.secrets)
        for post in self.posts.values():
            post.network = True

    @rule(outcome=st.lists(st.sampled_from(["paid", "uncollected", "cancelled", None]), min_size=5, max_size=5))
    def posts_tell(self, outcome: list[str | None]) -> None:
        collect(self.bank)
        for post in self.posts.values():
            for message_id in sorted(set(post.lists) - post.given_back):
                # A person's number is the amount's end; two months double it. A line is told once, when the post likes.
                told = post.told.setdefault(message_id, set())
                said = {int(line[4]) % 1_000: outcome[int(line[4]) % 5] for line in list_lines(post.lists[message_id])}
                fresh = {person: one for person, one in said.items() if one is not None and person not in told}
                if fresh:
                    told.update(fresh)
                    post_tells(post, fresh, message_id)

    @rule()
    def reroute(self) -> None:
        for run_id in sorted(set(self.runs)):
            with self._permitted():
                operations.reroute_orders(actor=MAKER, reason=REASON, clock=CLOCK, run_id=run_id)

    @rule()
    def close(self) -> None:
        for run_id in sorted(set(self.runs)):
            with self._permitted():
                operations.close_run(actor=MAKER, reason=REASON, clock=CLOCK, run_id=run_id)
                balances = dict(
                    rows(
                        "SELECT account, sum(amount)::bigint FROM payments_posting WHERE run_id = %s GROUP BY 1",
                        [run_id],
                    )
                )
                assert all(not balances.get(account) for account in (200, 210, 300_001, 300_002)), balances

    def _permitted(self) -> _Permitted:
        return _Permitted()

    @invariant()
    def nothing_is_false(self) -> None:
        for run_id in set(self.runs):
            wrong = [one for one in differences_of(run_id) if not one.zero]
            assert not wrong, wrong
        broken = [one for one in (*payment_checks.checks(), *relief_checks.checks()) if not one.ok]
        assert not broken, broken

    @invariant()
    def nobody_is_handed_a_month_twice(self) -> None:
        handed: dict[int, int] = {}
        books = [self.bank.credited, *(post.handed_out for post in self.posts.values())]
        for book in books:
            for payment, amount in book.items():
                handed[int(payment[8:20])] = handed.get(int(payment[8:20]), 0) + amount
        owed_by = dict(rows("SELECT order_id, amount FROM payments_order"))
        assert all(amount <= owed_by[order] for order, amount in handed.items())
        months = rows(
            "SELECT o.person_id, o.month FROM payments_obligation o WHERE o.order_id = ANY(%s) GROUP BY 1, 2 HAVING count(*) > 1",
            [list(handed)],
        )
        assert not months

    @invariant()
    def reports_are_whole(self) -> None:
        for one in emergencies():
            report = report_of(one.emergency_id)
            assert sum(line.amount for line in report.lines) == report.amount

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.point.__exit__(None, None, None)
        self.folder.cleanup()


class _Permitted:
    """What is refused changes nothing and is no failure here."""

    def __enter__(self) -> None:
        self._point = transaction.atomic()
        self._point.__enter__()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        self._point.__exit__(kind, error, trace)  # type: ignore[arg-type]  # what the runtime hands over
        return isinstance(error, Refusal)


@pytest.mark.campaign
@pytest.mark.django_db
def test_storms_at_random(write_down: WriteDown) -> None:
    found = settings(
        max_examples=STORMS,
        stateful_step_count=STEPS,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Storms, settings=found)
    write_down(storms=STORMS, steps_at_most=STEPS)

"""Money that has to come back: asked back once, repaid against receipts, written off by two people, and the books agree at every step."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from ansinh.database.sql import execute, number, rows
from ansinh.foundation.actor import Actor
from ansinh.foundation.errors import Refusal
from ansinh.payments import operations as payments
from ansinh.payments.procedures import collect_all, send_ready
from ansinh.reckoning import operations
from ansinh.reckoning.checks import checks
from ansinh.reckoning.operations import Repayment
from ansinh.reckoning.queries import account_balances, recoveries, recovery_of
from ansinh.reckoning.states import RECOVERY_TRANSITIONS, RecoveryState
from tests.payments.world import (
    JULY_1,
    MAKER,
    POST,
    REASON,
    SECOND,
    TREASURER,
    VCB,
    BankDouble,
    Owed,
    add_payee,
    at,
    desk_of,
    officer,
    signed_run,
)
from tests.reckoning.bookkeeping import account_at

pytestmark = pytest.mark.usefixtures("fresh_database")
OTHER = officer("hanoi.kim", "payment_authoriser")
BOTH = officer("hanoi.lan", "payment_officer", "payment_authoriser", "treasurer")


def pay(folder: Path, owed: list[Owed], months: tuple[int, ...], pay_on: date) -> int:
    run_id = signed_run(owed, folder, months=months, pay_on=pay_on)
    desk = desk_of(TREASURER, folder, [BankDouble(VCB), BankDouble(POST)])
    send_ready(desk, run_id)
    collect_all(desk)
    payments.close_run(actor=MAKER, reason=REASON, clock=at(JULY_1), run_id=run_id)
    return run_id


def found(month: int) -> dict[str, int]:
    return operations.open_recoveries(actor=MAKER, reason=REASON, clock=at(JULY_1), month=month)


def repay(person: int, recovery: int, amount: int, reference: str, actor: Actor = TREASURER) -> str:
    return operations.record_repayment(
        actor=actor,
        reason=REASON,
        clock=at(JULY_1),
        person_id=person,
        recovery_id=recovery,
        repayment=Repayment(amount, reference, VCB),
    )


def balance(key: str) -> int:
    return next((one.closing for one in account_balances() if one.key == key), 0)


def sound() -> None:
    assert [one.name for one in checks(account_at) if not one.ok] == []


def test_what_was_paid_after_death_and_too_much_is_asked_back_once(tmp_path: Path) -> None:
    for person in (1, 2, 3, 4):
        add_payee(person, f"001{person}")
    pay(tmp_path, [Owed(n, n * 1_000_000) for n in (1, 2, 3, 4)], (202507,), date(2025, 7, 2))
    execute("UPDATE people_person SET died_on = '2025-06-30' WHERE person_id IN (1, 4)")
    assert found(202507) == {"covered": 0, "overpaid": 0, "paid_after_death": 2}
    # Person 2 was owed nothing for July after all, and has no month to come; person 3 has one, from which the same comes back by itself.
    # What the month's correction says of person 1 was asked back already.
    corrections = [Owed(n, -n * 1_000_000, correction=1) for n in (1, 2, 3)]
    pay(
        tmp_path,
        [*corrections, Owed(3, 9_000_000, month=202508)],
        (202508,),
        date(2025, 8, 4),
    )
    assert found(202508) == {"covered": 1, "overpaid": 1, "paid_after_death": 0}
    assert found(202508) == {"covered": 0, "overpaid": 0, "paid_after_death": 0}
    assert [(one.person_id, one.cause, one.amount, one.state) for one in recoveries()] == [
        (1, "paid_after_death", 1_000_000, "open"),
        (4, "paid_after_death", 4_000_000, "open"),
        (2, "overpaid", 2_000_000, "open"),
    ]
    assert number("SELECT count(*) FROM payments_obligation WHERE voided_at IS NOT NULL") == 2
    assert balance("recovery") == 7_000_000
    sound()


def test_a_recovery_lives_from_demand_to_its_end(tmp_path: Path) -> None:
    add_payee(1, "0011")
    add_payee(2, "0022")
    pay(tmp_path, [Owed(1, 3_000_000), Owed(2, 500_000, kind="unemployment")], (202507,), date(2025, 7, 2))
    execute("UPDATE people_person SET died_on = '2025-06-30'")
    found(202507)
    one, other = recoveries()
    whose = {"actor": MAKER, "reason": REASON, "clock": at(JULY_1)}
    with pytest.raises(Refusal) as refused:
        operations.ask_write_off(**whose, person_id=1, recovery_id=one.recovery_id)  # type: ignore[arg-type]  # arguments by name
    assert refused.value.code == "not_in_state"
    for _ in range(2):
        assert operations.demand_recovery(**whose, person_id=1, recovery_id=one.recovery_id) == "demanded"  # type: ignore[arg-type]  # the same
    for _ in range(2):
        assert repay(1, one.recovery_id, 1_000_000, "R1") == "repaid_in_part"
    for amount, reference, code in (
        (2, "R1", "receipt_differs"),
        (2_000_001, "R2", "more_than_owed"),
        (0, "R2", "invalid_input"),
        (5, "\n", "invalid_input"),
    ):
        with pytest.raises(Refusal) as refused:
            repay(1, one.recovery_id, amount, reference)
        assert refused.value.code == code
    assert repay(1, one.recovery_id, 2_000_000, "R2") == "settled"
    assert repay(1, one.recovery_id, 2_000_000, "R2") == "settled"
    with pytest.raises(Refusal) as refused:
        repay(1, one.recovery_id, 1, "R3")
    assert refused.value.code == "not_in_state"
    story = recovery_of(actor=MAKER, reason=REASON, person_id=1, recovery_id=one.recovery_id)
    assert [(step.event, step.left_after) for step in story] == [
        ("opened", 3_000_000), ("demanded", 3_000_000), ("repaid", 2_000_000), ("repaid", 0),
    ]  # fmt: skip
    written = {**whose, "person_id": 2, "recovery_id": other.recovery_id}
    operations.demand_recovery(**written)  # type: ignore[arg-type]  # the same
    operations.ask_write_off(**{**written, "actor": BOTH})  # type: ignore[arg-type]  # the same
    decide = {**written, "actor": BOTH, "agreed": True}
    with pytest.raises(Refusal) as refused:
        operations.decide_write_off(**decide)  # type: ignore[arg-type]  # the same
    assert refused.value.code == "same_person"
    assert operations.decide_write_off(**{**decide, "actor": OTHER, "agreed": False}) == "demanded"  # type: ignore[arg-type]  # the same
    with pytest.raises(Refusal):
        operations.decide_write_off(**{**decide, "actor": OTHER})  # type: ignore[arg-type]  # nobody asks any more
    operations.ask_write_off(**written)  # type: ignore[arg-type]  # the same
    for _ in range(2):
        assert operations.decide_write_off(**{**decide, "actor": SECOND}) == "written_off"  # type: ignore[arg-type]  # the same
    # Receipts wait for the statement that shows them; the loss is the fund's that paid.
    assert (balance("recovery"), balance("unexplained"), balance("unemployment_fund")) == (0, 3_000_000, 500_000)
    sound()


def test_the_tables_hold_what_a_mistake_in_code_would_break(tmp_path: Path) -> None:
    add_payee(1, "0011")
    pay(tmp_path, [Owed(1, 3_000_000)], (202507,), date(2025, 7, 2))
    execute("UPDATE people_person SET died_on = '2025-06-30'")
    found(202507)
    insert = (
        "INSERT INTO reckoning_recoveryevent (person_id, recovery_id, event_no, event, amount, left_before, left_after, reference, officer, asked_by, asked_no,"
        " happened_at) SELECT 1, recovery_id, {}, now() FROM reckoning_recovery"
    )
    for wrong in (
        "1, 'repaid', 5, 3000000, 3000000, 'R', 'x', NULL, NULL",
        "1, 'repaid', 5, 2000000, 1999995, 'R', 'x', NULL, NULL",
        "1, 'repaid', 4000000, 3000000, -1000000, 'R', 'x', NULL, NULL",
        "2, 'repaid', 5, 3000000, 2999995, 'R', 'x', NULL, NULL",
        "1, 'written_off', 3000000, 3000000, 0, NULL, 'x', NULL, NULL",
        "1, 'written_off', 3000000, 3000000, 0, NULL, 'x', 'x', 0",
        "1, 'written_off', 3000000, 3000000, 0, NULL, 'x', 'nobody', 0",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            execute(insert.format(wrong))
    for statement in (
        "UPDATE reckoning_posting SET amount = amount + 1",
        "DELETE FROM reckoning_recoveryevent",
        "UPDATE reckoning_sum SET debit = 0",
        "TRUNCATE reckoning_statement",
        (
            "INSERT INTO reckoning_posting (month, entry_id, account, person_id, kind, amount, posted_on, subject) VALUES (202507, 99, 220, 1, 'recovery', 5,"
            " '2025-07-01', 'x')"
        ),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            execute(statement)
    sound()


STEPS = st.lists(
    st.one_of(
        st.just(("demand", 0)),
        st.tuples(st.just("repay"), st.integers(1, 12)),
        st.tuples(st.just("again"), st.integers(1, 12)),
        st.just(("ask", 0)),
        st.tuples(st.just("decide"), st.integers(0, 1)),
    ),
    max_size=7,
)


def test_no_order_of_steps_leaves_the_table_of_states_or_loses_a_dong() -> None:
    add_payee(1)

    @settings(max_examples=20)
    @given(STEPS)
    def lives(steps: list[tuple[str, int]]) -> None:
        recovery = _opened(1, 10)
        state, left, receipts = RecoveryState.OPEN, 10, 0
        for verb, n in steps:
            if verb == "again" and not receipts:
                continue
            try:
                after = RecoveryState(_step(verb, n, recovery, receipts))
            except Refusal:
                continue
            if verb == "repay":
                left, receipts = left - n, receipts + 1
            assert after is state or after in RECOVERY_TRANSITIONS[state]
            state = after
            kept = next(one for one in recoveries() if one.recovery_id == recovery)
            assert (kept.state, kept.remaining) == (state.value, 0 if state is RecoveryState.WRITTEN_OFF else left)

    lives()
    assert rows("SELECT entry_id FROM reckoning_posting GROUP BY 1 HAVING sum(amount) <> 0") == []


def _opened(person: int, amount: int) -> int:
    recovery = number(
        "INSERT INTO reckoning_recovery (person_id, cause, fund, amount, opened_at) VALUES (%s, 'overpaid', 101, %s, now()) RETURNING recovery_id",
        [person, amount],
    )
    execute(
        "INSERT INTO reckoning_recoveryevent (person_id, recovery_id, event_no, event, amount, left_before, left_after, officer, happened_at)"
        " VALUES (%s, %s, 0, 'opened', %s, %s, %s, 'x', now())",
        [person, recovery, amount, amount, amount],
    )
    return recovery


def _step(verb: str, n: int, recovery: int, receipts: int) -> str:
    whose = {"reason": REASON, "clock": at(JULY_1), "person_id": 1, "recovery_id": recovery}
    if verb == "demand":
        return operations.demand_recovery(actor=MAKER, **whose)  # type: ignore[arg-type]  # arguments by name
    if verb in {"repay", "again"}:
        return repay(1, recovery, n, f"R{receipts + (verb == 'repay')}")
    if verb == "ask":
        return operations.ask_write_off(actor=MAKER, **whose)  # type: ignore[arg-type]  # the same
    return operations.decide_write_off(actor=SECOND, agreed=bool(n), **whose)  # type: ignore[arg-type]  # the same

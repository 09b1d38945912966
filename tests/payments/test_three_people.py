"""Three people, whoever they are and whatever they may do: the operations say so, and so do the tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansinh.access.queries import operator
from ansinh.database.sql import execute, number, row
from ansinh.foundation.actor import Actor
from ansinh.foundation.errors import NotPermitted, Refusal
from ansinh.payments import operations
from ansinh.payments.operations import FundsMissing, OnlyOfficer, SamePerson
from tests.payments.world import (
    ALL_PAYMENT_ROLES,
    FIRST,
    JULY_1,
    MAKER,
    REASON,
    SECOND,
    TREASURER,
    Owed,
    add_payee,
    at,
    built_run,
    make_run,
    officer,
    owed_select,
    run_state,
)

pytestmark = pytest.mark.django_db
CLOCK = at(JULY_1)
PEOPLE = st.sampled_from(["an", "binh", "chi", "dung"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(who=st.lists(PEOPLE, min_size=5, max_size=5))
def test_no_run_is_authorised_by_fewer_than_three(tmp_path: Path, who: list[str]) -> None:
    creator, builder, checker, first, second = (officer(name, *ALL_PAYMENT_ROLES) for name in who)
    with transaction.atomic():
        add_payee(1, "0011")
        run_id = make_run(actor=creator)
        operations.build_run(
            actor=builder, reason=REASON, clock=CLOCK, run_id=run_id, owed=owed_select([Owed(1, 1_000)])
        )
        operations.check_run(actor=checker, reason=REASON, clock=CLOCK, run_id=run_id)
        try:
            operations.approve_run(actor=first, reason=REASON, clock=CLOCK, run_id=run_id, secrets=tmp_path)
            operations.authorise_run(actor=second, reason=REASON, clock=CLOCK, run_id=run_id, secrets=tmp_path)
        except SamePerson:
            assert first in {creator, builder, checker} or second in {creator, builder, checker, first}
        else:
            assert run_state(run_id) == "authorised"
            assert not {first.reference, second.reference} & {creator.reference, builder.reference, checker.reference}
            assert first.reference != second.reference
        transaction.set_rollback(True)


def _checked(tmp_path: Path) -> int:
    add_payee(1, "0011")
    run_id = built_run([Owed(1, 1_000)], tmp_path)
    operations.check_run(actor=MAKER, reason=REASON, clock=CLOCK, run_id=run_id)
    return run_id


@pytest.mark.parametrize(
    ("officer_named", "made_by", "first_by", "step"),
    [
        ("officer:hanoi.lan", "officer:hanoi.lan", None, 1),
        ("officer:hanoi.lan", "officer:somebody", None, 1),
        ("officer:hanoi.minh", "officer:hanoi.lan", "officer:hanoi.minh", 2),
        ("officer:hanoi.thu", "officer:hanoi.lan", "officer:nobody", 2),
        ("officer:hanoi.thu", "officer:hanoi.lan", None, 2),
    ],
)
def test_the_tables_refuse_what_an_operation_might_forget(
    tmp_path: Path, officer_named: str, made_by: str, first_by: str | None, step: int
) -> None:
    run_id = _checked(tmp_path)
    operations.approve_run(actor=FIRST, reason=REASON, clock=CLOCK, run_id=run_id, secrets=tmp_path)
    operations.check_run(actor=MAKER, reason=REASON, clock=CLOCK, run_id=run_id)
    with pytest.raises(DatabaseError), transaction.atomic():
        _forge(run_id, (step, officer_named, made_by, first_by))


def _forge(run_id: int, approval: tuple[int, str, str, str | None]) -> None:
    execute(
        "INSERT INTO payments_approval (run_id, seal_no, step, officer, made_by, sealed_by, first_by, signature, signed_at)"
        " VALUES (%s, 2, %s, %s, %s, 'officer:hanoi.lan', %s, 'x', now())",
        [run_id, *approval],
    )
    execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_role_taken_away_between_signatures_ends_it(tmp_path: Path) -> None:
    run_id = _checked(tmp_path)
    operations.approve_run(actor=FIRST, reason=REASON, clock=CLOCK, run_id=run_id, secrets=tmp_path)
    with pytest.raises(NotPermitted):
        operations.authorise_run(
            actor=Actor(SECOND.kind, SECOND.reference), reason=REASON, clock=CLOCK, run_id=run_id, secrets=tmp_path
        )
    assert run_state(run_id) == "approved"


def test_a_schedule_may_only_draft(tmp_path: Path) -> None:
    schedule = Actor(operator().kind, "scheduler", officer("x", *ALL_PAYMENT_ROLES).permissions)
    run_id = make_run(actor=schedule)
    assert run_state(run_id) == "draft"
    add_payee(1)
    for step in (
        lambda: operations.build_run(
            actor=schedule, reason=REASON, clock=CLOCK, run_id=run_id, owed=owed_select([Owed(1, 5)])
        ),
        lambda: operations.check_run(actor=schedule, reason=REASON, clock=CLOCK, run_id=run_id),
    ):
        with pytest.raises(OnlyOfficer):
            step()
    assert run_state(run_id) == "draft"


def test_a_new_seal_has_no_signatures(tmp_path: Path) -> None:
    run_id = _checked(tmp_path)
    operations.approve_run(actor=FIRST, reason=REASON, clock=CLOCK, run_id=run_id, secrets=tmp_path)
    operations.check_run(actor=MAKER, reason=REASON, clock=CLOCK, run_id=run_id)
    assert run_state(run_id) == "checked"
    with pytest.raises(Refusal):
        operations.authorise_run(actor=SECOND, reason=REASON, clock=CLOCK, run_id=run_id, secrets=tmp_path)


def test_no_funds_nothing_ready(tmp_path: Path) -> None:
    run_id = _checked(tmp_path)
    operations.approve_run(actor=FIRST, reason=REASON, clock=CLOCK, run_id=run_id, secrets=tmp_path)
    operations.authorise_run(actor=SECOND, reason=REASON, clock=CLOCK, run_id=run_id, secrets=tmp_path)
    with pytest.raises(FundsMissing) as refused:
        operations.fund_run(actor=TREASURER, reason=REASON, clock=CLOCK, run_id=run_id, available={"970436": 999})
    assert refused.value.facts["needed"] == 1_000
    assert number("SELECT count(*) FROM payments_funding") == 0
    operations.fund_run(actor=TREASURER, reason=REASON, clock=CLOCK, run_id=run_id, available={"970436": 1_000})
    assert row("SELECT state FROM payments_batch") == ("ready",)

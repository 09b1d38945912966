"""A run is sent back instead of signed: its signatures are void, its maker reads why, and nothing goes on until they had it checked anew."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from ansinh.database.sql import number, rows
from ansinh.foundation.actor import Actor
from ansinh.foundation.errors import NotPermitted, Refusal
from ansinh.payments import operations
from ansinh.payments.carrying import Wiring, next_deed
from ansinh.payments.operations import SamePerson
from ansinh.payments.queries import run_of, sent_back
from ansinh.payments.runs.run import NotInState
from ansinh.payments.states import RUN_TRANSITIONS, RunState
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
    desk_of,
    officer,
    run_state,
    sign,
)

pytestmark = pytest.mark.django_db
CLOCK = at(JULY_1)
WHY = "Hà Nội tăng 30 %, xem lại"


def _checked(tmp_path: Path) -> int:
    add_payee(1, "0011")
    add_payee(2, "0012")
    run_id = built_run([Owed(1, 1_000), Owed(2, 2_000)], tmp_path)
    operations.check_run(actor=MAKER, reason=REASON, clock=CLOCK, run_id=run_id)
    return run_id


def _approve(run_id: int, tmp_path: Path, actor: Actor = FIRST) -> None:
    operations.approve_run(actor=actor, reason=REASON, clock=CLOCK, run_id=run_id, secrets=tmp_path)


def _send_back(run_id: int, tmp_path: Path, actor: Actor = FIRST) -> None:
    operations.approve_run(actor=actor, reason=WHY, clock=CLOCK, run_id=run_id, secrets=tmp_path, agreed=False)


def test_what_is_sent_back_is_mended_and_signed_anew(tmp_path: Path) -> None:
    run_id = _checked(tmp_path)
    _approve(run_id, tmp_path)
    operations.authorise_run(actor=SECOND, reason=WHY, clock=CLOCK, run_id=run_id, secrets=tmp_path, agreed=False)
    assert run_state(run_id) == "built"
    (told,) = sent_back(run_id)
    assert (told.officer, told.reason, told.open) == (SECOND.named(), WHY, True)
    for actor, act in ((FIRST, operations.approve_run), (SECOND, operations.authorise_run)):
        with pytest.raises(NotInState):
            act(actor=actor, reason=REASON, clock=CLOCK, run_id=run_id, secrets=tmp_path)
    operations.hold_order(actor=MAKER, reason=REASON, clock=CLOCK, run_id=run_id, person_id=2, verb="withhold")
    sign(run_id, tmp_path)
    assert run_state(run_id) == "funded"
    assert number("SELECT amount FROM payments_seal WHERE run_id = %s ORDER BY seal_no DESC LIMIT 1", [run_id]) == 1_000
    assert not sent_back(run_id)[0].open


def test_a_worker_waits_until_the_maker_looked(tmp_path: Path) -> None:
    run_id = _checked(tmp_path)
    wiring = Wiring(lambda _: desk_of(MAKER, tmp_path), lambda _: "")  # type: ignore[arg-type, return-value]  # nobody is let in here
    _send_back(run_id, tmp_path)
    assert next_deed(wiring, run_of(run_id)) == "wait"
    operations.check_run(actor=MAKER, reason="xem rồi", clock=CLOCK, run_id=run_id, by_worker=True)
    assert next_deed(wiring, run_of(run_id)) == "check"
    operations.check_run(actor=MAKER, reason=REASON, clock=CLOCK, run_id=run_id)
    # A maker may have a sealed run checked anew by themselves: nobody has to be asked to send it back.
    operations.check_run(actor=MAKER, reason="tính lại", clock=CLOCK, run_id=run_id, by_worker=True)
    assert next_deed(wiring, run_of(run_id)) == "check"


def test_nobody_sends_back_what_they_made_nor_what_is_funded(tmp_path: Path) -> None:
    run_id = _checked(tmp_path)
    with pytest.raises(NotPermitted):
        _send_back(run_id, tmp_path, TREASURER)
    with pytest.raises(SamePerson):
        _send_back(run_id, tmp_path, officer(MAKER.reference, *ALL_PAYMENT_ROLES))
    sign(run_id, tmp_path, checked=True)
    with pytest.raises(NotInState):
        _send_back(run_id, tmp_path)
    assert sent_back(run_id) == []


def _sign(act: Callable[..., int], *, agreed: bool = True) -> Callable[[int, Actor, Path], object]:
    return lambda run, actor, secrets: act(
        actor=actor, reason=WHY, clock=CLOCK, run_id=run, secrets=secrets, agreed=agreed
    )


def _check(*, by_worker: bool) -> Callable[[int, Actor, Path], object]:
    return lambda run, actor, _: operations.check_run(
        actor=actor, reason=WHY, clock=CLOCK, run_id=run, by_worker=by_worker
    )


ACTS: dict[str, Callable[[int, Actor, Path], object]] = {
    "check": _check(by_worker=False),
    "check anew": _check(by_worker=True),
    "approve": _sign(operations.approve_run),
    "authorise": _sign(operations.authorise_run),
    "approver sends back": _sign(operations.approve_run, agreed=False),
    "authoriser sends back": _sign(operations.authorise_run, agreed=False),
    "fund": lambda run, actor, _: operations.fund_run(actor=actor, reason=WHY, clock=CLOCK, run_id=run),
}


class Signing(RuleBasedStateMachine):
    """A run passed between four people who may do everything, until money is set aside for it."""

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.atomic()
        self.point.__enter__()
        self.folder = tempfile.TemporaryDirectory()

    @initialize()
    def build(self) -> None:
        add_payee(1, "0011")
        self.run = built_run([Owed(1, 1_000)], Path(self.folder.name))

    @rule(
        who=st.sampled_from(["lan", "minh", "thu", "duc"]),
        act=st.sampled_from(sorted(ACTS)),
    )
    def somebody_acts(self, who: str, act: str) -> None:
        actor, secrets = officer(f"hanoi.{who}", *ALL_PAYMENT_ROLES), Path(self.folder.name)
        before = RunState(run_state(self.run))
        try:
            with transaction.atomic():
                ACTS[act](self.run, actor, secrets)
        except Refusal:
            assert run_state(self.run) == before
            return
        after = RunState(run_state(self.run))
        assert after is before or after in RUN_TRANSITIONS[before]

    @invariant()
    def what_is_signed_was_signed_by_three_and_not_sent_back(self) -> None:
        state = RunState(run_state(self.run)) if hasattr(self, "run") else RunState.BUILT
        newest = (
            "SELECT s.sealed_by, a.officer FROM payments_seal s LEFT JOIN payments_approval a USING (run_id, seal_no)"
            " WHERE s.seal_no = (SELECT max(seal_no) FROM payments_seal) ORDER BY a.step"
        )
        signed = rows(newest) if state is not RunState.BUILT else []
        steps = {RunState.BUILT: 0, RunState.CHECKED: 0, RunState.APPROVED: 1}.get(state, 2)
        officers = [officer_named for _, officer_named in signed if officer_named]
        assert len(officers) == steps
        assert len({sealed_by for sealed_by, _ in signed} | set(officers)) == (steps + 1 if signed else 0)
        if state is not RunState.BUILT and signed:
            assert not any(one.open for one in sent_back(self.run))

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.point.__exit__(None, None, None)
        self.folder.cleanup()


def test_however_a_run_is_passed_around_it_is_funded_only_as_signed() -> None:
    run_state_machine_as_test(
        Signing,
        settings=settings(
            max_examples=8, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )

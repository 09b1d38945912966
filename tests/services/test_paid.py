"""A funeral claim sent from a telephone, until the money is in the account: no step is skipped, and nobody does two of them."""

from __future__ import annotations

from pathlib import Path

from ansinh.benefits.operations import decide_application, freeze_open, prepare_decision
from ansinh.benefits.queries import files_of
from ansinh.config.payments import owed_in
from ansinh.database.sql import rows
from ansinh.payments import operations as payments
from ansinh.payments.procedures import build_all, collect_all, send_ready
from ansinh.services import queries
from ansinh.services.states import ApplicationState
from tests.benefits.filed import DUC, WIDOW
from tests.payments.world import MAKER, TREASURER, VCB, BankDouble, add_account, desk_of, make_run, sign, states
from tests.services.applied import HOA, REASON, at, carry_on, forward, receive, settle_people, submit
from tests.support.cast import ANYBODY_WITH_RIGHTS
from tests.support.database import OwnDatabase


def test_a_claim_from_a_telephone_is_paid_into_the_account(fresh_database: OwnDatabase, tmp_path: Path) -> None:
    settle_people()
    add_account(WIDOW, "0012", holder="NGUOI THU")
    reference = submit().reference
    receive(reference)
    forward(reference)
    (file,) = [one.application_id for one in files_of(WIDOW)]
    prepare_decision(actor=HOA, reason=REASON, clock=at(16), application=file)
    decide_application(actor=DUC, reason=REASON, clock=at(17), application=file)
    carry_on(at(17, hour=10))
    one = queries.application(WIDOW, reference)
    assert one is not None
    assert one.state is ApplicationState.GRANTED
    freeze_open(actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=at(18), month=202507)
    run_id = make_run((202507,))
    build_all(desk_of(MAKER, tmp_path), run_id, owed_in((202507,)))
    assert rows("SELECT person_id, amount FROM payments_order WHERE run_id = %s", [run_id]) == [(WIDOW, 23_400_000)]
    sign(run_id, tmp_path)
    bank = BankDouble(VCB)
    work = desk_of(TREASURER, tmp_path, [bank])
    send_ready(work, run_id)
    collect_all(work)
    assert list(bank.credited.values()) == [23_400_000]
    assert [state for _, _, state in states(run_id)] == [30]
    payments.close_run(actor=MAKER, reason=REASON, clock=at(19), run_id=run_id)

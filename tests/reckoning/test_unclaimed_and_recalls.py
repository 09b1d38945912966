"""Money nobody collected, set aside and paid when claimed; and messages called back from a bank."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ansinh.config.payments import owed_in
from ansinh.database.sql import number, rows
from ansinh.foundation.errors import PartnerTrouble, Refusal
from ansinh.payments import operations as payments
from ansinh.payments.checks import checks as payment_checks
from ansinh.payments.operations import Recalled
from ansinh.payments.procedures import build_all, collect_all, send_ready
from ansinh.payments.queries import differences_of
from ansinh.reckoning import operations
from ansinh.reckoning.checks import checks
from ansinh.reckoning.procedures import call_back
from ansinh.reckoning.queries import account_balances, unclaimed
from tests.payments.world import (
    FIRST,
    JULY_1,
    MAKER,
    POST,
    REASON,
    TREASURER,
    VCB,
    BankDouble,
    Owed,
    add_account,
    add_payee,
    at,
    desk_of,
    end_to_end,
    make_run,
    sign,
    signed_run,
    states,
    tell,
)
from tests.reckoning.bookkeeping import NearBank, account_at, desk, near_bank
from tests.support.cast import ANYBODY_WITH_RIGHTS

pytestmark = pytest.mark.usefixtures("fresh_database")


def sound() -> None:
    assert [one.name for one in [*checks(account_at), *payment_checks()] if not one.ok] == []


def absent(folder: Path, month: int, owed: list[Owed]) -> None:
    """A month whose cash nobody fetches."""
    run_id = signed_run(owed, folder, months=(month,), pay_on=date(month // 100, month % 100, 3))
    post = BankDouble(POST, scripts={"": "silent"})
    send_ready(desk_of(TREASURER, folder, [post]), run_id)
    people = [
        person for (person,) in rows("SELECT person_id FROM payments_order WHERE run_id = %s ORDER BY 1", [run_id])
    ]
    tell(POST, *[[end_to_end(run_id, one), "40", f"U{one}", "", ""] for one in people], name=f"{month}.csv")
    payments.close_run(actor=MAKER, reason=REASON, clock=at(JULY_1), run_id=run_id)


def test_what_nobody_collects_is_set_aside_and_paid_when_claimed(tmp_path: Path) -> None:
    for person in (1, 2):
        add_payee(person)
    absent(tmp_path, 202506, [Owed(1, 1_000_000, month=202506)])
    aside = {"actor": MAKER, "reason": REASON, "clock": at(JULY_1)}
    assert operations.set_aside_unclaimed(**aside, month=202506, after_months=2) == {"persons": 0, "amount": 0}  # type: ignore[arg-type]  # by name
    absent(tmp_path, 202507, [Owed(1, 1_100_000, kind="unemployment"), Owed(2, 700_000)])
    assert operations.set_aside_unclaimed(**aside, month=202507, after_months=2) == {"persons": 1, "amount": 2_100_000}  # type: ignore[arg-type]  # the same
    assert operations.set_aside_unclaimed(**aside, month=202507, after_months=2) == {"persons": 0, "amount": 0}  # type: ignore[arg-type]  # the same
    assert [(one.person_id, one.months, one.amount, one.pay_month) for one in unclaimed()] == [(1, 2, 2_100_000, None)]
    assert books("unclaimed") == -2_100_000
    sound()
    claim = {**aside, "person_id": 1}
    with pytest.raises(Refusal) as refused:
        operations.claim_unclaimed(**{**claim, "actor": ANYBODY_WITH_RIGHTS})  # type: ignore[arg-type]  # the same
    assert refused.value.code == "invalid_input"
    assert operations.claim_unclaimed(**claim) == {"amount": 2_100_000, "pay_month": 202508}  # type: ignore[arg-type]  # the same
    with pytest.raises(Refusal) as refused:
        operations.claim_unclaimed(**claim)  # type: ignore[arg-type]  # the same
    assert refused.value.code == "not_found"
    add_account(1, "0011")
    run_id = make_run((202508,), date(2025, 8, 4))
    build_all(desk_of(MAKER, tmp_path), run_id, owed_in((202508,)))
    assert rows("SELECT person_id, amount FROM payments_order WHERE run_id = %s ORDER BY 1", [run_id]) == [
        (1, 2_100_000),
        (2, 700_000),
    ]
    sign(run_id, tmp_path)
    work = desk_of(TREASURER, tmp_path, [BankDouble(VCB), BankDouble(POST)])
    send_ready(work, run_id)
    collect_all(work)
    assert [state for _, _, state in states(run_id)] == [30, 30]
    assert (books("unclaimed"), books("unemployment_fund")) == (0, 1_100_000)
    again = make_run((202508,), date(2025, 8, 5), act="lần hai")
    assert build_all(desk_of(MAKER, tmp_path), again, owed_in((202508,))) == (0, 0)
    sound()


def books(key: str) -> int:
    return next((one.closing for one in account_balances() if one.key == key), 0)


def back(near: NearBank, batch: int, **other: object) -> tuple[str, int]:
    asked = {
        "actor": TREASURER,
        "reason": REASON,
        "clock": at(JULY_1),
        "batch_id": batch,
        "bank_of": lambda _: near,
        **other,
    }
    return call_back(**asked)  # type: ignore[arg-type]  # arguments by name


def test_a_message_called_back_in_time_is_not_paid_and_can_go_out_again_without_who_should_not_be(
    tmp_path: Path,
) -> None:
    for person in (1, 2):
        add_payee(person, f"001{person}")
    near = near_bank(tmp_path)
    near.bank.deposit(9_000_000, "T")
    run_id = signed_run([Owed(1, 1_000_000), Owed(2, 2_000_000)], tmp_path)
    batch = number("SELECT batch_id FROM payments_batch WHERE run_id = %s", [run_id])
    with pytest.raises(Refusal) as refused:
        back(near, batch)
    assert refused.value.code == "not_in_state"
    send_ready(desk(tmp_path, near), run_id)
    assert back(near, batch) == ("confirmed", 2)
    assert back(near, batch) == ("confirmed", 0)
    assert states(run_id) == [(1, 1, 60), (2, 1, 60)]
    held = {"actor": MAKER, "reason": "không được chi", "clock": at(JULY_1), "run_id": run_id}
    payments.hold_order(**held, person_id=1, verb="withhold")  # type: ignore[arg-type]  # by name
    assert payments.reroute_orders(**held) == 1  # type: ignore[arg-type]  # the same
    sign(run_id, tmp_path)
    send_ready(desk(tmp_path, near), run_id)
    near.bank.live(date(2025, 7, 4))
    collect_all(desk(tmp_path, near))
    assert states(run_id) == [(1, 1, 60), (2, 1, 60), (2, 2, 30)]
    assert near.bank.balance() == 7_000_000
    assert all(one.zero for one in differences_of(run_id))
    payments.close_run(actor=MAKER, reason=REASON, clock=at(JULY_1), run_id=run_id)
    sound()


def test_too_late_silent_and_unknown_partners_change_nothing(tmp_path: Path) -> None:
    add_payee(1, "0011")
    near = near_bank(tmp_path)
    near.bank.deposit(9_000_000, "T")
    run_id = signed_run([Owed(1, 1_000_000)], tmp_path)
    batch = number("SELECT batch_id FROM payments_batch WHERE run_id = %s", [run_id])
    send_ready(desk(tmp_path, near), run_id)

    class Silent(NearBank):
        def recall(self, message_id: str) -> Recalled:
            raise PartnerTrouble(self.partner, message_id, temporary=True)

    assert back(Silent(near.bank), batch) == ("no_answer", 0)
    near.bank.live(date(2025, 7, 3))
    assert back(near, batch) == ("too_late", 0)
    for other, code in (
        ({"bank_of": lambda _: None}, "not_found"),
        ({"actor": ANYBODY_WITH_RIGHTS}, "invalid_input"),
        ({"batch_id": 99}, "not_found"),
    ):
        with pytest.raises(Refusal) as refused:
            back(near, batch, **other)
        assert refused.value.code == code
    with pytest.raises(Refusal) as refused:
        back(near, batch, actor=FIRST)
    assert refused.value.code == "not_permitted"
    collect_all(desk(tmp_path, near))
    assert states(run_id) == [(1, 1, 30)]
    with pytest.raises(Refusal) as refused:
        back(near, batch)
    assert refused.value.code == "not_in_state"
    sound()

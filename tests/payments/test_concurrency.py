"""Several at once: every obligation is claimed once, every order is re-routed once, every file counts once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connections

from ansinh.database.sql import number, rows
from ansinh.foundation.errors import Refusal
from ansinh.payments import operations
from ansinh.payments.procedures import build_all, send_ready
from ansinh.payments.runs import building
from tests.payments.world import (
    JULY_1,
    MAKER,
    REASON,
    TREASURER,
    VCB,
    AnswerReader,
    BankDouble,
    Owed,
    add_payee,
    answer_file,
    at,
    desk_of,
    end_to_end,
    make_run,
    owed_select,
    signed_run,
)

pytestmark = pytest.mark.usefixtures("fresh_database")
AT_ONCE = 4


def together(work: Callable[[int], object]) -> list[object]:
    """Do the work in threads of their own connections; refusals are results."""

    def one(number_of_thread: int) -> object:
        try:
            return work(number_of_thread)
        except Refusal as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def test_two_runs_claim_each_obligation_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "PAYEES_A_CHUNK", 5)
    for person in range(1, 41):
        add_payee(person, f"{person:04}")
    owed = owed_select([Owed(person, 1_000 * person) for person in range(1, 41)])
    runs = [make_run(act=f"Quyết định {n % 2}") for n in range(AT_ONCE)]
    assert len(set(runs)) == 2
    together(lambda n: build_all(desk_of(MAKER, tmp_path), runs[n], owed))
    assert number("SELECT count(*) FROM payments_obligation WHERE order_id IS NOT NULL") == 40
    assert (
        number("SELECT count(DISTINCT person_id) FROM payments_order")
        == number("SELECT count(*) FROM payments_order")
        == 40
    )
    assert number("SELECT sum(amount)::bigint FROM payments_order") == 820_000
    assert rows("SELECT sum(lines), sum(amount) FROM payments_batch") == [(40, 820_000)]


def test_four_reroutes_make_one_attempt(tmp_path: Path) -> None:
    add_payee(1, "0011")
    run_id = signed_run([Owed(1, 1_000)], tmp_path)
    send_ready(desk_of(TREASURER, tmp_path, [BankDouble(VCB, refuse="AM04")]), run_id)
    made = together(lambda n: operations.reroute_orders(actor=MAKER, reason=REASON, clock=at(JULY_1), run_id=run_id))
    assert sorted(map(str, made)) == ["0", "0", "0", "1"]
    assert number("SELECT count(*) FROM payments_attempt WHERE ended IS NULL") == 1


def test_one_try_at_a_time(tmp_path: Path) -> None:
    add_payee(1, "0011")
    run_id = signed_run([Owed(1, 1_000)], tmp_path)
    bank = BankDouble(VCB)
    together(lambda n: send_ready(desk_of(TREASURER, tmp_path, [bank]), run_id))
    assert len(bank.messages) == 1
    assert rows("SELECT state, tries FROM payments_batch") == [("sent", 1)]


def test_one_file_taken_in_by_four_counts_once(tmp_path: Path) -> None:
    add_payee(1, "0011")
    run_id = signed_run([Owed(1, 1_000)], tmp_path)
    send_ready(desk_of(TREASURER, tmp_path, [BankDouble(VCB)]), run_id)
    file = answer_file("f", [[end_to_end(run_id, 1), "30", "r", "", "1000"]])

    def take(_: int) -> int:
        clock = at(JULY_1)
        taken = operations.take_file(
            actor=TREASURER, reason=REASON, clock=clock, partner=VCB, file=file, answers=AnswerReader().read(file.body)
        )
        return operations.match_file(actor=TREASURER, reason=REASON, clock=clock, message_no=taken.message_no).matched

    assert sorted(map(str, together(take))) == ["0", "0", "0", "1"]
    assert rows("SELECT count(*) FROM payments_event") == [(1,)]

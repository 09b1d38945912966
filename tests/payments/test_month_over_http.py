"""A month with banks that are programs of their own: over real HTTP, in ISO 20022, and what their books credited is what ours say was paid."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from ansinh.access.keys import published_keys, signing_keys
from ansinh.database.sql import rows
from ansinh.payments import operations
from ansinh.payments.adapters.bank_over_http import BANK_KEYS, OUR_KEYS, BankKeys, BankOverHttp
from ansinh.payments.adapters.iso20022 import AnswerReader, CreditTransferWriter, Payer
from ansinh.payments.handover.bank import Abilities
from ansinh.payments.procedures import Desk, Partner, collect_all, send_ready
from ansinh.payments.queries import differences_of
from tests.payments.world import (
    BIDV,
    JULY_1,
    MAKER,
    POST,
    REASON,
    TREASURER,
    VCB,
    BankDouble,
    Owed,
    add_payee,
    at,
    desk_of,
    run_state,
    sign,
    signed_run,
    states,
)
from tests.sandbox_banks.test_over_the_wire import served

pytestmark = pytest.mark.usefixtures("fresh_database")

CONTRACT = Abilities(can_ask=True, refuses_duplicates=True, lateness_max=timedelta(0))


@pytest.fixture
def banks(tmp_path: Path) -> Iterator[httpx.Client]:
    """The banks, with money of ours, and one of them losing half of what it should say."""
    with served(tmp_path, f"{BIDV}:lose_answer=0.5") as line:
        for code in (VCB, BIDV):
            line.post(f"/banks/{code}/deposits", json={"amount": 100_000_000, "reference": "T"}).raise_for_status()
        yield line


def desk(tmp_path: Path, line: httpx.Client) -> Desk:
    """The treasurer at work, with two banks over HTTP and the post."""
    keys = BankKeys(
        signing_keys(tmp_path / "secrets", OUR_KEYS).signing, lambda: published_keys(tmp_path / "secrets", BANK_KEYS)
    )
    partners = dict(desk_of(TREASURER, tmp_path, [BankDouble(POST)]).partners)
    for code in (VCB, BIDV):
        bank = BankOverHttp(code, str(line.base_url), CONTRACT, keys, line)
        payer = Payer("Bảo hiểm xã hội Việt Nam", f"{code}0000001", code)
        partners[code] = Partner(bank, CreditTransferWriter(payer), AnswerReader())
    return Desk(TREASURER, REASON, at(JULY_1), tmp_path / "secrets", partners)


def credited(tmp_path: Path) -> dict[str, int]:
    """What the banks' own books say was credited, by our identifier."""
    found: dict[str, int] = {}
    for code in (VCB, BIDV):
        with sqlite3.connect(tmp_path / f"{code}.sqlite") as books:
            found |= dict(books.execute("SELECT end_to_end_id, sum(amount) FROM credit GROUP BY 1"))
    return found


def test_the_banks_books_agree_with_ours(tmp_path: Path, banks: httpx.Client) -> None:
    accounts = ["9999100099", "9999100004", "9999100020", "9999100030", "9999100098"]
    for person, account in enumerate(accounts, start=1):
        add_payee(person, account, bank=VCB if person % 2 else BIDV, name=f"Đỗ Thị  Hạnh & “{person}”")
    run_id = signed_run([Owed(person, 1_000_000 * person) for person in range(1, 6)], tmp_path)
    work = desk(tmp_path, banks)
    for _ in range(8):
        tally = send_ready(work, run_id)
        if not tally.states:
            break
    banks.post("/day", json={"day": "2024-12-03"}).raise_for_status()
    collect_all(work)
    assert states(run_id) == [(1, 1, 30), (2, 1, 20), (3, 1, 20), (4, 1, 30), (5, 1, 30)]
    banks.post("/day", json={"day": "2025-01-03"}).raise_for_status()
    collect_all(work)
    assert (4, 1, 50) in states(run_id)
    operations.reroute_orders(actor=MAKER, reason=REASON, clock=at(JULY_1), run_id=run_id)
    sign(run_id, tmp_path)
    send_ready(work, run_id)
    collect_all(work)
    assert all(one.zero for one in differences_of(run_id)), differences_of(run_id)
    operations.close_run(actor=MAKER, reason=REASON, clock=at(JULY_1), run_id=run_id)
    assert run_state(run_id) == "closed"
    ours = rows(
        "SELECT payments_end_to_end_id(pay_month, order_id, attempt_no), CASE WHEN state = 30 THEN amount ELSE 0 END FROM payments_attempt_now"
        " WHERE run_id = %s AND state IN (30, 50) AND account IS NOT NULL",
        [run_id],
    )
    assert dict(ours) == credited(tmp_path)

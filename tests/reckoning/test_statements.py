"""Statements of sandbox banks, whose accounts call up each trouble, held against our books."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ansinh.database.sql import row, rows
from ansinh.foundation.errors import Refusal
from ansinh.payments import operations as payments
from ansinh.payments.adapters.iso20022 import AnswerReader
from ansinh.payments.operations import Received
from ansinh.reckoning import operations
from ansinh.reckoning.checks import checks
from ansinh.reckoning.queries import account_balances, bank_balances, open_differences, trial_balance
from ansinh_sandbox.banks.papers import Entry, statement
from ansinh_sandbox.banks.scenarios import Faults
from tests.payments.world import JULY_1, REASON, TREASURER, VCB, Owed, add_payee, at
from tests.reckoning.bookkeeping import account_at, live, near_bank, paid_month, reckoned
from tests.support.cast import ANYBODY_WITH_RIGHTS

pytestmark = pytest.mark.usefixtures("fresh_database")


def differences() -> list[tuple[str, int]]:
    return [(one.kind, one.amount) for one in open_differences()]


def take(body: bytes, name: str = "s.xml") -> int:
    """Take a file of the bank in, as collecting does."""
    return payments.take_file(
        actor=TREASURER,
        reason=REASON,
        clock=at(JULY_1),
        partner=VCB,
        file=Received(name, body),
        answers=AnswerReader().read(body),
    ).message_no


def sound() -> None:
    assert [one.name for one in checks(account_at) if not one.ok] == []


def test_an_honest_month_agrees_to_the_dong_and_returns_come_back_into_the_books(tmp_path: Path) -> None:
    for person, account in ((1, "0011"), (2, "9999000030"), (3, "9999000001")):
        add_payee(person, account)
    near = near_bank(tmp_path)
    paid_month(tmp_path, near, [Owed(1, 3_000_000), Owed(2, 2_000_000), Owed(3, 1_000_000)])
    first = reckoned()
    assert (first.statements, first.opened) == (1, 0)
    (stands,) = bank_balances(account_at)
    assert (stands.opening, stands.closing, stands.ours, stands.beyond) == (0, 1_000_000, 1_000_000, 0)
    assert reckoned().files == 0
    live(tmp_path, near, date(2025, 8, 1))
    assert reckoned().opened == 0
    (stands,) = bank_balances(account_at)
    assert (stands.closing, stands.beyond, stands.open_differences) == (3_000_000, 0, 0)
    balances = {one.key: one.closing for one in account_balances()}
    assert balances["bank:970436"] == 3_000_000
    assert balances["treasury"] == -6_000_000
    assert sum(balances.values()) == 0
    july = trial_balance(202507)
    assert july.zero
    assert {one.key: (one.debited, one.credited) for one in july.lines}["bank:970436"] == (8_000_000, 5_000_000)
    assert [one.opening for one in trial_balance(202508).lines] == [one.closing for one in july.lines]
    sound()


def test_a_bank_that_pays_twice_is_noticed_whether_it_says_so_or_not(tmp_path: Path) -> None:
    add_payee(1, "9999000040")
    add_payee(2, "0022")
    near = near_bank(tmp_path)
    near.bank.deposit(5_000_000, "T")
    paid_month(tmp_path, near, [Owed(1, 1_000_000), Owed(2, 2_000_000)], date(2025, 7, 3))
    reckoned()
    assert differences() == [("paid_twice", -1_000_000), ("unexplained_inflow", 5_000_000)]
    # Next day the bank takes money again and says nothing of it but in the balance.
    with near.bank.store.change() as books:
        books.execute(
            "INSERT INTO booking (booked_on, amount, reference, words) VALUES ('2025-07-03', -2000000, 'X', 'chi')"
        )
    live(tmp_path, near, date(2025, 7, 4))
    reckoned()
    assert ("more_left", -2_000_000) in differences()
    (stands,) = bank_balances(account_at)
    assert (stands.beyond, stands.open_differences) == (-3_000_000, 3)
    case = next(one for one in open_differences() if one.kind == "more_left")
    for _ in range(2):
        operations.settle_difference(
            actor=TREASURER,
            reason=REASON,
            clock=at(JULY_1),
            bank=VCB,
            case_id=case.case_id,
            outcome="ngân hàng hoàn lại ngày 10",
        )
    reckoned()
    assert "more_left" not in dict(differences())
    with pytest.raises(Refusal) as refused:
        operations.settle_difference(
            actor=TREASURER, reason=REASON, clock=at(JULY_1), bank=VCB, case_id=99, outcome="x"
        )
    assert refused.value.code == "not_found"
    sound()


def test_a_hole_and_a_missing_day_are_named_and_later_answers_explain_what_they_can(tmp_path: Path) -> None:
    add_payee(1, "0011")
    near = near_bank(tmp_path, Faults(hole=1))
    paid_month(tmp_path, near, [Owed(1, 3_000_000)])
    reckoned()
    assert differences() == [("hole", -3_000_000)]
    account = account_at(VCB)
    later = statement("D9", account, date(2025, 7, 9), (400, 900), [Entry(500, "N1", "nop tien")])
    message_no = take(later)
    reckoned()
    assert differences() == [
        ("hole", -3_000_000),
        ("less_left", 400),
        ("opening_differs", 400),
        ("unexplained_inflow", 500),
    ]
    # The day between comes late, and its money with it; the bank wrote the day before wrongly and says so.
    take(statement("D5", account, date(2025, 7, 5), (0, 400), [Entry(400, "N0", "nop tien")]), "late.xml")
    take(near_statement(account), "again.xml")
    reckoned()
    found = differences()
    assert ("opening_differs", 400) not in found
    assert ("less_left", 400) not in found
    assert ("unexplained_inflow", 400) in found
    assert ("told_otherwise", 0) in found
    settled = rows("SELECT kind, settled_by FROM reckoning_difference WHERE settled_at IS NOT NULL ORDER BY 1")
    assert settled == [("hole", "reckoning"), ("less_left", "reckoning"), ("opening_differs", "reckoning")]
    assert row("SELECT statements FROM reckoning_readfile WHERE message_no = %s", [message_no]) == (1,)
    sound()


def near_statement(account: str) -> bytes:
    """The first day told again, whole."""
    entries = [Entry(3_000_000, "T", "nop tien"), Entry(-3_000_000, "B", "chi luong huu")]
    return statement("D2", account, date(2025, 7, 2), (0, 0), entries)


def test_what_cannot_be_read_is_kept_and_stops_nothing(tmp_path: Path) -> None:
    account = account_at(VCB)
    good = statement("D1", account, date(2025, 7, 2), (10, 15), [Entry(5, "N1", "phi")])
    take(good.replace(b'Ccy="VND">5<', b'Ccy="USD">5<'), "usd.xml")
    take(statement("D2", "9999", date(2025, 7, 2), (0, 1), []), "other.xml")
    take(b"<x", "broken.xml")
    take(good.replace(b"CLBD", b"ITAV").replace(b"2025-07-02", b"2025-07-03"), "blank.xml")
    assert reckoned().files == 4
    assert [kind for kind, _ in differences()] == [
        "hole",
        "less_left",
        "other_account",
        "unread_part",
        "no_balance",
        "unexplained_inflow",
    ]
    assert reckoned().opened == 0
    for message_no in (0, 99):
        with pytest.raises(Refusal) as refused:
            operations.read_statements(
                actor=ANYBODY_WITH_RIGHTS, reason=REASON, clock=at(JULY_1), message_no=message_no
            )
        assert refused.value.code == "not_found"
    sound()

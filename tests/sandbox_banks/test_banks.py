"""The sandbox banks: each scenario does what the agreement says, in messages that are sound and that we can read."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from ansinh.payments.messages.credit_transfers import Head, Line, write_credit_transfers
from ansinh.payments.messages.found import About, Balance, Found, LineAnswer, Movement
from ansinh.payments.messages.reading import read_answer
from ansinh.payments.messages.streaming import Hashing, parts
from ansinh.payments.messages.verifying import schema
from ansinh_sandbox.banks.bank import FIRST_DAY, Bank
from ansinh_sandbox.banks.scenarios import Faults, faults_from

CODE = "970436"
GOOD = "0011001234567"


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[Bank]:
    opened = opened_bank(tmp_path)
    yield opened
    opened.store.close()


def opened_bank(folder: Path, faults: str = "") -> Bank:
    opened = Bank(folder, CODE, faults_from(f"{CODE}:{faults}").get(CODE, Faults()), ordinary_refusals=False)
    opened.deposit(1_000_000_000, "T1")
    return opened


def message(accounts: list[str], message_id: str = "R1-970436-01-1", amount: int = 2_000_000) -> bytes:
    lines = [
        Line(f"P202507-{number}-1-K", amount + number, CODE, account, "NGUYEN THI HOA", "Luong huu")
        for number, account in enumerate(accounts)
    ]
    total = sum(line.amount for line in lines)
    head = Head(message_id, datetime(2025, 7, 2, tzinfo=UTC), date(2025, 7, 2), "BHXH", "1", CODE, len(lines), total)
    sink = io.BytesIO()
    write_credit_transfers(head, lines, sink)
    return sink.getvalue()


def said(bank: Bank) -> list[Found]:
    files = [bank.store.file(one.file_no) for one in bank.store.files(0, 1_000)]
    return [found for body in files if body for found in read_answer(io.BytesIO(body))]


def outcomes(bank: Bank) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for one in said(bank):
        if isinstance(one, LineAnswer):
            told.setdefault(one.end_to_end_id, []).append(f"{one.outcome}{':' + one.reason if one.reason else ''}")
    return told


SCENARIOS = {
    GOOD: ["accepted", "paid"],
    "99990001": ["rejected:AC01"],
    "99990004": ["rejected:AC04"],
    "99990006": ["rejected:AC06"],
    "99990007": ["rejected:MD07"],
    "99990011": ["rejected:BE01"],
    "99990012": ["rejected:ZZ12"],
    "99990020": ["accepted", "rejected:AC04"],
    "99990030": ["accepted", "paid", "returned:AC06"],
    "99990031": ["accepted", "paid", "returned:AC06"],
    "99990032": ["accepted", "paid"],
    "99990040": ["accepted", "paid", "paid"],
    "99990050": [],
    "99990080": ["accepted", "paid", "paid"],
}


def test_each_scenario_does_what_was_agreed(bank: Bank) -> None:
    assert bank.deliver("R1-970436-01-1", message([*SCENARIOS])) == "taken"
    bank.live(FIRST_DAY + timedelta(days=30))
    told = outcomes(bank)
    assert {f"P202507-{n}-1-K": told.get(f"P202507-{n}-1-K", []) for n in range(len(SCENARIOS))} == {
        f"P202507-{n}-1-K": wanted for n, wanted in enumerate(SCENARIOS.values())
    }
    nameless = [one for one in said(bank) if isinstance(one, Movement) and one.text is None and one.amount > 0]
    assert len(nameless) >= 1
    truth = Counter(name for name, amount in bank.store.rows("SELECT end_to_end_id, amount FROM credit") if amount > 0)  # type: ignore[operator]  # SQLite tells no types
    assert truth["P202507-11-1-K"] == 2
    assert truth["P202507-13-1-K"] == 1


def test_every_paper_keeps_to_its_definition(bank: Bank) -> None:
    bank.deliver("R1-970436-01-1", message([*SCENARIOS]))
    bank.live(FIRST_DAY + timedelta(days=30))
    for one in bank.store.files(0, 1_000):
        body = bank.store.file(one.file_no)
        assert body is not None
        kind = body.partition(b"xsd:")[2].partition(b'"')[0].decode()
        assert list(parts(Hashing(io.BytesIO(body)), ("GrpHdr",), schema(kind)))


def test_balances_meet_from_day_to_day(bank: Bank) -> None:
    bank.deliver("R1-970436-01-1", message([*SCENARIOS]))
    bank.live(FIRST_DAY + timedelta(days=30))
    balances = [one for one in said(bank) if isinstance(one, Balance)]
    assert [one.kind for one in balances] == ["opening", "closing"] * (len(balances) // 2)
    assert [one.amount for one in balances[1:-1:2]] == [one.amount for one in balances[2::2]]
    assert balances[-1].amount == bank.balance()


def test_the_same_message_again_is_known_and_other_bytes_are_refused(bank: Bank) -> None:
    assert bank.deliver("R1", message([GOOD], "R1")) == "taken"
    assert bank.deliver("R1", message([GOOD], "R1")) == "known"
    assert bank.deliver("R1", message([GOOD, GOOD], "R1")) == "other"


def test_an_unkind_bank_pays_what_it_is_told_twice(tmp_path: Path) -> None:
    bank = opened_bank(tmp_path, "refuses_duplicates=0")
    for _ in range(2):
        assert bank.deliver("R1", message([GOOD], "R1")) == "taken"
    bank.live(FIRST_DAY + timedelta(days=1))
    assert bank.store.number("SELECT count(*) FROM credit") == 2
    bank.store.close()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (message([GOOD]).replace(b"<NbOfTxs>1<", b"<NbOfTxs>2<"), "AM18"),
        (message([GOOD]).replace(b"<CtrlSum>2000000<", b"<CtrlSum>1<"), "AM10"),
        (message([GOOD])[:-30], "FF01"),
        (message([GOOD], amount=2_000_000_000), "AM04"),
    ],
)
def test_a_wrong_file_is_refused_whole(bank: Bank, body: bytes, code: str) -> None:
    bank.deliver("R1-970436-01-1", body)
    bank.live(FIRST_DAY + timedelta(days=1))
    refused = [one for one in said(bank) if isinstance(one, About) and one.kind == "file"]
    assert [(one.status, one.reason, one.original_message_id) for one in refused] == [("RJCT", code, "R1-970436-01-1")]
    assert bank.store.number("SELECT count(*) FROM credit") == 0


def test_a_recalled_message_is_never_carried_out(bank: Bank) -> None:
    assert bank.recall("R1") == "unknown"
    bank.deliver("R1", message([GOOD], "R1"))
    assert bank.recall("R1") == "confirmed"
    bank.live(FIRST_DAY + timedelta(days=2))
    assert bank.store.number("SELECT count(*) FROM credit") == 0
    bank.deliver("R2", message([GOOD], "R2"))
    bank.end_day()
    assert bank.recall("R2") == "too_late"


def test_a_hole_in_the_statement_shows_in_its_balances(tmp_path: Path) -> None:
    bank = opened_bank(tmp_path, "hole")
    bank.deliver("R1", message([GOOD], "R1"))
    bank.live(FIRST_DAY + timedelta(days=1))
    found = said(bank)
    opening, closing = (one.amount for one in found if isinstance(one, Balance))
    assert opening + sum(one.amount for one in found if isinstance(one, Movement)) != closing
    bank.store.close()


def test_a_silent_bank_answers_days_later(tmp_path: Path) -> None:
    bank = opened_bank(tmp_path, "silent_days=3")
    bank.deliver("R1", message([GOOD], "R1"))
    bank.live(FIRST_DAY + timedelta(days=3))
    assert not outcomes(bank)
    bank.live(FIRST_DAY + timedelta(days=4))
    assert outcomes(bank) == {"P202507-0-1-K": ["accepted", "paid"]}
    bank.store.close()


def test_an_unknown_fault_is_told() -> None:
    with pytest.raises(ValueError, match="no fault"):
        faults_from("970436:kindness")

"""The sandbox's people who bring money home: what they tell by line is what their own book says, and no list that is not whole is paid from."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ansinh.payments.handover.bank import Header, PaymentLine
from ansinh.payments.handover.listing import ListWriter
from ansinh.relief.results import read_results
from ansinh_sandbox import home_delivery

DAY = date(2025, 8, 21)


def a_list(folder: Path, lines: int = 60) -> Path:
    payments = [
        PaymentLine(n, f"AS202508{n:012}01A", None, f"Đỗ “{n}”", 1_000 + n, "00004") for n in range(1, lines + 1)
    ]
    header = Header(
        "M1",
        "H22",
        "home",
        lines,
        sum(one.amount for one in payments),
        "2025-08-21",
        datetime(2025, 8, 21, tzinfo=UTC),
        "QĐ",
    )
    inbox = folder / "H22" / "in"
    inbox.mkdir(parents=True)
    file = inbox / "M1.csv"
    file.write_bytes(ListWriter().write(header, payments))
    return file


def test_results_tell_every_line_twice_and_one_nobody_sent(tmp_path: Path) -> None:
    a_list(tmp_path)
    first, second = (read_results(file.read_bytes()) for file in home_delivery.live(tmp_path, DAY))
    assert home_delivery.live(tmp_path, DAY) == []
    assert [one.number for one in second.lines] == list(range(1, 61))
    assert [one.number for one in first.lines] == [*range(60, 30, -1), home_delivery.NOBODY_SENT]
    told = {one.number: (one.kind.name, one.amount) for one in second.lines}
    assert {one.number: (one.kind.name, one.amount) for one in first.lines[:-1]} == {n: told[n] for n in range(31, 61)}
    with (tmp_path / "H22" / "paid.csv").open(encoding="utf-8", newline="") as book:
        assert sorted(int(amount) for _, amount in csv.reader(book)) == sorted(
            amount for kind, amount in told.values() if kind == "PAID" and amount
        )
    assert {kind for kind, _ in told.values()} == {"PAID", "UNCOLLECTED"}


def test_nobody_pays_from_a_list_that_was_altered(tmp_path: Path) -> None:
    file = a_list(tmp_path)
    file.write_bytes(file.read_bytes().replace(b"1001", b"9001", 1))
    with pytest.raises(home_delivery.WrongList):
        home_delivery.live(tmp_path, DAY)


def test_a_broken_line_lets_nothing_through_until_it_is_mended(tmp_path: Path) -> None:
    for _ in range(2):
        home_delivery.cut_off(tmp_path, "H22")
    assert (tmp_path / "H22").is_file()
    for _ in range(2):
        home_delivery.reconnect(tmp_path, "H22")
    assert (tmp_path / "H22" / "in").is_dir()

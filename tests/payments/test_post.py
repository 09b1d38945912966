"""The sandbox post: what it pays it keeps in its own book, and a list that is not whole is refused."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ansinh.payments.answers.listing import ListReader
from ansinh.payments.answers.told import Answer, FileAnswer
from ansinh.payments.handover.bank import Header, PaymentLine
from ansinh.payments.handover.listing import ListWriter
from ansinh_sandbox import post

DAY = date(2025, 7, 7)


def a_list(folder: Path, lines: int = 400) -> bytes:
    """Lay a list ready for the post of province 01, and return it."""
    payments = [
        PaymentLine(n, f"AS202507{n:012}01A", None, f"Đỗ Thị “{n}”", 1_000 + n, "00004") for n in range(1, lines + 1)
    ]
    total = sum(one.amount for one in payments)
    header = Header("M1", "P01", "cash", lines, total, "2025-07-02", datetime(2025, 7, 2, tzinfo=UTC), "QĐ 1")
    body = ListWriter().write(header, payments)
    inbox = folder / "P01" / "in"
    inbox.mkdir(parents=True)
    (inbox / "M1.csv").write_bytes(body)
    return body


def test_a_list_is_paid_once_and_told_line_by_line(tmp_path: Path) -> None:
    a_list(tmp_path)
    assert post.live(tmp_path, DAY) == 400
    assert post.live(tmp_path, DAY) == 0
    told = list(ListReader().read((tmp_path / "P01" / "out" / "M1.csv").read_bytes()))
    assert told[0] == FileAnswer("M1", refused=False)
    answers = [one for one in told if isinstance(one, Answer)]
    assert len({one.end_to_end_id for one in answers}) == 400
    paid = {one.end_to_end_id: one.amount for one in answers if one.kind.name == "PAID"}
    with (tmp_path / "P01" / "paid.csv").open(encoding="utf-8", newline="") as book:
        assert {name: int(amount) for name, amount in csv.reader(book)} == paid
    assert {one.kind.name for one in answers} == {"PAID", "UNCOLLECTED"}


@pytest.mark.parametrize(("found", "put"), [(b"1001", b"1002"), (b"sha256,", b"sha255,"), (b"M1", b"M2")])
def test_a_list_that_is_not_whole_is_refused(tmp_path: Path, found: bytes, put: bytes) -> None:
    body = a_list(tmp_path)
    (tmp_path / "P01" / "in" / "M1.csv").write_bytes(body.replace(found, put, 1))
    assert post.live(tmp_path, DAY) == 0
    (told,) = ListReader().read((tmp_path / "P01" / "out" / "M1.csv").read_bytes())
    assert isinstance(told, FileAnswer)
    assert told.refused
    assert not (tmp_path / "P01" / "paid.csv").read_text("utf-8")

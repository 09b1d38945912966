"""Folders for partners, lists out and lists back: whole or not at all, hostile or not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansinh.foundation.errors import PartnerTrouble
from ansinh.payments.adapters.drop_folder import DropFolder
from ansinh.payments.answers.listing import ListReader
from ansinh.payments.answers.told import Answer, FileAnswer, Unreadable
from ansinh.payments.handover.bank import Delivered, Header, Knows, PaymentLine, Recalled, Totals
from ansinh.payments.handover.listing import ListWriter
from ansinh.payments.states import AttemptEvent

MOMENT = "2025-07-02T09:00:00+07:00"
GOOD = f"ansinh-answers-1\nAS1,paid,r1,,5,{MOMENT}\nAS2,rejected,r2,AC04,,{MOMENT}\nmessage,M1,refused,FF01\n".encode()


def header(lines: int, amount: int) -> Header:
    return Header(
        "AS202507-1", "P01", "cash", lines, amount, "2025-07-02", datetime(2025, 7, 1, tzinfo=UTC), "Quyết định, “số 1”"
    )


def test_a_message_lies_there_once_and_whole(tmp_path: Path) -> None:
    bank = DropFolder("970436", tmp_path, ".csv")
    assert bank.ask("M-1") is Knows.NOT_KNOWN
    assert bank.deliver(b"abc", "M-1").delivered is Delivered.TAKEN
    assert bank.deliver(b"abc", "M-1").delivered is Delivered.TAKEN
    assert bank.deliver(b"abd", "M-1").delivered is Delivered.REFUSED
    assert [(one.name, one.read_bytes()) for one in (tmp_path / "970436/in").iterdir()] == [("M-1.csv", b"abc")]
    assert bank.ask("M-1") is Knows.KNOWN
    assert (bank.recall("M-1"), bank.recall("M-1")) == (Recalled.CONFIRMED, Recalled.TOO_LATE)


def test_a_message_the_partner_took_away_is_known(tmp_path: Path) -> None:
    bank = DropFolder("970436", tmp_path, ".csv")
    bank.deliver(b"abc", "M-1")
    (tmp_path / "970436/in/done").mkdir()
    (tmp_path / "970436/in/M-1.csv").rename(tmp_path / "970436/in/done/M-1.csv")
    assert bank.ask("M-1") is Knows.KNOWN
    assert bank.deliver(b"other", "M-1").delivered is Delivered.REFUSED


def test_half_written_files_are_nobodys(tmp_path: Path) -> None:
    bank = DropFolder("970436", tmp_path, ".csv")
    (tmp_path / "970436/in").mkdir(parents=True)
    (tmp_path / "970436/in/M-1.csv.part").write_bytes(b"ha")
    (tmp_path / "970436/out").mkdir()
    (tmp_path / "970436/out/a.csv.part").write_bytes(b"ha")
    assert bank.ask("M-1") is Knows.NOT_KNOWN
    assert bank.deliver(b"whole", "M-1").delivered is Delivered.TAKEN
    assert list(bank.collect()) == []


def test_a_folder_that_is_not_there_is_trouble_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "970436").write_text("a file where the folder should be")
    with pytest.raises(PartnerTrouble):
        DropFolder("970436", tmp_path, ".csv").deliver(b"abc", "M-1")


def test_answers_stay_until_the_next_is_asked_for(tmp_path: Path) -> None:
    bank = DropFolder("970436", tmp_path, ".csv")
    out = tmp_path / "970436/out"
    out.mkdir(parents=True)
    for name in ("b.csv", "a.csv"):
        (out / name).write_bytes(name.encode())
    found = bank.collect()
    assert next(found).name == "a.csv"
    found.close()  # type: ignore[attr-defined]  # a generator, declared as an iterator
    assert [one.name for one in bank.collect()] == ["a.csv", "b.csv"]
    assert list(bank.collect()) == []


@pytest.mark.parametrize("name", ["../M", "a/b", "M 1", "", "M\n"])
def test_names_that_lead_elsewhere_are_no_message_ids(tmp_path: Path, name: str) -> None:
    if name:
        with pytest.raises(ValueError, match="no message id"):
            DropFolder("970436", tmp_path, ".csv").deliver(b"abc", name)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=30), st.integers(1, 10**12)
        ),
        max_size=20,
    )
)
def test_a_list_reads_back_as_written(payees: list[tuple[str, int]]) -> None:
    lines = [
        PaymentLine(number, f"AS{number}", None, name, amount, "00004")
        for number, (name, amount) in enumerate(payees, 1)
    ]
    total = sum(one.amount for one in lines)
    body = ListWriter().write(header(len(lines), total), lines)
    assert ListWriter().verify(body) == Totals(len(lines), total)
    for wrong in (body[:-2], body.replace(b"AS202507-1", b"AS202507-2"), body + b"x", b""):
        with pytest.raises(ValueError, match="the list does not end"):
            ListWriter().verify(wrong)


def test_a_list_that_is_not_what_its_head_says_is_refused() -> None:
    lines = [PaymentLine(1, "AS1", None, "An", 5, None)]
    for lie in (header(2, 5), header(1, 6)):
        with pytest.raises(ValueError, match="head"):
            ListWriter().verify(ListWriter().write(lie, lines))


def test_answers_are_read() -> None:
    moment = datetime.fromisoformat(MOMENT)
    assert list(ListReader().read(GOOD)) == [
        Answer("AS1", AttemptEvent.PAID, "r1", moment, None, 5),
        Answer("AS2", AttemptEvent.REJECTED, "r2", moment, "AC04", None),
        FileAnswer("M1", refused=True, reason="FF01"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        b"AS1,paid,r1,,5",
        b"AS1,paid,,,5,2025-07-02T09:00:00+07:00",
        b"AS1,eaten,r1,,5,2025-07-02T09:00:00+07:00",
        b"AS1,paid,r1,,-5,2025-07-02T09:00:00+07:00",
        b"AS1,paid,r1,,5.0,2025-07-02T09:00:00+07:00",
        b"AS1,paid,r1,,99999999999999999999,2025-07-02T09:00:00+07:00",
        b"AS1,paid,r1,,5,2025-07-02T09:00:00",
        b"AS1,paid,r1,,5,yesterday",
        b"message,M1,maybe,",
        b"\xff\xfe",
        b'"open',
    ],
)
def test_a_list_with_a_bad_line_is_unreadable(line: bytes) -> None:
    with pytest.raises(Unreadable):
        list(ListReader().read(GOOD + line + b"\n"))

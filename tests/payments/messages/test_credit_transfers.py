"""Credit transfers: what we write is sound, is what was meant, and can be read by others."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyiso20022.pain import pain_001_001_09
from xsdata.formats.dataclass.parsers import XmlParser

from ansinh.payments.messages.credit_transfers import ControlTotalsDiffer, Head, Line, Written, write_credit_transfers
from ansinh.payments.messages.streaming import Unreadable
from ansinh.payments.messages.verifying import verify_credit_transfers
from ansinh.payments.messages.wording import carried, same_name

_DIGITS = st.text("0123456789", min_size=6, max_size=19)
_NAMES = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x1EF9, exclude_categories=["Cc", "Cs"]), max_size=140
).filter(lambda name: name.strip() == name and name)
_LINES = st.lists(
    st.builds(
        Line,
        end_to_end_id=st.text("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789-", min_size=1, max_size=35),
        amount=st.integers(1, 10**12),
        bin=st.text("0123456789", min_size=6, max_size=6),
        account=_DIGITS,
        name=_NAMES,
        text=_NAMES,
    ),
    min_size=1,
    max_size=12,
)
LINES = [
    Line("P202507-00000001-1-K", 5_200_000, "970436", "0011223344", "NGUYEN THI HOA", "Luong huu thang 07/2025"),
    Line("P202507-00000002-1-M", 1_170_000, "970436", "0099", 'LE VAN "BA" & <CON>', "Tro cap tuat thang 07/2025"),
]


def head_of(lines: list[Line]) -> Head:
    return Head(
        message_id="R000000001-970436-01-1",
        created_at=datetime(2025, 7, 2, 1, 30, tzinfo=UTC),
        pay_on=date(2025, 7, 3),
        payer="BAO HIEM XA HOI VIET NAM",
        payer_account="0010000000001",
        payer_bin="970436",
        count=len(lines),
        total=sum(line.amount for line in lines),
    )


def written(lines: list[Line], head: Head | None = None) -> tuple[bytes, Written]:
    sink = io.BytesIO()
    done = write_credit_transfers(head or head_of(lines), lines, sink)
    return sink.getvalue(), done


@given(_LINES)
def test_whatever_is_written_reads_back_the_same(lines: list[Line]) -> None:
    message, done = written(lines)
    found: list[Line] = []
    again = verify_credit_transfers(io.BytesIO(message), found.append)
    assert found == lines
    assert (again, done.size) == (done, len(message))


def test_the_same_lines_give_the_same_bytes() -> None:
    assert written(LINES) == written(LINES)


def test_a_foreign_parser_reads_it_and_sums_to_our_totals() -> None:
    message, done = written(LINES)
    theirs = XmlParser().from_bytes(message, pain_001_001_09.Document).cstmr_cdt_trf_initn
    assert theirs is not None
    payments = theirs.pmt_inf[0].cdt_trf_tx_inf
    assert [line.pmt_id.end_to_end_id for line in payments] == [line.end_to_end_id for line in LINES]
    assert sum(int(line.amt.instd_amt.value) for line in payments) == done.total == int(theirs.grp_hdr.ctrl_sum)
    assert payments[1].cdtr.nm == LINES[1].name


def test_lines_that_are_not_what_the_head_says_do_not_leave() -> None:
    with pytest.raises(ControlTotalsDiffer):
        written(LINES, replace(head_of(LINES), total=head_of(LINES).total + 1))
    with pytest.raises(ControlTotalsDiffer):
        written(LINES[:1], head_of(LINES))


@pytest.mark.parametrize("amount", [0, -1])
def test_an_amount_that_cannot_be_paid_is_refused(amount: int) -> None:
    with pytest.raises(ValueError, match="cannot be paid"):
        written([replace(LINES[0], amount=amount)])


def test_a_control_character_is_refused() -> None:
    with pytest.raises(ValueError, match="control character"):
        written([replace(LINES[0], name="NGUYEN\x00HOA")])


def test_one_changed_dong_is_noticed() -> None:
    message, _ = written(LINES)
    changed = message.replace(b'Ccy="VND">5200000<', b'Ccy="VND">5200001<')
    with pytest.raises(ControlTotalsDiffer):
        verify_credit_transfers(io.BytesIO(changed), lambda line: None)


def test_a_message_that_breaks_the_schema_is_noticed() -> None:
    message, _ = written(LINES)
    with pytest.raises(Unreadable):
        verify_credit_transfers(io.BytesIO(message.replace(b"<PmtMtd>TRF<", b"<PmtMtd>XXX<")), lambda line: None)
    with pytest.raises(Unreadable):
        verify_credit_transfers(io.BytesIO(message[: len(message) // 2]), lambda line: None)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Đặng Thị  Thuỳ", "Dang Thi Thuy"),
        (unicodedata.normalize("NFD", "Nguyễn Ước"), "Nguyen Uoc"),
        ("  Lê_Văn@Tám  ", "Le Van Tam"),
        ("", ""),
    ],
)
def test_carried_keeps_the_letters_every_bank_has(name: str, plain: str) -> None:
    assert carried(name, 140) == plain


def test_same_name_sees_through_accents_and_spaces() -> None:
    assert same_name("Đỗ Thị Hồng Nhung", "DO THI  HONG NHUNG")
    assert not same_name("Đỗ Thị Hồng Nhung", "DO THI HONG NHI")

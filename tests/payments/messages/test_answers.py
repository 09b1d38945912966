"""Answers of banks: whatever a bank may lawfully write is read, what is unclear is parked, what is no message is refused."""

from __future__ import annotations

import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansinh.payments.messages.found import About, Balance, Found, LineAnswer, Movement, Outcome, Parked
from ansinh.payments.messages.reading import read_answer
from ansinh.payments.messages.status_reports import read_status_report
from ansinh.payments.messages.streaming import Hashing, Unreadable


def report(lines: str, *, version: str = "pain.002.001.10", prefix: str = "", status: str = "PART") -> bytes:
    p = f"{prefix}:" if prefix else ""
    space = f'xmlns{":" + prefix if prefix else ""}="urn:iso:std:iso:20022:tech:xsd:{version}"'
    inner = (
        f"<GrpHdr><MsgId>BANK-1</MsgId><CreDtTm>2025-07-02T09:00:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>R1-970436-01-1</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><GrpSts>{status}</GrpSts></OrgnlGrpInfAndSts>"
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>R1-970436-01-1</OrgnlPmtInfId>{lines}</OrgnlPmtInfAndSts>"
    )
    body = inner.replace("</", f"</{p}").replace("<", f"<{p}").replace(f"<{p}/{p}", f"</{p}")
    return f"<?xml version='1.0'?><{p}Document {space}><{p}CstmrPmtStsRpt>{body}</{p}CstmrPmtStsRpt></{p}Document>".encode()


def line(name: str, status: str, inside: str = "") -> str:
    return f"<TxInfAndSts><StsId>S-{name}</StsId><OrgnlEndToEndId>{name}</OrgnlEndToEndId><TxSts>{status}</TxSts>{inside}</TxInfAndSts>"


REASON = "<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>Tai khoan</AddtlInf><AddtlInf>da dong</AddtlInf></StsRsnInf>"


def found_in(message: bytes) -> list[Found]:
    return list(read_answer(io.BytesIO(message)))


@pytest.mark.parametrize("version", ["pain.002.001.03", "pain.002.001.10", "pain.002.001.12"])
@pytest.mark.parametrize("prefix", ["", "ns0", "bank"])
def test_a_status_report_is_read_in_any_version_and_with_any_prefix(version: str, prefix: str) -> None:
    message = report(
        line("E1", "ACSP") + line("E2", "RJCT", REASON) + line("E3", "ACSC"), version=version, prefix=prefix
    )
    made, about, *answers = found_in(message)
    assert made == About("report", "BANK-1", None, None, None, None, date(2025, 7, 2))
    assert about == About("file", "BANK-1", "R1-970436-01-1", "PART", None, None)
    assert answers == [
        LineAnswer("E1", Outcome.ACCEPTED, "ACSP", None, None, None, "S-E1", None),
        LineAnswer("E2", Outcome.REJECTED, "RJCT", "AC04", "Tai khoan da dong", None, "S-E2", None),
        LineAnswer("E3", Outcome.PAID, "ACSC", None, None, None, "S-E3", None),
    ]


def test_a_refused_file_says_why() -> None:
    message = report("", status="RJCT").replace(
        b"<GrpSts>RJCT</GrpSts>", b"<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Prtry>X9</Prtry></Rsn></StsRsnInf>"
    )
    assert found_in(message)[1:] == [About("file", "BANK-1", "R1-970436-01-1", "RJCT", "X9", None)]


def test_an_unknown_status_is_parked_and_its_neighbours_are_read() -> None:
    _, _, first, parked, last = found_in(report(line("E1", "ACCP") + line("E2", "WHAT") + line("E3", "ACCP")))
    assert isinstance(parked, Parked)
    assert b"E2" in parked.part
    assert "WHAT" in parked.why
    assert [getattr(one, "end_to_end_id", None) for one in (first, last)] == ["E1", "E3"]


def test_a_line_that_names_no_payment_is_parked() -> None:
    _, _, parked = found_in(report("<TxInfAndSts><TxSts>ACCP</TxSts></TxInfAndSts>"))
    assert isinstance(parked, Parked)


def statement(entries: str, *, kind: str = "BkToCstmrStmt", one: str = "Stmt") -> bytes:
    balances = "".join(
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="VND">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2025-07-02</Dt></Dt></Bal>'
        for code, amount in (("OPBD", 9_000), ("CLBD", "4000.00"))
    )
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><{kind}><GrpHdr><MsgId>M1</MsgId></GrpHdr>'
        f"<{one}><Id>ST-7</Id><Acct><Id><Othr><Id>001000</Id></Othr></Id></Acct>{balances}{entries}</{one}></{kind}></Document>"
    ).encode()


def entry(amount: int, direction: str, details: str, status: str = "<Sts><Cd>BOOK</Cd></Sts>") -> str:
    return (
        f'<Ntry><Amt Ccy="VND">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>{status}<BookgDt><Dt>2025-07-03</Dt></BookgDt>'
        f"<AcctSvcrRef>REF</AcctSvcrRef><NtryDtls>{details}</NtryDtls></Ntry>"
    )


def detail(name: str, amount: int | None, inside: str = "") -> str:
    money = "" if amount is None else f'<Amt Ccy="VND">{amount}</Amt>'
    return f"<TxDtls><Refs><EndToEndId>{name}</EndToEndId></Refs>{money}{inside}</TxDtls>"


ON = date(2025, 7, 3)


def test_a_statement_tells_what_was_paid_what_came_back_and_what_names_nothing() -> None:
    about, opening, closing, *booked = found_in(
        statement(
            entry(5_000, "DBIT", detail("E1", 2_000) + detail("E2", 3_000))
            + entry(3_000, "CRDT", detail("E2", None, "<RtrInf><Rsn><Cd>AC06</Cd></Rsn></RtrInf>"))
            + entry(70, "DBIT", detail("NOTPROVIDED", 70))
            + entry(900, "DBIT", detail("E9", 800))
        )
    )
    assert about == About("statement", "M1", "ST-7", None, None, None)
    assert opening == Balance("001000", "ST-7", "opening", 9_000, date(2025, 7, 2))
    assert closing == Balance("001000", "ST-7", "closing", 4_000, date(2025, 7, 2))
    assert booked == [
        LineAnswer("E1", Outcome.PAID, "BOOK", None, None, 2_000, "REF", ON),
        LineAnswer("E2", Outcome.PAID, "BOOK", None, None, 3_000, "REF", ON),
        LineAnswer("E2", Outcome.RETURNED, "BOOK", "AC06", None, 3_000, "REF", ON),
        Movement("001000", "REF", -70, ON, None, single=True),
        LineAnswer("E9", Outcome.PAID, "BOOK", None, None, 800, "REF", ON),
        Movement("001000", "REF", -100, ON, None),
    ]


def test_what_is_only_announced_is_no_money() -> None:
    pending = entry(10, "DBIT", detail("E1", 10), "<Sts>PDNG</Sts>")
    assert not [one for one in found_in(statement(pending)) if isinstance(one, LineAnswer)]


def test_a_notice_is_read_like_a_statement() -> None:
    message = statement(
        entry(10, "DBIT", detail("E1", 10), "<Sts>BOOK</Sts>"), kind="BkToCstmrDbtCdtNtfctn", one="Ntfctn"
    )
    assert found_in(message)[-1] == LineAnswer("E1", Outcome.PAID, "BOOK", None, None, 10, "REF", ON)


@pytest.mark.parametrize(
    "broken",
    [
        entry(10, "DBIT", detail("E1", 11)),
        entry(10, "WHAT", detail("E1", 10)),
        entry(10, "DBIT", detail("E1", None) + detail("E2", 3)),
        entry(10, "DBIT", detail("E1", 10)).replace("VND", "USD"),
        entry(10, "DBIT", detail("E1", 10)).replace(">10<", ">10.5<"),
        entry(10, "DBIT", detail("E1", 10)).replace("2025-07-03", "hôm qua"),
    ],
)
def test_an_unclear_entry_is_parked_whole(broken: str) -> None:
    *_, parked = found_in(statement(broken))
    assert isinstance(parked, Parked)
    assert b"<EndToEndId>E1<" in parked.part.replace(b"ns0:", b"")


def test_a_return_of_the_clearing_is_read() -> None:
    message = (
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.004.001.09"><PmtRtr><GrpHdr><MsgId>R</MsgId>'
        b"<IntrBkSttlmDt>2025-07-20</IntrBkSttlmDt></GrpHdr><TxInf><RtrId>RT1</RtrId><OrgnlEndToEndId>E1</OrgnlEndToEndId>"
        b'<RtrdIntrBkSttlmAmt Ccy="VND">2000</RtrdIntrBkSttlmAmt><RtrRsnInf><Rsn><Cd>MD07</Cd></Rsn></RtrRsnInf></TxInf></PmtRtr></Document>'
    )
    assert found_in(message)[-1] == LineAnswer(
        "E1", Outcome.RETURNED, "RTRN", "MD07", None, 2_000, "RT1", date(2025, 7, 20)
    )


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"\x00\xff",
        b"status,amount\nE1,5",
        b"<html><body>503 Service Unavailable</body></html>",
        report(line("E1", "ACCP"))[:-40],
        BOMB + report(line("&b;", "ACCP")).partition(b"?>")[2],
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd">' + report(line("E1", "ACCP")).partition(b"?>")[2],
        b"<Document><CstmrPmtStsRpt>" + b"<a>" * 5_000,
    ],
)
def test_what_is_no_message_is_refused(hostile: bytes) -> None:
    with pytest.raises(Unreadable):
        found_in(hostile)


def test_a_message_beyond_the_limit_is_refused() -> None:
    message = report("".join(line(f"E{number}", "ACCP") for number in range(2_000)))
    with pytest.raises(Unreadable, match="larger"):
        list(read_status_report(Hashing(io.BytesIO(message), bytes_max=50_000)))


@given(st.binary(max_size=300))
def test_no_bytes_do_anything_but_be_read_or_refused(noise: bytes) -> None:
    message = report(line("E1", "ACCP"))
    for hostile in (noise, message[:150] + noise + message[150:]):
        try:
            assert all(isinstance(one, Found) for one in found_in(hostile))
        except Unreadable:
            continue

"""Write what a bank says: status reports (pain.002.001.03), notices of bookings (camt.054.001.08) and statements (camt.053.001.08)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

_SPACE = "urn:iso:std:iso:20022:tech:xsd:"


@dataclass(frozen=True, slots=True)
class Told:
    """A line of a status report."""

    end_to_end_id: str
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class Booked:
    """A booked payment: money that left for a payee (`came_back` False) or returned."""

    end_to_end_id: str | None
    amount: int
    reference: str
    came_back: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the agency's account; negative left it."""

    amount: int
    reference: str
    words: str


def status_report(name: str, message_id: str, on: date, status: str, lines: Iterable[Told], reason: str = "") -> bytes:
    """Return a status report about a message of the agency's."""
    said = "".join(map(_told, lines))
    block = (
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{escape(message_id)}</OrgnlPmtInfId>{said}</OrgnlPmtInfAndSts>"
        if said
        else ""
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{_SPACE}pain.002.001.03"><CstmrPmtStsRpt>'
        f"<GrpHdr><MsgId>{name}</MsgId><CreDtTm>{on.isoformat()}T16:00:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{escape(message_id)}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>"
        f"<GrpSts>{status}</GrpSts>{_because(reason)}</OrgnlGrpInfAndSts>{block}</CstmrPmtStsRpt></Document>"
    ).encode()


def _told(line: Told) -> str:
    return (
        f"<TxInfAndSts><OrgnlEndToEndId>{escape(line.end_to_end_id)}</OrgnlEndToEndId><TxSts>{line.status}</TxSts>"
        f"{_because(line.reason)}</TxInfAndSts>"
    )


def _because(reason: str) -> str:
    return f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" if reason else ""


def notice(name: str, account: str, on: date, booked: Iterable[Booked]) -> bytes:
    """Return a notice with one entry for what left and one for each payment that came back."""
    out, entries = [], []
    for one in booked:
        if one.came_back:
            entries.append(_entry(abs(one.amount), "CRDT", on, one.reference, _detail(one)))
        else:
            out.append(one)
    if out:
        details = "".join(map(_detail, out))
        entries.insert(0, _entry(sum(one.amount for one in out), "DBIT", on, name, details))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{_SPACE}camt.054.001.08"><BkToCstmrDbtCdtNtfctn>'
        f"<GrpHdr><MsgId>{name}</MsgId><CreDtTm>{on.isoformat()}T17:00:00</CreDtTm></GrpHdr>"
        f"<Ntfctn><Id>{name}</Id><Acct><Id><Othr><Id>{account}</Id></Othr></Id></Acct>{''.join(entries)}</Ntfctn>"
        "</BkToCstmrDbtCdtNtfctn></Document>"
    ).encode()


def _entry(amount: int, direction: str, on: date, reference: str, details: str) -> str:
    inner = f"<NtryDtls>{details}</NtryDtls>" if details else ""
    return (
        f'<Ntry><Amt Ccy="VND">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        f"<BookgDt><Dt>{on.isoformat()}</Dt></BookgDt><AcctSvcrRef>{reference}</AcctSvcrRef><BkTxCd/>{inner}</Ntry>"
    )


def _detail(one: Booked) -> str:
    named = f"<EndToEndId>{escape(one.end_to_end_id)}</EndToEndId>" if one.end_to_end_id else ""
    reason = f"<RtrInf><Rsn><Cd>{one.reason}</Cd></Rsn></RtrInf>" if one.reason else ""
    return (
        f"<TxDtls><Refs><AcctSvcrRef>{one.reference}</AcctSvcrRef>{named}</Refs>"
        f'<Amt Ccy="VND">{abs(one.amount)}</Amt><CdtDbtInd>{"CRDT" if one.came_back else "DBIT"}</CdtDbtInd>{reason}</TxDtls>'
    )


def statement(name: str, account: str, on: date, balances: tuple[int, int], entries: Iterable[Entry]) -> bytes:
    """Return the day's statement: opening and closing balance, and each entry without its details."""
    opening, closing = balances
    booked = "".join(
        _entry(abs(one.amount), "CRDT" if one.amount > 0 else "DBIT", on, one.reference, "").replace(
            "</Ntry>", f"<AddtlNtryInf>{escape(one.words)}</AddtlNtryInf></Ntry>"
        )
        for one in entries
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{_SPACE}camt.053.001.08"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>{name}</MsgId><CreDtTm>{on.isoformat()}T23:00:00</CreDtTm></GrpHdr>"
        f"<Stmt><Id>{name}</Id><Acct><Id><Othr><Id>{account}</Id></Othr></Id></Acct>"
        f"{_balance('OPBD', opening, on)}{_balance('CLBD', closing, on)}{booked}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def _balance(code: str, amount: int, on: date) -> str:
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="VND">{abs(amount)}</Amt>'
        f"<CdtDbtInd>{'CRDT' if amount >= 0 else 'DBIT'}</CdtDbtInd><Dt><Dt>{on.isoformat()}</Dt></Dt></Bal>"
    )

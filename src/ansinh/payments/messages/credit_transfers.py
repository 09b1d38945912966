"""Write credit transfers to one bank (ISO 20022 pain.001.001.09), streamed: memory does not grow with the lines.

One payment block, integer đồng, accounts as `Othr/Id`, banks by their clearing number (BIN).
The same head and lines give the same bytes, so that every try sends the same message.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

from ansinh.payments.messages.wording import escaped

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
LINES_MAX = 50_000
_LINES_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the lines: who pays, from which account, on which day, and what the lines must come to (đồng)."""

    message_id: str
    created_at: datetime
    pay_on: date
    payer: str
    payer_account: str
    payer_bin: str
    count: int
    total: int
    purpose: str = "SSBE"
    """ISO external category purpose: SSBE is a social-security benefit, BENE an unemployment or disability benefit."""


@dataclass(frozen=True, slots=True)
class Line:
    """One attempt: its identifier, amount in đồng, and the frozen destination."""

    end_to_end_id: str
    amount: int
    bin: str
    account: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the message's id, the digest of its bytes, how many bytes, lines and đồng."""

    message_id: str
    sha256: bytes
    size: int
    count: int
    total: int


class ControlTotalsDiffer(RuntimeError):
    """Lines and head do not agree. Our mistake: nothing of this leaves the house."""


def write_credit_transfers(head: Head, lines: Iterable[Line], sink: BinaryIO) -> Written:
    """Write one message and return its digest; raises ControlTotalsDiffer when the lines are not what the head says.

    Raises ValueError for a line no bank could read.
    """
    digest, size, count, total = hashlib.sha256(), 0, 0, 0

    def put(text: str) -> None:
        nonlocal size
        data = text.encode()
        digest.update(data)
        size += sink.write(data)

    put(_opening(head))
    waiting: list[str] = []
    for line in lines:
        count += 1
        total += line.amount
        waiting.append(_line(line))
        if len(waiting) == _LINES_AT_ONCE:
            put("".join(waiting))
            waiting.clear()
    put("".join(waiting) + "</PmtInf></CstmrCdtTrfInitn></Document>\n")
    if (count, total) != (head.count, head.total) or not 0 < count <= LINES_MAX:
        raise ControlTotalsDiffer(f"head says {head.count} lines of {head.total}, the lines are {count} of {total}")
    return Written(head.message_id, digest.digest(), size, count, total)


def _opening(head: Head) -> str:
    totals = f"<NbOfTxs>{head.count}</NbOfTxs><CtrlSum>{head.total}</CtrlSum>"
    payer, message_id = escaped(head.payer), escaped(head.message_id)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{NAMESPACE}"><CstmrCdtTrfInitn>\n'
        f"<GrpHdr><MsgId>{message_id}</MsgId><CreDtTm>{head.created_at.isoformat(timespec='seconds')}</CreDtTm>{totals}"
        f"<InitgPty><Nm>{payer}</Nm></InitgPty></GrpHdr>\n"
        f"<PmtInf><PmtInfId>{message_id}</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>true</BtchBookg>{totals}"
        f"<PmtTpInf><CtgyPurp><Cd>{escaped(head.purpose)}</Cd></CtgyPurp></PmtTpInf>"
        f"<ReqdExctnDt><Dt>{head.pay_on.isoformat()}</Dt></ReqdExctnDt><Dbtr><Nm>{payer}</Nm></Dbtr>"
        f"<DbtrAcct><Id><Othr><Id>{escaped(head.payer_account)}</Id></Othr></Id><Ccy>VND</Ccy></DbtrAcct>"
        f"<DbtrAgt><FinInstnId><ClrSysMmbId><MmbId>{escaped(head.payer_bin)}</MmbId></ClrSysMmbId></FinInstnId></DbtrAgt>\n"
    )


def _line(line: Line) -> str:
    if line.amount <= 0:
        raise ValueError(f"{line.end_to_end_id}: an amount of {line.amount} đồng cannot be paid")
    return (
        f"<CdtTrfTxInf><PmtId><EndToEndId>{escaped(line.end_to_end_id)}</EndToEndId></PmtId>"
        f'<Amt><InstdAmt Ccy="VND">{line.amount}</InstdAmt></Amt>'
        f"<CdtrAgt><FinInstnId><ClrSysMmbId><MmbId>{escaped(line.bin)}</MmbId></ClrSysMmbId></FinInstnId></CdtrAgt>"
        f"<Cdtr><Nm>{escaped(line.name)}</Nm></Cdtr><CdtrAcct><Id><Othr><Id>{escaped(line.account)}</Id></Othr></Id></CdtrAcct>"
        f"<RmtInf><Ustrd>{escaped(line.text)}</Ustrd></RmtInf></CdtTrfTxInf>\n"
    )

"""What banks would answer to the messages of a benchmark's run: a status report (pain.002) a message, most lines paid, one in a thousand rejected."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import psycopg

from ansinh.database.urls import DatabaseUrls

REJECTED_ONE_IN = 1_000
_MESSAGES = """
SELECT batch_id, partner, message_id FROM payments_batch WHERE pay_month = %s AND channel = 'account' AND state = 'sent' ORDER BY partner, number
"""
_LINES = """
SELECT payments_end_to_end_id(pay_month, order_id, attempt_no), amount, order_id FROM payments_attempt
WHERE pay_month = %s AND batch_id = %s AND ended IS NULL ORDER BY line
"""


def write_answers(urls: DatabaseUrls, folder: Path, pay_month: int) -> int:
    """Write the report on every message that was sent, below its bank's folder; returns how many lines they answer."""
    lines = 0
    with psycopg.connect(urls.owner) as owner:
        for batch_id, partner, message_id in owner.execute(_MESSAGES, [pay_month]).fetchall():
            told = owner.execute(_LINES, [pay_month, batch_id]).fetchall()
            place = folder / "answers" / partner
            place.mkdir(parents=True, exist_ok=True)
            (place / f"{message_id}.xml").write_bytes(status_report(message_id, told))
            lines += len(told)
    return lines


def status_report(message_id: str, lines: Iterable[tuple[str, int, int]]) -> bytes:
    """Return a report on lines given as (end-to-end id, đồng, order)."""
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.12"><CstmrPmtStsRpt>'
        f"<GrpHdr><MsgId>R{message_id}</MsgId><CreDtTm>2025-07-02T18:00:00+07:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{message_id}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><GrpSts>PART</GrpSts></OrgnlGrpInfAndSts>"
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{message_id}</OrgnlPmtInfId>\n"
    )
    told = "".join(_line(*line) for line in lines)
    return f"{head}{told}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>\n".encode()


def _line(end_to_end_id: str, amount: int, order_id: int) -> str:
    rejected = order_id % REJECTED_ONE_IN == 0
    status = "<TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC01</Cd></Rsn></StsRsnInf>" if rejected else "<TxSts>ACSC</TxSts>"
    return (
        f"<TxInfAndSts><OrgnlEndToEndId>{end_to_end_id}</OrgnlEndToEndId>{status}<AccptncDtTm>2025-07-02T10:00:00+07:00</AccptncDtTm>"
        f'<AcctSvcrRef>F{order_id}</AcctSvcrRef><OrgnlTxRef><Amt><InstdAmt Ccy="VND">{amount}</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>\n'
    )

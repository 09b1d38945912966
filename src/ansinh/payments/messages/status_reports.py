"""Read status reports (ISO 20022 pain.002, any version): what a bank says of a file, of a payment block and of each line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from lxml import etree

from ansinh.payments.messages.amounts import Unclear, day, dong
from ansinh.payments.messages.found import About, Found, LineAnswer, Outcome, Parked
from ansinh.payments.messages.streaming import Hashing, children, inner, local, parts, text, words

# ISO 20022 external payment transaction status codes.
_LINE: dict[str, Outcome] = {
    **dict.fromkeys(
        ("ACTC", "ACCP", "ACFC", "ACSP", "ACWC", "ACWP", "ACPD", "PATC", "RCVD", "PDNG", "PRES"), Outcome.ACCEPTED
    ),
    **dict.fromkeys(("ACSC", "ACCC"), Outcome.PAID),
    **dict.fromkeys(("RJCT", "CANC", "BLCK"), Outcome.REJECTED),
}
_PARTS = ("GrpHdr", "OrgnlGrpInfAndSts", "PmtInfSts", "StsRsnInf", "TxInfAndSts")


def read_status_report(source: Hashing) -> Iterator[Found]:
    """Yield what a status report says, line by line; raises Unreadable when the bytes are no sound XML."""
    message_id = original = made_on = None
    block: etree._Element | None = None
    for name, element in parts(source, _PARTS):
        if name == "GrpHdr":
            message_id, made_on = text(element, "MsgId"), _made_on(element)
            yield About("report", message_id, None, None, None, None, made_on)
        elif name == "OrgnlGrpInfAndSts":
            original = text(element, "OrgnlMsgId")
            yield _about("file", message_id, original, text(element, "GrpSts"), inner(element, "StsRsnInf"))
        elif name == "PmtInfSts":
            yield _about("payment", message_id, original, (element.text or "").strip(), None)
        elif name == "StsRsnInf":
            block = element
            yield _about("payment", message_id, original, None, block)
        elif name == "TxInfAndSts":
            yield _line(element)


def _about(
    kind: str, message_id: str | None, original: str | None, status: str | None, reason: etree._Element | None
) -> About:
    return About(kind, message_id, original, status, *reason_of(reason))


def _made_on(head: etree._Element) -> date | None:
    try:
        return day(text(head, "CreDtTm"))
    except Unclear:
        return None


def reason_of(element: etree._Element | None) -> tuple[str | None, str | None]:
    """Return a reason's code (or the bank's own) and its further words, from `StsRsnInf` or `RtrInf`."""
    reason = inner(element, "Rsn")
    code = text(reason, "Cd") or text(reason, "Prtry")
    further = [words(child) or "" for child in element if local(child) == "AddtlInf"] if element is not None else []
    return code, " ".join(further) or None


def _line(element: etree._Element) -> Found:
    told = children(element)
    try:
        named, status = words(told.get("OrgnlEndToEndId")), words(told.get("TxSts"))
        if named is None:
            raise Unclear("a line that names no payment of ours")
        if status is None or status not in _LINE:
            raise Unclear(f"a status we do not know: {status}")
        code, further = reason_of(told.get("StsRsnInf"))
        amount = inner(told.get("OrgnlTxRef"), "Amt", "InstdAmt")
        return LineAnswer(
            named,
            _LINE[status],
            status,
            code,
            further,
            None if amount is None else dong(amount),
            words(told.get("AcctSvcrRef")) or words(told.get("ClrSysRef")) or words(told.get("StsId")),
            day(words(told.get("AccptncDtTm"))),
        )
    except Unclear as why:
        return Parked(str(why), etree.tostring(element, with_tail=False))

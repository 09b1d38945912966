"""Read returns of payments (ISO 20022 pacs.004, any version), for banks that pass on the clearing's own message."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from ansinh.payments.messages.amounts import Unclear, day, dong
from ansinh.payments.messages.found import About, Found, LineAnswer, Outcome, Parked
from ansinh.payments.messages.status_reports import reason_of
from ansinh.payments.messages.streaming import Hashing, inner, parts, text


def read_return(source: Hashing) -> Iterator[Found]:
    """Yield each returned payment; raises Unreadable when the bytes are no sound XML."""
    settled_on = None
    for name, element in parts(source, ("GrpHdr", "TxInf")):
        if name == "GrpHdr":
            settled_on = text(element, "IntrBkSttlmDt")
            yield About("return", text(element, "MsgId"), None, None, None, None)
        elif name == "TxInf":
            yield _returned(element, settled_on)


def _returned(element: etree._Element, settled_on: str | None) -> Found:
    try:
        named, amount = text(element, "OrgnlEndToEndId"), inner(element, "RtrdIntrBkSttlmAmt")
        if named is None or amount is None:
            raise Unclear("a return without the payment's name or its amount")
        code, words = reason_of(inner(element, "RtrRsnInf"))
        on = day(text(element, "IntrBkSttlmDt") or settled_on)
        return LineAnswer(named, Outcome.RETURNED, "RTRN", code, words, dong(amount), text(element, "RtrId"), on)
    except Unclear as why:
        return Parked(str(why), etree.tostring(element, with_tail=False))

"""Read the agency's credit transfers as a bank's programmer would, from the message definition alone."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

_SPACE = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}"


class NotTaken(Exception):
    """The message cannot be carried out; the code is the bank's reason."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


@dataclass(frozen=True, slots=True)
class Order:
    """One payment asked for."""

    end_to_end_id: str
    amount: int
    bin: str
    account: str
    name: str


def orders_of(body: bytes) -> Iterator[Order]:
    """Yield the payments of a message; raises NotTaken when its form, count or sum is wrong."""
    count = total = 0
    told = ("", "")
    try:
        events = etree.iterparse(
            io.BytesIO(body), tag=[f"{_SPACE}GrpHdr", f"{_SPACE}CdtTrfTxInf"], resolve_entities=False, no_network=True
        )
        for _, element in events:
            if element.tag == f"{_SPACE}GrpHdr":
                told = (element.findtext(f"{_SPACE}NbOfTxs") or "", element.findtext(f"{_SPACE}CtrlSum") or "")
                continue
            order = _order(element)
            count += 1
            total += order.amount
            yield order
            element.clear()
            parent = element.getparent()
            while parent is not None and parent[0] is not element:
                del parent[0]
    except (etree.XMLSyntaxError, ValueError, AttributeError) as error:
        raise NotTaken("FF01", str(error)) from None
    if told[0] != str(count):
        raise NotTaken("AM18", f"{told[0]} announced, {count} found")
    if told[1] != str(total):
        raise NotTaken("AM10", f"{told[1]} announced, {total} found")


def _order(element: etree._Element) -> Order:
    name, amount, bank, payee, account, *_ = element.itertext()
    return Order(name, int(amount), bank, account, payee)

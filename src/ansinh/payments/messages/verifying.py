"""Read our own message again before it leaves: schema, count, sum, and each line against what was sealed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from ansinh.payments.messages.credit_transfers import ControlTotalsDiffer, Head, Line, Written
from ansinh.payments.messages.streaming import Hashing, Unreadable, parts, text

_SCHEMAS = Path(__file__).parent / "schemas"


@cache
def schema(name: str) -> etree.XMLSchema:
    """Return a message definition, such as `pain.001.001.09`."""
    return etree.XMLSchema(etree.parse(_SCHEMAS / f"{name}.xsd"))


def verify_credit_transfers(
    source: BinaryIO, head: Head, each: Callable[[Line], None], *, with_schema: bool = True
) -> Written:
    """Read a written message back, hand each line to `each`, and return digest and totals.

    Raises Unreadable when it breaks the schema, ControlTotalsDiffer when count, sum or message id are not those of `head`.
    """
    reading = Hashing(source)
    count = total = 0
    told: list[tuple[str | None, str | None]] = []
    message_id = None
    checked = schema("pain.001.001.09") if with_schema else None
    for name, element in parts(reading, ("GrpHdr", "CdtTrfTxInf", "CtrlSum"), checked):
        if name == "GrpHdr":
            message_id = text(element, "MsgId")
            told.append((text(element, "NbOfTxs"), text(element, "CtrlSum")))
        elif name == "CdtTrfTxInf":
            try:
                line = _read(element)
            except ValueError:
                raise Unreadable(f"line {count + 1} is not of the shape we write") from None
            count += 1
            total += line.amount
            each(line)
    if (
        message_id != head.message_id
        or (count, total) != (head.count, head.total)
        or told != [(str(count), str(total))]
    ):
        raise ControlTotalsDiffer(
            f"{message_id}: told {told}, found {count} lines of {total}, meant {head.count} of {head.total}"
        )
    digest = reading.sha256()
    return Written(digest, source.tell(), count, total)


def _read(element: etree._Element) -> Line:
    """Return a line by the order of its six texts, which the schema has put into their places."""
    name, amount, bank, payee, account, text = element.itertext()
    return Line(name, int(amount), bank, account, payee, text)

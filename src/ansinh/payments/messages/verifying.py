"""Read our own message again before it leaves: schema, count, sum, and each line against what was sealed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from ansinh.payments.messages.credit_transfers import ControlTotalsDiffer, Line, Written
from ansinh.payments.messages.streaming import Hashing, Unreadable, parts, text

_SCHEMAS = Path(__file__).parent / "schemas"


@cache
def schema(name: str) -> etree.XMLSchema:
    """Return a message definition, such as `pain.001.001.09`."""
    return etree.XMLSchema(etree.parse(_SCHEMAS / f"{name}.xsd"))


def verify_credit_transfers(source: BinaryIO, each: Callable[[Line], None], *, with_schema: bool = True) -> Written:
    """Read a written message back, hand each line to `each`, and return what it holds, recounted and resummed.

    Raises Unreadable when it breaks the schema or is not of the shape we write, ControlTotalsDiffer when its head says otherwise.
    """
    reading = Hashing(source)
    count = total = 0
    message_id, told = "", ("", "")
    checked = schema("pain.001.001.09") if with_schema else None
    for name, element in parts(reading, ("GrpHdr", "CdtTrfTxInf"), checked):
        if name == "GrpHdr":
            message_id = text(element, "MsgId") or ""
            told = (text(element, "NbOfTxs") or "", text(element, "CtrlSum") or "")
            continue
        try:
            line = _read(element)
        except ValueError:
            raise Unreadable(f"line {count + 1} is not of the shape we write") from None
        count += 1
        total += line.amount
        each(line)
    if told != (str(count), str(total)):
        raise ControlTotalsDiffer(f"{message_id}: {told} told, {count} lines of {total} found")
    return Written(message_id, reading.sha256(), source.tell(), count, total)


def _read(element: etree._Element) -> Line:
    """Return a line by the order of its six texts, which the schema has put into their places."""
    name, amount, bank, payee, account, text = element.itertext()
    return Line(name, int(amount), bank, account, payee, text)

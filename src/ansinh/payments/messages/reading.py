"""Read whatever a bank sends: the root of the message says which reader it is for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from lxml import etree

from ansinh.payments.messages.found import Found
from ansinh.payments.messages.returns import read_return
from ansinh.payments.messages.statements import read_statement
from ansinh.payments.messages.status_reports import read_status_report
from ansinh.payments.messages.streaming import Hashing, Unreadable, local

_READERS: dict[str, Callable[[Hashing], Iterator[Found]]] = {
    "CstmrPmtStsRpt": read_status_report,
    "BkToCstmrStmt": read_statement,
    "BkToCstmrDbtCdtNtfctn": read_statement,
    "BkToCstmrAcctRpt": read_statement,
    "PmtRtr": read_return,
}
_LOOKED_AT = 64 * 1024


def read_answer(source: BinaryIO) -> Iterator[Found]:
    """Yield what a bank's message says, in any version and with any prefixes; raises Unreadable for what is no message of ours to read.

    `source` can seek: its beginning is looked at first. A message wrapped in a business application envelope is read like a bare one.
    """
    reader = _READERS.get(kind_of(source))
    if reader is None:
        raise Unreadable("neither a status report, a statement, a notice nor a return")
    source.seek(0)
    return reader(Hashing(source))


def kind_of(source: BinaryIO) -> str:
    """Return the name of the first element that names a kind of message, from the first bytes alone; empty when none does. Raises Unreadable."""
    parser = etree.XMLPullParser(events=("start",), resolve_entities=False, no_network=True, load_dtd=False)
    source.seek(0)
    try:
        parser.feed(source.read(_LOOKED_AT))
        for _, element in parser.read_events():
            if local(element) in _READERS:
                return local(element)
    except etree.XMLSyntaxError as broken:
        raise Unreadable(f"not a sound message: {broken.msg}") from None
    return ""

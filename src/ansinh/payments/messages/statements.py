"""Read statements and notices of our accounts (ISO 20022 camt.053 and camt.054, any version): each booked movement, and the balances around them."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from ansinh.payments.messages.amounts import Unclear, day, dong
from ansinh.payments.messages.found import About, Balance, Found, LineAnswer, Movement, Outcome, Parked
from ansinh.payments.messages.status_reports import reason_of
from ansinh.payments.messages.streaming import Hashing, inner, local, parts, text

_PARTS = ("GrpHdr", "Id", "Acct", "Bal", "Ntry", "RltdAcct", "RptgSrc", "Intrst", "TxsSummry")
_BALANCES = {"OPBD": "opening", "PRCD": "opening", "CLBD": "closing"}
_NAMES_NOTHING = frozenset({"NOTPROVIDED", "NONREF", "NONE"})


def read_statement(source: Hashing) -> Iterator[Found]:
    """Yield what a statement or notice says; raises Unreadable when the bytes are no sound XML.

    Entries that are only announced (not booked) are passed over: money that may come is no money.
    """
    message_id = statement = account = None
    for name, element in parts(source, _PARTS):
        if name == "GrpHdr":
            message_id = text(element, "MsgId")
        elif name == "Id":
            statement, account = (element.text or "").strip() or None, None
            yield About("statement", message_id, statement, None, None, None)
        elif name == "Acct":
            account = text(element, "Id", "Othr", "Id") or text(element, "Id", "IBAN")
        elif name == "Bal":
            yield from _balance(element, account, statement)
        elif name == "Ntry":
            yield from _entry(element, account)


def _balance(element: etree._Element, account: str | None, statement: str | None) -> Iterator[Found]:
    kind = _BALANCES.get(text(element, "Tp", "CdOrPrtry", "Cd") or "")
    if kind is None:
        return
    try:
        sign = _sign(element)
        on = day(text(element, "Dt", "Dt") or text(element, "Dt", "DtTm"))
        yield Balance(account, statement, kind, sign * _amount(element), on)
    except Unclear as why:
        yield Parked(str(why), etree.tostring(element, with_tail=False))


def _entry(element: etree._Element, account: str | None) -> Iterator[Found]:
    status = text(element, "Sts", "Cd") or text(element, "Sts")
    if status not in ("BOOK", None):
        return
    try:
        yield from _booked(element, account)
    except Unclear as why:
        yield Parked(str(why), etree.tostring(element, with_tail=False))


def _booked(entry: etree._Element, account: str | None) -> list[Found]:
    """Return an entry's details as answers, and as a movement what no detail explains; raises Unclear when they exceed the entry."""
    booked_on = day(text(entry, "BookgDt", "Dt") or text(entry, "BookgDt", "DtTm"))
    whole = _amount(entry)
    sign = _sign(entry)
    reference = text(entry, "AcctSvcrRef") or text(entry, "NtryRef")
    details = [d for n in entry if local(n) == "NtryDtls" for d in n if local(d) == "TxDtls"]
    answers: list[Found] = []
    explained = 0
    for detail in details:
        named = text(detail, "Refs", "EndToEndId")
        own = inner(detail, "Amt") if inner(detail, "Amt") is not None else inner(detail, "AmtDtls", "TxAmt", "Amt")
        amount = dong(own) if own is not None else (whole if len(details) == 1 else None)
        if amount is None:
            raise Unclear("several details, and one of them without an amount")
        explained += amount
        detail_reference = text(detail, "Refs", "AcctSvcrRef") or text(detail, "Refs", "TxId") or reference
        if named is None or named.upper() in _NAMES_NOTHING:
            answers.append(Movement(account, detail_reference, sign * amount, booked_on, _words(detail), single=True))
            continue
        code, words = reason_of(inner(detail, "RtrInf"))
        came_back = sign > 0
        outcome = Outcome.RETURNED if came_back else Outcome.PAID
        answers.append(LineAnswer(named, outcome, "BOOK", code, words, amount, detail_reference, booked_on))
    if explained > whole:
        raise Unclear(f"details of {explained} in an entry of {whole}")
    if explained < whole:
        answers.append(Movement(account, reference, sign * (whole - explained), booked_on, text(entry, "AddtlNtryInf")))
    return answers


def _amount(element: etree._Element) -> int:
    found = inner(element, "Amt")
    if found is None:
        raise Unclear("no amount")
    return dong(found)


def _sign(element: etree._Element) -> int:
    """Return 1 for money that came, -1 for money that left; a reversal too tells the direction of its own booking."""
    direction = text(element, "CdtDbtInd")
    if direction not in ("CRDT", "DBIT"):
        raise Unclear(f"neither credit nor debit: {direction}")
    return 1 if direction == "CRDT" else -1


def _words(detail: etree._Element) -> str | None:
    return text(detail, "RmtInf", "Ustrd") or text(detail, "AddtlTxInf")

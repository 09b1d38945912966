"""Payments to banks that speak ISO 20022: sealed lines become a credit transfer, and whatever the bank sends becomes inner rows."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from ansinh.foundation.clock import VIET_NAM
from ansinh.payments.answers.told import Answer, FileAnswer, Unreadable
from ansinh.payments.handover.bank import Header, PaymentLine, Totals
from ansinh.payments.messages import streaming
from ansinh.payments.messages.credit_transfers import ControlTotalsDiffer, Head, Line, write_credit_transfers
from ansinh.payments.messages.found import About, Found, LineAnswer, Movement, Outcome, Parked
from ansinh.payments.messages.reading import read_answer
from ansinh.payments.messages.verifying import verify_credit_transfers
from ansinh.payments.messages.wording import carried
from ansinh.payments.states import AttemptEvent

NAME_LENGTH_MAX = 70
TEXT_LENGTH_MAX = 140
WORDS_LENGTH_MAX = 200
_KINDS = {
    Outcome.ACCEPTED: AttemptEvent.ACCEPTED,
    Outcome.PAID: AttemptEvent.PAID,
    Outcome.REJECTED: AttemptEvent.REJECTED,
    Outcome.RETURNED: AttemptEvent.RETURNED,
}


@dataclass(frozen=True)
class Payer:
    """Who pays, and from which account at the bank a message goes to."""

    name: str
    account: str
    bin: str


class CreditTransferWriter:
    """Writes pain.001.001.09 for one bank. Letters no bank carries are told in those every bank does."""

    def __init__(self, payer: Payer) -> None:
        self._payer = payer

    def write(self, header: Header, lines: Iterable[PaymentLine]) -> bytes:
        """Return the message; raises ValueError when lines and header do not agree or cannot be carried."""
        sink = io.BytesIO()
        try:
            act = carried(header.act, TEXT_LENGTH_MAX)
            write_credit_transfers(self._head(header), (_line(header.partner, act, one) for one in lines), sink)
        except ControlTotalsDiffer as error:
            raise ValueError(str(error)) from None
        return sink.getvalue()

    def verify(self, body: bytes) -> Totals:
        """Read the message again against its definition, recount and resum; raises ValueError."""
        try:
            found = verify_credit_transfers(io.BytesIO(body), lambda line: None)
        except ControlTotalsDiffer as error:
            raise ValueError(str(error)) from None
        return Totals(found.count, found.total)

    def _head(self, header: Header) -> Head:
        return Head(
            message_id=header.message_id,
            created_at=header.made_at.astimezone(UTC),
            pay_on=date.fromisoformat(header.pay_on),
            payer=carried(self._payer.name, NAME_LENGTH_MAX),
            payer_account=self._payer.account,
            payer_bin=self._payer.bin,
            count=header.lines,
            total=header.amount,
        )


def _line(partner: str, act: str, line: PaymentLine) -> Line:
    if line.account is None:
        raise ValueError(f"{line.end_to_end_id}: a payment without an account cannot go to a bank")
    text = carried(f"{act} {line.end_to_end_id}", TEXT_LENGTH_MAX)
    return Line(line.end_to_end_id, line.amount, partner, line.account, carried(line.holder, NAME_LENGTH_MAX), text)


class AnswerReader:
    """Reads pain.002, camt.053, camt.054 and pacs.004, in any version."""

    def read(self, body: bytes) -> Iterator[Answer | FileAnswer]:
        """Yield what a file says; raises Unreadable. What cannot be read or names nothing becomes an answer without a payment, for a person to look at."""
        try:
            message_id, made_on = "", date(1970, 1, 1)
            for place, found in enumerate(read_answer(io.BytesIO(body))):
                if isinstance(found, About):
                    message_id, made_on = found.message_id or message_id, found.made_on or made_on
                yield from _inner(found, f"{message_id}/{place}", made_on)
        except streaming.Unreadable as error:
            raise Unreadable(str(error)) from None


def _inner(found: Found, place: str, made_on: date) -> Iterator[Answer | FileAnswer]:
    if isinstance(found, LineAnswer):
        reference = found.reference or f"{found.status}"
        yield Answer(
            found.end_to_end_id,
            _KINDS[found.outcome],
            reference,
            _moment(found.booked_on or made_on),
            _why(found),
            found.amount,
        )
    elif isinstance(found, About) and found.kind == "file" and found.original_message_id:
        reason = " ".join(filter(None, (found.reason, found.reason_text)))
        yield FileAnswer(found.original_message_id, found.status == "RJCT", reason[:WORDS_LENGTH_MAX])
    elif isinstance(found, Movement) and found.single:
        kind = AttemptEvent.RETURNED if found.amount > 0 else AttemptEvent.PAID
        yield Answer(
            None, kind, found.reference or place, _moment(found.booked_on or made_on), found.text, abs(found.amount)
        )
    elif isinstance(found, Parked):
        yield Answer(None, AttemptEvent.ACCEPTED, place, _moment(made_on), found.why[:WORDS_LENGTH_MAX], None)


def _why(found: LineAnswer) -> str | None:
    return found.reason or (found.reason_text or "")[:WORDS_LENGTH_MAX] or None


def _moment(on: date) -> datetime:
    """Return noon of a day at the agency."""
    return datetime.combine(on, time(12), VIET_NAM)

"""What a pension will be, for somebody who reaches the age soon: the question a file would ask, answered by the law; nothing is stored."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time

from ansinh.benefits.awarding import awards_of, failing_condition
from ansinh.benefits.deciding import answered
from ansinh.benefits.file_states import Channel, FileKind, FileState
from ansinh.benefits.gathering.asked import File
from ansinh.benefits.gathering.kinds import gather
from ansinh.foundation.clock import VIET_NAM
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.period import Month


@dataclass(frozen=True, slots=True)
class PensionAhead:
    """A pension to come: the first month and amount in đồng, or, where there is none, why (Vietnamese, English)."""

    from_month: int
    amount: int
    because: tuple[str, str] | None


def pension_ahead(person_id: int, moment: datetime, month: int) -> PensionAhead:
    """Return the pension of who reaches the retirement age in a month, over the book as known at a moment, if work ends with that month.

    Refuses a record that lacks what the law must know (`invalid_input`), and a value of law that is not known (`parameter_unknown`).
    """
    reached = Month.of(month)
    last = date(reached.year, reached.month, calendar.monthrange(reached.year, reached.month)[1])
    filed = datetime.combine(last, time(9), VIET_NAM)
    stated = {"work_ended": last.isoformat()}
    file = File(
        0, person_id, FileKind.RETIREMENT, Channel.EVENT, person_id, filed, "", FileState.GATHERING, stated, [], "", None, None, None, None
    )  # fmt: skip
    found = gather(file, moment)
    if found.question is None:
        fields = ", ".join(one.vi for one in found.missing)
        told = ", ".join(one.en for one in found.missing)
        raise InvalidInput(f"Hồ sơ thiếu: {fields}.", f"The record lacks: {told}.", field=found.missing[0].key)
    answer = answered(file, found)
    awards = awards_of(file, found, answer)
    monthly = next((one for one in awards if one.amount), None)
    if monthly is None:
        return PensionAhead(reached.plus(1).number(), 0, failing_condition(file, answer))
    return PensionAhead(monthly.from_month, monthly.amount, None)

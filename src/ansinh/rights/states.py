"""What people can ask about their data, the states of a request as a transition table, and until when the law wants an answer."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from enum import StrEnum

from ansinh.foundation.clock import VIET_NAM, legal_day
from ansinh.foundation.errors import Refusal
from ansinh.rules.law import parameters


class RequestKind(StrEnum):
    """What is asked."""

    CORRECT = "correct"
    RESTRICT = "restrict"
    OBJECT = "object"
    ERASE = "erase"
    DISPUTE = "dispute"
    """A look at the person's data was not right."""


class RequestState(StrEnum):
    """What has become of a request."""

    FILED = "filed"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """What a request was answered with; a disputed look was justified or unjustified."""

    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"
    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"


OPEN = (RequestState.FILED, RequestState.ACKNOWLEDGED)
# state → the states it can move to.
TRANSITIONS: dict[RequestState, frozenset[RequestState]] = {
    RequestState.FILED: frozenset({RequestState.ACKNOWLEDGED, RequestState.ANSWERED, RequestState.WITHDRAWN}),
    RequestState.ACKNOWLEDGED: frozenset({RequestState.ANSWERED, RequestState.WITHDRAWN}),
    RequestState.ANSWERED: frozenset(),
    RequestState.WITHDRAWN: frozenset(),
}
OUTCOMES: dict[RequestKind, frozenset[Outcome]] = {
    **dict.fromkeys(RequestKind, frozenset({Outcome.GRANTED, Outcome.PARTLY, Outcome.REFUSED})),
    RequestKind.DISPUTE: frozenset({Outcome.JUSTIFIED, Outcome.UNJUSTIFIED}),
}
KIND_WORDS: dict[RequestKind, tuple[str, str]] = {
    RequestKind.CORRECT: ("sửa thông tin sai", "correct what is wrong"),
    RequestKind.RESTRICT: ("hạn chế sử dụng", "restrict the use"),
    RequestKind.OBJECT: ("phản đối việc sử dụng", "object to a use"),
    RequestKind.ERASE: ("xóa dữ liệu", "erase data"),
    RequestKind.DISPUTE: ("khiếu nại một lượt xem", "dispute a look"),
}
STATE_WORDS: dict[RequestState, tuple[str, str]] = {
    RequestState.FILED: ("đã gửi", "sent"),
    RequestState.ACKNOWLEDGED: ("đang xem xét", "being looked into"),
    RequestState.ANSWERED: ("đã trả lời", "answered"),
    RequestState.WITHDRAWN: ("đã rút", "withdrawn"),
}
OUTCOME_WORDS: dict[Outcome, tuple[str, str]] = {
    Outcome.GRANTED: ("được chấp nhận", "granted"),
    Outcome.PARTLY: ("được chấp nhận một phần", "granted in part"),
    Outcome.REFUSED: ("không được chấp nhận", "refused"),
    Outcome.JUSTIFIED: ("lượt xem là đúng quy định", "the look was justified"),
    Outcome.UNJUSTIFIED: ("lượt xem là sai quy định", "the look was not justified"),
}


class WrongState(Refusal):
    """What is asked for cannot happen to a request in its state."""

    code = "wrong_state"


def require_move(state: RequestState, to: RequestState) -> None:
    """Raise WrongState unless a request may move from one state to the other."""
    if to not in TRANSITIONS[state]:
        vi, en = STATE_WORDS[state]
        raise WrongState(
            f"Yêu cầu này {vi} nên không làm được việc này nữa.",
            f"This request is {en}, so that cannot be done any more.",
            state=state.value,
        )


_KIND_LIMIT = {RequestKind.OBJECT: "restrict"}


def due_at(kind: RequestKind, filed_at: datetime) -> datetime:
    """Return until when a request must be answered: 72 hours by Decree 13/2023, days by kind since Decree 356/2025; a disputed look as a complaint.

    Days end at midnight in Viet Nam.
    """
    day = legal_day(filed_at)
    hours = None if kind is RequestKind.DISPUTE else _known("carry_out", filed_at)
    if hours is not None:
        return filed_at + timedelta(hours=hours)
    days = _known(_KIND_LIMIT.get(kind, kind.value), filed_at)
    if days is None:
        raise LookupError(f"no time limit for {kind.value} on {day}")
    return datetime.combine(day + timedelta(days=days + 1), time(), VIET_NAM)


def breach_due_at(found_at: datetime) -> datetime:
    """Return until when a breach must be reported to the authority for personal data (Decree 13/2023 art. 23)."""
    hours = _known("breach", found_at)
    assert hours is not None
    return found_at + timedelta(hours=hours)


def _known(name: str, moment: datetime) -> int | None:
    dated = [one for one in parameters()[f"personal_data.{name}"].history if one.day <= legal_day(moment)]
    value = dated[-1].value if dated else None
    return value if isinstance(value, int) else None

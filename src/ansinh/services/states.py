"""An application from draft to answer: its states and permitted transitions as tables, with words in both languages."""

from __future__ import annotations

from enum import StrEnum


class ApplicationState(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RECEIVED = "received"
    WAITING_SUPPLEMENT = "waiting_supplement"
    FORWARDED = "forwarded"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


APPLICATION_STATES: dict[ApplicationState, tuple[str, str]] = {
    ApplicationState.DRAFT: ("đang soạn", "draft"),
    ApplicationState.SUBMITTED: ("đã nộp, chờ tiếp nhận", "submitted, waiting to be received"),
    ApplicationState.RECEIVED: ("đã tiếp nhận", "received"),
    ApplicationState.WAITING_SUPPLEMENT: ("chờ bổ sung", "waiting for a supplement"),
    ApplicationState.FORWARDED: ("đang giải quyết", "being decided"),
    ApplicationState.GRANTED: ("đã giải quyết", "granted"),
    ApplicationState.REFUSED: ("không giải quyết", "refused"),
    ApplicationState.WITHDRAWN: ("đã rút", "withdrawn"),
}


class Happening(StrEnum):
    """What happens to an application."""

    SUBMITTED = "submitted"
    RECEIVED = "received"
    SUPPLEMENT_ASKED = "supplement_asked"
    SUPPLEMENTED = "supplemented"
    SUPPLEMENTED_THERE = "supplemented_there"
    FORWARDED = "forwarded"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


_S = ApplicationState
CLOSED = frozenset({_S.GRANTED, _S.REFUSED, _S.WITHDRAWN})
OPEN = frozenset(ApplicationState) - CLOSED
# The legal clock runs.
RUNNING = frozenset({_S.SUBMITTED, _S.RECEIVED, _S.FORWARDED})

# happening → (states it may happen in, the state after it)
TRANSITIONS: dict[Happening, tuple[frozenset[ApplicationState], ApplicationState]] = {
    Happening.SUBMITTED: (frozenset({_S.DRAFT}), _S.SUBMITTED),
    Happening.RECEIVED: (frozenset({_S.SUBMITTED}), _S.RECEIVED),
    Happening.SUPPLEMENT_ASKED: (RUNNING, _S.WAITING_SUPPLEMENT),
    Happening.SUPPLEMENTED: (frozenset({_S.WAITING_SUPPLEMENT}), _S.RECEIVED),
    Happening.SUPPLEMENTED_THERE: (frozenset({_S.WAITING_SUPPLEMENT}), _S.FORWARDED),
    Happening.FORWARDED: (frozenset({_S.RECEIVED}), _S.FORWARDED),
    Happening.GRANTED: (frozenset({_S.RECEIVED, _S.FORWARDED}), _S.GRANTED),
    Happening.REFUSED: (frozenset({_S.SUBMITTED, _S.RECEIVED, _S.WAITING_SUPPLEMENT, _S.FORWARDED}), _S.REFUSED),
    Happening.WITHDRAWN: (OPEN, _S.WITHDRAWN),
}


def after(happening: Happening, state: ApplicationState) -> ApplicationState | None:
    """Return the state after a happening; None when it may not happen in that state."""
    before, following = TRANSITIONS[happening]
    return following if state in before else None


class Channel(StrEnum):
    """By whom an application came in: by the person, by somebody with a mandate, or by an officer of the one-stop counter for somebody without a phone."""

    PERSON = "person"
    MANDATE = "mandate"
    OFFICER = "officer"


CHANNELS: dict[Channel, tuple[str, str]] = {
    Channel.PERSON: ("tự nộp trực tuyến", "submitted online by the person"),
    Channel.MANDATE: ("người được ủy quyền nộp", "submitted by somebody with a mandate"),
    Channel.OFFICER: ("cán bộ một cửa nộp thay", "submitted by the one-stop counter"),
}


class Office(StrEnum):
    """Who decides a service."""

    BENEFITS = "benefits"
    CARDS = "cards"
    PAYMENTS = "payments"
    BOOKS = "books"


OFFICES: dict[Office, tuple[str, str]] = {
    Office.BENEFITS: ("bộ phận chế độ bảo hiểm xã hội", "the benefits desk"),
    Office.CARDS: ("bộ phận cấp thẻ bảo hiểm y tế", "the card desk"),
    Office.PAYMENTS: ("bộ phận chi trả", "the payments desk"),
    Office.BOOKS: ("bộ phận thu, sổ bảo hiểm xã hội", "the contribution-book desk"),
}
RECEPTION = ("bộ phận một cửa", "the one-stop counter")
APPLICANT = ("người nộp hồ sơ", "the applicant")
NOBODY = ("—", "—")


def held_by(state: ApplicationState, office: Office) -> tuple[str, str]:
    """Return who has an application now, in both languages."""
    match state:
        case _S.DRAFT | _S.WAITING_SUPPLEMENT:
            return APPLICANT
        case _S.SUBMITTED:
            return RECEPTION
        case _S.RECEIVED | _S.FORWARDED:
            return OFFICES[office]
        case _:
            return NOBODY


class AlertKind(StrEnum):
    """What is told about a deadline; `unanswered`: the time to bring a supplement is over."""

    NEAR = "near"
    LATE = "late"
    UNANSWERED = "unanswered"


def drawn() -> str:
    """Return the transitions as a Mermaid diagram, for the room's page."""
    lines = ["stateDiagram-v2", "    [*] --> draft"]
    for happening, (before, following) in TRANSITIONS.items():
        lines += [f"    {state} --> {following}: {happening}" for state in ApplicationState if state in before]
    lines += [f"    {state} --> [*]" for state in ApplicationState if state in CLOSED]
    return "\n".join(lines)

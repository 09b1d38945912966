"""Files from application to decision: their kinds, states and permitted transitions as tables, with words in both languages."""

from __future__ import annotations

from enum import StrEnum


class FileKind(StrEnum):
    """What a file asks for."""

    RETIREMENT = "retirement"
    ONE_OFF = "one_off"
    RETIREMENT_EXTRA = "retirement_extra"
    FUNERAL = "funeral"
    SURVIVORS = "survivors"
    UNEMPLOYMENT = "unemployment"
    SOCIAL_PENSION = "social_pension"
    BRIDGE = "bridge"


FILE_KINDS: dict[FileKind, tuple[str, str]] = {
    FileKind.RETIREMENT: ("Lương hưu", "Retirement pension"),
    FileKind.ONE_OFF: ("Bảo hiểm xã hội một lần", "One-off withdrawal"),
    FileKind.RETIREMENT_EXTRA: ("Trợ cấp một lần khi nghỉ hưu", "Extra one-off at retirement"),
    FileKind.FUNERAL: ("Trợ cấp mai táng", "Funeral allowance"),
    FileKind.SURVIVORS: ("Trợ cấp tuất", "Survivors' allowances"),
    FileKind.UNEMPLOYMENT: ("Trợ cấp thất nghiệp", "Unemployment benefit"),
    FileKind.SOCIAL_PENSION: ("Trợ cấp hưu trí xã hội", "Social pension"),
    FileKind.BRIDGE: (
        "Trợ cấp hằng tháng khi chưa đủ tuổi hưởng trợ cấp hưu trí xã hội",
        "Bridge allowance until the social pension",
    ),
}

# Files about somebody who died: the applicant is another person than the insured.
OF_A_DEATH = frozenset({FileKind.FUNERAL, FileKind.SURVIVORS})


class Channel(StrEnum):
    """By whom a file came in; an event is a life event told by a partner, such as a death in the interlinked procedure."""

    PERSON = "person"
    OFFICER = "officer"
    EVENT = "event"


class FileState(StrEnum):
    """Where a file stands."""

    FILED = "filed"
    GATHERING = "gathering"
    WAITING_PAPERS = "waiting_papers"
    WAITING_CONFIRMATION = "waiting_confirmation"
    PREPARED = "prepared"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


# state → in words
FILE_STATES: dict[FileState, tuple[str, str]] = {
    FileState.FILED: ("đã tiếp nhận", "received"),
    FileState.GATHERING: ("đang thu thập dữ kiện", "facts being gathered"),
    FileState.WAITING_PAPERS: ("chờ bổ sung giấy tờ", "waiting for papers"),
    FileState.WAITING_CONFIRMATION: ("chờ xác nhận", "waiting for a confirmation"),
    FileState.PREPARED: ("đã lập, chờ duyệt", "prepared, waiting for approval"),
    FileState.GRANTED: ("đã quyết định hưởng", "granted"),
    FileState.REFUSED: ("đã quyết định không hưởng", "refused"),
    FileState.WITHDRAWN: ("đã rút", "withdrawn"),
}

PAUSED = frozenset({FileState.WAITING_PAPERS, FileState.WAITING_CONFIRMATION})
CLOSED = frozenset({FileState.GRANTED, FileState.REFUSED, FileState.WITHDRAWN})
OPEN = frozenset(FileState) - CLOSED


class PublicStatus(StrEnum):
    """The few words an applicant is told."""

    IN_PROGRESS = "in_progress"
    WAITING_FOR_YOU = "waiting_for_you"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


PUBLIC_STATUS: dict[FileState, PublicStatus] = dict.fromkeys(FileState, PublicStatus.IN_PROGRESS) | {
    FileState.WAITING_PAPERS: PublicStatus.WAITING_FOR_YOU,
    FileState.WAITING_CONFIRMATION: PublicStatus.WAITING_FOR_YOU,
    FileState.GRANTED: PublicStatus.GRANTED,
    FileState.REFUSED: PublicStatus.REFUSED,
    FileState.WITHDRAWN: PublicStatus.WITHDRAWN,
}


class FileEvent(StrEnum):
    """What happens to a file."""

    GATHERED = "gathered"
    PAPERS_ASKED = "papers_asked"
    CONFIRMATION_ASKED = "confirmation_asked"
    ANSWERED = "answered"
    PREPARED = "prepared"
    SENT_BACK = "sent_back"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


# event → (states it may happen in, the state after it). Money leaves through `granted` alone, which is reached from `prepared` alone.
TRANSITIONS: dict[FileEvent, tuple[frozenset[FileState], FileState]] = {
    FileEvent.GATHERED: (frozenset({FileState.FILED}), FileState.GATHERING),
    FileEvent.PAPERS_ASKED: (frozenset({FileState.GATHERING}), FileState.WAITING_PAPERS),
    FileEvent.CONFIRMATION_ASKED: (frozenset({FileState.GATHERING}), FileState.WAITING_CONFIRMATION),
    FileEvent.ANSWERED: (PAUSED, FileState.GATHERING),
    FileEvent.PREPARED: (frozenset({FileState.GATHERING}), FileState.PREPARED),
    FileEvent.SENT_BACK: (frozenset({FileState.PREPARED}), FileState.GATHERING),
    FileEvent.GRANTED: (frozenset({FileState.PREPARED}), FileState.GRANTED),
    FileEvent.REFUSED: (frozenset({FileState.PREPARED}), FileState.REFUSED),
    FileEvent.WITHDRAWN: (OPEN, FileState.WITHDRAWN),
}


def after(event: FileEvent, state: FileState) -> FileState | None:
    """Return the state after an event; None when it may not happen in that state."""
    before, following = TRANSITIONS[event]
    return following if state in before else None


class Outcome(StrEnum):
    """What a decision says."""

    GRANTED = "granted"
    REFUSED = "refused"


class PauseReason(StrEnum):
    """Why the clock of a file stands still."""

    PAPERS = "papers"
    CONFIRMATION = "confirmation"


class AlertKind(StrEnum):
    """What is told about a file's deadline; `unanswered`: the time to bring papers or to confirm is over."""

    NEAR = "near"
    LATE = "late"
    UNANSWERED = "unanswered"


def drawn() -> str:
    """Return the transitions as a Mermaid diagram, for the room's page."""
    lines = ["stateDiagram-v2", "    [*] --> filed"]
    for event, (before, following) in TRANSITIONS.items():
        lines += [f"    {state} --> {following}: {event}" for state in FileState if state in before]
    lines += [f"    {state} --> [*]" for state in FileState if state in CLOSED]
    return "\n".join(lines)

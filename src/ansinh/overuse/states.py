"""Words of the room: what may be wrong with two visits, and what an officer says of it."""

from __future__ import annotations

from enum import StrEnum


class FindingKind(StrEnum):
    """Why two visits do not go together."""

    TWO_BEDS = "two_beds"
    FAR_APART = "far_apart"
    MEDICINES_TWICE = "medicines_twice"
    COPIED = "copied"


class FindingState(StrEnum):
    """Where a finding stands; the last four are an officer's decisions."""

    OPEN = "open"
    GONE = "gone"
    """One of its visits is no longer current: nothing to decide."""
    LEGITIMATE = "legitimate"
    ASKED = "asked"
    """The facility is asked to explain; decided again when it has."""
    MISTAKEN = "mistaken"
    """The facility erred and amends or withdraws the visit."""
    SUSPICIOUS = "suspicious"
    """Handed to inspection."""


DECISIONS = frozenset({FindingState.LEGITIMATE, FindingState.ASKED, FindingState.MISTAKEN, FindingState.SUSPICIOUS})

WORDS: dict[str, tuple[str, str]] = {
    FindingKind.TWO_BEDS: ("nằm nội trú ở hai nơi cùng lúc", "in bed in two places at once"),
    FindingKind.FAR_APART: ("khám ở hai nơi quá xa nhau trong thời gian đó", "seen in two places too far apart for the time between"),
    FindingKind.MEDICINES_TWICE: ("cấp trùng thuốc ở hai cơ sở", "the same medicine from two facilities at once"),
    FindingKind.COPIED: ("kết quả giống hệt của người khác", "the very results of another person"),
    FindingState.OPEN: ("chờ xem xét", "open"),
    FindingState.GONE: ("không còn", "gone"),
    FindingState.LEGITIMATE: ("hợp lý", "legitimate"),
    FindingState.ASKED: ("hỏi cơ sở", "facility asked"),
    FindingState.MISTAKEN: ("cơ sở nhầm", "mistaken"),
    FindingState.SUSPICIOUS: ("nghi vấn", "suspicious"),
}  # fmt: skip

"""From an outcome to one word a clerk can act on. A table and a few questions; nothing here reads or writes.

Right place or not: 25/2008/QH12, article 22, as amended by 51/2024/QH15. Nobody needs a slip at a facility of primary level; elsewhere the right place is the
first-contact facility, or any with a transfer slip or appointment, or in an emergency. What is paid where: `shares.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ansinh.desk.adapters.gateway import Answered, Away, Busy, Nobody, Outcome, Refused, Standing
from ansinh.desk.comparing import Mismatch, mismatches
from ansinh.desk.reading import Particulars
from ansinh.desk.shares import Shares, shares_at


class Tone(StrEnum):
    """What the clerk should feel from two metres: go on, look closer, stop, or we do not know."""

    GO = "go"
    LOOK = "look"
    STOP = "stop"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """What can be said of a patient; each has its words in `words.py`."""

    VALID_HERE = "valid_here"
    VALID_PRIMARY = "valid_primary"
    VALID_ELSEWHERE = "valid_elsewhere"
    OTHER_PERSON = "other_person"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    REDUCED = "reduced"
    ARMED_FORCES = "armed_forces"
    NOBODY = "nobody"
    OFFICER_REFUSED = "officer_refused"
    CEILING = "ceiling"
    CHALLENGED = "challenged"
    HELD = "held"
    DESK_REFUSED = "desk_refused"
    UNREADABLE = "unreadable"
    BUSY = "busy"
    AWAY = "away"


TONES: dict[Verdict, Tone] = {
    Verdict.VALID_HERE: Tone.GO,
    Verdict.VALID_PRIMARY: Tone.GO,
    Verdict.VALID_ELSEWHERE: Tone.LOOK,
    Verdict.OTHER_PERSON: Tone.LOOK,
    Verdict.EXPIRED: Tone.STOP,
    Verdict.NOT_YET: Tone.STOP,
    Verdict.SUSPENDED: Tone.STOP,
    Verdict.WITHDRAWN: Tone.STOP,
    Verdict.REDUCED: Tone.STOP,
    Verdict.ARMED_FORCES: Tone.LOOK,
    Verdict.NOBODY: Tone.STOP,
    Verdict.OFFICER_REFUSED: Tone.UNKNOWN,
    Verdict.CEILING: Tone.UNKNOWN,
    Verdict.CHALLENGED: Tone.UNKNOWN,
    Verdict.HELD: Tone.UNKNOWN,
    Verdict.DESK_REFUSED: Tone.UNKNOWN,
    Verdict.UNREADABLE: Tone.UNKNOWN,
    Verdict.BUSY: Tone.UNKNOWN,
    Verdict.AWAY: Tone.UNKNOWN,
}
VALID = {Verdict.VALID_HERE, Verdict.VALID_PRIMARY, Verdict.VALID_ELSEWHERE, Verdict.OTHER_PERSON}
# No answer came; trying again can help.
UNANSWERED = {Verdict.BUSY, Verdict.AWAY}

_REFUSALS = {
    "officer": Verdict.OFFICER_REFUSED,
    "ceiling": Verdict.CEILING,
    "challenge": Verdict.CHALLENGED,
    "suspended": Verdict.HELD,
    "question": Verdict.UNREADABLE,
}


@dataclass(frozen=True)
class Here:
    """The facility that asks: its code and its level (primary, basic, specialised)."""

    code: str
    level: str


@dataclass(frozen=True)
class Judged:
    """The verdict with what it rests on; `shares` where there is something to pay. `elsewhere`: registered with another facility; a slip may be needed."""

    verdict: Verdict
    standing: Standing | None
    mismatches: tuple[Mismatch, ...]
    audit_reference: str | None
    retry_seconds: int | None
    shares: Shares | None
    elsewhere: bool = False
    needs_slip: bool = False

    @property
    def share_percent(self) -> int | None:
        """Return what the fund pays on the right path, in whole per cent, or None where nothing is to pay."""
        return self.shares.right // 100 if self.shares else None

    @property
    def tone(self) -> Tone:
        """Return how it looks from two metres."""
        return TONES[self.verdict]


def judge(outcome: Outcome, card: Particulars | None, here: Here, today: date) -> Judged:
    """Return what to tell the clerk."""
    if isinstance(outcome, Answered):
        standing = outcome.standing
        born, sex = standing.born, standing.sex
        differing = mismatches(card, full_name=standing.full_name, born=born, sex=sex) if card else []
        verdict = _of_standing(standing, here, today)
        if verdict in VALID and differing:
            verdict = Verdict.OTHER_PERSON
        shares = shares_at(here.level, standing, today) if verdict in VALID else None
        return Judged(
            verdict,
            standing,
            tuple(differing),
            outcome.audit_reference,
            None,
            shares,
            elsewhere=standing.facility != here.code,
            needs_slip=_needs_slip(standing, here),
        )
    verdict, reference, seconds = _without_standing(outcome)
    return Judged(verdict, None, (), reference, seconds, None)


def _without_standing(outcome: Nobody | Refused | Busy | Away) -> tuple[Verdict, str | None, int | None]:
    if isinstance(outcome, Nobody):
        return Verdict.NOBODY, outcome.audit_reference, None
    if isinstance(outcome, Refused):
        return _REFUSALS.get(outcome.why, Verdict.DESK_REFUSED), None, outcome.retry_seconds
    if isinstance(outcome, Busy):
        return Verdict.BUSY, None, outcome.retry_seconds
    return Verdict.AWAY, None, None


def _of_standing(standing: Standing, here: Here, today: date) -> Verdict:
    status = standing.status
    if status.startswith("managed_") or status == "excluded":
        return Verdict.ARMED_FORCES
    if status.startswith("reduced"):
        return Verdict.REDUCED
    if status != "active":
        return Verdict.SUSPENDED if status == "suspended" else Verdict.WITHDRAWN
    if not standing.in_force:
        return Verdict.NOT_YET if today < standing.valid_from else Verdict.EXPIRED
    if standing.facility == here.code:
        return Verdict.VALID_HERE
    return Verdict.VALID_ELSEWHERE if _needs_slip(standing, here) else Verdict.VALID_PRIMARY


def _needs_slip(standing: Standing, here: Here) -> bool:
    return standing.facility != here.code and here.level != "primary"

"""The words of the table of access: who, in which circumstance, what of the book, and the answers a cell can hold."""

from __future__ import annotations

import csv
from enum import StrEnum
from functools import cache
from pathlib import Path


class Who(StrEnum):
    """Who asks."""

    CITIZEN = "citizen"
    DOCTOR = "doctor"
    OFFICER = "officer"
    STATISTICS = "statistics"


class What(StrEnum):
    """What of a health book is asked for. A row that carries a chapter's label is shown to those who may see that chapter, and its own facility."""

    OWN = "own"
    """What the asking facility itself wrote."""
    BOOK = "book"
    HIV = "hiv"
    MENTAL = "mental"
    SEXUAL = "sexual"
    REPRODUCTIVE = "reproductive"
    GENETIC = "genetic"
    REFERRALS = "referrals"
    APPOINTMENTS = "appointments"
    PAPERS = "papers"


# What a patient may hide from facilities, and may let a facility see.
CHAPTERS = tuple(one for one in What if one is not What.OWN)
WORDS: dict[What, tuple[str, str]] = {
    What.OWN: ("phần cơ sở tự ghi", "what the facility itself wrote"),
    What.BOOK: ("các lần khám", "visits"),
    What.HIV: ("HIV", "HIV"),
    What.MENTAL: ("sức khỏe tâm thần", "mental health"),
    What.SEXUAL: ("bệnh lây qua đường tình dục", "sexually transmitted diseases"),
    What.REPRODUCTIVE: ("sinh sản", "reproductive health"),
    What.GENETIC: ("di truyền", "genetics"),
    What.REFERRALS: ("giấy chuyển cơ sở", "referral papers"),
    What.APPOINTMENTS: ("lịch hẹn", "appointments"),
    What.PAPERS: ("giấy tờ", "papers"),
}


class Answer(StrEnum):
    """What a cell of the table says."""

    YES = "yes"
    UNLESS_HIDDEN = "unless_hidden"
    IF_CONSENTED = "if_consented"
    NO = "no"


# How long the reason of an emergency must be at least and may be at most.
REASON_LENGTH_MIN, REASON_LENGTH_MAX = 10, 300

_TABLE = Path(__file__).with_name("rules.csv")


@cache
def cells() -> dict[tuple[Who, str, What], Answer]:
    """Return the table of access: (who, circumstance, what) → answer."""
    lines = [line for line in _TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {
        (Who(row["who"]), row["circumstance"], what): Answer(row[what.value])
        for row in csv.DictReader(lines)
        for what in What
    }

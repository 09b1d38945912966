"""What a hospital sends, and what is true of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What one sending holds; the value is the hospital software's `loaiHoSo` (letters of the agency; see `contracts/hospital`)."""

    CHECK_IN = "0"
    ENCOUNTER = "130"
    ASSESSMENT = "12"
    PAPERS = "39"
    DEATH = "60"
    BIRTH = "61"


@dataclass(frozen=True, slots=True)
class Truth:
    """What the invented nation knows of a sending: whose it is and what a reader must find in it. Amounts in hundredths of a đồng."""

    record_no: int
    pin: str
    episode: str
    facility: str
    admitted_at: str
    discharged_at: str
    icd10: str
    care_kind: str
    category: str
    medicines: int
    services: int
    results: int
    total: int
    fund: int
    marks: str = ""
    """Comma-separated: referral, referred, appointment, born, died, leave, and what over-use or error was planted (`overuse:…`)."""


@dataclass(frozen=True, slots=True)
class Sending:
    """One submission: when it is sent (`yyyyMMddHHmm`, Viet Nam), from where, and its bytes."""

    kind: Kind
    facility: str
    sent_at: str
    content: bytes
    truth: Truth

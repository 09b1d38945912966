"""Words of the room that others may use: kinds of submissions, what becomes of them, kinds of papers, what makes a diagnosis sensitive."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class SubmissionKind(IntEnum):
    """What a facility submits, by the number its service or decision has (`loaiHoSo`, `loaiHs`, or the decision's own)."""

    CHECK_IN = 0
    OLD_ENCOUNTER = 3
    """The shape of Decision 4210/QĐ-BYT (2017), read but no longer written."""
    WITHDRAWAL = 9
    """Ours: a facility takes back what it submitted."""
    ASSESSMENT = 12
    """Medical assessment, XML12."""
    PAPERS = 39
    """A package of electronic papers (Circular 25/2025/TT-BYT)."""
    DEATH_NOTICE = 60
    BIRTH_CERTIFICATE = 61
    ENCOUNTER_130 = 130
    BUNDLE = 401
    """A visit as a FHIR R4 bundle (4.0.1)."""
    ENCOUNTER_3176 = 3176
    ENCOUNTER_4750 = 4750


ENCOUNTERS = frozenset(
    {
        SubmissionKind.ENCOUNTER_130,
        SubmissionKind.ENCOUNTER_4750,
        SubmissionKind.ENCOUNTER_3176,
        SubmissionKind.OLD_ENCOUNTER,
        SubmissionKind.BUNDLE,
    }
)


class SubmissionState(StrEnum):
    """What became of a submission."""

    RECEIVED = "received"
    """Bytes and receipt are committed; a worker reads it soon."""
    ACCEPTED = "accepted"
    """In the book, as a version of its own."""
    REJECTED = "rejected"
    """Nothing of it is in the book; its errors say why, line by line."""
    WAITING = "waiting"
    """Sound, but whom it is about is not sure; matching decides."""
    WITHDRAWN = "withdrawn"
    """It was in the book and the facility took it back."""
    PARKED = "parked"
    """Reading it failed for a reason of ours; an operator looks at it."""


class PaperKind(StrEnum):
    """Papers a facility writes for a person."""

    DISCHARGE = "discharge"
    SUMMARY = "summary"
    BIRTH = "birth"
    PREGNANCY_LEAVE = "pregnancy_leave"
    LEAVE = "leave"
    ASSESSMENT = "assessment"
    REFERRAL = "referral"
    APPOINTMENT = "appointment"
    DEATH = "death"
    INPATIENT = "inpatient"
    INFERTILITY = "infertility"
    MOTHER_HEALTH = "mother_health"
    HIV_RECORD = "hiv_record"
    TB_TREATMENT = "tb_treatment"


class Sensitive(StrEnum):
    """Chapters of a book that a patient may want fewer people to read."""

    HIV = "hiv"
    MENTAL = "mental"
    SEXUAL = "sexual"
    REPRODUCTIVE = "reproductive"
    GENETIC = "genetic"

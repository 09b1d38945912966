"""Files that open themselves: each event once, under a name of its own, with what registers know already in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ansinh.benefits.queries import Reaching, pension_ahead
from ansinh.foundation.errors import Refusal
from ansinh.foundation.money import Dong, shown
from ansinh.foundation.period import Month
from ansinh.lifeevents.acting import Hand
from ansinh.lifeevents.contents import Move
from ansinh.lifeevents.files import (
    File,
    case_opened,
    kept,
    moved,
    opened,
    step_begun,
    step_due,
    step_ended,
    step_waits,
    told,
)
from ansinh.lifeevents.inbox import Said, heard_once
from ansinh.lifeevents.inhouse.finding import Grown, claim_until
from ansinh.lifeevents.states import REGISTRATION, FileState, Happening, Kind, Office, Step, StepState
from ansinh.notices.operations import Notice, send_message
from ansinh.participation.queries import Termination

_ONE_DAY = timedelta(days=1)


def began(said: Said, subject: str, state: FileState, person: int, province: str, by: Hand) -> File | None:
    """Open the file of an event heard for the first time; None when it was heard before, or a file about the subject lives."""
    if heard_once(said, by.now) is not None:
        return None
    kind = Kind(said.what)
    file = opened(kind, subject, state, said.content, by.now)
    said.belongs_to(file)
    if file.person_id is not None:
        return None
    file = kept(file, person_id=person, applicant=person, province=province)
    step_ended(file, REGISTRATION[kind], StepState.DONE, by.now)
    return file


def retirement_reached(one: Reaching, month: int, by: Hand) -> File | None:
    """Invite who reaches the retirement age in a month, with the pension the law gives by the book; or say why there is none (Law 41/2024/QH15 art. 64)."""
    said = Said(Office.AGENCY, f"retirement:{one.person_id}:{month}", Kind.RETIREMENT.value, {"month": month}, by.today)
    file = began(said, f"person:{one.person_id}", FileState.NOTICED, one.person_id, one.province, by)
    if file is None:
        return None
    at = f"{month % 100:02}/{month // 100}"
    told(file.file_id, Office.AGENCY, (f"đến tuổi nghỉ hưu tháng {at}", f"retirement age reached in {at}"), by.now)
    try:
        ahead = pension_ahead(one.person_id, by.now, month)
    except Refusal as refused:
        step_waits(file, Step.PENSION, (refused.vi, refused.en))
        case_opened(file, (f"Chưa tính được lương hưu: {refused.vi}", f"No pension computed: {refused.en}"), by.now)
        return file
    if ahead.because is not None:
        vi, en = ahead.because
        step_ended(file, Step.PENSION, StepState.NOT_NEEDED, by.now, {"because_vi": vi, "because_en": en})
        told(file.file_id, Office.AGENCY, (f"chưa đủ điều kiện: {vi}", f"not eligible: {en}"), by.now)
        _tell(file, "retirement_not_yet", {"month": at}, by)
        return moved(file, Happening.REGISTERED, by.now)
    first = Month.of(ahead.from_month)
    file = kept(file, content=file.content | {"from_month": ahead.from_month, "expected": ahead.amount})
    amount = shown(Dong(ahead.amount))
    words = (
        f"mời nộp hồ sơ; dự tính {amount}/tháng từ {first.month:02}/{first.year}",
        f"invited; {amount} a month expected from {first.month:02}/{first.year}",
    )
    told(file.file_id, Office.AGENCY, words, by.now)
    step_waits(file, Step.PENSION, ("ông/bà báo ngày nghỉ việc", "the person's last day of work"))
    _tell(file, "retirement_invited", {"month": at, "file": str(file.file_id)}, by)
    return file


def child_grown(one: Grown, by: Hand) -> File | None:
    """Let a child's card be followed by a pupil's on the next day (Decree 188/2025/ND-CP art. 13(2))."""
    ends = one.cover_until.isoformat()
    content = {"ends": ends, "area": one.area, "facility": one.facility, "card_province": one.card_province}
    said = Said(Office.AGENCY, f"child_grown:{one.person_id}:{ends}", Kind.CHILD_GROWN.value, content, by.today)
    file = began(said, f"person:{one.person_id}", FileState.REGISTERED, one.person_id, one.province, by)
    if file is None:
        return None
    file = kept(file, applicant=one.parent or one.person_id)
    last = one.cover_until - _ONE_DAY
    told(file.file_id, Office.AGENCY, (f"thẻ trẻ em đến {last:%d/%m/%Y}", f"child's card until {last}"), by.now)
    step_begun(file, Step.PUPIL_CARD, by.now)
    step_due(file, Step.PUPIL_CARD, last)
    return file


def job_lost(one: Termination, by: Hand) -> File | None:
    """Follow an employer's report that somebody left: cover ends, and until when an unemployment benefit can be asked for (Law 38/2013/QH13 art. 46)."""
    content = {"employer": one.employer_id, "until_month": one.until_month, "line": one.line}
    said = Said(Office.EMPLOYER, f"job_lost:{one.person_id}:{one.line}", Kind.JOB_LOST.value, content, by.today)
    subject = f"person:{one.person_id}:{one.employer_id}:{one.until_month}"
    file = began(said, subject, FileState.REGISTERED, one.person_id, one.province, by)
    if file is None:
        return None
    last = Month.of(one.until_month).first_day() - _ONE_DAY
    words = (f"báo giảm lao động từ {last + _ONE_DAY:%d/%m/%Y}", f"left work, not paid for from {last + _ONE_DAY}")
    told(file.file_id, Office.EMPLOYER, words, by.now)
    step_begun(file, Step.COVER_ENDED, by.now)
    if not one.unemployment:
        step_ended(file, Step.UNEMPLOYMENT, StepState.NOT_NEEDED, by.now)
        return file
    until = claim_until(last)
    step_waits(file, Step.UNEMPLOYMENT, (f"ông/bà nộp đến {until:%d/%m/%Y}", f"the person's claim, until {until}"))
    step_due(file, Step.UNEMPLOYMENT, until)
    _tell(file, "job_lost", {"last_on": f"{last:%d/%m/%Y}", "until": f"{until:%d/%m/%Y}"}, by)
    return file


def moved_away(move: Move, person: int, from_province: str, by: Hand) -> File | None:
    """Follow a move to another province: the monthly payments go along, and a first-contact facility near the new home is offered."""
    content = {"from": from_province, "province": move.province, "commune": move.commune}
    said = Said(Office.REGISTER, move.event, Kind.MOVE.value, content, by.today)
    file = began(said, f"person:{person}:{move.event}", FileState.REGISTERED, person, move.province, by)
    if file is None:
        return None
    told(file.file_id, Office.REGISTER, ("chuyển thường trú sang tỉnh khác", "moved to another province"), by.now)
    step_begun(file, Step.PAYMENTS_MOVED, by.now)
    return file


def _tell(file: File, template: str, parameters: dict[str, Any], by: Hand) -> None:
    assert file.applicant is not None
    notice = Notice(file.applicant, template, parameters, f"lifeevents.file:{file.file_id}", by.today)
    send_message(actor=by.actor, reason=by.reason, clock=by.clock, notice=notice)

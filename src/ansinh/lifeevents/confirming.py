"""Relatives confirm by e-ID (Decree 63/2024/NĐ-CP): whoever is named is asked; what waits for them has no clock until they have answered.

All agree: what was held begins. A householder who declines, or does not answer in time, leaves the residence to the police's counter. Of a death a person
settles it: an officer hears the relatives, takes signed papers or not, and settles the case; then two officers decide on the allowance as ever.
"""

from __future__ import annotations

from collections.abc import Sequence

from ansinh.confirmations.operations import Wanted, ask_no_more, ask_to_confirm
from ansinh.confirmations.queries import Confirmation, asked_about
from ansinh.confirmations.states import ConfirmationState
from ansinh.database.sql import execute, row
from ansinh.foundation.errors import InvalidInput
from ansinh.lifeevents.acting import Hand, person_behind
from ansinh.lifeevents.files import (
    File,
    StepNow,
    case_opened,
    not_in_state,
    plan,
    step_begun,
    step_ended,
    step_waits,
    steps_of,
    told,
)
from ansinh.lifeevents.states import ENDED, HELD, Kind, Office, Step, StepState
from ansinh.notices.operations import Notice, send_message

WAITS = (
    "người thân xác nhận qua định danh điện tử; thời gian này không tính",
    "relatives to confirm by e-ID; not counted",
)
_FOR_A_PERSON = ("người thân không xác nhận: nghe các bên", "relatives did not confirm: hear them")


def asked_to_confirm(file: File, pins: Sequence[str], by: Hand) -> None:
    """Ask whom an applicant names, each once. Refuses numbers nobody carries, the applicant and the subject (`invalid_input`), and a step that is over."""
    if not pins:
        return
    persons = [person_behind(pin) for pin in dict.fromkeys(pins)]
    if None in persons or {file.applicant, file.person_id} & set(persons):
        raise InvalidInput(
            "Người xác nhận phải có số định danh đang dùng, không phải người nộp và không phải người của hồ sơ.",
            "Whoever confirms carries a personal number, and is neither the applicant nor whom the file is about.",
            field="confirming",
        )
    plan(file.file_id, file.kind, {Step.CONFIRMATION})
    now = steps_of(file.file_id)[Step.CONFIRMATION]
    if now.state in ENDED:
        raise not_in_state(file)
    until = now.due_on or step_begun(file, Step.CONFIRMATION, by.now)
    assert until is not None
    for person in persons:
        assert person is not None
        wanted = Wanted(person, _about(file), file.applicant, _question(file), until)
        ask_to_confirm(actor=by.actor, reason=by.reason, clock=by.clock, wanted=wanted)
    words = (f"đề nghị {len(persons)} người thân xác nhận", f"{len(persons)} relatives asked to confirm")
    told(file.file_id, Office.APPLICANT, words, by.now)


def held(file: File) -> frozenset[Step]:
    """Return the steps that wait for relatives, or for the officer who hears them."""
    now = steps_of(file.file_id).get(Step.CONFIRMATION)
    if now is None or now.state in {StepState.DONE, StepState.NOT_NEEDED}:
        return frozenset()
    if now.state in ENDED:
        open_case = row(
            "SELECT 1 FROM lifeevents_case WHERE file_id = %s AND what_en = %s AND settled_at IS NULL",
            [file.file_id, _FOR_A_PERSON[1]],
        )
        return HELD[file.kind] if open_case else frozenset()
    return HELD[file.kind]


def held_back(file: File, step: Step) -> None:
    """Let a step wait for relatives, and say so."""
    step_waits(file, step, WAITS)


def confirmations_looked_at(file: File, now: StepNow, by: Hand) -> None:
    """End the step when everybody agreed, somebody declined, or the time is over."""
    answers = asked_about(_about(file))
    over = now.due_on is not None and now.due_on < by.today
    agreed = [one for one in answers if one.state is ConfirmationState.AGREED]
    declined = [one for one in answers if one.state is ConfirmationState.DECLINED]
    if len(agreed) == len(answers):
        step_ended(file, Step.CONFIRMATION, StepState.DONE, by.now, {"agreed": len(agreed)})
        told(file.file_id, Office.RELATIVES, ("đã xác nhận", "confirmed"), by.now)
    elif declined or over:
        _not_confirmed(file, now, answers, by)


def asked_no_more(file: File, by: Hand) -> None:
    """Ask nobody any more about a file that ended or is undone."""
    if Step.CONFIRMATION in steps_of(file.file_id):
        ask_no_more(actor=by.actor, reason=by.reason, clock=by.clock, about=_about(file))


def _not_confirmed(file: File, now: StepNow, answers: Sequence[Confirmation], by: Hand) -> None:
    ask_no_more(actor=by.actor, reason=by.reason, clock=by.clock, about=_about(file), time_over=True)
    counts = {state.value: sum(one.state is state for one in answers) for state in ConfirmationState}
    step_ended(file, Step.CONFIRMATION, StepState.REFUSED, by.now, counts)
    because = (
        ("có người thân không đồng ý", "a relative declined")
        if counts[ConfirmationState.DECLINED]
        else ("người thân không trả lời đúng hạn", "relatives did not answer in time")
    )
    told(file.file_id, Office.RELATIVES, because, by.now)
    execute(
        "INSERT INTO lifeevents_alert (file_id, step, due_on, raised_on, because_vi, because_en) VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [file.file_id, Step.CONFIRMATION.value, now.due_on, by.today, *because],
    )
    if file.applicant is not None:
        fact = f"lifeevents.confirmation:{file.file_id}"
        notice = Notice(file.applicant, "confirmation_missing", {"file": str(file.file_id)}, fact, by.today)
        send_message(actor=by.actor, reason=by.reason, clock=by.clock, notice=notice)
    if file.kind is Kind.DEATH:
        case_opened(file, _FOR_A_PERSON, by.now)
        for step in HELD[file.kind] & steps_of(file.file_id).keys():
            words = ("cán bộ nghe các bên", "an officer to hear the relatives")
            step_waits(file, step, (f"{because[0]}: {words[0]}", f"{because[1]}: {words[1]}"))
        return
    for step in HELD[file.kind] & steps_of(file.file_id).keys():
        step_ended(file, step, StepState.REFUSED, by.now, {"code": "not_confirmed"})
        words = ("đăng ký thường trú tại công an xã", "register the residence at the police's counter")
        told(file.file_id, Office.AGENCY, (f"{because[0]}; {words[0]}", f"{because[1]}; {words[1]}"), by.now)


def _about(file: File) -> str:
    return f"lifeevents.file:{file.file_id}"


def _question(file: File) -> tuple[str, str]:
    applicant = _name(file.applicant)
    if file.kind is Kind.BIRTH:
        child = file.content.get("full_name", "")
        return (
            f"{applicant} đăng ký thường trú cho trẻ {child} vào hộ của ông/bà. Ông/bà có đồng ý không?",
            f"{applicant} registers the residence of the child {child} in your household. Do you agree?",
        )
    dead = _name(file.person_id)
    return (
        f"{applicant} đứng tên hồ sơ mai táng, tử tuất của {dead}. Ông/bà có đồng ý không?",
        f"{applicant} files for the funeral and survivors' allowances of {dead}. Do you agree?",
    )


def _name(person: int | None) -> str:
    found = row("SELECT full_name FROM people_person WHERE person_id = %s", [person])
    return str(found[0]) if found and found[0] else "…"

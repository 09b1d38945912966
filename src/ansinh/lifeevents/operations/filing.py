"""File about a birth or a death, supplement what an office wants, and withdraw."""

from __future__ import annotations

from typing import Any

from ansinh.audit.operation import note, operation
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import VIET_NAM, Clock
from ansinh.foundation.errors import InvalidInput, NotFound
from ansinh.lifeevents.acting import hand, person_behind
from ansinh.lifeevents.confirming import asked_to_confirm
from ansinh.lifeevents.contents import BirthForm, DeathForm, read
from ansinh.lifeevents.files import (
    NotInState,
    asked,
    kept,
    living,
    locked,
    moved,
    not_in_state,
    opened,
    resumed,
    step_begun,
    steps_of,
    told,
)
from ansinh.lifeevents.hearing import conclude, form_for, picked, submitted, withdrawn
from ansinh.lifeevents.inhouse.answering import answered, given_up
from ansinh.lifeevents.receipts import receipt_owed
from ansinh.lifeevents.states import (
    IN_HOUSE,
    PICKED,
    FileState,
    Happening,
    Kind,
    Office,
    Step,
    StepState,
)


@operation(permission="lifeevents.file")
def file_birth(*, actor: Actor, reason: str, clock: Clock, content: dict[str, Any]) -> int:
    """Take in a parent's file on a hospital's birth certificate; the documents are the registers', so nothing is asked twice. Returns the file.

    The same certificate again returns the file there is. Refuses what cannot be read (`invalid_input`) and a certificate no hospital sent (`not_found`).
    """
    form, by = read(content, BirthForm), hand(reason, clock)
    file = living(Kind.BIRTH, form.certificate)
    if file is None:
        raise NotFound(
            "Chưa nhận được giấy chứng sinh này từ cơ sở y tế. Kiểm tra số giấy, hoặc hỏi nơi sinh.",
            "No hospital has sent this birth certificate. Check its number, or ask where the child was born.",
            certificate=form.certificate,
        )
    if file.state is not FileState.NOTICED:
        note(file=file.file_id, already=1)
        return file.file_id
    stated = {
        "full_name": form.full_name,
        "first_contact_facility": form.first_contact_facility,
        "home": form.home,
        "father_pin": form.father_pin,
        "applicant_pin": form.applicant_pin,
    }
    file = kept(
        file, content=file.content | stated, applicant=person_behind(form.applicant_pin), province=form.home[:2]
    )
    file = moved(file, Happening.FILED, by.now)
    told(file.file_id, Office.APPLICANT, ("nộp hồ sơ liên thông", "filed"), by.now)
    receipt_owed(file, by)
    asked_to_confirm(file, form.confirming, by)
    submitted(file, by)
    note(file=file.file_id)
    return file.file_id


@operation(permission="lifeevents.file")
def file_death(*, actor: Actor, reason: str, clock: Clock, content: dict[str, Any]) -> int:
    """Take in a relative's file on a death, with the procedures they pick; about a death that is known already it adds what is picked. Returns the file.

    Refuses what cannot be read, an unknown pick, a death in the future (`invalid_input`), and somebody the agency does not know (`not_found`).
    """
    form, by = read(content, DeathForm), hand(reason, clock)
    unknown = sorted(set(form.picks) - {one.value for one in PICKED[Kind.DEATH]})
    if unknown or form.died_at > clock.now():
        field = "picks" if unknown else "died_at"
        raise InvalidInput(
            f"Mục “{field}” chưa đúng: chọn trong {', '.join(sorted(PICKED[Kind.DEATH]))}; ngày mất không ở tương lai.",
            f"“{field}” is wrong: pick among {', '.join(sorted(PICKED[Kind.DEATH]))}; a death does not lie ahead.",
            field=field,
        )
    person = person_behind(form.pin)
    if person is None:
        raise NotFound("Không có người mang số định danh này.", "Nobody carries this personal number.", field="pin")
    base = {"pin": form.pin, "died_at": form.died_at.astimezone(VIET_NAM).isoformat()}
    file = opened(Kind.DEATH, f"person:{person}", FileState.NOTICED, base, by.now)
    stated = {"applicant_pin": form.applicant_pin, "relatives": list(form.relatives), "certificate": form.certificate}
    file = kept(file, person_id=person, applicant=person_behind(form.applicant_pin), content=file.content | stated)
    if file.state is FileState.DONE:
        file = moved(file, Happening.REGISTERED, by.now)
    told(file.file_id, Office.APPLICANT, ("nộp hồ sơ liên thông", "filed"), by.now)
    receipt_owed(file, by)
    asked_to_confirm(file, form.confirming, by)
    picked(file, frozenset(Step(one) for one in form.picks), by)
    if file.state is FileState.NOTICED:
        file = moved(file, Happening.FILED, by.now)
        submitted(file, by)
    conclude(file, by)
    note(file=file.file_id)
    return file.file_id


@operation(permission="lifeevents.file")
def supplement_file(*, actor: Actor, reason: str, clock: Clock, file_id: int, content: dict[str, Any]) -> None:
    """Hand in what an office wanted; the file's clock goes on. Refuses (`life_event_not_in_state`) a file of which nothing is wanted.

    Of a file that opened itself it is what the person answers: facts for their pension or unemployment benefit, or the facility they choose; refused as
    `benefits.file_application` and `cards.change_facility` do.
    """
    file, by = locked(file_id), hand(reason, clock)
    if file.kind in IN_HOUSE:
        answered(file, content, by)
        note(file=file_id)
        return
    wanted = [one for one in steps_of(file_id).values() if one.state is StepState.CORRECTION]
    if not wanted:
        raise not_in_state(file)
    allowed = {"full_name", "home", "first_contact_facility", "father_pin", "relatives"}
    if not content.keys() <= allowed:
        raise InvalidInput(
            f"Chỉ bổ sung: {', '.join(sorted(allowed))}.",
            f"A supplement is of: {', '.join(sorted(allowed))}.",
            field="content",
        )
    file = kept(file, content=file.content | content)
    for one in wanted:
        asked(file, one.step, "supplement", form_for(file, one.step), by.now)
        step_begun(file, one.step, by.now)
    resumed(file, by.now)
    if file.state is FileState.WAITING_PAPERS:
        moved(file, Happening.SUPPLEMENTED, by.now)
    told(file_id, Office.APPLICANT, ("đã bổ sung", "supplement handed in"), by.now)
    note(file=file_id)


@operation(permission="lifeevents.file")
def withdraw_file(*, actor: Actor, reason: str, clock: Clock, file_id: int) -> None:
    """Withdraw a file before it is registered; afterwards only civil status can cancel what it registered (`life_event_not_in_state`).

    Of a file that opened itself, what the person asked for is withdrawn, or the invitation declined.
    """
    file, by = locked(file_id), hand(reason, clock)
    if file.kind in IN_HOUSE:
        given_up(file, by)
        told(file_id, Office.APPLICANT, ("không đề nghị nữa", "wanted no more"), by.now)
        note(file=file_id)
        return
    if file.state in {FileState.REGISTERED, FileState.DONE}:
        raise NotInState(
            "Hộ tịch đã đăng ký; đề nghị tư pháp – hộ tịch hủy đăng ký, mọi việc sẽ được khôi phục.",
            "The act is registered: ask civil status to cancel it, and everything will be restored.",
            file=file_id,
        )
    withdrawn(file, by)
    told(file_id, Office.APPLICANT, ("rút hồ sơ", "withdrawn"), by.now)
    note(file=file_id)

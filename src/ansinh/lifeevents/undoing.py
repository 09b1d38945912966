"""The way back: an act that was cancelled takes back everything it caused; what a machine may not do alone waits for a second officer, or becomes a case."""

from __future__ import annotations

from ansinh.benefits.file_states import PAUSED
from ansinh.benefits.file_states import FileState as ApplicationState
from ansinh.benefits.operations import Content, On, prepare_change, withdraw_application
from ansinh.benefits.queries import entitlements_of, file_numbered
from ansinh.benefits.states import ChangeKind
from ansinh.cards.operations import OnCard, project_standing_of, withdraw_card
from ansinh.database.sql import execute
from ansinh.foundation.clock import legal_day
from ansinh.foundation.errors import Refusal
from ansinh.lifeevents.acting import Hand
from ansinh.lifeevents.confirming import asked_no_more
from ansinh.lifeevents.effects import Done, effects_of
from ansinh.lifeevents.files import File, asked, case_opened, moved, step_ended, steps_of, told
from ansinh.lifeevents.inhouse.wayback import FOR_A_PERSON, WAYS_BACK
from ansinh.lifeevents.states import (
    ENDED,
    PARTNERS,
    REGISTRATION,
    EffectKind,
    Happening,
    Office,
    StepState,
    Undo,
)
from ansinh.people.operations import record_death

_ACT = "hủy đăng ký hộ tịch"
_WITHDRAWABLE = {ApplicationState.GATHERING, ApplicationState.PREPARED, ApplicationState.FILED, *PAUSED}


def begin_undoing(file: File, by: Hand) -> File:
    """Take back what can be taken back at once, ask the offices that were asked, and say what waits."""
    told(file.file_id, Office.AGENCY, ("khôi phục như trước", "restoring what was before"), by.now)
    for one in steps_of(file.file_id).values():
        if one.step is REGISTRATION[file.kind]:
            if one.state is not StepState.UNDONE:
                step_ended(file, one.step, StepState.UNDONE, by.now)
        elif one.office in PARTNERS and one.state in {StepState.ASKED, StepState.DONE, StepState.CORRECTION}:
            asked(file, one.step, "withdraw", {"kind": one.step.value, "subject": file.subject}, by.now)
        elif one.state not in ENDED or one.state is StepState.DONE:
            step_ended(file, one.step, StepState.UNDONE, by.now)
    asked_no_more(file, by)
    return go_on_undoing(file, by)


def go_on_undoing(file: File, by: Hand) -> File:
    """Take the next steps back; the file is undone when nothing of it stands and every office has confirmed."""
    for one in effects_of(file.file_id):
        if one.undo is not Undo.UNDONE:
            _mark(file, one, _taken_back(file, one, by), by)
    waiting = [one for one in effects_of(file.file_id) if one.undo is not Undo.UNDONE]
    offices = [
        one for one in steps_of(file.file_id).values() if one.state is not StepState.UNDONE and one.office in PARTNERS
    ]
    offices = [one for one in offices if one.state not in {StepState.NOT_NEEDED, StepState.REFUSED, StepState.WAITING}]
    if waiting or offices:
        return file
    told(file.file_id, Office.AGENCY, ("đã khôi phục mọi việc", "everything is as before"), by.now)
    return moved(file, Happening.RESTORED, by.now)


def _mark(file: File, one: Done, undo: Undo, by: Hand) -> None:
    if undo is one.undo:
        return
    undone = by.now if undo is Undo.UNDONE else None
    execute(
        "UPDATE lifeevents_effect SET undo = %s, undone_at = %s WHERE file_id = %s AND kind = %s AND reference = %s",
        [undo.value, undone, file.file_id, one.kind.value, one.reference],
    )
    if undo is Undo.PERSON:
        vi, en = _FOR_A_PERSON[one.kind]
        case_opened(file, (f"{vi} ({one.reference})", f"{en} ({one.reference})"), by.now)


_FOR_A_PERSON = {
    EffectKind.APPLICATION_FILED: (
        "đã chi trợ cấp theo hồ sơ, phải thu hồi hoặc chuyển người hưởng",
        "an allowance was granted: recover it or assign it anew",
    ),
    EffectKind.ENTITLEMENT_ENDED: ("không tự hưởng lại được", "the entitlement cannot be taken up again by itself"),
    EffectKind.CARD_ISSUED: ("không thu hồi được thẻ", "the card cannot be withdrawn"),
    EffectKind.DEATH_RECORDED: ("cơ sở dữ liệu dân cư vẫn ghi đã chết", "the register still knows the death"),
    EffectKind.RECORD_OPENED: ("hồ sơ còn số định danh", "the record still carries the number"),
    **FOR_A_PERSON,
}


def _taken_back(file: File, one: Done, by: Hand) -> Undo:
    try:
        return _WAYS_BACK[one.kind](file, one, by)
    except Refusal as refused:
        told(file.file_id, Office.AGENCY, (refused.vi, refused.en), by.now)
        return Undo.PERSON


def _alive_again(file: File, one: Done, by: Hand) -> Undo:
    assert file.person_id is not None
    record_death(actor=by.actor, reason=by.reason, clock=by.clock, pin=one.reference, on=None)
    project_standing_of(actor=by.actor, reason=by.reason, clock=by.clock, persons=[file.person_id])
    told(file.file_id, Office.AGENCY, ("mở lại thẻ BHYT", "health card answers again"), by.now)
    return Undo.UNDONE


def _paid_again(file: File, one: Done, by: Hand) -> Undo:
    """Paying anew takes two officers: the change is prepared here, and done when one of them has approved it."""
    assert file.person_id is not None
    entitlement = int(one.reference)
    shown = {line.entitlement_id: line for line in entitlements_of(file.person_id)}[entitlement]
    if shown.versions and shown.versions[-1].state != "ended":
        told(
            file.file_id,
            Office.AGENCY,
            ("chi trả lại, gồm các tháng đã dừng", "paid again, with the months stopped"),
            by.now,
        )
        return Undo.UNDONE
    on = On(
        file.person_id,
        entitlement,
        int(one.about["effect_month"]),
        _ACT,
        f"life-event-undo:{file.file_id}:{entitlement}",
    )
    prepare_change(actor=by.actor, reason=by.reason, clock=by.clock, on=on, content=Content(ChangeKind.REINSTATE))
    return Undo.PREPARED


def _filed_no_more(file: File, one: Done, by: Hand) -> Undo:
    application = file_numbered(int(one.reference))
    if application.state in _WITHDRAWABLE:
        withdraw_application(actor=by.actor, reason=by.reason, clock=by.clock, application=application.application_id)
        return Undo.UNDONE
    return Undo.PERSON if application.state is ApplicationState.GRANTED else Undo.UNDONE


def _card_withdrawn(file: File, one: Done, by: Hand) -> Undo:
    assert file.person_id is not None
    on = OnCard(file.person_id, one.reference, legal_day(by.now), f"life-event-undo:{file.file_id}")
    withdraw_card(actor=by.actor, reason=by.reason, clock=by.clock, on=on)
    told(file.file_id, Office.AGENCY, ("thu hồi thẻ BHYT", "health card withdrawn"), by.now)
    return Undo.UNDONE


def _record_left(file: File, one: Done, by: Hand) -> Undo:
    """A record is never deleted; the register cancels the number, and whoever follows the register ends it here."""
    return Undo.UNDONE


_WAYS_BACK = {
    EffectKind.DEATH_RECORDED: _alive_again,
    EffectKind.ENTITLEMENT_ENDED: _paid_again,
    EffectKind.APPLICATION_FILED: _filed_no_more,
    EffectKind.CARD_ISSUED: _card_withdrawn,
    EffectKind.RECORD_OPENED: _record_left,
    **WAYS_BACK,
}

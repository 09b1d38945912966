"""The way back from what in-house events did: cover restored, payments where they were, the facility as before."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from ansinh.benefits.operations import Content, On, Place, change_entitlement
from ansinh.benefits.states import ChangeKind
from ansinh.cards.operations import NewCard, OnCard, change_facility, issue_card, project_standing_of, withdraw_card
from ansinh.cards.queries import carried_pin, insured
from ansinh.lifeevents.acting import Hand
from ansinh.lifeevents.effects import Done
from ansinh.lifeevents.files import File, told
from ansinh.lifeevents.states import EffectKind, Office, Undo
from ansinh.participation.operations import NewStretch, end_coverage, record_coverage
from ansinh.places.queries import is_urban
from ansinh.rules.health_insurance import NEWBORN_OBJECT_CODE, PUPIL_OBJECT_CODE, child_card_until

_ACT = "căn cứ không còn"


def _said(by: Hand) -> dict[str, Any]:
    return {"actor": by.actor, "reason": by.reason, "clock": by.clock}


def _pupil_no_more(file: File, one: Done, by: Hand) -> Undo:
    """Take the pupil's cover back from its first day, or from today when it runs already, and let the child's go on to the day of the law."""
    assert file.person_id is not None
    person, start = file.person_id, max(date.fromisoformat(one.about["from"]), by.today)
    if one.reference != carried_pin(person):
        withdraw_card(**_said(by), on=OnCard(person, one.reference, start, f"life-event-undo:{file.file_id}"))
    end_coverage(**_said(by), person_id=person, object_codes=(PUPIL_OBJECT_CODE,), on=start)
    born = insured(person).born_on
    if born is not None and child_card_until(born) > start:
        said = file.content
        stretch = NewStretch(
            NEWBORN_OBJECT_CODE,
            said["area"],
            said["facility"],
            said["card_province"],
            start,
            child_card_until(born),
        )
        issue_card(**_said(by), card=NewCard(person, stretch, f"life-event-back:{file.file_id}"))
    project_standing_of(**_said(by), persons=[person])
    told(file.file_id, Office.AGENCY, ("thẻ trẻ em tiếp tục có giá trị", "the child's card goes on"), by.now)
    return Undo.UNDONE


def _covered_again(file: File, one: Done, by: Hand) -> Undo:
    assert file.person_id is not None
    record_coverage(**_said(by), person_id=file.person_id, stretch=msgspec.convert(one.about, NewStretch))
    project_standing_of(**_said(by), persons=[file.person_id])
    told(file.file_id, Office.AGENCY, ("thẻ BHYT theo việc làm có giá trị lại", "cover by the job again"), by.now)
    return Undo.UNDONE


def _paid_there_again(file: File, one: Done, by: Hand) -> Undo:
    assert file.person_id is not None
    number, month, commune = int(one.reference), int(one.about["effect_month"]), one.about["commune"]
    place = Place(one.about["province"], commune, bool(commune and is_urban(commune)))
    on = On(file.person_id, number, month, _ACT, f"life-event-undo:{file.file_id}:{number}")
    change_entitlement(**_said(by), on=on, content=Content(ChangeKind.TRANSFER, place=place))
    told(file.file_id, Office.AGENCY, ("tỉnh cũ tiếp tục chi trả", "the former province goes on paying"), by.now)
    return Undo.UNDONE


def _facility_as_before(file: File, one: Done, by: Hand) -> Undo:
    assert file.person_id is not None
    on = OnCard(
        file.person_id,
        one.reference,
        date.fromisoformat(one.about["effect_on"]),
        f"life-event-undo:{file.file_id}:facility",
    )
    change_facility(**_said(by), on=on, facility=one.about["facility"])
    told(file.file_id, Office.AGENCY, ("giữ nơi khám chữa bệnh cũ", "the facility stays as it was"), by.now)
    return Undo.UNDONE


WAYS_BACK = {
    EffectKind.PUPIL_CARDED: _pupil_no_more,
    EffectKind.COVER_CUT: _covered_again,
    EffectKind.PAYMENT_MOVED: _paid_there_again,
    EffectKind.FACILITY_CHANGED: _facility_as_before,
}
FOR_A_PERSON = {
    EffectKind.PUPIL_CARDED: ("không lấy lại được thẻ học sinh", "the pupil's card cannot be taken back"),
    EffectKind.COVER_CUT: ("không khôi phục được đợt BHYT", "the cover cannot be restored"),
    EffectKind.PAYMENT_MOVED: ("không chuyển lại được nơi chi trả", "the payment cannot be moved back"),
    EffectKind.FACILITY_CHANGED: ("không đổi lại được nơi khám ban đầu", "the facility cannot be changed back"),
}

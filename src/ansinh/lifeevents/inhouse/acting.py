"""The agency's own steps of events it found: each may be tried again at any moment and says what it waits for."""

from __future__ import annotations

from datetime import date

import msgspec

from ansinh.benefits.operations import Content, On, Place, change_entitlement
from ansinh.benefits.queries import entitlements_of
from ansinh.benefits.states import ONE_OFF, ChangeKind
from ansinh.cards.operations import NewCard, issue_card, project_standing_of
from ansinh.cards.queries import standing_of
from ansinh.foundation.errors import Refusal
from ansinh.foundation.period import Month
from ansinh.lifeevents.acting import Hand, application_of, effect, follow_application
from ansinh.lifeevents.files import File, StepNow, case_opened, step_due, step_ended, step_waits, told
from ansinh.lifeevents.states import EffectKind, Office, Step, StepState
from ansinh.notices.operations import Notice, send_message
from ansinh.participation.operations import NewStretch, Overlapping, end_coverage
from ansinh.payments.queries import effective_month
from ansinh.places.queries import first_contact_near, is_urban, province_of_card_code
from ansinh.rules.health_insurance import (
    EMPLOYED_OBJECT_CODES,
    PUPIL_OBJECT_CODE,
    next_change_window,
    pupil_card_until,
    window_closes,
)

FACILITIES_OFFERED = 5
_ACT_OF_MOVE = "chuyển nơi thường trú"


def application_followed(file: File, now: StepNow, by: Hand) -> None:
    """Follow a pension or an unemployment benefit the person asked for; a claim nobody made by its last day is over."""
    filed = application_of(file, now.step)
    if filed is not None:
        follow_application(file, now.step, filed, by)
    elif now.due_on is not None and now.due_on < by.today:
        step_ended(file, now.step, StepState.NOT_NEEDED, by.now, {"asked": False})
        told(file.file_id, Office.AGENCY, ("hết hạn nộp, không có đề nghị", "not asked for in time"), by.now)


def pupil_card(file: File, now: StepNow, by: Hand) -> None:
    """Cover a child as a pupil from the day its own card has ended, at the same facility; what the school declared already stands."""
    assert file.person_id is not None
    said = file.content
    ends = date.fromisoformat(said["ends"])
    stretch = NewStretch(
        PUPIL_OBJECT_CODE, said["area"], said["facility"], said["card_province"], ends, pupil_card_until(ends)
    )
    try:
        issued = issue_card(
            actor=by.actor,
            reason=by.reason,
            clock=by.clock,
            card=NewCard(file.person_id, stretch, f"life-event:{file.file_id}"),
        )
    except Overlapping:
        step_ended(file, now.step, StepState.NOT_NEEDED, by.now)
        told(file.file_id, Office.AGENCY, ("đã có thẻ nối tiếp", "covered from that day on already"), by.now)
        return
    except Refusal as refused:
        step_waits(file, now.step, (refused.vi, refused.en))
        case_opened(file, (f"Chưa cấp được thẻ học sinh: {refused.vi}", f"No pupil's card: {refused.en}"), by.now)
        return
    about = {"from": said["ends"]}
    effect(file, EffectKind.PUPIL_CARDED, issued.card_number, about, by.now)
    step_ended(file, now.step, StepState.DONE, by.now, about)
    told(
        file.file_id,
        Office.AGENCY,
        (f"cấp thẻ học sinh từ {ends:%d/%m/%Y}, không gián đoạn", f"pupil's card from {ends}, without a gap"),
        by.now,
    )
    days = {"valid_from": f"{ends:%d/%m/%Y}", "valid_until": f"{stretch.valid_until:%d/%m/%Y}"}
    notice = Notice(file.applicant or file.person_id, "pupil_card", days, f"lifeevents.file:{file.file_id}", ends)
    send_message(actor=by.actor, reason=by.reason, clock=by.clock, notice=notice)


def cover_ended(file: File, now: StepNow, by: Hand) -> None:
    """End cover under the job with the last month the employer pays for, which is this one at the earliest: a late report costs the employer."""
    assert file.person_id is not None
    this_month = Month.containing(by.today).plus(1).number()
    on = Month.of(max(int(file.content["until_month"]), this_month)).first_day()
    cut = end_coverage(
        actor=by.actor,
        reason=by.reason,
        clock=by.clock,
        person_id=file.person_id,
        object_codes=EMPLOYED_OBJECT_CODES,
        on=on,
    )
    for one in cut:
        effect(file, EffectKind.COVER_CUT, one.valid_from.isoformat(), msgspec.to_builtins(one), by.now)
    project_standing_of(actor=by.actor, reason=by.reason, clock=by.clock, persons=[file.person_id])
    step_ended(file, now.step, StepState.DONE if cut else StepState.NOT_NEEDED, by.now, {"on": on.isoformat()})
    if cut:
        words = (f"thẻ BHYT theo việc làm hết hạn trước {on:%d/%m/%Y}", f"cover by the job ends before {on}")
        told(file.file_id, Office.AGENCY, words, by.now)


def payments_moved(file: File, now: StepNow, by: Hand) -> None:
    """Let the new province pay from the first month that is not being prepared yet (the 20th is the cut-off): each month one province pays, and one only."""
    assert file.person_id is not None
    month, commune = effective_month(by.now), str(file.content["commune"])
    place = Place(str(file.content["province"]), commune, bool(is_urban(commune)))
    moved = 0
    for one in entitlements_of(file.person_id):
        last = one.versions[-1] if one.versions else None
        if one.kind in ONE_OFF or last is None or last.state == "ended" or last.province == place.province:
            continue
        effect_month = max(month, one.versions[0].valid_from)
        on = On(file.person_id, one.entitlement_id, effect_month, _ACT_OF_MOVE, _key(file, one.entitlement_id))
        content = Content(ChangeKind.TRANSFER, place=place)
        change_entitlement(actor=by.actor, reason=by.reason, clock=by.clock, on=on, content=content)
        before = {"province": last.province, "commune": last.commune, "effect_month": effect_month}
        effect(file, EffectKind.PAYMENT_MOVED, str(one.entitlement_id), before, by.now)
        moved += 1
    step_ended(file, now.step, StepState.DONE if moved else StepState.NOT_NEEDED, by.now, {"moved": moved})
    if moved:
        first = Month.of(month)
        words = (
            f"tỉnh mới chi trả từ {first.month:02}/{first.year}",
            f"the new province pays from {first.month:02}/{first.year}",
        )
        told(file.file_id, Office.AGENCY, words, by.now)


def facility_offered(file: File, now: StepNow, by: Hand) -> None:
    """Offer facilities near the new home; the person chooses by the end of the next days in which the law lets one change, or stays where they are."""
    assert file.person_id is not None
    if now.due_on is not None:
        if now.due_on < by.today:
            step_ended(file, now.step, StepState.NOT_NEEDED, by.now, {"chosen": False})
            told(file.file_id, Office.AGENCY, ("giữ nơi khám chữa bệnh cũ", "the facility stays as it is"), by.now)
        return
    standing = standing_of(file.person_id)
    here = province_of_card_code(str(standing["facility"])[:2]) if standing else None
    offered = first_contact_near(file.province, str(file.content["commune"]), FACILITIES_OFFERED)
    if standing is None or standing["card_number"] is None or not offered or (here and here.code == file.province):
        step_ended(file, now.step, StepState.NOT_NEEDED, by.now)
        return
    opens = next_change_window(by.today)
    closes = window_closes(opens)
    step_due(file, now.step, closes)
    codes = ", ".join(one.code for one in offered)
    step_waits(
        file,
        now.step,
        (f"ông/bà chọn nơi khám ban đầu, như {codes}", f"the person's choice of a facility, such as {codes}"),
    )
    words = {"file": str(file.file_id), "opens": f"{opens:%d/%m/%Y}", "until": f"{closes:%d/%m/%Y}"}
    notice = Notice(file.person_id, "moved_choose_facility", words, f"lifeevents.file:{file.file_id}", by.today)
    send_message(actor=by.actor, reason=by.reason, clock=by.clock, notice=notice)


def _key(file: File, number: int) -> str:
    return f"life-event:{file.file_id}:{number}"


STEPS_OF_OURS = {
    Step.PENSION: application_followed,
    Step.UNEMPLOYMENT: application_followed,
    Step.PUPIL_CARD: pupil_card,
    Step.COVER_ENDED: cover_ended,
    Step.PAYMENTS_MOVED: payments_moved,
    Step.FACILITY: facility_offered,
}

"""What a file does in other rooms when its act is registered, each with its effect kept, so that it can be taken back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ansinh.access.queries import life_events
from ansinh.benefits.file_states import CLOSED as DECIDED
from ansinh.benefits.file_states import Channel, FileKind
from ansinh.benefits.file_states import FileState as ApplicationState
from ansinh.benefits.operations import Asked, end_for_deaths, file_application, state_facts
from ansinh.benefits.queries import entitlements_of, file_numbered
from ansinh.cards.operations import NewCard, give_temporary_number, issue_card, project_standing_of
from ansinh.cards.queries import carried_pin
from ansinh.database.sql import execute, row
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, legal_day
from ansinh.foundation.errors import Refusal
from ansinh.foundation.money import Dong, shown
from ansinh.lifeevents.files import File, StepNow, case_opened, kept, step_begun, step_ended, step_waits, told
from ansinh.lifeevents.states import EffectKind, Office, Step, StepState
from ansinh.notices.operations import Notice, send_message
from ansinh.participation.operations import NewStretch
from ansinh.people.matching.folding import folded_name
from ansinh.people.operations import Newcomer, open_record, record_death
from ansinh.people.queries import person_of_number
from ansinh.rules.health_insurance import NEWBORN_OBJECT_CODE, child_card_until


@dataclass(frozen=True, slots=True)
class Hand:
    """The platform's own hand: what follows from a registered act needs no officer to begin, and never what takes two."""

    actor: Actor
    reason: str
    clock: Clock

    @property
    def now(self) -> datetime:
        """Return the agency's moment."""
        return self.clock.now()

    @property
    def today(self) -> date:
        """Return the agency's day."""
        return legal_day(self.now)


def hand(reason: str, clock: Clock) -> Hand:
    """Return the hand that acts for a reason."""
    return Hand(life_events(), reason, clock)


def effect(file: File, kind: EffectKind, reference: str, about: dict[str, Any], at: datetime) -> None:
    """Keep what was done, once."""
    execute(
        "INSERT INTO lifeevents_effect (file_id, kind, reference, about, done_at) VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [file.file_id, kind.value, reference, json.dumps(about), at],
    )


def birth_registered(file: File, result: dict[str, Any], by: Hand) -> File:
    """Open the child's record under its new number, and give it a temporary card number until its card is there."""
    content = file.content | {"pin": result["pin"], "registration": result["number"]}
    file = kept(file, content=content)
    home = str(content.get("home") or "")
    if not home:
        step_waits(
            file, Step.CARD, ("cha mẹ nộp nơi cư trú, nơi khám ban đầu", "the parents' home and first-contact facility")
        )
        return file
    child = Newcomer(content["full_name"], content["born_at"][:10], content["sex"], home, pin=result["pin"])
    person = open_record(actor=by.actor, reason=by.reason, clock=by.clock, newcomer=child)
    file = kept(file, person_id=person, province=home[:2])
    effect(file, EffectKind.RECORD_OPENED, str(person), {"pin": result["pin"]}, by.now)
    try:
        give_temporary_number(actor=by.actor, reason=by.reason, clock=by.clock, person_id=person, province=home[:2])
    except Refusal as refused:
        told(file.file_id, Office.AGENCY, (refused.vi, refused.en), by.now)
    return file


def death_registered(file: File, died_on: date, by: Hand) -> None:
    """Record the death, so that the card answers so from this moment on."""
    pin = str(file.content.get("pin", ""))
    person = file.person_id
    if person is None:
        return
    record_death(actor=by.actor, reason=by.reason, clock=by.clock, pin=pin, on=died_on)
    project_standing_of(actor=by.actor, reason=by.reason, clock=by.clock, persons=[person])
    effect(file, EffectKind.DEATH_RECORDED, pin, {"died_on": died_on.isoformat()}, by.now)


def card_step(file: File, by: Hand) -> None:
    """Issue the child's card as soon as its number is verified against the register."""
    if file.person_id is None:
        return
    if carried_pin(file.person_id) is None:
        step_waits(
            file, Step.CARD, ("xác thực số định danh với CSDL dân cư", "its number to be verified against the register")
        )
        return
    born = date.fromisoformat(file.content["born_at"][:10])
    stretch = NewStretch(
        NEWBORN_OBJECT_CODE, None, file.content["first_contact_facility"], file.province, born, child_card_until(born)
    )
    card = NewCard(file.person_id, stretch, f"life-event:{file.file_id}")
    try:
        issued = issue_card(actor=by.actor, reason=by.reason, clock=by.clock, card=card)
    except Refusal as refused:
        step_waits(file, Step.CARD, (refused.vi, refused.en))
        case_opened(file, (f"Chưa cấp được thẻ: {refused.vi}", f"No card yet: {refused.en}"), by.now)
        return
    effect(file, EffectKind.CARD_ISSUED, issued.card_number, {"from": born.isoformat()}, by.now)
    step_ended(file, Step.CARD, StepState.DONE, by.now, {"valid_until": stretch.valid_until.isoformat()})
    told(file.file_id, Office.AGENCY, ("cấp thẻ BHYT cho trẻ", "health card of the child issued"), by.now)
    days = {"valid_from": f"{born:%d/%m/%Y}", "valid_until": f"{stretch.valid_until:%d/%m/%Y}"}
    notice = Notice(file.applicant or file.person_id, "card_issued", days, f"lifeevents.file:{file.file_id}", born)
    send_message(actor=by.actor, reason=by.reason, clock=by.clock, notice=notice)


def lock_step(file: File, by: Hand) -> None:
    """The card answers as of somebody who died: nothing is left to do but to say so."""
    step_ended(file, Step.CARD_LOCKED, StepState.DONE if file.person_id else StepState.NOT_NEEDED, by.now)
    told(file.file_id, Office.AGENCY, ("khóa thẻ BHYT", "health card locked"), by.now)


def stop_step(file: File, by: Hand) -> None:
    """End what is still owed monthly, from the month after death (Law 41/2024/QH15 art. 75); what was paid beyond is an overpayment to recover."""
    if file.person_id is None:
        step_ended(file, Step.PAYMENTS_STOPPED, StepState.NOT_NEEDED, by.now)
        return
    end_for_deaths(actor=by.actor, reason=by.reason, clock=by.clock, persons=[file.person_id])
    ended, overpaid = 0, 0
    for one in entitlements_of(file.person_id):
        deaths = [change for change in one.changes if change.because == "death" and change.done_at is not None]
        if deaths:
            ended += 1
            overpaid -= sum(line.amount for line in one.corrections if line.cause == "end")
            effect(
                file,
                EffectKind.ENTITLEMENT_ENDED,
                str(one.entitlement_id),
                {"effect_month": deaths[-1].effect_month},
                by.now,
            )
    result = {"ended": ended, "overpaid": overpaid}
    step_ended(file, Step.PAYMENTS_STOPPED, StepState.DONE if ended else StepState.NOT_NEEDED, by.now, result)
    if ended:
        back = shown(Dong(overpaid))
        vi = f"dừng {ended} khoản chi hằng tháng" + (f", phải thu hồi {back}" if overpaid else "")
        en = f"{ended} monthly payments stopped" + (f", {back} to recover" if overpaid else "")
        told(file.file_id, Office.AGENCY, (vi, en), by.now)


_APPLICATIONS = {Step.FUNERAL: FileKind.FUNERAL, Step.SURVIVORS: FileKind.SURVIVORS}
_GRANTED = {
    Step.FUNERAL: ("quyết định trợ cấp mai táng", "funeral allowance granted"),
    Step.SURVIVORS: ("quyết định trợ cấp tuất", "survivors' allowances granted"),
    Step.PENSION: ("quyết định lương hưu", "pension granted"),
    Step.UNEMPLOYMENT: ("quyết định trợ cấp thất nghiệp", "unemployment benefit granted"),
}


def application_step(file: File, now: StepNow, by: Hand) -> None:
    """File for the allowance in the applicant's name, with what the registers know, and follow it to its decision."""
    filed = application_of(file, now.step)
    if filed is None:
        _file_for(file, now.step, by)
    else:
        follow_application(file, now.step, filed, by)


def application_of(file: File, step: Step) -> int | None:
    """Return the application filed for a step, unless it was taken back."""
    filed = row(
        "SELECT reference FROM lifeevents_effect WHERE file_id = %s AND kind = %s AND about->>'step' = %s AND undo IS DISTINCT FROM 'undone'",
        [file.file_id, EffectKind.APPLICATION_FILED.value, step.value],
    )
    return int(filed[0]) if filed else None


def follow_application(file: File, step: Step, filed: int, by: Hand) -> None:
    """End a step with the decision on its application, or say what it waits for."""
    application = file_numbered(filed)
    if application.state in DECIDED:
        granted = application.state is ApplicationState.GRANTED
        state = StepState.DONE if granted else StepState.REFUSED
        step_ended(file, step, state, by.now, {"application": application.application_id})
        words = _GRANTED[step]
        told(file.file_id, Office.AGENCY, words if granted else (f"không {words[0]}", f"not {words[1]}"), by.now)
    else:
        missing = application.missing
        step_waits(
            file,
            step,
            ("; ".join(one["vi"] for one in missing), "; ".join(one["en"] for one in missing))
            if missing
            else ("cán bộ lập và duyệt quyết định", "officers to prepare and approve the decision"),
        )


def _file_for(file: File, step: Step, by: Hand) -> None:
    kind = _APPLICATIONS[step]
    if file.person_id is None or file.applicant is None:
        step_ended(file, step, StepState.NOT_NEEDED, by.now)
        return
    asked = Asked(kind, file.applicant, by.now, Channel.EVENT, file.person_id)
    try:
        filed = file_application(actor=by.actor, reason=by.reason, clock=by.clock, asked=asked)
        relatives = file.content.get("relatives") or []
        if kind is FileKind.SURVIVORS and relatives:
            filed = state_facts(
                actor=by.actor,
                reason=by.reason,
                clock=by.clock,
                application=filed.application_id,
                stated={"relatives": relatives},
            )
    except Refusal as refused:
        step_ended(file, step, StepState.REFUSED, by.now, {"code": refused.code})
        told(file.file_id, Office.AGENCY, (refused.vi, refused.en), by.now)
        return
    step_begun(file, step, by.now)
    effect(file, EffectKind.APPLICATION_FILED, str(filed.application_id), {"step": step.value}, by.now)
    told(
        file.file_id,
        Office.AGENCY,
        (f"lập hồ sơ số {filed.application_id}", f"file {filed.application_id} opened"),
        by.now,
    )


def person_behind(pin: str) -> int | None:
    """Return our record behind a personal number; None for somebody the agency does not know."""
    return person_of_number("pin", pin)


def agree(person: int, full_name: str, birth_date: str) -> bool:
    """Tell whether a record has this name and birth date: a death is never believed by the number alone."""
    found = row(
        "SELECT full_name, birth_year, birth_month, birth_day FROM people_person WHERE person_id = %s", [person]
    )
    if found is None:
        return False
    name, *born = found
    said = [int(part) for part in birth_date.split("-")]
    return folded_name(name) == folded_name(full_name) and all(
        known is None or known == part for known, part in zip(born, said, strict=False)
    )

"""What a person answers to a file that opened itself: apply, choose, or want it no more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from ansinh.benefits.file_states import CLOSED, Channel, FileKind
from ansinh.benefits.operations import Asked, file_application, state_facts, withdraw_application
from ansinh.benefits.queries import file_numbered
from ansinh.cards.operations import OnCard, change_facility
from ansinh.cards.queries import standing_of
from ansinh.database.sql import execute
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.period import Month
from ansinh.lifeevents.acting import Hand, application_of, effect
from ansinh.lifeevents.effects import Done, effects_of
from ansinh.lifeevents.files import (
    File,
    StepNow,
    moved,
    not_in_state,
    step_begun,
    step_due,
    step_ended,
    step_waits,
    steps_of,
    told,
)
from ansinh.lifeevents.hearing import conclude, withdrawn
from ansinh.lifeevents.inhouse.acting import STEPS_OF_OURS
from ansinh.lifeevents.inhouse.finding import claim_until
from ansinh.lifeevents.states import ENDED, EffectKind, FileState, Happening, Kind, Office, Step, StepState
from ansinh.lifeevents.undoing import begin_undoing
from ansinh.rules.health_insurance import next_change_window

_APPLICATIONS = {
    Kind.RETIREMENT: (Step.PENSION, FileKind.RETIREMENT),
    Kind.JOB_LOST: (Step.UNEMPLOYMENT, FileKind.UNEMPLOYMENT),
}


def carried(file: File, by: Hand) -> File:
    """Let the agency's own steps of a file go on, and conclude it when all have ended."""
    if file.state is FileState.REGISTERED:
        for now in steps_of(file.file_id).values():
            if now.state not in ENDED and now.step in STEPS_OF_OURS:
                STEPS_OF_OURS[now.step](file, now, by)
    return conclude(file, by)


def answered(file: File, content: Mapping[str, Any], by: Hand) -> File:
    """Take in what a person answers; raises NotInState where nothing is asked."""
    if file.kind is Kind.MOVE:
        return carried(_chosen(file, content, by), by)
    if file.kind not in _APPLICATIONS or file.state not in {FileState.NOTICED, FileState.REGISTERED}:
        raise not_in_state(file)
    step, kind = _APPLICATIONS[file.kind]
    if steps_of(file.file_id)[step].state in ENDED:
        raise not_in_state(file)
    number = application_of(file, step)
    if number is not None:
        state_facts(actor=by.actor, reason=by.reason, clock=by.clock, application=number, stated=content)
        told(file.file_id, Office.APPLICANT, ("đã bổ sung", "supplement handed in"), by.now)
        return carried(file, by)
    return carried(_applied(file, step, kind, content, by), by)


def given_up(file: File, by: Hand) -> File:
    """Let a person want no more what they asked for, or were invited to; what registers reported stays as it is. Raises NotInState."""
    if file.state is FileState.NOTICED:
        return withdrawn(file, by)
    if file.state is not FileState.REGISTERED:
        raise not_in_state(file)
    if file.kind is Kind.RETIREMENT:
        return begin_undoing(moved(file, Happening.CANCELLED, by.now), by)
    if file.kind is Kind.JOB_LOST:
        _claim_withdrawn(file, by)
        return conclude(file, by)
    waiting = steps_of(file.file_id).get(Step.FACILITY)
    if waiting is None or waiting.state in ENDED:
        raise not_in_state(file)
    step_ended(file, Step.FACILITY, StepState.NOT_NEEDED, by.now, {"chosen": False})
    return conclude(file, by)


def ended_by_death(file: File, by: Hand) -> File:
    """Close what is open of a file about somebody who died: the death has a file of its own."""
    told(file.file_id, Office.AGENCY, ("người này đã mất", "the person has died"), by.now)
    if file.state is FileState.NOTICED:
        return withdrawn(file, by)
    for one in _applications(file):
        _application_withdrawn(file, one, by)
    for now in steps_of(file.file_id).values():
        if now.state not in ENDED:
            step_ended(file, now.step, StepState.NOT_NEEDED, by.now)
    return conclude(file, by)


def _applied(file: File, step: Step, kind: FileKind, content: Mapping[str, Any], by: Hand) -> File:
    """File for a benefit in the person's name, with what they state and what the registers told already."""
    assert file.person_id is not None
    known = {}
    if file.kind is Kind.JOB_LOST:
        last = Month.of(int(file.content["until_month"])).first_day() - timedelta(days=1)
        known["contract_end"] = last.isoformat()
    asked = Asked(kind, file.person_id, by.now, Channel.EVENT, stated=known | dict(content))
    filed = file_application(actor=by.actor, reason=by.reason, clock=by.clock, asked=asked)
    if file.state is FileState.NOTICED:
        file = moved(file, Happening.REGISTERED, by.now)
    step_begun(file, step, by.now)
    effect(file, EffectKind.APPLICATION_FILED, str(filed.application_id), {"step": step.value}, by.now)
    number = filed.application_id
    told(file.file_id, Office.APPLICANT, (f"nộp hồ sơ số {number}", f"filed, number {number}"), by.now)
    return file


def _chosen(file: File, content: Mapping[str, Any], by: Hand) -> File:
    """Register the person with the facility they chose, from the next day on which the law lets one change (Law 51/2024/QH15 art. 26)."""
    assert file.person_id is not None
    now = steps_of(file.file_id).get(Step.FACILITY)
    if file.state is not FileState.REGISTERED or now is None or now.state in ENDED:
        raise not_in_state(file)
    facility, standing = content.get("facility"), standing_of(file.person_id)
    if content.keys() != {"facility"} or not isinstance(facility, str) or standing is None:
        raise InvalidInput("Chọn “facility”: mã cơ sở gồm 5 ký tự.", "Choose “facility”: a code of five characters.", field="facility")  # fmt: skip
    effect_on = next_change_window(by.today)
    card = str(standing["card_number"])
    on = OnCard(file.person_id, card, effect_on, f"life-event:{file.file_id}:facility")
    change_facility(actor=by.actor, reason=by.reason, clock=by.clock, on=on, facility=facility)
    about = {"effect_on": effect_on.isoformat(), "facility": str(standing["facility"])}
    effect(file, EffectKind.FACILITY_CHANGED, card, about, by.now)
    step_ended(file, Step.FACILITY, StepState.DONE, by.now, {"facility": facility, "effect_on": effect_on.isoformat()})
    words = (f"chọn {facility}, từ {effect_on:%d/%m/%Y}", f"chose {facility}, from {effect_on}")
    told(file.file_id, Office.APPLICANT, words, by.now)
    return file


def _claim_withdrawn(file: File, by: Hand) -> None:
    """Withdraw a claim that is not decided; it can be made again until its last day. Who made none says they will not."""
    now: StepNow = steps_of(file.file_id)[Step.UNEMPLOYMENT]
    if now.state in ENDED:
        raise not_in_state(file)
    open_ones = _applications(file)
    for one in open_ones:
        _application_withdrawn(file, one, by)
    until = claim_until(Month.of(int(file.content["until_month"])).first_day() - timedelta(days=1))
    if not open_ones or until < by.today:
        step_ended(file, Step.UNEMPLOYMENT, StepState.NOT_NEEDED, by.now, {"asked": False})
        return
    execute(
        "UPDATE lifeevents_step SET state = %s, asked_at = NULL WHERE file_id = %s AND step = %s",
        [StepState.WAITING.value, file.file_id, Step.UNEMPLOYMENT.value],
    )
    step_due(file, Step.UNEMPLOYMENT, until)
    words = (f"ông/bà nộp lại đến {until:%d/%m/%Y}", f"the person's claim, until {until}")
    step_waits(file, Step.UNEMPLOYMENT, words)


def _applications(file: File) -> list[Done]:
    """Return the applications of a file that stand."""
    return [one for one in effects_of(file.file_id) if one.kind is EffectKind.APPLICATION_FILED and one.undo is None]


def _application_withdrawn(file: File, one: Done, by: Hand) -> None:
    if file_numbered(int(one.reference)).state not in CLOSED:
        number = int(one.reference)
        withdraw_application(actor=by.actor, reason=by.reason, clock=by.clock, application=number)
        execute(
            "UPDATE lifeevents_effect SET undo = 'undone', undone_at = %s WHERE file_id = %s AND kind = %s AND reference = %s",
            [by.now, file.file_id, one.kind.value, one.reference],
        )

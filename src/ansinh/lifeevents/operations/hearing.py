"""Hear what hospitals and the register say: each thing once, however often it is said."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from ansinh.audit.operation import note, operation
from ansinh.cards.queries import carried_pin
from ansinh.database.sql import row, rows
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, legal_day
from ansinh.foundation.errors import InvalidInput, NotFound, Refusal
from ansinh.lifeevents.acting import hand
from ansinh.lifeevents.contents import BirthCertificate, DeathNotice, read
from ansinh.lifeevents.files import case_opened, locked, told
from ansinh.lifeevents.hearing import (
    NotBelieved,
    certificate_heard,
    conclude,
    notice_heard,
    notice_linked,
    register_heard,
    withdrawn,
)
from ansinh.lifeevents.inbox import Said, applied, heard_once, parked
from ansinh.lifeevents.states import CLOSED, FileState, Kind, Office
from ansinh.people.queries import resolve

DEATHS_A_CALL_MAX = 500


@operation(permission="lifeevents.hear")
def hear_hospital(
    *, actor: Actor, reason: str, clock: Clock, kind: Kind, paper: str, content: dict[str, Any], keep: bool = False
) -> int | None:
    """Take in a hospital's birth certificate or death notice, known by the `paper`'s key; returns the file, None when it has to wait.

    A death is believed when number, name and birth date agree with one record; otherwise it is parked for an officer, and one whose number is known to
    nobody goes on by itself when it becomes known. Refuses content that cannot be read
    (`invalid_input`), or parks it too where it is to be kept (`keep`). The same paper again changes nothing.
    """
    by = hand(reason, clock)
    said = Said(Office.HOSPITAL, paper, kind.value, content, legal_day(clock.now()))
    try:
        form = read(content, BirthCertificate if kind is Kind.BIRTH else DeathNotice)
    except InvalidInput as unread:
        if not keep:
            raise
        if heard_once(said, by.now) is None:
            parked(said, f"cannot be read: {unread.facts.get('field', '')}")
        return None
    before = heard_once(said, by.now)
    if before is not None:
        note(repeated=1)
        return before.file_id
    try:
        file = certificate_heard(form, by) if kind is Kind.BIRTH else notice_heard(form, by)
    except NotBelieved as doubt:
        parked(said, str(doubt))
        note(parked=1)
        return None
    said.belongs_to(file)
    note(file=file.file_id)
    return file.file_id


@operation(permission="lifeevents.settle")
def link_paper(*, actor: Actor, reason: str, clock: Clock, paper: str, person_id: int) -> int:
    """Say whom a death notice that waits is about, after looking at the record; the procedure goes on as if it had been believed. Returns the file.

    Refuses `not_found`: no such paper waits, no such person, or one without a personal number; `invalid_input`: a paper that cannot be read, which the
    hospital corrects.
    """
    by, person = hand(reason, clock), resolve(person_id)
    waiting = row(
        "SELECT content::text FROM lifeevents_told WHERE teller = %s AND told_key = %s AND what = %s AND state = 'parked' FOR UPDATE",
        [Office.HOSPITAL.value, paper, Kind.DEATH.value],
    )
    pin = carried_pin(person)
    if waiting is None or pin is None:
        raise NotFound(
            "Không có giấy báo tử nào đang chờ với mã này, hoặc hồ sơ không có số định danh đã xác thực.",
            "No death notice of this name waits, or the record carries no verified personal number.",
            paper=paper,
        )
    file = notice_linked(read(json.loads(waiting[0]), DeathNotice), person, pin, by)
    applied(Office.HOSPITAL.value, paper, file.file_id, by.now)
    note(file=file.file_id, person=person)
    return file.file_id


@operation(permission="lifeevents.hear")
def hear_withdrawal(*, actor: Actor, reason: str, clock: Clock, papers: str) -> int:
    """Follow a hospital that takes papers back, known by what their keys begin with; returns how many files it concerned.

    A file that is not registered yet is withdrawn; what is registered only civil status can cancel, and an officer is asked to see to it.
    """
    by = hand(reason, clock)
    concerned = rows(
        "SELECT DISTINCT file_id FROM lifeevents_told WHERE teller = %s AND starts_with(told_key, %s) AND file_id IS NOT NULL",
        [Office.HOSPITAL.value, f"{papers}/"],
    )
    for (file_id,) in concerned:
        file = locked(int(file_id))
        if file.state in CLOSED - {FileState.DONE} or file.state is FileState.UNDOING:
            continue
        told(file.file_id, Office.HOSPITAL, ("rút giấy đã gửi", "paper taken back"), by.now)
        if file.state in {FileState.REGISTERED, FileState.DONE}:
            words = ("bệnh viện rút giấy: hỏi tư pháp – hộ tịch", "the hospital took its paper back: ask civil status")
            case_opened(file, words, by.now)
        else:
            withdrawn(file, by)
    note(files=len(concerned))
    return len(concerned)


@operation(permission="lifeevents.hear")
def hear_register(*, actor: Actor, reason: str, clock: Clock, deaths: Sequence[tuple[str, date | None, str]]) -> int:
    """Follow the population register: numbers with the day of death it knows, or None where it took one back, each with the name of its event.

    Returns how many were about people of ours. The same event again changes nothing; one that can have no effect now is parked.
    """
    if len(deaths) > DEATHS_A_CALL_MAX:
        raise ValueError(f"at most {DEATHS_A_CALL_MAX} a call")
    by, ours = hand(reason, clock), 0
    for pin, died_on, event in deaths:
        content = {"pin": pin, "died_on": died_on.isoformat() if died_on else None}
        said = Said(Office.REGISTER, event, Kind.DEATH.value, content, legal_day(clock.now()))
        if heard_once(said, by.now) is not None:
            continue
        try:
            with transaction.atomic():
                file = register_heard(pin, died_on, by)
        except Refusal as refused:
            # As when a death comes anew while a mistaken one is still being undone.
            parked(said, refused.code)
            continue
        said.belongs_to(file)
        if file is not None:
            ours += 1
            conclude(file, by)
    note(heard=len(deaths), ours=ours)
    return ours

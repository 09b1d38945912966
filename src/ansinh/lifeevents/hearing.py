"""What an answer, a notice or the register's word does to a file: the same however often and through whomever it is heard."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from ansinh.foundation.clock import VIET_NAM
from ansinh.lifeevents.acting import Hand, agree, birth_registered, death_registered, person_behind
from ansinh.lifeevents.confirming import asked_no_more, held, held_back
from ansinh.lifeevents.contents import BirthCertificate, DeathNotice
from ansinh.lifeevents.files import (
    File,
    asked,
    case_opened,
    kept,
    living,
    moved,
    not_in_state,
    opened,
    paused,
    plan,
    resumed,
    step_begun,
    step_ended,
    steps_of,
    told,
)
from ansinh.lifeevents.states import (
    ENDED,
    OFFICES,
    REGISTRATION,
    FileState,
    Happening,
    Kind,
    Office,
    Outcome,
    Step,
    StepState,
    planned,
)
from ansinh.lifeevents.undoing import begin_undoing
from ansinh.places.queries import add_working_days
from ansinh.rules.law import amount

UNKNOWN = "nobody is known by this number"
"""Of what is parked for it: the number may become known later, and then it goes on by itself."""


class NotBelieved(Exception):
    """What was told does not name somebody beyond doubt; it waits for a person."""


def certificate_heard(paper: BirthCertificate, by: Hand) -> File:
    """Open the file of a birth a hospital certified, for the parents to file."""
    content = {
        "certificate": paper.certificate,
        "facility": paper.facility,
        "mother_pin": paper.mother_pin,
        "mother_name": paper.mother_name,
        "born_at": paper.born_at.astimezone(VIET_NAM).isoformat(),
        "sex": paper.sex,
        "weight_g": paper.weight_g,
        "full_name": paper.intended_name,
    }
    file = opened(Kind.BIRTH, paper.certificate, FileState.NOTICED, content, by.now)
    if file.state is FileState.NOTICED:
        told(file.file_id, Office.HOSPITAL, ("gửi giấy chứng sinh", "birth certificate sent"), by.now)
    return file


def notice_heard(paper: DeathNotice, by: Hand) -> File:
    """Open the file of a death a hospital reported; raises NotBelieved when nobody is known by the number, or name or birth date disagree."""
    person = person_behind(paper.pin)
    if person is None:
        raise NotBelieved(UNKNOWN)
    if not agree(person, paper.full_name, paper.birth_date):
        raise NotBelieved("the name or birth date is not that of the number's holder")
    file = _file_of_death(person, paper.pin, paper.died_at.astimezone(VIET_NAM), by)
    told(file.file_id, Office.HOSPITAL, ("gửi giấy báo tử", "death notice sent"), by.now)
    return file


def notice_linked(paper: DeathNotice, person: int, pin: str, by: Hand) -> File:
    """Open the file of a death an officer found to be about a record, whatever number the paper says."""
    file = _file_of_death(person, pin, paper.died_at.astimezone(VIET_NAM), by)
    told(file.file_id, Office.HOSPITAL, ("gửi giấy báo tử", "death notice sent"), by.now)
    words = ("cán bộ xác định giấy báo tử là của người này", "an officer found whom the notice is about")
    told(file.file_id, Office.AGENCY, words, by.now)
    return file


def register_heard(pin: str, died_on: date | None, by: Hand) -> File | None:
    """Follow the register: it knows a death, or takes one back (None)."""
    person = person_behind(pin)
    if person is None:
        return None
    if died_on is not None:
        at = datetime.combine(died_on, datetime.min.time(), VIET_NAM)
        file = _file_of_death(person, pin, at, by)
        return answer_heard(
            file,
            Step.DEATH,
            Outcome.DONE,
            {"pin": pin, "died_on": died_on.isoformat(), "by": Office.REGISTER.value},
            by,
        )
    known = living(Kind.DEATH, f"person:{person}")
    if known is not None and known.state in {FileState.REGISTERED, FileState.DONE}:
        told(known.file_id, Office.REGISTER, ("rút lại tin báo tử", "death withdrawn"), by.now)
        return begin_undoing(moved(known, Happening.CANCELLED, by.now), by)
    return known


def counter_heard(step: Step, result: dict[str, Any], by: Hand) -> File | None:
    """Take in what civil status registered at its own counter, without a file of ours."""
    if step is not Step.DEATH:
        return None
    pin = str(result["pin"])
    person = person_behind(pin)
    if person is None:
        return None
    at = datetime.combine(date.fromisoformat(result["died_on"]), datetime.min.time(), VIET_NAM)
    return answer_heard(_file_of_death(person, pin, at, by), step, Outcome.DONE, result, by)


def answer_heard(file: File, step: Step, outcome: Outcome, result: dict[str, Any], by: Hand) -> File:
    """Let an office's word about a step have its effect, once; raises NotInState where it can have none."""
    now = steps_of(file.file_id).get(step)
    if now is None:
        raise not_in_state(file)
    registration = step is REGISTRATION[file.kind]
    if outcome is Outcome.DONE:
        if now.state is StepState.DONE:
            return file
        return _registered(file, step, result, by) if registration else _step_done(file, step, result, by)
    if outcome is Outcome.CORRECTION:
        return _corrected(file, step, result, by)
    if outcome is Outcome.REFUSED:
        return _refused(file, step, result, by)
    if outcome is Outcome.CANCELLED:
        return _cancelled(file, step, result, by)
    step_ended(file, step, StepState.UNDONE, by.now)
    return file


def conclude(file: File, by: Hand) -> File:
    """Give the result when every step has ended."""
    if file.state is FileState.REGISTERED and all(one.state in ENDED for one in steps_of(file.file_id).values()):
        told(file.file_id, Office.AGENCY, ("trả kết quả", "result given"), by.now)
        return moved(file, Happening.CONCLUDED, by.now)
    return file


def submitted(file: File, by: Hand) -> None:
    """Send a filed birth or death to civil status."""
    step = REGISTRATION[file.kind]
    asked(file, step, "submit", form_for(file, step), by.now)
    step_begun(file, step, by.now)
    told(file.file_id, OFFICES_OF[step], ("nhận hồ sơ", "file received"), by.now)


def withdrawn(file: File, by: Hand) -> File:
    """End a file that is not registered, and tell civil status if it was asked; raises NotInState."""
    step = steps_of(file.file_id)[REGISTRATION[file.kind]]
    if step.state in {StepState.ASKED, StepState.CORRECTION}:
        asked(file, step.step, "withdraw", {"kind": step.step.value, "subject": file.subject}, by.now)
    resumed(file, by.now)
    file = moved(file, Happening.WITHDRAWN, by.now)
    for one in steps_of(file.file_id).values():
        if one.state not in ENDED:
            step_ended(file, one.step, StepState.NOT_NEEDED, by.now)
    asked_no_more(file, by)
    return file


def form_for(file: File, step: Step) -> dict[str, Any]:
    """Return what an office needs to know for its step, and nothing besides."""
    common = {"kind": step.value, "subject": file.subject}
    said = file.content
    if step is Step.BIRTH:
        names = ("certificate", "mother_pin", "father_pin", "full_name", "sex", "born_at")
        home = str(said["home"])
        return common | {name: said.get(name, "") for name in names} | {"province": home[:2], "commune": home[3:]}
    if step is Step.DEATH:
        return common | {"pin": said["pin"], "died_at": said["died_at"]}
    return common | {"pin": said.get("pin", ""), "home": said.get("home", "")}


OFFICES_OF = {step: planned(kind, step).office for kind, step in REGISTRATION.items()}


def _file_of_death(person: int, pin: str, died_at: datetime, by: Hand) -> File:
    content = {"pin": pin, "died_at": died_at.isoformat()}
    file = opened(Kind.DEATH, f"person:{person}", FileState.NOTICED, content, by.now)
    return file if file.person_id is not None else kept(file, person_id=person)


def _registered(file: File, step: Step, result: dict[str, Any], by: Hand) -> File:
    file = moved(file, Happening.REGISTERED, by.now)
    step_ended(file, step, StepState.DONE, by.now, result)
    office = Office(result.get("by", OFFICES_OF[step].value))
    words = {
        Step.BIRTH: ("đăng ký khai sinh, cấp số định danh", "birth registered, personal number issued"),
        Step.DEATH: ("đăng ký khai tử", "death registered"),
    }
    told(file.file_id, office, words[step], by.now)
    if file.kind is Kind.BIRTH:
        file = birth_registered(file, result, by)
    else:
        death_registered(file, date.fromisoformat(result["died_on"]), by)
    _begun(file, [one.step for one in steps_of(file.file_id).values() if one.state is StepState.WAITING], office, by)
    return file


def released(file: File, by: Hand) -> frozenset[Step]:
    """Let what was held for relatives begin once they have confirmed; returns what is held still."""
    still = held(file)
    waiting = [one.step for one in steps_of(file.file_id).values() if one.state is StepState.WAITING]
    _begun(file, [step for step in waiting if step not in still], OFFICES_OF[REGISTRATION[file.kind]], by)
    return still


def _begun(file: File, steps: Iterable[Step], registered_by: Office, by: Hand) -> None:
    still = held(file)
    for step in steps:
        if step in still:
            held_back(file, step)
        else:
            _begin(file, step, registered_by, by)


def _begin(file: File, step: Step, registered_by: Office, by: Hand) -> None:
    """Let a step after registration begin: the office is asked, or the agency's own clock runs."""
    office = planned(file.kind, step).office
    if office is Office.AGENCY:
        step_begun(file, step, by.now)
    elif step is Step.RESIDENCE_OFF and registered_by is Office.REGISTER:
        # Whoever the register knows as dead has no residence any more: its own house sees to it.
        step_ended(file, step, StepState.NOT_NEEDED, by.now)
    else:
        asked(file, step, "submit", form_for(file, step), by.now)
        step_begun(file, step, by.now)


def picked(file: File, picks: frozenset[Step], by: Hand) -> None:
    """Add what an applicant picks to a file that may be registered already; what is registered begins at once."""
    before = steps_of(file.file_id)
    plan(file.file_id, file.kind, picks)
    if file.state is FileState.REGISTERED:
        _begun(file, picks - before.keys(), Office.CIVIL_STATUS, by)


def _step_done(file: File, step: Step, result: dict[str, Any], by: Hand) -> File:
    step_ended(file, step, StepState.DONE, by.now, result)
    one = planned(file.kind, step)
    told(file.file_id, one.office, (one.vi, one.en), by.now)
    return file


def _corrected(file: File, step: Step, result: dict[str, Any], by: Hand) -> File:
    step_ended(file, step, StepState.CORRECTION, by.now, result)
    field = str(result.get("field", ""))
    words = (f"yêu cầu bổ sung: {field}", f"a supplement is wanted: {field}")
    told(file.file_id, planned(file.kind, step).office, words, by.now)
    paused(file, words, add_working_days(by.now.astimezone(VIET_NAM).date(), _papers(by)), by.now)
    return moved(file, Happening.CORRECTION_WANTED, by.now) if step is REGISTRATION[file.kind] else file


def _papers(by: Hand) -> int:
    return amount("deadlines.papers", by.now.astimezone(VIET_NAM).date())


def _refused(file: File, step: Step, result: dict[str, Any], by: Hand) -> File:
    step_ended(file, step, StepState.REFUSED, by.now, result)
    vi, en = OFFICES[planned(file.kind, step).office]
    told(file.file_id, planned(file.kind, step).office, ("từ chối", "refused"), by.now)
    if step is REGISTRATION[file.kind]:
        for other in steps_of(file.file_id).values():
            if other.state not in ENDED:
                step_ended(file, other.step, StepState.NOT_NEEDED, by.now)
        asked_no_more(file, by)
        return moved(file, Happening.REFUSED, by.now)
    one = planned(file.kind, step)
    case_opened(file, (f"{vi} từ chối: {one.vi}", f"{en} refused: {one.en}"), by.now)
    return file


def _cancelled(file: File, step: Step, result: dict[str, Any], by: Hand) -> File:
    step_ended(file, step, StepState.UNDONE, by.now, result)
    one = planned(file.kind, step)
    told(file.file_id, one.office, (f"hủy: {one.vi}", f"cancelled: {one.en}"), by.now)
    if step is not REGISTRATION[file.kind]:
        if file.state is not FileState.UNDOING:
            vi, en = OFFICES[one.office]
            case_opened(file, (f"{vi} hủy kết quả: {one.vi}", f"{en} cancelled: {one.en}"), by.now)
        return file
    if file.state in {FileState.UNDOING, FileState.UNDONE}:
        return file
    return begin_undoing(moved(file, Happening.CANCELLED, by.now), by)

"""What officers do: receive, ask for a supplement, hand on to who decides, decide, answer. And what goes on by itself."""

from __future__ import annotations

from collections.abc import Sequence

from ansinh.access.queries import online_services
from ansinh.audit.operation import note, operation
from ansinh.foundation.actor import Actor, By
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import InvalidInput
from ansinh.notices.operations import Notice, send_message
from ansinh.services.catalogue import Ask, PaperWanted
from ansinh.services.offices.deciding import handed_on, heard_of
from ansinh.services.offices.outcomes import Concluded, Forwarded, Said, Waiting, Wanted
from ansinh.services.rows import (
    Application,
    asked_by_officer,
    clock_goes_on,
    forwarded_after,
    kept,
    lined,
    locked,
    moved,
    not_in_state,
    paused,
)
from ansinh.services.states import APPLICATION_STATES, OFFICES, ApplicationState, Happening
from ansinh.services.watching import decided_late, watch

APPLICATIONS_A_CALL_MAX = 100
WORDS_LENGTH_MAX = 500
WANTED_MAX = 20


@operation(permission="services.receive")
def receive_application(*, actor: Actor, reason: str, clock: Clock, reference: str) -> None:
    """Take a submitted application in hand. Refuses an unknown one (`not_found`) and one not waiting for it (`application_not_in_state`)."""
    moved(locked(reference), Happening.RECEIVED, ("đã tiếp nhận", "received"), By(actor, reason, clock.now()))


@operation(permission="services.receive")
def ask_supplement(
    *, actor: Actor, reason: str, clock: Clock, reference: str, because: tuple[str, str], wanted: Sequence[str] = ()
) -> None:
    """Ask the applicant for what is missing, in both languages; `wanted` names questions and papers of the catalogue. The clock stands still meanwhile.

    Refuses empty words and keys the service does not know (`invalid_input`), and a closed or waiting application (`application_not_in_state`).
    """
    by, one = By(actor, reason, clock.now()), locked(reference)
    _stop_for(one, _words(because), [_named(one, key) for key in wanted[:WANTED_MAX]], by, clock)


@operation(permission="services.decide")
def forward_application(*, actor: Actor, reason: str, clock: Clock, reference: str) -> ApplicationState:
    """Hand a received application to the room that decides it, and return where it stands: some are decided at once, others by two officers there.

    Refuses what cannot be done as things stand (`service_not_possible`), whatever that room refuses, and one that is not received
    (`application_not_in_state`).
    """
    by, one = By(actor, reason, clock.now()), locked(reference)
    if one.state is not ApplicationState.RECEIVED:
        raise not_in_state(one)
    said: Said = {"actor": actor, "reason": reason, "clock": clock}
    word = handed_on(one, said)
    if isinstance(word, Concluded):
        return _conclude(one, word, by, clock).state
    assert isinstance(word, Forwarded)
    office = OFFICES[one.told.office]
    one = moved(
        one,
        Happening.FORWARDED,
        (f"chuyển {office[0]}", f"handed to {office[1]}"),
        by,
        forwarded_to=word.reference,
    )
    return _heard(one, By(online_services(), reason, by.moment), clock).state


@operation(permission="services.decide")
def refuse_application(*, actor: Actor, reason: str, clock: Clock, reference: str, because: tuple[str, str]) -> None:
    """Refuse an application with the reason in both languages, which the applicant reads. What another room decides is refused there.

    Refuses empty words (`invalid_input`), and one that is closed or handed on (`application_not_in_state`).
    """
    by, one = By(actor, reason, clock.now()), locked(reference)
    if one.forwarded_to is not None:
        raise not_in_state(one)
    clock_goes_on(one, by.moment)
    _conclude(one, Concluded(False, *_words(because)), by, clock)


@operation(permission="services.receive")
def answer_application(*, actor: Actor, reason: str, clock: Clock, reference: str, words: tuple[str, str]) -> None:
    """Tell the applicant something about an application, in both languages; its state stays. Refuses empty words (`invalid_input`) and an unknown one."""
    lined(locked(reference), "answered", _words(words), By(actor, reason, clock.now()))


@operation(permission="services.carry_on")
def carry_on(*, actor: Actor, reason: str, clock: Clock, after: int = 0) -> int | None:
    """Hear what the deciding rooms decided or want, for APPLICATIONS_A_CALL_MAX applications after a number.

    Returns the number to go on from, or None when there are no more. Safe to run at any moment, any number of times.
    """
    by = By(online_services(), reason, clock.now())
    found = forwarded_after(after, APPLICATIONS_A_CALL_MAX)
    for each in found:
        _heard(locked(each.reference), by, clock)
    note(looked_at=len(found))
    return found[-1].application_id if len(found) == APPLICATIONS_A_CALL_MAX else None


@operation(permission="services.carry_on")
def watch_deadlines(*, actor: Actor, reason: str, clock: Clock) -> dict[str, int]:
    """Raise what alerts are due: near the last day, after it with the reason, and where no supplement came. Applicants of late ones are told with an
    apology and a new date (Decree 63/2024).

    Returns how many of each kind are new. Twice on a day raises nothing more.
    """
    watched = watch(clock.now())
    for late in watched.late:
        if late.new_due_on is not None:
            days = {"due_on": f"{late.due_on:%d/%m/%Y}", "new_due_on": f"{late.new_due_on:%d/%m/%Y}"}
            fact = f"services.application:{late.application_id}"
            notice = Notice(late.person_id, "file_late", {"file": late.receipt, **days}, fact, late.due_on)
            send_message(actor=online_services(), reason=reason, clock=clock, notice=notice)
    note(**watched.raised)
    return watched.raised


def _heard(one: Application, by: By, clock: Clock) -> Application:
    """Let an application follow what became of it in the room that decides."""
    word = heard_of(one)
    if isinstance(word, Wanted) and one.state is ApplicationState.FORWARDED:
        names = ("; ".join(each["vi"] for each in word.what), "; ".join(each["en"] for each in word.what))
        return _stop_for(one, (f"Cần: {names[0]}", f"Needed: {names[1]}"), list(word.what), by, clock)
    if isinstance(word, Waiting) and one.state is ApplicationState.WAITING_SUPPLEMENT and not asked_by_officer(one):
        due = clock_goes_on(one, by.moment)
        words = ("đã đủ thông tin", "nothing is missing any more")
        return moved(one, Happening.SUPPLEMENTED_THERE, words, by, due_on=due)
    if isinstance(word, Concluded):
        if one.state is ApplicationState.WAITING_SUPPLEMENT:
            one = kept(one, due_on=clock_goes_on(one, by.moment))
            one = moved(one, Happening.SUPPLEMENTED_THERE, ("đã có đủ", "complete"), by)
        return _conclude(one, word, by, clock)
    return one


def _stop_for(
    one: Application, because: tuple[str, str], wanted: list[dict[str, str]], by: By, clock: Clock
) -> Application:
    one = moved(one, Happening.SUPPLEMENT_ASKED, because, by)
    until = paused(one, because, wanted, by)
    told = {"receipt": str(one.receipt), "until": f"{until:%d/%m/%Y}" if until else "—"}
    _tell(one, "supplement_wanted", told, by, clock)
    return one


def _conclude(one: Application, word: Concluded, by: By, clock: Clock) -> Application:
    """Close an application with what was decided, leave the alert of one that is late, and tell the applicant."""
    if one.due_on is not None and one.due_on < by.today:
        decided_late(one, by.today)
    happening = Happening.GRANTED if word.granted else Happening.REFUSED
    facts = [list(each) for each in word.facts]
    one = moved(
        one,
        happening,
        (word.vi, word.en),
        by,
        result_vi=word.vi,
        result_en=word.en,
        result_facts=facts,
        carried_over=True,
    )
    vi, en = APPLICATION_STATES[one.state]
    _tell(one, "application_decided", {"receipt": str(one.receipt), "state_vi": vi, "state_en": en}, by, clock)
    return one


def _tell(one: Application, template: str, told: dict[str, str], by: By, clock: Clock) -> None:
    notice = Notice(one.person_id, template, told, f"services.application:{one.application_id}", by.today)
    send_message(actor=online_services(), reason=by.reason, clock=clock, notice=notice)


def _words(words: tuple[str, str]) -> tuple[str, str]:
    vi, en = (" ".join(one.split()) for one in words)
    if not all(0 < len(one) <= WORDS_LENGTH_MAX and one.isprintable() for one in (vi, en)):
        raise InvalidInput(
            f"Cần viết bằng cả hai ngôn ngữ, mỗi bên không quá {WORDS_LENGTH_MAX} ký tự.",
            f"Write it in both languages, at most {WORDS_LENGTH_MAX} characters each.",
            field="words",
        )
    return vi, en


def _named(one: Application, key: str) -> dict[str, str]:
    known: list[Ask | PaperWanted] = [*one.told.asks, *one.told.papers]
    for each in known:
        if each.key == key:
            return {"key": key, "vi": each.vi, "en": each.en}
    raise InvalidInput(f"Dịch vụ này không có mục “{key[:40]}”.", f"This service has no “{key[:40]}”.", field="wanted")

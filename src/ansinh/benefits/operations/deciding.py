"""Decide a file: one officer prepares with the law's answer, another approves or sends back."""

from __future__ import annotations

from dataclasses import dataclass

from ansinh.audit.operation import note, operation
from ansinh.benefits.deciding import (
    By,
    alert_if_late,
    answered,
    approved,
    carried_out,
    drawn_up,
    same_facts,
    sent_back,
    standing_of,
)
from ansinh.benefits.file_states import OPEN, FileEvent, FileState, Outcome
from ansinh.benefits.filing import closed, gathered_now, locked, moved, not_in_state
from ansinh.benefits.gathering.kinds import gather
from ansinh.benefits.gathering.standing import refuse_what_is_drawn
from ansinh.benefits.states import SameOfficer
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, legal_day


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision: its number, what it says, and where the file stands now."""

    decision_id: int
    outcome: Outcome
    state: FileState


@operation(permission="benefits.prepare_decision")
def prepare_decision(*, actor: Actor, reason: str, clock: Clock, application: int) -> Decided:
    """Prepare the decision on a file with the law's answer; granting and refusing alike wait for another officer.

    The facts are gathered anew; the question, the facts and the derivation are kept as they are now. Refuses a file whose facts are missing (`facts_missing`)
    or that is not being gathered (`file_not_in_state`), an unknown one (`not_found`), what is drawn already (`already_drawn`), facts the law cannot be
    asked about (`invalid_input`), and a value of law nobody knows (`parameter_unknown`).
    """
    now, file = clock.now(), locked(application)
    if file.state not in {FileState.GATHERING, FileState.WAITING_PAPERS}:
        raise not_in_state(file)
    file, found = gathered_now(file, now)
    answer = answered(file, found)
    refuse_what_is_drawn(file.kind, file.person_id, file.insured_person_id, now)
    decision_id = drawn_up(file, found, answer, actor.reference, now)
    file = moved(file, FileEvent.PREPARED)
    standing = standing_of(file)
    note(decision=decision_id, outcome=standing.outcome.value)
    return Decided(decision_id, standing.outcome, file.state)


@operation(permission="benefits.approve_decision")
def decide_application(
    *, actor: Actor, reason: str, clock: Clock, application: int, send_back: str | None = None
) -> Decided:
    """Approve the decision another officer prepared; granting opens the entitlements in the same transaction. Approving it twice changes nothing.

    With `send_back`, the reason why not: the decision stays on file and another is to be prepared. A decision after the last day leaves its alert and reason.
    Refuses whoever prepared it (`same_officer`; they may take it back), a file that is not prepared (`file_not_in_state`), an unknown one (`not_found`),
    facts that changed since (`facts_changed`), and what was granted meanwhile (`already_drawn`).
    """
    now, file = clock.now(), locked(application)
    if file.state is FileState.WITHDRAWN or file.state in OPEN - {FileState.PREPARED}:
        raise not_in_state(file)
    standing = standing_of(file)
    if standing.approved_by == actor.reference and send_back is None:
        return Decided(standing.decision_id, standing.outcome, file.state)
    if file.state is not FileState.PREPARED:
        raise not_in_state(file)
    note(decision=standing.decision_id)
    if send_back is not None:
        sent_back(file, standing, By(actor.reference, now), send_back)
        return Decided(standing.decision_id, standing.outcome, moved(file, FileEvent.SENT_BACK).state)
    if standing.prepared_by == actor.reference:
        raise SameOfficer(
            "Người duyệt phải khác người lập quyết định.",
            "Whoever approves must be another than who prepared the decision.",
            application=application,
        )
    same_facts(file, standing, gather(file, now))
    if standing.outcome is Outcome.GRANTED:
        refuse_what_is_drawn(file.kind, file.person_id, file.insured_person_id, now)
    approved(file, standing, By(actor.reference, now))
    event = FileEvent.GRANTED if standing.outcome is Outcome.GRANTED else FileEvent.REFUSED
    file = closed(file, event, legal_day(now), standing.decision_id)
    entitlements = carried_out(file, standing, now)
    alert_if_late(file, legal_day(now))
    note(outcome=standing.outcome.value, entitlements=entitlements)
    return Decided(standing.decision_id, standing.outcome, file.state)

"""What may be done here: change a ceiling (two people), lift a restraint, confirm a challenge at the desk, acknowledge an alert."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from ansinh.audit.operation import note, operation
from ansinh.ceilings.holding import TooManyLookUps, count_look_up, require_below
from ansinh.ceilings.models import LEVELS, Alert, Ceiling, InForce
from ansinh.ceilings.queries import officer_subject
from ansinh.ceilings.states import STEP_TRANSITIONS, CeilingState, Kind, Step
from ansinh.database.sql import execute, number
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import VIET_NAM, Clock
from ansinh.foundation.errors import InvalidInput, NotFound, Refusal

__all__ = [
    "CeilingValues",
    "SamePerson",
    "TooManyLookUps",
    "WrongState",
    "acknowledge_alert",
    "approve_ceiling",
    "confirm_challenge",
    "count_look_up",
    "lift_restraint",
    "prepare_ceiling",
    "refuse_ceiling",
    "require_below",
]

CONFIRMED = "confirmed"
VALUE_MAX = 1_000_000_000
# The gateways' exchange takes the same lock: nobody takes a step while another is lifted.
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('ceilings_tally'))"


class SamePerson(Refusal):
    """Whoever decides must be an officer, and not the one who prepared it."""

    code = "same_person"


class WrongState(Refusal):
    """The thing is not in a state from which this may be done."""

    code = "wrong_state"


@dataclass(frozen=True)
class CeilingValues:
    """How much a subject may ask: questions a second, new persons an hour and a day, misses and neighbouring numbers an hour."""

    rate_per_second: int
    persons_an_hour: int
    persons_a_day: int
    misses_an_hour: int
    neighbours_an_hour: int


@operation(permission="ceilings.prepare_ceiling")
def prepare_ceiling(
    *, actor: Actor, reason: str, clock: Clock, kind: str, values: CeilingValues, level: str = "*", subject: str = ""
) -> int:
    """Propose a ceiling for a kind of subject at facilities of a level, or for one subject; return its number. It holds once another officer agrees.

    Refuses an unknown kind or level, a subject that does not begin with its kind, and values below one (`invalid_input`); an actor who is no
    officer (`same_person`).
    """
    _require_officer(actor)
    if kind not in {one.value for one in Kind} or level not in LEVELS or (subject and level != "*"):
        raise InvalidInput(
            "Loại đối tượng hoặc hạng cơ sở sai; mức riêng cho một đối tượng không ghi hạng.",
            "Unknown kind or level; a ceiling for one subject has no level.",
            field="kind",
        )
    if subject and not subject.startswith(f"{kind} "):
        raise InvalidInput(
            f"Đối tượng phải bắt đầu bằng “{kind} ”, ví dụ “facility 01004”.",
            f"The subject must begin with “{kind} ”, such as “facility 01004”.",
            field="subject",
        )
    wrong = [name for name, value in asdict(values).items() if not 0 < value <= VALUE_MAX]
    if wrong:
        raise InvalidInput(f"“{wrong[0]}” phải lớn hơn 0.", f"“{wrong[0]}” must be above 0.", field=wrong[0])
    made = Ceiling.objects.create(
        kind=kind,
        level=level,
        subject=subject,
        **asdict(values),
        reason=reason,
        prepared_by=actor.reference,
        prepared_at=clock.now(),
    )
    note(ceiling=made.pk, kind=kind, level=level, **asdict(values))
    return made.pk


@operation(permission="ceilings.approve_ceiling")
def approve_ceiling(*, actor: Actor, reason: str, clock: Clock, ceiling: int) -> None:
    """Agree to a proposed ceiling: gateways hold to it with what they next say of a subject. Approving it twice changes nothing.

    Refuses the one who prepared it (`same_person`), an unknown one (`not_found`), and one no longer waiting (`wrong_state`).
    """
    _require_officer(actor)
    found = _locked(ceiling)
    if found.state == CeilingState.APPROVED and found.approved_by == actor.reference:
        return
    if found.prepared_by == actor.reference:
        raise SamePerson("Người duyệt phải khác người đề nghị.", "Whoever agrees must not be who proposed it.")
    _require_waiting(found)
    found.state, found.approved_by, found.approved_at = CeilingState.APPROVED.value, actor.reference, clock.now()
    found.save(update_fields=["state", "approved_by", "approved_at"])
    note(ceiling=ceiling)


@operation(permission="ceilings.approve_ceiling")
def refuse_ceiling(*, actor: Actor, reason: str, ceiling: int) -> None:
    """Refuse a proposed ceiling; whoever proposed it may take it back this way. Refuses as `approve_ceiling` does."""
    found = _locked(ceiling)
    _require_waiting(found)
    found.state = CeilingState.REFUSED.value
    found.save(update_fields=["state"])
    note(ceiling=ceiling)


@operation(permission="ceilings.lift_restraint")
def lift_restraint(*, actor: Actor, reason: str, clock: Clock, restraint: int) -> None:
    """Let a subject go on, its counts begun anew; gateways hear of it within seconds. Pass the real clock.

    Refuses an actor who is no officer of the agency (`same_person`), a number unknown or not the newest of its subject (`not_found`), and one that
    is over (`wrong_state`).
    """
    _require_officer(actor)
    execute(_ONE_AT_A_TIME)
    held = InForce.objects.select_related("restraint").filter(restraint_id=restraint).first()
    if held is None:
        raise NotFound(
            f"Không có biện pháp số {restraint} đang áp dụng; xem: ansinh ceilings restraints",
            f"There is no restraint {restraint} in force; list them: ansinh ceilings restraints",
            restraint=restraint,
        )
    _lift(held, actor.reference, reason, clock.now(), cause="officer")


@operation(permission="ceilings.confirm_challenge")
def confirm_challenge(*, actor: Actor, reason: str, clock: Clock, facility: str, officer: str) -> None:
    """Let a challenged officer go on after they proved both factors again; the caller has just seen the proof. Once a day. Pass the real clock.

    Refuses another officer (`not_found`), one who is not challenged, and a second time on a day: that takes an officer of the agency (`wrong_state`).
    """
    subject, now = officer_subject(facility, officer), clock.now()
    if actor.reference != f"{facility}:{officer}":
        raise NotFound("Không có yêu cầu xác nhận nào.", "There is nothing to confirm.")
    execute(_ONE_AT_A_TIME)
    held = InForce.objects.select_related("restraint").filter(subject=subject).first()
    if held is None or held.step != Step.CHALLENGE:
        raise WrongState("Không có yêu cầu xác nhận nào.", "There is nothing to confirm.")
    midnight = now.astimezone(VIET_NAM).replace(hour=0, minute=0, second=0, microsecond=0)
    before = number(
        "SELECT count(*) FROM ceilings_restraint WHERE subject = %s AND step = %s AND cause = %s AND began_at >= %s AND began_at < %s",
        [subject, Step.LIFTED.value, CONFIRMED, midnight, midnight + timedelta(days=1)],
    )
    if before:
        raise WrongState(
            "Hôm nay đã xác nhận một lần; đề nghị cơ quan bảo hiểm xã hội mở lại.",
            "It was confirmed once today; ask the agency to lift it.",
        )
    _lift(held, actor.reference, reason, now, cause=CONFIRMED)


@operation(permission="ceilings.acknowledge_alert")
def acknowledge_alert(*, actor: Actor, reason: str, clock: Clock, alert: int) -> None:
    """Say that an alert was read and is being looked into; the restraint stays. Refuses an unknown one (`not_found`); twice changes nothing."""
    found = Alert.objects.select_for_update().filter(pk=alert).first()
    if found is None:
        raise NotFound(f"Không có cảnh báo số {alert}.", f"There is no alert {alert}.", alert=alert)
    note(alert=alert, restraint=found.restraint_id)
    if found.acknowledged_at is None:
        found.acknowledged_by, found.acknowledged_at = actor.reference, clock.now()
        found.save(update_fields=["acknowledged_by", "acknowledged_at"])


def _lift(held: InForce, by_whom: str, reason: str, now: datetime, *, cause: str) -> None:
    over = held.until is not None and held.until <= now
    if over or Step.LIFTED not in STEP_TRANSITIONS[Step(held.step)]:
        raise WrongState("Biện pháp này không còn áp dụng.", "This restraint is no longer in force.")
    execute("SELECT ceilings_forgive(%s, %s)", [held.subject, now])
    execute(
        "INSERT INTO ceilings_restraint (subject, kind, facility, step, cause, figures, began_at, by_whom, reason)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            held.subject,
            held.restraint.kind,
            held.restraint.facility,
            Step.LIFTED.value,
            cause,
            json.dumps({"lifted": held.restraint_id}),
            now,
            by_whom,
            reason,
        ],
    )
    note(restraint=held.restraint_id, step=held.step, facility=held.restraint.facility)


def _require_officer(actor: Actor) -> None:
    if actor.kind is not ActorKind.OFFICER or ":" in actor.reference:
        raise SamePerson("Việc này cần cán bộ có tên; dùng --as.", "This takes an officer with a name; use --as.")


def _require_waiting(ceiling: Ceiling) -> None:
    if ceiling.state != CeilingState.PREPARED:
        raise WrongState(
            f"Đề nghị số {ceiling.pk} không còn chờ duyệt.", f"The proposal {ceiling.pk} waits no longer.", state=ceiling.state
        )  # fmt: skip


def _locked(ceiling: int) -> Ceiling:
    found = Ceiling.objects.select_for_update().filter(pk=ceiling).first()
    if found is None:
        raise NotFound(f"Không có đề nghị mức trần số {ceiling}.", f"There is no ceiling {ceiling}.", ceiling=ceiling)
    return found

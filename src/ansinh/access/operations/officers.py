"""Officers and their roles. A role is prepared by one officer and approved by another, who is not the one it is for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ansinh.access.granting import NO_LIMIT, GrantTerms, require_no_conflict, require_terms, same_terms
from ansinh.access.models import FOUNDER, FOUNDING_SEATS, Officer, RoleGrant
from ansinh.access.roles import ROLES
from ansinh.access.roles import Administrator as AdministratorRole
from ansinh.access.states import GRANT_TRANSITIONS, OPEN_GRANT_STATES, GrantState
from ansinh.audit.operation import note, operation
from ansinh.database.sql import execute
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import InvalidInput, NotFound, NotPermitted, Refusal

NAME_LENGTH_MAX = 200
_OFFICER_NO = re.compile(r"[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+")


class SamePerson(Refusal):
    """One person would both prepare and approve, or approve a role for themselves."""

    code = "same_person"


class AlreadyThere(Refusal):
    """What should be made exists already, and is different."""

    code = "already_there"


class WrongState(Refusal):
    """The thing is not in a state from which this may be done."""

    code = "wrong_state"


@dataclass(frozen=True)
class Administrator:
    """One of the first two administrators."""

    officer_no: str
    name: str
    unit: str


@operation(permission="access.found")
def found_administration(*, actor: Actor, reason: str, clock: Clock, administrators: Sequence[Administrator]) -> int:
    """Register the first two administrators; return how many were new.

    The same two again change nothing. Refuses when there are officers already (`already_there`), or when they are not two different people.
    """
    execute("SELECT pg_advisory_xact_lock(hashtext('access.found'))")
    if len({one.officer_no for one in administrators}) != len(FOUNDING_SEATS):
        raise InvalidInput("Cần đúng hai quản trị viên khác nhau.", "Exactly two different administrators are needed.")
    seated = set(RoleGrant.objects.filter(founding_seat__isnull=False).values_list("officer_id", flat=True))
    if seated == {one.officer_no for one in administrators}:
        note(founded=0)
        return 0
    if Officer.objects.exists():
        raise AlreadyThere(
            "Đã có cán bộ; quản trị viên tiếp theo phải do hai người cấp quyền.",
            "There are officers already; further administrators are granted their role by two people.",
        )
    for seat, one in zip(FOUNDING_SEATS, administrators, strict=True):
        _new_officer(one.officer_no, one.name, one.unit)
        RoleGrant.objects.create(
            officer_id=one.officer_no,
            role=AdministratorRole.name,
            state=GrantState.APPROVED,
            founding_seat=seat,
            prepared_by=FOUNDER,
            prepared_at=clock.now(),
        )
    note(founded=len(administrators))
    return len(administrators)


@operation(permission="access.register_officer")
def register_officer(*, actor: Actor, reason: str, officer_no: str, name: str, unit: str) -> bool:
    """Register an officer, who has no role yet; return whether they are new.

    Refuses an officer number already given to another name or unit (`already_there`), or one that has not the form `province.name` (`invalid_input`).
    """
    known = Officer.objects.filter(officer_no=officer_no).first()
    note(officer=officer_no)
    if known is None:
        _new_officer(officer_no, name, unit)
        return True
    if (known.name, known.unit, known.active) != (name, unit, True):
        raise AlreadyThere(
            f"Số hiệu {officer_no} đã cấp cho cán bộ khác.",
            f"The officer number {officer_no} belongs to another officer.",
            officer=officer_no,
        )
    return False


@operation(permission="access.register_officer")
def dismiss_officer(*, actor: Actor, reason: str, officer_no: str) -> None:
    """Let an officer act no more; their roles stay on record. Refuses an unknown officer (`not_found`)."""
    note(officer=officer_no)
    if not Officer.objects.filter(officer_no=officer_no).update(active=False):
        raise _no_officer(officer_no)


@operation(permission="access.prepare_role")
def prepare_role_grant(
    *, actor: Actor, reason: str, clock: Clock, officer_no: str, role: str, terms: GrantTerms = NO_LIMIT
) -> int:
    """Propose a role for an officer; return the grant's number. A grant already open on the same terms is returned as it is.

    Refuses an unknown or dismissed officer (`not_found`), an unknown role or terms it cannot have (`invalid_input`), other terms than those of an open
    grant (`already_there`), a role that must not be joined with one the officer has (`conflict`), and an actor who is no officer (`same_person`). An officer
    who is no administrator lends roles of their own only (`not_permitted`).
    """
    _require_officer(actor)
    _require_own(actor, terms.covers)
    if role not in ROLES or not ROLES[role].grantable:
        names = ", ".join(name for name, one in ROLES.items() if one.grantable)
        raise InvalidInput(f"Không có vai trò “{role}”. Chọn: {names}.", f"There is no role “{role}”. Choose: {names}.")
    require_terms(role, terms)
    if not Officer.objects.filter(officer_no=officer_no, active=True).exists():
        raise _no_officer(officer_no)
    require_no_conflict(officer_no, role, clock.now())
    states = [state.value for state in OPEN_GRANT_STATES]
    grant = RoleGrant.objects.filter(officer_id=officer_no, role=role, state__in=states).first()
    if grant is not None and grant.valid_until is not None and grant.valid_until <= clock.now():
        grant.state = GrantState.ENDED if grant.approved_by else GrantState.REFUSED
        _close(grant, actor, clock)
        grant = None
    if grant is not None and not same_terms(grant, terms):
        raise AlreadyThere(
            f"Cán bộ đã có vai trò này với điều kiện khác (đề nghị số {grant.pk}); hãy kết thúc vai trò cũ trước.",
            f"The officer has this role on other terms (grant {grant.pk}); end that one first.",
            grant=grant.pk,
        )
    grant = grant or RoleGrant.objects.create(
        officer_id=officer_no,
        role=role,
        prepared_by=actor.reference,
        prepared_at=clock.now(),
        provinces=sorted(terms.provinces) if terms.provinces is not None else None,
        valid_from=terms.valid_from,
        valid_until=terms.valid_until,
        covers_id=terms.covers,
    )
    note(grant=grant.pk, officer=officer_no, role=role)
    return int(grant.pk)


@operation(permission="access.approve_role")
def approve_role_grant(*, actor: Actor, reason: str, clock: Clock, grant: int) -> None:
    """Agree to a prepared grant; the role is the officer's at once. Approving it twice changes nothing.

    Refuses the one who prepared it and the one it is for (`same_person`), an unknown grant (`not_found`), one no longer waiting (`wrong_state`), and a
    role that must not be joined with one the officer has got meanwhile (`conflict`).
    """
    _require_officer(actor)
    found = _locked(grant)
    if found.state == GrantState.APPROVED and found.approved_by == actor.reference:
        return
    if actor.reference in {found.prepared_by, found.officer_id, found.covers_id}:
        raise SamePerson(
            "Người duyệt phải khác người đề nghị và khác người được cấp vai trò.",
            "Whoever approves must be neither the one who prepared it nor the one it is for.",
            grant=grant,
        )
    require_no_conflict(found.officer_id, found.role, clock.now())
    _move(found, GrantState.APPROVED)
    found.approved_by, found.approved_at = actor.reference, clock.now()
    found.save(update_fields=["state", "approved_by", "approved_at"])
    note(grant=grant, officer=found.officer_id, role=found.role)


@operation(permission="access.approve_role")
def refuse_role_grant(*, actor: Actor, reason: str, clock: Clock, grant: int) -> None:
    """Refuse a prepared grant; its preparer may withdraw it this way. Refuses an unknown grant (`not_found`) or one no longer waiting (`wrong_state`)."""
    found = _locked(grant)
    _move(found, GrantState.REFUSED)
    _close(found, actor, clock)


@operation(permission="access.end_role")
def end_role_grant(*, actor: Actor, reason: str, clock: Clock, grant: int) -> None:
    """Take a role away; one officer may, because it only lessens what can be done; of a lent role, either of its two officers.

    Refuses others (`not_permitted`), and as `refuse_role_grant` does.
    """
    found = _locked(grant)
    _require_own(actor, found.covers_id, found.officer_id if found.covers_id else None)
    _move(found, GrantState.ENDED)
    _close(found, actor, clock)


def _new_officer(officer_no: str, name: str, unit: str) -> None:
    if not _OFFICER_NO.fullmatch(officer_no):
        raise InvalidInput(
            f"Số hiệu cán bộ “{officer_no}” sai dạng; cần dạng như hanoi.lan.",
            f"The officer number “{officer_no}” has not the form of hanoi.lan.",
            field="officer_no",
        )
    for field, text in (("name", name), ("unit", unit)):
        if not text.strip() or len(text) > NAME_LENGTH_MAX or not text.isprintable():
            raise InvalidInput(
                f"“{field}” để trống, quá dài hoặc có ký tự lạ.",
                f"“{field}” is empty, too long or has strange characters.",
                field=field,
            )
    Officer.objects.create(officer_no=officer_no, name=name, unit=unit)


def _require_own(actor: Actor, *officers: str | None) -> None:
    """Refuse (`not_permitted`) who keeps no officers and is none of those concerned."""
    if not actor.may("access.register_officer") and actor.reference not in officers:
        raise NotPermitted("access.register_officer")


def _require_officer(actor: Actor) -> None:
    if actor.kind is not ActorKind.OFFICER:
        raise SamePerson(
            "Việc này cần hai cán bộ có tên; dùng --as.",
            "This takes two officers with names; use --as.",
            actor=actor.kind.value,
        )


def _locked(grant: int) -> RoleGrant:
    found = RoleGrant.objects.select_for_update().filter(pk=grant).first()
    if found is None:
        raise NotFound(f"Không có đề nghị cấp vai trò số {grant}.", f"There is no role grant {grant}.", grant=grant)
    return found


def _move(grant: RoleGrant, state: GrantState) -> None:
    if state not in GRANT_TRANSITIONS[GrantState(grant.state)]:
        raise WrongState(
            f"Đề nghị số {grant.pk} đang ở trạng thái “{grant.state}”.",
            f"The grant {grant.pk} is {grant.state}; it cannot become {state.value}.",
            grant=grant.pk,
            state=grant.state,
        )
    grant.state = state.value


def _close(grant: RoleGrant, actor: Actor, clock: Clock) -> None:
    grant.ended_by, grant.ended_at = actor.reference, clock.now()
    grant.save(update_fields=["state", "ended_by", "ended_at"])
    note(grant=grant.pk, officer=grant.officer_id, role=grant.role)


def _no_officer(officer_no: str) -> NotFound:
    return NotFound(
        f"Không có cán bộ “{officer_no}” đang làm việc.",
        f"There is no active officer “{officer_no}”.",
        officer=officer_no,
    )

"""What others may ask about who may do what."""

from __future__ import annotations

from dataclasses import dataclass

from ansinh.access.models import Client as ClientRow
from ansinh.access.models import FacilityOfficer, Officer, RoleGrant
from ansinh.access.roles import ROLES, Operator, TokenEndpoint, permissions_of
from ansinh.access.states import GrantState
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.errors import NotFound


@dataclass(frozen=True)
class OfficerAndRoles:
    """An officer with the names of the roles that are theirs."""

    officer_no: str
    name: str
    unit: str
    active: bool
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Grant:
    """A role grant as it stands."""

    grant: int
    officer_no: str
    role: str
    state: str
    prepared_by: str
    approved_by: str | None


@dataclass(frozen=True)
class MachineClient:
    """A machine client; `public_keys` are JWKs, the newest first."""

    client_id: str
    facility: str
    name: str
    scope: str
    state: str


def operator() -> Actor:
    """Return the actor of commands that name no officer: batch work, but nothing about one person's identity or money."""
    return Actor(ActorKind.SYSTEM, "operator", Operator.permissions)


def token_endpoint() -> Actor:
    """Return the actor behind the token endpoint, which acts before it knows who calls."""
    return Actor(ActorKind.SYSTEM, "token_endpoint", TokenEndpoint.permissions)


def actor_of_officer(officer_no: str) -> Actor:
    """Return the officer with the permissions of their approved roles; raises NotFound when unknown or dismissed."""
    if not Officer.objects.filter(officer_no=officer_no, active=True).exists():
        raise NotFound(
            f"Không có cán bộ “{officer_no}” đang làm việc.",
            f"There is no active officer “{officer_no}”. List them: ansinh access officers",
            officer=officer_no,
        )
    roles = RoleGrant.objects.filter(officer_id=officer_no, state=GrantState.APPROVED.value).values_list(
        "role", flat=True
    )
    return Actor(ActorKind.OFFICER, officer_no, permissions_of(list(roles)))


def officers() -> list[OfficerAndRoles]:
    """Return every officer, in the order of their numbers."""
    roles: dict[str, list[str]] = {}
    approved = RoleGrant.objects.filter(state=GrantState.APPROVED.value).order_by("role")
    for officer_no, role in approved.values_list("officer_id", "role"):
        roles.setdefault(officer_no, []).append(role)
    return [
        OfficerAndRoles(one.officer_no, one.name, one.unit, one.active, tuple(roles.get(one.officer_no, ())))
        for one in Officer.objects.order_by("officer_no")
    ]


def grants_waiting() -> list[Grant]:
    """Return the grants that a second officer has yet to decide, the oldest first."""
    waiting = RoleGrant.objects.filter(state=GrantState.PREPARED.value).order_by("pk")
    return [Grant(one.pk, one.officer_id, one.role, one.state, one.prepared_by, one.approved_by) for one in waiting]


def roles() -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Return name, Vietnamese title, English title and permissions of every role an officer can be granted."""
    return [(role.name, role.vi, role.en, tuple(sorted(role.permissions))) for role in ROLES.values() if role.grantable]


def clients() -> list[MachineClient]:
    """Return every machine client, in the order of their identifiers."""
    rows = ClientRow.objects.order_by("client_id").values_list("client_id", "facility", "name", "scope", "state")
    return [MachineClient(*one) for one in rows]


def officer_is_listed(facility: str, officer: str) -> bool:
    """Tell whether a facility's machines may ask in the name of `officer`."""
    return FacilityOfficer.objects.filter(facility=facility, officer=officer, active=True).exists()

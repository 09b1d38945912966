"""What others may ask about who may do what."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from ansinh.access.charters import CHARTERS
from ansinh.access.granting import in_force
from ansinh.access.models import Client as ClientRow
from ansinh.access.models import FacilityOfficer, Officer, RoleGrant
from ansinh.access.review import HeldRole as HeldRole  # noqa: PLC0414 - who asks for a review names what it gets
from ansinh.access.review import review
from ansinh.access.roles import (
    ROLES,
    Colleague,
    FacilityClerk,
    InsuredPerson,
    LifeEvents,
    OnlineServices,
    Operator,
    SignInDoor,
    WalletDoor,
)
from ansinh.access.states import ClientState, GrantState
from ansinh.database.sql import rows
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import RealClock
from ansinh.foundation.errors import NotFound
from ansinh.foundation.purpose import Purpose


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
    """A machine client; its keys by their ids, the newest first."""

    client_id: str
    facility: str
    name: str
    scope: str
    state: str
    rate_per_second: int
    key_ids: tuple[str, ...]


def operator() -> Actor:
    """Return the actor of commands that name no officer: batch work, but nothing about one person's identity or money."""
    return Actor(ActorKind.SYSTEM, "operator", Operator.permissions)


def life_events() -> Actor:
    """Return the actor behind what follows from a registered birth or death."""
    return Actor(ActorKind.SYSTEM, "life_events", LifeEvents.permissions)


def online_services() -> Actor:
    """Return the actor behind what goes on by itself with people's applications."""
    return Actor(ActorKind.SYSTEM, "online_services", OnlineServices.permissions)


def sign_in_door() -> Actor:
    """Return the actor behind the sign-in pages, which acts before it knows who comes."""
    return Actor(ActorKind.SYSTEM, "sign_in_door", SignInDoor.permissions)


def wallet_door() -> Actor:
    """Return the actor behind the addresses at which wallets take credentials."""
    return Actor(ActorKind.SYSTEM, "wallet_door", WalletDoor.permissions)


def actor_of_facility_officer(facility: str, officer: str) -> Actor:
    """Return an officer of a facility, with what clerks may do; the caller knows that they signed in."""
    return Actor(ActorKind.OFFICER, f"{facility}:{officer}", FacilityClerk.permissions)


def actor_of_person(person_id: int, by: int | None = None) -> Actor:
    """Return a person as who acts about their own record: a face that knows them passes it on. `by`: who acts in their place, and may (`mandates`)."""
    return Actor(ActorKind.PERSON, str(person_id), InsuredPerson.permissions, "" if by is None else str(by))


def actor_of_officer(officer_no: str, at: datetime | None = None) -> Actor:
    """Return the officer with what their roles, own and lent, permit at a moment (now), where and what for.

    Raises NotFound when unknown or dismissed.
    """
    if not Officer.objects.filter(officer_no=officer_no, active=True).exists():
        raise NotFound(
            f"Không có cán bộ “{officer_no}” đang làm việc.",
            f"There is no active officer “{officer_no}”. List them: ansinh access officers",
            officer=officer_no,
        )
    moment = at or RealClock().now()
    held = _held(officer_no, moment)
    permissions = frozenset(one for one, _, _ in held)
    bounds = {
        one: frozenset().union(*(where for name, where, _ in held if name == one and where is not None))
        for one in permissions
        if all(where is not None for name, where, _ in held if name == one)
    }
    purposes = {one: frozenset().union(*(what for name, _, what in held if name == one)) for one in permissions}
    besides = Colleague.permissions if held else frozenset()
    if permissions and bounds.keys() == permissions:
        # What everybody may do besides widens nobody's sight.
        bounds |= dict.fromkeys(besides - permissions, frozenset().union(*bounds.values()))
    return Actor(ActorKind.OFFICER, officer_no, permissions | besides, bounds=bounds, purposes=purposes)


def _held(officer_no: str, moment: datetime) -> list[tuple[str, frozenset[str] | None, frozenset[Purpose]]]:
    """Return each permission an officer's own roles give, with the provinces it holds in (None: all) and the purposes it serves."""
    own = in_force(moment).filter(officer_id=officer_no)
    grants = list(own.filter(covers__isnull=True).values_list("role", "provinces"))
    for role, lender in own.filter(covers__isnull=False).values_list("role", "covers_id"):
        lent = in_force(moment).filter(officer_id=lender, role=role, covers__isnull=True, officer__active=True)
        grants += lent.values_list("role", "provinces")
    return [
        (permission, frozenset(provinces) if provinces is not None else None, CHARTERS[role].purposes)
        for role, provinces in grants
        if role in ROLES and role in CHARTERS
        for permission in ROLES[role].permissions
    ]


def officers() -> list[OfficerAndRoles]:
    """Return every officer, in the order of their numbers."""
    roles: dict[str, list[str]] = {}
    approved = in_force(RealClock().now()).order_by("role")
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


def access_review(moment: datetime) -> list[HeldRole]:
    """Return every role held at a moment or still to come: since when, from whom, where, last used, and what to look at."""
    return review(moment)


def roles() -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Return name, Vietnamese title, English title and permissions of every role an officer can be granted."""
    return [(role.name, role.vi, role.en, tuple(sorted(role.permissions))) for role in ROLES.values() if role.grantable]


def clients() -> list[MachineClient]:
    """Return every machine client, in the order of their identifiers."""
    return [
        MachineClient(
            one.client_id,
            one.facility,
            one.name,
            one.scope,
            one.state,
            one.rate_per_second,
            tuple(str(key["kid"]) for key in one.public_keys),
        )
        for one in ClientRow.objects.order_by("client_id")
    ]


def client_named(facility: str, name: str) -> tuple[int, str] | None:
    """Return number and identifier of the active machine client of this facility and name; None when there is none."""
    found = ClientRow.objects.filter(facility=facility, name=name, state=ClientState.ACTIVE.value).first()
    return (found.pk, found.client_id) if found else None


def listed_name(facility: str, officer: str) -> str | None:
    """Return the name of an officer on a facility's list; None when they are not on it."""
    found = FacilityOfficer.objects.filter(facility=facility, officer=officer, active=True).first()
    return found.name if found else None


def officer_name(officer_no: str) -> str | None:
    """Return the name of an officer of the agency who works there; None otherwise."""
    found = Officer.objects.filter(officer_no=officer_no, active=True).first()
    return found.name if found else None


def roles_of_officer(officer_no: str) -> tuple[str, ...]:
    """Return the names of an officer's approved roles."""
    held = RoleGrant.objects.filter(officer_id=officer_no, state=GrantState.APPROVED.value)
    return tuple(held.order_by("role").values_list("role", flat=True).distinct())


def officer_is_listed(facility: str, officer: str) -> bool:
    """Tell whether a facility's machines may ask in the name of `officer`."""
    return FacilityOfficer.objects.filter(facility=facility, officer=officer, active=True).exists()


@dataclass(frozen=True)
class DialectDoor:
    """A facility's account at the compatible door; `shut_seconds`: how long nobody is heard under its name after wrong passwords."""

    facility: str
    username: str
    state: str
    sandbox: bool
    networks: tuple[str, ...]
    shut_seconds: int


def dialect_doors() -> list[DialectDoor]:
    """Return every account at the compatible door, in the order of facilities."""
    return [
        DialectDoor(facility, username, state, sandbox, tuple(json.loads(networks)), int(shut))
        for facility, username, state, sandbox, networks, shut in rows(
            """
            SELECT a.facility, a.username, a.state, a.sandbox, a.networks::text, coalesce(ceil(extract(epoch FROM f.shut_until - now())), 0)
            FROM access_dialectaccount a LEFT JOIN access_dialectfailure f ON f.subject = 'account ' || a.username AND f.shut_until > now()
            ORDER BY a.facility
            """
        )
    ]

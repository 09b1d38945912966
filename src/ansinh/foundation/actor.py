"""Who acts: an officer, a machine client, a person, or the system itself. Every operation takes one first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from ansinh.foundation.clock import legal_day
from ansinh.foundation.purpose import Purpose


class ActorKind(Enum):
    """The four kinds of actor the audit knows."""

    OFFICER = "officer"
    CLIENT = "client"
    PERSON = "person"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """Someone who acts, with the permissions their roles gave when they signed in.

    `reference` is the actor's own record number (officer number, client id, person id, name of the system part), never a personal number. Where somebody
    acts for another person, `reference` is that person, in whose right it is done, and `by` the record of who does it.

    `bounds`: the provinces (two-digit codes) a permission is held in; one that does not stand there is held in the whole country.
    `purposes`: what for a permission may be used to read about a person; one that does not stand there, for any purpose.
    """

    kind: ActorKind
    reference: str
    permissions: frozenset[str] = field(default_factory=frozenset)
    by: str = ""
    bounds: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    purposes: Mapping[str, frozenset[Purpose]] = field(default_factory=dict, hash=False)

    def may(self, permission: str) -> bool:
        """Tell whether the actor carries the permission."""
        return permission in self.permissions

    def provinces(self, permission: str | None = None) -> frozenset[str] | None:
        """Return the provinces the permission is held in, or without one all that are held in; None is the whole country."""
        if permission is not None:
            return self.bounds.get(permission)
        if self.permissions - self.bounds.keys():
            return None
        return frozenset().union(*self.bounds.values()) if self.bounds else None

    def may_for(self, permission: str, purpose: Purpose) -> bool:
        """Tell whether the actor carries the permission and may read by it for this purpose."""
        return self.may(permission) and (permission not in self.purposes or purpose in self.purposes[permission])

    def named(self) -> str:
        """Return `kind:reference`, as the audit writes it; of somebody who acts for another, both."""
        own = f"{self.kind.value}:{self.reference}"
        return f"{self.kind.value}:{self.by} for {own}" if self.by else own


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, why, and when by the agency's clock."""

    actor: Actor
    reason: str
    moment: datetime

    @property
    def today(self) -> date:
        """Return the legal day of the act."""
        return legal_day(self.moment)

"""Who acts: an officer, a machine client, a person, or the system itself. Every operation takes one first."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from ansinh.foundation.clock import legal_day


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
    """

    kind: ActorKind
    reference: str
    permissions: frozenset[str] = field(default_factory=frozenset)
    by: str = ""

    def may(self, permission: str) -> bool:
        """Tell whether the actor carries the permission."""
        return permission in self.permissions

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

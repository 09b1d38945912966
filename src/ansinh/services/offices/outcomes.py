"""What a deciding room may say of an application: it is there under a reference, wants something, or decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ansinh.foundation.errors import Refusal


class NotPossible(Refusal):
    """What is applied for cannot be done as things stand; the officer asks for a supplement, or refuses with these words."""

    code = "service_not_possible"


@dataclass(frozen=True, slots=True)
class Forwarded:
    """Under which reference (`room.record:number`) the application is known there."""

    reference: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """The deciding room waits for something of the applicant."""

    what: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """The deciding room works on it, and wants nothing."""


@dataclass(frozen=True, slots=True)
class Concluded:
    """The deciding room decided: what, in both languages; `facts` go onto the result's paper as (Vietnamese, English, value)."""

    granted: bool
    vi: str
    en: str
    reference: str | None = None
    facts: tuple[tuple[str, str, str], ...] = field(default=())


Word = Forwarded | Wanted | Waiting | Concluded
Said = dict[str, Any]
"""Who acts, why and when, as every operation takes it."""

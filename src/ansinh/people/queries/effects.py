"""What a decision about a person would touch in the rooms above, which `config` names and hands in: people never ask upwards by themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing a decision touches, in words an officer reads; `money` when somebody may be paid otherwise because of it."""

    room: str
    person_id: int
    vi: str
    en: str
    money: bool = False

    def stored(self) -> dict[str, str | int | bool]:
        """Return the effect as it is kept with a request."""
        return asdict(self)


EffectQuery = Callable[[Sequence[int]], Sequence[Effect]]
"""Persons → what decisions about them touch in one room above."""


def effects_on(person_ids: Sequence[int], queries: Sequence[EffectQuery]) -> list[Effect]:
    """Ask every room above what decisions about these persons touch."""
    return [effect for query in queries for effect in query(person_ids)]

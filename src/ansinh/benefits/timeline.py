"""What an entitlement pays through time, as plain values: what happened to it, and the versions that follow. Pure; months are numbers YYYYMM.

A life is three step functions, amounts as they were set, states and places; general adjustments are applied to amounts on the way. So whatever becomes
known late changes one step, and every version after it follows by itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from ansinh.benefits.states import State

T = TypeVar("T")
Steps = tuple[tuple[int, T], ...]
"""Values, each with the month from which it holds, in order."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a payee is paid: province of two digits, commune if known, whether a ward."""

    province: str
    commune: str | None
    urban: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """What is paid from a month on. `adjusted`: by the general adjustment of that month, which `facts` explains.

    What is suspended or has ended keeps its amount, so that it can be paid again; only what is paid is owed.
    """

    valid_from: int
    amount: int
    state: State
    place: Place
    adjusted: bool = False
    facts: str | None = None

    @property
    def owed(self) -> int:
        """Return what a month owes."""
        return self.amount if self.state is State.PAID else 0

    def says_the_same(self, other: Segment) -> bool:
        """Tell whether two segments are equal in what they say, however their explanation is spelt."""
        return replace(self, facts=None) == replace(other, facts=None) and (not self.adjusted or _same(self, other))


class Raises(Protocol):
    """The general adjustments an entitlement is subject to."""

    @property
    def months(self) -> Sequence[int]:
        """The months of those approved."""
        ...

    def raised(self, month: int, before: int, *, suspended: bool) -> tuple[int, str]:
        """Return the amount after the adjustment of a month, and its compact explanation, which has `before`."""
        ...


@dataclass(frozen=True, slots=True)
class Life:
    """What happened to an entitlement: amounts set (before the adjustment of their month), states, places. All begin in the same month."""

    amounts: Steps[int]
    states: Steps[State]
    places: Steps[Place]

    @property
    def first(self) -> int:
        """Return the first month."""
        return self.amounts[0][0]

    def state_in(self, month: int) -> State:
        """Return the state in a month; before the first there is nothing to be paid."""
        return _held(self.states, month) if month >= self.first else State.ENDED


def begun(month: int, amount: int, place: Place, until: int | None = None) -> Life:
    """Return the life of an entitlement that is paid from a month on, until another (out) where it has a term."""
    term = ((until, State.ENDED),) if until is not None else ()
    return Life(((month, amount),), ((month, State.PAID), *term), ((month, place),))


def life_of(segments: Sequence[Segment]) -> Life:
    """Return what must have happened for these segments to follow."""
    amounts: list[tuple[int, int]] = []
    running = 0
    for here in segments:
        was = _before(here) if here.adjusted else here.amount
        if not amounts or was != running:
            amounts.append((here.valid_from, was))
        running = here.amount
    states = _settled((one.valid_from, one.state) for one in segments)
    return Life(tuple(amounts), states, _settled((one.valid_from, one.place) for one in segments))


def segments_of(life: Life, raises: Raises) -> tuple[Segment, ...]:
    """Return the segments that follow from a life: one where the amount, the state or the place changes, or a general adjustment falls."""
    falling = {month for month in raises.months if month > life.first}
    months = {month for steps in (life.amounts, life.states, life.places) for month, _ in steps} | falling
    found: list[Segment] = []
    amount, set_amounts = 0, dict(life.amounts)
    for month in sorted(months):
        amount = set_amounts.get(month, amount)
        state, place, facts = _held(life.states, month), _held(life.places, month), None
        if month in falling:
            amount, facts = raises.raised(month, amount, suspended=state is not State.PAID)
        here = Segment(month, amount, state, place, adjusted=month in falling, facts=facts)
        if not found or here.adjusted or replace(here, valid_from=0) != _plain(found[-1]):
            found.append(here)
    return tuple(found)


def suspended(life: Life, month: int) -> Life:
    """Return the life when payment is suspended from a month on."""
    return replace(life, states=_with(life.states, month, State.SUSPENDED))


def resumed(life: Life, month: int, *, arrears: bool) -> Life:
    """Return the life when payment that is suspended in a month goes on: from then, or from when it was suspended where arrears are due."""
    begin = _since(life.states, month) if arrears else month
    return replace(life, states=_with(life.states, begin, State.PAID))


def taken_up_again(life: Life, month: int, known_before: Life) -> Life:
    """Return the life when what was renounced is asked for again from a month on; it goes on as was known before the renunciation, with its term if any."""
    kept = [step for step in life.states if step[0] < month]
    after = [step for step in known_before.states if step[0] > month]
    return replace(life, states=_settled([*kept, (month, known_before.state_in(month)), *after]))


def ended(life: Life, month: int, *, arrears: bool = False) -> Life:
    """Return the life when the right ends before a month; with `arrears`, a suspension that ran until then is lifted from its beginning."""
    month = max(month, life.first)
    kept = [step for step in life.states if step[0] < month]
    if arrears and kept and kept[-1][1] is State.SUSPENDED:
        kept[-1] = (kept[-1][0], State.PAID)
    return replace(life, states=_settled([*kept, (month, State.ENDED)]))


def reinstated(life: Life, known_before: Life) -> Life:
    """Return the life when an end is taken back: its states are again those known before."""
    return replace(life, states=known_before.states)


def recalculated(life: Life, month: int, amount: int) -> Life:
    """Return the life when the amount, before a general adjustment of that month, is another from a month on; what was set later gives way."""
    kept = [step for step in life.amounts if step[0] < month]
    return replace(life, amounts=(*kept, (month, amount)))


def moved(life: Life, month: int, place: Place) -> Life:
    """Return the life when the payee is paid elsewhere from a month on."""
    kept = [step for step in life.places if step[0] < month]
    return replace(life, places=_settled([*kept, (month, place)]))


def segment_in(segments: Sequence[Segment], month: int) -> Segment | None:
    """Return the segment that holds in a month, or None before the first."""
    return next((one for one in reversed(segments) if one.valid_from <= month), None)


def owed_in(segments: Sequence[Segment], month: int) -> int:
    """Return what a month owes by these segments."""
    found = segment_in(segments, month)
    return found.owed if found else 0


def last_change_of_state(life: Life) -> int:
    """Return the month of the last change of state other than an end."""
    return max((month for month, state in life.states if state is not State.ENDED), default=life.first)


def _with(states: Steps[State], month: int, state: State) -> Steps[State]:
    kept = [step for step in states if step[0] != month]
    return _settled(sorted([*kept, (month, state)], key=_month))


def _month(step: tuple[int, State]) -> int:
    return step[0]


def _held(steps: Steps[T], month: int) -> T:
    return next(value for since, value in reversed(steps) if since <= month)


def _since(steps: Steps[T], month: int) -> int:
    return next(since for since, _ in reversed(steps) if since <= month)


def _settled(steps: Iterable[tuple[int, T]]) -> Steps[T]:
    """Return steps without those that say what the one before says."""
    found: list[tuple[int, T]] = []
    for month, value in steps:
        if not found or found[-1][1] != value:
            found.append((month, value))
    return tuple(found)


def _plain(segment: Segment) -> Segment:
    return replace(segment, valid_from=0, adjusted=False, facts=None)


def _before(segment: Segment) -> int:
    return int(json.loads(segment.facts or "{}")["before"])


def _same(one: Segment, other: Segment) -> bool:
    return _before(one) == _before(other)

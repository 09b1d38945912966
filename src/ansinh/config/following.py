"""What follows a decision about people in the rooms above, in the same transaction: the standing table never tells yesterday's identity."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import transaction

from ansinh.access.queries import operator
from ansinh.cards.operations import PERSONS_A_CALL_MAX, project_standing_of
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import Refusal
from ansinh.people.operations import Decided


def decide_and_follow(act: Callable[[], Decided], *, reason: str, clock: Clock) -> Decided:
    """Run an operation about people and bring the standings of whom it changed in line, all or nothing.

    A refusal leaves its audit line all the same: it is raised again when the line is kept.
    """
    refused: Refusal | None = None
    with transaction.atomic():
        try:
            decided = act()
        except Refusal as refusal:
            refused = refusal
        else:
            follow(decided.persons, reason=reason, clock=clock)
    if refused:
        raise refused
    return decided


def follow(person_ids: Sequence[int], *, reason: str, clock: Clock) -> None:
    """Bring the standings of persons who changed in line, a set at a time; merged records follow with their survivor."""
    persons = sorted(set(person_ids))
    for start in range(0, len(persons), PERSONS_A_CALL_MAX):
        part = persons[start : start + PERSONS_A_CALL_MAX]
        project_standing_of(actor=operator(), reason=reason, clock=clock, persons=part)

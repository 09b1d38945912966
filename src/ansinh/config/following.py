"""What follows a decision about people in the rooms above, in the same transaction: the standing table never tells yesterday's identity."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import transaction

from ansinh.access.queries import operator
from ansinh.cards.operations import project_standing
from ansinh.cards.queries import RANGE_LENGTH
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import Refusal
from ansinh.people.operations import Decided
from ansinh.people.queries import resolve

# Beyond so many persons, whole ranges are projected.
ONE_BY_ONE_MAX = 50


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
    """Bring the standings of persons who changed in line; merged records follow with their survivor."""
    if len(person_ids) > ONE_BY_ONE_MAX:
        first = {person // RANGE_LENGTH * RANGE_LENGTH for person in person_ids}
        spans = [(start, start + RANGE_LENGTH) for start in sorted(first)]
    else:
        spans = [(one, one + 1) for one in sorted({*person_ids, *(resolve(one) for one in person_ids)})]
    for start, end in spans:
        project_standing(actor=operator(), reason=reason, clock=clock, from_person=start, until_person=end)

"""What follows a decision about people in the rooms above, in the same transaction: the standing table never tells yesterday's identity."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import transaction

from ansinh.access.queries import operator
from ansinh.cards.operations import project_standing
from ansinh.foundation.clock import Clock
from ansinh.foundation.errors import Refusal
from ansinh.people.operations import Decided
from ansinh.people.queries import resolve


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
    for person in sorted({*person_ids, *(resolve(one) for one in person_ids)}):
        project_standing(actor=operator(), reason=reason, clock=clock, from_person=person, until_person=person + 1)

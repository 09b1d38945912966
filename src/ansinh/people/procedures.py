"""Work of the room that takes a while and can begin again where it ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, legal_day
from ansinh.people import operations, queries
from ansinh.people.verification import exact
from ansinh.people.verification.normal import stated_number

Progress = Callable[[int], None]


class Register(Protocol):
    """The population register, as far as verification by number needs it."""

    def search(self, numbers: Sequence[tuple[str, str]]) -> Sequence[Sequence[exact.Registered]]:
        """Return, for each (scheme, number), the people the register knows by it; raises PartnerTrouble."""
        ...


def verify_by_number(
    *,
    actor: Actor,
    reason: str,
    clock: Clock,
    register: Register,
    everyone: bool = False,
    progress: Progress = lambda done: None,
) -> int:
    """Verify the people on record today by exact rules against the register and give the verified ones their number; returns how many got a new verdict.

    Each chunk is asked for and recorded on its own, so that work cut off goes on with those not yet decided. Raises PartnerTrouble.
    """
    new = 0
    for chunk in queries.chunks_to_verify(legal_day(clock.now()), everyone=everyone):
        decided = decide_chunk(chunk, register)
        new += operations.record_verdicts(actor=actor, reason=reason, clock=clock, decided=decided)
        progress(len(chunk))
    operations.give_verified_numbers(actor=actor, reason=reason, clock=clock)
    return new


def decide_chunk(chunk: Sequence[queries.StatedPerson], register: Register) -> list[tuple[int, exact.Decision]]:
    """Return a decision for every person of the chunk, asking the register once for all of them."""
    decided: list[tuple[int, exact.Decision]] = []
    asked: list[queries.StatedPerson] = []
    numbers: list[tuple[str, str]] = []
    for person in chunk:
        number = stated_number(person.stated_number)
        if person.excluded:
            decided.append((person.person_id, exact.EXCLUDED))
        elif number is None:
            decided.append((person.person_id, exact.NO_NUMBER))
        else:
            asked.append(person)
            numbers.append(number)
    if numbers:
        answers = register.search(numbers)
        decided.extend(
            (person.person_id, exact.decide(person, answer)) for person, answer in zip(asked, answers, strict=True)
        )
    return decided

"""Work of the room that takes a while and can begin again where it ended."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, legal_day
from ansinh.people import operations, queries
from ansinh.people.authentication import as_decisions, write_insured, write_registered
from ansinh.people.matching.engine import match
from ansinh.people.matching.source import Source
from ansinh.people.matching.workspace import Resources
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


@dataclass(frozen=True, slots=True)
class Authenticated:
    """What a round of authentication did: records compared, verdicts that are new, people who received their number."""

    compared: int
    new: int
    numbers_given: int


def authenticate(
    *,
    actor: Actor,
    reason: str,
    clock: Clock,
    work: Path,
    everyone: bool = False,
    memory_limit: str = "2GiB",
    progress: Progress = lambda done: None,
) -> Authenticated:
    """Compare the people on record today with the register's mirror and give the verified ones their number.

    Without `everyone`, those who wait for a verdict or are due again, together with their households. `work` is a folder of the round's own: whoever is
    killed in it is followed by somebody who goes on where it ended, on the same files; it is removed at the end.
    """
    insured, register = work / "insured.parquet", work / "register.parquet"
    begun = work / "begun.json"
    if not begun.exists():
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        now = clock.now()
        if not write_insured(insured, legal_day(now), everyone=everyone):
            shutil.rmtree(work)
            return Authenticated(0, 0, 0)
        write_registered(register)
        begun.write_text(json.dumps({"read_at": now.isoformat()}), "utf-8")
    read_at = datetime.fromisoformat(json.loads(begun.read_text("utf-8"))["read_at"])
    compared = new = 0
    for batch in match(Source.of(insured), Source.of(register), work / "pieces", resources=Resources(memory_limit)):
        for decisions in as_decisions(batch):
            recorded = operations.record_decisions(
                actor=actor, reason=reason, clock=clock, batch=decisions, read_at=read_at
            )
            compared += decisions.num_rows
            new += recorded.new
            progress(decisions.num_rows)
    given = operations.give_verified_numbers(actor=actor, reason=reason, clock=clock)
    shutil.rmtree(work)
    return Authenticated(compared, new, given)

"""Work of the room that takes a while and can begin again where it ended."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, legal_day
from ansinh.people import operations
from ansinh.people.authentication import as_decisions, write_insured, write_registered, write_settled
from ansinh.people.matching.engine import match
from ansinh.people.matching.source import Source
from ansinh.people.matching.workspace import Resources

Progress = Callable[[int], None]


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
    resources: Resources | None = None,
    progress: Progress = lambda done: None,
) -> Authenticated:
    """Compare the people on record today with the register's mirror and give the verified ones their number.

    Without `everyone`, those who wait for a verdict or are due again, and their relatives nobody found yet: who was found before keeps claiming whom they are.
    `work` is a folder of the round's own: whoever is killed in it is followed by somebody who goes on where it ended, on the same files; it is removed at
    the end.
    """
    insured, register, settled = (work / f"{name}.parquet" for name in ("insured", "register", "settled"))
    begun = work / "begun.json"
    if not begun.exists():
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        now = clock.now()
        if not write_insured(insured, legal_day(now), everyone=everyone):
            shutil.rmtree(work)
            return Authenticated(0, 0, 0)
        write_registered(register)
        if not everyone:
            write_settled(settled)
        begun.write_text(json.dumps({"read_at": now.isoformat()}), "utf-8")
    read_at = datetime.fromisoformat(json.loads(begun.read_text("utf-8"))["read_at"])
    compared = new = 0
    before = Source.of(settled) if settled.exists() else None
    for batch in match(Source.of(insured), Source.of(register), work / "pieces", settled=before, resources=resources):
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

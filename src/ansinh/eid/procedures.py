"""Telling apps what waits, outside any transaction: a crash at any point tells a change again, never not at all."""

from __future__ import annotations

from joserfc.jwk import ECKey

from ansinh.eid import operations, queries
from ansinh.eid.adapters.webhook import new_line, tell
from ansinh.eid.operations import Told
from ansinh.foundation.actor import Actor
from ansinh.foundation.clock import Clock, RealClock

# Under which name the keys are kept and published that pushes are signed with.
PUSH_KEYS = "pushes"
ROUNDS_MAX = 1_000
# After so many troubles of one address in a row the rest of it waits for the next pass.
TROUBLES_MAX = 3


def deliver_changes(*, actor: Actor, reason: str, clock: Clock, key: ECKey) -> dict[str, int]:
    """Tell every change whose time has come, each citizen's in order; returns how many were heard, had trouble, and are dead. `clock`: the real one."""
    counts = {"heard": 0, "trouble": 0, "dead": 0}
    troubles: dict[str, int] = {}
    with new_line() as line:
        for _ in range(ROUNDS_MAX):
            if not queries.any_due(clock.now()):
                break
            taken = operations.take_due(actor=actor, reason=reason, clock=clock)
            if not taken:
                break
            told = []
            for change in taken:
                trouble = (
                    "down"
                    if troubles.get(change.url, 0) >= TROUBLES_MAX
                    else tell(line, change, key, RealClock().now())
                )
                troubles[change.url] = 0 if trouble is None else troubles.get(change.url, 0) + 1
                told.append(Told(change, trouble))
            counts["dead"] += operations.record_told(actor=actor, reason=reason, clock=clock, told=told)
            counts["heard"] += sum(one.trouble is None for one in told)
            counts["trouble"] += sum(one.trouble is not None for one in told)
    return counts

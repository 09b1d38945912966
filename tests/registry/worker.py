"""A worker that reads the feed as a process of its own, and dies, or kills the register, at a boundary it is told.

    python -m tests.registry.worker URL SECRETS pull|retry [BOUNDARY:NUMBER] [BOUNDARY:NUMBER:PID]

Boundaries: `asked` (a page came, nothing kept), `kept-open` (kept, not committed), `kept` (committed), `applied-open`, `applied`.
Exit codes: 0 at the end, 3 when the register does not answer.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ansinh.config.django")

import django

django.setup()

from ansinh.access.keys import published_keys, signing_keys  # noqa: E402 - models load once Django is set up
from ansinh.foundation.errors import PartnerTrouble  # noqa: E402
from ansinh.registry import operations, procedures  # noqa: E402
from ansinh.registry.adapters.register_exchange import RegisterExchange  # noqa: E402
from ansinh.registry.adapters.signed_calls import PartnerKeys, SignedCalls  # noqa: E402
from ansinh.registry.operations import applying, inbox  # noqa: E402
from tests.support.cast import ANYBODY_WITH_RIGHTS, JULY  # noqa: E402

_passed: Counter[str] = Counter()
_deaths: dict[tuple[str, int], int] = {}


def boundary(name: str) -> None:
    """Pass a boundary; kill whoever is to die there."""
    _passed[name] += 1
    victim = _deaths.get((name, _passed[name]))
    if victim is not None:
        os.kill(victim or os.getpid(), signal.SIGKILL)


def passing(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """Return the function followed by a boundary."""

    def passed(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        boundary(name)
        return result

    return passed


def main(url: str, secrets: Path, verb: str, deaths: list[str]) -> int:
    """Do one round of work."""
    for death in deaths:
        name, number, *victim = death.split(":")
        _deaths[name, int(number)] = int(victim[0]) if victim else 0
    RegisterExchange.events_after = passing(RegisterExchange.events_after, "asked")  # type: ignore[method-assign]
    inbox._keep = passing(inbox._keep, "kept-open")
    applying._write = passing(applying._write, "applied-open")
    operations.receive = passing(operations.receive, "kept")
    operations.apply_next = passing(partial(operations.apply_next, at_most=60), "applied")
    keys = PartnerKeys(
        signing_keys(secrets, "social-security").signing, partial(published_keys, secrets, "population-register")
    )
    source = RegisterExchange(SignedCalls(url, keys, pause=lambda seconds: None))
    work = procedures.pull_events if verb == "pull" else procedures.retry_parked
    try:
        work(actor=ANYBODY_WITH_RIGHTS, reason="test", clock=JULY, source=source)
    except PartnerTrouble as trouble:
        return 3 if trouble.temporary else 4
    return 0


if __name__ == "__main__":
    procedures.EVENTS_PER_PAGE = int(os.environ.get("EVENTS_PER_PAGE", "100"))
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], sys.argv[4:]))

"""The demo lives a morning in some seconds, so its clerks may ask as fast: ceilings raised as data, by two officers, as anybody would."""

from __future__ import annotations

from ansinh.access.queries import actor_of_officer
from ansinh.ceilings.operations import CeilingValues, approve_ceiling, prepare_ceiling
from ansinh.ceilings.queries import ceilings
from ansinh.cli.demo_officers import FOUNDERS
from ansinh.foundation.clock import RealClock

REASON = "trình diễn: một buổi sáng trong vài giây"
HERE = ("address 127.0.0.1", "address ::1")
OF_SECONDS = CeilingValues(
    rate_per_second=100_000,
    persons_an_hour=200_000,
    persons_a_day=200_000,
    misses_an_hour=200_000,
    neighbours_an_hour=200_000,
)


def raise_ceilings_for_the_morning() -> None:
    """Raise what clerks, facilities, machines, apps and this machine's address may ask. Safe to run twice."""
    wanted = [("officer", ""), ("facility", ""), ("client", ""), ("app", ""), *(("address", one) for one in HERE)]
    hold = {(one.kind, one.subject) for one in ceilings() if one.persons_a_day == OF_SECONDS.persons_a_day}
    for kind, subject in wanted:
        if (kind, subject) in hold:
            continue
        first, second = (actor_of_officer(founder.officer_no) for founder in FOUNDERS)
        made = prepare_ceiling(
            actor=first, reason=REASON, clock=RealClock(), kind=kind, values=OF_SECONDS, subject=subject
        )
        approve_ceiling(actor=second, reason=REASON, clock=RealClock(), ceiling=made)

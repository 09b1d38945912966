"""What others may ask about ceilings, restraints and alerts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ansinh.ceilings.models import Alert, Ceiling, InForce, Restraint
from ansinh.ceilings.states import CeilingState, Kind, Step
from ansinh.database.sql import rows


@dataclass(frozen=True)
class CeilingRow:
    """A ceiling: proposed, refused, or approved; of those approved for the same subjects the newest holds."""

    ceiling: int
    kind: str
    level: str
    subject: str
    rate_per_second: int
    persons_an_hour: int
    persons_a_day: int
    misses_an_hour: int
    neighbours_an_hour: int
    state: str
    prepared_by: str


@dataclass(frozen=True)
class RestraintRow:
    """A step that is in force, with the counts it was taken for."""

    restraint: int
    subject: str
    facility: str
    step: str
    cause: str
    began_at: datetime
    until: datetime | None
    figures: dict[str, Any]


@dataclass(frozen=True)
class AlertRow:
    """Word of a restraint nobody acknowledged yet. Names nobody: who it is stands in the restraint."""

    alert: int
    restraint: int
    audience: str
    kind: str
    facility: str
    step: str
    cause: str
    raised_at: datetime


def officer_subject(facility: str, officer: str) -> str:
    """Return the name an officer of a facility is counted under."""
    return f"{Kind.OFFICER.value} {facility} {officer}"


def ceilings(state: CeilingState = CeilingState.APPROVED) -> list[CeilingRow]:
    """Return ceilings in a state; of approved ones only those that hold."""
    found = Ceiling.objects.filter(state=state.value).order_by("kind", "subject", "level", "-approved_at", "-pk")
    kept: dict[tuple[str, ...], CeilingRow] = {}
    for one in found:
        row = CeilingRow(
            one.pk, one.kind, one.level, one.subject, one.rate_per_second, one.persons_an_hour, one.persons_a_day,
            one.misses_an_hour, one.neighbours_an_hour, one.state, one.prepared_by,
        )  # fmt: skip
        key = (one.kind, one.subject, one.level) if state is CeilingState.APPROVED else (str(one.pk),)
        kept.setdefault(key, row)
    return list(kept.values())


def restraints(now: datetime) -> list[RestraintRow]:
    """Return the restraints in force, the newest first."""
    found = InForce.objects.exclude(step=Step.LIFTED.value).select_related("restraint").order_by("-restraint_id")
    return [
        RestraintRow(
            one.restraint_id, one.subject, one.restraint.facility, one.step, one.cause, one.began_at, one.until,
            one.restraint.figures,
        )
        for one in found
        if one.until is None or one.until > now
    ]  # fmt: skip


def steps_of(subject: str) -> list[tuple[str, str, datetime, str]]:
    """Return step, cause, moment and by whom of everything that was ever done to a subject, the oldest first."""
    found = Restraint.objects.filter(subject=subject).order_by("pk")
    return [(one.step, one.cause, one.began_at, one.by_whom) for one in found]


def alerts(facility: str | None = None, *, limit: int = 200) -> list[AlertRow]:
    """Return the newest alerts nobody acknowledged: the agency's, or those to one facility."""
    found = Alert.objects.filter(acknowledged_at__isnull=True).order_by("-pk")
    found = (
        found.filter(audience="agency") if facility is None else found.filter(audience="facility", facility=facility)
    )
    return [
        AlertRow(
            one.alert_no, one.restraint_id, one.audience, one.kind, one.facility, one.step, one.cause, one.raised_at
        )
        for one in found[:limit]
    ]


def busiest(limit: int = 20) -> list[tuple[str, str, int, int]]:
    """Return subject, facility, persons counted and misses of the newest day counted, the most first: what ceilings are compared with."""
    found = rows(
        """
        SELECT subject, max(facility), greatest(sum(held_day), 0)::bigint, greatest(sum(misses), 0)::bigint FROM ceilings_tally
        WHERE day = (SELECT max(day) FROM ceilings_tally) GROUP BY subject ORDER BY 3 DESC, 1 LIMIT %s
        """,
        [limit],
    )
    return [(subject, facility, int(persons), int(misses)) for subject, facility, persons, misses in found]

"""Officers of the agency who look numbers up: what they asked is counted in the audit, and who reaches a ceiling is stopped within the same act.

At a gateway workers count; here every look-up is an act of one officer, so that the audit itself is the count and nothing can differ from it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from ansinh.audit.queries import found_by
from ansinh.ceilings.states import Kind, Step
from ansinh.database.sql import execute, row
from ansinh.foundation.clock import VIET_NAM
from ansinh.foundation.errors import Refusal


class TooManyLookUps(Refusal):
    """The officer looked up more numbers than anybody's work takes; `seconds` says for how long, 0 until somebody lifts it."""

    code = "too_many_look_ups"

    def __init__(self, until: datetime | None, seconds: int) -> None:
        self.seconds = seconds
        when = f"{until.astimezone(VIET_NAM):%H:%M, %d/%m/%Y}" if until else ""
        super().__init__(
            f"Bạn đã tra cứu quá nhiều số. Chờ đến {when} rồi tiếp tục."
            if until
            else "Bạn đã tra cứu quá nhiều số trong ngày. Nhờ cán bộ an ninh thông tin gỡ hạn chế.",
            f"You looked up too many numbers. Go on after {when}."
            if until
            else "You looked up too many numbers today. Ask the security officer to lift the restraint.",
        )


@dataclass(frozen=True, slots=True)
class _Ceiling:
    persons_an_hour: int
    persons_a_day: int
    misses_an_hour: int


def agency_subject(officer: str) -> str:
    """Return the name an officer of the agency is counted under."""
    return f"{Kind.AGENCY.value} {officer}"


def require_below(officer: str) -> None:
    """Refuse (`too_many_look_ups`) an officer whom a restraint stops. Of questions of one officer at once, each waits until the one before is committed."""
    execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [agency_subject(officer)])
    found = row(
        "SELECT until, ceil(extract(epoch FROM until - clock_timestamp()))::bigint FROM ceilings_in_force "
        "WHERE subject = %s AND (step IN (%s, %s) OR until > clock_timestamp())",
        [agency_subject(officer), Step.CHALLENGE.value, Step.SUSPEND.value],
    )
    if found is not None:
        raise TooManyLookUps(found[0], int(found[1] or 0))


def count_look_up(officer: str, act: str, person: int | None) -> None:
    """Count a look-up of the running act with those of the last 24 hours; `person` None found nobody. Who reaches a ceiling is stopped from the next one on."""
    now, ceiling = _now_and_ceiling(officer)
    hour, day = now - timedelta(hours=1), now - timedelta(days=1)
    lifted = row(
        "SELECT r.recorded_at FROM ceilings_in_force f JOIN ceilings_restraint r USING (restraint_no) WHERE f.subject = %s AND f.step = %s",
        [agency_subject(officer), Step.LIFTED.value],
    )
    since = max(day, lifted[0]) if lifted else day
    found = found_by(officer, act, since, hour)
    missed = found.missed_hour + (person is None)
    figures = {
        "persons_a_day": len(found.day | ({person} if person else set())),
        "persons_an_hour": len(found.hour | ({person} if person else set())),
        "misses": missed,
        "misses_a_day": found.missed_day + (person is None),
    }
    stopped = (
        (Step.SUSPEND, "persons_a_day", None, figures["persons_a_day"] >= ceiling.persons_a_day),
        (Step.SUSPEND, "misses", None, figures["misses_a_day"] >= 2 * ceiling.misses_an_hour),
        (Step.SLOW, "persons_an_hour", now + timedelta(hours=1), figures["persons_an_hour"] >= ceiling.persons_an_hour),
        (Step.SLOW, "misses", now + timedelta(hours=1), missed >= ceiling.misses_an_hour),
    )
    for step, cause, until, reached in stopped:
        if reached:
            execute(
                "INSERT INTO ceilings_restraint (subject, kind, facility, step, cause, figures, began_at, until, by_whom, reason)"
                " VALUES (%s, %s, '', %s, %s, %s, %s, %s, 'workbench', %s)",
                [agency_subject(officer), Kind.AGENCY.value, step.value, cause, json.dumps(figures), now, until, cause],
            )
            return


def _now_and_ceiling(officer: str) -> tuple[datetime, _Ceiling]:
    """Return the database's moment, by which acts are recorded, and what the officer is held to."""
    found = row(
        "SELECT clock_timestamp(), persons_an_hour, persons_a_day, misses_an_hour FROM ceilings_of(%s, %s, '')",
        [Kind.AGENCY.value, agency_subject(officer)],
    )
    if found is None:
        raise LookupError("no ceiling holds for officers of the agency")
    return found[0], _Ceiling(*found[1:])

"""Let deaths that became known end what was paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ansinh.audit.operation import note, operation
from ansinh.benefits.changing import Content, On, heard_before, permitted, record, take_effect
from ansinh.benefits.states import ChangeKind, EndedBecause
from ansinh.database.sql import rows
from ansinh.foundation.actor import Actor, By
from ansinh.foundation.clock import Clock
from ansinh.foundation.period import Month

DEATHS_A_CALL_MAX = 1_000
"""A call is one transaction; whoever has more calls again."""


@dataclass(frozen=True, slots=True)
class EndedByDeath:
    """How many entitlements ended, and how much was paid, or frozen to be paid, for months after death, in đồng."""

    entitlements: int
    overpaid: int


@operation(permission="benefits.follow_deaths")
def end_for_deaths(*, actor: Actor, reason: str, clock: Clock, persons: Sequence[int] | None = None) -> EndedByDeath:
    """End what persons known to have died are still owed, all or those named, from the month after death on (Law 41/2024/QH15 art. 75(3)).

    At most DEATHS_A_CALL_MAX entitlements a call, in the order of persons.

    What was frozen for later months becomes an overpayment to be recovered. Doing it again changes nothing; call until it returns none.
    """
    by, overpaid, count = By(actor, reason, clock.now()), 0, 0
    for person_id, entitlement_id, died_on, taken_back in rows(
        _STILL_OWED if persons is None else _STILL_OWED_TO,
        {"most": DEATHS_A_CALL_MAX, "persons": list(persons or ())},
    ):
        # Told again after it was taken back, a death ends payment again.
        key = f"death:{entitlement_id}:{died_on}:{taken_back}"
        on = On(int(person_id), int(entitlement_id), _month_after(died_on), "giấy chứng tử", key)
        content = Content(ChangeKind.END, EndedBecause.DEATH.value)
        if heard_before(on, content):
            continue
        held, life = permitted(on, content, by)
        written = take_effect(held, life, record(on, content, by, done=True), on, content, by)
        overpaid, count = overpaid - min(0, written.settled.amount), count + 1
    note(ended=count, overpaid=overpaid)
    return EndedByDeath(count, overpaid)


def _month_after(day: date) -> int:
    """Return the month after the one a day lies in."""
    return Month.containing(day).plus(1).number()


# A record that was merged belongs to whoever it was merged into.
_STILL_OWED = """
SELECT e.person_id, e.entitlement_id, p.died_on, (SELECT count(*) FROM benefits_change c
    WHERE c.person_id = e.person_id AND c.entitlement_id = e.entitlement_id AND c.kind = 'reinstate' AND c.done_at IS NOT NULL)
FROM people_insured_v1 p JOIN people_resolved_v1 r ON r.person_id = p.person_id JOIN benefits_entitlement e ON e.person_id = r.record_id
WHERE p.died_on IS NOT NULL AND EXISTS (
    SELECT FROM benefits_version_v1 v WHERE v.person_id = e.person_id AND v.entitlement_id = e.entitlement_id AND v.state <> 'ended'
    AND coalesce(v.valid_until, 999912) > to_char(p.died_on + interval '1 month', 'YYYYMM')::int)
  AND e.kind = ANY(ARRAY['pension', 'capacity_loss', 'cadre', 'survivor', 'work_injury', 'unemployment', 'social_pension'])
ORDER BY 1, 2 LIMIT %(most)s
"""
_STILL_OWED_TO = _STILL_OWED.replace("WHERE p.died_on", "WHERE p.person_id = ANY(%(persons)s) AND p.died_on")

"""The access review: who holds what, since when, from whom, where, whether they use it, and what governance should look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ansinh.access.charters import conflicts_among
from ansinh.access.roles import ROLES
from ansinh.audit.operation import declared_operations
from ansinh.database.sql import rows

UNUSED_AFTER = timedelta(days=90)
EXPIRING_WITHIN = timedelta(days=30)

_HELD = """
SELECT g.id, g.officer_no, o.name, o.active, g.role, g.provinces, coalesce(g.valid_from, g.approved_at, g.prepared_at), g.valid_until, g.covers,
    g.prepared_by, g.approved_by
FROM access_rolegrant g JOIN access_officer o ON o.officer_no = g.officer_no
WHERE g.state = 'approved' AND (g.valid_until IS NULL OR g.valid_until > %s) ORDER BY g.officer_no, g.role
"""
_LAST = """
SELECT actor_reference, act, max(acted_at) FROM audit_act
WHERE actor_kind = 'officer' AND outcome <> 'not_permitted' AND acted_at > %s GROUP BY actor_reference, act
"""


@dataclass(frozen=True)
class HeldRole:
    """A role an officer holds; `last_used_at` within the last year, `findings` in words: unused, expiring, conflict, dismissed."""

    grant: int
    officer_no: str
    name: str
    role: str
    provinces: tuple[str, ...] | None
    since: datetime
    until: datetime | None
    covers: str | None
    given_by: tuple[str, ...]
    last_used_at: datetime | None
    findings: tuple[str, ...]


def review(moment: datetime) -> list[HeldRole]:
    """Return every role held at a moment or still to come, by officer."""
    held = rows(_HELD, [moment])
    used: dict[tuple[str, str], datetime] = {}
    permission_of = declared_operations()
    for officer, act, at in rows(_LAST, [moment - timedelta(days=366)]):
        for role in ROLES.values():
            if permission_of.get(act) in role.permissions:
                used[officer, role.name] = max(at, used.get((officer, role.name), at))
    roles: dict[str, set[str]] = {}
    for one in held:
        roles.setdefault(one[1], set()).add(one[4])
    found = []
    for grant, officer, name, active, role, provinces, since, until, covers, prepared_by, approved_by in held:
        last = used.get((officer, role))
        findings = {
            "unused": max(last or since, since) < moment - UNUSED_AFTER,
            "expiring": until is not None and until < moment + EXPIRING_WITHIN,
            "conflict": any(role in pair for pair in conflicts_among(roles[officer])),
            "dismissed": not active,
        }
        found.append(
            HeldRole(
                grant,
                officer,
                name,
                role,
                tuple(provinces) if provinces is not None else None,
                since,
                until,
                covers,
                tuple(one for one in (prepared_by, approved_by) if one),
                last,
                tuple(name for name, true in findings.items() if true),
            )
        )
    return found

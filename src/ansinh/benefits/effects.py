"""What a decision about a person touches here; by itself, because who asks needs none of the law."""

from __future__ import annotations

from collections.abc import Sequence

from ansinh.database.sql import rows
from ansinh.people.queries import Effect


def effects_on_benefits(person_ids: Sequence[int]) -> list[Effect]:
    """Return which entitlements a decision about these persons touches."""
    found = rows(_RUNNING, {"persons": list(person_ids)})
    return [
        Effect("benefits", person, f"đang hưởng {kind}: {amount} đồng", f"{kind} of {amount} đồng a month", money=True)
        for person, kind, amount in found
    ]


_RUNNING = """
SELECT v.person_id, e.kind, v.amount FROM benefits_version_v1 v JOIN benefits_entitlement e USING (person_id, entitlement_id)
WHERE v.person_id = ANY(%(persons)s) AND v.valid_until IS NULL AND v.state <> 'ended' ORDER BY 1, 2
"""

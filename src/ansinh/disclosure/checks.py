"""What must never be false about who may see health books."""

from __future__ import annotations

from ansinh.audit.check import CheckResult, check_by_query
from ansinh.database.sql import rows
from ansinh.disclosure.states import cells

_UNTOLD = """
SELECT g.person_id || ' ' || g.audit_id FROM disclosure_glass g
WHERE NOT EXISTS (SELECT FROM notices_message m WHERE m.person_id = g.person_id AND m.fact = 'disclosure.glass:' || g.audit_id)
OR NOT EXISTS (SELECT FROM audit_access a WHERE a.person_id = g.person_id AND a.asked_at = g.opened_at AND a.id = g.audit_id AND a.call = 12)
"""


def checks() -> list[CheckResult]:
    """Run the room's checks."""
    kept = {
        (who, circumstance, what): answer
        for who, circumstance, what, answer in rows("SELECT who, circumstance, what, answer FROM disclosure_rule")
    }
    said = {
        (who.value, circumstance, what.value): answer.value for (who, circumstance, what), answer in cells().items()
    }
    odd = sorted(" ".join(cell) for cell in kept.keys() | said.keys() if kept.get(cell) != said.get(cell))
    return [
        CheckResult("disclosure.table_is_the_rules", len(said), odd),
        check_by_query("disclosure.every_emergency_is_told", "SELECT count(*) FROM disclosure_glass", _UNTOLD),
    ]

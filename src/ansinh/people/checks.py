"""What must never be false about people."""

from __future__ import annotations

from ansinh.audit.check import CheckResult, check_by_query

IDENTIFIERS = """
SELECT scheme || ' ' || min(person_id) || ' ' || max(person_id) FROM people_identifier
WHERE valid_until IS NULL AND scheme IN ('pin', 'si_code', 'card') GROUP BY scheme, value HAVING count(*) > 1
"""
ALIASES = "SELECT a.alias_person_id FROM people_alias a JOIN people_alias b ON b.alias_person_id = a.person_id"
VERIFIED = """
SELECT v.person_id FROM people_verdict v
WHERE v.superseded_at IS NULL AND v.verdict IN ('verified', 'corrected') AND NOT EXISTS (
    SELECT FROM people_identifier i WHERE i.scheme = 'pin' AND i.value = v.register_pin AND i.person_id = v.person_id AND i.valid_until IS NULL)
"""


def checks() -> list[CheckResult]:
    """Run the room's checks."""
    return [
        check_by_query(
            "people.one_person_per_number",
            "SELECT count(*) FROM people_identifier WHERE valid_until IS NULL",
            IDENTIFIERS,
        ),
        check_by_query("people.aliases_resolve_in_one_step", "SELECT count(*) FROM people_alias", ALIASES),
        check_by_query(
            "people.verified_carry_their_number",
            "SELECT count(*) FROM people_verdict WHERE superseded_at IS NULL AND verdict IN ('verified', 'corrected')",
            VERIFIED,
        ),
    ]

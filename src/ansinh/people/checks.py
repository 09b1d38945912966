"""What must never be false about people."""

from __future__ import annotations

from ansinh.audit.check import CheckResult, check_by_query
from ansinh.people.facts import READ
from ansinh.people.states import FIELDS

IDENTIFIERS = """
SELECT scheme || ' ' || min(person_id) || ' ' || max(person_id) FROM people_identifier
WHERE resolves AND scheme IN ('pin', 'si_code', 'card') GROUP BY scheme, value HAVING count(*) > 1
"""
ALIASES = "SELECT a.alias_person_id FROM people_alias a JOIN people_alias b ON b.alias_person_id = a.person_id"
MERGED = """
SELECT a.alias_person_id FROM people_alias a JOIN people_alias b ON b.alias_person_id = a.merged_into WHERE a.person_id <> b.person_id
UNION ALL
SELECT a.alias_person_id FROM people_alias a
WHERE a.merged_into <> a.person_id AND NOT EXISTS (SELECT FROM people_alias b WHERE b.alias_person_id = a.merged_into)
"""
TWO_NUMBERS = """
SELECT r.person_id FROM (
    SELECT person_id, person_id AS record_id FROM people_alias UNION SELECT person_id, alias_person_id FROM people_alias
) AS r JOIN people_identifier i ON i.person_id = r.record_id AND i.scheme = 'pin' AND i.valid_until IS NULL
GROUP BY r.person_id HAVING count(*) > 1 OR bool_or(r.record_id <> r.person_id) ORDER BY r.person_id
"""
DECIDED_ALONE = """
SELECT request_id FROM people_request WHERE state = 'applied' AND needs_second AND (approved_by IS NULL OR approved_by = prepared_by)
"""
FACTS = f"""
SELECT f.person_id || ' ' || f.field FROM people_fact f JOIN people_person p USING (person_id)
WHERE f.superseded_at IS NULL AND f.value IS DISTINCT FROM CASE f.field {
    " ".join(f"WHEN '{field}' THEN {READ[field]}" for field in FIELDS if field != "pin")
} END
"""
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
            "SELECT count(*) FROM people_identifier WHERE resolves",
            IDENTIFIERS,
        ),
        check_by_query("people.aliases_resolve_in_one_step", "SELECT count(*) FROM people_alias", ALIASES),
        check_by_query("people.merges_can_be_undone", "SELECT count(*) FROM people_alias", MERGED),
        check_by_query("people.one_number_per_human", "SELECT count(*) FROM people_alias", TWO_NUMBERS),
        check_by_query("people.two_officers_where_it_takes_two", "SELECT count(*) FROM people_request", DECIDED_ALONE),
        check_by_query(
            "people.facts_say_what_the_record_says",
            "SELECT count(*) FROM people_fact WHERE superseded_at IS NULL",
            FACTS,
        ),
        check_by_query(
            "people.verified_carry_their_number",
            "SELECT count(*) FROM people_verdict WHERE superseded_at IS NULL AND verdict IN ('verified', 'corrected')",
            VERIFIED,
        ),
    ]

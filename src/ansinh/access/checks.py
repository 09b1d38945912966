"""What must never be false about who may do what."""

from __future__ import annotations

from ansinh.audit.check import CheckResult, check_by_query

_GIVEN = "state IN ('approved', 'ended') AND founding_seat IS NULL"
_BY_ONE = f"""
SELECT id FROM access_rolegrant
WHERE {_GIVEN} AND (approved_by IS NULL OR approved_by = prepared_by OR approved_by = officer_no) ORDER BY id
"""
_NOWHERE = """
SELECT client_no FROM access_client c
WHERE c.facility <> '' AND NOT EXISTS (SELECT FROM places_facility f WHERE f.code = c.facility) ORDER BY client_no
"""


def checks() -> list[CheckResult]:
    """Run the room's checks."""
    return [
        check_by_query(
            "access.roles_given_by_two_people", f"SELECT count(*) FROM access_rolegrant WHERE {_GIVEN}", _BY_ONE
        ),
        check_by_query("access.clients_belong_to_facilities", "SELECT count(*) FROM access_client", _NOWHERE),
    ]

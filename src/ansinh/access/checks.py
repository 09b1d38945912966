"""What must never be false about who may do what."""

from __future__ import annotations

from ansinh.access.charters import CONFLICTS
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


_NOW_HELD = """
SELECT * FROM access_rolegrant WHERE state = 'approved' AND (valid_until IS NULL OR valid_until > now())
"""
_APART = f"""
SELECT DISTINCT one.officer_no FROM ({_NOW_HELD}) one JOIN ({_NOW_HELD}) other ON other.officer_no = one.officer_no
JOIN (VALUES {", ".join(f"('{min(pair)}', '{max(pair)}')" for pair in sorted(CONFLICTS, key=sorted))}) apart (a, b)
  ON (one.role, other.role) = (apart.a, apart.b) ORDER BY 1
"""
_LENT_TO_NOBODY_LEFT = f"""
SELECT id FROM ({_NOW_HELD}) lent
WHERE covers IS NOT NULL AND (valid_until IS NULL OR approved_by IN (covers, officer_no)) ORDER BY id
"""


def checks() -> list[CheckResult]:
    """Run the room's checks."""
    return [
        check_by_query(
            "access.roles_given_by_two_people", f"SELECT count(*) FROM access_rolegrant WHERE {_GIVEN}", _BY_ONE
        ),
        check_by_query("access.nobody_holds_roles_that_conflict", f"SELECT count(*) FROM ({_NOW_HELD}) held", _APART),
        check_by_query(
            "access.lent_roles_end",
            f"SELECT count(*) FROM ({_NOW_HELD}) lent WHERE covers IS NOT NULL",
            _LENT_TO_NOBODY_LEFT,
        ),
        check_by_query("access.clients_belong_to_facilities", "SELECT count(*) FROM access_client", _NOWHERE),
    ]

"""What must never be false about referral papers and appointments."""

from __future__ import annotations

from ansinh.audit.check import CheckResult, check_by_query

_USED_TWICE = """
SELECT person_id || '-' || referral_id FROM referrals_use WHERE released_at IS NULL AND reach = 'once' GROUP BY person_id, referral_id HAVING count(*) > 1
UNION ALL
SELECT person_id || '-' || referral_id FROM referrals_use WHERE released_at IS NULL GROUP BY person_id, referral_id HAVING count(DISTINCT facility) > 1
"""
_STATE_ODD = """
SELECT r.person_id || '-' || r.referral_id FROM referrals_referral r WHERE r.state <> 'withdrawn' AND (r.state = 'used') IS DISTINCT FROM
    EXISTS (SELECT FROM referrals_use u WHERE u.person_id = r.person_id AND u.referral_id = r.referral_id AND u.released_at IS NULL)
UNION ALL
SELECT u.person_id || '-' || u.referral_id FROM referrals_use u WHERE NOT EXISTS (
    SELECT FROM referrals_referral r WHERE r.person_id = u.person_id AND r.referral_id = u.referral_id)
"""


def checks() -> list[CheckResult]:
    """Run the room's checks."""
    return [
        check_by_query("referrals.used_once", "SELECT count(*) FROM referrals_use", _USED_TWICE),
        check_by_query("referrals.states_follow_uses", "SELECT count(*) FROM referrals_referral", _STATE_ODD),
    ]

"""The series counted day by day, each as one query over raw rows that returns (day, gain); days are those of Viet Nam."""

from __future__ import annotations

# Days begin at midnight in Viet Nam, whatever the session's zone.
_LOCAL_DAY = "({moment} AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"
_DECIDED, _SUPERSEDED, _ASKED = (_LOCAL_DAY.format(moment=m) for m in ("v.decided_at", "v.superseded_at", "a.asked_at"))

# A verdict counts from the day it was decided until the day another superseded it.
_VERDICTS = """
SELECT day, sum(gain) FROM (
    SELECT {decided} AS day, 1 AS gain FROM people_verdict v WHERE {which}
    UNION ALL
    SELECT {superseded}, -1 FROM people_verdict v WHERE v.superseded_at IS NOT NULL AND {which}
) AS changes GROUP BY day
"""
_AUTHENTICATED = "v.verdict IN ('verified', 'corrected')"
_PARTICIPATED = "EXISTS (SELECT FROM cards_card k WHERE k.person_id = v.person_id)"

# The codes are those of `ansinh.foundation.identifiers.KeyKind`: the personal number, typed or scanned, is what stands on a citizen card.
# Look-ups of the former system count on; person 0 is nobody, so a miss.
_LOOKUPS = f"""
SELECT day, sum(asked) FROM (
    SELECT {_ASKED} AS day, count(*) AS asked FROM audit_access a
    WHERE a.call = 1 AND a.result = 1 AND a.key_kind IN {{kinds}} GROUP BY 1
    UNION ALL
    SELECT {_ASKED}, count(*) FROM audit_former_access a WHERE a.person_id <> 0 AND a.key_kind IN {{kinds}} GROUP BY 1
) AS both_systems GROUP BY day
"""

SERIES: dict[str, str] = {
    "people.authenticated": _VERDICTS.format(decided=_DECIDED, superseded=_SUPERSEDED, which=_AUTHENTICATED),
    "people.participants_authenticated": _VERDICTS.format(
        decided=_DECIDED, superseded=_SUPERSEDED, which=f"{_AUTHENTICATED} AND {_PARTICIPATED}"
    ),
    "people.participants_decided": _VERDICTS.format(
        decided=_DECIDED,
        superseded=_SUPERSEDED,
        which=f"v.verdict NOT IN ('excluded', 'duplicate') AND {_PARTICIPATED}",
    ),
    "cards.lookups_by_citizen_card": _LOOKUPS.format(kinds="(1, 4)"),
}

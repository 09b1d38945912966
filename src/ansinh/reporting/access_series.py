"""What was asked and told, from the audit's rows and the former system's logs: card look-ups of facilities, books citizens read, sign-ins."""

from __future__ import annotations

from ansinh.reporting.cells import (
    KINDS_OF_COMMUNES,
    NOWHERE,
    UNKNOWN,
    Source,
    filtered,
    local_day,
    of_facilities,
    pivoted,
)

_ASKED = local_day("a.asked_at")
# A day of Viet Nam begins at its own midnight; a count from the first day on has no beginning.
_SINCE = "(%(since)s::date::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh')"

# The codes are those of `ansinh.foundation.identifiers.KeyKind`: the personal number, typed or scanned, is what stands on a citizen card; card look-ups are
# the calls 1 (one), 2 (many) and 3 (older software). Look-ups of the former system count on; person 0 is nobody, so a miss.
_CALLS = "CASE a.call WHEN 1 THEN 'one' WHEN 2 THEN 'many' ELSE 'older_software' END"


def _looked_up(since: str = "") -> str:
    return f"""
    SELECT a.facility, {_CALLS} AS channel, {_ASKED} AS day, a.key_kind, a.result = 1 AS found FROM audit_access a
    WHERE a.call IN (1, 2, 3) {since}
    UNION ALL
    SELECT a.facility, {_CALLS}, {_ASKED}, a.key_kind, a.person_id <> 0 FROM audit_former_access a
    WHERE a.call IN (1, 2, 3) {since}
    """


_OF_LOOKUPS = {
    "cards.lookups_successful": "found",
    "cards.lookups_unsuccessful": "NOT found",
    "cards.lookups_by_citizen_card": "found AND key_kind IN (1, 4)",
    "cards.lookups_by_card_number": "found AND key_kind = 3",
}
LOOKUPS = Source(
    "lookups",
    tuple(_OF_LOOKUPS),
    of_facilities(pivoted(_looked_up(f"AND a.asked_at >= {_SINCE}"), "facility, channel, day", filtered(_OF_LOOKUPS))),
    by_clock=True,
)

# What citizens read: contribution books are call 7; reads of the health book without a facility are 6 and 8 (the book, one visit of it), 9 (referral papers)
# and 10 (appointments). Result 1: it was told.
_READ = f"""
    SELECT a.person_id, a.call, {_ASKED} AS day, a.result = 1 AS told FROM audit_access a
    WHERE (a.call = 7 OR (a.call IN (6, 8, 9, 10) AND a.facility = '')) AND a.asked_at >= {_SINCE}
    UNION ALL
    SELECT a.person_id, a.call, {_ASKED}, a.person_id <> 0 FROM audit_former_access a
    WHERE (a.call = 7 OR (a.call IN (6, 8, 9, 10) AND a.facility = '')) AND a.asked_at >= {_SINCE}
    """
_OF_READS = {
    "eid.book_lookups": "told AND call = 7",
    "healthbook.searches_visits": "told AND call IN (6, 8)",
    "healthbook.searches_referrals": "told AND call = 9",
    "healthbook.searches_appointments": "told AND call = 10",
    "healthbook.searches_unsuccessful": "NOT told AND call <> 7",
}
_PLACED = f"""
    SELECT coalesce(p.province, '{NOWHERE}') AS province, coalesce(k.kind, '{UNKNOWN}') AS kind, done.*
    FROM ({{rows}}) AS done LEFT JOIN people_person p USING (person_id) LEFT JOIN {KINDS_OF_COMMUNES} AS k ON k.code = p.commune"""
READS = Source(
    "reads",
    tuple(_OF_READS),
    f"""SELECT series, province, kind, '' AS facility, '' AS channel, day, count
    FROM ({pivoted(_PLACED.format(rows=_READ), "province, kind, day", filtered(_OF_READS))}) AS counted""",
    by_clock=True,
    by_person=True,
)

# A step up within a session is no sign-in of its own.
_SIGNED_IN = f"""
    SELECT e.person_id, {local_day("e.entered_at")} AS day, e.channel FROM signin_citizenentry e
    WHERE e.kind = 'sign_in' AND e.entered_at >= {_SINCE}
    """
_OF_SIGN_INS = {
    "eid.sign_ins": "true",
    "eid.sign_ins.app": "channel = 'app'",
    "eid.sign_ins.portal": "channel = 'portal'",
}
SIGN_INS = Source(
    "sign_ins",
    tuple(_OF_SIGN_INS),
    f"""SELECT series, province, kind, '' AS facility, channel, day, count
    FROM ({pivoted(_PLACED.format(rows=_SIGNED_IN), "province, kind, channel, day", filtered(_OF_SIGN_INS))}) AS counted""",
    by_clock=True,
    by_person=True,
)

# Facilities that looked somebody up by citizen card, and the day; from raw rows, and from what was counted of them.
ACTIVE_ON = f"SELECT facility, day FROM ({_looked_up()}) AS looked_up WHERE found AND key_kind IN (1, 4)"
ACTIVE_ON_SOONER = (
    "SELECT facility, day FROM reporting_facilitycount WHERE series = 'cards.lookups_by_citizen_card' AND count > 0"
)

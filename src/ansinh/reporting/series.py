"""The series counted day by day, each as one query over raw rows that returns (day, gain); days are those of Viet Nam."""

from __future__ import annotations

from ansinh.reporting.health_series import HEALTH
from ansinh.reporting.pay_series import PAYMENTS, PAYMENTS_BY_PROVINCE
from ansinh.reporting.service_series import EVENTS, SERVICES, SERVICES_BY_PROVINCE

# Days begin at midnight in Viet Nam, whatever the session's zone.
_LOCAL_DAY = "({moment} AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"
_DECIDED, _SUPERSEDED, _ASKED = (_LOCAL_DAY.format(moment=m) for m in ("v.decided_at", "v.superseded_at", "a.asked_at"))


def _verdicts(which: str, gain: str = "1") -> str:
    """A verdict counts from the day it was decided until the day another superseded it."""
    return f"""
        SELECT v.person_id, {_DECIDED} AS day, {gain} AS gain FROM people_verdict v WHERE {which}
        UNION ALL
        SELECT v.person_id, {_SUPERSEDED}, -{gain} FROM people_verdict v WHERE v.superseded_at IS NOT NULL AND {which}
        """


def _numbers(which: str) -> str:
    """A number counts from the day it became a person's until the day it ceased to be; one given and taken back on one day counts nothing."""
    return f"""
        SELECT i.person_id, i.valid_from AS day, 1 AS gain FROM people_identifier i WHERE {which}
        UNION ALL
        SELECT i.person_id, i.valid_until, -1 FROM people_identifier i WHERE i.valid_until IS NOT NULL AND {which}
        """


_AUTHENTICATED = "v.verdict IN ('verified', 'corrected')"
_PARTICIPATED = "EXISTS (SELECT FROM cards_card k WHERE k.person_id = v.person_id)"
_ASKED_ABOUT = "v.verdict NOT IN ('excluded', 'duplicate')"
# The number of the day a candidate was opened on: its sum tells how long those open at a day have waited.
_OPENED_ON = f"({_DECIDED} - date '0001-01-01' + 1)"
# Armed forces and relatives keep the numbers of their own offices.
_OURS = "NOT EXISTS (SELECT FROM people_person p WHERE p.person_id = i.person_id AND p.excluded IS NOT NULL)"
_CODED = "EXISTS (SELECT FROM people_identifier c WHERE c.person_id = i.person_id AND c.scheme = 'si_code' AND c.valid_until IS NULL)"

# Series about persons, each a query that returns (person_id, day, gain), so that they can be counted by province too.
OF_PERSONS: dict[str, str] = {
    "people.authenticated": _verdicts(_AUTHENTICATED),
    "people.participants_authenticated": _verdicts(f"{_AUTHENTICATED} AND {_PARTICIPATED}"),
    "people.participants_decided": _verdicts(f"{_ASKED_ABOUT} AND {_PARTICIPATED}"),
    "people.candidates_open": _verdicts("v.verdict = 'candidate'"),
    "people.candidates_opened_on": _verdicts("v.verdict = 'candidate'", _OPENED_ON),
    "people.code_holders": _numbers(f"i.scheme = 'si_code' AND {_OURS}"),
    "people.code_holders_with_pin": _numbers(f"i.scheme = 'pin' AND {_OURS} AND {_CODED}"),
}

# Participants asked about, by the verdict and the rule that hold now.
PARTICIPANTS_BY_VERDICT = f"""
SELECT v.verdict, v.rule, count(*) FROM people_verdict v
WHERE v.superseded_at IS NULL AND {_ASKED_ABOUT} AND {_PARTICIPATED} GROUP BY 1, 2
"""

# The codes are those of `ansinh.foundation.identifiers.KeyKind`: the personal number, typed or scanned, is what stands on a citizen card; card look-ups are
# the calls 1 (one), 2 (many) and 3 (older software). Look-ups of the former system count on; person 0 is nobody, so a miss.
_LOOKED_UP = f"""
    SELECT a.facility, {_ASKED} AS day, a.key_kind, a.result = 1 AS found FROM audit_access a WHERE a.call IN (1, 2, 3)
    UNION ALL
    SELECT a.facility, {_ASKED}, a.key_kind, a.person_id <> 0 FROM audit_former_access a WHERE a.call IN (1, 2, 3)
    """

# Contribution books read are call 7, here and in the former system's log. Result 1: a book was told.
_BOOKS_READ = f"""
    SELECT {_ASKED} AS day FROM audit_access a WHERE a.call = 7 AND a.result = 1
    UNION ALL
    SELECT {_ASKED} FROM audit_former_access a WHERE a.call = 7 AND a.person_id <> 0
    """

# A step up within a session is no sign-in of its own.
_SIGNED_IN = """
    SELECT (e.entered_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day, e.channel FROM signin_citizenentry e WHERE e.kind = 'sign_in'
    """

# Series of look-ups: which of them count.
LOOKUPS: dict[str, str] = {
    "cards.lookups_successful": "found",
    "cards.lookups_unsuccessful": "NOT found",
    "cards.lookups_by_citizen_card": "found AND key_kind IN (1, 4)",
    "cards.lookups_by_card_number": "found AND key_kind = 3",
}

# (series, facility, day, count) of all of them in one reading of the raw rows.
LOOKUPS_BY_FACILITY = f"""
SELECT told.series, facility, day, told.count FROM (
    SELECT facility, day, {", ".join(f"count(*) FILTER (WHERE {which}) AS n{n}" for n, which in enumerate(LOOKUPS.values()))}
    FROM ({_LOOKED_UP}) AS looked_up GROUP BY facility, day
) AS counted, LATERAL (VALUES {", ".join(f"('{series}', n{n})" for n, series in enumerate(LOOKUPS))}) AS told (series, count)
WHERE told.count > 0
"""

# A facility is active from its first successful look-up by citizen card; one without a first day has always been there. Closed ones leave.
_CLOSED = "f.valid_until <= (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"
_ACTIVE = f"""
    SELECT f.code, f.valid_until, min(day) AS first_on FROM ({_LOOKED_UP}) AS looked_up JOIN places_facility f ON f.code = looked_up.facility
    WHERE found AND key_kind IN (1, 4) AND (f.valid_until IS NULL OR day < f.valid_until) GROUP BY 1, 2
    """

SERIES: dict[str, str] = {
    **{series: f"SELECT day, sum(gain) FROM ({query}) AS changes GROUP BY day" for series, query in OF_PERSONS.items()},
    **{
        series: f"SELECT day, count(*) FROM ({_LOOKED_UP}) AS looked_up WHERE {which} GROUP BY day"
        for series, which in LOOKUPS.items()
    },
    **{
        series: f"SELECT day, sum(gain) FROM ({PAYMENTS_BY_PROVINCE}) AS paid WHERE series = '{series}' GROUP BY day"
        for series in PAYMENTS
    },
    **{
        series: f"SELECT day, sum(count) FROM ({SERVICES_BY_PROVINCE}) AS settled WHERE series = '{series}' GROUP BY day"
        for series in SERVICES
    },
    **EVENTS,
    **HEALTH,
    "eid.book_lookups": f"SELECT day, count(*) FROM ({_BOOKS_READ}) AS books_read GROUP BY day",
    "eid.sign_ins": f"SELECT day, count(*) FROM ({_SIGNED_IN}) AS signed_in GROUP BY day",
    **{
        f"eid.sign_ins.{channel}": f"SELECT day, count(*) FROM ({_SIGNED_IN}) AS signed_in WHERE channel = '{channel}' GROUP BY day"
        for channel in ("app", "portal")
    },
    "cards.facilities": f"""
        SELECT day, sum(gain) FROM (
            SELECT coalesce(f.valid_from, date '2000-01-01') AS day, 1 AS gain FROM places_facility f
            UNION ALL SELECT f.valid_until, -1 FROM places_facility f WHERE {_CLOSED}
        ) AS changes GROUP BY day""",
    "cards.facilities_active": f"""
        SELECT day, sum(gain) FROM (
            SELECT f.first_on AS day, 1 AS gain FROM ({_ACTIVE}) AS f UNION ALL SELECT f.valid_until, -1 FROM ({_ACTIVE}) AS f WHERE {_CLOSED}
        ) AS changes GROUP BY day""",
}

# (province, day, gain): a person counts where they live now, so that a province's figures always add up to its people.
SERIES_BY_PROVINCE: dict[str, str] = {
    series: f"SELECT p.province, day, sum(gain) FROM ({query}) AS changes JOIN people_person p USING (person_id) GROUP BY p.province, day"
    for series, query in OF_PERSONS.items()
}

"""The health book in figures: what facilities submit and how late, and what citizens look up, from our raw rows and those of the former system's logs."""

from __future__ import annotations

_DAY = "({moment} AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"
_RECEIVED, _SETTLED, _SENT, _ASKED = (
    _DAY.format(moment=moment) for moment in ("s.received_at", "s.settled_at", "f.sent_at", "a.asked_at")
)
# Kinds of submissions, by `ansinh.healthbook.states.SubmissionKind`; taking back (9) is no submission of its own.
_CHECK_INS, _ENCOUNTERS, _PAPERS = "0", "3, 130, 3176, 4750", "12, 39, 60, 61"
_TAKEN_BACK = 9

# Each submission once: when it came, when and how it was settled, and how many whole hours after discharge it came (nothing where no discharge is told).
# What was accepted and taken back later was accepted. The former system settled at once.
_SUBMITTED = f"""
    SELECT s.facility, s.kind, {_RECEIVED} AS day, CASE WHEN s.state IN ('accepted', 'withdrawn', 'rejected') THEN {_SETTLED} END AS settled_on,
        s.state IN ('accepted', 'withdrawn') AS accepted,
        CASE WHEN v.discharged_at IS NOT NULL THEN greatest(0, floor(extract(epoch FROM s.received_at - v.discharged_at) / 3600))::bigint END AS delay
    FROM healthbook_submission s LEFT JOIN healthbook_visit v ON v.receipt = s.receipt AND v.facility = s.facility AND s.kind IN ({_ENCOUNTERS})
    WHERE s.kind <> {_TAKEN_BACK}
    UNION ALL
    SELECT f.facility, f.kind, {_SENT}, {_SENT}, f.accepted, f.delay_hours FROM reporting_formersubmission f
    """

# Series of submissions: on which of its two days one counts, which count, and how much.
_OF_SUBMISSIONS: dict[str, tuple[str, str, str]] = {
    "healthbook.submissions": ("day", "true", "1"),
    "healthbook.submissions_accepted": ("settled_on", "settled_on IS NOT NULL AND accepted", "1"),
    "healthbook.submissions_rejected": ("settled_on", "settled_on IS NOT NULL AND NOT accepted", "1"),
    "healthbook.check_ins": ("day", f"kind IN ({_CHECK_INS})", "1"),
    "healthbook.encounters": ("day", f"kind IN ({_ENCOUNTERS})", "1"),
    "healthbook.papers": ("day", f"kind IN ({_PAPERS})", "1"),
    "healthbook.submissions_dated": ("day", "delay IS NOT NULL", "1"),
    "healthbook.delay_hours": ("day", "delay IS NOT NULL", "delay"),
}
SUBMISSIONS: tuple[str, ...] = tuple(_OF_SUBMISSIONS)


def _told(on: str) -> str:
    of_day = [(series, which, gain) for series, (day, which, gain) in _OF_SUBMISSIONS.items() if day == on]
    sums = ", ".join(
        f"coalesce(sum({gain}) FILTER (WHERE {which}), 0) AS n{n}" for n, (_, which, gain) in enumerate(of_day)
    )
    values = ", ".join(f"('{series}', n{n})" for n, (series, *_) in enumerate(of_day))
    return f"""
        SELECT told.series, facility, {on} AS day, told.count::bigint AS count
        FROM (SELECT facility, {on}, {sums} FROM submitted WHERE {on} IS NOT NULL GROUP BY facility, {on}) AS summed,
            LATERAL (VALUES {values}) AS told (series, count)
        WHERE told.count > 0"""


# (series, facility, day, count) of all of them in one reading of the raw rows.
SUBMISSIONS_BY_FACILITY = f"""
WITH submitted AS MATERIALIZED ({_SUBMITTED})
{_told("day")}
UNION ALL
{_told("settled_on")}
"""

# What citizens look up in the app: reads without a facility. Calls 6 and 8 are the book and one visit of it, 9 referral papers, 10 appointments.
_SEARCHED = f"""
    SELECT {_ASKED} AS day, a.call, a.result = 1 AS found FROM audit_access a WHERE a.call IN (6, 8, 9, 10) AND a.facility = ''
    UNION ALL
    SELECT {_ASKED}, a.call, a.person_id <> 0 FROM audit_former_access a WHERE a.call IN (6, 8, 9, 10) AND a.facility = ''
    """
_OF_SEARCHES = {
    "healthbook.searches_visits": "found AND call IN (6, 8)",
    "healthbook.searches_referrals": "found AND call = 9",
    "healthbook.searches_appointments": "found AND call = 10",
    "healthbook.searches_unsuccessful": "NOT found",
}

HEALTH: dict[str, str] = {
    **{
        series: f"SELECT day, count FROM ({SUBMISSIONS_BY_FACILITY}) AS submitted WHERE series = '{series}'"
        for series in SUBMISSIONS
    },
    **{
        series: f"SELECT day, count(*) FROM ({_SEARCHED}) AS searched WHERE {which} GROUP BY day"
        for series, which in _OF_SEARCHES.items()
    },
    # A facility counts from its first submission; one that closed leaves.
    "healthbook.facilities_submitting": f"""
        SELECT day, sum(gain) FROM (
            SELECT first_on AS day, 1 AS gain FROM (
                SELECT p.code, min(s.day) AS first_on FROM ({_SUBMITTED}) AS s JOIN places_facility p ON p.code = s.facility
                WHERE p.valid_until IS NULL OR s.day < p.valid_until GROUP BY p.code
            ) AS began
            UNION ALL
            SELECT valid_until, -1 FROM (
                SELECT p.code, p.valid_until FROM ({_SUBMITTED}) AS s JOIN places_facility p ON p.code = s.facility
                WHERE s.day < p.valid_until AND p.valid_until <= (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date GROUP BY p.code, p.valid_until
            ) AS ended
        ) AS changes GROUP BY day""",
}

"""The health book in figures: what facilities submit and how late; and which facilities take part; from raw rows and the former system's log."""

from __future__ import annotations

from ansinh.reporting.access_series import ACTIVE_ON, ACTIVE_ON_SOONER
from ansinh.reporting.cells import KINDS_OF_COMMUNES, UNKNOWN, Source, local_day, of_facilities, pivoted

_RECEIVED, _SETTLED, _SENT = (local_day(moment) for moment in ("s.received_at", "s.settled_at", "f.sent_at"))
# Kinds of submissions, by `ansinh.healthbook.states.SubmissionKind`; taking back (9) is no submission of its own.
_CHECK_INS, _ENCOUNTERS, _PAPERS = "0", "3, 130, 401, 3176, 4750", "12, 39, 60, 61"
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
_OF_SUBMISSIONS: dict[str, dict[str, tuple[str, str]]] = {
    "day": {
        "healthbook.submissions": ("true", "1"),
        "healthbook.check_ins": (f"kind IN ({_CHECK_INS})", "1"),
        "healthbook.encounters": (f"kind IN ({_ENCOUNTERS})", "1"),
        "healthbook.papers": (f"kind IN ({_PAPERS})", "1"),
        "healthbook.submissions_dated": ("delay IS NOT NULL", "1"),
        "healthbook.delay_hours": ("delay IS NOT NULL", "delay"),
    },
    "settled_on": {
        "healthbook.submissions_accepted": ("accepted", "1"),
        "healthbook.submissions_rejected": ("NOT accepted", "1"),
    },
}


def _told(on: str) -> str:
    rows = f"SELECT facility, '' AS channel, {on} AS day, kind, accepted, delay FROM submitted WHERE {on} IS NOT NULL"
    sums = {
        series: f"coalesce(sum({gain}) FILTER (WHERE {which}), 0)"
        for series, (which, gain) in _OF_SUBMISSIONS[on].items()
    }
    return pivoted(rows, "facility, channel, day", sums)


SUBMISSIONS = Source(
    "submissions",
    tuple(series for of_day in _OF_SUBMISSIONS.values() for series in of_day),
    of_facilities(
        f"WITH submitted AS MATERIALIZED ({_SUBMITTED}) {' UNION ALL '.join(f'({_told(on)})' for on in _OF_SUBMISSIONS)}"
    ),
)

# A facility that closed leaves; one that closes later is still open.
_CLOSED = "f.valid_until <= (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"


def _began(series: str, seen: str) -> str:
    """A facility counts from the first day it was seen on, while it was open, until it closed."""
    return f"""
        SELECT '{series}' AS series, code, min(day) AS day, 1 AS gain
        FROM (SELECT f.code, seen.day FROM {{open}}) AS began GROUP BY code
        UNION ALL
        SELECT DISTINCT '{series}', f.code, f.valid_until, -1 FROM {{open}} AND {_CLOSED}""".format(
        open=f"({seen}) AS seen JOIN places_facility f ON f.code = seen.facility WHERE (f.valid_until IS NULL OR seen.day < f.valid_until)"
    )


def _taking_part(active_on: str, submitted_on: str) -> str:
    """Facilities by where they are: all, those that look cards up by citizen card, those that submit. One without a first day has always been there."""
    return f"""
        SELECT series, f.province, coalesce(k.kind, '{UNKNOWN}') AS kind, '' AS facility, '' AS channel, day, sum(gain)::bigint AS count FROM (
            SELECT 'cards.facilities' AS series, f.code, coalesce(f.valid_from, date '2000-01-01') AS day, 1 AS gain FROM places_facility f
            UNION ALL SELECT 'cards.facilities', f.code, f.valid_until, -1 FROM places_facility f WHERE {_CLOSED}
            UNION ALL {_began("cards.facilities_active", active_on)}
            UNION ALL {_began("healthbook.facilities_submitting", submitted_on)}
        ) AS changes JOIN places_facility f USING (code) LEFT JOIN {KINDS_OF_COMMUNES} AS k ON k.code = f.commune GROUP BY 1, 2, 3, 6"""


_SUBMITTED_ON_SOONER = (
    "SELECT facility, day FROM reporting_facilitycount WHERE series = 'healthbook.submissions' AND count > 0"
)
FACILITIES = Source(
    "facilities",
    ("cards.facilities", "cards.facilities_active", "healthbook.facilities_submitting"),
    _taking_part(ACTIVE_ON, f"SELECT facility, day FROM ({_SUBMITTED}) AS submitted"),
    sooner=_taking_part(ACTIVE_ON_SOONER, _SUBMITTED_ON_SOONER),
)

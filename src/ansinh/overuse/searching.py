"""The four searches as tables of SQL: each returns findings of the visits admitted in a period, in time that grows with the visits.

Every search joins visits of one person, of whom there are few, or visits of one facility with the very same values; none compares everybody with everybody.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from ansinh.overuse.states import FindingKind

IN_BED = "'03', '04', '06'"
OUT_OF_BED = "'01', '02', '05', '07', '08'"
BED_HOURS_MIN = 12
SPEED_KM_H_MAX, DISTANCE_KM_MIN = 100, 150
SUPPLY_DAYS_MIN, OVERLAP_DAYS_MIN, SUPPLY_DAYS_MAX = 14, 7, 90
RESULTS_MIN, ALIKE_PERCENT_MIN, COPIED_WITHIN_DAYS = 6, 80, 60
# A value seen in more visits of a facility than this is a default, not a copy.
GROUP_MAX = 20
# Visits that began so long before the period may still go on in it.
LOOK_BACK_DAYS = 90

_PERIOD = f"""
    SELECT person_id, visit_id, year, version, facility, care_kind, admitted_at, coalesce(discharged_at, admitted_at) AS left_at, days
    FROM healthbook_visit
    WHERE current AND admitted_at >= %(since)s::timestamptz - interval '{LOOK_BACK_DAYS} days' AND admitted_at < %(until)s
"""


@cache
def _places() -> str:
    lines = [
        line
        for line in files(__package__).joinpath("distances.csv").read_text("utf-8").splitlines()
        if not line.startswith("#")
    ]
    rows = [f"('{one['province']}', {float(one['north'])}, {float(one['east'])})" for one in csv.DictReader(lines)]
    return f"(VALUES {', '.join(rows)}) AS place (province, north, east)"


# On a country this narrow a degree east is some 107 km and one north 111.
_KM = "sqrt(power(111 * (p.north - q.north), 2) + power(107 * (p.east - q.east), 2))"


def _pairs(first: str, second: str) -> str:
    """Join each visit with the later ones of its person elsewhere; the later one is of the period."""
    return f"""period a JOIN period b ON b.person_id = a.person_id AND b.facility <> a.facility
        AND (b.admitted_at, b.visit_id) > (a.admitted_at, a.visit_id) AND b.admitted_at >= %(since)s
        AND a.care_kind IN ({first}) AND b.care_kind IN ({second})"""


def two_beds() -> str:
    """Return the search for people in bed in two facilities at once."""
    both = "least(a.left_at, b.left_at) - b.admitted_at"
    return f"""
    WITH period AS MATERIALIZED ({_PERIOD})
    SELECT a.person_id, a.visit_id, b.visit_id AS other_visit_id, a.person_id AS other_person_id, a.facility, b.facility AS other_facility, b.admitted_at AS at,
        floor(extract(epoch FROM {both}) / 3600)::integer AS measure, NULL::text AS subject
    FROM {_pairs(IN_BED, IN_BED)} AND b.admitted_at < a.left_at
    WHERE {both} >= interval '{BED_HOURS_MIN} hours'
    """


def far_apart() -> str:
    """Return the search for people in two places sooner than anybody travels; a stay counts with its first and last hour."""
    hours = "greatest(extract(epoch FROM b.admitted_at - a.left_at) / 3600, 0.1)"
    return f"""
    WITH period AS MATERIALIZED ({_PERIOD}), place AS MATERIALIZED (SELECT * FROM {_places()})
    SELECT a.person_id, a.visit_id, b.visit_id AS other_visit_id, a.person_id AS other_person_id, a.facility, b.facility AS other_facility, b.admitted_at AS at,
        least({_KM} / {hours}, 9999)::integer AS measure, NULL::text AS subject
    FROM {_pairs(f"{IN_BED}, {OUT_OF_BED}", f"{IN_BED}, {OUT_OF_BED}")} AND b.admitted_at < a.left_at + interval '1 day'
        AND (b.admitted_at >= a.left_at OR a.care_kind IN ({OUT_OF_BED}))
    JOIN places_facility f ON f.code = a.facility JOIN place p ON p.province = f.province
    JOIN places_facility g ON g.code = b.facility JOIN place q ON q.province = g.province
    WHERE {_KM} >= {DISTANCE_KM_MIN} AND {_KM} / {hours} > {SPEED_KM_H_MAX}
    """


def medicines_twice() -> str:
    """Return the search for the same medicine from two facilities at once, for weeks."""
    supply = f"""least({SUPPLY_DAYS_MAX}, coalesce(substring(m.dose FROM '[*] *([0-9]{{1,3}}) *(?:ngày|days)')::integer,
        CASE WHEN v.care_kind = '05' THEN v.days::integer END, 0))"""
    return f"""
    WITH period AS MATERIALIZED ({_PERIOD}), taken AS MATERIALIZED (
        SELECT v.person_id, v.visit_id, v.facility, v.admitted_at, m.code, max({supply}) AS supply
        FROM period v JOIN healthbook_medicine m ON m.person_id = v.person_id AND m.visit_id = v.visit_id AND m.version = v.version AND m.year = v.year
        WHERE v.care_kind IN ({OUT_OF_BED}) AND m.code IS NOT NULL GROUP BY 1, 2, 3, 4, 5 HAVING max({supply}) >= {SUPPLY_DAYS_MIN}
    ), twice AS (
        SELECT a.person_id, a.visit_id, b.visit_id AS other_visit_id, a.facility, b.facility AS other_facility, b.admitted_at AS at, a.code,
            least(a.supply - (b.admitted_at::date - a.admitted_at::date), b.supply) AS days
        FROM taken a JOIN taken b ON b.person_id = a.person_id AND b.code = a.code AND b.facility <> a.facility AND b.admitted_at >= %(since)s
            AND (b.admitted_at, b.visit_id) > (a.admitted_at, a.visit_id)
    )
    SELECT person_id, visit_id, other_visit_id, person_id AS other_person_id, facility, other_facility, min(at) AS at, max(days)::integer AS measure,
        min(code) AS subject
    FROM twice WHERE days >= {OVERLAP_DAYS_MIN} GROUP BY 1, 2, 3, 4, 5, 6
    """


def copied() -> str:
    """Return the search for visits with the results of another person: one of three parts of the results alike, then all of them compared."""
    return f"""
    WITH period AS MATERIALIZED ({_PERIOD.replace(str(LOOK_BACK_DAYS), str(COPIED_WITHIN_DAYS))}), told AS MATERIALIZED (
        SELECT v.facility, v.visit_id, v.person_id, v.admitted_at, r.index_code, r.value, abs(hashtext(r.index_code)) %% 3 AS part
        FROM period v JOIN healthbook_result r ON r.person_id = v.person_id AND r.visit_id = v.visit_id AND r.version = v.version AND r.year = v.year
        WHERE r.index_code IS NOT NULL AND r.value ~ '[0-9]'
    ), wide AS MATERIALIZED (
        SELECT facility, visit_id, person_id, admitted_at, count(*) AS results FROM told GROUP BY 1, 2, 3, 4 HAVING count(*) >= {RESULTS_MIN}
    ), printed AS MATERIALIZED (
        SELECT t.facility, t.visit_id, t.person_id, part, md5(string_agg(t.index_code || '=' || t.value, '|' ORDER BY t.index_code, t.value)) AS print
        FROM told t JOIN wide w USING (visit_id) GROUP BY 1, 2, 3, 4 HAVING count(*) >= 2
    ), grouped AS MATERIALIZED (
        SELECT facility, part, print FROM printed GROUP BY 1, 2, 3 HAVING count(DISTINCT person_id) BETWEEN 2 AND {GROUP_MAX}
    ), near AS MATERIALIZED (
        SELECT DISTINCT a.visit_id AS one, b.visit_id AS other
        FROM grouped g JOIN printed a USING (facility, part, print) JOIN printed b USING (facility, part, print)
        WHERE a.person_id <> b.person_id AND a.visit_id < b.visit_id
    ), alike AS (
        SELECT n.one, n.other, count(*) AS same FROM near n JOIN told a ON a.visit_id = n.one
        JOIN told b ON b.visit_id = n.other AND b.index_code = a.index_code AND b.value = a.value GROUP BY 1, 2
    )
    SELECT x.person_id, x.visit_id, y.visit_id AS other_visit_id, y.person_id AS other_person_id, x.facility, y.facility AS other_facility,
        greatest(x.admitted_at, y.admitted_at) AS at, (100 * l.same / greatest(x.results, y.results))::integer AS measure, NULL::text AS subject
    FROM alike l JOIN wide x ON x.visit_id = l.one JOIN wide y ON y.visit_id = l.other
    WHERE 100 * l.same >= {ALIKE_PERCENT_MIN} * greatest(x.results, y.results)
        AND abs(extract(epoch FROM x.admitted_at - y.admitted_at)) < {COPIED_WITHIN_DAYS} * 86400
        AND greatest(x.admitted_at, y.admitted_at) >= %(since)s
    """


SEARCHES = {
    FindingKind.TWO_BEDS: two_beds,
    FindingKind.FAR_APART: far_apart,
    FindingKind.MEDICINES_TWICE: medicines_twice,
    FindingKind.COPIED: copied,
}

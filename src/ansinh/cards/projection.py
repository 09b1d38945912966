"""The standing table as a query: the one place that says how a standing follows from cards, participation and what was paid.

Law comes in as arguments (`at`), so that the statement and the formulas of `rules` share their numbers; a property test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ansinh.cards.states import PUBLIC_STATUS, CardState, StandingStatus
from ansinh.rules.health_insurance import MANAGED_BY_POLICE, NEWBORN_LEVEL, NEWBORN_OBJECT_CODE, continuity_on
from ansinh.rules.health_insurance.copayments import ceilings

# Of whom: everybody in the half-open range of numbers `from` … `until`, or `persons`, a list.
_IN_RANGE = "{0} >= %(from)s AND {0} < %(until)s"
_AMONG = "{0} = ANY(%(persons)s)"


def _merged(whom: str) -> str:
    """Of which records merged into them; they lie outside a range and are named one by one, so that no table is ever read whole for them."""
    return f"{{0}} = ANY(ARRAY(SELECT m.alias_person_id FROM people_alias m WHERE {whom.format('m.person_id')}))"


def at(today: date) -> dict[str, Any]:
    """Return what the statements take besides whom they are about: the day, and the law of that day."""
    law = continuity_on(today)
    return {
        "today": today,
        "year_from": date(today.year, 1, 1),
        "year_until": date(today.year + 1, 1, 1),
        "gap_days_max": law.gap_days_max,
        "years": law.years,
        "ceiling_days": [one.day for one in ceilings()],
        "ceilings": [one.amount for one in ceilings()],
    }


def in_range(today: date, from_person: int, until_person: int) -> Mapping[str, Any]:
    """Return the arguments of a statement about a half-open range of persons."""
    return {**at(today), "from": from_person, "until": until_person}


def among(today: date, persons: Sequence[int]) -> Mapping[str, Any]:
    """Return the arguments of a statement about some persons."""
    return {**at(today), "persons": list(persons)}


# A card's number is made of the record's own social-insurance code; who never had one is known by the PIN they carry (law 41/2024/QH15).
_NUMBER = """coalesce(c.object_code || o.level || c.card_province || own.value, (
       SELECT carried.value FROM people_identifier carried
       WHERE carried.person_id = c.person_id AND carried.scheme = 'pin' AND carried.valid_until IS NULL))"""

# Stretches of coverage of a record with the card each is proved by. Whom it is about is said of every table, because the planner carries only equalities
# from one to the next, and a range must not read them whole.
_STRETCHES = f"""
SELECT {{person}} AS person_id, c.person_id AS record_id, c.coverage_id, c.object_code, o.level, c.area, c.facility, c.card_province,
       c.valid_from, c.valid_until, c.continuous_since, own.value AS si_code,
       {_NUMBER} AS number, card.card_number, card.state, NULL::text AS temporary_number
FROM {{records}}
JOIN places_objectcode o ON o.code = c.object_code
LEFT JOIN people_identifier own ON own.person_id = c.person_id AND own.scheme = 'si_code' AND own.valid_until IS NULL AND {{own}}
LEFT JOIN cards_card card ON card.person_id = c.person_id AND card.card_number = {_NUMBER} AND {{card}}
WHERE {{whom}}
"""

# A child that has a temporary number and no coverage yet stands by that number, at no facility but its province's.
_NEWBORN = f"""
SELECT t.person_id, t.person_id, 0, '{NEWBORN_OBJECT_CODE}', {NEWBORN_LEVEL}, NULL, t.province || '000', t.province,
       t.valid_from, t.valid_until, NULL, NULL, t.number, NULL, NULL, t.number
FROM cards_temporary t
WHERE {{whom}} AND NOT EXISTS (SELECT FROM people_alias a WHERE a.alias_person_id = t.person_id AND {{alias}})
AND NOT EXISTS (SELECT FROM participation_covered_v1 c WHERE c.person_id = t.person_id AND {{own}})
AND NOT EXISTS (
    SELECT FROM people_alias a JOIN participation_covered_v1 c ON c.person_id = a.alias_person_id
    WHERE a.person_id = t.person_id AND {{survivor}} AND {{merged}})
"""


def _covered(whom: str) -> str:
    """Stretches of humans: of the record itself unless it was merged into another, and of the records merged into it."""
    own = _STRETCHES.format(
        person="c.person_id",
        records="participation_covered_v1 c",
        own=whom.format("own.person_id"),
        card=whom.format("card.person_id"),
        whom=f"{whom.format('c.person_id')} AND {_unmerged('c.person_id', whom)}",
    )
    of_merged = _merged(whom)
    merged = _STRETCHES.format(
        person="a.person_id",
        records="people_alias a JOIN participation_covered_v1 c ON c.person_id = a.alias_person_id",
        own=of_merged.format("own.person_id"),
        card=of_merged.format("card.person_id"),
        whom=f"{whom.format('a.person_id')} AND {of_merged.format('c.person_id')}",
    )
    newborn = _NEWBORN.format(
        whom=whom.format("t.person_id"),
        alias=whom.format("a.alias_person_id"),
        own=whom.format("c.person_id"),
        survivor=whom.format("a.person_id"),
        merged=of_merged.format("c.person_id"),
    )
    return f"{own} UNION ALL {merged} UNION ALL {newborn}"


def _unmerged(person: str, whom: str) -> str:
    return f"NOT EXISTS (SELECT FROM people_alias a WHERE a.alias_person_id = {person} AND {whom.format('a.alias_person_id')})"


def _of_humans(columns: str, table: str, whom: str, which: str) -> str:
    """Rows of a table of records, under the person each record stands for."""
    return f"""
    SELECT t.person_id, {columns} FROM {table} t
    WHERE {whom.format("t.person_id")} AND {which} AND {_unmerged("t.person_id", whom)}
    UNION ALL
    SELECT a.person_id, {columns} FROM people_alias a JOIN {table} t ON t.person_id = a.alias_person_id
    WHERE {whom.format("a.person_id")} AND {_merged(whom).format("t.person_id")} AND {which}
    """


# What was paid this year, its sum, and the day on which the sum passed the ceiling of that day.
_PAID = """
SELECT person_id, max(so_far) AS total, min(paid_on) FILTER (WHERE so_far > (
    SELECT c.amount FROM unnest(%(ceiling_days)s::date[], %(ceilings)s::bigint[]) AS c (day, amount) WHERE c.day <= paid_on ORDER BY c.day DESC LIMIT 1
)) AS passed_on
FROM (SELECT person_id, paid_on, sum(amount) OVER (PARTITION BY person_id ORDER BY paid_on)::bigint AS so_far FROM ({payments}) AS p) AS summed
GROUP BY person_id
"""

_POLICE = f"p.excluded = 'police' OR (p.excluded = 'relative' AND c.object_code IN ({', '.join(repr(code) for code in MANAGED_BY_POLICE)}))"
_TOLD = " ".join(f"WHEN '{state.value}' THEN '{PUBLIC_STATUS[state].value}'" for state in CardState)

# One row per covered human: the stretch in force today (begun last), else the one that ended last, else the first to come; of several alike the survivor's
# own before a merged record's. Its neighbours are the stretch before under another card number, and the stretch that follows. Cover is continuous since
# the last stretch that began more than the permitted gap after all cover before it had ended.
_PROJECTED = f"""
WITH placed AS MATERIALIZED (
    SELECT c.*, row_number() OVER chosen AS place, first_value(c.valid_from) OVER chosen AS shown_from, first_value(c.number) OVER chosen AS shown_number,
           max(c.valid_until) OVER (in_time ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered_until
    FROM ({{covered}}) AS c
    WINDOW chosen AS (PARTITION BY c.person_id ORDER BY
        (c.valid_from <= %(today)s AND c.valid_until > %(today)s) DESC, (c.valid_from <= %(today)s) DESC,
        CASE WHEN c.valid_until <= %(today)s THEN %(today)s - c.valid_until ELSE abs(c.valid_from - %(today)s) END,
        c.valid_from DESC, c.record_id <> c.person_id, c.valid_until DESC, c.record_id, c.coverage_id),
        in_time AS (PARTITION BY c.person_id ORDER BY c.valid_from, c.valid_until, c.record_id, c.coverage_id)
),
known AS (
    SELECT person_id,
           max(CASE WHEN covered_until IS NULL OR valid_from - covered_until > %(gap_days_max)s THEN
               CASE WHEN continuous_since <= valid_from AND (covered_until IS NULL OR continuous_since >= covered_until) THEN continuous_since
                    ELSE valid_from END END) FILTER (WHERE valid_from <= shown_from) AS continuous_since,
           min(valid_from) FILTER (WHERE valid_from > %(today)s AND place > 1) AS begins_on,
           min(valid_until) FILTER (WHERE place = 1 AND valid_from <= %(today)s AND valid_until > %(today)s) AS ends_on,
           max(valid_until) FILTER (WHERE place > 1 AND valid_from <= %(today)s) AS others_end_on
    FROM placed GROUP BY person_id
),
former AS (
    SELECT DISTINCT ON (person_id) person_id, card_number FROM placed
    WHERE valid_from < shown_from AND number <> shown_number AND card_number IS NOT NULL
    ORDER BY person_id, valid_from DESC, record_id, coverage_id
),
next AS (
    SELECT DISTINCT ON (person_id) person_id, card_number, valid_from, valid_until, facility FROM placed
    WHERE valid_from > shown_from AND card_number IS NOT NULL
    ORDER BY person_id, valid_from, record_id, coverage_id
),
planned AS (SELECT person_id, min(effect_on) AS on_day FROM ({{planned}}) AS e GROUP BY person_id),
paid AS ({{paid}})
SELECT c.person_id, pin.value AS pin, coalesce(si.value, c.si_code) AS si_code, c.card_number, p.full_name, p.sex,
       p.birth_year, p.birth_month, p.birth_day, c.object_code, c.level, c.area, c.facility, c.valid_from, c.valid_until,
       CASE WHEN p.excluded IS NULL THEN
                CASE WHEN p.died_on IS NOT NULL THEN '{StandingStatus.WITHDRAWN}' ELSE CASE coalesce(c.state, 'issued') {_TOLD} END END
            WHEN {_POLICE} THEN '{StandingStatus.MANAGED_POLICE}' ELSE '{StandingStatus.MANAGED_ARMY}' END AS status,
       (known.continuous_since + make_interval(years => %(years)s))::date AS five_years_on,
       nullif(concat_ws(', ', commune.name, province.name), '') AS address,
       'Bảo hiểm xã hội ' || CASE WHEN p.excluded IS NULL THEN lower(left(office.name, 1)) || substr(office.name, 2)
            WHEN {_POLICE} THEN 'Công an nhân dân' ELSE 'Bộ Quốc phòng' END AS issuing_office,
       c.temporary_number,
       former.card_number AS former_card_number, next.card_number AS next_card_number, next.valid_from AS next_valid_from,
       next.valid_until AS next_valid_until, next.facility AS next_facility,
       CASE WHEN paid.person_id IS NOT NULL THEN extract(year FROM %(today)s::date)::smallint END AS copay_year, coalesce(paid.total, 0) AS copay_total,
       CASE WHEN (known.continuous_since + make_interval(years => %(years)s))::date < %(year_until)s
            THEN CASE WHEN paid.passed_on IS NOT NULL THEN greatest(paid.passed_on, (known.continuous_since + make_interval(years => %(years)s))::date) END
       END AS copay_exempt_on,
       least(known.begins_on, CASE WHEN known.others_end_on > known.ends_on THEN known.ends_on END, planned.on_day,
             CASE WHEN paid.person_id IS NOT NULL THEN %(year_until)s::date END) AS changes_on
FROM placed c
JOIN known ON known.person_id = c.person_id
JOIN people_insured_v1 p ON p.person_id = c.person_id AND {{person}}
LEFT JOIN people_identifier pin ON pin.person_id = c.person_id AND pin.scheme = 'pin' AND pin.valid_until IS NULL AND {{pin}}
LEFT JOIN people_identifier si ON si.person_id = c.person_id AND si.scheme = 'si_code' AND si.valid_until IS NULL AND {{si}}
LEFT JOIN places_unit commune ON commune.level = 'commune' AND commune.edition = 'since_july_2025' AND commune.code = p.commune
LEFT JOIN places_unit province ON province.level = 'province' AND province.edition = 'since_july_2025' AND province.code = p.province
LEFT JOIN places_unit office ON office.level = 'province' AND office.edition = 'before_july_2025' AND office.code = c.card_province
LEFT JOIN former ON former.person_id = c.person_id
LEFT JOIN next ON next.person_id = c.person_id
LEFT JOIN planned ON planned.person_id = c.person_id
LEFT JOIN paid ON paid.person_id = c.person_id
WHERE c.place = 1
"""

_COLUMNS = (
    "person_id, pin, si_code, card_number, full_name, sex, birth_year, birth_month, birth_day, object_code, level, area, facility, "
    "valid_from, valid_until, status, five_years_on, address, issuing_office, temporary_number, former_card_number, next_card_number, "
    "next_valid_from, next_valid_until, next_facility, copay_year, copay_total, copay_exempt_on, changes_on"
)
_NAMES = _COLUMNS.split(", ")
_REPLACED = ", ".join(f"{name} = EXCLUDED.{name}" for name in _NAMES[1:])


def _row(table: str) -> str:
    return f"({', '.join(f'{table}.{name}' for name in _NAMES)})"


def _projected(whom: str) -> str:
    payments = _of_humans(
        "t.paid_on, t.amount",
        "cards_copayment",
        whom,
        "t.counted AND t.paid_on >= %(year_from)s AND t.paid_on < %(year_until)s",
    )
    return _PROJECTED.format(
        covered=_covered(whom),
        planned=_of_humans("t.effect_on", "cards_event", whom, "t.effect_on > %(today)s"),
        paid=_PAID.format(payments=payments),
        person=whom.format("p.person_id"),
        pin=whom.format("pin.person_id"),
        si=whom.format("si.person_id"),
    )


def _project(whom: str) -> str:
    return f"""
INSERT INTO cards_standing ({_COLUMNS})
SELECT {_COLUMNS} FROM ({_projected(whom)}) AS projected
ON CONFLICT (person_id) DO UPDATE SET {_REPLACED}
WHERE {_row("cards_standing")} IS DISTINCT FROM {_row("EXCLUDED")}
"""


def _withdraw(whom: str) -> str:
    return f"""
DELETE FROM cards_standing s WHERE {whom.format("s.person_id")}
AND NOT EXISTS (SELECT FROM ({_covered(whom)}) AS c WHERE c.person_id = s.person_id)
"""


_LAST_EVENTS = """
SELECT DISTINCT ON (e.person_id, e.card_number) e.person_id, e.card_number, e.state FROM ({events}) AS e
WHERE e.effect_on <= %(today)s ORDER BY e.person_id, e.card_number, e.effect_on DESC, e.event_id DESC
"""


def _settle(whom: str) -> str:
    of_records = f"""
    SELECT t.* FROM cards_event t WHERE {whom.format("t.person_id")}
    UNION ALL SELECT t.* FROM people_alias a JOIN cards_event t ON t.person_id = a.alias_person_id WHERE {whom.format("a.person_id")}
    """
    return f"""
UPDATE cards_card c SET state = last.state FROM ({_LAST_EVENTS.format(events=of_records)}) AS last
WHERE c.person_id = last.person_id AND c.card_number = last.card_number AND c.state <> last.state
"""


# Cards whose last event by today says another state take it; a future event waits for its day.
SETTLE, SETTLE_PERSONS = _settle(_IN_RANGE), _settle(_AMONG)

PROJECT, PROJECT_PERSONS = _project(_IN_RANGE), _project(_AMONG)

# People who are no longer covered at all leave the table, and so do records merged into others.
WITHDRAW, WITHDRAW_PERSONS = _withdraw(_IN_RANGE), _withdraw(_AMONG)

DIFFERING = f"""
SELECT coalesce(stored.person_id, projected.person_id)
FROM (SELECT * FROM cards_standing WHERE person_id >= %(from)s AND person_id < %(until)s) AS stored
FULL JOIN ({_projected(_IN_RANGE)}) AS projected ON projected.person_id = stored.person_id
WHERE {_row("stored")} IS DISTINCT FROM {_row("projected")}
"""

# Cards whose state is not what their last event by today says, and cards without events that are not as they were issued.
UNSETTLED = f"""
SELECT c.person_id FROM cards_card c LEFT JOIN ({_LAST_EVENTS.format(events="SELECT * FROM cards_event")}) AS last USING (person_id, card_number)
WHERE c.state <> coalesce(last.state, 'issued')
"""

"""The standing table as a query: the one place that says how a standing follows from cards and participation."""

from __future__ import annotations

# Of whom: everybody in the half-open range of numbers `from` … `until`, or `persons`, a list.
_IN_RANGE = "{0} >= %(from)s AND {0} < %(until)s"
_AMONG = "{0} = ANY(%(persons)s)"

# Stretches of coverage of a record with the card each is proved by. Whom it is about is said of every table, because the planner carries only equalities
# from one to the next, and a range must not read them whole; merged records lie outside the range and are found one by one.
_STRETCHES = """
SELECT {person} AS person_id, c.person_id AS record_id, c.coverage_id, c.object_code, o.level, c.area, c.facility, c.card_province,
       c.valid_from, c.valid_until, own.value AS si_code, c.object_code || o.level || c.card_province || own.value AS number,
       card.card_number, card.state
FROM {records}
JOIN places_objectcode o ON o.code = c.object_code
LEFT JOIN people_identifier own ON own.person_id = c.person_id AND own.scheme = 'si_code' AND own.valid_until IS NULL AND {own}
LEFT JOIN cards_card card ON card.person_id = c.person_id AND card.card_number = c.object_code || o.level || c.card_province || own.value AND {card}
WHERE {whom}
"""


def _covered(whom: str) -> str:
    """Stretches of humans: of the record itself unless it was merged into another, and of the records merged into it."""
    own = _STRETCHES.format(
        person="c.person_id",
        records="participation_covered_v1 c",
        own=whom.format("own.person_id"),
        card=whom.format("card.person_id"),
        whom=f"{whom.format('c.person_id')} AND NOT EXISTS (SELECT FROM people_alias a WHERE a.alias_person_id = c.person_id)",
    )
    merged = _STRETCHES.format(
        person="a.person_id",
        records="people_alias a JOIN participation_covered_v1 c ON c.person_id = a.alias_person_id",
        own="true",
        card="true",
        whom=whom.format("a.person_id"),
    )
    return f"{own} UNION ALL {merged}"


# One row per covered human: the stretch in force today, else the newest past one, else the first to come; of several in force the survivor's own before
# a merged record's. Its neighbours are the stretch before under another card number, and the stretch that follows.
_PROJECTED = """
WITH covered AS ({covered}),
placed AS MATERIALIZED (
    SELECT c.*, row_number() OVER chosen AS place, first_value(c.valid_from) OVER chosen AS shown_from, first_value(c.number) OVER chosen AS shown_number
    FROM covered c
    WINDOW chosen AS (PARTITION BY c.person_id ORDER BY
        (c.valid_from <= %(today)s AND c.valid_until > %(today)s) DESC, (c.valid_from <= %(today)s) DESC,
        abs(c.valid_from - %(today)s), c.record_id <> c.person_id, c.valid_until DESC, c.record_id, c.coverage_id)
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
changing AS (
    SELECT person_id, min(valid_from) AS on_day FROM placed WHERE valid_from > %(today)s AND place > 1 GROUP BY person_id
)
SELECT c.person_id, pin.value AS pin, coalesce(si.value, c.si_code) AS si_code, c.card_number, p.full_name, p.sex,
       p.birth_year, p.birth_month, p.birth_day, c.object_code, c.level, c.area, c.facility, c.valid_from, c.valid_until,
       CASE WHEN p.excluded = 'police' OR (p.excluded = 'relative' AND c.object_code = 'TA') THEN 'managed_police'
            WHEN p.excluded IS NOT NULL THEN 'managed_army'
            WHEN p.died_on IS NOT NULL OR c.state = 'replaced' THEN 'withdrawn'
            WHEN c.state = 'issued' THEN 'active' ELSE coalesce(c.state, 'active') END AS status,
       NULL::date AS five_years_on,
       nullif(concat_ws(', ', commune.name, province.name), '') AS address,
       'Bảo hiểm xã hội ' || CASE WHEN p.excluded = 'police' OR (p.excluded = 'relative' AND c.object_code = 'TA') THEN 'Công an nhân dân'
            WHEN p.excluded IS NOT NULL THEN 'Bộ Quốc phòng' ELSE office.name END AS issuing_office,
       NULL::text AS temporary_number,
       former.card_number AS former_card_number, next.card_number AS next_card_number, next.valid_from AS next_valid_from,
       next.valid_until AS next_valid_until, next.facility AS next_facility,
       NULL::smallint AS copay_year, 0::bigint AS copay_total, NULL::date AS copay_exempt_on,
       changing.on_day AS changes_on
FROM placed c
JOIN people_insured_v1 p ON p.person_id = c.person_id AND {person}
LEFT JOIN people_identifier pin ON pin.person_id = c.person_id AND pin.scheme = 'pin' AND pin.valid_until IS NULL AND {pin}
LEFT JOIN people_identifier si ON si.person_id = c.person_id AND si.scheme = 'si_code' AND si.valid_until IS NULL AND {si}
LEFT JOIN places_unit commune ON commune.level = 'commune' AND commune.edition = 'since_july_2025' AND commune.code = p.commune
LEFT JOIN places_unit province ON province.level = 'province' AND province.edition = 'since_july_2025' AND province.code = p.province
LEFT JOIN places_unit office ON office.level = 'province' AND office.edition = 'before_july_2025' AND office.code = c.card_province
LEFT JOIN former ON former.person_id = c.person_id
LEFT JOIN next ON next.person_id = c.person_id
LEFT JOIN changing ON changing.person_id = c.person_id
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
    return _PROJECTED.format(
        covered=_covered(whom),
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


PROJECT, PROJECT_PERSONS = _project(_IN_RANGE), _project(_AMONG)

# People who are no longer covered at all leave the table, and so do records merged into others.
WITHDRAW, WITHDRAW_PERSONS = _withdraw(_IN_RANGE), _withdraw(_AMONG)

DIFFERING = f"""
SELECT coalesce(stored.person_id, projected.person_id)
FROM (SELECT * FROM cards_standing WHERE person_id >= %(from)s AND person_id < %(until)s) AS stored
FULL JOIN ({_projected(_IN_RANGE)}) AS projected ON projected.person_id = stored.person_id
WHERE {_row("stored")} IS DISTINCT FROM {_row("projected")}
"""

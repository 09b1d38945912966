"""The standing table as a query: the one place that says how a standing follows from cards and participation."""

from __future__ import annotations

# Of whom: everybody in the half-open range of numbers `from` … `until`, or `persons`, a list.
_IN_RANGE = "{0} >= %(from)s AND {0} < %(until)s"
_AMONG = "{0} = ANY(%(persons)s)"

# Whom it is about is said of every table, because the planner carries only equalities from one to the next, and a range must not read them whole.
# Coverage of a human: of the record itself unless it was merged into another, and of the records merged into it. Each branch is found by its own index.
_COVERED = """
SELECT c.person_id, c.person_id AS record_id, c.coverage_id, c.object_code, c.area, c.facility, c.card_province, c.valid_from, c.valid_until
FROM participation_covered_v1 c
WHERE {covered}
AND NOT EXISTS (SELECT FROM people_alias a WHERE a.alias_person_id = c.person_id)
UNION ALL
SELECT a.person_id, c.person_id, c.coverage_id, c.object_code, c.area, c.facility, c.card_province, c.valid_from, c.valid_until
FROM people_alias a JOIN participation_covered_v1 c ON c.person_id = a.alias_person_id
WHERE {merged}
"""


def _covered(whom: str) -> str:
    return _COVERED.format(covered=whom.format("c.person_id"), merged=whom.format("a.person_id"))


# One row per covered human in the range: the stretch in force today, else the newest past one, else the first to come; of several in force the
# survivor's own before a merged record's. The card is that of the record the coverage belongs to.
# `five_years_on` waits for the continuity rule (gaps of up to 90 days) and stays empty until then.
_PROJECTED = """
SELECT DISTINCT ON (c.person_id)
       c.person_id, pin.value AS pin, coalesce(si.value, own.value) AS si_code, card.card_number, p.full_name, p.sex,
       p.birth_year, p.birth_month, p.birth_day, c.object_code, o.level, c.area, c.facility, c.valid_from, c.valid_until,
       CASE WHEN p.excluded IS NOT NULL THEN 'excluded' WHEN card.state = 'suspended' THEN 'suspended'
            WHEN card.state = 'withdrawn' THEN 'withdrawn' ELSE 'active' END AS status,
       NULL::date AS five_years_on
FROM ({covered}) AS c
JOIN people_insured_v1 p ON p.person_id = c.person_id
JOIN places_objectcode o ON o.code = c.object_code
LEFT JOIN people_identifier pin ON pin.person_id = c.person_id AND pin.scheme = 'pin' AND pin.valid_until IS NULL
LEFT JOIN people_identifier si ON si.person_id = c.person_id AND si.scheme = 'si_code' AND si.valid_until IS NULL
LEFT JOIN people_identifier own ON own.person_id = c.record_id AND own.scheme = 'si_code' AND own.valid_until IS NULL
LEFT JOIN cards_card card ON card.person_id = c.record_id AND card.card_number = c.object_code || o.level || c.card_province || own.value
ORDER BY c.person_id, (c.valid_from <= %(today)s AND c.valid_until > %(today)s) DESC, (c.valid_from <= %(today)s) DESC,
         abs(c.valid_from - %(today)s), c.record_id <> c.person_id, c.valid_until DESC, c.record_id, c.coverage_id
"""

_COLUMNS = (
    "person_id, pin, si_code, card_number, full_name, sex, birth_year, birth_month, birth_day, object_code, level, area, facility, "
    "valid_from, valid_until, status, five_years_on"
)
_NAMES = _COLUMNS.split(", ")
_REPLACED = ", ".join(f"{name} = EXCLUDED.{name}" for name in _NAMES[1:])


def _row(table: str) -> str:
    return f"({', '.join(f'{table}.{name}' for name in _NAMES)})"


def _projected(whom: str) -> str:
    return _PROJECTED.format(covered=_covered(whom))


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

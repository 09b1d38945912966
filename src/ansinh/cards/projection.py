"""The standing table as a query: the one place that says how a standing follows from cards and participation."""

from __future__ import annotations

# The range is said of every table, because the planner carries only equalities from one to the next, and a range must not read them whole.
# One row per covered person in the range: the stretch in force today, else the newest past one, else the first to come.
# `five_years_on` waits for the continuity rule (gaps of up to 90 days) and stays empty until then.
PROJECTED = """
SELECT DISTINCT ON (c.person_id)
       c.person_id, pin.value AS pin, si.value AS si_code, card.card_number, p.full_name, p.sex, p.birth_year, p.birth_month, p.birth_day,
       c.object_code, o.level, c.area, c.facility, c.valid_from, c.valid_until,
       CASE WHEN p.excluded IS NOT NULL THEN 'excluded' WHEN card.state = 'suspended' THEN 'suspended'
            WHEN card.state = 'withdrawn' THEN 'withdrawn' ELSE 'active' END AS status,
       NULL::date AS five_years_on
FROM participation_covered_v1 c
JOIN people_insured_v1 p ON p.person_id = c.person_id AND p.person_id >= %(from)s AND p.person_id < %(until)s
JOIN places_objectcode o ON o.code = c.object_code
LEFT JOIN people_identifier pin ON pin.person_id = c.person_id AND pin.scheme = 'pin' AND pin.valid_until IS NULL
     AND pin.person_id >= %(from)s AND pin.person_id < %(until)s
LEFT JOIN people_identifier si ON si.person_id = c.person_id AND si.scheme = 'si_code' AND si.valid_until IS NULL
     AND si.person_id >= %(from)s AND si.person_id < %(until)s
LEFT JOIN cards_card card ON card.person_id = c.person_id AND card.card_number = c.object_code || o.level || c.card_province || si.value
     AND card.person_id >= %(from)s AND card.person_id < %(until)s
WHERE c.person_id >= %(from)s AND c.person_id < %(until)s
ORDER BY c.person_id, (c.valid_from <= %(today)s AND c.valid_until > %(today)s) DESC, (c.valid_from <= %(today)s) DESC,
         abs(c.valid_from - %(today)s)
"""

_COLUMNS = (
    "person_id, pin, si_code, card_number, full_name, sex, birth_year, birth_month, birth_day, object_code, level, area, facility, "
    "valid_from, valid_until, status, five_years_on"
)
_NAMES = _COLUMNS.split(", ")
_REPLACED = ", ".join(f"{name} = EXCLUDED.{name}" for name in _NAMES[1:])


def _row(table: str) -> str:
    return f"({', '.join(f'{table}.{name}' for name in _NAMES)})"


PROJECT = f"""
INSERT INTO cards_standing ({_COLUMNS})
SELECT {_COLUMNS} FROM ({PROJECTED}) AS projected
ON CONFLICT (person_id) DO UPDATE SET {_REPLACED}
WHERE {_row("cards_standing")} IS DISTINCT FROM {_row("EXCLUDED")}
"""

# People who are no longer covered at all leave the table.
WITHDRAW = """
DELETE FROM cards_standing s WHERE person_id >= %(from)s AND person_id < %(until)s
AND NOT EXISTS (SELECT FROM participation_covered_v1 c WHERE c.person_id = s.person_id)
"""

DIFFERING = f"""
SELECT coalesce(stored.person_id, projected.person_id)
FROM (SELECT * FROM cards_standing WHERE person_id >= %(from)s AND person_id < %(until)s) AS stored
FULL JOIN ({PROJECTED}) AS projected ON projected.person_id = stored.person_id
WHERE {_row("stored")} IS DISTINCT FROM {_row("projected")}
"""

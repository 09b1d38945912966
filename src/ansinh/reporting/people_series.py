"""Persons in figures: who is authenticated, doubtful, and known by which number; by where they live now."""

from __future__ import annotations

from ansinh.reporting.cells import Source, local_day, of_persons

_DECIDED, _SUPERSEDED = local_day("v.decided_at"), local_day("v.superseded_at")


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

_CHANGES: dict[str, str] = {
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

PERSONS = Source(
    "persons",
    tuple(_CHANGES),
    " UNION ALL ".join(of_persons(changes, series) for series, changes in _CHANGES.items()),
    by_person=True,
)

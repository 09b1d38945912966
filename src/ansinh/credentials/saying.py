"""What each kind of credential says of a person today, read from the rooms that know it; and which of those issued no longer stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ansinh.credentials.states import Kind
from ansinh.database.sql import row, rows
from ansinh.foundation.clock import legal_day
from ansinh.participation.queries import career


@dataclass(frozen=True)
class Paper:
    """A paper as it stands: what it is called inside, and what it says."""

    reference: str
    claims: Mapping[str, Any]


def papers_of(kind: Kind, person_id: int, moment: datetime) -> list[Paper]:
    """Return the papers of a kind that a person has today and that may be used, the newest first; at most PAPERS_MAX."""
    return _SAYING[kind](person_id, moment)


def withdrawn_places(list_no: int) -> list[int]:
    """Return the places of a list whose credential no longer stands: taken back, or its card or paper is no longer good."""
    return [int(place) for (place,) in rows(_WITHDRAWN, {"list": list_no})]


PAPERS_MAX = 5


def _card(person_id: int, moment: datetime) -> list[Paper]:
    found = row(_CARD, [person_id])
    if found is None:
        return []
    number, name, year, month, day, share, facility, facility_name, valid_from, valid_until = found
    told = {
        "full_name": name,
        "born": _born(year, month, day),
        "card_number": number,
        "share_percent": share,
        "facility": facility,
        "facility_name": facility_name,
        "valid_from": _day(valid_from),
        "valid_until": _day(valid_until),
    }
    return [Paper(number, _known(told))]


def _referrals(person_id: int, moment: datetime) -> list[Paper]:
    found = rows(_REFERRALS, {"person": person_id, "today": legal_day(moment), "most": PAPERS_MAX})
    names = ("number", "issuer", "to_facility", "issued_on", "valid_until", "diagnosis")
    return [_of_person(one, names) for one in found]


def _appointments(person_id: int, moment: datetime) -> list[Paper]:
    found = rows(_APPOINTMENTS, {"person": person_id, "today": legal_day(moment), "most": PAPERS_MAX})
    return [_of_person(one, ("number", "facility", "due_on", "valid_until")) for one in found]


def _contributions(person_id: int, moment: datetime) -> list[Paper]:
    stretches = career(person_id, moment).stretches
    who = row(_WHO, [person_id])
    if not stretches or who is None:
        return []
    voluntary = sum(one.months for one in stretches if one.pay == "voluntary")
    months = sum(one.months for one in stretches)
    told = {
        "full_name": who[0],
        "born": _born(*who[1:]),
        "months": months,
        "compulsory_months": months - voluntary,
        "voluntary_months": voluntary,
        "first_month": min(one.from_month for one in stretches),
        "as_of": legal_day(moment).isoformat(),
    }
    return [Paper(f"{legal_day(moment):%Y%m%d}", _known(told))]


_SAYING: dict[Kind, Callable[[int, datetime], list[Paper]]] = {
    Kind.HEALTH_CARD: _card,
    Kind.REFERRAL: _referrals,
    Kind.APPOINTMENT: _appointments,
    Kind.CONTRIBUTIONS: _contributions,
}


def _of_person(found: tuple[Any, ...], names: tuple[str, ...]) -> Paper:
    record, paper, name, year, month, day, *rest = found
    told = {"full_name": name, "born": _born(year, month, day)}
    told |= {one: _day(value) if isinstance(value, date) else value for one, value in zip(names, rest, strict=True)}
    return Paper(f"{record}/{paper}", _known(told))


def _known(told: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is not known: a claim is never empty."""
    return {name: value for name, value in told.items() if value is not None}


def _day(day: date) -> str:
    return day.isoformat()


def _born(year: int | None, month: int | None, day: int | None) -> str | None:
    parts = [f"{year:04}" if year else None, f"{month:02}" if month else None, f"{day:02}" if day else None]
    whole = [one for n, one in enumerate(parts) if all(parts[: n + 1]) and one]
    return "-".join(whole) or None


_CARD = """
SELECT c.card_number, c.full_name, c.birth_year, c.birth_month, c.birth_day, l.share_percent, c.facility, f.name, c.valid_from, c.valid_until
FROM cards_standing c LEFT JOIN places_benefitlevel l ON l.level = c.level LEFT JOIN places_facility f ON f.code = c.facility
WHERE c.person_id = %s AND c.card_number IS NOT NULL AND c.status = 'active'
"""
_RECORDS = (
    "SELECT %(person)s AS record UNION ALL SELECT a.alias_person_id FROM people_alias a WHERE a.person_id = %(person)s"
)
_REFERRALS = f"""
SELECT r.person_id, r.referral_id, p.full_name, p.birth_year, p.birth_month, p.birth_day, r.number, r.facility, r.to_facility, r.issued_on, r.valid_until,
    r.main_diagnosis
FROM ({_RECORDS}) h JOIN referrals_referral r ON r.person_id = h.record JOIN people_person p ON p.person_id = %(person)s
WHERE r.state = 'issued' AND r.valid_until >= %(today)s ORDER BY r.issued_on DESC, r.referral_id DESC LIMIT %(most)s
"""
_APPOINTMENTS = f"""
SELECT a.person_id, a.appointment_id, p.full_name, p.birth_year, p.birth_month, p.birth_day, a.number, a.facility, a.due_on, a.valid_until
FROM ({_RECORDS}) h JOIN referrals_appointment a ON a.person_id = h.record JOIN people_person p ON p.person_id = %(person)s
WHERE a.state = 'booked' AND a.valid_until >= %(today)s ORDER BY a.due_on DESC, a.appointment_id DESC LIMIT %(most)s
"""
_WHO = "SELECT full_name, birth_year, birth_month, birth_day FROM people_person WHERE person_id = %s"
# Looked at anew each time, so that no change anywhere can be missed.
_WITHDRAWN = """
SELECT i.place FROM credentials_issued i
LEFT JOIN people_alias o ON o.alias_person_id = i.person_id
LEFT JOIN cards_standing c ON i.kind = 'health_card' AND c.person_id = coalesce(o.person_id, i.person_id)
LEFT JOIN referrals_referral r ON r.person_id = CASE i.kind WHEN 'referral' THEN split_part(i.reference, '/', 1)::bigint END
    AND r.referral_id = CASE i.kind WHEN 'referral' THEN split_part(i.reference, '/', 2)::integer END
LEFT JOIN referrals_appointment a ON a.person_id = CASE i.kind WHEN 'appointment' THEN split_part(i.reference, '/', 1)::bigint END
    AND a.appointment_id = CASE i.kind WHEN 'appointment' THEN split_part(i.reference, '/', 2)::integer END
WHERE i.list_no = %(list)s AND (i.withdrawn_at IS NOT NULL
    OR (i.kind = 'health_card' AND (c.card_number IS DISTINCT FROM i.reference OR c.status <> 'active'))
    OR (i.kind = 'referral' AND r.state IS DISTINCT FROM 'issued')
    OR (i.kind = 'appointment' AND a.state IS DISTINCT FROM 'booked'))
"""

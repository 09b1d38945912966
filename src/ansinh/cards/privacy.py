"""Every field of the room, sorted."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC, Scrub, personal, sensitive

_RECORD = personal("leads from one record to another", scrub=Scrub.KEEP)
_WHO = personal("shown to the clerk to see that the right person stands at the counter", scrub=Scrub.INVENT)
_GROUP = sensitive("sets the share the fund pays; tells poverty, merit or service", scrub=Scrub.KEEP)

TABLES = {
    "cards_card": {
        "person_id": _RECORD,
        "card_number": _WHO,
        "object_code": _GROUP,
        "level": _GROUP,
        "issued_on": PUBLIC,
        "state": PUBLIC,
    },
    "cards_standing": {
        "person_id": _RECORD,
        "pin": _WHO,
        "si_code": _WHO,
        "card_number": _WHO,
        "full_name": _WHO,
        "sex": _WHO,
        "birth_year": _WHO,
        "birth_month": _WHO,
        "birth_day": _WHO,
        "object_code": _GROUP,
        "level": _GROUP,
        "area": personal("raises the share paid in hard areas", scrub=Scrub.KEEP),
        "facility": personal("where a person is registered for care", scrub=Scrub.INVENT),
        "valid_from": PUBLIC,
        "valid_until": PUBLIC,
        "status": PUBLIC,
        "five_years_on": PUBLIC,
    },
}

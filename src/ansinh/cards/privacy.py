"""Every field of the room, sorted."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC, Retention, Scrub, personal, sensitive

_RECORD = personal("leads from one record to another", scrub=Scrub.KEEP)
_WHO = personal("shown to the clerk to see that the right person stands at the counter", scrub=Scrub.INVENT)
_GROUP = sensitive("sets the share the fund pays; tells poverty, merit or service", scrub=Scrub.KEEP)
_PAID = sensitive("ends co-payments above the yearly ceiling; tells how ill a person was", scrub=Scrub.COARSEN)

TABLES = {
    "cards_event": {
        "person_id": _RECORD,
        "event_id": PUBLIC,
        "card_number": _WHO,
        "event": PUBLIC,
        "state": PUBLIC,
        "effect_on": PUBLIC,
        "other_number": _WHO,
        "facility": personal("where a person is registered for care", scrub=Scrub.INVENT),
        "reason": personal("why an officer changed a card", scrub=Scrub.EMPTY),
        "actor_kind": PUBLIC,
        "actor_reference": personal("which officer changed a card", scrub=Scrub.INVENT),
        "request_key": PUBLIC,
        "recorded_at": PUBLIC,
    },
    "cards_copayment": {
        "person_id": _RECORD,
        "paid_on": _PAID,
        "facility": sensitive("where a person was treated", scrub=Scrub.INVENT),
        "visit": sensitive("leads to a visit in the facility's books", scrub=Scrub.INVENT),
        "admitted_on": _PAID,
        "category": _PAID,
        "amount": _PAID,
        "counted": PUBLIC,
        "recorded_at": PUBLIC,
    },
    "cards_temporary": {
        "person_id": _RECORD,
        "number": _WHO,
        "province": PUBLIC,
        "valid_from": personal("a child's day of birth", scrub=Scrub.COARSEN),
        "valid_until": PUBLIC,
        "given_at": PUBLIC,
    },
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
        "address": personal("printed on the card; shown to the clerk", scrub=Scrub.COARSEN),
        "issuing_office": PUBLIC,
        "temporary_number": _WHO,
        "former_card_number": _WHO,
        "next_card_number": _WHO,
        "next_valid_from": PUBLIC,
        "next_valid_until": PUBLIC,
        "next_facility": personal("where a person is registered for care", scrub=Scrub.INVENT),
        "copay_year": PUBLIC,
        "copay_total": _PAID,
        "copay_exempt_on": _PAID,
        "changes_on": PUBLIC,
    },
    "cards_dialectmiss": {
        "person_id": personal(
            "stops guessing a person's name and birth date", scrub=Scrub.KEEP, retention=Retention.SHORT
        ),
        "hour": PUBLIC,
        "misses": PUBLIC,
    },
}

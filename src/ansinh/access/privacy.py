"""Every field of the room, sorted."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC, Retention, Scrub, personal, sensitive

_OFFICER = personal("tells who acted; the audit names officers by it", scrub=Scrub.INVENT, retention=Retention.RECORD)

TABLES = {
    "access_officer": {
        "officer_no": _OFFICER,
        "name": _OFFICER,
        "unit": PUBLIC,
        "active": PUBLIC,
        "registered_at": PUBLIC,
    },
    "access_rolegrant": {
        "id": PUBLIC,
        "officer_no": _OFFICER,
        "role": PUBLIC,
        "state": PUBLIC,
        "founding_seat": PUBLIC,
        "prepared_by": _OFFICER,
        "prepared_at": PUBLIC,
        "approved_by": _OFFICER,
        "approved_at": PUBLIC,
        "ended_by": _OFFICER,
        "ended_at": PUBLIC,
        "provinces": PUBLIC,
        "valid_from": PUBLIC,
        "valid_until": PUBLIC,
        "covers": _OFFICER,
    },
    "access_client": {
        "client_no": PUBLIC,
        "client_id": PUBLIC,
        "facility": PUBLIC,
        "name": PUBLIC,
        "public_keys": PUBLIC,
        "scope": PUBLIC,
        "state": PUBLIC,
        "rate_per_second": PUBLIC,
        "registered_at": PUBLIC,
    },
    "access_facilityofficer": {
        "id": PUBLIC,
        "facility": PUBLIC,
        "officer": _OFFICER,
        "name": _OFFICER,
        "active": PUBLIC,
    },
    "access_assertionseen": {
        "client_id": PUBLIC,
        "jti": sensitive("a used credential is refused a second time", scrub=Scrub.EMPTY, retention=Retention.SHORT),
        "expires_at": PUBLIC,
    },
    "access_dialectaccount": {
        "client_no": PUBLIC,
        "username": PUBLIC,
        "facility": PUBLIC,
        "password_hash": sensitive("checks the password of a facility's older software", scrub=Scrub.EMPTY),
        "networks": PUBLIC,
        "sandbox": PUBLIC,
        "state": PUBLIC,
        "registered_at": PUBLIC,
    },
    "access_dialectfailure": {
        "subject": personal(
            "slows down who guesses passwords, by account and by address", scrub=Scrub.EMPTY, retention=Retention.SHORT
        ),
        "failures": PUBLIC,
        "last_at": PUBLIC,
        "shut_until": PUBLIC,
    },
}

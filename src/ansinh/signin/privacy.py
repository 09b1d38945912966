"""Every field of the room, sorted."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC, Retention, Scrub, personal, sensitive

_OFFICER = personal("names the account of an officer", scrub=Scrub.INVENT, retention=Retention.RECORD)
_CREDENTIAL = sensitive("proves who signs in", scrub=Scrub.EMPTY, retention=Retention.RECORD)

TABLES = {
    "signin_account": {
        "account_id": PUBLIC,
        "kind": PUBLIC,
        "facility": PUBLIC,
        "officer": _OFFICER,
        "password": _CREDENTIAL,
        "totp_secret": _CREDENTIAL,
        "totp_step": PUBLIC,
        "invitation_digest": _CREDENTIAL,
        "invitation_until": PUBLIC,
        "invited_at": PUBLIC,
        "enrolled_at": PUBLIC,
    },
    "signin_throttle": {
        "mark": personal("slows down who guesses", scrub=Scrub.EMPTY, retention=Retention.SHORT),
        "failures": PUBLIC,
        "last_failed_at": PUBLIC,
        "blocked_until": PUBLIC,
    },
    "signin_session": {
        "session_key": sensitive("stands for somebody signed in", scrub=Scrub.EMPTY, retention=Retention.SHORT),
        "session_data": sensitive("what somebody signed in has open", scrub=Scrub.EMPTY, retention=Retention.SHORT),
        "expire_date": PUBLIC,
        "account_id": PUBLIC,
    },
}

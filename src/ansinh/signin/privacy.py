"""Every field of the room, sorted."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC, Retention, Scrub, personal, sensitive

_OFFICER = personal("names the account of an officer", scrub=Scrub.INVENT, retention=Retention.RECORD)
_CREDENTIAL = sensitive("proves who signs in", scrub=Scrub.EMPTY, retention=Retention.RECORD)
_SESSION = sensitive("stands for a citizen signed in", scrub=Scrub.EMPTY, retention=Retention.SHORT)
_CITIZEN = personal("who is signed in", scrub=Scrub.INVENT, retention=Retention.SHORT)
_REQUEST = sensitive("proves that an answer of the e-ID was asked for", scrub=Scrub.EMPTY, retention=Retention.SHORT)

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
    "signin_citizensession": {
        "key_digest": _SESSION,
        "session_id": _SESSION,
        "person_id": _CITIZEN,
        "level": PUBLIC,
        "channel": PUBLIC,
        "device": personal("lets a person know their own sessions", scrub=Scrub.EMPTY, retention=Retention.SHORT),
        "language": PUBLIC,
        "issuer": PUBLIC,
        "subject": personal("what the e-ID calls the person to us alone", scrub=Scrub.EMPTY, retention=Retention.SHORT),
        "provider_session": _SESSION,
        "id_token": _SESSION,
        "acting_for": personal("for whom the person acts now", scrub=Scrub.INVENT, retention=Retention.SHORT),
        "opened_at": PUBLIC,
        "level_at": PUBLIC,
        "seen_at": PUBLIC,
    },
    "signin_citizenentry": {
        "person_id": personal("shows a person who signed in as them", scrub=Scrub.INVENT, retention=Retention.RECORD),
        "entered_at": PUBLIC,
        "entry_id": PUBLIC,
        "kind": PUBLIC,
        "channel": PUBLIC,
        "level": PUBLIC,
        "device": personal("lets a person know their own sign-ins", scrub=Scrub.EMPTY, retention=Retention.RECORD),
    },
    "signin_eidrequest": {
        "state_digest": PUBLIC,
        "browser_digest": PUBLIC,
        "nonce": _REQUEST,
        "verifier": _REQUEST,
        "level": PUBLIC,
        "channel": PUBLIC,
        "language": PUBLIC,
        "next_path": PUBLIC,
        "opened_at": PUBLIC,
    },
    "signin_heardlogout": {"digest": PUBLIC, "until": PUBLIC},
    "signin_formerentrylog": {"source": PUBLIC, "row_count": PUBLIC, "loaded_at": PUBLIC},
}

"""Every field of the face, sorted."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC, Retention, Scrub, personal, sensitive

_TODAY = personal("lets a clerk find a patient of this morning again", scrub=Scrub.EMPTY, retention=Retention.SHORT)
_SHARE = sensitive("shows the share paid when the line is down", scrub=Scrub.EMPTY, retention=Retention.SHORT)

TABLES = {
    "desk_look": {
        "look_id": PUBLIC,
        "account_id": PUBLIC,
        "looked_at": PUBLIC,
        "masked_number": _TODAY,
        "session_mark": _TODAY,
        "verdict": _TODAY,
        "share_percent": _SHARE,
        "valid_until": _TODAY,
        "audit_reference": _TODAY,
    },
    "desk_offlinelook": {
        "look_id": PUBLIC,
        "facility": PUBLIC,
        "officer": personal("names who looked, for the look-up that is sent later", scrub=Scrub.EMPTY),
        "looked_at": PUBLIC,
        "verdict": PUBLIC,
        "list_age_seconds": PUBLIC,
        "card_number": personal(
            "asked about at the gateway once there is a line", scrub=Scrub.EMPTY, retention=Retention.SHORT
        ),
        "sent_at": PUBLIC,
        "audit_reference": PUBLIC,
    },
}

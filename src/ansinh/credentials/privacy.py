"""Every field of the room, sorted."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC, Retention, Scrub, personal, sensitive

_RECORD = personal("leads from one record to another", scrub=Scrub.KEEP)
_SECRET = sensitive("proves who may take a credential", scrub=Scrub.EMPTY, retention=Retention.SHORT)

TABLES = {
    "credentials_offer": {
        "code_sha256": _SECRET,
        "person_id": _RECORD,
        "kinds": PUBLIC,
        "tx_code_sha256": _SECRET,
        "challenge": _SECRET,
        "client_id": PUBLIC,
        "redirect_uri": PUBLIC,
        "tries_left": PUBLIC,
        "offered_at": PUBLIC,
        "expires_at": PUBLIC,
        "token_sha256": _SECRET,
        "token_until": PUBLIC,
    },
    "credentials_wallet": {"client_id": PUBLIC, "name": PUBLIC, "redirect_uris": PUBLIC, "registered_at": PUBLIC},
    "credentials_usednonce": {"nonce_sha256": PUBLIC, "used_at": PUBLIC},
    "credentials_list": {"list_no": PUBLIC, "taken": PUBLIC, "opened_at": PUBLIC},
    "credentials_issued": {
        "list_no": PUBLIC,
        "place": PUBLIC,
        "person_id": _RECORD,
        "kind": PUBLIC,
        "reference": sensitive("names a card or a health paper of a person", scrub=Scrub.EMPTY),
        "holder_bound": PUBLIC,
        "issued_at": PUBLIC,
        "expires_at": PUBLIC,
        "notification_sha256": _SECRET,
        "outcome": PUBLIC,
        "withdrawn_at": PUBLIC,
    },
}

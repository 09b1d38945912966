"""Every field of the room, sorted."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC, Retention, Scrub, sensitive

_ACCOUNT = sensitive("where a payee is paid, and in whose name", scrub=Scrub.INVENT, retention=Retention.RECORD)

TABLES = {
    "holders_holderanswer": {
        "bank": PUBLIC,
        "account": _ACCOUNT,
        "asked_at": PUBLIC,
        "state": PUBLIC,
        "name": _ACCOUNT,
    },
}

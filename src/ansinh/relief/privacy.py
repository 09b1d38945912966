"""Every field of the room, sorted."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC, Retention, Scrub, personal, sensitive

_OFFICER = personal("which officer acted", retention=Retention.RECORD)
_RECORD = personal("leads from a payment sent another way to its payee", scrub=Scrub.KEEP, retention=Retention.RECORD)
_MONEY = sensitive("what a payee is paid", scrub=Scrub.COARSEN, retention=Retention.RECORD)

TABLES = {
    "relief_emergency": {
        "emergency_id": PUBLIC,
        "request_key": PUBLIC,
        "name": PUBLIC,
        "act": PUBLIC,
        "months": PUBLIC,
        "to_account": PUBLIC,
        "otherwise": PUBLIC,
        "from_on": PUBLIC,
        "until_on": PUBLIC,
        "state": PUBLIC,
        "declared_by": _OFFICER,
        "declared_at": PUBLIC,
        "approved_by": _OFFICER,
        "approved_at": PUBLIC,
        "ended_by": _OFFICER,
        "ended_at": PUBLIC,
    },
    "relief_area": {"emergency_id": PUBLIC, "province": PUBLIC, "commune": PUBLIC, "in_force": PUBLIC},
    "relief_run": {
        "emergency_id": PUBLIC,
        "run_id": PUBLIC,
        "opened": PUBLIC,
        "joined_by": _OFFICER,
        "joined_at": PUBLIC,
    },
    "relief_recall": {
        "emergency_id": PUBLIC,
        "batch_id": PUBLIC,
        "run_id": PUBLIC,
        "asked_by": _OFFICER,
        "asked_at": PUBLIC,
    },
    "relief_diversion": {
        "emergency_id": PUBLIC,
        "diversion_no": PUBLIC,
        "run_id": PUBLIC,
        "round": PUBLIC,
        "back": PUBLIC,
        "to_account": PUBLIC,
        "to_account_amount": PUBLIC,
        "to_home": PUBLIC,
        "to_home_amount": PUBLIC,
        "to_cash": PUBLIC,
        "to_cash_amount": PUBLIC,
        "done_by": _OFFICER,
        "done_at": PUBLIC,
    },
    "relief_move": {
        "pay_month": PUBLIC,
        "order_id": _RECORD,
        "attempt_no": PUBLIC,
        "person_id": _RECORD,
        "emergency_id": PUBLIC,
        "diversion_no": PUBLIC,
        "channel_before": PUBLIC,
        "channel": PUBLIC,
        "amount": _MONEY,
    },
    "relief_list": {
        "emergency_id": PUBLIC,
        "batch_id": PUBLIC,
        "run_id": PUBLIC,
        "message_id": PUBLIC,
        "sha256": PUBLIC,
        "signature": PUBLIC,
        "lines": PUBLIC,
        "amount": PUBLIC,
        "made_by": _OFFICER,
        "made_at": PUBLIC,
    },
}

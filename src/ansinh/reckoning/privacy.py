"""Every field of the room, sorted."""

from __future__ import annotations

from ansinh.foundation.privacy import PUBLIC, Field, Retention, Scrub, personal, sensitive

_RECORD = personal("leads from money to the payee it is about", scrub=Scrub.KEEP, retention=Retention.RECORD)
_PLACE = personal("where a payee lives; shares by account are published by place", scrub=Scrub.COARSEN)
_OFFICER = personal("which officer acted", retention=Retention.RECORD)
_MONEY = sensitive("what a payee was paid or owes", scrub=Scrub.COARSEN, retention=Retention.RECORD)
_KIND = sensitive("tells age, illness, bereavement or loss of work", scrub=Scrub.KEEP)
_WORDS = personal("what a bank or a person wrote about money", scrub=Scrub.EMPTY, retention=Retention.RECORD)


def _public(*names: str) -> dict[str, Field]:
    return dict.fromkeys(names, PUBLIC)


TABLES = {
    "reckoning_readfile": _public("message_no", "statements", "read_at"),
    "reckoning_statement": _public(
        "bank",
        "message_no",
        "place",
        "on_day",
        "statement",
        "account",
        "opening",
        "closing",
        "came_in",
        "went_out",
        "lines",
        "unread",
    ),
    "reckoning_inflow": {
        **_public("bank", "message_no", "line", "booked_on", "amount", "kind", "run_id", "seal_no", "entry_id"),
        "reference": _WORDS,
        "words": _WORDS,
    },
    "reckoning_posting": {
        **_public("month", "entry_id", "account", "kind", "posted_on"),
        "person_id": _RECORD,
        "amount": _MONEY,
        "subject": _RECORD,
    },
    "reckoning_sum": _public("pay_month", "account", "posted_on", "sum_no", "debit", "credit", "lines"),
    "reckoning_difference": {
        **_public("bank", "on_day", "kind", "amount", "case_id", "message_no", "opened_at", "settled_at"),
        "reference": _WORDS,
        "detail": _WORDS,
        "settled_by": _OFFICER,
        "outcome": _WORDS,
    },
    "reckoning_recovery": {
        **_public("recovery_id", "fund", "opened_at"),
        "person_id": _RECORD,
        "cause": _KIND,
        "amount": _MONEY,
    },
    "reckoning_recoveryitem": {
        **_public("month", "component", "correction", "recovery_id"),
        "person_id": _RECORD,
        "entitlement_id": _RECORD,
        "amount": _MONEY,
    },
    "reckoning_recoveryevent": {
        **_public("recovery_id", "event_no", "event", "bank", "asked_no", "former_no", "happened_at"),
        "person_id": _RECORD,
        "amount": _MONEY,
        "left_before": _MONEY,
        "left_after": _MONEY,
        "reference": _WORDS,
        "officer": _OFFICER,
        "asked_by": _OFFICER,
    },
    "reckoning_unclaimed": {
        **_public("month", "component", "correction", "urban", "set_aside_at", "claimed_at", "pay_month"),
        "person_id": _RECORD,
        "entitlement_id": _RECORD,
        "amount": _MONEY,
        "kind": _KIND,
        "province": _PLACE,
        "commune": _PLACE,
        "claimed_by": _OFFICER,
    },
    "reckoning_recall": {
        **_public("batch_id", "asked_at", "outcome", "told_at", "message_no"),
        "asked_by": _OFFICER,
        "reason": _WORDS,
    },
}

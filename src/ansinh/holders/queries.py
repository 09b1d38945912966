"""What others may ask about holders."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from ansinh.database.sql import rows

FRESH = timedelta(days=90)
_ANSWERED = """
SELECT w.bank, w.account FROM unnest(%s::text[], %s::text[]) AS w (bank, account)
WHERE EXISTS (SELECT FROM holders_holderanswer h WHERE h.bank = w.bank AND h.account = w.account AND h.state <> 'busy' AND h.asked_at > %s)
"""


def unanswered(wanted: Iterable[tuple[str, str]], now: datetime) -> list[tuple[str, str]]:
    """Return those of the accounts (BIN, number) no bank has answered about within 90 days, each once."""
    asked = sorted(set(wanted))
    known = {
        (bank, account)
        for bank, account in rows(
            _ANSWERED, [[bank for bank, _ in asked], [account for _, account in asked], now - FRESH]
        )
    }
    return [one for one in asked if one not in known]

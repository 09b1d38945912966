"""Which channel carries a message, and what became of each: one after the other, never the same one twice. Used within the operations' transactions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from ansinh.database.sql import execute, row
from ansinh.notices.states import CHANNELS, LETTER, QUEUED
from ansinh.notices.texts import TEXTS

Home = Callable[[int], str | None]
Key = Sequence[Any]
"""person_id, message_id, fact_on: how a message is found."""


def begun(key: Key, template: str, home_of: Home | None, now: datetime) -> tuple[str, str, str] | None:
    """Begin the next channel that is left and return kind, address and language; None where none is left.

    An address the person gave goes before the registered home, to which a letter is sent when nothing else is left.
    """
    permitted = list(TEXTS[template].channels)
    found = row(_NEXT, {"person": key[0], "message": key[1], "fact_on": key[2], "permitted": permitted})
    if found is None and home_of is not None and LETTER in permitted and not _tried(key, LETTER):
        home = home_of(key[0])
        found = (LETTER, home, "vi") if home else None
    if found is None:
        return None
    kind, address, language = found
    execute(_BEGIN, [*key[:2], kind, key[2], QUEUED, now, *key[:2], key[2]])
    execute(
        "UPDATE notices_message SET kind = %s, address = %s, language = %s WHERE person_id = %s AND message_id = %s AND fact_on = %s",
        [kind, address, language, *key],
    )
    return str(kind), str(address), str(language)


def attempt_of(key: Key, kind: str) -> tuple[datetime, int]:
    """Return when a channel was begun, and which turn it is."""
    found = row(
        "SELECT begun_at, turn FROM notices_attempt WHERE person_id = %s AND message_id = %s AND fact_on = %s AND kind = %s",
        [*key, kind],
    )
    assert found is not None
    return found[0], int(found[1])


def noted(key: Key, state: str, outcome: str, reference: str | None, now: datetime) -> None:
    """Write down what became of the channel being tried."""
    sent, ended = (now, None) if state == "sent" else (None, now)
    execute(_NOTED, [state, outcome, reference, sent, ended, *key, *key])


def another_left(key: Key, template: str, home_of: Home | None) -> bool:
    """Tell whether some channel is left that was not tried."""
    permitted = list(TEXTS[template].channels)
    if row(_NEXT, {"person": key[0], "message": key[1], "fact_on": key[2], "permitted": permitted}):
        return True
    may_write = home_of is not None and LETTER in permitted and not _tried(key, LETTER)
    return may_write and home_of is not None and home_of(key[0]) is not None


def _tried(key: Key, kind: str) -> bool:
    return (
        row(
            "SELECT 1 FROM notices_attempt WHERE person_id = %s AND message_id = %s AND fact_on = %s AND kind = %s",
            [*key, kind],
        )
        is not None
    )


_ORDER = "array_position(ARRAY[" + ", ".join(f"'{kind}'" for kind in CHANNELS) + "], a.kind)"
_NEXT = f"""
SELECT a.kind, a.address, a.language FROM notices_address a
WHERE a.person_id = %(person)s AND a.kind = ANY(%(permitted)s) AND NOT EXISTS (
    SELECT FROM notices_attempt t
    WHERE t.person_id = a.person_id AND t.message_id = %(message)s AND t.fact_on = %(fact_on)s AND t.kind = a.kind)
ORDER BY {_ORDER} LIMIT 1
"""
_BEGIN = """
INSERT INTO notices_attempt (person_id, message_id, kind, fact_on, turn, state, begun_at)
SELECT %s, %s, %s, %s, 1 + count(*), %s, %s FROM notices_attempt WHERE person_id = %s AND message_id = %s AND fact_on = %s
"""
_NOTED = """
UPDATE notices_attempt SET state = %s, outcome = %s, provider_reference = coalesce(%s, provider_reference), sent_at = coalesce(%s, sent_at), ended_at = %s
WHERE person_id = %s AND message_id = %s AND fact_on = %s AND ended_at IS NULL
  AND kind = (SELECT kind FROM notices_message WHERE person_id = %s AND message_id = %s AND fact_on = %s)
"""

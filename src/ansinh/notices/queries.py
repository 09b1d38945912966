"""What others may ask about messages."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime

from ansinh.database.sql import row, rows
from ansinh.notices.states import CHANNELS, PUBLIC_NAMES
from ansinh.notices.texts import rendered

MESSAGES_MAX = 200
# What a message of these says is a secret of one moment, not something to read again.
CODES = ("account_code",)


@dataclass(frozen=True)
class SentMessage:
    """A message as its recipient may see it; `state_vi` and `state_en` are the public names of its state."""

    message_id: uuid.UUID
    template: str
    state: str
    state_vi: str
    state_en: str
    outcome: str | None
    queued_at: datetime
    sent_at: datetime | None
    settled_at: datetime | None


def messages_of(person_id: int) -> tuple[SentMessage, ...]:
    """Return a person's latest messages, the newest first, at most MESSAGES_MAX."""
    found = rows(
        "SELECT message_id, template, state, outcome, queued_at, sent_at, settled_at FROM notices_message WHERE person_id = %s"
        " ORDER BY queued_at DESC LIMIT %s",
        [person_id, MESSAGES_MAX],
    )
    return tuple(
        SentMessage(message_id, template, state, *PUBLIC_NAMES[state], outcome, queued, sent, settled)
        for message_id, template, state, outcome, queued, sent, settled in found
    )


@dataclass(frozen=True)
class ToldMessage:
    """A message in the words it was told in."""

    message_id: uuid.UUID
    template: str
    text: str
    state: str
    queued_at: datetime


def told_to(person_id: int, language: str, *, before: datetime | None = None, length: int = 20) -> list[ToldMessage]:
    """Return what a person was told, in a language, the newest first; those queued before a moment; at most MESSAGES_MAX. Codes that let in are left out."""
    found = rows(
        "SELECT message_id, template, parameters, state, queued_at FROM notices_message WHERE person_id = %s AND template <> ALL(%s)"
        " AND (%s::timestamptz IS NULL OR queued_at < %s) ORDER BY queued_at DESC, message_id LIMIT %s",
        [person_id, list(CODES), before, before, min(length, MESSAGES_MAX)],
    )
    return [
        ToldMessage(number, template, rendered(template, _plain(parameters), language), state, queued)
        for number, template, parameters, state, queued in found
    ]


def _plain(parameters: dict[str, str] | str) -> dict[str, str]:
    return dict(json.loads(parameters)) if isinstance(parameters, str) else parameters


def count_by_state() -> dict[str, int]:
    """Return how many messages are in each state."""
    return {
        state: int(count)
        for state, count in rows("SELECT state, count(*) FROM notices_message GROUP BY state ORDER BY state")
    }


def any_due(now: datetime) -> bool:
    """Tell whether the time of some message has come."""
    return row("SELECT 1 FROM notices_message WHERE next_attempt_at <= %s LIMIT 1", [now]) is not None


@dataclass(frozen=True)
class ChannelTried:
    """A channel a message went by, in order: what became of it, and when."""

    kind: str
    vi: str
    en: str
    state: str
    outcome: str | None
    begun_at: datetime
    sent_at: datetime | None
    ended_at: datetime | None


def channels_of(person_id: int, message_id: uuid.UUID) -> tuple[ChannelTried, ...]:
    """Return by which channels a message to a person went, in order."""
    found = rows(
        "SELECT kind, state, outcome, begun_at, sent_at, ended_at FROM notices_attempt WHERE person_id = %s AND message_id = %s ORDER BY turn",
        [person_id, message_id],
    )
    return tuple(ChannelTried(kind, *CHANNELS[kind], *rest) for kind, *rest in found)

"""What an officer looked up today, for their own eyes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ansinh.desk.models import Look, OfflineLook
from ansinh.foundation.clock import VIET_NAM

# An officer who sees more than this in a day sees the newest.
LOOKS_MAX = 300
MASK_KEPT = 3


@dataclass(frozen=True)
class Seen:
    """A look-up as it is kept: `session_mark` says which number it was to whoever asks for the same in the same session, and to nobody else."""

    masked_number: str
    session_mark: str
    verdict: str
    share_percent: int | None
    valid_until: date | None
    audit_reference: str | None


@dataclass(frozen=True)
class Looked:
    """A look-up of today with its moment."""

    seen: Seen
    looked_at: datetime


@dataclass(frozen=True)
class Proved:
    """What a card's code proved without a line: the verdict, how old the list was that says so, and the card it names, if any."""

    verdict: str
    list_age_seconds: int | None
    card_number: str | None


@dataclass(frozen=True)
class Waiting:
    """A card that was proven without a line and is to be asked about, in the name of the officer who looked."""

    look_id: int
    officer: str
    card_number: str


def waiting_looks(facility: str, limit: int) -> list[Waiting]:
    """Return what a facility proved without a line and has not asked about yet, the oldest first, at most `limit`."""
    found = OfflineLook.objects.filter(facility=facility, sent_at__isnull=True).order_by("look_id")[:limit]
    return [Waiting(one.look_id, one.officer, str(one.card_number)) for one in found]


def count_waiting(facility: str) -> int:
    """Return how many cards a facility proved without a line and has not asked about yet."""
    return OfflineLook.objects.filter(facility=facility, sent_at__isnull=True).count()


def masked(number: str) -> str:
    """Return a number as lists show it: its last three characters."""
    return "•" * min(max(len(number) - MASK_KEPT, 0), 12) + number[-MASK_KEPT:]


def looks_of_today(account: int, now: datetime, limit: int = LOOKS_MAX) -> list[Looked]:
    """Return the account's look-ups since midnight in Viet Nam, the newest first, at most `limit`."""
    midnight = now.astimezone(VIET_NAM).replace(hour=0, minute=0, second=0, microsecond=0)
    found = Look.objects.filter(account_id=account, looked_at__gte=midnight).order_by("-look_id")
    return [_looked(one) for one in found[: min(limit, LOOKS_MAX)]]


def count_of_today(account: int, now: datetime) -> int:
    """Return how many look-ups the account made since midnight in Viet Nam."""
    midnight = now.astimezone(VIET_NAM).replace(hour=0, minute=0, second=0, microsecond=0)
    return Look.objects.filter(account_id=account, looked_at__gte=midnight).count()


def last_of_session(account: int, session_mark: str, now: datetime, within: timedelta) -> Looked | None:
    """Return the newest answer the same session had for the same number, if it is young enough."""
    found = Look.objects.filter(account_id=account, session_mark=session_mark, looked_at__gte=now - within)
    newest = found.order_by("-look_id").first()
    return _looked(newest) if newest else None


def _looked(one: Look) -> Looked:
    seen = Seen(
        one.masked_number,
        one.session_mark,
        one.verdict,
        one.share_percent,
        one.valid_until,
        one.audit_reference,
    )
    return Looked(seen, one.looked_at)

"""What others may ask about telling apps: what waits, and what was given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ansinh.database.sql import row, rows

DEAD_SHOWN_MAX = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many changes wait, how many were given up, and when the oldest that waits was noted."""

    waiting: int
    dead: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Dead:
    """A change that was given up: of which app, what, since when, and the kind of trouble."""

    change_no: int
    client_no: int
    what: str
    noted_at: datetime
    trouble: str | None


def any_due(now: datetime) -> bool:
    """Tell whether a change's time has come; looking leaves no line in the audit."""
    found = row(
        "SELECT EXISTS (SELECT FROM eid_change WHERE delivered_at IS NULL AND dead_at IS NULL AND next_try_at <= %s)",
        [now],
    )
    return bool(found and found[0])


def receiver_of(client_no: int) -> str | None:
    """Return where an app is told of changes; None when it never said."""
    found = row("SELECT url FROM eid_receiver WHERE client_no = %s", [client_no])
    return str(found[0]) if found else None


def waiting() -> Waiting:
    """Return what waits to be told."""
    found = row(
        "SELECT count(*) FILTER (WHERE delivered_at IS NULL AND dead_at IS NULL), count(*) FILTER (WHERE dead_at IS NOT NULL),"
        " min(noted_at) FILTER (WHERE delivered_at IS NULL AND dead_at IS NULL) FROM eid_change"
    )
    return Waiting(*found) if found else Waiting(0, 0, None)


def dead() -> list[Dead]:
    """Return the newest changes that were given up."""
    found = rows(
        "SELECT change_no, client_no, what, noted_at, trouble FROM eid_change WHERE dead_at IS NOT NULL ORDER BY dead_at DESC, change_no DESC LIMIT %s",
        [DEAD_SHOWN_MAX],
    )
    return [Dead(*one) for one in found]

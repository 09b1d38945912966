"""Counters kept as rows under digests of what is counted: how long the next try waits, and one try more. Counted inside operations."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from ansinh.database.sql import execute, rows
from ansinh.signin.citizens import digest_of
from ansinh.signin.throttle import FORGOTTEN_AFTER_SECONDS, Counter, window_seconds


def wait_of(marks: Collection[str], now: datetime) -> int:
    """Return how many seconds a try under these marks must wait, 0 for none."""
    found = rows(
        "SELECT blocked_until FROM signin_throttle WHERE mark = ANY(%s) AND blocked_until > %s", [list(marks), now]
    )
    return max((int((until - now).total_seconds()) + 1 for (until,) in found), default=0)


def door_mark(counter: Counter, address: str) -> str:
    """Return under what the citizens' door counts an address."""
    return digest_of(f"{counter.word} {address}")


def door_wait(address: str, now: datetime) -> int:
    """Return how many seconds somebody at this address must wait before they begin to sign in at the citizens' door. Real clock."""
    return wait_of([door_mark(counter, address) for counter in (Counter.BEGUN, Counter.UNPROVEN)], now)


def count_failure(marks: Mapping[Counter, str], now: datetime) -> int:
    """Count a try on each counter; return how long the next must wait."""
    forgotten = now - timedelta(seconds=FORGOTTEN_AFTER_SECONDS)
    execute("DELETE FROM signin_throttle WHERE last_failed_at < %s", [forgotten])
    longest = 0
    for counter, mark in marks.items():
        ((failures,),) = rows(
            """
            INSERT INTO signin_throttle (mark, failures, last_failed_at, blocked_until) VALUES (%(mark)s, 1, %(now)s, %(now)s)
            ON CONFLICT (mark) DO UPDATE SET failures = signin_throttle.failures + 1, last_failed_at = EXCLUDED.last_failed_at
            RETURNING failures
            """,
            {"mark": mark, "now": now},
        )
        seconds = window_seconds(failures, counter.free)
        longest = max(longest, seconds)
        if seconds:
            execute(
                "UPDATE signin_throttle SET blocked_until = %s WHERE mark = %s",
                [now + timedelta(seconds=seconds), mark],
            )
    return longest


def take_back(mark: str) -> None:
    """Take one try off a counter."""
    execute("UPDATE signin_throttle SET failures = failures - 1 WHERE mark = %s AND failures > 0", [mark])

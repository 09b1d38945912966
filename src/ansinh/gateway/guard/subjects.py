"""Who is counted: an officer of a facility, a facility, a client, a peer's address, an app citizens ask through; what one worker knows of each."""

from __future__ import annotations

import ipaddress
from typing import Any

# So far below zero that no lease reaches it: while a restraint is in force, nothing is left.
STOPPED = 1 << 40
# How many refusals of a subject leave a row of their own in the audit each hour; all are counted in the restraint.
RECORDED_AN_HOUR = 20
# Persons and numbers remembered of one officer; beyond, they are forgotten and count anew, so that nobody gains by it.
PERSONS_KEPT_MAX = 20_000
NUMBERS_KEPT_MAX = 5_000


class Subject:
    """Counts of one subject in one worker. `left`: what it may still ask before the worker speaks with the others; `allowed`: in this second."""

    __slots__ = (
        "allowed",
        "due",
        "facility",
        "kind",
        "lease",
        "left",
        "low",
        "misses",
        "misses_told",
        "name",
        "near_told",
        "neighbours",
        "numbers",
        "persons",
        "rate",
        "recordable",
        "refused",
        "retry_at",
        "second",
        "share_of_misses",
        "share_of_near",
        "step",
        "used_day",
        "used_hour",
        "wanted",
    )

    def __init__(self, kind: str, name: str, facility: str, first: int, rate: int) -> None:
        self.kind, self.name, self.facility = kind, name, facility
        self.left = self.lease = first
        self.low = first // 2
        self.rate = rate
        self.second, self.allowed = 0, rate
        self.used_day = self.used_hour = self.wanted = 0
        self.misses = self.misses_told = self.neighbours = self.near_told = self.refused = 0
        self.share_of_misses = self.share_of_near = 1
        self.recordable = RECORDED_AN_HOUR
        self.due = False
        self.step = ""
        self.retry_at = 0.0
        self.persons: set[int] = set()
        self.numbers: dict[str, str] = {}

    def stop(self, step: str, retry_at: float) -> None:
        """Answer nothing until `go`."""
        if not self.step:
            self.left -= STOPPED
        self.step, self.retry_at = step, retry_at

    def go(self) -> None:
        """Go on with what was left; the others are spoken with before much of it is used."""
        if self.step:
            self.left += STOPPED
        self.step, self.retry_at = "", 0.0

    @property
    def open_left(self) -> int:
        """Return what is left, whether stopped or not."""
        return self.left + STOPPED if self.step else self.left

    def said(self) -> tuple[Any, ...]:
        """Take what was used into the counts and return what the others are told: used today and in the hour, kept, wanted, misses, neighbours, refused."""
        kept = max(self.open_left, 0)
        spent = self.lease - self.open_left
        self.used_day += spent
        self.used_hour += spent
        self.lease = self.open_left
        self.misses_told, self.near_told = self.misses, self.neighbours
        return (
            self.kind, self.name, self.facility, max(self.used_day, 0), max(self.used_hour, 0), kept, self.wanted, self.misses, self.neighbours, self.refused
        )  # fmt: skip

    def heard(self, lease: int, rate: int, misses: int, neighbours: int) -> None:
        """Take a new lease, granted for what was said; what was used meanwhile is taken off it."""
        self.left += lease - self.lease
        self.lease = lease
        self.low = lease // 2
        self.rate = rate
        self.share_of_misses, self.share_of_near = max(misses // 16, 1), max(neighbours // 16, 1)
        self.wanted = 0
        self.due = False

    def give_back(self, keep: int) -> None:
        """Let go of what is left beyond `keep`; the others hear of it with what is said next."""
        over = max(self.open_left - keep, 0)
        self.left -= over
        self.lease -= over

    def begin_hour(self, first: int) -> None:
        """Count a new hour: no more is left than to a subject nobody has spoken of yet."""
        self.give_back(first)
        self.used_day += self.lease - self.open_left
        self.lease = self.open_left
        self.used_hour = 0
        self.misses = self.misses_told = self.neighbours = self.near_told = self.refused = 0
        self.recordable = RECORDED_AN_HOUR


class Trail:
    """One officer asking through one client from one address: the four subjects, and what is remembered of the officer. Of an app: itself alone."""

    __slots__ = ("numbers", "officer", "persons", "second", "subjects")

    def __init__(self, officer: Subject, others: tuple[Subject, ...]) -> None:
        self.officer = officer
        self.persons = officer.persons
        self.numbers = officer.numbers
        self.subjects = (officer, *others)
        self.second = 0


def plain_address(address: str) -> str:
    """Return the address counted for a peer: of IPv6 the half that a network is given; nothing when it is none."""
    try:
        found = ipaddress.ip_address(address.strip("[]").partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv4Address) or found.is_loopback:
        return str(found)
    mapped = found.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network((found, 64), strict=False).network_address)

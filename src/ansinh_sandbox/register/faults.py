"""Magic switches: how a register may break its word about events, called up by name, the same for the same seed.

    --faults duplicate=0.3,reorder,gap=0.02,poison=0.05,stubborn=0.01,lie=0.01,slow=0.2,silent=10

A fault falls on an event by its feed number, so that reading the page again shows it again; asking for the event by its number shows it whole, unless
it is `stubborn`. `slow` is seconds before each answer; `silent=10` never answers every tenth message.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Any

BLOCK_EVENTS = 64

Body = dict[str, Any]


@dataclass(frozen=True)
class Faults:
    """The switches; all off is an honest register. Rates are shares of events."""

    duplicate: float = 0.0
    """Told again in the same page, or later beside an event that has nothing to do with it."""
    reorder: float = 0.0
    """1: events are shuffled within blocks of BLOCK_EVENTS."""
    gap: float = 0.0
    """Left out of the pages."""
    poison: float = 0.0
    """Cannot be believed or read: signature, shape, person or days are wrong."""
    stubborn: float = 0.0
    """Poison that stays when the event is asked for by its number."""
    lie: float = 0.0
    """Well signed and well shaped, and yet it contradicts what was told before."""
    slow: float = 0.0
    silent: float = 0.0
    seed: float = 1.0

    def falls(self, fault: str, feed_no: int) -> bool:
        """Tell whether a fault falls on an event."""
        rate = float(getattr(self, fault))
        return rate > 0 and _share(self.seed, fault, feed_no) < rate

    def order(self, numbers: list[int]) -> list[int]:
        """Return feed numbers in the order they are told."""
        if not self.reorder:
            return numbers
        shuffled: list[int] = []
        for start in range(0, len(numbers), BLOCK_EVENTS):
            block = numbers[start : start + BLOCK_EVENTS]
            random.Random(f"{self.seed}:{block[0]}").shuffle(block)  # noqa: S311 - invented faults, the same each time
            shuffled += block
        return shuffled

    def told(self, numbers: Iterable[int], head: int) -> list[int]:
        """Return the feed numbers a page tells when it should tell `numbers`: some left out, some twice, some of another page."""
        told: list[int] = []
        for feed_no in numbers:
            if self.falls("gap", feed_no):
                continue
            told.append(feed_no)
            if self.falls("duplicate", feed_no):
                told.append(feed_no)
                told.append(1 + (feed_no * 7919) % head)
        return told

    def spoilt(self, feed_no: int, *, asked_by_number: bool) -> Callable[[Body], Body | None] | None:
        """Return how an event's body is spoilt, or None; a spoiler that returns None spoils the signature instead."""
        poisoned = self.falls("stubborn", feed_no) or (not asked_by_number and self.falls("poison", feed_no))
        if poisoned:
            return _POISONS[feed_no % len(_POISONS)]
        if not asked_by_number and self.falls("lie", feed_no):
            return _a_place_taken
        return None

    def is_silent(self, message: int) -> bool:
        """Tell whether the register never answers its n-th message."""
        return self.silent >= 1 and message % int(self.silent) == 0


HONEST = Faults()


def faults_from(text: str) -> Faults:
    """Read switches such as `poison=0.05,reorder`; raises ValueError for an unknown one."""
    known = {field.name for field in fields(Faults)}
    chosen: dict[str, float] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, value = part.partition("=")
        if name not in known:
            raise ValueError(f"there is no fault “{name}”; known: {', '.join(sorted(known))}")
        chosen[name] = float(value or 1)
    return Faults(**chosen)


def _share(seed: float, fault: str, feed_no: int) -> float:
    digest = hashlib.sha256(f"{seed}:{fault}:{feed_no}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / (1 << 48)


def _wrong_signature(body: Body) -> Body | None:
    return None


def _without_its_day(body: Body) -> Body:
    return {name: value for name, value in body.items() if name != "happened_on"}


def _of_an_unknown_kind(body: Body) -> Body:
    return body | {"kind": "ascension"}


def _of_another_person(body: Body) -> Body:
    other = f"{(int(body['pin']) + 1) % 10**12:012d}"
    if "record" in body:
        return body | {"record": body["record"] | {"pin": other}}
    return body | {"pin": other}


def _from_the_future(body: Body) -> Body:
    return body | {
        "happened_on": f"{int(body['happened_on'][:4]) + 50}{body['happened_on'][4:]}".replace("02-29", "02-28")
    }


def _with_a_day_that_never_was(body: Body) -> Body:
    return body | {"happened_on": "2025-02-30"}


def _a_place_taken(body: Body) -> Body:
    """Claims a place in the person's sequence that is taken; a person's first event claims to change who they are instead."""
    if body["sequence"] > 2:
        return body | {"sequence": body["sequence"] - 1}
    return body | {"kind": "death", "changes": {"pin": "000000000000"}, "sequence": body["sequence"]}


_POISONS = (
    _wrong_signature, _without_its_day, _of_another_person, _from_the_future, _of_an_unknown_kind, _with_a_day_that_never_was,
)  # fmt: skip

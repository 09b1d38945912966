"""What a decision about identity touches above people, and what follows it there: handed in, since a face never asks rooms to follow by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.http import HttpRequest

from ansinh.foundation.clock import Clock
from ansinh.people.operations import Decided
from ansinh.people.queries import EffectQuery

REASON_LENGTH_MAX = 500
NUMBER_MAX = 9_223_372_036_854_775_807


class Follow(Protocol):
    """Runs an operation about people and brings the rooms above in line, all or nothing."""

    def __call__(self, act: Callable[[], Decided], *, reason: str, clock: Clock) -> Decided: ...


@dataclass(frozen=True, slots=True)
class Deciding:
    """What decisions touch, and how they are carried out."""

    effects: Sequence[EffectQuery]
    follow: Follow


def number_asked(request: HttpRequest, name: str) -> int:
    """Return a number the address was asked by; 0 when there is none that could be one."""
    told = request.GET.get(name, "")
    return int(told) if told.isascii() and told.isdigit() and len(told) <= 18 else 0

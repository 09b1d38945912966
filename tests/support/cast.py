"""The fixed cast of the tests: who acts, and when."""

from __future__ import annotations

from datetime import datetime

from ansinh.access.roles import all_permissions
from ansinh.foundation.actor import Actor, ActorKind
from ansinh.foundation.clock import VIET_NAM, FixedClock

ANYBODY_WITH_RIGHTS = Actor(ActorKind.SYSTEM, "test", all_permissions())
A_STRANGER = Actor(ActorKind.PERSON, "42")
JULY = FixedClock(datetime(2025, 7, 31, 9, tzinfo=VIET_NAM))
DECEMBER = FixedClock(datetime(2024, 12, 20, 12, tzinfo=VIET_NAM))

"""Whom the register's calls go to (`contracts/registry`): its names, and the signed line to it."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx

from ansinh.access.signed_calls import (
    ANSWER_AGE_SECONDS_MAX,
    OUR_ID,
    OUR_KEYS,
    TIMEOUT,
    VERSION,
    Answer,
    Partner,
    PartnerKeys,
)
from ansinh.access.signed_calls import SignedCalls as Line
from ansinh.foundation.errors import PartnerTrouble

__all__ = ["ANSWER_AGE_SECONDS_MAX", "OUR_ID", "OUR_KEYS", "VERSION", "Answer", "PartnerKeys", "SignedCalls"]

PARTNER = "population register"
REGISTER_ID = "population-register.example"
# The name under which the register publishes its keys in the folder of secrets.
REGISTER_KEYS = "population-register"


class SignedCalls(Line):
    """A connection to the register."""

    def __init__(
        self,
        base_url: str,
        keys: PartnerKeys,
        *,
        pause: Callable[[float], None] = time.sleep,
        timeout: httpx.Timeout = TIMEOUT,
    ) -> None:
        super().__init__(Partner(PARTNER, REGISTER_ID), base_url, keys, pause=pause, timeout=timeout)


def refused(what: str) -> PartnerTrouble:
    """Return the trouble of a register that breaks the agreement, which asking again does not mend."""
    return PartnerTrouble(PARTNER, what, temporary=False)

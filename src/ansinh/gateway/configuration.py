"""What a gateway worker is told at its start."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ansinh.foundation.clock import Clock, NationClock, RealClock
from ansinh.foundation.settings import SUBMISSION_MIB_MAX, BadSetting, settings

NATION_DAY = "ANSINH_NATION_DAY"


@dataclass(frozen=True)
class Configuration:
    """The database as the gateway's role, the folder of keys, the clock look-ups are dated by, how many workers there are, how long a submission may be."""

    database_url: str
    secrets: Path
    clock: Clock
    workers: int = 1
    submission_bytes_max: int = SUBMISSION_MIB_MAX << 20


def read_configuration() -> Configuration:
    """Read the settings once; raises BadSetting with a hint. `ansinh serve` sets what the gateway may not find out by itself."""
    here = settings()
    if not here.database_gateway_url:
        raise BadSetting("ANSINH_DATABASE_GATEWAY_URL is missing; start the gateway with `ansinh serve`, which sets it")
    if not here.secrets_dir:
        raise BadSetting("ANSINH_SECRETS is missing; start the gateway with `ansinh serve`, which sets it")
    return Configuration(
        here.database_gateway_url,
        here.secrets_dir,
        _clock(os.environ.get(NATION_DAY, "")),
        here.gateway_workers,
        here.submission_mib_max << 20,
    )


def _clock(day: str) -> Clock:
    if not day:
        return RealClock()
    try:
        return NationClock(date.fromisoformat(day))
    except ValueError as error:
        raise BadSetting(f"{NATION_DAY} is “{day}”; expected a day such as 2025-07-01, or nothing") from error

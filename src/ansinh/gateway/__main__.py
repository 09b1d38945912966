"""Run the gateway under Granian: python -m ansinh.gateway. Settings come from the environment; `ansinh serve` sets them."""

from __future__ import annotations

import sys

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels

from ansinh.foundation.settings import BadSetting, settings
from ansinh.gateway.batching import QUEUE_LENGTH_MAX
from ansinh.gateway.configuration import read_configuration

# More requests than may wait in the queue are let in, so that the rest hears 503 at once instead of waiting unheard.
REQUESTS_MAX = 2 * QUEUE_LENGTH_MAX
DRAIN_SECONDS_MAX = 10
RESPAWN_SECONDS = 0.1
HEADER_BYTES_MAX = 16_384
HEADER_MILLISECONDS_MAX = 10_000


def serve() -> None:
    """Serve until told to stop; workers that die are replaced."""
    here = settings()
    read_configuration()
    Granian(
        "ansinh.gateway.app:create_app",
        factory=True,
        address=here.gateway_host,
        port=here.gateway_port,
        workers=here.gateway_workers,
        interface=Interfaces.RSGI,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(max_buffer_size=HEADER_BYTES_MAX, header_read_timeout=HEADER_MILLISECONDS_MAX),
        websockets=False,
        backlog=4_096,
        backpressure=REQUESTS_MAX,
        respawn_failed_workers=True,
        respawn_interval=RESPAWN_SECONDS,
        workers_kill_timeout=DRAIN_SECONDS_MAX,
        log_level=LogLevels.warning,
        log_access=False,
    ).serve()


if __name__ == "__main__":
    try:
        serve()
    except BadSetting as bad:
        sys.exit(str(bad))

"""Run the gateway under Granian: python -m ansinh.gateway. Settings come from the environment; `ansinh serve` sets them.

Exit codes: 0 told to stop, 1 the address is taken or Granian failed, 2 a setting or the database does not fit (the sentence says which).
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels

from ansinh.foundation.settings import BadSetting, settings
from ansinh.gateway.batching import QUEUE_LENGTH_MAX
from ansinh.gateway.calls import PUBLISHED
from ansinh.gateway.configuration import SUPERVISOR, read_configuration
from ansinh.gateway.store import Mismatch, require_published

# More requests than may wait in the queue are let in, so that the rest hears 503 at once instead of waiting unheard.
REQUESTS_MAX = 2 * QUEUE_LENGTH_MAX
DRAIN_SECONDS_MAX = 10
RESPAWN_SECONDS = 0.1
# A server that ends sooner never served: its address is taken, or a worker cannot begin.
LIFE_SECONDS_MIN = 3.0
HEADER_BYTES_MAX = 16_384
HEADER_MILLISECONDS_MAX = 10_000


def serve() -> None:
    """Serve until told to stop, whatever happens to workers; raises BadSetting, or Mismatch when the database publishes something else."""
    configuration = read_configuration()
    os.environ[SUPERVISOR] = str(os.getpid())
    while True:
        asyncio.run(require_published(configuration.database_url, PUBLISHED))
        began = time.monotonic()
        try:
            _granian().serve()
            return
        except SystemExit as end:
            # Granian replaces a dead worker, but ends when one dies twice in a few seconds: then everything is begun anew.
            if not end.code or time.monotonic() - began < LIFE_SECONDS_MIN:
                raise


def _granian() -> Any:
    here = settings()
    return Granian(
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
    )


if __name__ == "__main__":
    try:
        serve()
    except (BadSetting, Mismatch) as unfit:
        sys.stderr.write(f"{unfit}\n")
        sys.exit(2)

"""Run the gateway: python -m ansinh.gateway. Settings come from the environment; `ansinh serve` sets them.

Exit codes: 0 told to stop, 1 the address is taken, 2 a setting or the database does not fit (the sentence says which).
"""

from __future__ import annotations

import asyncio
import sys

from ansinh.foundation.settings import BadSetting, settings
from ansinh.gateway.calls import PUBLISHED
from ansinh.gateway.configuration import read_configuration
from ansinh.gateway.front import Front
from ansinh.gateway.lines import write_lines_to
from ansinh.gateway.server.supervising import AddressTaken, Supervisor, listen
from ansinh.gateway.store import Mismatch, require_published


def serve() -> None:
    """Serve until told to stop, whatever happens to workers; raises BadSetting, AddressTaken, or Mismatch when the database publishes something else."""
    here, configuration = settings(), read_configuration()
    write_lines_to(sys.stderr)
    asyncio.run(require_published(configuration.database_url, PUBLISHED))
    Supervisor(lambda: Front(configuration), listen(here.gateway_host, here.gateway_port), here.gateway_workers).serve()


if __name__ == "__main__":
    try:
        serve()
    except AddressTaken as taken:
        sys.stderr.write(f"{taken}\n")
        sys.exit(1)
    except (BadSetting, Mismatch) as unfit:
        sys.stderr.write(f"{unfit}\n")
        sys.exit(2)

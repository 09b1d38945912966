"""The native interface besides the hot call: tokens, what may be discovered, cards read, many look-ups at once.

Agreement: contracts/gateway/openapi.yaml.
"""

from __future__ import annotations

from ansinh.gateway.native import batch, citizen_card, discovery, token_endpoint
from ansinh.gateway.routes import Route
from ansinh.gateway.store import Published
from ansinh.gateway.worker import Worker

PUBLISHED: tuple[Published, ...] = token_endpoint.PUBLISHED


def routes(worker: Worker) -> dict[str, Route]:
    """Return the addresses of the native interface but the hot one."""
    return {
        **batch.routes(worker),
        **citizen_card.routes(worker),
        **token_endpoint.routes(worker),
        **discovery.routes(worker),
    }

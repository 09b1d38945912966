"""The second door: the same calls behind ASGI, as another server would open it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import MutableMapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from ansinh.access.tokens import STANDING_READ, Holder, issue_token, token_keys
from ansinh.audit.queries import verify_chains
from ansinh.foundation.clock import FixedClock
from ansinh.gateway.app import Gateway
from ansinh.gateway.configuration import Configuration
from tests.audit.standing import MORNING, add_people, pin_of
from tests.support.database import OwnDatabase


def test_the_asgi_door_answers_like_the_other(fresh_database: OwnDatabase, tmp_path: Path) -> None:
    add_people(fresh_database, 3)
    token = issue_token(
        token_keys(tmp_path),
        Holder("01001-1", 7, "01001", frozenset([STANDING_READ])),
        now=datetime.now(UTC),
        lifetime=timedelta(hours=1),
    )
    body = json.dumps({"key": pin_of(2), "purpose": "treatment", "officer": "BS-17"}).encode()
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}

    async def story() -> None:
        app = Gateway(Configuration(fresh_database.urls.gateway, tmp_path, FixedClock(MORNING)))
        told: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        said: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        life = asyncio.create_task(app({"type": "lifespan"}, told.get, said.put))
        await told.put({"type": "lifespan.startup"})
        assert (await said.get())["type"] == "lifespan.startup.complete"
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
            answer = await client.post("/v1/standing", content=body, headers=headers)
            assert (answer.status_code, answer.json()["standing"]["pin"]) == (200, pin_of(2))
            assert (await client.post("/v1/standing", content=b"x" * 9_000, headers=headers)).status_code == 413
            assert (await client.get("/v1/standing")).status_code == 405
            assert (await client.get("/nothing")).status_code == 404
        await told.put({"type": "lifespan.shutdown"})
        assert (await said.get())["type"] == "lifespan.shutdown.complete"
        await life

    asyncio.run(story())
    found = verify_chains()
    assert (found.whole, found.rows) == (True, 1)

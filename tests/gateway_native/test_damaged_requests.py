"""Whole and damaged requests at the native door: whatever comes, the answer is agreed. `make test` sends some hundreds, `make campaign` a hundred thousand."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from ansinh.access.tokens import SCOPES
from tests.audit.standing import add_people
from tests.gateway.running import RunningGateway, running_gateway
from tests.gateway_native.agreement import AGREED, NATIVE
from tests.gateway_native.damaging import Sender, Shot, body_of
from tests.support.campaign import CAMPAIGN, WriteDown
from tests.support.database import OwnDatabase

FIRST_SEED = 20_250_800
REQUESTS_OF_A_CAMPAIGN = 100_000


@pytest.fixture
def gateway(fresh_database: OwnDatabase, tmp_path: Path) -> Iterator[RunningGateway]:
    add_people(fresh_database, 100)
    with running_gateway(fresh_database, tmp_path, workers=1) as running:
        yield running


def sender(gateway: RunningGateway) -> Sender:
    authorization = f"Bearer {gateway.token(scopes=frozenset(SCOPES))}"

    def made(case: Any, chance: random.Random) -> Shot:
        body, kind = body_of(case)
        return Shot(case.operation.path, "", {"content-type": kind, "authorization": authorization}, body)

    return Sender(gateway.base, NATIVE, made, [path for path, item in AGREED["paths"].items() if "post" in item])


def no_mistake(gateway: RunningGateway) -> None:
    assert 'status="500"' not in httpx.get(f"{gateway.base}/metrics", trust_env=False).text
    assert "our mistake" not in gateway.log.read_text()


def test_some_hundred_damaged_requests_are_answered_as_agreed(gateway: RunningGateway) -> None:
    sending = sender(gateway)
    sending.send_until(300, 20_250_603, examples=5)
    assert {200, 400, 401, 422} <= set(sending.statuses)
    no_mistake(gateway)


@pytest.mark.campaign
@pytest.mark.skipif(not CAMPAIGN, reason="runs under make campaign")
def test_a_hundred_thousand_damaged_requests_are_answered_as_agreed(
    gateway: RunningGateway, write_down: WriteDown
) -> None:
    sending = sender(gateway)
    seeds = sending.send_until(REQUESTS_OF_A_CAMPAIGN, FIRST_SEED)
    requests = sending.statuses.total()
    write_down(door="native", damaged_requests=requests, seeds=seeds, **_told(sending))
    assert requests >= REQUESTS_OF_A_CAMPAIGN
    assert max(sending.statuses) < 500
    no_mistake(gateway)


def _told(sending: Sender) -> dict[str, int]:
    return {f"status_{status}": count for status, count in sorted(sending.statuses.items())}

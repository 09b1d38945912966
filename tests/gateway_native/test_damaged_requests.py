"""Requests made up from the agreement, then damaged: bytes flipped, cut, doubled, swapped, headers lost or strange. Whatever comes, the answer is agreed.

Making requests up takes longer than sending them, so each is sent whole and in many damaged copies. `make test` sends some hundreds, `make campaign` more
than a hundred thousand, from the seeds named here.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode

from ansinh.access.tokens import SCOPES
from tests.audit.standing import add_people
from tests.gateway.running import RunningGateway, running_gateway
from tests.gateway_native.agreement import AGREED, require_agreed
from tests.support.database import OwnDatabase

COPIES = 12
SEEDS_OF_A_CAMPAIGN = [20_250_800 + part for part in range(8)]
REQUESTS_OF_A_SEED = 12_600
PATHS = [path for path, item in AGREED["paths"].items() if "post" in item]
STRANGE = [
    b"\x00",
    b"\xff",
    b"\xf0\x9f\x92\xa9",
    b"\\ud800",
    b"1e309",
    b"-0",
    b"NaN",
    b"[" * 64,
    b"'--",
    b"\r\n",
    b"\xe2\x80\xae",
    b"%00",
    b"&",
    b"=",
]


@pytest.fixture
def gateway(fresh_database: OwnDatabase, tmp_path: Path) -> Iterator[RunningGateway]:
    add_people(fresh_database, 100)
    with running_gateway(fresh_database, tmp_path, workers=1) as running:
        yield running


def damaged(body: bytes, headers: dict[str, str], chance: random.Random) -> tuple[bytes, dict[str, str]]:
    """Return a request damaged in one to three places."""
    content, kept = bytearray(body), dict(headers)
    for _ in range(chance.randint(1, 3)):
        place = chance.randint(0, len(content))
        match chance.randrange(7):
            case 0 if content:
                content[place % len(content)] ^= 1 << chance.randrange(8)
            case 1:
                del content[place : place + chance.randint(1, 20)]
            case 2:
                content[place:place] = chance.choice(STRANGE)
            case 3:
                content[place:place] = content[: chance.randint(0, 60)]
            case 4:
                content += body[: chance.randint(0, len(body))]
            case 5:
                kept.pop(chance.choice(sorted(kept)), None)
                kept.setdefault("content-type", "text/plain")
            case _:
                kept[
                    chance.choice(["content-type", "authorization", "accept-language", "x-road-client", "x-road-id"])
                ] = chance.choice(["", "x", "application/json; charset=utf-16", "Bearer x", "a/b/c", "en;q=x", "é" * 9])
    return bytes(content), kept


def send_all(gateway: RunningGateway, first_seed: int, wanted: int, examples: int = 30) -> int:
    """Send whole and damaged requests until there are so many; fails when one is answered outside the agreement."""
    schema = schemathesis.openapi.from_dict(AGREED)
    authorization = f"Bearer {gateway.token(scopes=frozenset(SCOPES))}"
    chance, sent, turn = random.Random(first_seed), 0, first_seed
    with httpx.Client(base_url=gateway.base, trust_env=False, timeout=20) as line:

        def send(path: str, body: bytes, headers: dict[str, str]) -> None:
            nonlocal sent
            request = line.build_request("POST", path, content=body)
            for name in ("user-agent", "accept", "accept-encoding"):
                del request.headers[name]
            raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
            answer = line.send(httpx.Request("POST", request.url, content=body, headers=[*request.headers.raw, *raw]))
            sent += 1
            try:
                require_agreed(answer, path)
            except AssertionError as outside:
                raise AssertionError(f"seed {first_seed}: {path} {headers} {body[:600]!r}") from outside

        def try_out(path: str, mode: GenerationMode, turn: int) -> None:
            @seed(turn)
            @settings(
                max_examples=examples,
                database=None,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.generate],
            )
            @given(case=schema[path]["POST"].as_strategy(generation_mode=mode))
            def one(case: Any) -> None:
                body, kind = _content(case, path)
                headers = {"content-type": kind, "authorization": authorization}
                send(path, body, headers)
                for _ in range(COPIES):
                    send(path, *damaged(body, headers, chance))

            one()

        while sent < wanted:
            for path in PATHS:
                for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                    try_out(path, mode, turn)
            turn += 1
    return sent


def _content(case: Any, path: str) -> tuple[bytes, str]:
    kind = next(iter(AGREED["paths"][path]["post"]["requestBody"]["content"]))
    if not isinstance(case.body, dict | list | str | int | float | bool) and case.body is not None:
        return b"", kind
    if kind == "application/json":
        return json.dumps(case.body, ensure_ascii=False).encode("utf-8", "replace"), kind
    form = case.body if isinstance(case.body, dict) else {}
    return httpx.Request("POST", "http://x", data={k: str(v) for k, v in form.items()}).read(), kind


def test_some_hundred_damaged_requests_are_answered_as_agreed(gateway: RunningGateway) -> None:
    assert send_all(gateway, 20_250_603, 300, examples=5) >= 300
    assert "our mistake" not in gateway.log.read_text()


@pytest.mark.campaign
@pytest.mark.parametrize("first_seed", SEEDS_OF_A_CAMPAIGN)
def test_a_hundred_thousand_damaged_requests_are_answered_as_agreed(gateway: RunningGateway, first_seed: int) -> None:
    if "CAMPAIGN" not in os.environ:
        pytest.skip("runs under make campaign")
    sent = send_all(gateway, first_seed, REQUESTS_OF_A_SEED)
    print(json.dumps({"damaged_requests": sent, "seed": first_seed}), flush=True)  # noqa: T201 - what a campaign records
    assert 'status="500"' not in httpx.get(f"{gateway.base}/metrics", trust_env=False).text
    assert "our mistake" not in gateway.log.read_text()

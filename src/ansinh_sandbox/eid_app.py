"""The national e-ID app of the invented nation: citizens who signed in read their own contribution books, after work, many at once.

Real HTTP over kept-alive connections, one token for the whole app. Written from `contracts/gateway/eid.yaml` alone, as the app's programmers would.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from ansinh_sandbox.hospital_tokens import Software
from ansinh_sandbox.hospitals import ANSWER_SECONDS_MAX, TRIES_MAX, citizen_cards, read_answer

SCOPE = "book:read"
CARD_SCOPE = "record:own"


@dataclass
class Evening:
    """What the app saw: answers by status, books found, the months in them, the numbers of their audit rows, and how long each answer took."""

    statuses: dict[int, int] = field(default_factory=dict)
    found: int = 0
    months: int = 0
    audit_ids: list[str] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)
    seconds: float = 0.0
    asked_to_wait: int = 0
    mistaken: int = 0
    """Answers about somebody else than the citizen who asked: there must be none."""

    def percentile(self, share: float) -> float:
        """Return the answer time in milliseconds that this share of readings stayed within."""
        return float(np.percentile(self.milliseconds, 100 * share)) if self.milliseconds else 0.0


def citizens(register_file: Path, count: int, seed: int) -> list[str]:
    """Return the personal numbers of some living adults of the register, the same for the same seed."""
    return [text.partition("|")[0] for text in citizen_cards(register_file, count, seed)]


def sign_in(gateway_url: str, client_id: str, private_key: dict[str, Any]) -> str:
    """Return a token for the app, good for some minutes; raises TokenRefused when it is not let in."""
    return Software(client_id, private_key).token(gateway_url, SCOPE)


def card_of(
    gateway_url: str, client_id: str, private_key: dict[str, Any], number: str, citizen: str
) -> dict[str, Any] | None:
    """Pull the health-insurance card of a number as the app shows it to a citizen who may act for its holder; None when there is none.

    Raises TokenRefused, httpx.HTTPError.
    """
    token = Software(client_id, private_key).token(gateway_url, CARD_SCOPE)
    answer = httpx.post(
        f"{gateway_url}/v1/eid/card",
        json={"key": number, "purpose": "own_record", "on_behalf_of": citizen},
        headers={"Authorization": f"Bearer {token}"},
        timeout=ANSWER_SECONDS_MAX,
    )
    answer.raise_for_status()
    card: dict[str, Any] | None = answer.json()["card"]
    return card


def live(host: str, port: int, token: str, numbers: Sequence[str], *, connections: int = 32) -> Evening:
    """Let each citizen read the own book once, over so many connections at a time, and return what the app saw."""
    return asyncio.run(_live(host, port, token, numbers, connections))


async def _live(host: str, port: int, token: str, numbers: Sequence[str], connections: int) -> Evening:
    evening = Evening()
    began = time.perf_counter()
    shares = [numbers[first::connections] for first in range(min(connections, len(numbers)))]
    await asyncio.gather(*(_connection(host, port, token, share, evening) for share in shares))
    evening.seconds = time.perf_counter() - began
    return evening


async def _connection(host: str, port: int, token: str, numbers: Sequence[str], evening: Evening) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        for number in numbers:
            body = json.dumps({"key": number, "purpose": "own_record", "on_behalf_of": number}).encode()
            head = (
                f"POST /v1/eid/book HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: Bearer {token}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            for _ in range(TRIES_MAX):
                began = time.perf_counter()
                writer.write(head.encode() + body)
                status, answer, later = await asyncio.wait_for(read_answer(reader), ANSWER_SECONDS_MAX)
                if not later:
                    evening.milliseconds.append(1000 * (time.perf_counter() - began))
                    break
                evening.asked_to_wait += 1
                await asyncio.sleep(later)
            evening.statuses[status] = evening.statuses.get(status, 0) + 1
            if status == 200:
                _take(evening, number, json.loads(answer))
    finally:
        writer.close()


def _take(evening: Evening, number: str, told: dict[str, Any]) -> None:
    evening.audit_ids.append(told["audit_id"])
    evening.mistaken += told["asked"]["key"] != number
    if told["found"]:
        evening.found += 1
        evening.months += told["book"]["months"]["total"]

"""Hospitals of the invented nation on a working morning: patients hand over their citizen card, clerks ask the gateway about it.

Real HTTP over kept-alive connections; tokens come from `hospital_tokens`. Contract: `contracts/gateway/openapi.yaml`.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

ANSWER_SECONDS_MAX = 10.0
TRIES_MAX = 5


@dataclass(frozen=True)
class Clerk:
    """A clerk at a counter: the token of the hospital's software and the clerk's own number."""

    token: str
    officer: str


@dataclass
class Morning:
    """What the hospitals saw: counts of answers by status, how many people were found, and how long each answer took."""

    statuses: dict[int, int] = field(default_factory=dict)
    found: int = 0
    audit_ids: list[str] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)
    seconds: float = 0.0
    asked_to_wait: int = 0

    def percentile(self, share: float) -> float:
        """Return the answer time in milliseconds that this share of look-ups stayed within."""
        return float(np.percentile(self.milliseconds, 100 * share)) if self.milliseconds else 0.0


def citizen_cards(register_file: Path, count: int, seed: int) -> list[str]:
    """Return the QR texts of the cards of some living adults of the register, the same for the same seed."""
    columns = ["pin", "old_number", "full_name", "sex", "birth_year", "birth_month", "birth_day", "province", "died_on"]
    reader = pq.ParquetFile(register_file)
    chance = np.random.Generator(np.random.PCG64(seed))
    groups = chance.permutation(reader.num_row_groups)
    texts: list[str] = []
    for group in groups:
        table = reader.read_row_group(int(group), columns=columns)
        for row in table.take(chance.permutation(len(table))).to_pylist():
            if len(texts) == count:
                return texts
            text = _card_text(row)
            if text:
                texts.append(text)
    return texts


def _card_text(person: dict[str, Any]) -> str | None:
    if person["died_on"] or not person["birth_day"] or person["birth_year"] > 2010:
        return None
    born = f"{person['birth_day']:02}{person['birth_month']:02}{person['birth_year']}"
    sex = "Nam" if person["sex"] == "M" else "Nữ"
    return f"{person['pin']}|{person['old_number'] or ''}|{person['full_name']}|{born}|{sex}|Tỉnh {person['province']}|15062022"


def live(host: str, port: int, clerks: Sequence[Clerk], cards: Sequence[str], *, counters: int = 32) -> Morning:
    """Ask about every card once, each hospital over its own connection, `counters` of them at a time, and return what they saw."""
    return asyncio.run(_live(host, port, clerks, cards, counters))


async def _live(host: str, port: int, clerks: Sequence[Clerk], cards: Sequence[str], counters: int) -> Morning:
    morning = Morning()
    free = asyncio.Semaphore(counters)
    began = time.perf_counter()
    await asyncio.gather(
        *(_counter(host, port, clerk, cards[place :: len(clerks)], morning, free) for place, clerk in enumerate(clerks))
    )
    morning.seconds = time.perf_counter() - began
    return morning


async def _counter(
    host: str, port: int, clerk: Clerk, cards: Sequence[str], morning: Morning, free: asyncio.Semaphore
) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        for card in cards:
            body = json.dumps(
                {"key": card, "purpose": "treatment", "officer": clerk.officer}, ensure_ascii=False
            ).encode()
            head = (
                f"POST /v1/standing HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: Bearer {clerk.token}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            for _ in range(TRIES_MAX):
                async with free:
                    began = time.perf_counter()
                    writer.write(head.encode() + body)
                    status, answer, later = await asyncio.wait_for(read_answer(reader), ANSWER_SECONDS_MAX)
                if not later:
                    morning.milliseconds.append(1000 * (time.perf_counter() - began))
                    break
                morning.asked_to_wait += 1
                await asyncio.sleep(later)
            morning.statuses[status] = morning.statuses.get(status, 0) + 1
            if status == 200:
                told = json.loads(answer)
                morning.found += bool(told["found"])
                morning.audit_ids.append(told["audit_id"])
    finally:
        writer.close()


async def read_answer(reader: asyncio.StreamReader) -> tuple[int, bytes, float]:
    """Return status, body and, when the gateway says so, the seconds after which to ask again."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    said = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
    body = await reader.readexactly(int(said.get("content-length", "0")))
    return int(lines[0].split(" ")[1]), body, float(said.get("retry-after", "0"))

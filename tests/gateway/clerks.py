"""Many clerks asking at once over real connections, who go on when theirs is cut."""

from __future__ import annotations

import asyncio
import json
import os
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.audit.standing import pin_of

RETRY_SECONDS = 0.01
STORY_SECONDS_MAX = 600 if os.environ.get("CAMPAIGN") else 90


@dataclass
class Heard:
    """What clerks were answered: (personal number asked for, audit id, answer as sent), how often each status came, and lines that broke."""

    answers: list[tuple[str, int, str]] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    cut: int = 0

    async def until(self, count: int) -> None:
        """Wait until so many more answers came."""
        wanted = len(self.answers) + count
        while len(self.answers) < wanted:
            await asyncio.sleep(0.005)


async def live_through(
    port: int, token: str, people: int, clerks: int, story: Callable[[Heard], Awaitable[None]], seed: int = 1
) -> Heard:
    """Let clerks ask while the story happens, then let each finish; returns what they heard."""
    heard, over = Heard(), asyncio.Event()
    chance = random.Random(seed)
    asking = [
        asyncio.create_task(_clerk(port, token, people, heard, over, random.Random(chance.random())))
        for _ in range(clerks)
    ]
    try:
        async with asyncio.timeout(STORY_SECONDS_MAX):
            await story(heard)
            over.set()
            await asyncio.gather(*asking)
    finally:
        for task in asking:
            task.cancel()
    return heard


async def _clerk(port: int, token: str, people: int, heard: Heard, over: asyncio.Event, chance: random.Random) -> None:
    while not over.is_set():
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(RETRY_SECONDS)
            continue
        try:
            while not over.is_set():
                pin = pin_of(chance.randint(1, people))
                status, body = await ask(
                    reader, writer, token, {"key": pin, "purpose": "treatment", "officer": "BS-17"}
                )
                heard.statuses[status] += 1
                if status == 200:
                    heard.answers.append((pin, int(json.loads(body)["audit_id"]), body.decode()))
                else:
                    await asyncio.sleep(RETRY_SECONDS)
        except (OSError, EOFError):
            heard.cut += 1
        finally:
            writer.close()


async def ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str, question: dict[str, str]
) -> tuple[int, bytes]:
    """Ask once on an open connection and return status and body; raises EOFError or OSError when it is cut."""
    status, _, body = await ask_whole(reader, writer, token, question)
    return status, body


async def ask_whole(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str, question: dict[str, str]
) -> tuple[int, bytes, bytes]:
    """Ask once and return status, head and body."""
    body = json.dumps(question).encode()
    writer.write(
        f"POST /v1/standing HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
    )
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    return int(head.split(b" ", 2)[1]), head.lower(), await reader.readexactly(length)

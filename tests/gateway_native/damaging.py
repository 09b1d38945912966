"""Requests made up from an agreement, then damaged: bytes flipped, cut, doubled, swapped, headers and parameters lost or strange.

Making requests up takes longer than sending them, so each is sent whole and in many damaged copies. Whatever comes, the answer must be an agreed one.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode

from tests.gateway_native.agreement import Agreement

COPIES = 12
EXAMPLES = 30
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
_HEADERS = ["content-type", "authorization", "accept-language", "x-road-client", "x-road-id", "accesstoken"]
_VALUES = ["", "x", "application/json; charset=utf-16", "Bearer x", "a/b/c", "en;q=x", "é" * 9, "x" * 3_000]


@dataclass(frozen=True)
class Shot:
    """A request as it is sent."""

    path: str
    query: str
    headers: dict[str, str]
    body: bytes


Made = Callable[[Any, random.Random], Shot]


def damaged(shot: Shot, chance: random.Random) -> Shot:
    """Return a request damaged in one to three places."""
    content, headers, query = bytearray(shot.body), dict(shot.headers), shot.query
    for _ in range(chance.randint(1, 3)):
        place = chance.randint(0, len(content))
        match chance.randrange(8):
            case 0 if content:
                content[place % len(content)] ^= 1 << chance.randrange(8)
            case 1:
                del content[place : place + chance.randint(1, 20)]
            case 2:
                content[place:place] = chance.choice(STRANGE)
            case 3:
                content[place:place] = content[: chance.randint(0, 60)]
            case 4:
                content += shot.body[: chance.randint(0, len(shot.body))]
            case 5 if headers:
                headers.pop(chance.choice(sorted(headers)))
                headers.setdefault("content-type", "text/plain")
            case 6:
                query = _damaged_query(query, chance)
            case _:
                headers[chance.choice(_HEADERS)] = chance.choice(_VALUES)
    return replace(shot, body=bytes(content), headers=headers, query=query)


def _damaged_query(query: str, chance: random.Random) -> str:
    place = chance.randint(0, len(query))
    return chance.choice(
        [
            query[:place],
            query[place:],
            f"{query}&{query}",
            f"{query[:place]}{quote(chance.choice(STRANGE))}{query[place:]}",
            f"{query[:place]}{chance.choice(['%', '+', ';', '&&', '==', '%zz', '?'])}{query[place:]}",
            f"{query}&x={'y' * chance.choice([1, 3_000, 5_000])}",
        ]
    )


def body_of(case: Any) -> tuple[bytes, str]:
    """Return the body schemathesis made up, as it is sent, and its kind."""
    kind = case.media_type or "application/json"
    if not isinstance(case.body, dict | list | str | int | float | bool) and case.body is not None:
        return b"", kind
    if kind == "application/json":
        return json.dumps(case.body, ensure_ascii=False).encode("utf-8", "replace"), kind
    form = case.body if isinstance(case.body, dict) else {}
    return urlencode({str(name): str(value) for name, value in form.items()}, errors="replace").encode(), kind


@dataclass
class Sender:
    """Sends what is made up to one gateway, and fails when an answer is outside the agreement. `statuses`: how often each status came."""

    base: str
    agreement: Agreement
    made: Made
    paths: list[str]
    statuses: Counter[int] = field(default_factory=Counter)

    def send_until(self, wanted: int, first_seed: int, examples: int = EXAMPLES) -> list[int]:
        """Send whole and damaged requests to all paths until there are so many; returns the seeds used."""
        schema = schemathesis.openapi.from_dict(self.agreement.document)
        seeds: list[int] = []
        with httpx.Client(base_url=self.base, trust_env=False, timeout=20) as line:
            while self.statuses.total() < wanted:
                seeds.append(first_seed + len(seeds))
                chance = random.Random(seeds[-1])
                for path in self.paths:
                    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                        cases = schema[path]["POST"].as_strategy(generation_mode=mode)
                        self._try_out(line, cases, seeds[-1], examples, chance)
        return seeds

    def _try_out(self, line: httpx.Client, cases: Any, turn: int, examples: int, chance: random.Random) -> None:
        @seed(turn)
        @settings(
            max_examples=examples,
            database=None,
            deadline=None,
            derandomize=False,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )
        @given(case=cases)
        def one(case: Any) -> None:
            shot = self.made(case, chance)
            self._send(line, shot, turn)
            for _ in range(COPIES):
                self._send(line, damaged(shot, chance), turn)

        one()

    def _send(self, line: httpx.Client, shot: Shot, turn: int) -> None:
        address = f"{shot.path}?{shot.query}" if shot.query else shot.path
        length = str(len(shot.body)).encode()
        raw = [(b"host", b"gateway"), (b"content-length", length)]
        raw += [(name.encode(), value.encode("latin-1")) for name, value in shot.headers.items()]
        answer = line.send(httpx.Request("POST", f"{self.base}{address}", content=shot.body, headers=raw))
        self.statuses[answer.status_code] += 1
        try:
            self.agreement.require(answer, shot.path)
        except AssertionError as outside:
            raise AssertionError(
                f"seed {turn}: {address[:900]} {shot.headers} {shot.body[:600]!r}: {outside}"
            ) from outside

"""Health books at the gateway, asked as any hospital asks; its troubles become named outcomes, so that a page can say each in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
import msgspec

from ansinh.desk.adapters.gateway import Away, post


@dataclass(frozen=True)
class Told:
    """What the gateway told, found or not."""

    answer: dict[str, Any]


@dataclass(frozen=True)
class NoGround:
    """This facility has no ground to read this person's book."""


@dataclass(frozen=True)
class NotTold:
    """The gateway said no, or not now: its own code, and its sentence for a person."""

    code: str
    detail: str


HealthOutcome = Told | NoGround | NotTold | Away


def ask_health(address: str, *, token: str, question: dict[str, str], language: str) -> HealthOutcome:
    """Ask one question about a health book; `language` is what a refusal is told in. Never raises."""
    try:
        response, body = post(address, token, question, language)
        answer = msgspec.json.decode(body)
    except (httpx.HTTPError, TimeoutError, msgspec.MsgspecError, UnicodeDecodeError) as trouble:
        return Away(type(trouble).__name__)
    if not isinstance(answer, dict):
        return Away("unreadable answer")
    if response.status_code == 200:
        return Told(answer)
    if answer.get("code") == "no_ground":
        return NoGround()
    return NotTold(str(answer.get("code", "")), str(answer.get("detail", "")))

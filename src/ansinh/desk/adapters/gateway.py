"""The gateway, asked as any hospital asks it; its troubles become named outcomes, so that a page can say each in words."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from functools import cache

import httpx
import msgspec

from ansinh.foundation.identifiers import Key, parse_key
from ansinh.foundation.purpose import Purpose

# A clerk waits; beyond this the page says that the line is bad.
CONNECT_SECONDS_MAX = 1.0
ANSWER_SECONDS_MAX = 4.0
ANSWER_BYTES_MAX = 64 * 1024
CONNECTIONS_MAX = 32
RETRY_SECONDS_DEFAULT, RETRY_SECONDS_MAX = 2, 60


class Copay(msgspec.Struct, frozen=True):
    """What a patient has paid themselves this year, in đồng, and the day from which the fund pays all until the year's end, if it has come to that."""

    year: int
    total: int
    exempt_on: date | None = None


class Standing(msgspec.Struct, frozen=True):
    """How a person is insured, as the gateway says it; what a later gateway adds is not read. `born` is as much of the day as is known."""

    full_name: str
    facility: str
    valid_from: date
    valid_until: date
    in_force: bool
    status: str
    benefit_level: int
    card_number: str | None = None
    born: str | None = None
    sex: str | None = None
    share_percent: int | None = None
    area: str | None = None
    five_years_on: date | None = None
    copay: Copay | None = None


class _Asked(msgspec.Struct, frozen=True):
    key: str


class _Answer(msgspec.Struct, frozen=True):
    audit_id: str
    asked: _Asked
    found: bool
    standing: Standing | None


class _Problem(msgspec.Struct, frozen=True):
    type: str = ""


@dataclass(frozen=True)
class Answered:
    """Somebody has this number, and this is how they are insured."""

    standing: Standing
    audit_reference: str


@dataclass(frozen=True)
class Nobody:
    """Nobody insured has this number."""

    audit_reference: str


@dataclass(frozen=True)
class Refused:
    """The gateway may not tell: `officer` when this officer may not ask, `ceiling` when they asked for too many just now, `challenge` when they must prove
    both factors again, `suspended` when the agency must let them go on, `question` when it was none, else `desk`."""

    why: str
    retry_seconds: int | None = None


@dataclass(frozen=True)
class Busy:
    """Too many ask just now; try again after so many seconds."""

    retry_seconds: int


@dataclass(frozen=True)
class Away:
    """No answer that can be trusted came in time. `why` is for the log: it never holds what was asked."""

    why: str


Outcome = Answered | Nobody | Refused | Busy | Away
_FORBIDDEN = {"officer_not_listed": "officer", "challenge_required": "challenge", "suspended": "suspended"}
_decode_answer = msgspec.json.Decoder(_Answer).decode
_decode_problem = msgspec.json.Decoder(_Problem).decode


def ask_standing(base_url: str, *, token: str, key: str, officer: str) -> Outcome:
    """Ask how the person with this number, or this QR text, is insured, in the officer's name and for treatment; never raises."""
    question = {"key": key, "purpose": Purpose.TREATMENT.code, "officer": officer}
    try:
        response, body = post(f"{base_url}/v1/standing", token, question)
        return _read(response, body, parse_key(key))
    except (httpx.HTTPError, TimeoutError) as trouble:
        return Away(type(trouble).__name__)


def post(address: str, token: str, question: dict[str, str], language: str = "vi") -> tuple[httpx.Response, bytes]:
    """Ask the gateway one question and return its answer, no longer than an answer can be; raises httpx.HTTPError or TimeoutError."""
    headers = {"authorization": f"Bearer {token}", "accept-encoding": "identity", "accept-language": language}
    asked_at = time.monotonic()
    with _client().stream("POST", address, json=question, headers=headers) as response:
        return response, _bounded(response, until=asked_at + ANSWER_SECONDS_MAX)


@cache
def _client() -> httpx.Client:
    """One pool for the process: no proxies of the environment, no redirects."""
    timeout = httpx.Timeout(ANSWER_SECONDS_MAX, connect=CONNECT_SECONDS_MAX, pool=CONNECT_SECONDS_MAX)
    limits = httpx.Limits(max_connections=CONNECTIONS_MAX, max_keepalive_connections=CONNECTIONS_MAX)
    return httpx.Client(timeout=timeout, limits=limits, trust_env=False, follow_redirects=False)


def _bounded(response: httpx.Response, *, until: float) -> bytes:
    """Read no more than an answer can have, and no longer than a clerk waits."""
    body = b""
    for piece in response.iter_bytes():
        body += piece
        if len(body) > ANSWER_BYTES_MAX or time.monotonic() > until:
            raise TimeoutError
    return body


def _read(response: httpx.Response, body: bytes, asked: Key) -> Outcome:
    status = response.status_code
    if status == 200:
        return _answer(body, asked)
    if status == 503:
        return Busy(_seconds(response))
    if status == 429:
        return Refused("ceiling", _seconds(response))
    if status in {400, 413, 415, 422}:
        return Refused("question")
    if status in {401, 403}:
        return Refused(_FORBIDDEN.get(_code(body), "desk"))
    return Away(f"status {status}")


def _answer(body: bytes, asked: Key) -> Outcome:
    try:
        answer = _decode_answer(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return Away("unreadable answer")
    if answer.asked.key != asked.value:
        return Away("answer to another question")
    if not answer.found:
        return Nobody(answer.audit_id)
    if answer.standing is None:
        return Away("found without a standing")
    return Answered(answer.standing, answer.audit_id)


def _code(body: bytes) -> str:
    try:
        return _decode_problem(body).type.rpartition(":")[2]
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ""


def _seconds(response: httpx.Response) -> int:
    text = response.headers.get("retry-after", "")
    seconds = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else RETRY_SECONDS_DEFAULT
    return min(max(seconds, 1), RETRY_SECONDS_MAX)

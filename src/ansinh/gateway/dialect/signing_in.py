"""`POST /api/token/take`: older hospital software signs in with its user name and the MD5 of its password, and gets two tokens.

The slow hash runs beside the loop, few at once. A sign-in is counted before its answer leaves; five wrong passwords in a row shut account and address
together for a minute, then for longer. Software that signs in before every call gets the tokens it already has, while they are fresh.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import re
import secrets as randomness
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from ansinh.access.tokens.dialect import LIFETIME, Account, DialectVerifier, issue_pair
from ansinh.access.tokens.dialect_passwords import MD5, md5_is
from ansinh.gateway import problems
from ansinh.gateway.batching import QuestionRefused, StoreAway
from ansinh.gateway.bounding import Bounded
from ansinh.gateway.dialect.answers import HEADERS, refusals_of, token_refusal
from ansinh.gateway.dialect.particulars import WrongForm, fields_of
from ansinh.gateway.routes import Answered, Headers
from ansinh.gateway.store import Published
from ansinh.gateway.worker import Worker

ACCOUNT = Published(
    "dialect_account_v1",
    "p_username text, p_address text",
    "TABLE(facility_known boolean, client_no integer, facility text, password_hash text, usable boolean, sandbox boolean, wait_seconds integer)",
    cold=True,
)
ATTEMPT = Published("dialect_attempt_v1", "p_username text, p_address text, p_right boolean", "integer", cold=True)

HASHES_AT_ONCE_MAX = 2
HASHES_WAITING_MAX = 32
ACCOUNTS_KEPT_MAX = 20_000
# Who rehearses sees tokens expire.
SANDBOX_LIFETIME = timedelta(minutes=1)
_USERNAME = re.compile(r"[0-9A-Z]{5}_BV", re.ASCII)
_REFUSALS = refusals_of(token_refusal)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A sign-in of a short while ago: a keyed digest of its password, what was kept of that, its answer, and until when it may be given again."""

    digest: bytes
    password_hash: str
    answer: bytes
    fresh_until: float


class SignIn:
    """Answers sign-ins of one worker."""

    def __init__(self, worker: Worker, verifier: DialectVerifier) -> None:
        self._store = worker.store
        self._verifier = verifier
        self._problems = worker.metrics.problems
        self._hashing = Bounded(HASHES_AT_ONCE_MAX, waiting_max=HASHES_WAITING_MAX)
        self._key = randomness.token_bytes(32)
        self._kept: dict[str, _Kept] = {}
        # One at a time of an account, so that parallel guesses are counted one after the other.
        self._turns: dict[str, asyncio.Lock] = {}

    async def answer(self, method: str, headers: Headers, query: str, body: bytes, address: str) -> Answered:
        """Return tokens, or the code that says why not; raises Problem when too many sign in at once or the database is away."""
        try:
            fields = fields_of(body, headers.get("content-type"))
        except WrongForm:
            return self._refused("401")
        username, password = fields.get("username", "").strip().upper(), fields.get("password", "").strip()
        if not _USERNAME.fullmatch(username):
            return self._refused("402")
        if not MD5.fullmatch(password):
            return self._refused("401")
        digest = hmac.digest(self._key, f"{username} {password.upper()}".encode(), "sha256")
        turn = self._turns.setdefault(username, asyncio.Lock())
        try:
            async with turn:
                return await self._signed_in(username, password, digest, _plain_address(address))
        except StoreAway as away:
            raise problems.UNAVAILABLE from away
        except QuestionRefused:
            return self._refused("401")
        finally:
            if not turn.locked():
                self._turns.pop(username, None)

    async def _signed_in(self, username: str, password: str, digest: bytes, address: str) -> Answered:
        (known,) = await self._store.call(ACCOUNT, username, address)
        if known["wait_seconds"] > 0:
            return self._refused("403", f"Sai mật khẩu nhiều lần: thử lại sau {known['wait_seconds']} giây.")
        kept = self._kept.get(username)
        if kept is not None and kept.fresh_until > time.monotonic() and hmac.compare_digest(kept.digest, digest):
            # Proven a short while ago, and neither was the door closed nor the password replaced since.
            if known["usable"] and known["password_hash"] == kept.password_hash:
                return 200, HEADERS, kept.answer
            del self._kept[username]
        if not known["facility_known"]:
            return self._refused("402")
        right = await self._hashing.in_thread(md5_is, password, known["password_hash"])
        await self._store.call(ATTEMPT, username, address, right)
        if not right:
            return self._refused("401", "Tài khoản hoặc mật khẩu không đúng.")
        if not known["usable"]:
            return self._refused("403", "Tài khoản đã đóng, hoặc không được dùng từ địa chỉ này. Liên hệ cơ quan BHXH.")
        return 200, HEADERS, self._issued(username, password, digest, known)

    def _issued(self, username: str, password: str, digest: bytes, known: Any) -> bytes:
        lifetime = SANDBOX_LIFETIME if known["sandbox"] else LIFETIME
        account = Account(username, known["client_no"], known["facility"], known["sandbox"])
        now = datetime.now(UTC)
        pair = issue_pair(self._verifier.keys(), account, password_md5=password, now=now, lifetime=lifetime)
        answer = msgspec.json.encode(
            {
                "maKetQua": "200",
                "ghiChu": "",
                "APIKey": {
                    "access_token": pair.access_token,
                    "id_token": pair.id_token,
                    "token_type": "Bearer",
                    "username": username,
                    "expires_in": f"{datetime.fromtimestamp(pair.expires_at_seconds, UTC):%Y-%m-%dT%H:%M:%SZ}",
                },
            }
        )
        if not known["sandbox"]:
            if len(self._kept) >= ACCOUNTS_KEPT_MAX:
                del self._kept[next(iter(self._kept))]
            self._kept[username] = _Kept(
                digest, known["password_hash"], answer, time.monotonic() + lifetime.total_seconds() / 2
            )
        return answer

    def _refused(self, code: str, words: str = "") -> Answered:
        self._problems[200, f"dialect_token_{code}"] += 1
        return 200, HEADERS, token_refusal(code, words) if words else _REFUSALS[code]


def _plain_address(address: str) -> str:
    """Return the peer's address as the database counts it: of IPv6 only the half that a network is given; nothing when it is none."""
    try:
        found = ipaddress.ip_address(address.strip("[]").partition("%")[0])
    except ValueError:
        return ""
    if found.version == 4:
        return str(found)
    mapped = found.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network((found, 64), strict=False).network_address)

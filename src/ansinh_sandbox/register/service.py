"""The register's HTTP face, as a plain ASGI application: signed calls (`ROUTES`) and `GET /livez`.

A wrong envelope is refused at once with an HTTP error; a message that cannot be taken inside a sound envelope gets a signed `rjct`.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from joserfc.jwk import ECKey

from ansinh_sandbox.register.calls import Calls
from ansinh_sandbox.register.faults import HONEST, Faults
from ansinh_sandbox.register.store import Store
from ansinh_sandbox.register.wire import VERSION, AnswerHeader, AnswerMeta, Header, Rejected
from ansinh_sandbox.signed_messages import (
    BadSignature,
    Envelope,
    check_signature,
    published_keys,
    read_envelope,
    sealed,
)

log = logging.getLogger("ansinh_sandbox.register")

REGISTER_ID = "population-register.example"
# Who may ask, and under which name they publish their keys in the folder of secrets.
PARTNERS = {"social-security.example": "social-security"}

BODY_BYTES_MAX = 8 * 1024 * 1024
MESSAGES_WAITING_MAX = 32
# Address → the action its messages carry. All are POST.
ROUTES = {
    "/registry/snapshot": "snapshot",
    "/registry/snapshot/status": "snapshot-status",
    "/registry/snapshot/chunk": "snapshot-chunk",
    "/registry/events": "events",
    "/registry/records": "records",
    "/registry/inquiries": "inquire",
    "/registry/inquiries/status": "inquiry-status",
    "/registry/buckets": "buckets",
    "/registry/buckets/members": "bucket-members",
    "/registry/reports": "report",
    "/registry/reports/status": "report-status",
}
# Answered with 202: what was asked for is being made.
LATER = {"snapshot", "inquire"}
# Answered with the bytes themselves, whose digest a signed answer gave before.
BARE = {"snapshot-chunk": b"application/vnd.apache.arrow.stream"}
# A message older or newer than this is refused; ids are remembered for twice as long, so none can be replayed.
MESSAGE_AGE_SECONDS_MAX = 300
FORGET_EVERY_SECONDS = 60
# Longer than anybody waits for an answer.
SILENCE_SECONDS = 120.0

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_header = msgspec.json.Decoder(Header)
_encode = msgspec.json.Encoder().encode


class BadEnvelope(Exception):
    """The message is refused before it is read: HTTP status and SPDCI's error code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


class Register:
    """The ASGI application. Messages are answered one at a time in a thread of their own, so that `/livez` stays quick."""

    def __init__(self, store: Store, secrets: Path, key: ECKey, faults: Faults = HONEST) -> None:
        self._store = store
        self._secrets = secrets
        self._key = key
        self._calls = Calls(store, key, faults)
        self._faults = faults
        self._messages = 0
        self._worker = ThreadPoolExecutor(1, "answer")
        self._waiting = 0
        self._forgot_at = 0.0
        self._partner_keys: dict[str, dict[str, ECKey]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Route one request."""
        if scope["type"] != "http":
            return
        route = (scope["method"], scope["path"])
        if route == ("GET", "/livez"):
            await _reply(send, 200, b'{"alive":true}')
        elif scope["path"] not in ROUTES:
            await _reply(send, 404, _error("err.request.not_found"))
        elif scope["method"] != "POST":
            await _reply(send, 405, _error("err.request.bad"), (b"allow", b"POST"))
        elif self._waiting >= MESSAGES_WAITING_MAX:
            await _reply(send, 503, _error("err.service.unavailable"), (b"retry-after", b"1"))
        else:
            self._waiting += 1
            try:
                await self._answer(receive, send, ROUTES[scope["path"]])
            finally:
                self._waiting -= 1

    async def _answer(self, receive: Receive, send: Send, action: str) -> None:
        body = await _body(receive)
        self._messages += 1
        await asyncio.sleep(SILENCE_SECONDS if self._faults.is_silent(self._messages) else self._faults.slow)
        if body is None:
            await _reply(send, 413, _error("err.request.bad"))
            return
        try:
            answer = await asyncio.get_running_loop().run_in_executor(self._worker, self.answer, body, action)
        except BadEnvelope as trouble:
            await _reply(send, trouble.status, _error(trouble.code))
        except Exception:
            log.exception("an answer failed")
            await _reply(send, 500, _error("err.service.unavailable"))
        else:
            status = 202 if action in LATER else 200
            bare = action in BARE and not answer.startswith(b"{")
            await _reply(send, status, answer, content_type=BARE[action] if bare else b"application/json")

    def answer(self, body: bytes, action: str) -> bytes:
        """Return the signed answer to a signed question; raises BadEnvelope."""
        envelope, header = self._opened(body)
        try:
            self._check_header(envelope, header, action)
            try:
                message = self._calls.answer(action, envelope.message)
            except msgspec.MsgspecError as error:
                raise BadEnvelope(400, "err.request.bad") from error
        except Rejected as rejected:
            return sealed(_encode(_answer_header(header, action, rejected)), b"", self._key)
        if action in BARE:
            return message
        return sealed(_encode(_answer_header(header, action)), message, self._key)

    def close(self) -> None:
        """Let go of what works behind the answers."""
        self._calls.close()

    def _opened(self, body: bytes) -> tuple[Envelope, Header]:
        try:
            envelope = read_envelope(body)
            header = _header.decode(envelope.header)
        except msgspec.MsgspecError as error:
            raise BadEnvelope(400, "err.request.bad") from error
        if header.sender_id not in PARTNERS:
            raise BadEnvelope(401, "err.sender_id.invalid")
        try:
            check_signature(envelope, self._keys_of(header.sender_id, refresh=False))
        except BadSignature:
            try:  # The partner may have taken a new key into use.
                check_signature(envelope, self._keys_of(header.sender_id, refresh=True))
            except BadSignature as error:
                raise BadEnvelope(401, error.code) from error
        if header.receiver_id != REGISTER_ID:
            raise BadEnvelope(400, "err.receiver_id.invalid")
        if header.is_msg_encrypted:
            raise BadEnvelope(400, "err.encryption.invalid")
        return envelope, header

    def _keys_of(self, sender_id: str, *, refresh: bool) -> dict[str, ECKey]:
        if refresh or sender_id not in self._partner_keys:
            self._partner_keys[sender_id] = published_keys(self._secrets, PARTNERS[sender_id])
        return self._partner_keys[sender_id]

    def _check_header(self, envelope: Envelope, header: Header, action: str) -> None:
        if header.version != VERSION:
            raise Rejected("rjct.version.invalid", f"version {VERSION} is spoken here")
        if header.action != action:
            raise Rejected("rjct.action.not_supported", f"the action of this address is {action}")
        if header.total_count != 1:
            raise Rejected("rjct.total_count.invalid", "a message carries one item")
        now = time.time()
        sent_at = _moment(header.message_ts)
        if sent_at is None or abs(sent_at.timestamp() - now) > MESSAGE_AGE_SECONDS_MAX:
            raise Rejected(
                "rjct.message_ts.invalid",
                f"with offset, and within {MESSAGE_AGE_SECONDS_MAX} seconds of the register's clock",
            )
        if now - self._forgot_at > FORGET_EVERY_SECONDS:
            self._store.forget_messages_before(now - 2 * MESSAGE_AGE_SECONDS_MAX)
            self._forgot_at = now
        digest = hashlib.sha256(memoryview(envelope.message)).hexdigest()
        if not self._store.is_new(
            header.sender_id, header.message_id, sent_at.isoformat(timespec="microseconds"), digest, now
        ):
            raise Rejected("rjct.message_id.duplicate", "a retry has the same content and a later message_ts")


def _answer_header(header: Header, action: str, rejected: Rejected | None = None) -> AnswerHeader:
    return AnswerHeader(
        version=VERSION,
        message_id=uuid.uuid4().hex,
        message_ts=_now(),
        action=f"on-{action}",
        status="rjct" if rejected else "succ",
        sender_id=REGISTER_ID,
        receiver_id=header.sender_id,
        total_count=header.total_count,
        completed_count=0 if rejected else header.total_count,
        meta=AnswerMeta(in_reply_to=header.message_id),
        status_reason_code=rejected.code if rejected else "",
        status_reason_message=rejected.message if rejected else "",
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _moment(text: str) -> datetime | None:
    """Return the moment in UTC, or None when the text is none or has no offset."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo is not None else None


def _error(code: str) -> bytes:
    return _encode({"errors": [{"code": code}]})


async def _body(receive: Receive) -> bytes | None:
    """Read the body; None when it is longer than agreed."""
    pieces: list[bytes] = []
    length = 0
    while True:
        event = await receive()
        piece = event.get("body", b"")
        length += len(piece)
        if length > BODY_BYTES_MAX:
            return None
        pieces.append(piece)
        if not event.get("more_body", False):
            return b"".join(pieces)


async def _reply(
    send: Send, status: int, body: bytes, *more: tuple[bytes, bytes], content_type: bytes = b"application/json"
) -> None:
    headers = [
        (b"content-type", content_type),
        (b"cache-control", b"no-store"),
        (b"content-length", str(len(body)).encode()),
        *more,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})

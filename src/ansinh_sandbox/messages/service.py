"""The provider's HTTP face: `POST /v1/messages`, `GET /v1/messages/{id}`, `GET /livez`."""

from __future__ import annotations

import asyncio
import hashlib
import re

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ansinh_sandbox.bodies import body_within
from ansinh_sandbox.messages.store import Kept, Store

BODY_BYTES_MAX = 1_000_000
TEXT_LENGTH_MAX = 1_000
ATTEMPTS_WHILE_DOWN = 2
QUESTIONS_UNTIL_LATE_DELIVERY = 3
_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
QUESTIONS_UNTIL_BOUNCE = 3
_ADDRESSES = {
    "sms": re.compile(r"\+[1-9][0-9]{7,14}"),
    "app": re.compile(r"[A-Za-z0-9_-]{8,64}"),
    "email": re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,4}"),
    "letter": re.compile(r"[^\n]{2,100}(\n[^\n]{2,100}){1,5}"),
}
LETTER_BYTES_MAX = 600_000


class Recipient(msgspec.Struct, forbid_unknown_fields=True):
    """Where to: a telephone number (`sms`), the key of an installed app (`app`), an e-mail address (`email`), or the lines of an address (`letter`)."""

    kind: str
    address: str


class Message(msgspec.Struct, forbid_unknown_fields=True):
    """What to carry to whom."""

    to: Recipient
    text: str
    language: str
    letter: bytes | None = None


_decode = msgspec.json.Decoder(Message).decode
_encode = msgspec.json.Encoder().encode


def provider(store: Store, slow_seconds: float) -> Starlette:
    """Return the ASGI application."""

    async def post(request: Request) -> Response:
        key = request.headers.get("idempotency-key", "")
        if not _KEY.fullmatch(key):
            return _problem(400, "key_missing", "the header Idempotency-Key must hold 8 to 64 letters, digits, dashes")
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return _problem(415, "not_json", "the body must be application/json")
        body = await body_within(request, BODY_BYTES_MAX)
        if body is None:
            return _problem(413, "too_long", f"at most {BODY_BYTES_MAX} bytes")
        try:
            message = _decode(body)
        except msgspec.MsgspecError as error:
            return _problem(400, "not_understood", str(error))
        if wrong := _wrong(message):
            return _problem(400, "not_understood", wrong)
        return await _take(key, body, message)

    async def _take(key: str, body: bytes, message: Message) -> Response:
        address = _deciding(message.to)
        if address.endswith("0004") and store.count_attempt(key) <= ATTEMPTS_WHILE_DOWN:
            return _problem(503, "down", "try again later", retry_after=1)
        outcome = ("refused", "blocked_by_recipient") if address.endswith("0003") else ("accepted", "queued")
        digest = hashlib.sha256(body).hexdigest()
        kept, new = store.take(key, digest, (message.to.kind, message.to.address), message.text, outcome)
        if new and message.letter:
            store.keep_letter(kept.id, message.letter)
        if kept.digest != digest:
            return _problem(422, "key_reused", "another message was sent under this key")
        if new and address.endswith("0002"):
            await asyncio.sleep(slow_seconds)
        if new and address.endswith("0008"):
            return _problem(
                503, "told_twice", "taken, but the answer is lost; ask again under the same key", retry_after=1
            )
        return _answer(202 if new else 200, kept)

    async def get(request: Request) -> Response:
        kept = store.asked(request.path_params["id"])
        if kept is None:
            return _problem(404, "not_found", "there is no such message")
        if kept.status == "accepted" and (end := _end(kept)):
            store.settle(kept.id, *end)
            kept = Kept(kept.id, kept.digest, kept.kind, kept.address, *end, kept.questions)
        return _answer(200, kept)

    async def alive(_: Request) -> Response:
        return Response(b'{"alive":true}', media_type="application/json")

    return Starlette(
        routes=[
            Route("/v1/messages", post, methods=["POST"]),
            Route("/v1/messages/{id}", get, methods=["GET"]),
            Route("/livez", alive, methods=["GET"]),
        ]
    )


def _end(kept: Kept) -> tuple[str, str] | None:
    """Return what becomes of a message now that its sender asks, or None while it is still under way."""
    address = _deciding(Recipient(kept.kind, kept.address))
    if address.endswith("0001"):
        return "failed", "unreachable"
    if address.endswith("0007") or (address.endswith("0005") and kept.questions < QUESTIONS_UNTIL_LATE_DELIVERY):
        return None
    if address.endswith("0006"):
        return ("failed", "bounced") if kept.questions >= QUESTIONS_UNTIL_BOUNCE else None
    return "delivered", "arrived"


def _deciding(to: Recipient) -> str:
    """Return the part of an address whose ending calls up an outcome: of an e-mail address before the @, of a letter its second line."""
    if to.kind == "email":
        return to.address.partition("@")[0]
    return to.address.split("\n")[1] if to.kind == "letter" else to.address


def _wrong(message: Message) -> str:
    form = _ADDRESSES.get(message.to.kind)
    if form is None or not form.fullmatch(message.to.address):
        return "to: kind sms with a number such as +84…, app with an installation's key, email with an address, or letter with two to six lines"
    if (message.to.kind == "letter") is (message.letter is None):
        return "letter: a PDF goes with kind letter, and with no other"
    if message.letter is not None and not (
        message.letter.startswith(b"%PDF-") and len(message.letter) <= LETTER_BYTES_MAX
    ):
        return f"letter: a PDF of at most {LETTER_BYTES_MAX} bytes, in base64"
    if not 0 < len(message.text) <= TEXT_LENGTH_MAX:
        return f"text: 1 to {TEXT_LENGTH_MAX} characters"
    return "" if message.language in {"vi", "en"} else "language: vi or en"


def _answer(status: int, kept: Kept) -> Response:
    return Response(
        _encode({"id": kept.id, "status": kept.status, "reason": kept.reason}), status, media_type="application/json"
    )


def _problem(status: int, code: str, detail: str, *, retry_after: int | None = None) -> Response:
    headers = {} if retry_after is None else {"retry-after": str(retry_after)}
    body = _encode({"type": f"urn:ansinh:messages:{code}", "status": status, "code": code, "detail": detail})
    return Response(body, status, headers, "application/problem+json")

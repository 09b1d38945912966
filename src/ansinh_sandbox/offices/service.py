"""One office over HTTP, as `contracts/lifeevents` has it: signed messages in, a feed of answers out, and its books for comparison."""

from __future__ import annotations

import asyncio
import time
import uuid
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
from joserfc.jwk import ECKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ansinh_sandbox.bodies import body_within
from ansinh_sandbox.offices.office import WORK, Message, NotOurs, Office, Other
from ansinh_sandbox.offices.scenarios import Scenario
from ansinh_sandbox.signed_messages import (
    BadSignature,
    Envelope,
    check_signature,
    published_keys,
    read_envelope,
    sealed,
)

BODY_BYTES_MAX = 8 * 1024 * 1024
MESSAGE_BYTES_MAX = 256 * 1024
MESSAGES_AT_ONCE = 100
FEED_AT_ONCE = 500
MESSAGE_AGE_SECONDS_MAX = 300
AGENCY, AGENCY_ID = "social-security", "social-security.example"
VERSION = "1.0.0"

_encode = msgspec.json.Encoder().encode


class Header(msgspec.Struct, frozen=True):
    """Who sends what, and when."""

    version: str
    message_id: str
    message_ts: datetime
    action: str
    sender_id: str
    receiver_id: str


class Sent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A message as the agency keeps it."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
    action: str
    body: str


class Delivered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Messages of one call."""

    messages: Annotated[list[Sent], msgspec.Meta(max_length=MESSAGES_AT_ONCE)]


class Submitted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a message about a file says; `content` is the office's own form."""

    file: str
    content: dict[str, Any]


class After(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The feed from a number on."""

    after: int
    limit: int = FEED_AT_ONCE


class OnDay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A day."""

    day: date


class Registered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something registered at the counter."""

    kind: str
    subject: str
    content: dict[str, Any]


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file that is to go a certain way."""

    subject: str
    scenario: str


class Refused(Exception):
    """The call is refused: HTTP status and code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


class Service:
    """The office behind its address."""

    def __init__(self, office: Office, secrets: Path, key: ECKey) -> None:
        self._office = office
        self._secrets = secrets
        self._key = key
        self._calls = 0

    def application(self) -> Starlette:
        """Return the ASGI application."""
        return Starlette(
            routes=[
                Route("/messages", self._signed(self._take), methods=["POST"]),
                Route("/feed", self._signed(self._feed), methods=["POST"]),
                Route("/books", self._signed(self._books), methods=["POST"]),
                Route("/day", self._day, methods=["POST"]),
                Route("/counter", self._counter, methods=["POST"]),
                Route("/scenarios", self._scenarios, methods=["POST"]),
                Route("/livez", _alive, methods=["GET"]),
            ]
        )

    def _signed(self, act: Any) -> Any:
        async def answer(request: Request) -> Response:
            self._calls += 1
            call = self._calls
            try:
                body = await body_within(request, BODY_BYTES_MAX)
                if body is None:
                    raise Refused(413, "err.request.too_long")
                envelope, header = self._opened(body)
                said = await asyncio.to_thread(act, header, envelope)
            except Refused as refused:
                return _json({"errors": [{"code": refused.code}]}, refused.status)
            if self._office.faults.loses_answer(f"{call}"):
                return _json({"errors": [{"code": "err.no_answer"}]}, 504)
            return Response(self._sealed(header, _encode(said)), 200, media_type="application/json")

        return answer

    def _opened(self, body: bytes) -> tuple[Envelope, Header]:
        try:
            envelope = read_envelope(body)
            header = msgspec.json.decode(envelope.header, type=Header)
        except msgspec.MsgspecError as error:
            raise Refused(400, "err.request.bad") from error
        if header.sender_id != AGENCY_ID:
            raise Refused(401, "err.sender_id.invalid")
        if header.receiver_id != f"{self._office.name}.example" or header.version != VERSION:
            raise Refused(400, "err.receiver_id.invalid")
        try:
            check_signature(envelope, published_keys(self._secrets, AGENCY))
        except BadSignature as error:
            raise Refused(401, error.code) from error
        if (
            header.message_ts.tzinfo is None
            or abs(header.message_ts.timestamp() - time.time()) > MESSAGE_AGE_SECONDS_MAX
        ):
            raise Refused(400, "err.message_ts.invalid")
        return envelope, header

    def _sealed(self, header: Header, message: bytes) -> bytes:
        own = {
            "version": VERSION,
            "message_id": uuid.uuid4().hex,
            "message_ts": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "action": f"on-{header.action}",
            "status": "succ",
            "sender_id": f"{self._office.name}.example",
            "receiver_id": header.sender_id,
            "meta": {"in_reply_to": header.message_id},
        }
        return sealed(_encode(own), message, self._key)

    def _take(self, _: Header, envelope: Envelope) -> dict[str, Any]:
        return {"answers": [self._taken(one) for one in _read(envelope.message, Delivered).messages]}

    def _taken(self, sent: Sent) -> dict[str, Any]:
        """Take one message of a call: one that is refused keeps none of the others."""
        body = sent.body.encode()
        try:
            if len(body) > MESSAGE_BYTES_MAX:
                raise Refused(413, "err.message.too_long")
            said = _read(body, Submitted)
            fresh, taken_on = self._office.take(Message(sent.id, sent.action, said.file, said.content, body))
        except Other:
            return {"id": sent.id, "refused": "err.message_id.other_content"}
        except (Refused, NotOurs, KeyError, ValueError, TypeError) as error:
            return {"id": sent.id, "refused": error.code if isinstance(error, Refused) else "err.message.bad"}
        return {"id": sent.id, "known": not fresh, "taken_on": taken_on.isoformat()}

    def _feed(self, _: Header, envelope: Envelope) -> dict[str, Any]:
        asked = _read(envelope.message, After)
        found = self._office.store.rows(
            "SELECT no, id, body FROM told WHERE no > ? ORDER BY no LIMIT ?",
            (asked.after, max(1, min(asked.limit, FEED_AT_ONCE))),
        )
        return {"items": [{"no": no, "id": name, **msgspec.json.decode(body)} for no, name, body in found]}

    def _books(self, _: Header, envelope: Envelope) -> dict[str, Any]:
        return self._office.store.books(_read(envelope.message, OnDay).day)

    # What a real office does by itself

    async def _day(self, request: Request) -> Response:
        asked = _read(await request.body(), OnDay)
        return _json({"worked": await asyncio.to_thread(self._office.live, asked.day)})

    async def _counter(self, request: Request) -> Response:
        asked = _read(await request.body(), Registered)
        try:
            await asyncio.to_thread(self._office.tell_of_itself, asked.kind, asked.subject, asked.content)
        except NotOurs:
            return _json({"known": sorted(WORK[self._office.name])}, 422)
        return _json({})

    async def _scenarios(self, request: Request) -> Response:
        asked = _read(await request.body(), Named)
        with self._office.store.change() as store:
            store.execute(
                "INSERT OR REPLACE INTO scenario VALUES (?, ?)", (asked.subject, Scenario(asked.scenario).value)
            )
        return _json({})


async def _alive(_: Request) -> Response:
    return _json({"alive": True})


def _read(body: bytes | msgspec.Raw, kind: Any) -> Any:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.MsgspecError as error:
        raise Refused(400, "err.request.bad") from error


def _json(value: object, status: int = 200) -> Response:
    return Response(_encode(value), status, media_type="application/json")

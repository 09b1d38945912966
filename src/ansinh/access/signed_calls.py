"""Signed calls to a partner: every question and answer is an envelope (`signed_messages`), and an answer must answer this very question. No Django here."""

from __future__ import annotations

import hashlib
import ssl
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Literal, TypeVar

import httpx
import msgspec
from joserfc.jwk import ECKey

from ansinh.access.signed_messages import BadSignature, Envelope, opened, sealed
from ansinh.foundation.errors import PartnerTrouble

T = TypeVar("T")

OUR_ID = "social-security.example"
# The name under which we publish our keys in the folder of secrets.
OUR_KEYS = "social-security"

VERSION = "1.0.0"
ANSWER_BYTES_MAX = 64 * 1024 * 1024
ANSWER_AGE_SECONDS_MAX = 300
ATTEMPTS_MAX = 4
PAUSE_SECONDS = (0.5, 2.0, 5.0)
TIMEOUT = httpx.Timeout(30.0, connect=3.0)
_PASSING = frozenset({429, 500, 502, 503, 504})


@dataclass(frozen=True)
class Partner:
    """Whom we call: its name for people, and its id in headers."""

    name: str
    id: str


@dataclass(frozen=True)
class PartnerKeys:
    """What signing both ways needs: our key, and a way to read the keys the partner has published (read again when an unknown one signs)."""

    ours: ECKey
    theirs: Callable[[], dict[str, ECKey]]


class _Header(msgspec.Struct, frozen=True):
    version: str
    message_id: str
    message_ts: str
    action: str
    sender_id: str
    receiver_id: str
    total_count: int
    is_msg_encrypted: bool = False


class _Meta(msgspec.Struct, frozen=True):
    in_reply_to: str


class _AnswerHeader(msgspec.Struct, frozen=True):
    message_ts: datetime
    action: str
    status: Literal["rcvd", "pdng", "succ", "rjct"]
    sender_id: str
    receiver_id: str
    meta: _Meta
    status_reason_code: Annotated[str, msgspec.Meta(pattern=r"^[a-z_.]{0,60}$")] = ""


_encode = msgspec.json.Encoder().encode
_answer_header = msgspec.json.Decoder(_AnswerHeader)


@dataclass(frozen=True)
class Answer:
    """A message the partner signed, and the digest of its bytes."""

    message: bytes
    sha256: str


@cache
def _authorities() -> ssl.SSLContext:
    """Return whom all connections trust; reading the list takes longer than most calls, so it is read once."""
    return httpx.create_ssl_context(trust_env=False)


class SignedCalls:
    """A connection to a partner; use it from one thread, and close it."""

    def __init__(
        self,
        partner: Partner,
        base_url: str,
        keys: PartnerKeys,
        *,
        pause: Callable[[float], None] = time.sleep,
        timeout: httpx.Timeout = TIMEOUT,
    ) -> None:
        self._partner = partner
        self._url = base_url
        self._keys = keys
        self.pause = pause
        self.known = keys.theirs()
        self._http = httpx.Client(verify=_authorities(), timeout=timeout, follow_redirects=False, trust_env=False)

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def refresh_keys(self) -> dict[str, ECKey]:
        """Read the partner's published keys again: it may have taken a new one into use."""
        self.known = self._keys.theirs()
        return self.known

    def call(self, path: str, action: str, message: object, *, items: int = 1) -> Answer:
        """Ask, and return the answer's message; raises PartnerTrouble: temporary when there was no answer though asked several times."""
        return self.hand_over(path, action, _encode(message), uuid.uuid4().hex, items=items)

    def hand_over(self, path: str, action: str, message: bytes, message_id: str, *, items: int = 1) -> Answer:
        """Send bytes that are kept under an id of their own, so that the partner knows them when they come again; raises as `call` does."""
        return self._repeated(lambda _: self._attempt(path, action, message_id, message, items))

    def fetch(self, path: str, action: str, message: object, sha256: str) -> bytes:
        """Ask for bytes whose digest a signed answer gave; raises PartnerTrouble."""
        body = self._repeated(
            lambda message_id: self._post(path, self._question(action, message_id, _encode(message), 1))
        )
        if hashlib.sha256(body).hexdigest() != sha256:
            raise self.refused("gave other bytes than it had signed for")
        return body

    def _repeated(self, attempt: Callable[[str], T]) -> T:
        """Try until it works; a retry carries the same message id and content under a later time."""
        message_id, attempts = uuid.uuid4().hex, 0
        while True:
            attempts += 1
            try:
                return attempt(message_id)
            except PartnerTrouble as trouble:
                if not trouble.temporary or attempts == ATTEMPTS_MAX:
                    raise
                self.pause(PAUSE_SECONDS[attempts - 1])

    def _question(self, action: str, message_id: str, message: bytes, items: int) -> bytes:
        # Microseconds, so that a retry always stands under a later time.
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        header = _Header(VERSION, message_id, now, action, OUR_ID, self._partner.id, items)
        return sealed(_encode(header), message, self._keys.ours)

    def _attempt(self, path: str, action: str, message_id: str, message: bytes, items: int) -> Answer:
        envelope = self._opened(self._post(path, self._question(action, message_id, message, items)))
        header = self._checked(envelope, action, message_id)
        if header.status != "succ":
            raise self.refused(f"refused the message: {header.status_reason_code or header.status}")
        said = bytes(envelope.message)
        return Answer(said, hashlib.sha256(said).hexdigest())

    def _post(self, path: str, body: bytes) -> bytes:
        headers = {"content-type": "application/json"}
        try:
            with self._http.stream("POST", self._url + path, content=body, headers=headers) as reply:
                if reply.status_code not in {200, 202}:
                    raise PartnerTrouble(
                        self._partner.name, f"HTTP status {reply.status_code}", temporary=reply.status_code in _PASSING
                    )
                pieces, length = [], 0
                for piece in reply.iter_bytes():
                    length += len(piece)
                    if length > ANSWER_BYTES_MAX:
                        raise self.refused("answered more than was agreed")
                    pieces.append(piece)
                return b"".join(pieces)
        except httpx.HTTPError as error:
            raise PartnerTrouble(self._partner.name, f"no answer ({type(error).__name__})", temporary=True) from error

    def _opened(self, body: bytes) -> Envelope:
        try:
            try:
                return opened(body, self.known)
            except BadSignature:
                return opened(body, self.refresh_keys())
        except BadSignature as error:
            raise self.refused(f"its signature was refused: {error}") from error
        except msgspec.MsgspecError as error:
            raise self.refused("answered without the agreed envelope") from error

    def refused(self, what: str) -> PartnerTrouble:
        """Return the trouble of a partner that breaks the agreement, which asking again does not mend."""
        return PartnerTrouble(self._partner.name, what, temporary=False)

    def _checked(self, envelope: Envelope, action: str, message_id: str) -> _AnswerHeader:
        try:
            header = _answer_header.decode(envelope.header)
        except msgspec.MsgspecError as error:
            raise self.refused("answered with a header that was not agreed") from error
        answers_us = (header.sender_id, header.receiver_id, header.action) == (self._partner.id, OUR_ID, f"on-{action}")
        if not answers_us or header.meta.in_reply_to != message_id:
            raise self.refused("answered another question")
        age = None if header.message_ts.tzinfo is None else datetime.now(UTC) - header.message_ts
        if age is None or abs(age.total_seconds()) > ANSWER_AGE_SECONDS_MAX:
            raise self.refused("answered under a time that is not now")
        return header

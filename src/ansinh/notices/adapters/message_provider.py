"""The message provider, over HTTP (`contracts/messages`). Its answers are read like hostile input; an address never stands in a URL or an error."""

from __future__ import annotations

from typing import Annotated, Literal

import httpx
import msgspec

from ansinh.foundation.errors import PartnerTrouble
from ansinh.notices.provider import Receipt

PARTNER = "message provider"
ANSWER_BYTES_MAX = 16 * 1024
TIMEOUT = httpx.Timeout(5.0, connect=2.0)
# Answers about the message itself; any other surprise is about the connection or the agreement, and the message can go out once that is mended.
_PERMANENT = frozenset({400, 404, 409, 413, 415, 422})


class _Recipient(msgspec.Struct, frozen=True):
    kind: str
    address: str


class _Message(msgspec.Struct, frozen=True, omit_defaults=True):
    to: _Recipient
    text: str
    language: str
    letter: bytes | None = None


class _Answer(msgspec.Struct, frozen=True):
    id: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9-]{1,64}$")]
    status: Literal["accepted", "delivered", "failed", "refused"]
    reason: Annotated[str, msgspec.Meta(pattern=r"^[a-z_]{0,60}$")] = ""


_encode = msgspec.json.Encoder().encode
_answer = msgspec.json.Decoder(_Answer)


class MessageProvider:
    """A connection to the provider at an address of the settings; use it from one thread, and close it."""

    def __init__(self, base_url: str, *, timeout: httpx.Timeout = TIMEOUT) -> None:
        self._http = httpx.Client(base_url=base_url, timeout=timeout, follow_redirects=False, trust_env=False)

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def send(self, key: str, kind: str, address: str, text: str, language: str, letter: bytes | None = None) -> Receipt:
        """Hand a message over under its key, of a letter the PDF too: the same key again sends nothing again.

        Raises PartnerTrouble: temporary when it is not known whether the message was taken, permanent when it never will be.
        """
        body = _encode(_Message(_Recipient(kind, address), text, language, letter))
        headers = {"content-type": "application/json", "idempotency-key": key}
        return self._asked(self._http.build_request("POST", "/v1/messages", content=body, headers=headers), {200, 202})

    def ask(self, reference: str) -> Receipt:
        """Ask what became of a message; raises PartnerTrouble."""
        receipt = self._asked(self._http.build_request("GET", f"/v1/messages/{reference}"), {200})
        if receipt.reference != reference:
            raise PartnerTrouble(PARTNER, "answered about another message", temporary=True)
        return receipt

    def _asked(self, request: httpx.Request, expected: set[int]) -> Receipt:
        try:
            reply = self._http.send(request, stream=True)
            try:
                if reply.status_code not in expected:
                    raise PartnerTrouble(
                        PARTNER, f"HTTP status {reply.status_code}", temporary=reply.status_code not in _PERMANENT
                    )
                body = _limited(reply)
            finally:
                reply.close()
        except httpx.HTTPError as error:
            raise PartnerTrouble(PARTNER, f"no answer ({type(error).__name__})", temporary=True) from error
        try:
            answer = _answer.decode(body)
        except msgspec.MsgspecError as error:
            raise PartnerTrouble(PARTNER, "answered in a shape that was not agreed", temporary=True) from error
        return Receipt(answer.id, answer.status, answer.reason or answer.status)


def _limited(reply: httpx.Response) -> bytes:
    pieces, length = [], 0
    for piece in reply.iter_bytes():
        length += len(piece)
        if length > ANSWER_BYTES_MAX:
            raise PartnerTrouble(PARTNER, "answered more than was agreed", temporary=True)
        pieces.append(piece)
    return b"".join(pieces)

"""The register telling events as they happen (SPDCI notify): read like hostile input, acknowledged under our signature. No Django here."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec
from joserfc.jwk import ECKey

from ansinh.access.signed_messages import BadSignature, Envelope, opened, sealed
from ansinh.registry.adapters.feed_items import Items, read_items
from ansinh.registry.adapters.signed_calls import ANSWER_AGE_SECONDS_MAX, OUR_ID, REGISTER_ID, VERSION, PartnerKeys
from ansinh.registry.exchange import Page

BODY_BYTES_MAX = 8 * 1024 * 1024

_Id = Annotated[str, msgspec.Meta(min_length=1, max_length=99)]


class _Header(msgspec.Struct, frozen=True):
    message_id: _Id
    message_ts: datetime
    action: Literal["notify"]
    sender_id: str
    receiver_id: str
    is_msg_encrypted: bool = False


class _Notify(msgspec.Struct, frozen=True):
    transaction_id: _Id
    notify_event: Items


_header = msgspec.json.Decoder(_Header)
_notify = msgspec.json.Decoder(_Notify)
_encode = msgspec.json.Encoder().encode


class BadNotification(Exception):
    """A notification that is not taken: HTTP status, and SPDCI's error code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


@dataclass(frozen=True)
class Notified:
    """Events as notified: the message they came in, and what they say."""

    message_id: str
    page: Page


def read_notification(body: bytes, keys: PartnerKeys) -> Notified:
    """Return the events of a notification; raises BadNotification. A message that comes again is harmless: events are known by their ids."""
    if len(body) > BODY_BYTES_MAX:
        raise BadNotification(413, "err.request.bad")
    try:
        envelope = _opened(body, keys.theirs)
        header = _header.decode(envelope.header)
        message = _notify.decode(envelope.message)
    except BadSignature as error:
        raise BadNotification(401, "err.signature.invalid") from error
    except msgspec.MsgspecError as error:
        raise BadNotification(400, "err.request.bad") from error
    if header.sender_id != REGISTER_ID:
        raise BadNotification(401, "err.sender_id.invalid")
    if header.receiver_id != OUR_ID or header.is_msg_encrypted:
        raise BadNotification(400, "err.receiver_id.invalid")
    age = None if header.message_ts.tzinfo is None else datetime.now(UTC) - header.message_ts
    if age is None or abs(age.total_seconds()) > ANSWER_AGE_SECONDS_MAX:
        raise BadNotification(400, "err.request.timeout")
    events = read_items(message.notify_event, keys.theirs(), keys.theirs)
    # Only an event that is believed says how far the feed has come.
    head = max((event.feed_no for event in events if event.told is not None), default=0)
    return Notified(header.message_id, Page(events, 0, head, hashlib.sha256(memoryview(envelope.message)).hexdigest()))


def acknowledgement(message_id: str, key: ECKey) -> bytes:
    """Return the signed word that a notification is kept."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    header = {
        "version": VERSION,
        "message_id": uuid.uuid4().hex,
        "message_ts": now,
        "action": "on-notify",
        "status": "succ",
        "sender_id": OUR_ID,
        "receiver_id": REGISTER_ID,
        "total_count": 1,
        "meta": {"in_reply_to": message_id},
    }
    message = {"ack_status": "ACK", "timestamp": now, "correlation_id": message_id}
    return sealed(_encode(header), _encode(message), key)


def _opened(body: bytes, known: Callable[[], dict[str, ECKey]]) -> Envelope:
    return opened(body, known())

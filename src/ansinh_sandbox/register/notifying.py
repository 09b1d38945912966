"""Notifying: events pushed to whoever subscribed, as soon as they are told; the subscriber's word that it kept them moves the position on."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
import uuid
from datetime import UTC, datetime
from urllib.parse import urlsplit

import msgspec
from joserfc.jwk import ECKey

from ansinh_sandbox.register.feed import EventsRequest, Feed
from ansinh_sandbox.register.service import REGISTER_ID
from ansinh_sandbox.register.store import Store
from ansinh_sandbox.register.wire import VERSION
from ansinh_sandbox.signed_messages import BadSignature, check_signature, read_envelope, sealed

EVENTS_PER_NOTICE = 200
TIMEOUT_SECONDS = 30.0

_encode = msgspec.json.Encoder().encode


class NotKept(Exception):
    """The subscriber did not say that it kept what it was told."""


def notify(store: Store, key: ECKey, subscriber: tuple[str, str], their_keys: dict[str, ECKey], feed: Feed) -> int:
    """Tell a subscriber (address, name) what it was not told yet; returns how many events that were. Raises NotKept; told again next time."""
    address, name = subscriber
    if urlsplit(address).scheme not in {"http", "https"}:
        raise NotKept(f"{address} is no address to tell events to")
    connection = store.connection
    told = 0
    while True:
        row = connection.execute("SELECT feed_no FROM notified WHERE address = ?", (address,)).fetchone()
        after = int(row[0]) if row else 0
        page = feed.page(EventsRequest(after=after, limit=EVENTS_PER_NOTICE))
        if page.notify_event:
            message = {"transaction_id": page.transaction_id, "notify_event": page.notify_event}
            _tell(address, name, _encode(message), key, their_keys)
            told += len(page.notify_event)
        connection.execute(
            "INSERT INTO notified VALUES (?, ?) ON CONFLICT (address) DO UPDATE SET feed_no = excluded.feed_no",
            (address, page.next_after),
        )
        if page.next_after >= page.head:
            return told


def _tell(address: str, name: str, message: bytes, key: ECKey, their_keys: dict[str, ECKey]) -> None:
    message_id = uuid.uuid4().hex
    header = {
        "version": VERSION, "message_id": message_id, "message_ts": datetime.now(UTC).isoformat(timespec="microseconds"),
        "action": "notify", "sender_id": REGISTER_ID, "receiver_id": name, "total_count": 1, "is_msg_encrypted": False,
    }  # fmt: skip
    asked = urllib.request.Request(  # noqa: S310 - the scheme was looked at
        address, sealed(_encode(header), message, key), {"content-type": "application/json"}
    )
    try:
        with urllib.request.urlopen(asked, timeout=TIMEOUT_SECONDS) as reply:  # noqa: S310 - as above
            envelope = read_envelope(reply.read())
            check_signature(envelope, their_keys)
    except (urllib.error.URLError, http.client.HTTPException, OSError, msgspec.MsgspecError, BadSignature) as error:
        raise NotKept(f"{address} did not keep the events: {type(error).__name__}") from error
    said = msgspec.json.decode(envelope.header)
    if said.get("meta", {}).get("in_reply_to") != message_id:
        raise NotKept(f"{address} acknowledged another message")

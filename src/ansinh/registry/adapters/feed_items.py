"""Reading events as the register delivers them, in pages or by notification (SPDCI's notify shape). No Django here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated

import msgspec
from joserfc.jwk import ECKey

from ansinh.access.signed_messages import BadSignature, opened
from ansinh.registry.effects import KINDS
from ansinh.registry.exchange import Delivered
from ansinh.registry.told import EventId, Told, read_told

EVENTS_MAX = 3_000
Keys = dict[str, ECKey]


class Cover(msgspec.Struct, frozen=True):
    """What an event is said to be, and its own bytes."""

    feed_no: Annotated[int, msgspec.Meta(ge=1)]
    reg_event_type: Annotated[str, msgspec.Meta(max_length=40)]
    pin: Annotated[str, msgspec.Meta(max_length=12)]
    sequence: int
    signature: Annotated[str, msgspec.Meta(max_length=1_000, pattern=r"^[A-Za-z0-9_.=-]*$")]
    reg_records: msgspec.Raw


class Item(msgspec.Struct, frozen=True):
    """One event on the wire."""

    reference_id: EventId
    timestamp: date
    data: Cover


Items = Annotated[list[Item], msgspec.Meta(max_length=EVENTS_MAX)]


def read_items(items: list[Item], keys: Keys, refreshed: Callable[[], Keys]) -> tuple[Delivered, ...]:
    """Return the events with what they say; those that cannot be believed carry the doubt instead, and harm no other."""
    delivered = [_read(item, keys) for item in items]
    if any(event.doubt == "signature" for event in delivered) and (fresh := refreshed()).keys() != keys.keys():
        delivered = [_read(item, fresh) for item in items]  # The register has taken a new key into use.
    return tuple(delivered)


def _read(item: Item, keys: Keys) -> Delivered:
    cover, body = item.data, bytes(item.data.reg_records)
    told, doubt = None, None
    try:
        opened(b'{"signature":"' + cover.signature.encode() + b'","header":' + body + b"}", keys)
        told = read_told(body)
        doubt = _doubt(told, item)
    except BadSignature:
        doubt = "signature"
    except msgspec.MsgspecError:
        doubt = "unreadable"
    return Delivered(
        item.reference_id,
        cover.feed_no,
        item.timestamp,
        cover.signature,
        body,
        told if doubt is None else None,
        doubt,
    )


def _doubt(told: Told, item: Item) -> str | None:
    cover = item.data
    if (told.record is not None and told.record.pin != told.pin) or told.pin != cover.pin:
        return "other_person"
    ours = (told.event_id, told.feed_no, told.kind, told.sequence, told.told_on)
    if ours != (item.reference_id, cover.feed_no, cover.reg_event_type, cover.sequence, item.timestamp):
        return "unlike_its_cover"
    if told.kind not in KINDS:
        return "unreadable"
    return "impossible_day" if told.happened_on > told.told_on else None

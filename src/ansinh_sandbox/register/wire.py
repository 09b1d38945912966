"""The envelope on the wire, as `contracts/registry` has it. Unknown fields are refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import msgspec

VERSION = "1.0.0"

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=99)]
Moment = Annotated[str, msgspec.Meta(max_length=40)]


@dataclass(frozen=True)
class Rejected(Exception):
    """A sound envelope around a message that cannot be taken: the reason code for the answer's header."""

    code: str
    message: str


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who asks what, and when."""

    message_id: Id
    message_ts: Moment
    action: Annotated[str, msgspec.Meta(max_length=40)]
    sender_id: Id
    total_count: int
    version: str = VERSION
    sender_uri: Annotated[str, msgspec.Meta(max_length=300)] = ""
    receiver_id: Annotated[str, msgspec.Meta(max_length=99)] = ""
    is_msg_encrypted: bool = False
    meta: dict[str, Any] = {}


class AnswerMeta(msgspec.Struct, frozen=True):
    """Binds an answer to the message it answers."""

    in_reply_to: str


class AnswerHeader(msgspec.Struct, frozen=True, omit_defaults=True):
    """The header of an answer; `status` is of the message as a whole."""

    version: str
    message_id: str
    message_ts: str
    action: str
    status: str
    sender_id: str
    receiver_id: str
    total_count: int
    completed_count: int
    meta: AnswerMeta
    status_reason_code: str = ""
    status_reason_message: str = ""

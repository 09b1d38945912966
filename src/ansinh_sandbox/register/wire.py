"""The shapes on the wire, as `contracts/registry` has them. Unknown fields are refused, at the level where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec

VERSION = "1.0.0"
ITEMS_MAX = 5_000
RECORDS_PER_ITEM_MAX = 20

_ABSENT = msgspec.Raw(b"")

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


class IdQuery(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """An identifier and its type."""

    type: str
    value: str


class SearchCriteria(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """What one item asks."""

    query: IdQuery
    query_type: str
    version: Literal["1.0.0"] = "1.0.0"
    reg_type: str = ""
    reg_record_type: str = ""
    sort: msgspec.Raw = _ABSENT
    pagination: msgspec.Raw = _ABSENT
    consent: msgspec.Raw = _ABSENT
    authorize: msgspec.Raw = _ABSENT


class SearchItem(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One question of a batch."""

    reference_id: Id
    timestamp: Moment
    search_criteria: SearchCriteria
    locale: Annotated[str, msgspec.Meta(max_length=3)] = ""


class SearchRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A batch of questions; every one must have the right shape."""

    transaction_id: Id
    search_request: list[SearchItem]


class LooseRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same batch read item by item, for when one of them has the wrong shape."""

    transaction_id: Id
    search_request: list[msgspec.Raw]


class Reference(msgspec.Struct, frozen=True):
    """All that is needed of a misshapen item to answer it."""

    reference_id: Id


class Identifier(msgspec.Struct, frozen=True, gc=False):
    """A number and its type: PIN or OLD_NUMBER."""

    identifier_type: str
    identifier_value: str


class Name(msgspec.Struct, frozen=True, gc=False):
    """A name in the order it is written; Vietnamese names are not cut into parts that the register does not keep."""

    full_name: str


class Address(msgspec.Struct, frozen=True, gc=False):
    """Where a person is registered: province and commune codes after July 2025."""

    region_code: str
    sub_region_code: str
    country_code: str = "VN"


class PersonRecord(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, tag_field="@type", tag="CRVS_Person"):
    """A person as the register answers it."""

    identifier: list[Identifier]
    name: Name
    sex: str
    birth_date: str
    address: Address
    household_id: int
    death_date: str | None = None
    parent1_identifier: Identifier | None = None
    parent2_identifier: Identifier | None = None


class Found(msgspec.Struct, frozen=True, gc=False):
    """The records of one item."""

    reg_records: list[PersonRecord]


class ItemAnswer(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One item's answer: `succ` with its records (none: nobody has the number), or `rjct` with a reason."""

    reference_id: str
    timestamp: str
    status: str
    status_reason_code: str = ""
    status_reason_message: str = ""
    data: Found | None = None


class SearchResponse(msgspec.Struct, frozen=True):
    """The answers, in the order of the questions."""

    transaction_id: str
    correlation_id: str
    search_response: list[ItemAnswer]

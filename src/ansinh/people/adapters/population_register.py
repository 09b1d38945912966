"""The national population register, asked in signed batches (`contracts/registry`): which persons does it know by these numbers?

Its answers are read like hostile input: signature first, then that they answer this very question, then each field. No Django here.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Literal

import httpx
import msgspec
from joserfc.jwk import ECKey

from ansinh.access.signed_messages import BadSignature, Envelope, opened, sealed
from ansinh.foundation.errors import PartnerTrouble

PARTNER = "population register"
REGISTER_ID = "population-register.example"
OUR_ID = "social-security.example"
# Names under which the two sides publish their keys in the folder of secrets.
REGISTER_KEYS = "population-register"
OUR_KEYS = "social-security"

VERSION = "1.0.0"
ITEMS_MAX = 5_000
ANSWER_BYTES_MAX = 64 * 1024 * 1024
ANSWER_AGE_SECONDS_MAX = 300
ATTEMPTS_MAX = 4
PAUSE_SECONDS = (0.5, 2.0, 5.0)
TIMEOUT = httpx.Timeout(30.0, connect=3.0)

_TYPES = {"pin": ("PIN", 12), "old_number": ("OLD_NUMBER", 9)}
_SEXES = {"male": "M", "female": "F"}

Pin = Annotated[str, msgspec.Meta(pattern="^[0-9]{12}$")]


class RegisterPerson(msgspec.Struct, frozen=True, gc=False):
    """A person as the register knows them. Month and day are empty where only the year is known."""

    pin: str
    old_number: str | None
    full_name: str
    sex: str
    birth_year: int
    birth_month: int | None
    birth_day: int | None
    commune: str
    province: str
    household: int
    died_on: date | None
    father_pin: str | None
    mother_pin: str | None


class _Header(msgspec.Struct, frozen=True):
    version: str
    message_id: str
    message_ts: str
    action: str
    sender_id: str
    receiver_id: str
    total_count: int
    is_msg_encrypted: bool = False


class _Query(msgspec.Struct, frozen=True, gc=False):
    type: str
    value: str


class _Criteria(msgspec.Struct, frozen=True, gc=False):
    query_type: str
    query: _Query


class _Item(msgspec.Struct, frozen=True, gc=False):
    reference_id: str
    timestamp: str
    search_criteria: _Criteria


class _Request(msgspec.Struct, frozen=True):
    transaction_id: str
    search_request: list[_Item]


class _Meta(msgspec.Struct, frozen=True):
    in_reply_to: str


class _AnswerHeader(msgspec.Struct, frozen=True):
    message_id: str
    message_ts: datetime
    action: Literal["on-search"]
    status: Literal["rcvd", "pdng", "succ", "rjct"]
    sender_id: str
    receiver_id: str
    meta: _Meta
    status_reason_code: Annotated[str, msgspec.Meta(pattern=r"^[a-z_.]{0,60}$")] = ""


class _PinIdentifier(msgspec.Struct, frozen=True, gc=False, tag_field="identifier_type", tag="PIN"):
    identifier_value: Pin


class _OldIdentifier(msgspec.Struct, frozen=True, gc=False, tag_field="identifier_type", tag="OLD_NUMBER"):
    identifier_value: Annotated[str, msgspec.Meta(pattern="^[0-9]{9}$")]


class _Name(msgspec.Struct, frozen=True, gc=False):
    # Printable letters of any script, apostrophes, dots and dashes; no control characters, no markup.
    full_name: Annotated[
        str, msgspec.Meta(pattern=r"^[^\W\d_][^\x00-\x1f\x7f-\x9f<>{}\u200b-\u200f\u202a-\u202e\u2066-\u2069]{0,199}$")
    ]


class _Address(msgspec.Struct, frozen=True, gc=False):
    region_code: Annotated[str, msgspec.Meta(pattern="^[0-9]{2}$")]
    sub_region_code: Annotated[str, msgspec.Meta(pattern="^[0-9]{5}$")]


class _Record(msgspec.Struct, frozen=True, gc=False, tag_field="@type", tag="CRVS_Person"):
    identifier: Annotated[list[_PinIdentifier | _OldIdentifier], msgspec.Meta(min_length=1, max_length=2)]
    name: _Name
    sex: Literal["male", "female"]
    birth_date: Annotated[str, msgspec.Meta(min_length=4, max_length=10)]
    address: _Address
    household_id: Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)]
    death_date: date | None = None
    parent1_identifier: _PinIdentifier | None = None
    parent2_identifier: _PinIdentifier | None = None


class _Found(msgspec.Struct, frozen=True, gc=False):
    reg_records: Annotated[list[_Record], msgspec.Meta(max_length=20)]


class _ItemAnswer(msgspec.Struct, frozen=True, gc=False):
    reference_id: str
    status: Literal["rcvd", "pdng", "succ", "rjct"]
    status_reason_code: Annotated[str, msgspec.Meta(pattern=r"^[a-z_.]{0,60}$")] = ""
    data: _Found | None = None


class _Response(msgspec.Struct, frozen=True):
    transaction_id: str
    search_response: Annotated[list[_ItemAnswer], msgspec.Meta(max_length=ITEMS_MAX)]


_encode = msgspec.json.Encoder().encode
_answer_header = msgspec.json.Decoder(_AnswerHeader)
_response = msgspec.json.Decoder(_Response)
_REFERENCES = tuple(str(place) for place in range(ITEMS_MAX))


@dataclass(frozen=True)
class ExchangeKeys:
    """What signing both ways needs: our key, and a way to read the keys the register has published (read again when an unknown one signs)."""

    ours: ECKey
    register: Callable[[], dict[str, ECKey]]


class PopulationRegister:
    """A connection to the register; use it from one thread, and close it."""

    def __init__(self, base_url: str, keys: ExchangeKeys, *, pause: Callable[[float], None] = time.sleep) -> None:
        self._url = f"{base_url}/registry/sync/search"
        self._keys = keys
        self._pause = pause
        self._known = keys.register()
        self._http = httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False)

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def search(self, numbers: Sequence[tuple[str, str]]) -> list[list[RegisterPerson]]:
        """Return for each (scheme, number) the persons the register knows by it, in the same order.

        Schemes are `pin` and `old_number`. A number that has not the digits of its scheme is known to nobody and is not sent. Raises PartnerTrouble:
        temporary when the register did not answer though asked several times, permanent when it refused or its answer breaks the agreement.
        """
        found: list[list[RegisterPerson]] = [[] for _ in numbers]
        sendable = [(place, *typed) for place, number in enumerate(numbers) if (typed := _typed(number)) is not None]
        for start in range(0, len(sendable), ITEMS_MAX):
            batch = sendable[start : start + ITEMS_MAX]
            answers = self._ask([(kind, value) for _, kind, value in batch])
            for (place, _, _), persons in zip(batch, answers, strict=True):
                found[place] = persons
        return found

    def _ask(self, batch: list[tuple[str, str]]) -> list[list[RegisterPerson]]:
        """Ask for one message's worth; a retry carries the same message id and content under a later time."""
        message_id = uuid.uuid4().hex
        message = _encode(_request(message_id, batch))
        attempt = 0
        while True:
            attempt += 1
            try:
                return self._attempt(message_id, message, batch)
            except PartnerTrouble as trouble:
                if not trouble.temporary or attempt == ATTEMPTS_MAX:
                    raise
                self._pause(PAUSE_SECONDS[attempt - 1])

    def _attempt(self, message_id: str, message: bytes, batch: list[tuple[str, str]]) -> list[list[RegisterPerson]]:
        header = _Header(VERSION, message_id, _now(), "search", OUR_ID, REGISTER_ID, len(batch))
        body = self._post(sealed(_encode(header), message, self._keys.ours))
        envelope = self._opened(body)
        answer_header = _checked_header(envelope, message_id)
        if answer_header.status != "succ":
            raise _refused(f"refused the message: {answer_header.status_reason_code or answer_header.status}")
        try:
            response = _response.decode(envelope.message)
        except msgspec.MsgspecError as error:
            raise _refused("answered in a shape that was not agreed") from error
        if response.transaction_id != message_id or len(response.search_response) != len(batch):
            raise _refused("answered another question")
        return [
            _persons(answer, place, query)
            for place, (answer, query) in enumerate(zip(response.search_response, batch, strict=True))
        ]

    def _post(self, body: bytes) -> bytes:
        try:
            with self._http.stream(
                "POST", self._url, content=body, headers={"content-type": "application/json"}
            ) as reply:
                if reply.status_code != 200:
                    raise PartnerTrouble(
                        PARTNER,
                        f"HTTP status {reply.status_code}",
                        temporary=reply.status_code in {429, 500, 502, 503, 504},
                    )
                pieces: list[bytes] = []
                length = 0
                for piece in reply.iter_bytes():
                    length += len(piece)
                    if length > ANSWER_BYTES_MAX:
                        raise _refused("answered more than was agreed")
                    pieces.append(piece)
                return b"".join(pieces)
        except httpx.HTTPError as error:
            raise PartnerTrouble(PARTNER, f"no answer ({type(error).__name__})", temporary=True) from error

    def _opened(self, body: bytes) -> Envelope:
        try:
            try:
                return opened(body, self._known)
            except BadSignature:
                self._known = self._keys.register()
                return opened(body, self._known)
        except BadSignature as error:
            raise _refused(f"its signature was refused: {error}") from error
        except msgspec.MsgspecError as error:
            raise _refused("answered without the agreed envelope") from error


def _refused(what: str) -> PartnerTrouble:
    return PartnerTrouble(PARTNER, what, temporary=False)


def _now() -> str:
    # Microseconds, so that a retry always stands under a later time.
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _typed(number: tuple[str, str]) -> tuple[str, str] | None:
    scheme, value = number
    kind, digits = _TYPES[scheme]
    return (kind, value) if len(value) == digits and value.isascii() and value.isdigit() else None


def _request(transaction_id: str, batch: list[tuple[str, str]]) -> _Request:
    now = _now()
    items = [
        _Item(_REFERENCES[place], now, _Criteria("idtype-value", _Query(kind, value)))
        for place, (kind, value) in enumerate(batch)
    ]
    return _Request(transaction_id, items)


def _checked_header(envelope: Envelope, message_id: str) -> _AnswerHeader:
    try:
        header = _answer_header.decode(envelope.header)
    except msgspec.MsgspecError as error:
        raise _refused("answered with a header that was not agreed") from error
    if header.sender_id != REGISTER_ID or header.receiver_id != OUR_ID or header.meta.in_reply_to != message_id:
        raise _refused("answered another question")
    if (
        header.message_ts.tzinfo is None
        or abs((datetime.now(UTC) - header.message_ts).total_seconds()) > ANSWER_AGE_SECONDS_MAX
    ):
        raise _refused("answered under a time that is not now")
    return header


def _persons(answer: _ItemAnswer, place: int, query: tuple[str, str]) -> list[RegisterPerson]:
    if answer.reference_id != _REFERENCES[place]:
        raise _refused(f"answered item {place} out of place")
    if answer.status != "succ" or answer.data is None:
        raise _refused(f"refused item {place}: {answer.status_reason_code or answer.status}")
    persons = [_person(record, place) for record in answer.data.reg_records]
    kind, value = query
    for person in persons:
        if (person.pin if kind == "PIN" else person.old_number) != value:
            raise _refused(f"answered item {place} with a person of another number")
    return persons


def _person(record: _Record, place: int) -> RegisterPerson:
    pin = old_number = None
    for identifier in record.identifier:
        if isinstance(identifier, _PinIdentifier):
            pin = identifier.identifier_value
        else:
            old_number = identifier.identifier_value
    if pin is None:
        raise _refused(f"answered item {place} with a person without a PIN")
    year, month, day = _birth_date(record.birth_date, place)
    father, mother = record.parent1_identifier, record.parent2_identifier
    return RegisterPerson(
        pin,
        old_number,
        record.name.full_name,
        _SEXES[record.sex],
        year,
        month,
        day,
        record.address.sub_region_code,
        record.address.region_code,
        record.household_id,
        record.death_date,
        None if father is None else father.identifier_value,
        None if mother is None else mother.identifier_value,
    )


def _birth_date(text: str, place: int) -> tuple[int, int | None, int | None]:
    """Read a date as precise as it is known: `1960`, `1960-07` or `1960-07-12`."""
    try:
        if len(text) == 10:
            known = date.fromisoformat(text)
            return known.year, known.month, known.day
        if len(text) == 7 and text.isascii():
            known = date.fromisoformat(f"{text}-01")
            return known.year, known.month, None
        if len(text) == 4 and text.isascii() and text.isdigit():
            return int(text), None, None
    except ValueError as error:
        raise _refused(f"answered item {place} with a birth date that is none") from error
    raise _refused(f"answered item {place} with a birth date that is none")

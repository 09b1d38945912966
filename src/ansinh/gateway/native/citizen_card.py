"""`POST /v1/citizen-card:parse`: the QR text of a card becomes fields. Nobody is looked up, so no audit row; a token is needed all the same."""

from __future__ import annotations

import json

import msgspec

from ansinh.access.tokens import CITIZEN_CARD_PARSE
from ansinh.foundation.card_texts import read_card_text
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.identifiers import CitizenCard, pin_structure
from ansinh.foundation.insurance_card import InsuranceCard
from ansinh.gateway.problems import Problem
from ansinh.gateway.routes import JSON_ANSWER, Answered, Headers, Route
from ansinh.gateway.worker import Worker

PATH = "/v1/citizen-card:parse"
NOT_JSON = Problem(
    400,
    "malformed_body",
    "Nội dung không phải JSON đúng mẫu: một đối tượng có đúng một trường text, là chuỗi, một lần.",
    "The body is not the JSON expected: one object with exactly the field text, a string, once.",
)


class ParseRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of the call."""

    text: str


class CitizenCardRead(msgspec.Struct, frozen=True, tag_field="card", tag="citizen"):
    """What a citizen card says; `number_agrees`: the number's digits tell the same sex and year of birth."""

    pin: str
    old_number: str | None
    full_name: str
    born: str
    sex: str
    address: str
    issued_on: str
    number_agrees: bool


class InsuranceCardRead(msgspec.Struct, frozen=True, tag_field="card", tag="insurance"):
    """What a paper insurance card says; it may be out of date, so ask how the person is insured."""

    card_number: str
    si_code: str
    object_code: str
    benefit_level: int
    full_name: str
    born: str
    sex: str
    address: str
    facility: str | None
    valid_from: str | None


_decode = msgspec.json.Decoder(ParseRequest).decode


def routes(worker: Worker) -> dict[str, Route]:
    """Return the address of the call."""
    return {PATH: Route(_Parsing(worker).answer)}


class _Parsing:
    def __init__(self, worker: Worker) -> None:
        self._tokens = worker.tokens
        self._limits = worker.limits

    async def answer(self, method: str, headers: Headers, query: str, body: bytes, address: str) -> Answered:
        """Return the fields as JSON; raises Problem."""
        grant = self._tokens.grant(headers.get("authorization"), CITIZEN_CARD_PARSE)
        told = self._limits.take(grant)
        try:
            text = _decode(body).text
            named = json.loads(body, object_pairs_hook=len)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise NOT_JSON from error
        if named != 1:
            raise NOT_JSON
        return 200, JSON_ANSWER + told, msgspec.json.encode(read(text))


def read(text: str) -> CitizenCardRead | InsuranceCardRead:
    """Return the fields of a QR text; raises Problem."""
    try:
        card = read_card_text(text)
    except InvalidInput as refusal:
        raise Problem(422, refusal.code, refusal.vi, refusal.en, field="text") from refusal
    return _insurance(card) if isinstance(card, InsuranceCard) else _citizen(card)


def _citizen(card: CitizenCard) -> CitizenCardRead:
    digits = pin_structure(card.pin)
    return CitizenCardRead(
        card.pin,
        card.old_number,
        card.full_name,
        card.born_on.isoformat(),
        card.sex,
        card.address,
        card.issued_on.isoformat(),
        digits is not None and (digits.sex, digits.birth_year) == (card.sex, card.born_on.year),
    )


def _insurance(card: InsuranceCard) -> InsuranceCardRead:
    number = card.card_number
    return InsuranceCardRead(
        number,
        number[5:],
        number[:2],
        int(number[2]),
        card.full_name,
        card.born,
        card.sex,
        card.address,
        card.facility or None,
        card.valid_from.isoformat() if card.valid_from else None,
    )

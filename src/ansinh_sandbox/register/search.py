"""Answering a batch of questions, each for itself."""

from __future__ import annotations

from collections import defaultdict

import msgspec

from ansinh_sandbox.register.store import PersonRow, Store
from ansinh_sandbox.register.wire import (
    RECORDS_PER_ITEM_MAX,
    Address,
    Found,
    Identifier,
    ItemAnswer,
    LooseRequest,
    Name,
    PersonRecord,
    Reference,
    SearchItem,
    SearchRequest,
)

_DIGITS = {"PIN": 12, "OLD_NUMBER": 9}
_SEX = {"M": "male", "F": "female"}

_strict = msgspec.json.Decoder(SearchRequest)
_loose = msgspec.json.Decoder(LooseRequest)
_item = msgspec.json.Decoder(SearchItem)
_reference = msgspec.json.Decoder(Reference)

# A question as read: the item itself, or the reference of one that has the wrong shape.
Question = SearchItem | str
Records = dict[str, list[PersonRecord]]


def read_questions(message: msgspec.Raw) -> tuple[str, list[Question]]:
    """Return the transaction and its questions; raises msgspec.MsgspecError when the batch, or an item's reference, cannot be read."""
    try:
        request = _strict.decode(message)
    except msgspec.ValidationError:
        loose = _loose.decode(message)
        return loose.transaction_id, [_read_one(raw) for raw in loose.search_request]
    return request.transaction_id, list(request.search_request)


def _read_one(raw: msgspec.Raw) -> Question:
    try:
        return _item.decode(raw)
    except msgspec.ValidationError:
        return _reference.decode(raw).reference_id


def answers(questions: list[Question], store: Store, timestamp: str) -> list[ItemAnswer]:
    """Answer each question for itself, in their order."""
    refusals = _refusals(questions)
    asked: dict[str, set[str]] = {kind: set() for kind in _DIGITS}
    for question, refusal in zip(questions, refusals, strict=True):
        if refusal is None and isinstance(question, SearchItem):
            query = question.search_criteria.query
            asked[query.type].add(query.value)
    records = {"PIN": _by_pin(store, asked["PIN"]), "OLD_NUMBER": _by_old_number(store, asked["OLD_NUMBER"])}
    return [
        _answer(question, refusal, records, timestamp) for question, refusal in zip(questions, refusals, strict=True)
    ]


def _answer(question: Question, refusal: str | None, records: dict[str, Records], timestamp: str) -> ItemAnswer:
    if isinstance(question, str):
        return ItemAnswer(
            question, timestamp, "rjct", "rjct.search_criteria.invalid", "the item has not the agreed shape"
        )
    if refusal is not None:
        return ItemAnswer(question.reference_id, timestamp, "rjct", refusal)
    query = question.search_criteria.query
    found = records[query.type].get(query.value, [])
    if len(found) > RECORDS_PER_ITEM_MAX:
        return ItemAnswer(question.reference_id, timestamp, "rjct", "rjct.search.too_many_records_found")
    return ItemAnswer(question.reference_id, timestamp, "succ", data=Found(found))


def _refusals(questions: list[Question]) -> list[str | None]:
    """Return for each question the reason code it is refused with, or None."""
    references: set[str] = set()
    reasons: list[str | None] = []
    for question in questions:
        reference = question if isinstance(question, str) else question.reference_id
        repeated = reference in references
        references.add(reference)
        if repeated:
            reasons.append("rjct.reference_id.duplicate")
        else:
            reasons.append(None if isinstance(question, str) else _refusal(question))
    return reasons


def _refusal(item: SearchItem) -> str | None:
    criteria = item.search_criteria
    if memoryview(criteria.sort):
        return "rjct.sort.invalid"
    if memoryview(criteria.pagination):
        return "rjct.pagination.invalid"
    value = criteria.query.value
    if (
        criteria.query_type != "idtype-value"
        or _DIGITS.get(criteria.query.type) != len(value)
        or not (value.isascii() and value.isdigit())
    ):
        return "rjct.search_criteria.invalid"
    return None


def _by_pin(store: Store, pins: set[str]) -> Records:
    return {row[0]: [_record(row)] for row in store.by_pin(list(pins))} if pins else {}


def _by_old_number(store: Store, numbers: set[str]) -> Records:
    found: Records = defaultdict(list)
    if numbers:
        for row in store.by_old_number(list(numbers)):
            if row[1] is not None:
                found[row[1]].append(_record(row))
    return found


def _record(row: PersonRow) -> PersonRecord:
    pin, old_number, full_name, sex, birth_date, commune, province, household, died_on, father_pin, mother_pin = row
    identifiers = [Identifier("PIN", pin)]
    if old_number is not None:
        identifiers.append(Identifier("OLD_NUMBER", old_number))
    return PersonRecord(
        identifiers,
        Name(full_name),
        _SEX[sex],
        birth_date,
        Address(province, commune),
        household,
        died_on,
        None if father_pin is None else Identifier("PIN", father_pin),
        None if mother_pin is None else Identifier("PIN", mother_pin),
    )

"""What the calls about health books share: a body read strictly, a key, and a question that is counted, asked and told."""

from __future__ import annotations

import json
from typing import Any, TypeVar

import msgspec

from ansinh.access.tokens import Grant
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.identifiers import Key, parse_key
from ansinh.gateway import problems
from ansinh.gateway.batching import Batcher
from ansinh.gateway.guard.refusals import slowed
from ansinh.gateway.problems import Problem
from ansinh.gateway.standing import CEILING, NOT_LISTED, OFFICER_LENGTH_MAX, Answer, problem_of
from ansinh.gateway.worker import Worker

BODY_BYTES_MAX = 2_048
# A book is some times as long as a standing: so many together answer within some milliseconds.
BATCH_LENGTH_MAX = 128
NOT_OWN, NO_GROUND, NOT_USABLE = 6, 7, 8
HOUR_SECONDS = 3_600
SLOWED = slowed(HOUR_SECONDS - 1, recorded=True)

NOT_OWN_RECORD = Problem(
    403,
    "not_own_record",
    "Công dân chỉ xem được dữ liệu của chính mình (từ đủ 14 tuổi) và của người mà mình được làm thay. Lượt tra cứu này đã được ghi lại.",
    "A citizen reads what is theirs (from the age of 14), and of those they may act for. This look-up was recorded.",
    field="on_behalf_of",
)
NUMBER_UNUSABLE = {
    name: Problem(
        422,
        f"invalid_{name}",
        f"Trường {name} là số mà danh sách đã cho; chỉ ghi ở địa chỉ dùng nó.",
        f"The field {name} is a number the list gave; say it at the address that takes it, and nowhere else.",
        field=name,
    )
    for name in ("visit", "paper")
}
NO_GROUND_HERE = Problem(
    403,
    "no_ground",
    "Chưa có căn cứ xem sổ sức khỏe: người bệnh chưa được tiếp đón ở cơ sở, chưa đồng ý, chưa từng khám ở đây. Gửi tin tiếp đón (XML0), xin người bệnh đồng ý, "
    "hoặc mở khẩn cấp khi cấp cứu. Lượt tra cứu này đã được ghi lại.",
    "There is no ground to read this health book: the patient is not checked in here, gave no consent, was never treated here. Send the check-in (XML0), ask "
    "for consent, or break the glass in an emergency. This look-up was recorded.",
    field="key",
)

S = TypeVar("S", bound=msgspec.Struct)


def decoded(decoder: msgspec.json.Decoder[S], body: bytes, malformed: Problem) -> S:
    """Return the body read strictly: unknown fields, fields said twice and what is no JSON are refused; raises Problem."""
    try:
        asked = decoder.decode(body)
        # The decoder takes the last of repeated fields; a caller who sends two may mean the other.
        said: list[str] = []
        json.loads(body, object_pairs_hook=lambda pairs: said.extend(name for name, _ in pairs))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise malformed from error
    if len(said) != len(set(said)):
        raise malformed
    return asked


def key_of(text: str) -> Key:
    """Return the number a person is asked for by; raises Problem."""
    try:
        return parse_key(text)
    except InvalidInput as refusal:
        raise problems.of_input(refusal) from refusal


def officer_of(text: str) -> str:
    """Return who asks at the facility, when it can be kept; raises Problem."""
    if not 0 < len(text) <= OFFICER_LENGTH_MAX or not text.isprintable() or text.isspace():
        raise problems.OFFICER_UNUSABLE
    return text


class Counted:
    """Asks one kind of question out of shared batches: the guard hears of it before and after, the counters after."""

    def __init__(self, worker: Worker, batcher: Batcher[Any, Answer], call: str) -> None:
        self._batcher = batcher
        self._guard = worker.guard
        self._results = worker.metrics.results_of(call)

    async def ask(self, grant: Grant, officer: str, address: str, question: tuple[Any, ...]) -> Answer:
        """Return what was told, after its audit row is committed; `question` begins with the field a refusal is recorded by. Raises Problem."""
        guard = self._guard
        refusal = guard.check(grant, officer, address) if guard is not None else None
        if refusal is not None:
            if not refusal.recorded:
                raise refusal
            question = (CEILING, *question[1:])
        try:
            told = await self._batcher.submit(question)
        except BaseException as trouble:
            if guard is not None and refusal is None:
                guard.release(grant, officer, address)
            raise problem_of(trouble) from trouble
        result, person, _ = told
        self._results[result] += 1
        if refusal is not None:
            raise refusal
        if guard is not None:
            # A paper that cannot be used is an answer about somebody known, no miss.
            guard.note(grant, officer, address, person, 2 if result == NOT_USABLE else result, question[2])
        _raise_refused(result)
        return told


def _raise_refused(result: int) -> None:
    if result == NOT_LISTED:
        raise problems.OFFICER_NOT_LISTED
    if result == CEILING:
        raise SLOWED
    if result == NOT_OWN:
        raise NOT_OWN_RECORD
    if result == NO_GROUND:
        raise NO_GROUND_HERE

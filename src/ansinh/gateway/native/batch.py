"""`POST /v1/standing:batch`: how up to a thousand persons are insured, one officer, one purpose. Each is a look-up of its own: recorded, counted, answered.

A batch never holds the small requests up: it is asked in slices, one after the other, which take turns with the batches of single look-ups; so many
batches at once, the rest hears 503. A slice that fails tells so for its own numbers; what was answered stays answered.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import msgspec

from ansinh.access.tokens import SANDBOX, STANDING_BATCH, Grant
from ansinh.foundation.clock import legal_day
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.identifiers import Key, parse_key
from ansinh.gateway import problems, xroad
from ansinh.gateway.batching import Batcher, QuestionRefused, QueueFull, StoreAway
from ansinh.gateway.bounding import Bounded
from ansinh.gateway.problems import Problem, language_of
from ansinh.gateway.rehearsing import rehearsed
from ansinh.gateway.routes import JSON_ANSWER, Answered, Headers, Route
from ansinh.gateway.standing import CEILING, NOT_LISTED, ONE_OF_MANY, STANDING, STANDING_XROAD, Answer, purpose_of
from ansinh.gateway.worker import Worker

PATH = "/v1/standing:batch"
KEYS_MAX = 1_000
# A thousand QR texts of two hundred letters, three bytes each, and room.
BODY_BYTES_MAX = 768 * 1_024
# A small request waits for a slice at most: some milliseconds.
SLICE_LENGTH = 64
BATCHES_AT_ONCE_MAX = 8
BATCHES_WAITING_MAX = 32

NOT_JSON = Problem(
    400,
    "malformed_body",
    "Nội dung không phải JSON đúng mẫu: một đối tượng có đúng ba trường keys (danh sách chuỗi), purpose, officer, mỗi trường một lần.",
    "The body is not the JSON expected: one object with exactly the fields keys (a list of strings), purpose and officer, each once.",
)
KEYS_UNUSABLE = Problem(
    422,
    "invalid_batch",
    f"Mỗi lần gửi từ 1 đến {KEYS_MAX} số. Chia danh sách dài thành nhiều lần.",
    f"Send 1 to {KEYS_MAX} numbers at a time. Split a longer list.",
    field="keys",
)


class BatchRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of the call."""

    keys: list[str]
    purpose: str
    officer: str


_decode = msgspec.json.Decoder(BatchRequest).decode


def routes(worker: Worker) -> dict[str, Route]:
    """Return the address of the call."""
    return {PATH: Route(BatchCall(worker).answer, body_bytes_max=BODY_BYTES_MAX)}


class BatchCall:
    """Answers a batch slice by slice."""

    def __init__(self, worker: Worker) -> None:
        self._plain: Batcher[Any, Answer] = worker.batcher(STANDING, batch_length_max=SLICE_LENGTH)
        self._with_xroad: Batcher[Any, Answer] = worker.batcher(STANDING_XROAD, batch_length_max=SLICE_LENGTH)
        self._gate = Bounded(BATCHES_AT_ONCE_MAX, waiting_max=BATCHES_WAITING_MAX)
        self._tokens = worker.tokens
        self._limits = worker.limits
        self._clock = worker.configuration.clock
        self._guard = worker.guard
        self._results = worker.metrics.results_of("standing_batch")

    async def answer(self, method: str, headers: Headers, query: str, body: bytes, address: str) -> Answered:
        """Return an answer or a problem for each number, in their order; raises Problem when the whole batch is refused."""
        grant = self._tokens.grant(headers.get("authorization"), STANDING_BATCH)
        asked = _asked(body)
        purpose = purpose_of(asked.purpose, asked.officer)
        said = () if headers.get(xroad.CLIENT) is None else (xroad.statement(headers),)
        told = self._limits.take(grant, len(asked.keys))
        keys = [_key(text) for text in asked.keys]
        language = language_of(headers.get("accept-language"))
        if SANDBOX in grant.scopes:
            return 200, JSON_ANSWER + told, _listed(asked.keys, keys, self._rehearsed(keys), language)
        refusal = self._guard.check(grant, asked.officer, address, len(asked.keys)) if self._guard is not None else None
        if refusal is not None and not refusal.recorded:
            raise refusal
        rest = (grant.client_no, grant.facility, asked.officer, purpose, *said)
        begin = (ONE_OF_MANY, 0 if refusal is None else CEILING)
        questions = {
            place: (*begin, key.kind, key.value, *rest) for place, key in enumerate(keys) if isinstance(key, Key)
        }
        who = (grant, asked.officer, address)
        heard: dict[int, Answer | Problem] = {}
        try:
            batcher = self._with_xroad if said else self._plain
            answers = await self._gate.run(lambda: self._in_slices(questions, batcher, heard))
        finally:
            self._count(heard)
            if refusal is None:
                self._note(who, questions, heard, len(asked.keys))
        if refusal is not None:
            raise refusal
        return 200, JSON_ANSWER + told, _listed(asked.keys, keys, answers, language)

    def _rehearsed(self, keys: list[Key | Problem]) -> dict[int, Answer | Problem]:
        answers: dict[int, Answer | Problem] = {}
        for place, key in enumerate(keys):
            if isinstance(key, Key):
                try:
                    answers[place] = (1, 0, rehearsed(key.kind, key.value, legal_day(self._clock.now())))
                except Problem as asked_for:
                    answers[place] = asked_for
        return answers

    async def _in_slices(
        self, questions: dict[int, Any], batcher: Batcher[Any, Answer], answers: dict[int, Answer | Problem]
    ) -> dict[int, Answer | Problem]:
        """Fill in an answer or a problem by place; raises Problem when none could be answered, or when the officer may not ask."""
        places = list(questions)
        for first in range(0, len(places), SLICE_LENGTH):
            slice_ = places[first : first + SLICE_LENGTH]
            heard = await asyncio.gather(*(_ask(batcher, questions[place]) for place in slice_))
            answers.update(zip(slice_, heard, strict=True))
            if any(not isinstance(one, Problem) and one[0] == NOT_LISTED for one in heard):
                raise problems.OFFICER_NOT_LISTED
        away = [
            one for one in answers.values() if isinstance(one, Problem) and one.status == problems.UNAVAILABLE.status
        ]
        if answers and len(away) == len(answers):
            raise away[0]
        return answers

    def _count(self, answers: dict[int, Answer | Problem]) -> None:
        for answer in answers.values():
            if not isinstance(answer, Problem):
                self._results[answer[0]] += 1

    def _note(
        self,
        who: tuple[Grant, str, str],
        questions: dict[int, Any],
        answers: dict[int, Answer | Problem],
        let_through: int,
    ) -> None:
        """Tell the guard whom the batch was about, and give back the questions nobody answered."""
        if self._guard is None:
            return
        answered = 0
        for place, answer in answers.items():
            if not isinstance(answer, Problem):
                self._guard.note(*who, answer[1], answer[0], questions[place][3])
                answered += 1
        if answered < let_through:
            self._guard.release(*who, let_through - answered)


async def _ask(batcher: Batcher[Any, Answer], question: Any) -> Answer | Problem:
    try:
        return await batcher.submit(question)
    except QueueFull:
        return problems.OVERLOADED
    except StoreAway:
        return problems.UNAVAILABLE
    except QuestionRefused:
        return problems.QUESTION_REFUSED


def _asked(body: bytes) -> BatchRequest:
    try:
        asked = _decode(body)
        named = json.loads(body, object_pairs_hook=len)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise NOT_JSON from error
    if named != len(BatchRequest.__struct_fields__):
        raise NOT_JSON
    if not 0 < len(asked.keys) <= KEYS_MAX:
        raise KEYS_UNUSABLE
    return asked


def _key(text: str) -> Key | Problem:
    try:
        return parse_key(text)
    except InvalidInput as refusal:
        return problems.of_input(refusal)


def _listed(texts: list[str], keys: list[Key | Problem], answers: dict[int, Answer | Problem], language: str) -> bytes:
    items: list[bytes] = []
    for place, (text, key) in enumerate(zip(texts, keys, strict=True)):
        answer = key if isinstance(key, Problem) else answers[place]
        items.append(_refused(text, answer, language) if isinstance(answer, Problem) else answer[2])
    return b'{"answers":[' + b",".join(items) + b"]}"


def _refused(text: str, problem: Problem, language: str) -> bytes:
    document = problem.document(language)
    document.pop("errors", None)
    return msgspec.json.encode({"asked": {"key": text}, "problem": document})

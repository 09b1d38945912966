"""The hot call: `POST /v1/standing`. How is this person insured, for a hospital that may ask and says why."""

from __future__ import annotations

import json

import msgspec

from ansinh.access.tokens import SANDBOX, STANDING_READ, Grant
from ansinh.foundation.clock import legal_day
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.identifiers import parse_key
from ansinh.foundation.purpose import FACILITY_PURPOSES
from ansinh.gateway import problems, xroad
from ansinh.gateway.batching import Batcher, QuestionRefused, QueueFull, StoreAway
from ansinh.gateway.rehearsing import rehearsed
from ansinh.gateway.routes import JSON_ANSWER, Answered, Headers, Route
from ansinh.gateway.store import Published
from ansinh.gateway.worker import Worker

OFFICER_LENGTH_MAX = 64

STANDING = Published(
    "standing_v1",
    "p_chain_id bigint, p_asked_at timestamp with time zone, p_calls smallint[], p_refused smallint[], p_kinds smallint[], p_keys text[], "
    "p_clients integer[], p_facilities text[], p_officers text[], p_purposes smallint[]",
    "TABLE(result smallint, person_id bigint, answer bytea)",
)
STANDING_XROAD = Published("standing_xroad_v1", f"{STANDING.arguments}, p_statements text[]", STANDING.result)
PUBLISHED = (STANDING, STANDING_XROAD)

# Call (1 one person, 2 one of many), refused (0, or CEILING to have a refusal recorded), kind of key, key, client number, facility, officer, purpose.
Question = tuple[int, int, int, str, int, str, str, int]
# Result, the person it was about (0: nobody), the answer as JSON.
Answer = tuple[int, int, bytes]

ONE, ONE_OF_MANY = 1, 2
NOT_LISTED, CEILING = 3, 5

_PURPOSES = {purpose.code: purpose.value for purpose in FACILITY_PURPOSES}
_FIELDS = (b'"key"', b'"purpose"', b'"officer"')


class StandingRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """The body of the call."""

    key: str
    purpose: str
    officer: str


_decode = msgspec.json.Decoder(StandingRequest).decode


def routes(worker: Worker) -> dict[str, Route]:
    """Return the address of the hot call."""
    return {"/v1/standing": Route(StandingCall(worker).answer)}


class StandingCall:
    """Answers one request after the other out of the shared batches."""

    def __init__(self, worker: Worker) -> None:
        self._batcher: Batcher[Question, Answer] = worker.batcher(STANDING)
        self._with_xroad: Batcher[tuple[object, ...], Answer] = worker.batcher(STANDING_XROAD)
        self._tokens = worker.tokens
        self._limits = worker.limits
        self._clock = worker.configuration.clock
        self._guard = worker.guard
        self._results = worker.metrics.results_of("standing")

    async def answer(self, method: str, headers: Headers, query: str, body: bytes, address: str) -> Answered:
        """Return the answer as JSON, after its audit row is committed; raises Problem."""
        grant = self._tokens.grant(headers.get("authorization"), STANDING_READ)
        told = self._limits.take(grant)
        question = _question(grant, body)
        if SANDBOX in grant.scopes:
            return 200, JSON_ANSWER + told, rehearsed(question[2], question[3], legal_day(self._clock.now()))
        guard = self._guard
        refusal = None
        if guard is not None:
            refusal = guard.check(grant, question[6], address)
            if refusal is not None:
                if not refusal.recorded:
                    raise refusal
                question = (ONE, CEILING, *question[2:])
        try:
            if headers.get(xroad.CLIENT) is None:
                result, person, answer = await self._batcher.submit(question)
            else:
                result, person, answer = await self._with_xroad.submit((*question, xroad.statement(headers)))
        except BaseException as trouble:
            if guard is not None and refusal is None:
                guard.release(grant, question[6], address)
            raise problem_of(trouble) from trouble
        self._results[result] += 1
        if refusal is not None:
            raise refusal
        if guard is not None:
            guard.note(grant, question[6], address, person, result, question[3])
        if result == NOT_LISTED:
            raise problems.OFFICER_NOT_LISTED
        return 200, JSON_ANSWER + told, answer


def problem_of(trouble: BaseException) -> BaseException:
    """Return what a caller is told when a question got no answer; anything unforeseen as it is."""
    if isinstance(trouble, QueueFull):
        return problems.OVERLOADED
    if isinstance(trouble, StoreAway):
        return problems.UNAVAILABLE
    return problems.QUESTION_REFUSED if isinstance(trouble, QuestionRefused) else trouble


def _question(grant: Grant, body: bytes) -> Question:
    try:
        asked = _decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise problems.NOT_JSON from error
    if b"\\" in body or body.count(b'"') != 12:
        _refuse_repeated_fields(body)
    purpose = purpose_of(asked.purpose, asked.officer)
    try:
        key = parse_key(asked.key)
    except InvalidInput as refusal:
        raise problems.of_input(refusal) from refusal
    return ONE, 0, key.kind, key.value, grant.client_no, grant.facility, asked.officer, purpose


def purpose_of(purpose: str, officer: str) -> int:
    """Return the number of the purpose somebody asks for, when both can be used; raises Problem."""
    known = _PURPOSES.get(purpose)
    if known is None:
        raise problems.PURPOSE_UNKNOWN
    if not 0 < len(officer) <= OFFICER_LENGTH_MAX or not officer.isprintable() or officer.isspace():
        raise problems.OFFICER_UNUSABLE
    return known


def _refuse_repeated_fields(body: bytes) -> None:
    """The decoder takes the last of repeated fields; a caller who sends two may mean the other. Three fields and three values have twelve quotes."""
    names: list[str] = []
    json.loads(body, object_pairs_hook=lambda pairs: names.extend(name for name, _ in pairs))
    if len(names) != len(_FIELDS):
        raise problems.NOT_JSON

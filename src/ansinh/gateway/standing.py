"""The hot call: `POST /v1/standing`. How is this person insured, for a hospital that may ask and says why."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import msgspec

from ansinh.access.tokens import STANDING_READ, BadToken, Grant, TokenVerifier
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.identifiers import parse_key
from ansinh.foundation.purpose import Purpose
from ansinh.gateway import problems
from ansinh.gateway.batching import Batcher, QuestionRefused, QueueFull, StoreAway
from ansinh.gateway.metrics import Metrics
from ansinh.gateway.problems import Problem
from ansinh.gateway.store import Answer, Question

BODY_BYTES_MAX = 8_192
OFFICER_LENGTH_MAX = 64
TOKENS_KEPT_MAX = 20_000

_PURPOSES = {purpose.code: purpose.value for purpose in Purpose}
_FIELDS = (b'"key"', b'"purpose"', b'"officer"')


class StandingRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """The body of the call."""

    key: str
    purpose: str
    officer: str


_decode = msgspec.json.Decoder(StandingRequest).decode


class TokenCache:
    """Grants of tokens that were verified, until they expire; the oldest leave when it is full."""

    def __init__(
        self, verifier: TokenVerifier, *, kept_max: int = TOKENS_KEPT_MAX, now: Callable[[], float] = time.time
    ) -> None:
        self._verifier = verifier
        self._kept_max = kept_max
        self._now = now
        self._grants: dict[str, Grant] = {}

    def grant(self, authorization: str | None) -> Grant:
        """Return what the value of an Authorization header proves; raises Problem."""
        now = self._now()
        kept = self._grants.get(authorization) if authorization is not None else None
        if kept is not None and kept.expires_at_seconds > now:
            return kept
        return self._verified(authorization, now)

    def _verified(self, authorization: str | None, now: float) -> Grant:
        if authorization is None:
            raise problems.TOKEN_MISSING
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise problems.TOKEN_MISSING
        self._grants.pop(authorization, None)
        try:
            grant = self._verifier.verify(token, now)
        except BadToken as bad:
            raise problems.TOKEN_INVALID from bad
        if STANDING_READ not in grant.scopes:
            raise problems.SCOPE_MISSING
        if len(self._grants) >= self._kept_max:
            del self._grants[next(iter(self._grants))]
        self._grants[authorization] = grant
        return grant


class StandingCall:
    """Answers one request after the other out of the shared batches."""

    def __init__(self, batcher: Batcher[Question, Answer], tokens: TokenCache, metrics: Metrics) -> None:
        self._batcher = batcher
        self._tokens = tokens
        self._metrics = metrics

    async def answer(self, authorization: str | None, body: bytes) -> bytes:
        """Return the answer as JSON, after its audit row is committed; raises Problem."""
        grant = self._tokens.grant(authorization)
        question = _question(grant, body)
        try:
            result, answer = await self._batcher.submit(question)
        except QueueFull as full:
            raise problems.OVERLOADED from full
        except StoreAway as away:
            raise problems.UNAVAILABLE from away
        except QuestionRefused as refused:
            raise problems.QUESTION_REFUSED from refused
        self._metrics.answers[result] += 1
        return answer


def _question(grant: Grant, body: bytes) -> Question:
    try:
        asked = _decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise problems.NOT_JSON from error
    if b"\\" in body or body.count(b'"') != 12:
        _refuse_repeated_fields(body)
    purpose = _PURPOSES.get(asked.purpose)
    if purpose is None:
        raise problems.PURPOSE_UNKNOWN
    officer = asked.officer
    if not 0 < len(officer) <= OFFICER_LENGTH_MAX or not officer.isprintable() or officer.isspace():
        raise problems.OFFICER_UNUSABLE
    try:
        key = parse_key(asked.key)
    except InvalidInput as refusal:
        raise problems.of_input(refusal) from refusal
    return key.kind, key.value, grant.client_no, grant.facility, officer, purpose


def _refuse_repeated_fields(body: bytes) -> None:
    """The decoder takes the last of repeated fields; a caller who sends two may mean the other. Three fields and three values have twelve quotes."""
    names: list[str] = []
    json.loads(body, object_pairs_hook=lambda pairs: names.extend(name for name, _ in pairs))
    if len(names) != len(_FIELDS):
        raise problems.NOT_JSON


__all__ = ["BODY_BYTES_MAX", "Problem", "StandingCall", "TokenCache"]

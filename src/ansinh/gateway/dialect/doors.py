"""The addresses of the compatible door, and what they need the database to publish."""

from __future__ import annotations

from typing import Any

from ansinh.access.tokens.dialect import DialectVerifier
from ansinh.gateway.batching import Batcher
from ansinh.gateway.dialect.answers import card_refusal, copayment_refusal, telling, token_refusal, visits_refusal
from ansinh.gateway.dialect.credentials import QUERY_LENGTH_MAX, Credentials
from ansinh.gateway.dialect.lookups import CARD, COPAYMENTS, DIALECT, VISITS, Kind, Lookup, Question
from ansinh.gateway.dialect.signing_in import ACCOUNT, ATTEMPT, SignIn
from ansinh.gateway.dialect.stopped import STOPPED, tell_stopped
from ansinh.gateway.routes import Route
from ansinh.gateway.worker import Worker

PUBLISHED = (DIALECT, ACCOUNT, ATTEMPT)
BODY_BYTES_MAX = 4_096


def routes(worker: Worker) -> dict[str, Route]:
    """Return the addresses of the compatible door."""
    verifier = DialectVerifier(worker.configuration.secrets)
    credentials = Credentials(verifier)
    batcher: Batcher[Question, Any] = worker.batcher(DIALECT)

    def lookup(kind: Kind, query_length_max: int) -> Route:
        call = Lookup(worker, batcher, credentials, kind)
        return _door(call.answer, kind.render, query_length_max)

    return {
        "/api/egw/KQNhanLichSuKCB2024": lookup(Kind(CARD, "card", card_refusal), QUERY_LENGTH_MAX),
        "/api/egw/Lskcb2025": lookup(Kind(VISITS, "visits", visits_refusal), QUERY_LENGTH_MAX),
        "/api/TraCuuCCT/TraCuuTienMCCT": lookup(Kind(COPAYMENTS, "copayments", copayment_refusal), QUERY_LENGTH_MAX),
        "/api/token/take": _door(SignIn(worker, verifier).answer, token_refusal, QUERY_LENGTH_MAX, "500"),
        **{f"/api/egw/{name}": _door(tell_stopped, card_refusal, QUERY_LENGTH_MAX) for name in STOPPED},
    }


def _door(answer: Any, render: Any, query_length_max: int, trouble: str = "101") -> Route:
    return Route(
        answer,
        kinds=None,
        body_bytes_max=BODY_BYTES_MAX,
        length_required=False,
        query_length_max=query_length_max,
        tell=telling(render, trouble),
    )

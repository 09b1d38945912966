"""Asking for a book: who asks and what for, the ceilings, the shared batches; the answer comes after its audit row is committed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ansinh.access.tokens import SANDBOX, Grant, permits
from ansinh.foundation.purpose import FACILITY_PURPOSES, Purpose
from ansinh.gateway import problems
from ansinh.gateway.batching import Batcher
from ansinh.gateway.fhir import refusals
from ansinh.gateway.fhir.rows import Book, decode
from ansinh.gateway.problems import Problem
from ansinh.gateway.routes import Headers
from ansinh.gateway.standing import CEILING, NOT_LISTED, OFFICER_LENGTH_MAX, Answer, problem_of
from ansinh.gateway.store import Published
from ansinh.gateway.worker import Worker

# A book is many times as long as a standing: so many together answer within some tens of milliseconds.
BATCH_LENGTH_MAX = 8
NOBODY, ANSWERED, NOT_OPEN = 0, 1, 7
OFFICER, PURPOSE = "ansinh-officer", "ansinh-purpose"
# How a person is asked for by the number of the record, which only an id of ours leads to.
RECORD = 0
_PURPOSES = {purpose.code: purpose.value for purpose in FACILITY_PURPOSES}

BOOK = Published(
    "fhir_book_v1",
    "p_chain_id bigint, p_asked_at timestamp with time zone, p_refused smallint[], p_kinds smallint[], p_keys text[], p_clients integer[], "
    "p_facilities text[], p_officers text[], p_purposes smallint[], p_parts integer[], p_visits bigint[]",
    "TABLE(result smallint, person_id bigint, answer bytea)",
)

# Refused (0, or CEILING to have a refusal recorded), kind of key, key, client number, facility, officer, purpose, parts, visit (0: all).
Question = tuple[int, int, str, int, str, str, int, int, int]


@dataclass(frozen=True)
class Asker:
    """Who asks: what the token proves, and what the headers say; from which address."""

    grant: Grant
    officer: str
    purpose: int
    address: str
    # What its answers say of the client's quota.
    told: tuple[tuple[str, str], ...]


class Asking:
    """Asks for books in the name of facilities' clients."""

    def __init__(self, worker: Worker) -> None:
        self._batcher: Batcher[Question, Answer] = worker.batcher(BOOK, batch_length_max=BATCH_LENGTH_MAX)
        self._tokens = worker.tokens
        self._limits = worker.limits
        self._guard = worker.guard
        self._results = worker.metrics.results_of("fhir")

    def asker(self, headers: Headers, address: str, scope: str) -> Asker:
        """Return who asks, for a call that needs a scope such as `system/Patient.r`; raises Problem."""
        grant = self._tokens.proved(headers.get("authorization"))
        if not permits(grant.scopes, scope):
            raise problems.scope_missing(scope)
        if SANDBOX in grant.scopes:
            raise refusals.NO_REHEARSAL
        if not grant.facility:
            raise refusals.WRONG_KIND_OF_CLIENT
        told = self._limits.take(grant)
        officer = (headers.get(OFFICER) or "").strip()
        if not 0 < len(officer) <= OFFICER_LENGTH_MAX or not officer.isprintable():
            raise refusals.OFFICER_NEEDED
        purpose = _PURPOSES.get(headers.get(PURPOSE) or Purpose.TREATMENT.code)
        if purpose is None:
            raise refusals.PURPOSE_UNKNOWN
        return Asker(grant, officer, purpose, address, told)

    async def book(self, asker: Asker, key: tuple[int, str], parts: int, visit: int = 0) -> tuple[str, Book | None]:
        """Return the number of the audit row and the book asked for (None: there is no such person); raises Problem."""
        grant = asker.grant
        refusal = self._guard.check(grant, asker.officer, asker.address) if self._guard is not None else None
        if refusal is not None and not refusal.recorded:
            raise refusal
        begin = 0 if refusal is None else CEILING
        question = (begin, *key, grant.client_no, grant.facility, asker.officer, asker.purpose, int(parts), visit)
        try:
            result, person, answer = await self._batcher.submit(question)
        except BaseException as trouble:
            if self._guard is not None and refusal is None:
                self._guard.release(grant, asker.officer, asker.address)
            raise problem_of(trouble) from trouble
        self._results[result] += 1
        if refusal is not None:
            raise refusal
        if self._guard is not None:
            self._guard.note(grant, asker.officer, asker.address, person, result, key[1])
        _require_told(result)
        told = decode(answer)
        return told.audit_id, told.book


def _require_told(result: int) -> None:
    refused: dict[int, Problem] = {NOT_LISTED: problems.OFFICER_NOT_LISTED, NOT_OPEN: refusals.NOT_PERMITTED}
    if result in refused:
        raise refused[result]


def told_headers(asker: Asker, audit_id: str) -> list[tuple[str, Any]]:
    """Return the headers of an answer about a person: it must not be kept on the way, and says its audit row."""
    return [("cache-control", "no-store"), ("ansinh-audit-id", audit_id), *asker.told]

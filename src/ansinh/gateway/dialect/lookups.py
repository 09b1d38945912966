"""Card, visits and co-payments of a patient, for older hospital software: `KQNhanLichSuKCB2024`, `Lskcb2025`, `TraCuuTienMCCT`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ansinh.access.tokens.dialect import DialectGrant
from ansinh.gateway.batching import Batcher, QuestionRefused
from ansinh.gateway.dialect import rehearsal
from ansinh.gateway.dialect.answers import HEADERS, Render, refusals_of, wrong_form
from ansinh.gateway.dialect.credentials import Credentials, NotProven
from ansinh.gateway.dialect.particulars import Particulars, WrongForm, read_copayment, read_lookup
from ansinh.gateway.routes import Answered, Headers
from ansinh.gateway.standing import CEILING, problem_of
from ansinh.gateway.store import Published
from ansinh.gateway.worker import Worker

CARD, VISITS, COPAYMENTS = 3, 4, 5
"""Kinds of call, by their numbers in the audit."""

DIALECT = Published(
    "dialect_v1",
    "p_chain_id bigint, p_asked_at timestamp with time zone, p_calls smallint[], p_refused smallint[], p_kinds smallint[], p_keys text[], p_clients integer[], "
    "p_facilities text[], p_officers text[], p_officer_names text[], p_names text[], p_years smallint[], p_months smallint[], p_days smallint[]",
    "TABLE(result smallint, code text, audit_id bigint, person bigint, answer bytea)",
)

# Call, refused (0, or the result to record), kind of key, key, client number, facility, officer's number and name, holder's name, year, month and day of birth.
Question = tuple[int, int, int, str, int, str, str, str, str, int, int, int]


@dataclass(frozen=True)
class Kind:
    """What tells one of the three calls from the others: its number, its name in the metrics, and how it words a refusal."""

    call: int
    name: str
    render: Render


class Lookup:
    """Answers one of the three calls out of the batches they share."""

    def __init__(self, worker: Worker, batcher: Batcher[Question, Any], credentials: Credentials, kind: Kind) -> None:
        self._batcher = batcher
        self._credentials = credentials
        self._limits = worker.limits
        self._guard = worker.guard
        self._results = worker.metrics.results_of(f"dialect {kind.name}")
        self._problems = worker.metrics.problems
        self._call = kind.call
        self._name = kind.name
        self._render = kind.render
        self._refusals = refusals_of(kind.render)

    async def answer(self, method: str, headers: Headers, query: str, body: bytes, address: str) -> Answered:
        """Return the answer after its audit row is committed: 200 whatever the code, as callers expect; raises Problem for our own troubles."""
        try:
            if self._call == COPAYMENTS:
                username, asked = read_copayment(body, headers.get("content-type"))
                proven = self._credentials.of_headers(headers, username)
                if not asked.officer:
                    asked = asked._replace(officer=proven.username)
            else:
                proven = self._credentials.of_query(query)
                asked = read_lookup(body, headers.get("content-type"))
        except NotProven:
            return self._refused("401")
        except WrongForm as wrong:
            self._problems[200, "dialect_205"] += 1
            return 200, HEADERS, wrong_form(self._render, wrong.field)
        self._limits.take(proven.grant)
        if proven.sandbox:
            return 200, HEADERS, rehearsal.answer(self._name, asked, self._render)
        return await self._ask(proven, asked, address)

    async def _ask(self, proven: DialectGrant, asked: Particulars, address: str) -> Answered:
        grant, guard = proven.grant, self._guard
        refusal = guard.check(grant, asked.officer, address) if guard is not None else None
        if refusal is not None and not refusal.recorded:
            raise refusal
        kind, key, officer, officer_name, name, year, month, day = asked
        facility, refused = grant.facility, 0 if refusal is None else CEILING
        question = (
            self._call, refused, kind, key, grant.client_no, facility, officer, officer_name, name, year, month, day
        )  # fmt: skip
        try:
            result, code, audit_id, person, told = await self._batcher.submit(question)
        except BaseException as trouble:
            if guard is not None and refusal is None:
                guard.release(grant, officer, address)
            if isinstance(trouble, QuestionRefused):
                return self._refused("205")
            raise problem_of(trouble) from trouble
        self._results[result] += 1
        if refusal is not None:
            raise refusal
        if guard is not None:
            guard.note(grant, officer, address, person, result, key)
        return 200, [*HEADERS, ("audit-id", str(audit_id))], told if told is not None else self._refusals[code]

    def _refused(self, code: str) -> Answered:
        """Refuse without having asked anybody about anybody, so without an audit row; counted among the problems."""
        self._problems[200, f"dialect_{code}"] += 1
        return 200, HEADERS, self._refusals[code]

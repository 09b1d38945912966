"""`POST /v1/health/…`: a health book read by an officer of a facility for a purpose; citizens' apps pull theirs at `/v1/eid/…`.

One body for all five; a visit or a paper is named by the number the list gave.
"""

from __future__ import annotations

import msgspec

from ansinh.access.tokens import HEALTH_READ, SANDBOX, Grant
from ansinh.gateway.health.asking import BATCH_LENGTH_MAX, BODY_BYTES_MAX, NUMBER_UNUSABLE, Counted, decoded, key_of
from ansinh.gateway.health.rehearsing import rehearsed_reading
from ansinh.gateway.problems import Problem
from ansinh.gateway.routes import JSON_ANSWER, Answered, Headers, Route
from ansinh.gateway.standing import purpose_of
from ansinh.gateway.store import Published
from ansinh.gateway.worker import Worker

# Kind of reading → what it is called in the answer.
KINDS = {
    "summary": "book",
    "visit": "visit",
    "referrals": "referrals",
    "appointments": "appointments",
    "papers": "papers",
}
NUMBER_LENGTH_MAX = 18

_ARGUMENTS = (
    "p_chain_id bigint, p_asked_at timestamp with time zone, p_refused smallint[], p_kinds smallint[], p_keys text[], p_clients integer[], "
    "p_facilities text[], p_officers text[], p_purposes smallint[], p_citizens text[], p_which bigint[]"
)
HEALTH = {
    kind: Published(f"health_{kind}_v1", _ARGUMENTS, "TABLE(result smallint, person_id bigint, answer bytea)")
    for kind in KINDS
}
PUBLISHED = tuple(HEALTH.values())

# Refused, kind of key, key, client number, facility, officer, purpose, the citizen's personal number, which record.
Question = tuple[int, int, str, int, str, str, int, str, int]

NOT_JSON = Problem(
    400,
    "malformed_body",
    "Nội dung không phải JSON đúng mẫu: một đối tượng có key, purpose, officer, và tùy địa chỉ visit hoặc paper; đều là chuỗi, mỗi trường một lần.",
    "The body is not the JSON expected: one object with key, purpose and officer, and where the address takes it visit or paper; all strings, each once.",
)


class HealthRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """The body of the calls."""

    key: str
    purpose: str
    officer: str
    visit: str = ""
    paper: str = ""


_decoder = msgspec.json.Decoder(HealthRequest)


def routes(worker: Worker) -> dict[str, Route]:
    """Return the addresses of the readings."""
    return {
        f"/v1/health/{kind}": Route(ReadingCall(worker, kind).answer, body_bytes_max=BODY_BYTES_MAX) for kind in KINDS
    }


class ReadingCall:
    """Answers one request after the other out of the shared batches of its kind."""

    def __init__(self, worker: Worker, kind: str) -> None:
        self._kind = kind
        self._counted = Counted(
            worker, worker.batcher(HEALTH[kind], batch_length_max=BATCH_LENGTH_MAX), f"health_{kind}"
        )
        self._tokens = worker.tokens
        self._limits = worker.limits

    async def answer(self, method: str, headers: Headers, query: str, body: bytes, address: str) -> Answered:
        """Return what may be seen as JSON, after its audit row is committed; raises Problem."""
        grant = self._tokens.grant(headers.get("authorization"), HEALTH_READ)
        told = self._limits.take(grant)
        question = self._question(grant, decoded(_decoder, body, NOT_JSON))
        if SANDBOX in grant.scopes:
            return 200, JSON_ANSWER + told, rehearsed_reading(KINDS[self._kind], question[1], question[2])
        _, _, answer = await self._counted.ask(grant, question[5], address, question)
        return 200, JSON_ANSWER + told, answer

    def _question(self, grant: Grant, asked: HealthRequest) -> Question:
        purpose = purpose_of(asked.purpose, asked.officer)
        key = key_of(asked.key)
        which = self._which(asked)
        return 0, key.kind, key.value, grant.client_no, grant.facility, asked.officer, purpose, "", which

    def _which(self, asked: HealthRequest) -> int:
        """Return the number of the record asked for, 0 for none; a visit must be named, a paper may."""
        for name, kind in (("visit", "visit"), ("paper", "papers")):
            text: str = getattr(asked, name)
            if self._kind == kind and (text or name == "visit"):
                if not (text.isascii() and text.isdigit() and len(text) <= NUMBER_LENGTH_MAX):
                    raise NUMBER_UNUSABLE[name]
                return int(text)
            if text:
                raise NUMBER_UNUSABLE[name]
        return 0

"""`POST /v1/health:break-glass`: an officer of a facility opens a whole book in an emergency, with a reason the patient reads."""

from __future__ import annotations

import msgspec

from ansinh.access.tokens import HEALTH_READ, SANDBOX
from ansinh.gateway.health.asking import BATCH_LENGTH_MAX, BODY_BYTES_MAX, Counted, decoded, key_of, officer_of
from ansinh.gateway.health.rehearsing import rehearsed_glass
from ansinh.gateway.problems import Problem
from ansinh.gateway.routes import JSON_ANSWER, Answered, Headers, Route
from ansinh.gateway.store import Published
from ansinh.gateway.worker import Worker

PATH = "/v1/health:break-glass"
REASON_LENGTH_MIN, REASON_LENGTH_MAX = 10, 300

GLASS = Published(
    "health_glass_v1",
    "p_chain_id bigint, p_asked_at timestamp with time zone, p_refused smallint[], p_kinds smallint[], p_keys text[], p_clients integer[], "
    "p_facilities text[], p_officers text[], p_reasons text[]",
    "TABLE(result smallint, person_id bigint, answer bytea)",
)
PUBLISHED = (GLASS,)

NOT_JSON = Problem(
    400,
    "malformed_body",
    "Nội dung không phải JSON đúng mẫu: một đối tượng có đúng ba trường key, officer, reason, đều là chuỗi, mỗi trường một lần.",
    "The body is not the JSON expected: one object with exactly the fields key, officer and reason, all strings, each once.",
)
REASON_UNUSABLE = Problem(
    422,
    "invalid_reason",
    f"Cần ghi lý do cấp cứu, từ {REASON_LENGTH_MIN} đến {REASON_LENGTH_MAX} ký tự trên một dòng; người bệnh sẽ đọc lý do này.",
    f"Say why it is an emergency, in {REASON_LENGTH_MIN} to {REASON_LENGTH_MAX} characters on one line; the patient will read it.",
    field="reason",
)


class GlassRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """The body of the call."""

    key: str
    officer: str
    reason: str


_decoder = msgspec.json.Decoder(GlassRequest)


def routes(worker: Worker) -> dict[str, Route]:
    """Return the address of the call."""
    return {PATH: Route(GlassCall(worker).answer, body_bytes_max=BODY_BYTES_MAX)}


class GlassCall:
    """Answers one request after the other out of the shared batches."""

    def __init__(self, worker: Worker) -> None:
        self._counted = Counted(worker, worker.batcher(GLASS, batch_length_max=BATCH_LENGTH_MAX), "health_glass")
        self._tokens = worker.tokens
        self._limits = worker.limits

    async def answer(self, method: str, headers: Headers, query: str, body: bytes, address: str) -> Answered:
        """Return until when the book is open, after the notice to the patient and the audit row are committed; raises Problem."""
        grant = self._tokens.grant(headers.get("authorization"), HEALTH_READ)
        told = self._limits.take(grant)
        asked = decoded(_decoder, body, NOT_JSON)
        officer, reason = officer_of(asked.officer), asked.reason.strip()
        if not REASON_LENGTH_MIN <= len(reason) <= REASON_LENGTH_MAX or not reason.isprintable():
            raise REASON_UNUSABLE
        key = key_of(asked.key)
        if SANDBOX in grant.scopes:
            return 200, JSON_ANSWER + told, rehearsed_glass(key.kind, key.value)
        question = (0, key.kind, key.value, grant.client_no, grant.facility, officer, reason)
        _, _, answer = await self._counted.ask(grant, officer, address, question)
        return 200, JSON_ANSWER + told, answer

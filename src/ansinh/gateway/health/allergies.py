"""`POST /v1/health/allergies`: a facility writes down what a patient there answers when asked about allergies."""

from __future__ import annotations

import msgspec

from ansinh.access.tokens import HEALTH_READ, SANDBOX
from ansinh.gateway.health.asking import BATCH_LENGTH_MAX, BODY_BYTES_MAX, Counted, decoded, key_of, officer_of
from ansinh.gateway.health.rehearsing import rehearsed_allergy
from ansinh.gateway.problems import Problem
from ansinh.gateway.routes import JSON_ANSWER, Answered, Headers, Route
from ansinh.gateway.store import Published
from ansinh.gateway.worker import Worker

PATH = "/v1/health/allergies"
STATEMENTS = frozenset({"allergy", "none_known", "refuted", "not_asked"})
OF_A_SUBSTANCE = frozenset({"allergy", "refuted"})
SUBSTANCE_LENGTH_MAX, CODE_LENGTH_MAX = 200, 40

ALLERGY = Published(
    "health_allergy_v1",
    "p_chain_id bigint, p_asked_at timestamp with time zone, p_refused smallint[], p_kinds smallint[], p_keys text[], p_clients integer[], "
    "p_facilities text[], p_officers text[], p_statements text[], p_substances text[], p_codes text[]",
    "TABLE(result smallint, person_id bigint, answer bytea)",
)
PUBLISHED = (ALLERGY,)

NOT_JSON = Problem(
    400,
    "malformed_body",
    "Nội dung không phải JSON đúng mẫu: một đối tượng có key, officer, statement và tùy loại có substance, code, đều là chuỗi, mỗi trường một lần.",
    "The body is not the JSON expected: one object with key, officer, statement and, as the statement asks, substance and code, all strings, each once.",
)
STATEMENT_UNKNOWN = Problem(
    422,
    "invalid_statement",
    "statement phải là một trong: allergy (dị ứng), none_known (đã hỏi, không có), refuted (không dị ứng chất đã ghi), not_asked (ghi nhầm, coi như chưa hỏi).",
    "statement must be one of: allergy, none_known, refuted (not allergic to what was written), not_asked (written by mistake, nobody has asked).",
    field="statement",
)
SUBSTANCE_UNUSABLE = Problem(
    422,
    "invalid_substance",
    f"Với allergy và refuted cần substance, từ 1 đến {SUBSTANCE_LENGTH_MAX} ký tự trên một dòng; với none_known và not_asked không ghi substance, code.",
    f"allergy and refuted need a substance of 1 to {SUBSTANCE_LENGTH_MAX} characters on one line; none_known and not_asked take neither substance nor code.",
    field="substance",
)
CODE_UNUSABLE = Problem(
    422,
    "invalid_code",
    f"code là mã của chất, tối đa {CODE_LENGTH_MAX} ký tự không dấu cách, chỉ dùng với allergy.",
    f"code is the substance's code, at most {CODE_LENGTH_MAX} characters without spaces, and only with allergy.",
    field="code",
)


class AllergyRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """The body of the call."""

    key: str
    officer: str
    statement: str
    substance: str = ""
    code: str = ""


_decoder = msgspec.json.Decoder(AllergyRequest)


def routes(worker: Worker) -> dict[str, Route]:
    """Return the address of the call."""
    return {PATH: Route(AllergyCall(worker).answer, body_bytes_max=BODY_BYTES_MAX)}


class AllergyCall:
    """Answers one request after the other out of the shared batches."""

    def __init__(self, worker: Worker) -> None:
        self._counted = Counted(worker, worker.batcher(ALLERGY, batch_length_max=BATCH_LENGTH_MAX), "health_allergy")
        self._tokens = worker.tokens
        self._limits = worker.limits

    async def answer(self, method: str, headers: Headers, query: str, body: bytes, address: str) -> Answered:
        """Return what became of the statement and the allergies as they stand, after they and the audit row are committed; raises Problem."""
        grant = self._tokens.grant(headers.get("authorization"), HEALTH_READ)
        told = self._limits.take(grant)
        asked = decoded(_decoder, body, NOT_JSON)
        officer = officer_of(asked.officer)
        substance, code = _said(asked)
        key = key_of(asked.key)
        if SANDBOX in grant.scopes:
            return 200, JSON_ANSWER + told, rehearsed_allergy(key.kind, key.value)
        question = (0, key.kind, key.value, grant.client_no, grant.facility, officer, asked.statement, substance, code)
        _, _, answer = await self._counted.ask(grant, officer, address, question)
        return 200, JSON_ANSWER + told, answer


def _said(asked: AllergyRequest) -> tuple[str, str]:
    """Return substance and code as they are kept; raises Problem."""
    if asked.statement not in STATEMENTS:
        raise STATEMENT_UNKNOWN
    substance = " ".join(asked.substance.split())
    of_a_substance = asked.statement in OF_A_SUBSTANCE
    if of_a_substance != bool(substance) or len(substance) > SUBSTANCE_LENGTH_MAX or not substance.isprintable():
        raise SUBSTANCE_UNUSABLE
    code = asked.code
    if code and (asked.statement != "allergy" or len(code) > CODE_LENGTH_MAX or not code.isprintable() or " " in code):
        raise CODE_UNUSABLE
    return substance, code

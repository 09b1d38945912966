"""`POST /v1/eid/…`: the e-ID app pulls what is a citizen's own, out of the same batches as the hot call.

The app proves itself by its key, and says for whom it asks (`on_behalf_of`): the citizen who signed in to it. Whose things they are is decided by the statement
that reads them; the guard counts the app as one, the audit how often a citizen reads.
"""

from __future__ import annotations

from hashlib import sha256

import msgspec

from ansinh.access.tokens import SANDBOX
from ansinh.foundation.clock import legal_day
from ansinh.foundation.identifiers import KeyKind
from ansinh.foundation.purpose import Purpose
from ansinh.gateway import xroad
from ansinh.gateway.eid import tags
from ansinh.gateway.eid.pulls import PULLS, Pull
from ansinh.gateway.eid.rehearsing import rehearsed
from ansinh.gateway.health.asking import BATCH_LENGTH_MAX, NUMBER_UNUSABLE, Counted, decoded, key_of
from ansinh.gateway.problems import Problem
from ansinh.gateway.routes import JSON_ANSWER, Answered, Headers, Route
from ansinh.gateway.worker import Worker

BODY_BYTES_MAX = 1_024
NUMBER_LENGTH_MAX = 18
# An app has no officers and is counted wherever it calls from.
NOBODY, ANYWHERE = "", ""
_KEYS = frozenset({KeyKind.PIN, KeyKind.SI_CODE})

NOT_JSON = Problem(
    400,
    "malformed_body",
    "Nội dung không phải JSON đúng mẫu: một đối tượng có key, purpose, on_behalf_of, và tùy địa chỉ visit hoặc paper; đều là chuỗi, mỗi trường một lần.",
    "The body is not the JSON expected: one object with key, purpose and on_behalf_of, and where the address takes it visit or paper; all strings, each once.",
)
PURPOSE_UNKNOWN = Problem(
    422,
    "unknown_purpose",
    "Ứng dụng của công dân chỉ tra cứu với mục đích own_record: xem dữ liệu của chính mình.",
    "An app of citizens asks for the purpose own_record only: they read what is theirs.",
    field="purpose",
)
CITIZEN_UNUSABLE = Problem(
    422,
    "invalid_on_behalf_of",
    "Cần ghi số định danh cá nhân (12 số) của công dân đã đăng nhập và ủy quyền cho ứng dụng.",
    "Say for whom the app asks: the personal identification number (12 digits) of the citizen who signed in.",
    field="on_behalf_of",
)
KEY_UNUSABLE = Problem(
    422,
    "invalid_input",
    "Công dân xem dữ liệu của mình bằng số định danh cá nhân (12 số) hoặc mã số BHXH (10 số).",
    "A citizen reads what is theirs by personal identification number (12 digits) or social-insurance code (10 digits).",
    field="key",
)


class PullRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """The body of the calls."""

    key: str
    purpose: str
    on_behalf_of: str
    visit: str = ""
    paper: str = ""


_decoder = msgspec.json.Decoder(PullRequest)


def routes(worker: Worker) -> dict[str, Route]:
    """Return the addresses of the pulls."""
    return {pull.path: Route(PullCall(worker, pull).answer, body_bytes_max=BODY_BYTES_MAX) for pull in PULLS}


class PullCall:
    """Answers one request after the other out of the shared batches of its kind."""

    def __init__(self, worker: Worker, pull: Pull) -> None:
        self._pull = pull
        self._counted = Counted(
            worker, worker.batcher(pull.asks, batch_length_max=BATCH_LENGTH_MAX), f"eid_{pull.kind}"
        )
        self._with_xroad = Counted(
            worker, worker.batcher(pull.asks_with_xroad, batch_length_max=BATCH_LENGTH_MAX), f"eid_{pull.kind}"
        )
        self._tokens = worker.tokens
        self._limits = worker.limits
        self._clock = worker.configuration.clock

    async def answer(self, method: str, headers: Headers, query: str, body: bytes, address: str) -> Answered:
        """Return what is the citizen's as JSON, or 304 when the app has it, after the audit row is committed; raises Problem."""
        pull = self._pull
        grant = self._tokens.grant(headers.get("authorization"), pull.scope)
        told = self._limits.take(grant)
        has = tags.required(headers.get(tags.HEADER))
        asked = decoded(_decoder, body, NOT_JSON)
        kind, key = _who(asked)
        citizen = asked.on_behalf_of
        if SANDBOX in grant.scopes:
            answer = rehearsed(pull, kind, key, citizen, legal_day(self._clock.now()))
        else:
            question = pull.question(kind, key, grant.client_no, citizen, _which(pull, asked))
            if headers.get(xroad.CLIENT) is None:
                _, _, answer = await self._counted.ask(grant, NOBODY, ANYWHERE, question)
            else:
                said = xroad.statement(headers, sha256(body).hexdigest())
                _, _, answer = await self._with_xroad.ask(grant, NOBODY, ANYWHERE, (*question, said))
        audit_id, tag = tags.of_answer(answer)
        # No answer has this head a second time, so it is no tuple, which the door would keep.
        if has is not None and tags.known(has, tag):
            return 304, [*JSON_ANSWER, *told, ("etag", tag), ("audit-id", audit_id)], answer
        return 200, [*JSON_ANSWER, *told, ("etag", tag)], answer


def _who(asked: PullRequest) -> tuple[int, str]:
    """Return the kind of number the citizen's things are asked for by, and the number; raises Problem."""
    if asked.purpose != Purpose.OWN_RECORD.code:
        raise PURPOSE_UNKNOWN
    citizen = asked.on_behalf_of
    if len(citizen) != 12 or not citizen.isascii() or not citizen.isdigit():
        raise CITIZEN_UNUSABLE
    if asked.key == citizen:
        return KeyKind.PIN, citizen
    key = key_of(asked.key)
    if key.kind not in _KEYS:
        raise KEY_UNUSABLE
    return key.kind, key.value


def _which(pull: Pull, asked: PullRequest) -> int:
    """Return the number of the record asked for, 0 for none; raises Problem."""
    for name, text in (("visit", asked.visit), ("paper", asked.paper)):
        if name != pull.record:
            if text:
                raise NUMBER_UNUSABLE[name]
        elif text or pull.record_needed:
            if not (text.isascii() and text.isdigit() and len(text) <= NUMBER_LENGTH_MAX):
                raise NUMBER_UNUSABLE[name]
            return int(text)
    return 0

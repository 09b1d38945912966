"""`POST /v1/book`: a citizen reads the own contribution book through an app they signed in to, out of the same batches as the hot call.

The app says for whom it asks (`on_behalf_of`); the database tells nothing of a book that is not that citizen's own. The app as a whole is counted by the
guard; how often one citizen may read is counted in the audit, by the statement that answers.
"""

from __future__ import annotations

import json

import msgspec

from ansinh.access.tokens import BOOK_READ, SANDBOX, Grant
from ansinh.foundation.clock import legal_day
from ansinh.foundation.errors import InvalidInput
from ansinh.foundation.identifiers import KeyKind, parse_key
from ansinh.foundation.purpose import Purpose
from ansinh.gateway.batching import Batcher
from ansinh.gateway.guard.refusals import slowed
from ansinh.gateway.problems import Problem
from ansinh.gateway.rehearsing import rehearsed_book
from ansinh.gateway.routes import JSON_ANSWER, Answered, Headers, Route
from ansinh.gateway.standing import CEILING, Answer, problem_of
from ansinh.gateway.store import Published
from ansinh.gateway.worker import Worker

PATH = "/v1/book"
BODY_BYTES_MAX = 1_024
# A book is some times as long as a standing: so many together answer within some milliseconds.
BATCH_LENGTH_MAX = 128
NOT_OWN = 6
# An app has no officers and is counted wherever it calls from.
NOBODY, ANYWHERE = "", ""
HOUR_SECONDS = 3_600

BOOK = Published(
    "book_v1",
    "p_chain_id bigint, p_asked_at timestamp with time zone, p_refused smallint[], p_kinds smallint[], p_keys text[], p_clients integer[], "
    "p_citizens text[], p_purposes smallint[]",
    "TABLE(result smallint, person_id bigint, answer bytea)",
)
PUBLISHED = (BOOK,)

# Refused (0, or CEILING to have a refusal recorded), kind of key, key, client number, the citizen's personal number, purpose.
Question = tuple[int, int, str, int, str, int]

NOT_JSON = Problem(
    400,
    "malformed_body",
    "Nội dung không phải JSON đúng mẫu: một đối tượng có đúng ba trường key, purpose, on_behalf_of, đều là chuỗi, mỗi trường một lần.",
    "The body is not the JSON expected: one object with exactly the fields key, purpose and on_behalf_of, all strings, each once.",
)
KEY_UNUSABLE = Problem(
    422,
    "invalid_input",
    "Sổ đóng bảo hiểm xã hội được tra bằng số định danh cá nhân (12 số) hoặc mã số BHXH (10 số).",
    "A contribution book is asked for by personal identification number (12 digits) or social-insurance code (10 digits).",
    field="key",
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
NOT_OWN_BOOK = Problem(
    403,
    "not_own_book",
    "Công dân chỉ xem được sổ của chính mình: key và on_behalf_of phải là số của cùng một người. Lượt tra cứu này đã được ghi lại.",
    "A citizen reads the own book only: key and on_behalf_of must be numbers of one person. This look-up was recorded.",
    field="on_behalf_of",
)
_KINDS = frozenset({KeyKind.PIN, KeyKind.SI_CODE})
SLOWED = slowed(HOUR_SECONDS - 1, recorded=True)


class BookRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """The body of the call."""

    key: str
    purpose: str
    on_behalf_of: str


_decode = msgspec.json.Decoder(BookRequest).decode


def routes(worker: Worker) -> dict[str, Route]:
    """Return the address of the call."""
    return {PATH: Route(BookCall(worker).answer, body_bytes_max=BODY_BYTES_MAX)}


class BookCall:
    """Answers one request after the other out of the shared batches."""

    def __init__(self, worker: Worker) -> None:
        self._batcher: Batcher[Question, Answer] = worker.batcher(BOOK, batch_length_max=BATCH_LENGTH_MAX)
        self._tokens = worker.tokens
        self._limits = worker.limits
        self._clock = worker.configuration.clock
        self._guard = worker.guard
        self._results = worker.metrics.results_of("book")

    async def answer(self, method: str, headers: Headers, query: str, body: bytes, address: str) -> Answered:
        """Return the book as JSON, after its audit row is committed; raises Problem."""
        grant = self._tokens.grant(headers.get("authorization"), BOOK_READ)
        told = self._limits.take(grant)
        question = _question(grant, body)
        if SANDBOX in grant.scopes:
            return 200, JSON_ANSWER + told, rehearsed_book(question[2], question[4], legal_day(self._clock.now()))
        guard = self._guard
        refusal = guard.check(grant, NOBODY, ANYWHERE) if guard is not None else None
        if refusal is not None:
            if not refusal.recorded:
                raise refusal
            question = (CEILING, *question[1:])
        try:
            result, person, answer = await self._batcher.submit(question)
        except BaseException as trouble:
            if guard is not None and refusal is None:
                guard.release(grant, NOBODY, ANYWHERE)
            raise problem_of(trouble) from trouble
        self._results[result] += 1
        if refusal is not None:
            raise refusal
        if guard is not None:
            guard.note(grant, NOBODY, ANYWHERE, person, result, question[2])
        if result == NOT_OWN:
            raise NOT_OWN_BOOK
        if result == CEILING:
            raise SLOWED
        return 200, JSON_ANSWER + told, answer


def _question(grant: Grant, body: bytes) -> Question:
    try:
        asked = _decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise NOT_JSON from error
    if b"\\" in body or body.count(b'"') != 12:
        _refuse_repeated_fields(body)
    if asked.purpose != Purpose.OWN_RECORD.code:
        raise PURPOSE_UNKNOWN
    citizen = asked.on_behalf_of
    if len(citizen) != 12 or not citizen.isascii() or not citizen.isdigit():
        raise CITIZEN_UNUSABLE
    if asked.key == citizen:
        return 0, KeyKind.PIN, citizen, grant.client_no, citizen, Purpose.OWN_RECORD
    try:
        key = parse_key(asked.key)
    except InvalidInput as error:
        raise KEY_UNUSABLE from error
    if key.kind not in _KINDS:
        raise KEY_UNUSABLE
    return 0, key.kind, key.value, grant.client_no, citizen, Purpose.OWN_RECORD


def _refuse_repeated_fields(body: bytes) -> None:
    """The decoder takes the last of repeated fields; an app that sends two may mean the other. Three fields and three values have twelve quotes."""
    names: list[str] = []
    json.loads(body, object_pairs_hook=lambda pairs: names.extend(name for name, _ in pairs))
    if len(names) != len(BookRequest.__struct_fields__):
        raise NOT_JSON

"""`POST /oauth2/token`: a client proves itself by a signed assertion and gets a short-lived token (RFC 6749 section 4.4, RFC 7523, FAPI 2.0).

A stranger learns nothing here: an unknown client, a suspended one, a wrong key and a used assertion are one answer, after the same steps. No Django: what
must be known of the client comes from two published functions of the access room.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from ansinh.access.tokens import (
    ASSERTION_TYPE,
    LIFETIME,
    SANDBOX,
    Assertion,
    BadAssertion,
    Holder,
    TokenIssuer,
    issue_token,
    issuer,
    permits,
    prove,
    read_assertion,
)
from ansinh.gateway import problems
from ansinh.gateway.batching import QuestionRefused, StoreAway
from ansinh.gateway.bounding import Bounded
from ansinh.gateway.limits import Bucket
from ansinh.gateway.problems import Problem
from ansinh.gateway.routes import FORM, JSON, Answered, Headers, Route, tell_problem
from ansinh.gateway.store import Published
from ansinh.gateway.worker import Worker

PATH = "/oauth2/token"
FIELDS_MAX = 20
BODY_BYTES_MAX = 8_192
# 13,000 facilities that renew each minute ask 220 times a second in all; a worker that checks more signatures would have no time for look-ups.
REQUESTS_PER_SECOND_MAX = 400
WAITING_MAX = 256

CLIENT_KEYS = Published(
    "client_keys_v1",
    "p_client_id text",
    "TABLE(client_no bigint, facility text, scope text, rate_per_second integer, public_keys text)",
    cold=True,
)
GRANT_TOKEN = Published(
    "grant_token_v1",
    "p_client_id text, p_jti text, p_expires_at timestamp with time zone, p_kid text, p_now timestamp with time zone",
    "boolean",
    cold=True,
)
PUBLISHED = (CLIENT_KEYS, GRANT_TOKEN)


class Refused(Problem):
    """A refusal as RFC 6749, section 5.2 wants it told; its description is plain ASCII there."""


INVALID_REQUEST = Refused(
    400,
    "invalid_request",
    "Yêu cầu xin mã truy cập sai mẫu: gửi application/x-www-form-urlencoded, mỗi tham số một lần, không để gì trong địa chỉ.",
    "Send application/x-www-form-urlencoded with each parameter once, one way of authentication, and nothing in the address.",
)
UNSUPPORTED_GRANT_TYPE = Refused(
    400, "unsupported_grant_type", "grant_type phải là client_credentials.", "grant_type must be client_credentials."
)
INVALID_SCOPE = Refused(
    400,
    "invalid_scope",
    "Phạm vi xin không nằm trong phạm vi đã cấp cho máy khách. Bỏ tham số scope để nhận mọi phạm vi đã cấp.",
    "The scope asked for was not given to this client. Leave scope out to get all it was given.",
)
INVALID_CLIENT = Refused(
    401,
    "invalid_client",
    "Máy khách chưa được xác thực: ký client_assertion bằng khóa đã đăng ký, iss và sub là mã máy khách, aud là địa chỉ công khai của cổng, sống không quá "
    "60 giây, mỗi jti một lần.",
    "The client is not authenticated: sign client_assertion with a registered key, iss and sub the client, aud the issuer, at most 60 seconds, each jti once.",
    headers=(("www-authenticate", 'Bearer realm="ansinh"'),),
)
NOT_BASIC = Refused(
    401,
    "invalid_client",
    "Cổng không nhận mật khẩu của máy khách: xác thực bằng private_key_jwt.",
    "No client passwords here: authenticate by private_key_jwt.",
    headers=(("www-authenticate", 'Basic realm="ansinh"'),),
)


def routes(worker: Worker) -> dict[str, Route]:
    """Return the address of the token endpoint."""
    return {PATH: Route(TokenEndpoint(worker).answer, kinds=None, body_bytes_max=BODY_BYTES_MAX, tell=tell)}


def tell(problem: Problem, headers: Headers) -> Answered:
    """Return a refusal as RFC 6749 wants it, or as a problem document when it is about the service and not about the request."""
    if not isinstance(problem, Refused) and problem.status not in {400, 411, 413, 415}:
        return tell_problem(problem, headers)
    vi, en = (str(problem.document(language)["detail"]) for language in problems.LANGUAGES)
    error = problem.code if isinstance(problem, Refused) else "invalid_request"
    body = msgspec.json.encode({"error": error, "error_description": en, "detail": vi})
    return problem.status, [*_NOT_KEPT, *problem.headers], body


_NOT_KEPT = (("content-type", JSON), ("cache-control", "no-store"), ("pragma", "no-cache"))


class TokenEndpoint:
    """Gives tokens, so many at once; the rest hears 503."""

    def __init__(self, worker: Worker) -> None:
        self._store = worker.store
        self._issuer = TokenIssuer(worker.configuration.secrets)
        self._audience = issuer()
        self._gate = Bounded(waiting_max=WAITING_MAX)
        self._rate = Bucket(REQUESTS_PER_SECOND_MAX, 1, time.monotonic())

    async def answer(self, method: str, headers: Headers, query: str, body: bytes, address: str) -> Answered:
        """Return a token; raises Problem."""
        form = _form(headers.get("content-type"), body)
        text = _assertion(form, headers.get("authorization"))
        if self._rate.take(1, time.monotonic()):
            raise problems.OVERLOADED
        return await self._gate.run(lambda: self._given(form, text))

    async def _given(self, form: dict[str, str], text: str) -> Answered:
        now = datetime.now(UTC)
        try:
            said = read_assertion(text)
            if form.get("client_id", said.client_id) != said.client_id:
                raise INVALID_CLIENT
            known = await self._store.call(CLIENT_KEYS, said.client_id)
            keys: list[dict[str, Any]] = json.loads(known[0]["public_keys"]) if known else []
            proved = prove(said, keys, audience=self._audience, now=now)
            holder = _holder(proved, known[0])
            scopes = _scopes(form.get("scope", ""), holder.scopes)
            ((granted,),) = await self._store.call(
                GRANT_TOKEN, proved.client_id, proved.jti, proved.expires_at, proved.kid, now
            )
        except (BadAssertion, QuestionRefused) as error:
            raise INVALID_CLIENT from error
        except StoreAway as away:
            raise problems.UNAVAILABLE from away
        if not granted:
            raise INVALID_CLIENT
        holder = Holder(holder.client_id, holder.client_no, holder.facility, scopes, holder.rate_per_second)
        told = {
            "access_token": issue_token(self._issuer.keys, holder, now=now),
            "token_type": "Bearer",
            "expires_in": int(LIFETIME.total_seconds()),
            "scope": " ".join(sorted(scopes)),
        }
        return 200, _NOT_KEPT, msgspec.json.encode(told)


def _holder(proved: Assertion, client: Any) -> Holder:
    return Holder(
        proved.client_id,
        client["client_no"],
        client["facility"],
        frozenset(client["scope"].split()),
        client["rate_per_second"],
    )


def _scopes(wanted: str, given: frozenset[str]) -> frozenset[str]:
    scopes = frozenset(wanted.split(" ")) - {""} if wanted else given
    if not scopes or not all(one == SANDBOX or permits(given, one) for one in scopes):
        raise INVALID_SCOPE
    return scopes


def _form(kind: str | None, body: bytes) -> dict[str, str]:
    """Return the parameters that have a value; unknown ones are let be, as RFC 6749, section 3.2 says; a repeated one is refused."""
    if (kind or "").replace(" ", "").lower().partition(";")[0] != FORM:
        raise INVALID_REQUEST
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=FIELDS_MAX, encoding="utf-8", errors="strict"
        )
    except ValueError as error:
        raise INVALID_REQUEST from error
    form = dict(pairs)
    if len(form) != len(pairs):
        raise INVALID_REQUEST
    return {name: value for name, value in form.items() if value}


def _assertion(form: dict[str, str], authorization: str | None) -> str:
    """Return the assertion of a request that is right in all else. An old token shown out of habit is let be: it authenticates no client."""
    basic = authorization is not None and authorization[:5].lower() == "basic"
    if "grant_type" not in form or (basic and "client_assertion" in form):
        raise INVALID_REQUEST
    if form["grant_type"] != "client_credentials":
        raise UNSUPPORTED_GRANT_TYPE
    if basic:
        raise NOT_BASIC
    if form.get("client_assertion_type") != ASSERTION_TYPE or "client_assertion" not in form:
        raise INVALID_CLIENT
    return form["client_assertion"]

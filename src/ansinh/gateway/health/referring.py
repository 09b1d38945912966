"""`POST /v1/referrals:check` and `:use`: what a referral paper a patient shows is good for, and its use for a visit, in one call each.

A use is idempotent by visit: the same paper for the same visit again is answered as the first time. A second visit is refused, and told when and where.
"""

from __future__ import annotations

from typing import Any

import msgspec

from ansinh.access.tokens import HEALTH_READ, SANDBOX
from ansinh.gateway.health.asking import (
    BATCH_LENGTH_MAX,
    BODY_BYTES_MAX,
    NOT_USABLE,
    Counted,
    decoded,
    key_of,
    officer_of,
)
from ansinh.gateway.health.rehearsing import rehearsed_referral
from ansinh.gateway.problems import Problem
from ansinh.gateway.routes import JSON_ANSWER, Answered, Headers, Route
from ansinh.gateway.store import Published
from ansinh.gateway.worker import Worker

PAPER_LENGTH_MAX, VISIT_LENGTH_MAX = 80, 100
# What the QR code of a paper begins with; issuer and number follow.
CODE = "ANSINH|GCT|"

REFERRAL = Published(
    "referral_v1",
    "p_chain_id bigint, p_asked_at timestamp with time zone, p_refused smallint[], p_kinds smallint[], p_keys text[], p_clients integer[], "
    "p_facilities text[], p_officers text[], p_issuers text[], p_numbers text[], p_episodes text[]",
    "TABLE(result smallint, person_id bigint, answer bytea)",
)
PUBLISHED = (REFERRAL,)

NOT_JSON = Problem(
    400,
    "malformed_body",
    "Nội dung không phải JSON đúng mẫu: một đối tượng có key, officer, và khi cần paper, visit; đều là chuỗi, mỗi trường một lần.",
    "The body is not the JSON expected: one object with key and officer, and where needed paper and visit; all strings, each once.",
)
PAPER_UNUSABLE = Problem(
    422,
    "invalid_paper",
    "Ghi giấy chuyển theo mã QR trên giấy, hoặc mã cơ sở cấp / số giấy, như 01097/GCT-2025-00071; để trống để tìm giấy mới nhất dùng được ở cơ sở này.",
    "Name the paper by its QR text, or issuer / number, such as 01097/GCT-2025-00071; leave it out for the newest that can be used here.",
    field="paper",
)
VISIT_UNUSABLE = Problem(
    422,
    "invalid_visit",
    f"Khi sử dụng giấy cần ghi mã lượt khám (MA_LK) của cơ sở, từ 1 đến {VISIT_LENGTH_MAX} ký tự; khi chỉ kiểm tra thì không ghi.",
    f"To use a paper, say the facility's number of the visit (MA_LK), 1 to {VISIT_LENGTH_MAX} characters; to check one, leave it out.",
    field="visit",
)
# Why a paper cannot be used → in words, Vietnamese and English.
WHY: dict[str, tuple[str, str]] = {
    "unknown": ("Người bệnh không có giấy này.", "The patient has no such paper."),
    "withdrawn": (
        "Giấy đã bị thu hồi cùng lượt khám đã cấp.",
        "The paper was withdrawn with the visit that issued it.",
    ),
    "other_facility": ("Giấy được cấp đến cơ sở khác.", "The paper sends the patient to another facility."),
    "used": ("Giấy đã được sử dụng.", "The paper was used already."),
    "not_yet": ("Giấy chưa đến ngày có giá trị.", "The paper is not valid yet."),
    "expired": ("Giấy đã hết hạn.", "The paper has expired."),
}
ASK_ISSUER = (" Liên hệ cơ sở đã cấp giấy.", " Ask the facility that issued it.")


class ReferralRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """The body of both calls."""

    key: str
    officer: str
    paper: str = ""
    visit: str = ""


_decoder = msgspec.json.Decoder(ReferralRequest)


def routes(worker: Worker) -> dict[str, Route]:
    """Return the addresses of the calls: they share their batches."""
    counted = Counted(worker, worker.batcher(REFERRAL, batch_length_max=BATCH_LENGTH_MAX), "referral")
    return {
        f"/v1/referrals:{verb}": Route(
            ReferralCall(worker, counted, uses=verb == "use").answer, body_bytes_max=BODY_BYTES_MAX
        )
        for verb in ("check", "use")
    }


class ReferralCall:
    """Answers one request after the other out of the shared batches."""

    def __init__(self, worker: Worker, counted: Counted, *, uses: bool) -> None:
        self._counted = counted
        self._uses = uses
        self._tokens = worker.tokens
        self._limits = worker.limits

    async def answer(self, method: str, headers: Headers, query: str, body: bytes, address: str) -> Answered:
        """Return the verdict as JSON, after its audit row, and the use, are committed; raises Problem, 409 when a paper cannot be used."""
        grant = self._tokens.grant(headers.get("authorization"), HEALTH_READ)
        told = self._limits.take(grant)
        asked = decoded(_decoder, body, NOT_JSON)
        officer, (issuer, number) = officer_of(asked.officer), paper_of(asked.paper)
        visit = asked.visit.strip()
        if bool(visit) is not self._uses or len(visit) > VISIT_LENGTH_MAX or not visit.isprintable():
            raise VISIT_UNUSABLE
        key = key_of(asked.key)
        if SANDBOX in grant.scopes:
            return 200, JSON_ANSWER + told, rehearsed_referral(key.kind, key.value)
        question = (0, key.kind, key.value, grant.client_no, grant.facility, officer, issuer, number, visit)
        result, _, answer = await self._counted.ask(grant, officer, address, question)
        if self._uses and result == NOT_USABLE:
            raise refused(msgspec.json.decode(answer))
        return 200, JSON_ANSWER + told, answer


def paper_of(text: str) -> tuple[str, str]:
    """Return issuer and number of the paper a text names, both empty for none; raises Problem."""
    text = text.strip()
    if not text:
        return "", ""
    issuer, _, number = text.removeprefix(CODE).partition("|" if text.startswith(CODE) else "/")
    usable = len(text) <= PAPER_LENGTH_MAX and text.isprintable() and issuer.isascii() and issuer.isalnum()
    if not usable or len(issuer) != 5 or not number.strip():
        raise PAPER_UNUSABLE
    return issuer, number.strip()


def refused(told: dict[str, Any]) -> Problem:
    """Return why a paper cannot be used; of a used one when and where it was, with the number of the audit row."""
    vi, en = WHY[told["verdict"]]
    used = told["used"]
    if used is not None:
        at, where = used["used_at"], f"{used['facility']} ({used.get('facility_name') or '?'})"
        day = f"{at[8:10]}/{at[5:7]}/{at[:4]}"
        vi += f" Đã dùng lúc {at[11:16]} ngày {day} tại cơ sở {where}."
        en += f" It was used at {at[11:16]} on {at[:10]} at facility {where}."
    return Problem(409, f"paper_{told['verdict']}", vi + ASK_ISSUER[0], en + ASK_ISSUER[1], field="paper")

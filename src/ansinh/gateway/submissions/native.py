"""`POST /v1/submissions`: a facility submits XML or a FHIR R4 bundle as it is. `GET /v1/submissions/{receipt}`: it asks what became of it.
`POST /v1/submissions:withdraw`: it takes back.

The same bytes have the same receipt, so sending again after a lost answer is safe and needs no key of the client's.
"""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

import msgspec

from ansinh.access.tokens import SANDBOX, SUBMISSION_WRITE, Grant
from ansinh.gateway.problems import Problem
from ansinh.gateway.routes import GET, JSON_ANSWER, Answered, Call, Headers, Route, route_beneath
from ansinh.gateway.submissions.bundles import require_bundle
from ansinh.gateway.submissions.envelope import WRONG, BadEnvelope, kind_of, require_envelope
from ansinh.gateway.submissions.kinds import BUNDLE, RECEIPT_LENGTH_MAX, WITHDRAWAL, Kind, receipt_of
from ansinh.gateway.submissions.taking import SHORT_BYTES_MAX, Taken, Taking
from ansinh.gateway.worker import Worker

PATH = "/v1/submissions"
XML_KINDS = frozenset({"application/xml", "text/xml"})
BUNDLE_KIND = "application/fhir+json"
EPISODE_LENGTH_MAX = 100
REASON_LENGTH_MAX = 500
WITHDRAW_BYTES_MAX = 4_096

UNKNOWN_MEDIA = Problem(
    415,
    "unsupported_media_type",
    "Gửi tệp XML với Content-Type: application/xml, hoặc gói FHIR R4 với application/fhir+json.",
    "Send XML with Content-Type: application/xml, or a FHIR R4 bundle with application/fhir+json.",
)
UNKNOWN_RECEIPT = Problem(
    404,
    "unknown_receipt",
    "Không có hồ sơ với mã giao dịch này của cơ sở đang hỏi.",
    "The facility that asks has no submission of this receipt.",
)
NOT_A_WITHDRAWAL = Problem(
    400,
    "malformed_body",
    "Nội dung không phải JSON đúng mẫu: một đối tượng có episode (mã lượt khám, MA_LK) và reason (lý do), đều là chuỗi không rỗng.",
    "The body is not the JSON expected: one object with episode (MA_LK) and reason, both texts that are not empty.",
)
_BAD_ENVELOPES = {word: Problem(422, f"envelope_{word}", vi, en) for word, (vi, en) in WRONG.items()}


class WithdrawRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a withdrawal."""

    episode: str
    reason: str


_decode = msgspec.json.Decoder(WithdrawRequest).decode


def routes(worker: Worker, taking: Taking) -> dict[str, Route]:
    """Return the addresses of the native door."""
    door = NativeDoor(worker, taking)
    return {
        PATH: Route(door.submit, kinds=None, body_bytes_max=worker.configuration.submission_bytes_max),
        f"{PATH}:withdraw": Route(door.withdraw, body_bytes_max=WITHDRAW_BYTES_MAX),
        f"{PATH}/*": route_beneath(door.beneath, GET, kinds=None, body_bytes_max=0, length_required=False),
    }


class NativeDoor:
    """Takes submissions of facilities' machines, and tells what became of them."""

    def __init__(self, worker: Worker, taking: Taking) -> None:
        self._taking = taking
        self._tokens = worker.tokens
        self._limits = worker.limits
        self._clock = worker.configuration.clock

    async def submit(self, method: str, headers: Headers, query: str, body: bytes, address: str) -> Answered:
        """Return the receipt after bytes and receipt are committed; raises Problem."""
        grant = self._tokens.grant(headers.get("authorization"), SUBMISSION_WRITE)
        told = self._limits.take(grant)
        media = (headers.get("content-type") or "").partition(";")[0].strip().lower()
        try:
            kind = await self._kind(media, body, grant.facility)
        except BadEnvelope as bad:
            raise _BAD_ENVELOPES[str(bad)] from bad
        return self._taken(kind, await self._take(grant, kind, body), told)

    async def _kind(self, media: str, body: bytes, facility: str) -> Kind:
        """Return the kind of what was sent, when its envelope is sound; raises BadEnvelope. Long bundles are looked at beside the loop."""
        if media == BUNDLE_KIND:
            if len(body) > SHORT_BYTES_MAX:
                await asyncio.to_thread(require_bundle, body, facility)
            else:
                require_bundle(body, facility)
            return BUNDLE
        if media not in XML_KINDS:
            raise UNKNOWN_MEDIA
        if not body:
            raise BadEnvelope("empty")
        kind = kind_of(body)
        require_envelope(body, kind, facility)
        return kind

    async def withdraw(self, method: str, headers: Headers, query: str, body: bytes, address: str) -> Answered:
        """Take back what was submitted under an episode: a submission of its own, with a receipt; raises Problem."""
        grant = self._tokens.grant(headers.get("authorization"), SUBMISSION_WRITE)
        told = self._limits.take(grant)
        try:
            asked = _decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise NOT_A_WITHDRAWAL from error
        episode, reason = asked.episode.strip(), asked.reason.strip()
        lengths_right = 0 < len(episode) <= EPISODE_LENGTH_MAX and 0 < len(reason) <= REASON_LENGTH_MAX
        if not lengths_right or "\0" in episode + reason:
            raise NOT_A_WITHDRAWAL
        content = msgspec.json.encode({"episode": episode, "reason": reason})
        return self._taken(WITHDRAWAL, await self._take(grant, WITHDRAWAL, content), told)

    def beneath(self, receipt: str) -> Call:
        """Return the call that tells of one receipt."""

        async def tell(method: str, headers: Headers, query: str, body: bytes, address: str) -> Answered:
            grant = self._tokens.grant(headers.get("authorization"), SUBMISSION_WRITE)
            told = self._limits.take(grant)
            if not 0 < len(receipt) <= RECEIPT_LENGTH_MAX or not receipt.isascii() or "\0" in receipt:
                raise UNKNOWN_RECEIPT
            found = await self._taking.look(grant.facility, receipt)
            if found is None:
                raise UNKNOWN_RECEIPT
            return 200, JSON_ANSWER + told, _told(receipt, found)

        return tell

    async def _take(self, grant: Grant, kind: Kind, content: bytes) -> Taken:
        if SANDBOX in grant.scopes:
            digest = hashlib.sha256(content).digest()
            return Taken(receipt_of(kind, grant.facility, digest), self._clock.now(), False, digest)
        return await self._taking.take(grant, kind, content)

    def _taken(self, kind: Kind, taken: Taken, told: Any) -> Answered:
        body = msgspec.json.encode(
            {
                "receipt": taken.receipt,
                "kind": kind.number,
                "sha256": taken.digest.hex(),
                "received_at": taken.received_at.isoformat(),
                "again": taken.again,
                "state_at": f"{PATH}/{taken.receipt}",
            }
        )
        return 202, [*JSON_ANSWER, *told, ("location", f"{PATH}/{taken.receipt}")], body


def _told(receipt: str, found: Any) -> bytes:
    return msgspec.json.encode(
        {
            "receipt": receipt,
            "kind": found["kind"],
            "state": found["state"],
            "received_at": found["received_at"].isoformat(),
            "settled_at": found["settled_at"].isoformat() if found["settled_at"] else None,
            "episode": found["episode"],
            "version": found["version"],
            "current": bool(found["current"]),
            "entries": found["entries"],
            "bytes": found["size"],
            "sha256": found["sha256"].hex(),
            "errors": msgspec.Raw((found["errors"] or "[]").encode()),
        }
    )

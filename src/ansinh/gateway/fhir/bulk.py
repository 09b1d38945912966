"""The addresses of Bulk Data: a group, its export begun (202), asked after (202, then the manifest), fetched as NDJSON, cancelled."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from ansinh.access.tokens import STATISTICS_EXPORT, Grant, permits
from ansinh.gateway import problems
from ansinh.gateway.batching import QuestionRefused, StoreAway
from ansinh.gateway.bounding import Bounded
from ansinh.gateway.fhir import refusals
from ansinh.gateway.fhir.exporting import Exporting, manifest
from ansinh.gateway.fhir.formats import content_type, encoded
from ansinh.gateway.fhir.moments import BadMoment, span_of
from ansinh.gateway.fhir.outcomes import outcome
from ansinh.gateway.fhir.pseudonymous import TOLD
from ansinh.gateway.fhir.requests import Request
from ansinh.gateway.problems import Problem
from ansinh.gateway.routes import Answered
from ansinh.gateway.worker import Worker

KEPT = timedelta(days=1)
_GROUP = re.compile(r"all|province-[0-9]{2}", re.ASCII)
_FORMATS = frozenset({"application/fhir+ndjson", "application/ndjson", "ndjson"})
_ID = re.compile(r"[A-Za-z0-9_-]{20,40}", re.ASCII)
NDJSON = "application/fhir+ndjson"

ASYNC_ONLY = Problem(
    400,
    "respond_async_missing",
    "Xuất dữ liệu chạy không đồng bộ: gửi tiêu đề Prefer: respond-async.",
    "Exports are made in the background: send the header Prefer: respond-async.",
)
UNKNOWN_GROUP = Problem(
    404,
    "unknown_group",
    "Không có nhóm này. Nhóm: all, hoặc province-NN (hai chữ số mã tỉnh).",
    "There is no such group. Groups: all, or province-NN (the two digits of a province).",
)
TOO_SMALL = Problem(
    403,
    "group_too_small",
    "Nhóm có dưới 20 người: số liệu về ít người như vậy chỉ ra từng người.",
    "The group has fewer than 20 persons: numbers about so few are about somebody.",
)
TOO_MANY = Problem(
    429,
    "too_many_exports",
    "Máy khách đang có hai lượt xuất. Chờ xong hoặc hủy một lượt (DELETE) rồi thử lại.",
    "The client has two exports going. Wait for one, or cancel it (DELETE), and try again.",
    headers=(("retry-after", "60"),),
)
NO_SUCH_EXPORT = Problem(
    404,
    "unknown_export",
    "Không có lượt xuất này, hoặc đã hủy, hoặc đã quá một ngày.",
    "There is no such export, or it was cancelled, or it is older than a day.",
)
_REFUSED = {"unknown_group": UNKNOWN_GROUP, "too_small": TOO_SMALL, "too_many": TOO_MANY}


class Bulk:
    """Answers what is asked about groups and exports, so many at once."""

    def __init__(self, worker: Worker, exporting: Exporting, base: str) -> None:
        self._exporting = exporting
        self._base = base
        self._tokens = worker.tokens
        self._limits = worker.limits
        self._gate = Bounded()

    async def answer(self, parts: list[str], request: Request) -> Answered:
        """Return the answer of an address beneath Group/ or export/; raises Problem."""
        match parts:
            case ["Group", group]:
                return self._group(group, request.require("GET"))
            case ["Group", group, "$export"]:
                return await self._guarded(self._begin(group, request))
            case ["export", name] if _ID.fullmatch(name):
                if request.method == "DELETE":
                    return await self._guarded(self._cancel(name, request))
                return await self._guarded(self._state(name, request.require("GET")))
            case ["export", name, file] if _ID.fullmatch(name) and re.fullmatch(r"[0-9]{1,6}\.ndjson", file, re.ASCII):
                return await self._guarded(self._file(name, int(file.partition(".")[0]), request.require("GET")))
        raise refusals.UNKNOWN_RESOURCE

    async def _guarded(self, work: Any) -> Answered:
        try:
            answered: Answered = await self._gate.run(lambda: work)
        except StoreAway as away:
            raise problems.UNAVAILABLE from away
        except QuestionRefused as refused:
            raise problems.QUESTION_REFUSED from refused
        finally:
            work.close()
        return answered

    def _grant(self, request: Request, scopes: list[str]) -> Grant:
        grant = self._tokens.proved(request.headers.get("authorization"))
        for scope in (STATISTICS_EXPORT, *scopes):
            if not permits(grant.scopes, scope):
                raise problems.scope_missing(scope)
        self._limits.take(grant)
        return grant

    def _group(self, group: str, request: Request) -> Answered:
        self._grant(request, ["system/Group.r"])
        wanted = request.format
        if _GROUP.fullmatch(group) is None:
            raise UNKNOWN_GROUP
        name = "Toàn bộ người tham gia" if group == "all" else f"Người tham gia của tỉnh {group[-2:]}"
        told = {"resourceType": "Group", "id": group, "active": True, "type": "person", "actual": True, "name": name}
        return 200, [("content-type", content_type(wanted)), ("cache-control", "no-store")], encoded(told, wanted)

    async def _begin(self, group: str, request: Request) -> Answered:
        asked = _parameters(request)
        types = _types(asked)
        grant = self._grant(request, [f"system/{kind}.rs" for kind in types])
        if "respond-async" not in (request.headers.get("prefer") or "").lower():
            raise ASYNC_ONLY
        if _GROUP.fullmatch(group) is None:
            raise UNKNOWN_GROUP
        where = f"{self._base}/Group/{group}/$export" + (f"?{request.query}" if request.query else "")
        export_id, said = await self._exporting.begin(grant.client_no, group, where, types, _since(asked))
        if said in _REFUSED:
            raise _REFUSED[said]
        place = ("content-location", f"{self._base}/export/{export_id}")
        words = outcome("information", "informational", "export_accepted", "Đã nhận. Hỏi tiến độ tại Content-Location.")
        return (
            202,
            [place, ("content-type", content_type("json")), ("cache-control", "no-store")],
            encoded(words, "json"),
        )

    async def _state(self, name: str, request: Request) -> Answered:
        grant = self._grant(request, [])
        export = await self._exporting.state(grant.client_no, name)
        if export is None or export.state in {"cancelled", "expired"}:
            raise NO_SUCH_EXPORT
        if export.state == "failed":
            raise problems.OUR_MISTAKE
        if export.state != "done":
            told = [("x-progress", f"{export.told} persons told"), ("retry-after", "1"), ("cache-control", "no-store")]
            return 202, told, b""
        ends = format_datetime((export.begun_at + KEPT).astimezone(UTC), usegmt=True)
        told = [("content-type", "application/json"), ("expires", ends), ("cache-control", "no-store")]
        return 200, told, msgspec.json.encode(manifest(export, self._base))

    async def _file(self, name: str, part: int, request: Request) -> Answered:
        grant = self._grant(request, [])
        content = await self._exporting.part(grant.client_no, name, part)
        if content is None:
            raise NO_SUCH_EXPORT
        return 200, [("content-type", NDJSON), ("cache-control", "no-store")], content

    async def _cancel(self, name: str, request: Request) -> Answered:
        grant = self._grant(request, [])
        if not await self._exporting.cancel(grant.client_no, name):
            raise NO_SUCH_EXPORT
        words = outcome("information", "informational", "export_cancelled", "Đã hủy.")
        return 202, [("content-type", content_type("json")), ("cache-control", "no-store")], encoded(words, "json")


def _parameters(request: Request) -> list[tuple[str, str]]:
    """Return the parameters of a kick-off: of the address (GET), or of a Parameters resource (POST)."""
    if request.method == "POST":
        try:
            said = msgspec.json.decode(request.resource())
            listed: list[dict[str, Any]] = said["parameter"] if said["resourceType"] == "Parameters" else []
            asked = [(one["name"], next(str(v) for k, v in one.items() if k.startswith("value"))) for one in listed]
        except (msgspec.MsgspecError, AttributeError, KeyError, StopIteration, TypeError) as error:
            raise refusals.NOT_A_RESOURCE from error
    else:
        asked = parse_qsl(request.require("GET").query, keep_blank_values=True)
    for name, _ in asked:
        if name not in {"_type", "_since", "_outputFormat"}:
            raise refusals.unknown_parameter(name)
    formats = {value.replace(" ", "+") for name, value in asked if name == "_outputFormat"}
    if not formats <= _FORMATS:
        raise refusals.bad_value("_outputFormat", f"chỉ có {NDJSON}.", f"only {NDJSON}.")
    return asked


def _types(asked: list[tuple[str, str]]) -> list[str]:
    said = [kind for name, value in asked if name == "_type" for kind in value.split(",")]
    if not set(said) <= TOLD.keys():
        raise refusals.bad_value("_type", f"chỉ có {', '.join(TOLD)}.", f"only {', '.join(TOLD)}.")
    return list(dict.fromkeys(said)) or list(TOLD)


def _since(asked: list[tuple[str, str]]) -> datetime | None:
    said = [value.replace(" ", "+") for name, value in asked if name == "_since"]
    try:
        return span_of(said[-1]).low if said else None
    except BadMoment as error:
        raise refusals.bad_value("_since", "thời điểm có múi giờ.", "a moment with its zone.") from error

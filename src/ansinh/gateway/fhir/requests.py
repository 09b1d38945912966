"""A request as this face reads it, and the answer with one resource."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import parse_qsl

from ansinh.gateway.fhir import refusals
from ansinh.gateway.fhir.formats import content_type, encoded, format_of
from ansinh.gateway.fhir.resources.telling import Resource
from ansinh.gateway.routes import FORM, Answered, Headers

_FHIR_JSON = frozenset({"application/fhir+json", "application/json", "application/json+fhir"})


@dataclass(frozen=True)
class Request:
    """Method, headers, query and body, and the address of the peer."""

    method: str
    headers: Headers
    query: str
    body: bytes
    address: str

    def require(self, method: str) -> Request:
        """Return the request if it is made by this method (HEAD is a GET); raises Problem."""
        if self.method != method and (self.method, method) != ("HEAD", "GET"):
            raise refusals.READ_ONLY
        return self

    def require_only(self, *names: str) -> None:
        """Refuse any other parameter in the address."""
        for name, _ in parse_qsl(self.query, keep_blank_values=True):
            if name not in names:
                raise refusals.unknown_parameter(name)

    @property
    def format(self) -> str:
        """Return the format wanted; raises Problem when it is none of ours."""
        said = dict(parse_qsl(self.query, keep_blank_values=True)).get("_format")
        return format_of(self.headers.get("accept"), said)

    @property
    def wants_page(self) -> bool:
        """Tell whether a page to read is wanted; asked for by `_format`, because a browser's Accept says everything."""
        return dict(parse_qsl(self.query, keep_blank_values=True)).get("_format") in {"html", "text/html"}

    def form(self) -> str:
        """Return the body of a search; raises Problem."""
        if self._kind() != FORM:
            raise refusals.FORM_ONLY
        try:
            return self.body.decode("ascii")
        except UnicodeDecodeError as error:
            raise refusals.MALFORMED_QUERY from error

    def resource(self) -> bytes:
        """Return the body of a resource sent here; raises Problem."""
        if self._kind() not in _FHIR_JSON:
            raise refusals.FHIR_BODY_ONLY
        return self.body

    def _kind(self) -> str:
        return (self.headers.get("content-type") or "").partition(";")[0].strip().lower()


def one(resource: Resource, request: Request, wanted: str, headers: list[tuple[str, str]]) -> Answered:
    """Return the answer with one resource, or that it has not changed since the caller read it (RFC 9110, section 13)."""
    changed_at = datetime.fromisoformat(resource["meta"]["lastUpdated"])
    tag = f'W/"{resource["meta"]["versionId"]}"'
    told = [*headers, ("etag", tag), ("last-modified", format_datetime(changed_at.astimezone(UTC), usegmt=True))]
    if _unchanged(request, tag, changed_at):
        return 304, told, b""
    return 200, [("content-type", content_type(wanted)), *told], encoded(resource, wanted)


def _unchanged(request: Request, tag: str, changed_at: datetime) -> bool:
    known = request.headers.get("if-none-match")
    if known is not None:
        return tag in (part.strip() for part in known.split(","))
    since = request.headers.get("if-modified-since")
    try:
        return since is not None and changed_at <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False

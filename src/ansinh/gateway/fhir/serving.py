"""The FHIR face: which address means what, and how each is answered. Agreement: docs/howto/read-by-fhir.md and /fhir/R4/metadata."""

from __future__ import annotations

import json
from urllib.parse import unquote, urlencode

import msgspec

from ansinh.access.tokens import ASSERTION_ALGORITHMS, SCOPES, issuer, kept_secret
from ansinh.gateway.fhir import eligibility, refusals
from ansinh.gateway.fhir.asking import RECORD, Asker, Asking, told_headers
from ansinh.gateway.fhir.bulk import Bulk
from ansinh.gateway.fhir.capability import capability_statement, smart_configuration
from ansinh.gateway.fhir.exporting import Exporting
from ansinh.gateway.fhir.formats import content_type, encoded, tidy
from ansinh.gateway.fhir.identities import Identities, Place
from ansinh.gateway.fhir.matching import along, found
from ansinh.gateway.fhir.outcomes import outcome
from ansinh.gateway.fhir.page import HTML, PAGE_HEADERS, page
from ansinh.gateway.fhir.parameters import PERSON, TYPES
from ansinh.gateway.fhir.requests import Request, one
from ansinh.gateway.fhir.resources.telling import Resource, Teller, moment
from ansinh.gateway.fhir.rows import Book
from ansinh.gateway.fhir.searches import Search, pairs_of, read_search
from ansinh.gateway.fhir.shelf import PARTS, Part, Shelf
from ansinh.gateway.fhir.summary import PARTS_ASKED, summary
from ansinh.gateway.routes import Answered, Call, Headers
from ansinh.gateway.worker import Worker

ROOT = "/fhir/R4"
_NAMES = "fhir-names"
PAGE = "_page"
_ANYBODYS = ("cache-control", "public, max-age=300")


class Face:
    """Answers everything beneath the root."""

    def __init__(self, worker: Worker) -> None:
        self.base = issuer() + ROOT
        self.asking = Asking(worker)
        self.identities = Identities(kept_secret(worker.configuration.secrets, _NAMES))
        self._eligible = eligibility.Eligibility(worker, self.identities)
        self._bulk = Bulk(worker, Exporting(worker, self.identities, self.base), self.base)
        self._clock = worker.configuration.clock
        self._stated = tidy(capability_statement(self.base))
        self._smart = msgspec.json.encode(smart_configuration(issuer(), sorted(SCOPES), list(ASSERTION_ALGORITHMS)))

    def beneath(self, place: str) -> Call:
        """Return the call of an address beneath the root."""
        parts = unquote(place, errors="replace").rstrip("/").split("/")

        async def answer(method: str, headers: Headers, query: str, body: bytes, address: str) -> Answered:
            return await self._answer(parts, Request(method, headers, query, body, address))

        return answer

    async def _answer(self, parts: list[str], request: Request) -> Answered:
        match parts:
            case ["metadata"] | [".well-known", "smart-configuration"]:
                return self._openly(parts[0], request.require("GET"))
            case [eligibility.KIND]:
                return await self._eligibility(request.require("POST"))
            case ["Group" | "export", *_]:
                return await self._bulk.answer(parts, request)
            case ["Patient", name, "$summary"]:
                return await self._summary(name, request)
        return await self._of_type(parts, request)

    async def _of_type(self, parts: list[str], request: Request) -> Answered:
        match parts:
            case [kind, "_search"] if kind in TYPES:
                return await self._search(kind, request.require("POST"))
            case [kind] if kind in TYPES:
                return await self._search(kind, request.require("GET"))
            case [kind, name] if kind in TYPES:
                return await self._read(kind, name, request.require("GET"))
        raise refusals.UNKNOWN_RESOURCE

    def _openly(self, which: str, request: Request) -> Answered:
        """Return what anybody may read: what this face can do, and where to sign in."""
        if which == "metadata":
            wanted = request.format
            return 200, [("content-type", content_type(wanted)), _ANYBODYS], encoded(self._stated, wanted)
        return 200, [("content-type", "application/json"), _ANYBODYS], self._smart

    # Reading one

    async def _read(self, kind: str, name: str, request: Request) -> Answered:
        asker = self.asking.asker(request.headers, request.address, f"system/{kind}.r")
        request.require_only("_format")
        place = self.identities.place(kind, name)
        if place is None:
            raise refusals.NO_SUCH_RESOURCE
        wanted = request.format
        visit = place.record if PARTS[kind] & Part.VISITS and kind != "AllergyIntolerance" else 0
        audit_id, book = await self.asking.book(asker, (RECORD, str(place.person_id)), PARTS[kind], visit)
        shelf = self._shelf(book)
        # By where it stands: the record may have been merged into another since the id was given.
        own = shelf.teller.name(kind, place.record, place.row) if shelf else ""
        resource = next((each for each in shelf.of(kind) if each["id"] == own), None) if shelf else None
        if resource is None:
            raise refusals.NO_SUCH_RESOURCE
        return one(resource, request, wanted, told_headers(asker, audit_id))

    async def _summary(self, name: str, request: Request) -> Answered:
        if request.method not in {"GET", "HEAD", "POST"}:
            raise refusals.READ_ONLY
        asker = self.asking.asker(request.headers, request.address, "system/Patient.r")
        request.require_only("_format")
        wanted = HTML if request.wants_page else request.format
        place = self.identities.place("Patient", name)
        if place is None:
            raise refusals.NO_SUCH_RESOURCE
        audit_id, book = await self.asking.book(asker, (RECORD, str(place.person_id)), PARTS_ASKED)
        shelf = self._shelf(book)
        if shelf is None:
            raise refusals.NO_SUCH_RESOURCE
        document = summary(shelf, identifier=audit_id)
        if wanted == HTML:
            return 200, [*PAGE_HEADERS, *told_headers(asker, audit_id)], page(document).encode()
        return 200, [("content-type", content_type(wanted)), *told_headers(asker, audit_id)], encoded(document, wanted)

    async def _eligibility(self, request: Request) -> Answered:
        asker = self.asking.asker(request.headers, request.address, eligibility.SCOPE)
        request.require_only("_format")
        wanted = request.format
        audit_id, response = await self._eligible.response(asker, request.resource())
        return 200, [("content-type", content_type(wanted)), *told_headers(asker, audit_id)], encoded(response, wanted)

    # Searching

    async def _search(self, kind: str, request: Request) -> Answered:
        asker = self.asking.asker(request.headers, request.address, f"system/{kind}.s")
        wanted = request.format
        search, offset = self._asked(kind, request, asker)
        audit_id, shelf = "0", None
        if search.person_id >= 0:
            parts = PARTS[kind]
            for include in search.includes:
                for each in (include.source, *include.parameter.targets):
                    parts |= PARTS[each]
            key = (int(search.key.kind), search.key.value) if search.key else (RECORD, str(search.person_id))
            audit_id, book = await self.asking.book(asker, key, parts)
            shelf = self._shelf(book)
        bundle = self._bundle(search, shelf, offset, asker)
        return 200, [("content-type", content_type(wanted)), *told_headers(asker, audit_id)], encoded(bundle, wanted)

    def _asked(self, kind: str, request: Request, asker: Asker) -> tuple[Search, int]:
        """Return what is asked, and from which of the finds on."""
        pairs = pairs_of(request.query)
        if dict(pairs).get(PAGE) is not None:
            return self._page(kind, dict(pairs)[PAGE], asker)
        in_address = len(pairs)
        if request.method == "POST":
            pairs += pairs_of(request.form())
        lenient = "handling=lenient" in (request.headers.get("prefer") or "").replace(" ", "").lower()
        return read_search(kind, pairs, self.identities, body_from=in_address, lenient=lenient), 0

    def _page(self, kind: str, cursor: str, asker: Asker) -> tuple[Search, int]:
        content = self.identities.content(cursor)
        if content is None:
            raise refusals.NO_SUCH_PAGE
        asked_kind, person, offset, client, pairs = json.loads(content)
        if (asked_kind, client) != (kind, asker.grant.client_no):
            raise refusals.NO_SUCH_PAGE
        if not any(name == "_id" for name, _ in pairs):
            pairs = [[PERSON[kind], self.identities.name("Patient", Place(person))], *pairs]
        return read_search(kind, [(name, value) for name, value in pairs], self.identities, lenient=True), int(offset)

    def _bundle(self, search: Search, shelf: Shelf | None, offset: int, asker: Asker) -> Resource:
        now = self._clock.now()
        finds = found(shelf.of(search.kind), search, now) if shelf else []
        here = [] if search.total_only else finds[offset : offset + search.count]
        others = {each: shelf.of(each) for each in _kinds_along(search)} if shelf and here else {}
        modes = [
            ("match", here),
            ("include", along(here, search.includes, others)),
            ("outcome", _said_beside(search, shelf)),
        ]
        entries = [self._entry(each, mode) for mode, resources in modes for each in resources]
        total = {"total": len(finds)} if shelf is None or shelf.book.whole else {}
        return {
            "resourceType": "Bundle",
            "meta": {"lastUpdated": moment(now)},
            "type": "searchset",
            **total,
            "link": self._links(search, shelf, offset, len(finds), asker),
            **({"entry": entries} if entries else {}),
        }

    def _entry(self, resource: Resource, mode: str) -> Resource:
        named = {"fullUrl": f"{self.base}/{resource['resourceType']}/{resource['id']}"} if "id" in resource else {}
        return {**named, "resource": resource, "search": {"mode": mode}}

    def _links(
        self, search: Search, shelf: Shelf | None, offset: int, count: int, asker: Asker
    ) -> list[dict[str, str]]:
        person = shelf.teller.name("Patient") if shelf else "0"
        links = [{"relation": "self", "url": f"{self.base}/{search.kind}?{urlencode(search.shown(person))}"}]
        after = offset + search.count
        if shelf and not search.total_only and after < count:
            content = json.dumps(
                [search.kind, shelf.book.person.person_id, after, asker.grant.client_no, search.understood],
                separators=(",", ":"),
            )
            links.append(
                {
                    "relation": "next",
                    "url": f"{self.base}/{search.kind}?{PAGE}={self.identities.cursor(content.encode())}",
                }
            )
        return links

    def _shelf(self, book: Book | None) -> Shelf | None:
        return Shelf(book, Teller(book.person, self.identities.name, self.base, self._clock.now())) if book else None


def _kinds_along(search: Search) -> set[str]:
    """Return the types that may come along with what a search finds."""
    return {kind for include in search.includes for kind in (include.source, *include.parameter.targets)}


def _said_beside(search: Search, shelf: Shelf | None) -> list[Resource]:
    """Return what has to be said beside the finds: what was ignored, not told, or left out."""
    said: list[Resource] = []
    if search.total_only:
        return said
    if search.ignored:
        words = f"Đã bỏ qua {len(search.ignored)} tham số. / Parameters ignored: {len(search.ignored)}."
        said.append(outcome("warning", "informational", "parameters_ignored", words))
    if shelf and shelf.book.restricted and PARTS[search.kind] > Part.COVER:
        words = "Chỉ một phần sổ mở cho lượt hỏi này. / Only a part of the book is open to this question."
        said.append(outcome("information", "suppressed", "part_of_the_book", words))
    if shelf and not shelf.book.whole:
        words = "Chỉ gồm các lượt khám mới nhất. / These are of the newest visits only."
        said.append(outcome("warning", "incomplete", "newest_only", words))
    return said

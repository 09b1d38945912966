"""The FHIR R4 face: a person's health book for facilities that treat them, in the words other hospital systems speak. Read-only.

| module | knows |
|---|---|
| `serving` | which address means what |
| `asking` | who asks, what for, the ceilings, the batch |
| `searches`, `parameters`, `moments`, `matching` | what a search asks, what may be asked, how dates compare, what is found |
| `rows`, `shelf`, `resources/`, `codes` | what the database tells, and what it is told as |
| `summary`, `narratives`, `page` | the International Patient Summary, its words, the page they make |
| `eligibility` | the look-up of standing in FHIR's words |
| `bulk`, `exporting`, `pseudonymous` | exports of groups for statistics |
| `identities` | opaque ids, links to next pages, pseudonyms |
| `outcomes`, `refusals`, `formats`, `requests` | every trouble as an OperationOutcome; JSON and XML |
| `capability` | the CapabilityStatement and where to sign in |
"""

from __future__ import annotations

from typing import Any

from ansinh.gateway.fhir import asking, exporting, outcomes
from ansinh.gateway.fhir.serving import ROOT, Face
from ansinh.gateway.routes import Route, route_beneath
from ansinh.gateway.store import Published
from ansinh.gateway.worker import Worker

PUBLISHED: tuple[Published, ...] = (asking.BOOK, *exporting.PUBLISHED)
# Whatever method comes, it is this face that says what it thinks of it.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BODY_BYTES_MAX = 64 * 1_024
QUERY_LENGTH_MAX = 4_096


def routes(worker: Worker) -> dict[str, Route]:
    """Return the address everything here lies beneath, and what lies beneath it."""
    face = Face(worker)
    kept: dict[str, Any] = {
        "kinds": None,
        "body_bytes_max": BODY_BYTES_MAX,
        "length_required": False,
        "query_length_max": QUERY_LENGTH_MAX,
        "tell": outcomes.tell,
    }
    return {ROOT: Route(face.beneath(""), _METHODS, **kept), f"{ROOT}/*": route_beneath(face.beneath, _METHODS, **kept)}

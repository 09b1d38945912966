"""What every builder needs: how resources are called, and the elements they share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ansinh.gateway.fhir import codes
from ansinh.gateway.fhir.identities import Place
from ansinh.gateway.fhir.moments import VIET_NAM
from ansinh.gateway.fhir.rows import Person, Visit

Resource = dict[str, Any]


@dataclass(frozen=True)
class Teller:
    """Tells the resources of one person. `names`: what a resource of a type at a place is called; `base`: the public address of this face."""

    person: Person
    names: Callable[[str, Place], str]
    base: str
    now: datetime

    def name(self, kind: str, record: int = 0, row: int = 0) -> str:
        """Return the id of a resource of this person."""
        return self.names(kind, Place(self.person.person_id, record, row))

    def reference(self, kind: str, record: int = 0, row: int = 0) -> dict[str, Any]:
        """Return a reference to a resource of this person."""
        return {"reference": f"{kind}/{self.name(kind, record, row)}"}

    @property
    def patient(self) -> dict[str, Any]:
        """Return the reference to the person."""
        return self.reference("Patient")

    def begin(
        self,
        kind: str,
        place: tuple[int, int],
        recorded_at: datetime,
        *,
        version: int | None = None,
        labels: tuple[str, ...] = (),
    ) -> Resource:
        """Return what every resource begins with. `labels`: sensitive chapters its content is of."""
        security = [
            codes.coding(codes.CONFIDENTIALITY, "R", "restricted"),
            *(codes.coding(codes.SENSITIVE, one) for one in labels),
        ]
        return {
            "resourceType": kind,
            "id": self.name(kind, *place),
            "meta": {
                "versionId": str(version if version is not None else int(recorded_at.timestamp())),
                "lastUpdated": moment(recorded_at),
                "security": security if labels else None,
            },
        }


def moment(at: datetime | None) -> str | None:
    """Return a moment as FHIR writes it, with the zone of Viet Nam."""
    return at.astimezone(VIET_NAM).isoformat(timespec="seconds") if at is not None else None


def day(on: date | None) -> str | None:
    """Return a day as FHIR writes it."""
    return on.isoformat() if on is not None else None


def period(start: datetime | date | None, end: datetime | date | None) -> dict[str, Any] | None:
    """Return a Period; an end before its beginning is left out (invariant per-1)."""
    if start is not None and end is not None and type(start) is type(end) and end < start:
        end = None
    said = {name: _said(at) for name, at in (("start", start), ("end", end)) if at is not None}
    return said or None


def _said(at: datetime | date) -> str | None:
    return moment(at) if isinstance(at, datetime) else day(at)


def facility(code: str | None, name: str | None) -> dict[str, Any] | None:
    """Return a reference to a facility by its code."""
    if not code:
        return None
    return {"type": "Organization", "identifier": {"system": codes.FACILITY, "value": code}, "display": name}


def practitioner(licence: str | None) -> dict[str, Any] | None:
    """Return a reference to a doctor by the number of the practice licence; of several, the first."""
    first = (licence or "").split(";")[0].strip()
    return {"type": "Practitioner", "identifier": {"system": codes.PRACTITIONER, "value": first}} if first else None


def diagnosis(code: str | None, text: str | None, title: str | None = None) -> dict[str, Any]:
    """Return the concept of a diagnosis in ICD-10."""
    if code and codes.system_code(code):
        return codes.concept(codes.ICD10, dotted(code), title, text=text or title)
    return {"text": text or "không rõ"}


def dotted(code: str) -> str:
    """Return an ICD-10 code with its point, which hospitals leave out now and then."""
    plain = code.strip().upper()
    return f"{plain[:3]}.{plain[3:]}" if len(plain) > 3 and "." not in plain else plain


def about(visit: Visit | None) -> tuple[int, tuple[str, ...]]:
    """Return version and labels a row has from its visit."""
    return (visit.version, visit.sensitive) if visit is not None else (1, ())

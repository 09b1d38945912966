"""The International Patient Summary (IPS 2.0.1) of a book: a document whose sections say what is known, or say why nothing is.

Mandatory, once each: problems, allergies, medications. Further sections come where there is something to say: procedures, results, vital signs, plan of
care, past problems. The narrative of a section is made from its entries and nothing else, so that the two agree.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from ansinh.gateway.fhir import codes, narratives
from ansinh.gateway.fhir import summary_rows as rows
from ansinh.gateway.fhir.formats import tidy
from ansinh.gateway.fhir.resources import care
from ansinh.gateway.fhir.resources.person import INSURER
from ansinh.gateway.fhir.resources.telling import Resource, dotted, moment
from ansinh.gateway.fhir.shelf import PARTS, Part, Shelf
from ansinh.gateway.fhir.summary_rows import code_of

PARTS_ASKED = (
    PARTS["Condition"]
    | PARTS["MedicationStatement"]
    | PARTS["AllergyIntolerance"]
    | PARTS["Observation"]
    | PARTS["Procedure"]
    | PARTS["ServiceRequest"]
    | PARTS["Appointment"]
    | Part.COVER
)
BUNDLE_PROFILE = "http://hl7.org/fhir/uv/ips/StructureDefinition/Bundle-uv-ips"
COMPOSITION_PROFILE = "http://hl7.org/fhir/uv/ips/StructureDefinition/Composition-uv-ips"
# What a reader in a hurry needs: what was ordered in the last year, results of the last two, procedures of the last ten.
MEDICINES_WITHIN = timedelta(days=365)
RESULTS_WITHIN = timedelta(days=730)
PROCEDURES_WITHIN = timedelta(days=3_652)
ENTRIES_MAX = 50
_NAMESPACE = uuid.UUID("8d5f3f0e-55a0-5c6a-9f0e-2f0f6e7b7c11")


@dataclass(frozen=True)
class _Section:
    """A section: its heading, its LOINC code, what it holds, the columns of its narrative."""

    title: str
    code: tuple[str, str]
    headings: tuple[str, ...]
    entries: list[Resource]
    cells: Callable[[Resource], list[str | None]]
    # What is said of no entries, in Vietnamese and English; a section that says nothing of it is left out.
    nothing: tuple[str, str] | None = None
    note: str | None = None


@dataclass
class _Document:
    shelf: Shelf
    entries: dict[str, Resource] = field(default_factory=dict)

    def reference(self, resource: Resource) -> dict[str, str]:
        """Put a resource into the document, and refer to it."""
        url = full_url(resource)
        self.entries.setdefault(url, resource)
        return {"reference": url}


def summary(shelf: Shelf, *, identifier: str) -> Resource:
    """Return the summary as a Bundle of type document. `identifier`: a number of its own (the audit's), by which this very document is known."""
    document = _Document(shelf)
    person = shelf.of("Patient")[0]
    subject = document.reference(person)
    author = {"resourceType": "Organization", "id": str(uuid.uuid5(_NAMESPACE, "insurer")), "name": INSURER["display"]}
    by = {"reference": full_url(author)}
    sections = [_section(document, one) for one in _sections(shelf) if one.entries or one.nothing]
    at = moment(shelf.teller.now)
    composition = tidy(
        {
            "resourceType": "Composition",
            "id": str(uuid.uuid5(_NAMESPACE, f"composition {identifier}")),
            "meta": {"profile": [COMPOSITION_PROFILE]},
            "text": {"status": "generated", "div": narratives.paragraphs(_words_of(shelf, person))},
            "status": "final",
            "type": codes.concept(codes.LOINC, *codes.IPS_DOCUMENT),
            "subject": subject,
            "date": at,
            "author": [by],
            "title": "Tóm tắt sức khỏe (International Patient Summary)",
            "custodian": by,
            "section": sections,
        }
    )
    members = [composition, *document.entries.values(), author]
    return {
        "resourceType": "Bundle",
        "id": str(uuid.uuid5(_NAMESPACE, f"bundle {identifier}")),
        "meta": {"lastUpdated": at, "profile": [BUNDLE_PROFILE]},
        "identifier": {
            "system": "urn:ietf:rfc:3986",
            "value": f"urn:uuid:{uuid.uuid5(_NAMESPACE, f'document {identifier}')}",
        },
        "type": "document",
        "timestamp": at,
        "entry": [{"fullUrl": full_url(one), "resource": _within(one, document.entries)} for one in members],
    }


def _words_of(shelf: Shelf, person: Resource) -> list[str]:
    """Return what the document says before its sections: of whom it is, and whether that is all there is."""
    words = [f"Tóm tắt sức khỏe / Patient summary: {person['name'][0]['text']}"]
    words += [_WITHHELD] if shelf.book.restricted else []
    return words if shelf.book.whole else [*words, _LONG]


_WITHHELD = "Một phần sổ không mở cho người hỏi và không có ở đây. / A part of the book is not open to whoever asks and is not in here."
_LONG = "Sổ dài: phần cũ hơn không có ở đây. / The book is long: its older part is not in here."


def full_url(resource: Resource) -> str:
    """Return how a resource is called within a document: by nothing that leads anywhere."""
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, resource['resourceType'] + '/' + resource['id'])}"


def _within(resource: Resource, entries: dict[str, Resource]) -> Resource:
    """Return a resource whose references lead into the document; what it does not hold is referred to no more."""
    there = {f"{one['resourceType']}/{one['id']}": url for url, one in entries.items()}
    led: Resource = tidy(_led(resource, there))
    return led


def _led(element: Any, there: dict[str, str]) -> Any:
    if isinstance(element, list):
        return [_led(one, there) for one in element]
    if not isinstance(element, dict):
        return element
    reference = element.get("reference")
    if isinstance(reference, str) and not reference.startswith("urn:"):
        rest = {name: value for name, value in element.items() if name != "reference"}
        return {"reference": there[reference], **rest} if reference in there else rest or None
    return {name: _led(value, there) for name, value in element.items()}


def _section(document: _Document, one: _Section) -> Resource:
    entries = one.entries[:ENTRIES_MAX]
    restricted = document.shelf.book.restricted
    why = ("withheld", "Information Withheld") if restricted else ("unavailable", "Unavailable")
    div = (
        narratives.table(one.headings, (one.cells(each) for each in entries), notes=_notes(one))
        if entries
        else narratives.paragraphs([_nothing(one, restricted=restricted)])
    )
    return {
        "title": one.title,
        "code": codes.concept(codes.LOINC, *one.code),
        "text": {"status": "generated", "div": div},
        "entry": [document.reference(each) for each in entries],
        "emptyReason": None if entries else codes.concept(codes.EMPTY_REASON, *why),
    }


def _nothing(one: _Section, *, restricted: bool) -> str:
    vi, en = one.nothing or ("không ghi gì về mục này", "records nothing on this")
    book = ("Phần sổ được mở", "The part of the book that is open") if restricted else ("Sổ sức khỏe", "The book")
    return f"{book[0]} {vi}. / {book[1]} {en}."


def _notes(one: _Section) -> list[str]:
    notes = [one.note] if one.note else []
    if (there := len(one.entries)) > ENTRIES_MAX:
        notes.append(f"Chỉ nêu {ENTRIES_MAX} trong {there} mục. / Only {ENTRIES_MAX} of {there} are told here.")
    return notes


def _sections(shelf: Shelf) -> list[_Section]:
    """Return the sections in their order; codes and names as IPS 2.0.1 has them."""
    problems, past = _problems(shelf)
    allergies, medicines = shelf.of("AllergyIntolerance"), _medicines(shelf)
    done = _since(shelf, "Procedure", "performedDateTime", PROCEDURES_WITHIN)
    measured, vital = _results(shelf, vital=False), _results(shelf, vital=True)
    return [
        _Section(
            "Vấn đề sức khỏe / Problems",
            _PROBLEMS,
            rows.WITH_STATUS,
            problems,
            rows.problem_cells,
            nothing=_NO_PROBLEM,
        ),
        _Section("Dị ứng / Allergies", _ALLERGIES, rows.NAMED, allergies, rows.plain_cells, nothing=_NO_ALLERGY),
        _Section(
            "Thuốc / Medicines",
            _MEDICATIONS,
            rows.ORDERED,
            medicines,
            rows.medicine_cells,
            nothing=_NO_MEDICINE,
            note=_OF_MEDICINES,
        ),
        _Section(
            "Thủ thuật, phẫu thuật / Procedures", _PROCEDURES, rows.DONE, done, rows.plain_cells, note=_OF_PROCEDURES
        ),
        _Section(
            "Kết quả cận lâm sàng / Results", _RESULTS, rows.MEASURED, measured, rows.result_cells, note=_OF_RESULTS
        ),
        _Section(
            "Dấu hiệu sinh tồn / Vital signs", _VITAL_SIGNS, rows.MEASURED, vital, rows.result_cells, note=_OF_RESULTS
        ),
        _Section("Bệnh đã qua / Past illness", _PAST, rows.WITH_STATUS, past, rows.problem_cells),
        _Section("Kế hoạch / Plan of care", _PLAN, rows.PLANNED, _plans(shelf), rows.plan_cells),
    ]


# What a mandatory section says when it has no entry: after "the book" or "the open part of the book".
_NO_PROBLEM = ("không ghi bệnh nào đang mắc", "records no current problem")
_NO_ALLERGY = ("không ghi thông tin về dị ứng", "records nothing on allergies")
_NO_MEDICINE = (
    "không ghi thuốc nào được kê trong 12 tháng qua",
    "records no medicine ordered in the last 12 months",
)
# Which of a book's rows a section holds.
_OF_MEDICINES = (
    "Thuốc được kê trong 12 tháng qua; không rõ người bệnh có dùng hay không. "
    "/ Ordered in the last 12 months; whether taken is not known."
)
_OF_PROCEDURES = "Trong 10 năm qua. / In the last 10 years."
_OF_RESULTS = "Kết quả mới nhất của mỗi chỉ số trong 24 tháng qua. / The newest of each test in the last 24 months."
_PROBLEMS = ("11450-4", "Problem list - Reported")
_ALLERGIES = ("48765-2", "Allergies and adverse reactions Document")
_MEDICATIONS = ("10160-0", "History of Medication use Narrative")
_PROCEDURES = ("47519-4", "History of Procedures Document")
_RESULTS = ("30954-2", "Relevant diagnostic tests/laboratory data note")
_VITAL_SIGNS = ("8716-3", "Vital signs note")
_PAST = ("11348-0", "History of Past illness note")
_PLAN = ("18776-5", "Plan of care note")


def _problems(shelf: Shelf) -> tuple[list[Resource], list[Resource]]:
    """Return what is of today, and what is past: of each diagnosis the newest; signs, causes and checks (ICD-10 R, V–Z) are no problems of their own."""
    newest: dict[str, Resource] = {}
    visits = sorted(shelf.visits.values(), key=lambda one: one.admitted_at, reverse=True)
    for visit in visits:
        for one in shelf.diagnoses[visit.visit_id]:
            if one.icd10[:1].upper() not in "RVWXYZ":
                newest.setdefault(dotted(one.icd10), tidy(care.condition(shelf.teller, one, visit, listed=True)))
    active = [one for one in newest.values() if code_of(one["clinicalStatus"]) == "active"]
    return active, [one for one in newest.values() if one not in active]


def _medicines(shelf: Shelf) -> list[Resource]:
    newest: dict[str, Resource] = {}
    for one in _since(shelf, "MedicationStatement", "effectiveDateTime", MEDICINES_WITHIN):
        newest.setdefault(str(one["medicationCodeableConcept"].get("text")), one)
    return list(newest.values())


def _results(shelf: Shelf, *, vital: bool) -> list[Resource]:
    newest: dict[tuple[str, str], Resource] = {}
    for one in _since(shelf, "Observation", "effectiveDateTime", RESULTS_WITHIN):
        if (code_of(one["category"][0]) == "vital-signs") == vital:
            newest.setdefault((code_of(one["code"]), str(one["code"].get("text"))), one)
    return list(newest.values())


def _plans(shelf: Shelf) -> list[Resource]:
    """Return what is still to come: referrals that are good today, then re-examinations, the next first."""
    today = (moment(shelf.teller.now) or "")[:10]
    referrals = [
        one
        for one in shelf.of("ServiceRequest")
        if one["status"] == "active" and one.get("occurrencePeriod", {}).get("end", today) >= today
    ]
    booked = [one for one in shelf.of("Appointment") if one["status"] == "booked"]
    return sorted(referrals, key=lambda one: str(one["authoredOn"])) + sorted(booked, key=lambda one: str(one["start"]))


def _since(shelf: Shelf, kind: str, when: str, within: timedelta) -> list[Resource]:
    earliest = moment(shelf.teller.now - within) or ""
    return sorted(
        (one for one in shelf.of(kind) if one[when] >= earliest), key=lambda one: str(one[when]), reverse=True
    )

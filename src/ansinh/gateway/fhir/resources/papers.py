"""Papers: each is a DocumentReference; discharge papers and record summaries are told as a Composition as well (tables XML7 and XML8)."""

from __future__ import annotations

from typing import Any

from ansinh.gateway.fhir import codes
from ansinh.gateway.fhir.narratives import paragraphs
from ansinh.gateway.fhir.resources.telling import Resource, Teller, day, facility, moment
from ansinh.gateway.fhir.rows import Paper

COMPOSED = frozenset({"discharge", "summary"})
# Field of the table → heading of the section, and its LOINC code where there is one.
_SECTIONS: dict[str, tuple[str, tuple[str, str] | None]] = {
    "CHAN_DOAN_VAO": ("Chẩn đoán vào viện", ("46241-6", "Hospital admission diagnosis Narrative - Reported")),
    "CHAN_DOAN_RV": ("Chẩn đoán ra viện", ("11535-2", "Hospital discharge Dx Narrative")),
    "QT_BENHLY": ("Quá trình bệnh lý", ("8648-8", "Hospital course Narrative")),
    "TOMTAT_KQ": ("Tóm tắt kết quả cận lâm sàng", ("30954-2", "Relevant diagnostic tests/laboratory data note")),
    "PP_DIEUTRI": ("Phương pháp điều trị", None),
    "GHI_CHU": ("Lời dặn của bác sĩ", ("8653-8", "Hospital Discharge instructions")),
}


def document(teller: Teller, one: Paper) -> Resource:
    """Return the DocumentReference of a paper. Its content is the Composition, where there is one; else the paper is named and not shown."""
    code, display, (vi, _) = codes.PAPERS.get(one.kind, codes.OTHER_PAPER)
    composed = {
        "contentType": "application/fhir+json",
        "url": f"{teller.base}/Composition/{teller.name('Composition', 0, one.paper_id)}",
    }
    return {
        **teller.begin("DocumentReference", (0, one.paper_id), one.recorded_at),
        "identifier": [{"system": f"{codes.PAPER}:{one.facility}", "value": one.number}] if one.number else None,
        "status": "current",
        "docStatus": "final" if one.signed else "preliminary",
        "type": {
            "coding": [codes.coding(codes.LOINC, code, display), *_own_code(one.kind)],
            "text": vi,
        },
        "subject": teller.patient,
        "date": moment(one.recorded_at),
        "author": [facility(one.facility, one.facility_name)],
        "custodian": facility(one.facility, one.facility_name),
        "content": [
            {"attachment": {**(composed if one.kind in COMPOSED else {}), "title": vi, "creation": day(one.issued_on)}}
        ],
        "context": {"encounter": [teller.reference("Encounter", one.visit_id)]} if one.visit_id else None,
    }


def _own_code(kind: str) -> list[dict[str, Any]]:
    return [codes.coding(codes.PAPER_KIND, kind)] if codes.system_code(kind) else []


def composition(teller: Teller, one: Paper) -> Resource:
    """Return the Composition of a discharge paper or record summary: a section for each field that says something."""
    code, display, (vi, _) = codes.PAPERS[one.kind]
    said = [
        (heading, at, str(one.content[name]).strip())
        for name, (heading, at) in _SECTIONS.items()
        if one.content.get(name)
    ]
    sections = [
        {
            "title": heading,
            "code": codes.concept(codes.LOINC, *at) if at else {"text": heading},
            "text": {"status": "generated", "div": paragraphs(text.splitlines())},
        }
        for heading, at, text in said
        if text
    ]
    return {
        **teller.begin("Composition", (0, one.paper_id), one.recorded_at),
        "status": "final" if one.signed else "preliminary",
        "type": codes.concept(codes.LOINC, code, display, text=vi),
        "subject": teller.patient,
        "encounter": teller.reference("Encounter", one.visit_id) if one.visit_id else None,
        "date": day(one.issued_on) or moment(one.recorded_at),
        "author": [facility(one.facility, one.facility_name)],
        "title": vi,
        "custodian": facility(one.facility, one.facility_name),
        "section": sections,
    }

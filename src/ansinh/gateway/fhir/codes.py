"""Code systems and the codes of the hospital tables told in FHIR's: each table is a mapping anybody can check against its sources.

Hospital codes: decisions 130, 4750 and 3176/QĐ-BYT (tables XML1 to XML14) and the lists they name. FHIR codes: 4.0.1, HL7 terminology; documents: LOINC.
"""

from __future__ import annotations

from typing import Any

from ansinh.foundation.identifiers import KeyKind

ICD10 = "http://hl7.org/fhir/sid/icd-10"
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
_TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
ACT_CODE = f"{_TERMINOLOGY}/v3-ActCode"
CONDITION_CATEGORY = f"{_TERMINOLOGY}/condition-category"
CONDITION_CLINICAL = f"{_TERMINOLOGY}/condition-clinical"
CONDITION_VERIFICATION = f"{_TERMINOLOGY}/condition-ver-status"
ALLERGY_CLINICAL = f"{_TERMINOLOGY}/allergyintolerance-clinical"
ALLERGY_VERIFICATION = f"{_TERMINOLOGY}/allergyintolerance-verification"
OBSERVATION_CATEGORY = f"{_TERMINOLOGY}/observation-category"
SECTION_OF_DIAGNOSTICS = f"{_TERMINOLOGY}/v2-0074"
DISCHARGE = f"{_TERMINOLOGY}/discharge-disposition"
DIAGNOSIS_ROLE = f"{_TERMINOLOGY}/diagnosis-role"
EMPTY_REASON = f"{_TERMINOLOGY}/list-empty-reason"
COVERAGE_CLASS = f"{_TERMINOLOGY}/coverage-class"
CONFIDENTIALITY = f"{_TERMINOLOGY}/v3-Confidentiality"
ABSENT_OR_UNKNOWN = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"

# Systems of our own. Numbers of persons are named by the number's kind.
PIN = "urn:ansinh:sid:pin"
SI_CODE = "urn:ansinh:sid:si-code"
CARD = "urn:ansinh:sid:card"
PERSON_SYSTEMS = {PIN: KeyKind.PIN, SI_CODE: KeyKind.SI_CODE, CARD: KeyKind.CARD}
FACILITY = "urn:ansinh:sid:facility"
PRACTITIONER = "urn:ansinh:sid:practice-licence"
EPISODE = "urn:ansinh:sid:episode"
PAPER = "urn:ansinh:sid:paper"
MEDICINE = "urn:ansinh:cs:medicine"
SERVICE = "urn:ansinh:cs:service"
INDEX = "urn:ansinh:cs:test-index"
CARE_KIND = "urn:ansinh:cs:care-kind"
PAPER_KIND = "urn:ansinh:cs:paper-kind"
TRADITIONAL = "urn:ansinh:cs:traditional-diagnosis"
SENSITIVE = "urn:ansinh:cs:sensitive-chapter"

Words = tuple[str, str]

# MA_LOAI_KCB → class of the encounter (v3 ActCode) and what the list calls it.
CARE_KINDS: dict[str, tuple[str, str]] = {
    "01": ("AMB", "Khám bệnh"),
    "02": ("AMB", "Điều trị ngoại trú"),
    "03": ("IMP", "Điều trị nội trú"),
    "04": ("SS", "Điều trị nội trú ban ngày"),
    "05": ("AMB", "Điều trị ngoại trú dài ngày, có khám và lĩnh thuốc"),
    "06": ("OBSENC", "Lưu tại trạm y tế hoặc phòng khám đa khoa khu vực"),
    "07": ("AMB", "Lĩnh thuốc theo hẹn, không khám"),
    "08": ("AMB", "Điều trị ngoại trú dài ngày, có dịch vụ kỹ thuật"),
    "09": ("SS", "Điều trị nội trú dưới 4 giờ"),
    "10": ("AMB", "Trường hợp khác"),
    "11": ("FLD", "Khám chữa bệnh lưu động"),
    "12": ("HH", "Khám chữa bệnh tại nhà"),
    "13": ("AMB", "Y học gia đình"),
    "14": ("VR", "Khám chữa bệnh từ xa"),
    "15": ("AMB", "Khám sức khỏe định kỳ"),
    "16": ("AMB", "Khám sàng lọc"),
}
CLASSES = {
    "AMB": "ambulatory",
    "IMP": "inpatient encounter",
    "SS": "short stay",
    "OBSENC": "observation encounter",
    "FLD": "field",
    "HH": "home health",
    "VR": "virtual",
    "EMER": "emergency",
}
# KET_QUA_DTRI and MA_LOAI_RV → how the patient left.
DEATHS = {"5", "8"}
DISPOSITIONS = {
    "1": ("home", "Ra viện"),
    "2": ("other-hcf", "Chuyển cơ sở theo yêu cầu chuyên môn"),
    "3": ("aadvice", "Trốn viện"),
    "4": ("aadvice", "Xin ra viện"),
    "5": ("other-hcf", "Chuyển cơ sở theo yêu cầu người bệnh"),
}
DIAGNOSTIC_GROUPS = {"1": ("LAB", "Laboratory"), "2": ("RAD", "Radiology"), "3": ("OTH", "Other")}
# Papers → LOINC type of document, and its name.
PAPERS: dict[str, tuple[str, str, Words]] = {
    "discharge": ("18842-5", "Discharge summary", ("Giấy ra viện", "Discharge paper")),
    "summary": ("34133-9", "Summarization of episode note", ("Tóm tắt hồ sơ bệnh án", "Medical record summary")),
    "referral": ("57133-1", "Referral note", ("Giấy chuyển cơ sở khám bệnh, chữa bệnh", "Referral paper")),
    "appointment": (
        "56446-8",
        "Appointment summary Document",
        ("Giấy hẹn khám lại", "Re-examination appointment slip"),
    ),
    "birth": ("71230-7", "Birth certificate", ("Giấy chứng sinh", "Birth certificate")),
    "death": ("64297-5", "Death certificate", ("Giấy báo tử", "Death notice")),
}
OTHER_PAPER = ("34109-9", "Note", ("Giấy tờ y tế khác", "Other medical paper"))
IPS_DOCUMENT = ("60591-5", "Patient summary Document")
# What hospitals write → UCUM.
UNITS = {
    "mmol/l": "mmol/L",
    "mmol/L": "mmol/L",
    "µmol/l": "umol/L",
    "µmol/L": "umol/L",
    "umol/l": "umol/L",
    "umol/L": "umol/L",
    "g/l": "g/L",
    "g/L": "g/L",
    "g/dl": "g/dL",
    "g/dL": "g/dL",
    "mg/dl": "mg/dL",
    "mg/dL": "mg/dL",
    "u/l": "U/L",
    "U/l": "U/L",
    "U/L": "U/L",
    "%": "%",
    "10^9/l": "10*9/L",
    "10^9/L": "10*9/L",
    "G/L": "10*9/L",
    "10^12/l": "10*12/L",
    "10^12/L": "10*12/L",
    "T/L": "10*12/L",
    "mmhg": "mm[Hg]",
    "mmHg": "mm[Hg]",
    "kg": "kg",
    "cm": "cm",
    "mg/l": "mg/L",
    "mg/L": "mg/L",
    "ng/L": "ng/L",
    "ng/ml": "ng/mL",
    "ng/mL": "ng/mL",
    "pmol/l": "pmol/L",
    "pmol/L": "pmol/L",
    "mIU/L": "m[IU]/L",
    "L/L": "L/L",
    "l/l": "L/L",
    "/µL": "/uL",
    "/µl": "/uL",
    "fl": "fL",
    "fL": "fL",
    "pg": "pg",
}
# Diagnoses that say somebody is allergic (ICD-10): personal history of allergy, and adverse effects that are.
ALLERGY_CODES = ("Z88", "Z91.0", "T78.0", "T78.1", "T78.2", "T78.4")


def coding(system: str, code: str, display: str | None = None) -> dict[str, Any]:
    """Return a Coding."""
    return {"system": system, "code": code, "display": display}


def concept(system: str, code: str, display: str | None = None, *, text: str | None = None) -> dict[str, Any]:
    """Return a CodeableConcept with one coding."""
    return {"coding": [coding(system, code, display)], "text": text}


def concept_of(system: str, code: str | None, text: str | None) -> dict[str, Any]:
    """Return a CodeableConcept of a code that may be missing; without either, it says so."""
    if code and system_code(code):
        return concept(system, code, text=text)
    return {"text": text or "không rõ"}


def system_code(code: str) -> bool:
    """Tell whether a text has the form of FHIR's data type `code`: no blanks but single ones inside."""
    return bool(code) and code == " ".join(code.split()) and code.isprintable()
